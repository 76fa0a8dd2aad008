"""Questions to go on with: from the articles at hand, in the asker's language, never what was said already."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.evaluate.suggest.candidates import TEMPLATES
from assistant.evaluate.suggest.fact import Fact
from assistant.evaluate.suggest.names import Names
from assistant.records import Answer, Article, Citation, Hit, Lang, Passage, Question, Span, Statement
from assistant.web.conversation import Turn
from assistant.web.suggestions import ARTICLE_CHARS, MOST, QUESTION_CHARS, suggested
from tests.fakes import VISIT

BRAHMOS = Article(
    "brahmos",
    "The Philippines signed a contract for the BrahMos on 28 January 2022. India delivered the first batch of BrahMos"
    " cruise missiles to the Philippines on 19 April 2024. The missiles fly fast.",
    title="BrahMos for the Philippines",
    lang="en",
)
BRIDGE = Article(
    "bridge", "It was old. President Joko Widodo opened the Kijang bridge in Java on 3 May 2021.", lang="en"
)
SIGNED = "When did the Philippines sign a contract for the BrahMos?"
OPENED = "When did President Joko Widodo open the Kijang bridge in Java?"
DELIVERED = "When did India deliver the first batch of BrahMos cruise missiles to the Philippines?"


def turn(asked: str, *articles: Article, quote: str = "", lang: Lang = "en", scores: tuple[float, ...] = ()) -> Turn:
    """A whole answer that found these articles, and quotes a sentence of the first of them if one is given."""
    passages = [Passage(article, 0, len(article.text)) for article in articles]
    hits = tuple(Hit(passage, scores[k] if scores else 0.9, k + 1) for k, passage in enumerate(passages))
    citations: tuple[Citation, ...] = ()
    if quote:
        start = articles[0].text.index(quote)
        span = Span(passages[0], start, start + len(quote), 0.9)
        citations = (Citation(1, start, start + len(quote), (span,)),)
    answer = Answer(Question(asked, lang), (Statement("…", (1,) if quote else ()),), citations, hits, 0.9)
    return Turn(1, asked, 3, answer, 0.1)


def test_what_the_article_answers_besides_is_suggested() -> None:
    asked = turn("How fast is the BrahMos?", BRAHMOS, quote="The missiles fly fast.")
    assert suggested([asked]) == (SIGNED, DELIVERED)


def test_what_a_quoted_sentence_answers_is_not() -> None:
    asked = turn("Who signed for missiles?", BRAHMOS, quote=BRAHMOS.text.split(". ")[0] + ".")
    assert suggested([asked]) == (DELIVERED,)


@pytest.mark.parametrize("before", [SIGNED, "when did the Philippines sign the contract for the BrahMos"])
def test_what_was_asked_before_is_not(before: str) -> None:
    earlier = turn(before, BRAHMOS)
    asked = turn("How fast is the BrahMos?", BRAHMOS, quote="The missiles fly fast.")
    assert suggested([earlier, asked]) == (DELIVERED,)


def test_another_article_must_name_what_question_or_answer_name() -> None:
    about = turn("How fast is the BrahMos?", BRAHMOS, BRIDGE, quote="The missiles fly fast.")
    assert not any("Kijang" in question for question in suggested([about]))
    named = turn("Is anything new in Kijang?", BRIDGE)
    assert suggested([named]) == (OPENED,), "and one question of each sentence: the others would give its answer away"


def test_what_is_far_behind_the_best_passage_is_about_something_else() -> None:
    asked = turn("Is anything new in Kijang?", VISIT, BRIDGE, scores=(0.9, 0.3))
    assert suggested([asked]) == ()


def test_the_language_is_the_askers() -> None:
    asked = turn("apa yang terjadi di Cianjur dan Kijang?", VISIT, BRIDGE, lang="id")
    assert suggested([asked]) == ("Kapan Presiden Joko Widodo mengunjungi Cianjur?",)
    assert suggested([turn("what happened in Cianjur?", VISIT)]) == ()


def test_there_are_few_and_they_are_short() -> None:
    text = (
        f"President Joko Widodo opened the {'Toba ' * 20}tunnel on 9 May 2021."
        " President Joko Widodo opened the Kijang bridge on 3 May 2021."
        " Minister Retno Marsudi visited the port of Merapi on 4 May 2021."
        " General Andika Perkasa left the army of Semeru on 5 May 2021."
        " King Harald met farmers from the Bromo valley on 6 May 2021."
    )
    found = suggested([turn("What is new in Toba, Kijang, Merapi, Semeru, Bromo?", Article("a", text, lang="en"))])
    assert len(found) == MOST
    assert all(len(question) <= QUESTION_CHARS for question in found)


def test_of_a_long_article_only_the_passage_is_read() -> None:
    long = Article("long", f"{BRAHMOS.text} {'Nothing more is known. ' * 400}{BRIDGE.text}", title="BrahMos", lang="en")
    assert len(long.text) > ARTICLE_CHARS
    passage = Passage(long, 0, len(BRAHMOS.text))
    answer = Answer(Question("How fast is the BrahMos in Kijang?", "en"), hits=(Hit(passage, 0.9, 1),))
    assert suggested([Turn(1, "?", 1, answer, 0.1)]) == (SIGNED, DELIVERED)


def test_the_same_answer_gets_the_same_suggestions() -> None:
    asked = turn("How fast is the BrahMos?", BRAHMOS, BRIDGE, VISIT, quote="The missiles fly fast.")
    assert suggested([asked]) == suggested([asked])


def test_nothing_is_suggested_while_an_answer_is_on_its_way_or_where_there_is_none() -> None:
    whole = turn("How fast is the BrahMos?", BRAHMOS)
    assert suggested([]) == ()
    assert suggested([Turn(1, "q", 3, problem="broken", seconds=0.1)]) == ()
    assert suggested([Turn(1, "q", 3, whole.answer)]) == ()
    assert suggested([Turn(1, "q", 3, whole.answer, 0.0, stopped=True)]) == ()


def test_a_rule_that_fails_costs_nobody_an_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(_: str, __: Names) -> Iterator[Fact]:
        raise IndexError("odd article")

    monkeypatch.setitem(TEMPLATES, "en", failing)
    assert suggested([turn("How fast is the BrahMos?", BRAHMOS)]) == ()
    assert "odd article" in caplog.text
