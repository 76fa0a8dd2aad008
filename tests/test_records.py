from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from assistant.records import Answer, Article, Citation, Hit, Passage, Question, Span, Statement

ARTICLE = Article("a1", "Satu dua tiga. Empat lima.", title="Angka", date=dt.date(2024, 1, 2), lang="id")
FIRST = Passage(ARTICLE, 0, 14)


def test_a_passage_cuts_its_words_out_of_the_article() -> None:
    assert FIRST.text == "Satu dua tiga."
    assert FIRST.searchable == "Angka\nSatu dua tiga."
    assert FIRST.id == "a1#0-14"


def test_a_passage_that_is_the_whole_article_has_its_id() -> None:
    assert Passage(ARTICLE, 0, len(ARTICLE.text)).id == "a1"


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 2), (0, 99)])
def test_a_passage_outside_its_article_cannot_exist(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="is not inside article 'a1'"):
        Passage(ARTICLE, start, end)


@pytest.mark.parametrize(("start", "end"), [(0, 15), (15, 20), (4, 4)])
def test_a_span_outside_its_passage_cannot_exist(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="is not inside passage"):
        Span(FIRST, start, end, 0.5)


def test_a_probability_is_between_nought_and_one() -> None:
    with pytest.raises(ValueError, match=r"1\.01 is not in"):
        Span(FIRST, 0, 4, 1.01)


def test_an_article_without_a_title_is_called_by_its_first_words() -> None:
    long = Article("x", "kata " * 100)
    assert long.label == " ".join(["kata"] * 14) + "…"
    assert Article("x", "Pendek\n saja").label == "Pendek saja"


def test_metadata_leaves_out_what_is_empty_and_keeps_the_rest() -> None:
    article = Article("a", "t", source="S", date=dt.date(2020, 2, 3), extra={"place": "Bali"})
    assert article.metadata == {"date": "2020-02-03", "source": "S", "place": "Bali"}


def test_pieces_of_an_answer_add_up() -> None:
    question = Question("Berapa?", "id")
    citation = Citation(1, 5, 13, (Span(FIRST, 9, 13, 0.9),))
    hit = Hit(FIRST, 0.8, 1)
    whole = Answer(question, hits=(hit,), probability=0.9, seconds={"read": 1.0}) + Answer(
        question, (Statement("Menurut Angka:", (1,)),), (citation,)
    )
    assert whole.hits == (hit,)
    assert whole.probability == 0.9
    assert whole.found
    assert whole.text == "Menurut Angka: “dua tiga” [1]"
    assert whole.short == "tiga"
    assert citation.pieces == [("dua ", False), ("tiga", True)]
    assert whole.as_dict()["statements"] == [{"lead": "Menurut Angka:", "citations": [1]}]
    found = replace(hit, vector_rank=3, word_rank=1).as_dict()
    assert (found["rank"], found["vector_rank"], found["word_rank"]) == (1, 3, 1)
    assert whole.as_dict()["citations"][0] == {
        "number": 1,
        "article_id": "a1",
        "title": "Angka",
        "date": "2024-01-02",
        "source": "",
        "url": "",
        "lang": "id",
        "start": 5,
        "end": 13,
        "quote": "dua tiga",
        "spans": [{"start": 9, "end": 13, "text": "tiga"}],
        "probability": 0.9,
    }
