"""The filters above the box: the address carries them, and only what they let through is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Desk, Visit, opening_page

# What a visitor reads and presses, in the language of the browser.
WORDS = {
    "en-US": ("From all articles", "1 article", "Searched 1 article in", "Clear filters", "Language", "Indonesian"),
    "id-ID": (
        "Dari semua artikel",
        "1 artikel",
        "Mencari di 1 artikel",
        "Hapus saringan",
        "Bahasa",
        "Indonesia",
    ),
}
QUESTION = {"en-US": "what did Myanmar buy?", "id-ID": "apa yang dibeli Myanmar?"}


@pytest.fixture(params=["desktop", "phone"])
def is_phone(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "phone")


@pytest.fixture(params=WORDS)
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visitor(chromium: Browser, desk: Desk, is_phone: bool, locale: str) -> Iterator[Visit]:
    with opening_page(chromium, desk.address, is_phone, locale) as visit:
        yield visit


def test_a_year_is_chosen_asked_and_cleared(visitor: Visit, locale: str) -> None:
    everything, one, searched, clear, *_ = WORDS[locale]
    page = visitor.page
    page.locator(".filters summary").click()
    page.get_by_role("link", name="2023", exact=True).click()
    summary = page.locator(".filters summary")
    expect(summary).to_contain_text("2023")
    expect(summary).to_contain_text(one)
    assert "since=2023-01-01&until=2023-12-31" in page.url
    visitor.ask(QUESTION[locale])
    visitor.answered()
    expect(page.locator(".facts")).to_contain_text(searched)
    expect(page.locator(".facts")).to_contain_text("(2023)")
    assert page.locator(".filters[open]").count() == 0, "it would stand before the answer"
    summary.click()
    page.get_by_role("link", name=clear).click()
    expect(summary).to_have_text(everything)
    assert "since" not in page.url
    assert visitor.complaints == []
    assert visitor.hosts == {"127.0.0.1"}


def test_the_keyboard_chooses_a_language_and_a_link_keeps_it(visitor: Visit, locale: str) -> None:
    *_, language, indonesian = WORDS[locale]
    page = visitor.page
    page.locator(".filters summary").focus()
    page.keyboard.press("Enter")
    chosen = page.get_by_label(language)
    chosen.focus()
    chosen.select_option("id")
    expect(page.locator(".filters summary")).to_contain_text(indonesian)
    expect(chosen).to_be_focused()
    page.reload()
    expect(page.locator(".filters summary")).to_contain_text(indonesian)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the window"
