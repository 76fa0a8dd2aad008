"""Questions over news: where their answers stand, without the training files."""

from __future__ import annotations

import pytest

from training.news import _placed

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
