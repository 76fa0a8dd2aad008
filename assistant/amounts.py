"""The number in a few words of either language, and which of two is more. Rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod

SCALES = {"ribu": 1e3, "thousand": 1e3, "juta": 1e6, "million": 1e6, "miliar": 1e9, "billion": 1e9}
SCALES |= {"triliun": 1e12, "trillion": 1e12, "ratus": 1e2, "hundred": 1e2, "lusin": 12, "dozen": 12}
SCALES |= {"milyar": 1e9, "bn": 1e9, "jt": 1e6}
SCALE = "|".join(SCALES)
# The 30 of "Su-30" counts nothing.
DIGITS = r"(?<![^\W\d_]-)(?<!\d)\d+(?:[.,]\d+)*"
MEASURED = (
    rf"(?P<scale>(?:\s*(?:{SCALE})\b)*)[\s-]*(?P<unit>%|per\s?cent\b|(?:sq(?:uare)?\s)?[^\W\d_]+(?:2\b|\spersegi)?)?"
)
# Of "between 2 and 3 billion" the first number; the scale is that of both.
NUMBER = re.compile(
    rf"(?P<digits>{DIGITS})(?:\s*(?:[-–]|and|to|dan|hingga|sampai)\s*{DIGITS})?{MEASURED}", re.IGNORECASE
)
THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def _spelt() -> dict[str, int]:
    """The numbers from 1 to 99 as both languages write them."""
    small = "one two three four five six seven eight nine ten eleven twelve".split()
    small += [f"{start}teen" for start in "thir four fif six seven eigh nine".split()]
    kecil = "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()
    numbers = {word: n for words in (small, kecil) for n, word in enumerate(words, start=1)}
    numbers |= {f"{word} belas": 10 + n for n, word in enumerate(kecil[:9], start=1)}
    tens = [f"{start}ty" for start in "twen thir for fif six seven eigh nine".split()]
    for n, (ten, word) in enumerate(zip(tens, kecil[1:9], strict=True), start=2):
        numbers |= {ten: 10 * n, f"{word} puluh": 10 * n}
        numbers |= {f"{ten}-{one}": 10 * n + k for k, one in enumerate(small[:9], start=1)}
        numbers |= {f"{word} puluh {satu}": 10 * n + k for k, satu in enumerate(kecil[:9], start=1)}
    return numbers


SPELT = _spelt()
WORDS = "|".join(word.replace("-", "[ -]") for word in sorted(SPELT, key=len, reverse=True))
# "A million" and *sejuta* are one; *kelima hakim* are five.
SPELT_NUMBER = re.compile(
    rf"\b(?:(?<!half )(?<!quarter of )an?(?=\s(?:{SCALE})\b)|se(?=ratus|ribu|juta|lusin)|(?:ke)?(?P<word>{WORDS})\b)"
    + MEASURED,
    re.IGNORECASE,
)
# "One hundred and twenty" goes on: what is understood is not all of it.
GOES_ON = re.compile(rf"(?:and\s)?(?:{WORDS}|{SCALE})\b", re.IGNORECASE)

DAY = 86_400.0
# What is measured in the same thing can be compared; each unit with its worth in seconds, metres or kilograms.
UNITS: dict[str, dict[str, float]] = {
    "time": {"detik": 1, "second": 1, "menit": 60, "minute": 60, "jam": 3600, "hour": 3600, "hari": DAY, "day": DAY}
    | {"pekan": 7 * DAY, "minggu": 7 * DAY, "week": 7 * DAY, "bulan": 30.44 * DAY, "month": 30.44 * DAY}
    | {"tahun": 365.25 * DAY, "year": 365.25 * DAY},
    "length": {"cm": 0.01, "sentimeter": 0.01, "centimetre": 0.01, "centimeter": 0.01, "m": 1, "meter": 1, "metre": 1}
    | {"km": 1e3, "kilometer": 1e3, "kilometre": 1e3, "mil": 1609.3, "mile": 1609.3}
    | {"foot": 0.3048, "feet": 0.3048, "kaki": 0.3048},
    "weight": {"kg": 1, "kilogram": 1, "kilo": 1, "ton": 1e3, "tonne": 1e3},
    "area": {"km persegi": 1e6, "kilometer persegi": 1e6, "meter persegi": 1, "km²": 1e6, "km2": 1e6, "m²": 1, "m2": 1}
    | {f"{square} {unit}": 1e6 for square in ("sq", "square") for unit in ("km", "kilometre", "kilometer")}
    | {f"{square} {unit}": 1 for square in ("sq", "square") for unit in ("m", "metre", "meter")}
    | {"hektare": 1e4, "hektar": 1e4, "hectare": 1e4, "ha": 1e4, "square mile": 2.59e6},
    "share": {"%": 1, "persen": 1, "percent": 1, "per cent": 1},
}
CURRENCIES = {
    "AUD": r"A\$|australian dollars?|dolar australia",
    "SGD": r"(?<!U)S\$|singapore dollars?|dolar singapura",
    "USD": r"\$|dollars?|dolar",
    "IDR": r"\bRp\.?|rupiah",
    "EUR": r"€|\beuros?\b",
    "GBP": r"£|\bpounds?\b|poundsterling",
    "JPY": r"\byen\b",
    "CNY": r"\byuan\b",
    "MYR": r"ringgit",
    "THB": r"\bbaht\b",
    "PHP": r"\bpesos?\b",
}
# One of these was worth at most some three of another since 1999: five times as much is more at any rate.
ALIKE, SURELY_MORE = {"USD", "EUR", "GBP", "AUD", "SGD"}, 5


@dataclass(frozen=True, slots=True)
class Amount:
    """`value` of something that is measured in `unit`: time, length, weight, share, a currency; of things, in none.

    `number` is what the text says, before its unit is reckoned in; `is_bare` where it says nothing of what.
    """

    value: float
    unit: str
    number: float
    is_bare: bool = False


def first_number(text: str) -> float | None:
    """The first number, in digits: "1,5 juta" and "1,500,000" are the same.

    A group of three digits after a point or comma is thousands, any other group decimals.
    """
    found = NUMBER.search(text)
    return _value(found) if found else None


def _value(found: re.Match[str]) -> float:
    digits, scale = found["digits"], _scale(found)
    if THOUSANDS.fullmatch(digits):
        digits = re.sub(r"[.,]", "", digits)
    return float(re.sub(r"[.,](?=.*[.,])", "", digits).replace(",", ".")) * scale


def _scale(found: re.Match[str]) -> float:
    return prod((SCALES[word] for word in found["scale"].casefold().split()), start=1.0)


def amount(text: str) -> Amount | None:
    """The first number with what it is measured in.

    >>> [(found.value, found.unit) for found in map(amount, ("sekitar 2 jam", "twelve jets", "Rp1,5 miliar")) if found]
    [(7200.0, 'time'), (12.0, ''), (1500000000.0, 'IDR')]
    """
    digits, spelt = NUMBER.search(text), SPELT_NUMBER.search(text)
    # "Two of the 42 jets" are two; but "one" and "a" may be no number.
    if spelt and digits and (spelt.start() > digits.start() or SPELT.get((spelt["word"] or "one").casefold()) == 1):
        spelt = None
    if spelt and not GOES_ON.match(text[spelt.end("scale") :].lstrip()):
        word = (spelt["word"] or "one").casefold()
        found, number = spelt, SPELT.get(word, SPELT.get(word.replace(" ", "-"), 0)) * _scale(spelt)
    elif digits and not spelt:
        found, number = digits, _value(digits)
    else:
        return None
    for currency, pattern in CURRENCIES.items():
        if re.search(pattern, text, re.IGNORECASE):
            return Amount(number, currency, number)
    unit = (found["unit"] or "").casefold()
    for kind, worths in UNITS.items():
        if worth := worths.get(unit) or worths.get(unit.removesuffix("s")):
            return Amount(number * worth, kind, number)
    return Amount(number, "", number, is_bare=not unit)


def more(one: str, other: str) -> int:
    """1 where `one` is the larger amount, -1 where `other` is, 0 where they are equal or cannot be compared.

    A bare number is taken to count what the other one counts. Of two currencies that are worth about the same, many
    times as much is more.

    >>> more("45 menit", "2 hours"), more("Rp5", "$4"), more("A$268 billion", "US$8 billion")
    (-1, 0, 1)
    """
    a, b = amount(one), amount(other)
    if a is None or b is None:
        return 0
    far_apart = {a.unit, b.unit} <= ALIKE and max(a.value, b.value) >= SURELY_MORE * min(a.value, b.value)
    if not (a.unit == b.unit or a.is_bare or b.is_bare or far_apart):
        return 0
    first, second = (a.value, b.value) if a.unit == b.unit else (a.number, b.number)
    return (first > second) - (first < second)


def is_duration(text: str) -> bool:
    """Whether the first number says how long something takes."""
    found = amount(text)
    return found is not None and found.unit == "time"
