"""Spans -> numbered citations. Pure functions: they check, choose and number, and know no model.

A citation points into a stored article; its quotation is cut out of that article and cannot differ from it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.records import Article, Citation, Span


def cite(spans: Sequence[Span], most: int) -> tuple[Citation, ...]:
    """The first `most` spans as citations, numbered from 1; what overlaps or repeats an earlier quotation is left out.

    Articles that copy each other word for word thus count once.
    """
    chosen: list[Span] = []
    for span in spans:
        if len(chosen) == most:
            break
        if not any(_overlaps(span, other) or _words(span) == _words(other) for other in chosen):
            chosen.append(span)
    return tuple(Citation(number, span) for number, span in enumerate(chosen, start=1))


def is_exact(citation: Citation, stored: Article | None) -> bool:
    """Whether the quotation stands in the stored article, character for character, where the citation says."""
    return stored is not None and stored.text[citation.span.start : citation.span.end] == citation.quote


def _overlaps(one: Span, other: Span) -> bool:
    same = one.passage.article.id == other.passage.article.id
    return same and one.start < other.end and other.start < one.end


def _words(span: Span) -> str:
    return " ".join(span.text.casefold().split())
