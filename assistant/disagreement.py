"""Whether two citations answer the same question differently. Rules that know numbers, dates and names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from assistant.asks import Asked
from assistant.language import months
from assistant.records import Citation
from assistant.words import plain

SCALES = {"ribu": 1e3, "thousand": 1e3, "juta": 1e6, "million": 1e6, "miliar": 1e9, "billion": 1e9}
NUMBER = re.compile(rf"(?P<digits>\d+(?:[.,]\d+)*)\s*(?P<scale>{'|'.join(SCALES)})?", re.IGNORECASE)
THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
WORD = re.compile(r"\w+")
NAME = re.compile(r"\b[A-Z][\w'’-]+")
FULL_NAME_WORDS = 2
SHORT_MONTH = 3


def disagree(citations: Sequence[Citation], asked: Asked) -> bool:
    """Whether two articles answer with different numbers, dates or names, as far as rules can tell.

    A false alarm is worse than a missed one, so what may be the same counts as the same: "2023" and "2 Oktober",
    "Jokowi" and "Joko Widodo", a name and its translation.
    """
    return any(
        one.article.id != other.article.id and _differ(one, other, asked) for one, other in combinations(citations, 2)
    )


def _differ(one: Citation, other: Citation, asked: Asked) -> bool:
    if asked in ("number", "money"):
        numbers = [_first_number(citation.short) for citation in (one, other)]
        return None not in numbers and numbers[0] != numbers[1]
    if asked == "date":
        dates = [_date_parts(citation.short) for citation in (one, other)]
        return any(dates[0][part] != dates[1][part] for part in dates[0].keys() & dates[1].keys())
    if asked == "name" and one.article.lang == other.article.lang:
        names = [{plain(word) for word in NAME.findall(citation.short)} for citation in (one, other)]
        return min(map(len, names)) >= FULL_NAME_WORDS and not names[0] & names[1]
    return False


def _first_number(text: str) -> float | None:
    """The first number, in digits: "1,5 juta" and "1,500,000" are the same.

    A group of three digits after a point or comma is thousands, any other group decimals.
    """
    found = NUMBER.search(text)
    if not found:
        return None
    digits, scale = found["digits"], SCALES[found["scale"].casefold()] if found["scale"] else 1
    if THOUSANDS.fullmatch(digits):
        digits = re.sub(r"[.,]", "", digits)
    return float(digits.replace(",", ".")) * scale


def _date_parts(text: str) -> dict[str, int]:
    """Year, month and day, as far as the text gives them."""
    words = WORD.findall(text.casefold())
    parts: dict[str, int] = {}
    if year := YEAR.search(text):
        parts["year"] = int(year[0])
    named = [
        k
        for names in (months("en"), months("id"))
        for k, name in enumerate(names)
        if any(_is_month(w, name) for w in words)
    ]
    days = [int(word) for word in words if word.isdecimal() and len(word) <= 2]
    if named:
        parts["month"] = named[0]
    if named and days:
        parts["day"] = days[0]
    return parts


def _is_month(word: str, name: str) -> bool:
    return len(word) >= SHORT_MONTH and name.casefold().startswith(word)
