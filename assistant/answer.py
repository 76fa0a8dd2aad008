"""Spans -> a cited answer in the language of the question, without a language model.

The answer quotes and never rephrases: what stands outside quotation marks are a few fixed words of `language.py`
and the articles' own titles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.cite import cite
from assistant.language import long_date, say
from assistant.records import Answer, Citation, Hit, Lang, Question, Span, Statement

# A further quotation must be about as probable as the first, or it dilutes a good answer.
FURTHER = 0.6


def compose(
    question: Question, hits: Sequence[Hit], spans: Sequence[Span], min_probability: float, max_quotes: int
) -> Iterator[Answer]:
    """The answer in pieces that add up with `+`: first the hits, then a statement at a time.

    A span below `min_probability` is not shown. Where none is left, the answer says that nothing was found.
    """
    best = max((span.probability for span in spans), default=0.0)
    yield Answer(question, hits=tuple(hits), probability=best)

    if not question.text:
        yield Answer(question, (Statement(say(question.lang, "no_question")),))
        return
    floor = max(min_probability, best * FURTHER)
    citations = cite(_best_of_each_article([span for span in spans if span.probability >= floor]), max_quotes)
    if not citations:
        yield Answer(question, (Statement(say(question.lang, "nothing" if hits else "no_articles")),))
        return
    for citation in citations:
        lead = _lead(citation, question.lang)
        yield Answer(question, (Statement(lead, (citation.number,)),), (citation,))


def _best_of_each_article(spans: Sequence[Span]) -> list[Span]:
    """A second sentence of the same article adds little; that another article says so adds much."""
    best: dict[str, Span] = {}
    for span in spans:
        best.setdefault(span.passage.article.id, span)
    return list(best.values())


def _lead(citation: Citation, lang: Lang) -> str:
    """The words before a quotation."""
    article = citation.article
    key = "according" if citation.number == 1 else "also"
    if article.date:
        return say(lang, f"{key}_dated", title=article.label, date=long_date(article.date, lang))
    return say(lang, key, title=article.label)
