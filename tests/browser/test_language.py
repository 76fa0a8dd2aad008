"""Two languages of the page: the browser's at first, the visitor's own choice from then on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP, PHONE, Desk, Visit


@pytest.mark.parametrize("is_phone", [False, True], ids=["desktop", "phone"])
def test_the_browsers_language_is_spoken_and_the_other_can_be_chosen(
    chromium: Browser, desk: Desk, is_phone: bool
) -> None:
    context = chromium.new_context(
        viewport=PHONE if is_phone else DESKTOP, locale="id-ID", has_touch=is_phone, is_mobile=is_phone
    )
    visit = Visit(context.new_page())
    page = visit.page
    page.goto(desk.address)
    expect(page.locator("#send")).to_have_text("Tanya")
    expect(page.locator("#question textarea")).to_have_attribute("placeholder", "Tanya berita")
    expect(page.get_by_text("Lihat kata yang menjawab")).to_be_visible()
    expect(page.get_by_text("See the words that answer")).to_be_hidden()
    page.get_by_role("button", name="English").click()
    expect(page.locator("#send")).to_have_text("Ask")
    expect(page.get_by_text("See the words that answer")).to_be_visible()
    expect(page.get_by_text("Lihat kata yang menjawab")).to_be_hidden()
    page.reload()
    expect(page.locator("#question textarea")).to_have_attribute("placeholder", "Ask the news")
    visit.ask("Myanmar beli apa ?")
    visit.answered()
    expect(page.locator(".facts")).to_contain_text("Mencari")  # an answer speaks the language of its question
    assert visit.complaints == []
    context.close()
