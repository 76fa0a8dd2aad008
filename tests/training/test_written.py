"""Written questions: where their answers stand, without the training files."""

from __future__ import annotations

import pytest

from training import written
from training.written import SETS, _placed, _rows, is_held_out

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


def test_a_follow_up_is_asked_with_what_it_leans_on() -> None:
    after = {**row(question="Umurnya?"), "after": ["Siapa menjaga menara di Palu?", "Agung"]}
    assert [placed and placed.question for placed in (_placed("n", after, TEXTS),)] == ["Umurnya? Palu Agung"]


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
        assert row.keys() - {"before", "yes", "after"} == {"article", "lang", "question", "answer", "kind"}, row
        assert row["kind"] in KINDS, row
        assert row["lang"] in ("en", "id"), row
        assert (row["answer"] == "") == (row["kind"] == "none"), row
        assert row["answer"] == row["answer"].strip(), row
        assert "yes" not in row or (row["kind"] == "yesno" and row["yes"] in (True, False)), row
    alone = [row["question"].casefold() for row in rows if "after" not in row]
    assert len(set(alone)) > 0.99 * len(alone)


def test_a_written_article_is_told_from_the_one_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"articles:1a": "Two ships came.", "articles:1b": "Tiga kapal tiba.", "articles:2a": "None came."}
    known = {"articles:1a": {"lang": "en"}, "articles:1b": {"lang": "id"}, "articles:2a": {"lang": "en"}}
    monkeypatch.setattr(written, "_articles", lambda: known)
    placed = _placed("n", row(article="articles:1b", answer="Tiga"), texts)
    assert placed is not None
    assert (placed.passage, placed.language, placed.source) == ("Tiga kapal tiba.", "id", "articles")
    assert placed.siblings == ("Two ships came.",)
    alone = _placed("n", row(article="articles:2a", answer="None"), texts)
    assert alone is not None
    assert alone.siblings == ()


def test_a_tenth_of_the_articles_is_held_out_of_the_yes_or_no_questions_alone() -> None:
    rows = [row for set_ in SETS for row in _rows(set_)]
    asked = [row for row in rows if "yes" in row]
    held_out = {row["article"] for row in asked if is_held_out(row)}
    assert 0.05 < len(held_out) / len({row["article"] for row in asked}) < 0.15
    assert not [row for row in rows if "yes" not in row and is_held_out(row)]
    assert all(is_held_out(row) for row in asked if row["article"] in held_out)


def test_no_article_has_two_titles() -> None:
    rows = _rows("titles")
    assert len({row["article"] for row in rows}) == len(rows)
    assert all(row["title"].strip() for row in rows)
