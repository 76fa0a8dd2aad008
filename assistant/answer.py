"""Spans -> a cited answer in the language of the question, without a language model.

The answer quotes and never rephrases: what stands outside quotation marks are a few fixed words of `language.py`
and the articles' own titles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.asks import asked_for
from assistant.cite import cite
from assistant.disagreement import disagree
from assistant.language import long_date, say
from assistant.records import Answer, Citation, Hit, Lang, Question, Span, Statement

# A further quotation must be about as probable as the first, or it dilutes a good answer.
FURTHER = 0.75


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
        dated = len({citation.article.date for citation in citations}) > 1
        citations = _newest_first(citations)
        yield Answer(question, (Statement(say(question.lang, "disagree_dated" if dated else "disagree")),))
    for citation in citations:
        lead = _lead(citation, question.lang)
        yield Answer(question, (Statement(lead, (citation.number,)),), (citation,))


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
