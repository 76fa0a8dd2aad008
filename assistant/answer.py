"""Spans -> a cited answer in the language of the question, without a language model.

The answer quotes and never rephrases: what stands outside quotation marks are a few fixed words of `language.py`
and the articles' own titles.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.asks import Asked, asked_for
from assistant.cite import cite
from assistant.language import MONTHS, long_date, say
from assistant.records import Answer, Citation, Hit, Lang, Question, Span, Statement

# A further quotation must be about as probable as the first, or it dilutes a good answer.
FURTHER = 0.6

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"\w+")


def compose(
    question: Question, hits: Sequence[Hit], spans: Sequence[Span], min_probability: float, max_quotes: int
) -> Iterator[Answer]:
    """The answer in pieces that add up with `+`: first the hits, then a statement at a time.

    A span below `min_probability` is not shown. Where none is left, the answer says that nothing was found. Where
    articles give different numbers, dates or names, it says so and quotes the newer one first.
    """
    best = max((span.probability for span in spans), default=0.0)
    yield Answer(question, hits=tuple(hits), probability=best)

    if not question.text:
        yield Answer(question, (Statement(say(question.lang, "no_question")),))
        return
    floor = max(min_probability, best * FURTHER)
    asked = asked_for(question.text)
    citations = cite([span for span in spans if span.probability >= floor], max_quotes, several=asked == "list")
    if not citations:
        yield Answer(question, (Statement(say(question.lang, "nothing" if hits else "no_articles")),))
        return
    if disagree(citations, asked):
        citations = _newest_first(citations)
        yield Answer(question, (Statement(say(question.lang, "disagree")),))
    for citation in citations:
        lead = _lead(citation, question.lang)
        yield Answer(question, (Statement(lead, (citation.number,)),), (citation,))


def disagree(citations: Sequence[Citation], asked: Asked) -> bool:
    """Whether two articles answer with different numbers, dates or names.

    Two answers differ when they have nothing in common: "62" and "at least 62 people" agree, "62" and "162" do not.
    """
    if asked not in ("number", "date", "name"):
        return False
    facts = [(citation.article.id, _facts(citation.short, asked)) for citation in citations]
    known = [(article, fact) for article, fact in facts if fact]
    return any(one != other and not first & second for one, first in known for other, second in known)


def _facts(text: str, asked: Asked) -> set[str]:
    """What can be compared across languages: digits without separators, months by number, words of names."""
    if asked == "name":
        return {word for word in WORD.findall(text.casefold()) if len(word) > 2}
    numbers = {re.sub(r"[.,]", "", number) for number in NUMBER.findall(text)}
    if asked == "date":
        words = set(WORD.findall(text.casefold()))
        numbers |= {
            f"month {k}" for names in MONTHS.values() for k, name in enumerate(names) if name.casefold() in words
        }
    return numbers


def _newest_first(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    ordered = sorted(citations, key=lambda citation: citation.article.date or dt.date.min, reverse=True)
    return tuple(replace(citation, number=number) for number, citation in enumerate(ordered, start=1))


def _lead(citation: Citation, lang: Lang) -> str:
    """The words before a quotation."""
    article = citation.article
    key = "according" if citation.number == 1 else "also"
    if article.date:
        return say(lang, f"{key}_dated", title=article.label, date=long_date(article.date, lang))
    return say(lang, key, title=article.label)
