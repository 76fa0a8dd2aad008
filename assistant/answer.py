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

# An answer of less is one of several that it might be, and says so.
SURE = 0.5
# A further quotation must be about as probable as the first, or it dilutes a good answer; beside one that is not sure,
# what is half as probable is worth a look.
FURTHER, FURTHER_UNSURE = 0.75, 0.5


def compose(
    question: Question, hits: Sequence[Hit], spans: Sequence[Span], min_probability: float, max_quotes: int
) -> Iterator[Answer]:
    """The answer in pieces that add up with `+`: first the hits, then a statement at a time.

    Where no span has `min_probability`, the answer says that nothing was found. Where even the best is not sure, it
    says so, and shows what else comes close. Where articles give different numbers, dates or names, it says so and
    quotes the newer one first.
    """
    best = max((span.probability for span in spans), default=0.0)
    yield Answer(question, hits=tuple(hits), probability=best)

    if not question.text:
        yield Answer(question, (Statement(say(question.lang, "no_question")),))
        return
    is_sure, asked = best >= SURE, asked_for(question.text)
    floor = max(min_probability, best * FURTHER) if is_sure else best * FURTHER_UNSURE
    close = [span for span in spans if span.probability >= floor] if best >= min_probability else []
    citations = cite(close, max_quotes, each="span" if asked == "list" else "article" if is_sure else "sentence")
    if not citations:
        yield Answer(question, (Statement(say(question.lang, "nothing" if hits else "no_articles")),))
        return
    if is_sure and disagree(citations, asked):
        dated = len({citation.article.date for citation in citations}) > 1
        citations = _newest_first(citations)
        yield Answer(question, (Statement(say(question.lang, "disagree_dated" if dated else "disagree")),))
    introduced = ""
    for citation in citations:
        follows, introduced = citation.article.id == introduced, citation.article.id
        lead = say(question.lang, "same_article") if follows else _lead(citation, question.lang, is_sure)
        yield Answer(question, (Statement(lead, (citation.number,)),), (citation,))


def _newest_first(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    ordered = sorted(citations, key=lambda citation: citation.article.date or dt.date.min, reverse=True)
    return tuple(replace(citation, number=number) for number, citation in enumerate(ordered, start=1))


def _lead(citation: Citation, lang: Lang, is_sure: bool) -> str:
    """The words before a quotation."""
    article = citation.article
    first = "according" if is_sure else "closest"
    key = first if citation.number == 1 else "also"
    if article.date:
        return say(lang, f"{key}_dated", title=article.label, date=long_date(article.date, lang))
    return say(lang, key, title=article.label)
