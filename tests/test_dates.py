from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dates import Date, date_parts, dates_asked, dates_in, later, share_of_dates, without_dates


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("15 November 2020", "Kamis, 23 Januari 2020", 1),
        ("2018", "Maret 2019", -1),
        ("2020", "15 November 2020", 0),  # the same as far as both go
        ("7 May", "5 Mei", 0),  # of which years nobody said
        ("pukul 07.00", "2020", 0),
        ("1 Syawal 1444 H, 21 April 2023", "9 Agustus 2022", 1),
        ("pukul 1530 WIB, 5 Mei 2023", "2024", -1),
        ("1173", "1557", -1),
    ],
)
def test_dates_are_compared_as_far_as_both_go(one: str, other: str, order: int) -> None:
    assert later(one, other) == order
    assert later(other, one) == -order


def test_a_date_without_its_year_is_of_the_year_in_which_it_was_written() -> None:
    written = dt.date(2021, 7, 26), dt.date(2019, 5, 7)
    assert later("26 July", "7 May", written) == 1
    assert later("26 July", "7 May 2022", written) == -1
    assert date_parts("26 July") == {"month": 7, "day": 26}


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Sampai 7 Agustus 2018 tercatat 98 orang", [Date(2018, 8, 7)]),
        ("between 2 and 5 May", [Date(0, 5, 5)]),
        ("5-7 Mei 2018", [Date(2018, 5, 5), Date(2018, 5, 7)]),
        ("Aug 7 and Sept. 11, 2001", [Date(0, 8, 7), Date(2001, 9, 11)]),
        ("7 Agt 2018, 10 Nopember 2019", [Date(2018, 8, 7), Date(2019, 11, 10)]),
        ("Selasa (7/8/2018), 2018-08-21", [Date(2018, 8, 7), Date(2018, 8, 21)]),
        ("7-Agustus-2018, 99/99/2018", [Date(2018, 8, 7)]),
        ("August 7th, 2018 or the 9th of August", [Date(2018, 8, 7), Date(0, 8, 9)]),
        ("tanggal 7 bulan Agustus", [Date(0, 8, 7)]),
        ("what happened in august? In mid-May?", [Date(0, 8, 0), Date(0, 5, 0)]),
        ("Agustus lalu berapa korban?", [Date(0, 8, 0)]),
        ("In May 20 people died", [Date(0, 5, 0)]),
        ("Who replaced Theresa May? Why did May resign?", []),
        ("Who will march 5 km? How many may 2 dollars buy?", []),
        ("on October 21, 2018 and in March 2019", [Date(2018, 10, 21), Date(2019, 3, 0)]),
        ("pada akhir Desember 2023", [Date(2023, 12, 0)]),
        ("sejak agustus 2021", [Date(2021, 8, 0)]),
        ("by the end of May", [Date(0, 5, 0)]),
        ("How many submarines may America sell?", []),
        ("May I ask who led the march?", []),
        ("Marchers met in Mayfair on 3 Mayonnaise Street", []),
        ("7.145 orang pada 2018", []),
    ],
)
def test_days_and_months_are_found_in_both_languages(text: str, dates: list[Date]) -> None:
    assert dates_in(text) == dates


def test_a_date_without_its_year_is_of_the_year_nearest_to_its_article() -> None:
    assert dates_in("2 Oktober, 3 March 2020", dt.date(2018, 11, 4)) == [Date(2018, 10, 2), Date(2020, 3, 3)]
    assert dates_in("31 Desember", dt.date(2019, 1, 1)) == [Date(2018, 12, 31)]
    assert dates_in("by the end of January", dt.date(2018, 12, 30)) == [Date(2019, 1, 0)]


@pytest.mark.parametrize(
    ("question", "text", "written", "share"),
    [
        ("Korban per 7 Agustus 2018?", "Korban 98 orang.", dt.date(2018, 8, 7), 1.0),
        ("Korban per 7 Agustus 2018?", "On 7 August 98 had died.", dt.date(2018, 8, 21), 1.0),
        ("Korban per 7 Agustus 2018?", "On 7 August 98 had died.", dt.date(2019, 8, 21), 0.0),
        ("Korban per 7 Agustus 2018?", "On 7 August 98 had died.", None, 1.0),
        ("Korban per 7 Agustus 2018?", "In August 2018 it shook.", None, 0.0),
        ("What was signed in September 2022?", "Pada 6 September ditandatangani peta jalan.", dt.date(2022, 9, 7), 1.0),
        ("Was it more on 2 May or on 3 May?", "Pada 3 Mei lebih banyak.", None, 0.5),
        ("Berapa korban sejak Maret 2018?", "Korban 98 orang.", dt.date(2019, 6, 7), 1.0),
        ("What changed after 7 March 2018?", "It did not.", dt.date(2019, 6, 7), 1.0),
        ("What changed after the talks on 7 March 2018?", "It did not.", dt.date(2019, 6, 7), 0.0),
        ("Berapa korban?", "", None, 1.0),
    ],
)
def test_a_text_is_of_the_days_asked_about_if_it_names_them_or_was_written_on_them(
    question: str, text: str, written: dt.date | None, share: float
) -> None:
    assert share_of_dates(dates_asked(question), text, written) == share


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("since May 2019", "since "),
        ("2019", ""),
        ("46 orang pada 2019", "46 orang "),
        ("1954 orang", "1954 orang"),
        ("1729", "1729"),
        ("in 1729", ""),
        ("20 Agustus 2024 di Magelang", " di Magelang"),
    ],
)
def test_dates_can_be_taken_out(text: str, rest: str) -> None:
    assert without_dates(text) == rest


@given(st.text())
def test_any_text_has_dates_or_none(text: str) -> None:
    assert later(text, text) == 0
    assert all(1 <= date.month <= 12 for date in dates_in(text))
    assert share_of_dates(dates_in(text), text, None) == 1.0
