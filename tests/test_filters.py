from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FilterError
from assistant.filters import filters_of
from assistant.records import ALL, Filters


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        ("2022", "2022", dt.date(2022, 1, 1), dt.date(2022, 12, 31)),
        ("2024-02", "2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("2023-2", " 2023-02 ", dt.date(2023, 2, 1), dt.date(2023, 2, 28)),
        ("2022-07-13", "2022-07-13", dt.date(2022, 7, 13), dt.date(2022, 7, 13)),
    ],
)
def test_a_month_or_a_year_is_all_of_its_days(since: str, until: str, first: dt.date, last: dt.date) -> None:
    assert filters_of({"since": since, "until": until}) == Filters(first, last)


@pytest.mark.parametrize(
    "text", ["yesterday", "2022-13", "2022-02-30", "20221", "0000", "２０２２", "2022-07-13T00:00"]
)
def test_what_is_no_date_is_named(text: str) -> None:
    with pytest.raises(FilterError, match="until is"):
        filters_of({"until": text})


def test_what_is_not_given_filters_nothing() -> None:
    assert filters_of({}) == filters_of({"since": " ", "source": "", "lang": ""}) == ALL
    assert not ALL
    assert filters_of({"lang": "ID"})


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_every_day_is_itself(day: dt.date) -> None:
    assert filters_of({"since": day.isoformat(), "until": day.isoformat()}) == Filters(day, day)
