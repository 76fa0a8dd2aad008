"""The dates in a text of either language, and which of two is later. Rules."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from assistant.amounts import NUMBER
from assistant.language import months

# Neither a year of the Hijra nor a time of day.
YEAR = re.compile(r"(?<!pukul )\b(?:1\d|20)\d\d\b(?!\s*(?:H\b|Hij|GMT|UTC|WI[BT]|hours))")
IN_YEAR = re.compile(r"\b(?:in|since|by|until|pada|tahun|sejak|hingga|year)\s$", re.IGNORECASE)
WORD = re.compile(r"\w+")
SHORT_MONTH = 3


@dataclass(frozen=True, slots=True)
class Date:
    """A day or a month of the calendar; `day` or `year` is 0 where nobody said it."""

    year: int
    month: int
    day: int

    def covers(self, other: Date) -> bool:
        """Whether the other date is this one, or a day of this month; a year that nobody said is any."""
        same_year = self.year == other.year or not self.year or not other.year
        return same_year and self.month == other.month and self.day in (0, other.day)


def is_date(text: str) -> bool:
    """Whether the first number is a year, or the day of a month.

    >>> is_date("throughout 2005"), is_date("5 May"), is_date("2004 orang"), is_date("43, in 1961")
    (True, True, False, False)
    """
    found = NUMBER.search(text)
    if not found:
        return "month" in date_parts(text)
    unit = (found["unit"] or "").casefold()
    if unit:
        of_month = any(_is_month(unit, name) for names in (months("en"), months("id")) for name in names)
        return of_month or bool(YEAR.fullmatch(found["digits"]) and IN_YEAR.search(text[: found.start()]))
    return bool(YEAR.fullmatch(found["digits"])) and not found["scale"]


def date_parts(text: str) -> dict[str, int]:
    """Year, month and day, as far as the text gives them; January is 0."""
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


def later(one: str, other: str, written: tuple[dt.date | None, dt.date | None] = (None, None)) -> int:
    """1 where `one` is the later date, -1 where `other` is, 0 where they are the same as far as both go, or no dates.

    A date without its year is of the year in which its article was written.

    >>> later("2 Oktober 2023", "March 2024"), later("5 May", "7 May", (dt.date(2020, 6, 1), dt.date(2019, 6, 1)))
    (-1, 1)
    """
    each = date_parts(one), date_parts(other)
    for parts, date in zip(each, written, strict=True):
        if date and "month" in parts:
            parts.setdefault("year", date.year)
    for part in ("year", "month", "day"):
        if part not in each[0] or part not in each[1]:
            return 0
        if each[0][part] != each[1][part]:
            return 1 if each[0][part] > each[1][part] else -1
    return 0


@cache
def _calendar() -> tuple[re.Pattern[str], dict[str, int]]:
    """What a day or a month looks like, and the number of each month's name; January is 1.

    A month by itself has its year, or its capital within a sentence: "may" is a verb more often.
    """
    numbers = {name.casefold(): k for names in (months("en"), months("id")) for k, name in enumerate(names, start=1)}
    name = "|".join(numbers)
    year = r"(?:,?\s(?P<year>(?:19|20)\d\d))"
    titled = "|".join(month.capitalize() for month in numbers)
    shapes = (
        rf"(?P<day>\d{{1,2}})\s(?P<month>{name})\b{year}?",
        rf"(?P<month_first>{name})\s(?P<day_after>\d{{1,2}})\b(?!\d){year.replace('year', 'year_after')}?",
        rf"(?P<month_alone>{name})\b{year.replace('year', 'year_alone')}",
        rf"(?<=\s)(?-i:(?P<capital>{titled}))\b",
    )
    return re.compile(rf"\b(?:{'|'.join(shapes)})", re.IGNORECASE), numbers


def dates_in(text: str, year: int = 0) -> list[Date]:
    """The days and months that the text names, in order; those without a year are of `year`.

    >>> [(date.day, date.month, date.year) for date in dates_in("Sampai 7 Agustus 2018; in March 2019; by May")]
    [(7, 8, 2018), (0, 3, 2019), (0, 5, 0)]
    """
    pattern, numbers = _calendar()
    found = []
    for match in pattern.finditer(text):
        said = {name.partition("_")[0]: value for name, value in match.groupdict().items() if value}
        month = numbers[(said.get("month") or said["capital"]).casefold()]
        found.append(Date(int(said.get("year", year)), month, int(said.get("day", 0))))
    return found


def share_of_dates(question: str, text: str, written: dt.date | None) -> float:
    """The share of the question's days and months that the text names or was written on; 1 where it names none.

    "How many had died by 7 August?" is answered by the article of that day, whether or not it says so.

    >>> [share_of_dates("Korban per 7 Agustus 2018?", "Korban 98.", dt.date(2018, 8, day)) for day in (7, 21)]
    [1.0, 0.0]
    """
    asked = dates_in(question)
    if not asked:
        return 1.0
    there = dates_in(text, written.year if written else 0)
    if written:
        there.append(Date(written.year, written.month, written.day))
    return sum(any(date.covers(other) for other in there) for date in asked) / len(asked)
