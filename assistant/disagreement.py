"""Whether two citations answer the same question differently. Rules that know yes and no, numbers, dates and names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Literal

from assistant.amounts import first_number
from assistant.asks import Asked
from assistant.dates import date_parts
from assistant.records import Citation
from assistant.words import plain

NAME = re.compile(r"\b[A-Z][\w'’-]+")
FULL_NAME_WORDS = 2
# Yes or no is said where a sentence says it with at least this score; else the sentence speaks for itself.
CERTAIN = 0.85


def disagree(citations: Sequence[Citation], asked: Asked) -> bool:
    """Whether two articles say yes and no, or answer with different numbers, dates or names, as far as rules can tell.

    A false alarm is worse than a missed one, so what may be the same counts as the same: "2023" and "2 Oktober",
    "Jokowi" and "Joko Widodo", a name and its translation.
    """
    return any(
        one.article.id != other.article.id and _differ(one, other, asked) for one, other in combinations(citations, 2)
    )


def verdict(citation: Citation) -> Literal["yes", "no", ""]:
    """What the citation says to a question for yes or no; empty where that is not certain."""
    yes = citation.spans[0].yes
    if yes is None or 1 - CERTAIN < yes < CERTAIN:
        return ""
    return "yes" if yes >= CERTAIN else "no"


def _differ(one: Citation, other: Citation, asked: Asked) -> bool:
    if asked == "yes-no":
        return {verdict(one), verdict(other)} == {"yes", "no"}
    if asked in ("number", "money"):
        numbers = [first_number(citation.short) for citation in (one, other)]
        return None not in numbers and numbers[0] != numbers[1]
    if asked == "date":
        dates = [date_parts(citation.short) for citation in (one, other)]
        return any(dates[0][part] != dates[1][part] for part in dates[0].keys() & dates[1].keys())
    if asked == "name" and one.article.lang == other.article.lang:
        names = [{plain(word) for word in NAME.findall(citation.short)} for citation in (one, other)]
        return min(map(len, names)) >= FULL_NAME_WORDS and not names[0] & names[1]
    return False
