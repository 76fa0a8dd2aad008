"""The dates in a text of either language, and which of two is later. Rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.amounts import NUMBER
from assistant.language import months

# Neither a year of the Hijra nor a time of day.
YEAR = re.compile(r"(?<!pukul )\b(?:1\d|20)\d\d\b(?!\s*(?:H\b|Hij|GMT|UTC|WI[BT]|hours))")
IN_YEAR = re.compile(r"\b(?:in|since|by|until|pada|tahun|sejak|hingga|year)\s$", re.IGNORECASE)
LAST_MONTH, MIDDLE_OF_MONTH = 12, 15
# As newspapers shorten and misspell them, in both languages; each stands beside its day or its year.
SHORT_MONTHS = {"jan": 1, "feb": 2, "pebruari": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "agu": 8, "agt": 8}
SHORT_MONTHS |= {"ags": 8, "sep": 9, "sept": 9, "oct": 10, "okt": 10, "nov": 11, "nop": 11, "nopember": 11, "dec": 12}
SHORT_MONTHS |= {"des": 12}
# More often a verb or somebody's name.
AMBIGUOUS = ("may", "mei", "march")
A_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
A_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
BEFORE_A_MONTH = (
    r"in|by|since|until|of|during|early|late|mid|last|this|next"
    r"|pada|bulan|sejak|hingga|sampai|per|akhir|awal|pertengahan"
)
# What says that a number before it is a year, and of what is one by itself.
BARE_YEAR = re.compile(
    r"\b(?:in|since|by|until|from|tahun|sejak|hingga|pada|dari)\s(?:1[5-9]|20)\d\d\b"
    r"|^\W*(?:19\d\d|20(?!00)\d\d)\W*$",
    re.IGNORECASE,
)

# What was so since a day is told by later articles, the newest first.
SINCE = re.compile(
    r"\b(?:since|after|sejak|semenjak|setelah|sesudah)\s"
    r"(?:(?:\d+(?:st|nd|rd|th)?|the|end|of|early|mid|late|tanggal|bulan|hari|awal|akhir|pertengahan)[\s-]){0,4}$",
    re.IGNORECASE,
)


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
    found, dates = NUMBER.search(text), _found(text)
    if not found or dates:
        return bool(dates) and (not found or dates[0].start() <= found.start() < dates[0].end())
    is_year = YEAR.fullmatch(found["digits"]) is not None
    return is_year and (IN_YEAR.search(text[: found.start()]) is not None if found["unit"] else not found["scale"])


def date_parts(text: str) -> dict[str, int]:
    """Year, month and day, as far as the text gives them."""
    parts: dict[str, int] = {}
    if year := YEAR.search(text):
        parts["year"] = int(year[0])
    for date in dates_in(text)[:1]:
        parts |= {"month": date.month, "day": date.day} if date.day else {"month": date.month}
    return parts


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
def _month_numbers() -> dict[str, int]:
    """The number of each month's name, whole or short; January is 1."""
    return SHORT_MONTHS | {
        name.casefold(): k for names in (months("en"), months("id")) for k, name in enumerate(names, start=1)
    }


@cache
def _shapes() -> tuple[re.Pattern[str], ...]:
    """What a day or a month looks like; an earlier shape goes before a later one."""
    whole = [name for name in _month_numbers() if name not in SHORT_MONTHS]
    full = "|".join(whole)
    clear = "|".join(name.capitalize() for name in whole if name not in AMBIGUOUS)
    month = rf"(?P<month>(?:{'|'.join(_month_numbers())})\b)\.?"
    patterns = (
        r"\b(?P<day>\d\d?)[/-](?P<month>\d\d?)[/-](?P<year>(?:19|20)\d\d)\b",
        r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b",
        rf"\b(?:(?P<first>[1-3]?\d)\s?[-–]\s?)?{A_DAY}[\s-](?:of\s|bulan\s)?{month}(?:(?:,?\s|-){A_YEAR})?",
        # "In May 20 people died" has no day.
        rf"\b{month}\s(?:the\s)?{A_DAY}(?:,?\s{A_YEAR}|(?!\d)(?=\W*$|[^\w\s]|\s(?:and|to|in|at|when|was|were|the|on|by)\b))",
        rf"\b{month},?\s{A_YEAR}",
        rf"\b(?:{BEFORE_A_MONTH})[\s-](?P<month>{full})\b",
        rf"(?<![^\s(\"“-])(?-i:(?P<month>{clear}))\b",
    )
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _found(text: str) -> list[re.Match[str]]:
    """The days and months in the text, in order."""
    found: list[re.Match[str]] = []
    for shape in _shapes():
        found += [
            match
            for match in shape.finditer(text)
            if all(match.end() <= other.start() or other.end() <= match.start() for other in found)
        ]
    return sorted(found, key=lambda match: match.start())


def dates_asked(question: str) -> list[Date]:
    """The days and months of which something is asked; not those since which it is.

    >>> dates_asked("How many had died by 7 August?"), dates_asked("Berapa korban sejak Mei 2019?")
    ([Date(year=0, month=8, day=7)], [])
    """
    return _dates(
        (match for match in _found(question) if not SINCE.search(question[: match.start("month")])), written=None
    )


def dates_in(text: str, written: dt.date | None = None) -> list[Date]:
    """The days and months that the text names, in order; of a range of days the first and the last.

    One without its year is of the year that brings it nearest to when the text was `written`.

    >>> [(date.day, date.month, date.year) for date in dates_in("Sampai 7 Agustus 2018; in March 2019; by May")]
    [(7, 8, 2018), (0, 3, 2019), (0, 5, 0)]
    """
    return _dates(_found(text), written)


def _dates(found: Iterable[re.Match[str]], written: dt.date | None) -> list[Date]:
    dates = []
    for match in found:
        said = match.groupdict()
        name = said["month"].casefold()
        month = int(name) if name.isdecimal() else _month_numbers()[name]
        for day in (said.get("first"), said.get("day") or "0"):
            if day and 1 <= month <= LAST_MONTH:
                year = int(said.get("year") or 0)
                dates.append(Date(year or _nearest_year(month, int(day), written), month, int(day)))
    return dates


def _nearest_year(month: int, day: int, written: dt.date | None) -> int:
    if not written:
        return 0
    days = written.day - (day or MIDDLE_OF_MONTH)
    months_ago = LAST_MONTH * written.year + written.month - month + days / 31
    return round(months_ago / LAST_MONTH)


def without_dates(text: str) -> str:
    """The text without the days, months and years that it names.

    >>> without_dates("since May 2019"), without_dates("30 jets by 2019"), without_dates("2019")
    ('since ', '30 jets ', '')
    """
    for match in reversed(_found(text)):
        text = text[: match.start()] + text[match.end() :]
    return BARE_YEAR.sub("", text)


def share_of_dates(asked: Sequence[Date], text: str, written: dt.date | None) -> float:
    """The share of the days and months asked about that the text names or was written on; 1 where there are none.

    "How many had died by 7 August?" is answered by the article of that day, whether or not it says so.

    >>> asked = dates_in("Korban per 7 Agustus 2018?")
    >>> [share_of_dates(asked, "Korban 98.", dt.date(2018, 8, day)) for day in (7, 21)]
    [1.0, 0.0]
    """
    if not asked:
        return 1.0
    there = dates_in(text, written)
    if written:
        there.append(Date(written.year, written.month, written.day))
    return sum(any(date.covers(other) for other in there) for date in asked) / len(asked)
