"""Spans -> numbered citations. Pure functions: they check, choose and number, and know no model.

A citation points into a stored article; its quotation is cut out of that article and cannot differ from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.chunk import sentences_touching
from assistant.records import Article, Citation, Span

Each = Literal["article", "sentence", "span"]


@dataclass(frozen=True, slots=True)
class _Quotation:
    """Sentences of one article, and the spans found in them."""

    article: Article
    start: int
    end: int
    spans: list[Span]


def cite(spans: Sequence[Span], most: int, each: Each) -> tuple[Citation, ...]:
    """The best spans, each in its sentence, as at most `most` citations numbered from 1.

    One span of each article, or of each sentence, or all of them. A sentence that overlaps or repeats an earlier one is
    left out: articles that copy each other count once.
    """
    chosen: list[_Quotation] = []
    for span in spans:
        article = span.passage.article
        start, end = sentences_touching(article, span.start, span.end)
        own = [quotation for quotation in chosen if quotation.article.id == article.id]
        inside = next((q for q in own if q.start <= span.start and span.end <= q.end), None)
        if own and each == "article":
            continue
        if inside:
            if each == "span" and not any(_words(span.text) == _words(other.text) for other in inside.spans):
                inside.spans.append(span)
        elif len(chosen) < most and not any(_repeats(article, start, end, other) for other in chosen):
            chosen.append(_Quotation(article, start, end, [span]))
    return tuple(
        Citation(number, one.start, one.end, tuple(sorted(one.spans, key=lambda span: span.start)))
        for number, one in enumerate(chosen, start=1)
    )


def is_exact(citation: Citation, stored: Article | None) -> bool:
    """Whether the quotation stands in the stored article, character for character, where the citation says."""
    return stored is not None and stored.text[citation.start : citation.end] == citation.quote


def _repeats(article: Article, start: int, end: int, other: _Quotation) -> bool:
    overlaps = other.article.id == article.id and start < other.end and other.start < end
    return overlaps or _words(article.text[start:end]) == _words(other.article.text[other.start : other.end])


def _words(text: str) -> str:
    return " ".join(text.casefold().split())
