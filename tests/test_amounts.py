from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.amounts import Amount, amount, first_number, more


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("62 orang", 62, ""),
        ("twelve used fighters", 12, ""),
        ("dua belas hari", 12 * 86_400, "time"),
        ("Twenty-four soldiers", 24, ""),
        ("lima puluh dua kursi", 52, ""),
        ("more than four billion dollars", 4e9, "USD"),
        ("fewer than a million people", 1e6, ""),
        ("sejuta orang", 1e6, ""),
        ("an eight-year war", 8 * 365.25 * 86_400, "time"),
        ("53.5 per cent", 53.5, "share"),
        ("dua ratus ribu", 2e5, ""),
        ("two dozen drones", 24, ""),
        ("twelve of the 42 jets", 12, ""),
        ("enam pesawat Su-30", 6, ""),
        ("US$1.2 billion", 1.2e9, "USD"),
        ("S$5bn", 5e9, "SGD"),
        ("24 Eurofighters", 24, ""),
        ("500 square kilometres", 5e8, "area"),
        ("2.560 km2", 2.56e9, "area"),
        ("11,5 km²", 1.15e7, "area"),
        ("70 sq km", 7e7, "area"),
        ("36 meter persegi", 36, "area"),
        ("25 ha", 2.5e5, "area"),
        ("3 km", 3_000, "length"),
        ("1,5 juta ton", 1.5e9, "weight"),
        ("sekitar 142 kilometer", 142_000, "length"),
        ("45 minutes", 2_700, "time"),
        ("51,200 years old", 51_200 * 365.25 * 86_400, "time"),
        ("3,5 persen", 3.5, "share"),
        ("35%", 35, "share"),
        ("Rp16 triliun", 16e12, "IDR"),
        ("8.1 billion US dollars", 8.1e9, "USD"),
        ("between 268 and 368 billion Australian dollars", 268e9, "AUD"),
        ("2-3 juta", 2e6, ""),
        ("version 1.2.3", 12.3, ""),
    ],
)
def test_the_first_number_with_what_it_is_measured_in(text: str, value: float, unit: str) -> None:
    found = amount(text)
    assert found is not None
    assert found.value == pytest.approx(value)
    assert found.unit == unit


def test_words_without_a_number_are_no_amount() -> None:
    assert amount("banyak sekali") is None
    assert amount("one hundred and fifty") is None  # not a hundred
    assert amount("half a million people") is None
    assert first_number("banyak sekali") is None
    assert first_number("two") is None  # only digits: what may be the same number must not differ


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("515 orang", "2.113 orang", -1),
        ("2 jam", "45 menit", 1),
        ("16 kilometer", "142 km", -1),
        ("twelve", "42 of the jets", -1),
        ("60 menit", "1 hour", 0),
        ("Rp5 juta", "4 dollars", 0),
        ("268 billion Australian dollars", "sekitar 8,1 miliar dolar AS", 1),
        ("900 million euros", "1,5 miliar dolar", 0),  # the rate decides
        ("58 tahun", "85", -1),  # a bare number counts what the other does
        ("About 45,000 people", "satu juta orang", -1),
        ("35 percent", "40 seats", 0),
        ("a lot", "3", 0),
    ],
)
def test_only_what_is_measured_in_the_same_can_be_compared(one: str, other: str, order: int) -> None:
    assert more(one, other) == order
    assert more(other, one) == -order


@given(st.text())
def test_any_text_has_an_amount_or_none(text: str) -> None:
    assert more(text, text) == 0
    assert amount(text) is None or isinstance(amount(text), Amount)
