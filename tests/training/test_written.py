"""Written questions: where their answers stand, without the training files."""

from __future__ import annotations

import pytest

from training.written import SETS, _placed, _rows

KINDS = {"who", "what", "when", "where", "howmany", "why", "how", "list", "yesno", "said", "choice", "none"}

TEXTS = {
    "facqa:1": "Kapal A tiba. Kapal B tiba di Surabaya.\nKapal B berangkat.",
    "news.id:7": " ".join(f"Kalimat {n}." for n in range(120)) + " Dua.",
}


def row(**given: str) -> dict[str, str]:
    return {"article": "facqa:1", "question": "Apa?", "lang": "id", "answer": "Kapal B", "kind": "what", **given}


@pytest.mark.parametrize(
    ("before", "start"), [("", 14), ("Surabaya.", 40), ("Surabaya.\n", 40), ("A tiba. ", 14), ("nowhere", None)]
)
def test_an_answer_is_found_after_the_words_before_it(before: str, start: int | None) -> None:
    placed = _placed("n", row(before=before), TEXTS)
    assert (placed.start if placed else None) == start


def test_an_article_is_cut_as_the_product_cuts_it_and_its_other_passages_come_along() -> None:
    placed = _placed("n", row(article="news.id:7", answer="Dua."), TEXTS)
    assert placed is not None
    assert placed.passage[placed.start :] == "Dua."
    assert placed.source == "berita"
    assert [text.split(".")[0] for text in placed.siblings] == ["Kalimat 0", "Kalimat 49"]
    assert placed.passage not in placed.siblings


@pytest.mark.parametrize("set_", SETS)
def test_every_row_is_a_question_with_an_answer_or_a_near_miss(set_: str) -> None:
    rows = _rows(set_)
    for row in rows:
        assert row.keys() - {"before", "yes"} == {"article", "lang", "question", "answer", "kind"}, row
        assert row["kind"] in KINDS, row
        assert row["lang"] in ("en", "id"), row
        assert (row["answer"] == "") == (row["kind"] == "none"), row
        assert row["answer"] == row["answer"].strip(), row
        assert "yes" not in row or (row["kind"] == "yesno" and row["yes"] in (True, False)), row
    assert len({row["question"].casefold() for row in rows}) > 0.99 * len(rows)


def test_no_article_has_two_titles() -> None:
    rows = _rows("titles")
    assert len({row["article"] for row in rows}) == len(rows)
    assert all(row["title"].strip() for row in rows)
