from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.evaluate.check import check
from assistant.evaluate.questions import Problem, Quote, TestQuestion, Turn
from assistant.records import Article

ARTICLES = {
    "arms": Article("arms", "Myanmar membeli enam jet tempur\ndari Rusia. Harganya rahasia.", lang="id"),
    "quake": Article("quake", "Gempa mengguncang Cianjur.", lang="id"),
}
GOOD = TestQuestion(
    id="q1",
    question="How many jets did Myanmar buy?",
    lang="en",
    answers=("six", "enam"),
    articles=("arms",),
    quotes=(Quote("arms", "Myanmar membeli enam jet tempur\ndari Rusia."),),
    place="set.jsonl:1",
)
UNANSWERABLE = TestQuestion("q2", "Who won the cup?", "en", answerable=False, place="set.jsonl:2")


def found(*questions: TestQuestion) -> list[str]:
    return [str(problem) for problem in check(questions, ARTICLES.get)]


def test_nothing_is_wrong_with_a_good_set() -> None:
    assert check([GOOD, UNANSWERABLE], ARTICLES.get) == []
    assert check([]) == []


def test_an_unknown_article_is_named_once() -> None:
    lost = replace(GOOD, articles=("gone", "arms", "lost"), quotes=(*GOOD.quotes, Quote("gone", "Six jets.")))
    assert found(lost) == [
        "set.jsonl:1: quotes[1].article: the index has no article 'gone'; `tanya articles list` shows what it has",
        "set.jsonl:1: articles: the index has no article 'lost'; `tanya articles list` shows what it has",
    ]


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        ("Myanmar membeli enam jet tempur dari Rusia.", ": line breaks or spaces differ"),
        ("myanmar membeli enam jet tempur\ndari Rusia", ": capitals or punctuation differ"),
        ("Myanmar membeli tujuh jet, bukan enam.", ""),
    ],
)
def test_a_quote_must_stand_in_the_article_letter_for_letter(quote: str, why: str) -> None:
    (problem,) = check([replace(GOOD, quotes=(Quote("arms", quote),), answers=("enam",))], ARTICLES.get)
    assert (problem.place, problem.field, problem.is_error) == ("set.jsonl:1", "quotes[0].quote", True)
    assert problem.reason == f"“{quote}” is not letter for letter in 'arms'{why}"


def test_a_quote_of_another_article_is_not_there() -> None:
    (problem,) = check(
        [replace(GOOD, articles=("quake",), quotes=(Quote("quake", GOOD.quotes[0].quote),))], ARTICLES.get
    )
    assert problem.reason == "“Myanmar membeli enam jet tempur\ndari Rusia.” is not letter for letter in 'quake'"


def test_a_long_quote_is_shown_by_its_beginning() -> None:
    (problem,) = check([replace(GOOD, quotes=(Quote("arms", "enam " * 30),))], ARTICLES.get)
    assert problem.reason == f"“{('enam ' * 30)[:60]}…” is not letter for letter in 'arms'"


def test_an_id_given_twice_names_both_places() -> None:
    assert found(
        GOOD, replace(UNANSWERABLE, id="q1"), replace(UNANSWERABLE, id="q1", question="Why?", place="x:9")
    ) == [
        "set.jsonl:2: id: is that of set.jsonl:1; change or remove one of them",
        "x:9: id: is that of set.jsonl:1; change or remove one of them",
    ]


def test_a_question_asked_twice_is_found_whatever_its_capitals_and_half() -> None:
    again = replace(GOOD, id="q9", question="how many jets did Myanmar buy", split="test", place="set.jsonl:9")
    assert found(GOOD, again) == [
        "set.jsonl:9: question: asks the same as that of set.jsonl:1; change or remove one of them"
    ]
    assert found(GOOD, replace(again, question="How many jets did the Myanmar buy?")) == []


def test_a_follow_up_is_another_question_after_other_words() -> None:
    first = replace(UNANSWERABLE, question="And how old?", conversation=(Turn("Who won?", "Sri"),))
    other = replace(first, id="q3", conversation=(Turn("Who lost?", "Budi"),))
    assert found(first, other) == []
    assert len(found(first, replace(first, id="q3"))) == 1


def test_an_answerable_question_needs_support() -> None:
    assert found(replace(GOOD, quotes=(), articles=())) == [
        "set.jsonl:1: answerable: is true, but nothing supports an answer;"
        " name `quotes` or `articles`, or set it to false"
    ]
    assert found(replace(GOOD, quotes=())) == []


def test_an_unanswerable_question_has_neither_answers_nor_support() -> None:
    assert found(replace(GOOD, answerable=False)) == [
        "set.jsonl:1: answers: must be empty, as `answerable` is false",
        "set.jsonl:1: quotes: must be empty, as `answerable` is false",
    ]
    assert found(replace(UNANSWERABLE, articles=("arms",))) == [
        "set.jsonl:2: articles: must be empty, as `answerable` is false"
    ]


def test_an_answer_said_nowhere_is_a_warning() -> None:
    lacking = replace(GOOD, answers=("seven", "tujuh"))
    warning = Problem("set.jsonl:1", "answers", "none is said in any quote of the question", is_error=False)
    assert check([lacking], ARTICLES.get) == [warning]
    assert check([lacking]) == [warning]
    by_article = replace(lacking, quotes=())
    assert found(by_article) == ["set.jsonl:1: answers: none is said in any article of the question"]
    assert found(replace(by_article, answers=("rahasia",))) == []
    assert check([by_article]) == []


@pytest.mark.parametrize("tag", ["yes-no", "comparison"])
def test_yes_and_the_one_that_wins_need_not_be_said(tag: str) -> None:
    assert found(replace(GOOD, answers=("Yes",), tags=("en-id", tag))) == []


def test_each_article_is_fetched_once() -> None:
    fetched: list[str] = []

    def article(id: str) -> Article | None:
        fetched.append(id)
        return ARTICLES.get(id)

    check([GOOD, replace(GOOD, id="q2", question="From whom?", answers=("Rusia",))], article)
    assert fetched == ["arms"]
