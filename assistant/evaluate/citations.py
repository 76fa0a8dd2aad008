"""Whether what is cited supports the answer, for one question.

After Gao et al. 2023 (ALCE) and Liu, Zhang and Liang 2023, who let a model or people judge support; here it is read
off the question set, so that the same citations always score the same.

A question that no article answers has nothing to support: what is cited for it is wrong, and where nothing is cited
there is no value. For an answerable one, saying nothing scores 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assistant.evaluate.answers import answer_in
from assistant.evaluate.questions import TestQuestion


class Cited(NamedTuple):
    """A citation: the article's id and the words quoted from it."""

    article: str
    quote: str


def supports(question: TestQuestion, cited: Cited) -> bool:
    """Whether the citation is of a supporting article, and says there what supports the answer.

    That is: it holds one of the question's quotes, or is inside one, or holds an answer. Where the set names neither
    quotes of the article nor answers, its article is enough.
    """
    if not question.answerable or cited.article not in question.articles:
        return False
    words = _plain(cited.quote)
    quotes = [_plain(quote.quote) for quote in question.quotes if quote.article == cited.article]
    if words and any(words in quote or quote in words for quote in quotes):
        return True
    if question.answers:
        return bool(answer_in([cited.quote], question.answers, question.lang))
    return bool(words) and not quotes


def _plain(text: str) -> str:
    return " ".join(text.split())


def citation_precision(question: TestQuestion, cited: Sequence[Cited]) -> float | None:
    """The share of the citations that support the answer.

    >>> q = TestQuestion("q1", "Dari mana?", "id", answers=("Rusia",), articles=("arms",))
    >>> citation_precision(q, [Cited("arms", "Jet itu dibeli dari Rusia."), Cited("arms", "Harganya rahasia.")])
    0.5
    """
    if not cited:
        return 0.0 if question.answerable else None
    return sum(supports(question, one) for one in cited) / len(cited)


def citation_recall(question: TestQuestion, statements: Sequence[Sequence[Cited]]) -> float | None:
    """The share of the answer's statements that have at least one citation that supports it.

    `statements` are the citations of each; one without any counts as unsupported. The sentence by which the
    assistant declines is no statement.
    """
    if not statements:
        return 0.0 if question.answerable else None
    return sum(any(supports(question, one) for one in cited) for cited in statements) / len(statements)


def exactness(texts: Sequence[tuple[str, int, int, str]]) -> float | None:
    """The share of the citations, as (article's text, start, end, quote), that stand there letter for letter.

    It must be 1 (promise P1); measured nevertheless. No citation, no value.

    >>> exactness([("Kapal tiba.", 0, 5, "Kapal"), ("Kapal tiba.", 6, 10, "Tiba")])
    0.5
    """
    if not texts:
        return None
    return sum(text[start:end] == quote for text, start, end, quote in texts) / len(texts)
