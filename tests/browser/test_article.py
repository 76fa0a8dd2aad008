"""An article, opened from the conversation that quotes it: from mark to mark and back, without a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.config import Settings
from assistant.history import History, history_url
from assistant.web.app import create_app
from assistant.web.memory import Memory
from tests.browser.conftest import serving
from tests.browser.test_kept import visiting
from tests.fakes import LIBRARY, FakeChain


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with History(history_url(Settings(history=str(tmp_path / "history.sqlite3")))) as history:
        app = create_app(FakeChain().runnable(), LIBRARY, Memory(history, LIBRARY))
        with serving(app) as address:
            yield address


# What a visitor reads and presses, in the language of the browser.
WORDS = {
    "en-US": ("what did Myanmar buy?", "{} of {}", "The next quoted words", "Back to the conversation"),
    "id-ID": ("apa yang dibeli Myanmar?", "{} dari {}", "Kutipan berikutnya", "Kembali ke percakapan"),
}


@pytest.mark.parametrize("locale", WORDS)
@pytest.mark.parametrize("is_phone", [False, True], ids=["desktop", "phone"])
def test_from_the_answer_through_its_quotations_and_back(
    chromium: Browser, address: str, is_phone: bool, locale: str
) -> None:
    question, place, on, back = WORDS[locale]
    with visiting(chromium, address, is_phone, locale) as visit:
        visit.ask(question)
        visit.answered()
        visit.page.wait_for_url("**conversation=*")
        with visit.page.context.expect_page() as opened:
            visit.page.locator(".card .open").first.click()
        article = opened.value
        expect(article.locator("mark")).to_have_count(2)
        expect(article.locator("mark#cited")).to_be_in_viewport()
        expect(article.locator(".steps:visible")).to_contain_text(place.format(1, 2))
        article.get_by_role("link", name=on).click()
        expect(article.locator("mark:target")).to_contain_text("Pantsir S-1")
        expect(article.locator(".steps:visible")).to_contain_text(place.format(2, 2))
        assert article.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the window"
        article.get_by_role("link", name=back).click()
        expect(article.locator(".turn .asked")).to_contain_text(question)
