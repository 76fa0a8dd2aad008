"""The filters above the box: the address carries them, and only what they let through is asked."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit


@pytest.fixture(params=["desktop", "phone"])
def visitor(request: pytest.FixtureRequest) -> Visit:
    visit: Visit = request.getfixturevalue("visit" if request.param == "desktop" else "phone")
    return visit


def test_a_year_is_chosen_asked_and_cleared(visitor: Visit) -> None:
    page = visitor.page
    page.locator(".filters summary").click()
    page.get_by_role("link", name="2023", exact=True).click()
    summary = page.locator(".filters summary")
    expect(summary).to_contain_text("2023")
    expect(summary).to_contain_text("1 article")
    assert "since=2023-01-01&until=2023-12-31" in page.url
    visitor.ask("what did Myanmar buy?")
    visitor.answered()
    expect(page.locator(".facts")).to_contain_text("Searched 1 articles")
    expect(page.locator(".facts")).to_contain_text("(2023)")
    assert page.locator(".filters[open]").count() == 0, "it would stand before the answer"
    summary.click()
    page.get_by_role("link", name="Clear filters").click()
    expect(summary).to_have_text("From all articles")
    assert "since" not in page.url
    assert visitor.complaints == []
    assert visitor.hosts == {"127.0.0.1"}


def test_the_keyboard_chooses_a_language_and_a_link_keeps_it(visitor: Visit) -> None:
    page = visitor.page
    page.locator(".filters summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Language").focus()
    page.get_by_label("Language").select_option("id")
    expect(page.locator(".filters summary")).to_contain_text("Indonesian")
    expect(page.get_by_label("Language")).to_be_focused()
    page.reload()
    expect(page.locator(".filters summary")).to_contain_text("Indonesian")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the window"
