"""The collection in a real browser, and an article with the quotations of a conversation: desk and phone, no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from assistant.config import Settings
from assistant.embed import Encoder
from assistant.history import History, history_url
from assistant.records import Article
from assistant.store import Index
from assistant.web.app import create_app
from assistant.web.corpus.phrases import WORDS
from assistant.web.corpus.routes import Shelf
from assistant.web.memory import Memory
from tests.browser.conftest import DESKTOP, PHONE, Visit, serving
from tests.browser.test_accessibility import serious
from tests.conftest import fill
from tests.fakes import ARMS, DELIVERY, FakeChain
from tests.runs import settings_of


@pytest.fixture
def address(tmp_path: Path, encoder: Encoder, articles: list[Article]) -> Iterator[str]:
    """An index to change, and a chat over it that keeps."""
    with (
        Index(tmp_path / "index", encoder, create=True) as index,
        History(history_url(Settings(history=str(tmp_path / "history.sqlite3")))) as history,
    ):
        fill(index, [*articles, ARMS, DELIVERY])
        memory = Memory(history, index)
        shelf = Shelf(settings_of(index), index)
        with serving(create_app(FakeChain().runnable(), index, memory, shelf=shelf)) as address:
            yield address


@pytest.fixture(params=["desktop-en", "phone-id"])
def visit(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Visit]:
    device, _, lang = request.param.partition("-")
    phone = device == "phone"
    viewport: ViewportSize = PHONE if phone else DESKTOP
    context = chromium.new_context(
        viewport=viewport,
        color_scheme="dark" if phone else "light",
        reduced_motion="reduce",
        has_touch=phone,
        is_mobile=phone,
        locale=lang,
    )
    yield Visit(context.new_page())
    context.close()


def fits(page: Page) -> bool:
    assert page.viewport_size
    return bool(page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"])


def test_from_the_masthead_to_an_article_brought_in_and_taken_out(visit: Visit, address: str, tmp_path: Path) -> None:
    page = visit.page
    page.goto(address)
    page.locator(".holdings a").click()
    lang = "id" if page.locator("html").get_attribute("lang") == "id" else "en"
    words = WORDS["id" if lang == "id" else "en"]
    expect(page.locator("h1")).to_have_text(words.corpus)
    expect(page.locator(".listed li")).to_have_count(5)
    assert fits(page)
    assert serious(page) == []

    page.locator(".bars a", has_text="Harian Contoh").click()
    expect(page.locator(".listed li")).to_have_count(1)
    page.locator(".chosen a").click()
    expect(page.locator(".listed li")).to_have_count(5)
    page.locator(".timeline a[aria-label*='2022']").first.press("Enter")
    expect(page.locator(".listed li")).to_have_count(2)
    page.wait_for_load_state()
    page.get_by_label(words.search).fill("pererat")
    page.get_by_label(words.search).press("Enter")
    expect(page.locator(".listed a")).to_have_text(ARMS.title)

    (tmp_path / "beras.md").write_text(
        "---\ntitle: Harga beras turun\n---\nHarga beras turun pada hari Senin.", "utf-8"
    )
    (tmp_path / "kosong.txt").write_text("")
    page.get_by_label(words.files).set_input_files([tmp_path / "beras.md", tmp_path / "kosong.txt"])
    page.get_by_role("button", name=words.send).click()
    expect(page.locator("h1")).to_have_text(words.taken)
    expect(page.locator(".files tbody td").first).to_have_text(words.added.format(count=1))
    expect(page.locator(".files tbody td").last).to_contain_text("is empty")
    assert fits(page)
    assert serious(page) == []

    page.locator(".onward").click()
    page.get_by_label(words.search).fill("beras")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Harga beras turun").click()
    expect(page.locator(".story p[dir]").last).to_contain_text("Harga beras turun pada hari Senin.")
    page.go_back()
    page.get_by_label(words.tick.format(title="Harga beras turun")).check()
    page.get_by_role("button", name=words.remove).click()
    expect(page.locator("h1")).to_have_text(words.remove_question)
    assert serious(page) == []
    page.get_by_role("button", name=words.remove_yes).click()
    expect(page.locator("h1")).to_contain_text("1")
    page.locator(".onward").click()
    expect(page.locator(".listed li")).to_have_count(5)

    page.get_by_role("link", name=words.health).click()
    expect(page.locator(".facts .good")).to_be_visible()
    assert fits(page)
    assert serious(page) == []
    assert visit.hosts == {"127.0.0.1"}
    assert visit.complaints == []


def test_an_article_shows_the_quotations_of_the_conversation(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(address)
    page.locator("#question textarea").wait_for()
    page.locator("#drawer").wait_for(state="attached")
    visit.ask("what weapons did Myanmar buy from Russia?")
    visit.answered()
    page.wait_for_url("**conversation=*")  # a link gets it when it is followed
    with page.context.expect_page() as opened:
        page.locator(".card .open").first.click()
    article = opened.value
    article.wait_for_load_state()
    expect(article.locator("mark[id]")).to_have_count(2)
    bar = article.locator(".steps:visible")
    expect(bar).to_have_count(1)
    expect(bar).to_contain_text("1 of 2")
    expect(article.locator("#cited")).to_be_in_viewport()
    assert serious(article) == []

    bar.get_by_label("The next quoted words").focus()
    article.keyboard.press("Enter")
    expect(bar).to_contain_text("2 of 2")
    expect(article.locator("mark:target")).to_contain_text("Pantsir S-1")
    bar.get_by_label("The quoted words before these").click()
    expect(article.locator("mark:target")).to_contain_text("Sukhoi")

    article.locator("nav a[href*=conversation]").click()
    article.locator("#talk .turn").wait_for()
    expect(article.locator(".turn h2")).to_contain_text("what weapons did Myanmar buy from Russia?")


def test_what_an_old_browser_is_led_to_is_the_mark(visit: Visit, address: str) -> None:
    """It knows no text fragments, and looks for an element that is called by all that stands behind the #."""
    page = visit.page
    page.goto(address)
    page.locator("#question textarea").wait_for()
    visit.ask("Myanmar")
    visit.answered()
    href = page.locator(".card .open").first.get_attribute("href") or ""
    page.goto(f"{address}/{href.partition('#')[0]}")
    name = href.partition("#")[2]
    assert ":~:text=" in name
    assert page.evaluate("name => document.getElementById(name).closest('mark').id", name) == "cited"
