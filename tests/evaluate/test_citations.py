from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.evaluate.citations import Cited, citation_precision, citation_recall, exactness, supports
from assistant.evaluate.questions import Quote, TestQuestion

QUESTION = TestQuestion(
    id="q1",
    question="Dari mana jet itu dibeli?",
    lang="id",
    answers=("Rusia",),
    articles=("arms", "delivery"),
    quotes=(Quote("arms", "Myanmar membeli enam jet\ntempur dari Rusia."),),
)
UNANSWERABLE = TestQuestion("q2", "Siapa?", "id", answerable=False)
GOOD = Cited("arms", "Myanmar membeli enam jet tempur dari Rusia.")
WRONG = Cited("arms", "Harganya rahasia.")


@pytest.mark.parametrize(
    ("article", "quote", "right"),
    [
        ("arms", "Myanmar membeli enam jet tempur dari Rusia.", True),
        ("arms", "Kemarin. Myanmar membeli enam jet tempur dari Rusia. Harganya rahasia.", True),
        ("arms", "enam jet tempur", True),
        ("arms", "Kata Rusia, harganya rahasia.", True),  # it holds the answer
        ("arms", "Harganya rahasia.", False),
        ("arms", "", False),
        ("delivery", "Two jets from Rusia arrived.", True),
        ("delivery", "Two jets arrived.", False),
        ("quake", "Myanmar membeli enam jet tempur dari Rusia.", False),
    ],
)
def test_support(article: str, quote: str, right: bool) -> None:
    assert supports(QUESTION, Cited(article, quote)) is right


def test_a_citation_may_hold_the_quote_and_more() -> None:
    question = replace(QUESTION, answers=("from Russia",))
    assert supports(question, Cited("arms", f"Kemarin. {GOOD.quote} {WRONG.quote}"))
    assert not supports(question, Cited("arms", "Kata Rusia, harganya rahasia."))


def test_where_only_articles_are_known_the_article_decides() -> None:
    question = replace(QUESTION, answers=(), articles=("arms", "delivery"))
    assert supports(question, Cited("delivery", "Two jets arrived."))
    assert not supports(question, Cited("delivery", " "))
    assert not supports(question, Cited("quake", "Two jets arrived."))
    assert not supports(question, WRONG)  # of this one a quote is known


def test_nothing_supports_what_has_no_answer() -> None:
    assert not supports(replace(QUESTION, answerable=False), GOOD)
    assert citation_precision(UNANSWERABLE, [GOOD]) == 0.0
    assert citation_recall(UNANSWERABLE, [[GOOD]]) == 0.0


def test_precision() -> None:
    assert citation_precision(QUESTION, [GOOD, WRONG, WRONG]) == pytest.approx(1 / 3)
    assert citation_precision(QUESTION, [GOOD]) == 1.0


def test_recall_wants_one_good_citation_for_each_statement() -> None:
    assert citation_recall(QUESTION, [[WRONG, GOOD], [WRONG], []]) == pytest.approx(1 / 3)
    assert citation_recall(QUESTION, [[GOOD, WRONG]]) == 1.0


def test_saying_nothing_scores_0_where_there_was_something_to_say() -> None:
    assert (citation_precision(QUESTION, []), citation_recall(QUESTION, [])) == (0.0, 0.0)
    assert (citation_precision(UNANSWERABLE, []), citation_recall(UNANSWERABLE, [])) == (None, None)


def test_exactness_finds_one_letter() -> None:
    text = "Kapal tiba. Kapal berangkat."
    assert exactness([(text, 0, 5, "Kapal"), (text, 12, 17, "Kapal")]) == 1.0
    assert exactness([(text, 0, 5, "Kapal"), (text, 12, 17, "kapal"), (text, 0, 6, "Kapal")]) == pytest.approx(1 / 3)
    assert exactness([]) is None
