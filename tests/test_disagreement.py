from __future__ import annotations

import pytest

from assistant.asks import Asked
from assistant.disagreement import disagree
from assistant.records import Article, Citation, Passage, Span


def citation(id: str, words: str, lang: str = "id", yes: float | None = None) -> Citation:
    article = Article(id, words, lang=lang)
    return Citation(1, 0, len(words), (Span(Passage(article, 0, len(words)), 0, len(words), 0.9, yes),))


@pytest.mark.parametrize(
    ("asked", "one", "other", "differ"),
    [
        ("number", "62", "162", True),
        ("number", "62 orang", "at least 62 people", False),
        ("number", "1.5 million", "1,500,000", False),
        ("number", "1,5 juta", "1.500.000", False),
        ("number", "Rp 150.000", "Rp150 ribu", False),
        ("number", "62 of 500", "162 of 500", True),
        ("number", "3.5 percent", "35 percent", True),
        ("number", "two", "2", False),
        ("date", "2 October 2023", "2 Oktober 2023", False),
        ("date", "2 Oktober", "2023", False),
        ("date", "2 Oktober", "Oktober 2023", False),
        ("date", "2 Oct 2023", "02 Oktober 2023", False),
        ("date", "2 October 2023", "5 March 2023", True),
        ("date", "2 October 2023", "2 October 2022", True),
        ("date", "pukul 07.00 WIB", "7 a.m.", False),
        ("name", "Sergei Lavrov", "Lavrov", False),
        ("name", "Sergei Lavrov", "Retno Marsudi", True),
        ("name", "Jokowi", "Joko Widodo", False),
        ("name", "Recep Tayyip Erdoğan", "Tayyip Erdogan", False),
        ("other", "62", "162", False),
        ("list", "Su-30", "Pantsir", False),
    ],
)
def test_answers_differ_only_where_rules_can_tell(asked: Asked, one: str, other: str, differ: bool) -> None:
    assert disagree([citation("a", one), citation("b", other)], asked) is differ
    assert disagree([citation("b", other), citation("a", one)], asked) is differ


@pytest.mark.parametrize(
    ("one", "other", "differ"), [(0.9, 0.1, True), (0.9, 0.3, False), (0.9, 0.85, False), (None, 0.1, False)]
)
def test_yes_and_no_differ_where_both_are_certain(one: float | None, other: float | None, differ: bool) -> None:
    said = [citation("a", "Ada.", yes=one), citation("b", "Tak ada.", yes=other)]
    assert disagree(said, "yes-no") is differ
    assert disagree(said[::-1], "yes-no") is differ
    assert not disagree(said, "other")


def test_one_article_does_not_disagree_with_itself() -> None:
    assert not disagree([citation("a", "62"), citation("a", "162")], "number")


def test_names_are_compared_within_a_language_only() -> None:
    ministry = [citation("a", "the Ministry of Defence", "en"), citation("b", "Kementerian Pertahanan", "id")]
    assert not disagree(ministry, "name")
