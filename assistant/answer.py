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
from assistant.comparison import briefly, chosen
from assistant.dates import dates_asked
from assistant.disagreement import disagree, verdict
from assistant.language import long_date, say
from assistant.records import Answer, Citation, Hit, Lang, Question, Span, Statement

# An answer of less is one of several that it might be, and says so.
SURE = 0.5
# Beside a clear answer a further quotation must be about as probable, or it dilutes it; beside one that is less than
# clear, what is a third as probable is worth a look.
CLEAR = 0.8
FURTHER, FURTHER_UNCLEAR = 0.75, 0.3
# Of one that is clear a reader wants to see no more than this.
QUOTES_WHERE_CLEAR = 3


def compose(
    question: Question, hits: Sequence[Hit], spans: Sequence[Span], min_probability: float, max_quotes: int
) -> Iterator[Answer]:
    """The answer in pieces that add up with `+`: first the hits, then a statement at a time.

    Where no span has `min_probability`, the answer says that nothing was found. Where the best is not clear, it shows
    what else comes close, and where it is not even sure, it says so. A question for yes or no is answered so where the
    first quotation is clear about it. Where articles differ, in yes and no, numbers, dates or names, it says so and
    quotes the newer one first, unless the question names a day or a month.
    """
    best = max((span.probability for span in spans), default=0.0)
    yield Answer(question, hits=tuple(hits), probability=best)

    if not question.text:
        yield Answer(question, (Statement(say(question.lang, "no_question")),))
        return
    is_sure, asked = best >= SURE, asked_for(question.text)
    likely, is_clear = max(min_probability, best * FURTHER), best >= CLEAR or (is_sure and asked == "list")
    floor = likely if is_clear else best * FURTHER_UNCLEAR
    close = [span for span in spans if span.probability >= floor] if best >= min_probability else []
    most = min(max_quotes, QUOTES_WHERE_CLEAR) if is_clear else max_quotes
    citations = cite(close, most, each="span" if asked == "list" else "article" if is_clear else "sentence")
    if not citations:
        yield Answer(question, (Statement(say(question.lang, "nothing" if hits else "no_articles")),))
        return
    also = [citation for citation in citations if citation.probability >= likely] if is_sure else []
    if disagree(also, asked):
        # What was asked of a day comes from that day's article, whatever was written since.
        dated = len({citation.article.date for citation in also}) > 1 and not dates_asked(question.whole)
        citations = _newest_first(also, citations[len(also) :]) if dated else citations
        yield Answer(question, (Statement(say(question.lang, "disagree_dated" if dated else "disagree")),))
    says = verdict(citations[0]) if is_sure and asked == "yes-no" else ""
    yes_or_no = say(question.lang, f"{says}_alone") if says else ""
    first = says or ("according" if is_sure else "closest")
    introduced = ""
    for citation in citations:
        follows, introduced = citation.article.id == introduced, citation.article.id
        key = first if citation.number == 1 else "also" if citation.number <= len(also) else "see"
        lead = say(question.lang, "same_article") if follows else _lead(citation, question.lang, key)
        yield Answer(question, (Statement(lead, (citation.number,)),), (citation,), chosen=yes_or_no)


def compose_comparison(question: Question, hits: Sequence[Hit], spans: Sequence[Span]) -> Iterator[Answer]:
    """The answer to a question that weighs two things: which one, if that can be said, and a quotation about each.

    It is as sure as what was read about the side that it knows less of.
    """
    assert question.weighs, "a comparison is composed of a question that is one"
    probability = min(span.probability for span in spans)
    yield Answer(question, hits=tuple(hits), probability=probability)

    side = chosen(question.weighs, spans)
    if not side:
        lead = say(question.lang, "undecided")
    elif probability >= SURE:
        lead = say(question.lang, "chosen", side=_capital(side))
    else:
        lead = say(question.lang, "chosen_unsure", side=side)
    yield Answer(question, (Statement(lead),), chosen=briefly(question.weighs, side))
    for citation in cite(spans, len(spans), each="span"):
        about = " / ".join(s for s, span in zip(question.weighs.sides, spans, strict=True) if span in citation.spans)
        lead = _lead(citation, question.lang, "about", side=_capital(about))
        yield Answer(question, (Statement(lead, (citation.number,)),), (citation,))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _newest_first(citations: Sequence[Citation], others: Sequence[Citation]) -> tuple[Citation, ...]:
    """The citations by date, then the others, numbered anew."""
    ordered = sorted(citations, key=lambda citation: citation.article.date or dt.date.min, reverse=True)
    return tuple(replace(citation, number=number) for number, citation in enumerate([*ordered, *others], start=1))


def _lead(citation: Citation, lang: Lang, key: str, **values: str) -> str:
    """The sentence `key` with the article's title, and its date if it has one."""
    article = citation.article
    if article.date:
        return say(lang, f"{key}_dated", title=article.label, date=long_date(article.date, lang), **values)
    return say(lang, key, title=article.label, **values)
