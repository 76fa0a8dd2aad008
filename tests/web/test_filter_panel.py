from __future__ import annotations

import datetime as dt
import re

import pytest
from starlette.testclient import TestClient

from assistant.records import ALL, Facets, Filters
from assistant.web.app import create_app
from assistant.web.filter_panel import filters_in, in_words, panel
from assistant.web.phrases import EN, ID
from tests.fakes import LIBRARY, FakeChain

FACETS = Facets({"2021-12": 1, "2022-07": 4, "2024-01": 2}, {"Contoh": 7}, {"en": 3, "id": 4}, 7)
YEAR = Filters(dt.date(2022, 1, 1), dt.date(2022, 12, 31), lang="id")


def links(shown: str) -> list[str]:
    return re.findall(r'href="\?([^"]*)"', str(shown))


def test_months_and_years_are_links_that_choose_them() -> None:
    assert links(panel(ALL, FACETS, EN)) == [
        "since=2021-12-01&amp;until=2021-12-31",
        "since=2022-07-01&amp;until=2022-07-31",
        "since=2024-01-01&amp;until=2024-01-31",
        *(f"since={year}-01-01&amp;until={year}-12-31" for year in (2021, 2022, 2023, 2024)),
    ]


def test_a_chosen_year_fills_the_timeline_and_leads_back() -> None:
    shown = str(panel(YEAR, FACETS, EN))
    assert links(shown) == [
        "lang=id",
        "since=2022-07-01&amp;until=2022-07-31&amp;lang=id",
        "since=2022-01-01&amp;until=2022-12-31&amp;lang=id",
        "",
    ]
    assert "July 2022: 4 articles" in shown
    assert "<span>2022 · Indonesian</span>" in shown
    assert "data-clear" in shown


def test_the_highest_bar_is_the_month_with_most() -> None:
    heights = re.findall(r'class="bar" [^>]*height="([\d.]+)"', str(panel(ALL, FACETS, EN)))
    assert [float(height) for height in heights] == [15.0, 60.0, 30.0]


def test_only_where_there_is_a_choice_there_is_a_list() -> None:
    shown = str(panel(ALL, FACETS, ID))
    assert 'name="lang"' in shown
    assert 'name="source"' not in shown
    assert 'name="source"' in str(panel(ALL, Facets({}, {"A": 1, "B": 1}, {}, 2), EN))
    assert "timeline" not in str(panel(ALL, Facets({}, {}, {}, 0), EN))


def test_a_source_is_text() -> None:
    shown = str(panel(Filters(source='"><script>'), Facets({}, {"<b>x</b>": 1}, {}, 0), EN))
    assert "<script>" not in shown
    assert "<b>" not in shown


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (ALL, ""),
        (Filters(dt.date(2022, 7, 1), dt.date(2022, 7, 31)), "Juli 2022"),
        (Filters(dt.date(2022, 1, 1), dt.date(2022, 12, 31)), "2022"),
        (Filters(dt.date(2022, 7, 13), dt.date(2022, 7, 13)), "13 Juli 2022"),
        (Filters(dt.date(2021, 1, 1), dt.date(2022, 12, 31)), "1 Januari 2021 – 31 Desember 2022"),
        (Filters(since=dt.date(2022, 7, 13)), "Sejak 13 Juli 2022"),
        (Filters(until=dt.date(2022, 7, 13), lang="en", source="Contoh"), "Sampai 13 Juli 2022 · Inggris · Contoh"),
    ],
)
def test_filters_are_said_as_people_say_them(filters: Filters, words: str) -> None:
    assert in_words(filters, ID) == words


@pytest.mark.parametrize("address", [{}, {"since": "tomorrow"}, {"until": "2022-99"}, {"other": "x"}])
def test_an_address_without_sense_filters_nothing(address: dict[str, str]) -> None:
    assert filters_in(address) == ALL


def test_dates_far_from_any_article_are_shown_too() -> None:
    for year in (1000, 9999):
        assert "timeline" in str(panel(Filters(dt.date(year, 1, 1), dt.date(year, 1, 2)), FACETS, EN))


def test_the_panel_is_served_in_the_browsers_language() -> None:
    with TestClient(create_app(FakeChain().runnable(), LIBRARY)) as client:
        shown = client.get("/filters?lang=id&opened=true", headers={"accept-language": "id"}).text
        assert '<details class="filters" lang="id" open>' in shown
        assert "Indonesia</span>" in shown
        assert "2 artikel" in shown
