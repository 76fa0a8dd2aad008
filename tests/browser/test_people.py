"""Signing in with a real browser, on a desktop and on a phone: from the form to an answer, and out again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from assistant.config import Settings
from assistant.history import History, history_url
from assistant.people import People
from assistant.web.access import access_of
from assistant.web.app import create_app
from assistant.web.memory import Memory
from tests.browser.conftest import DESKTOP, PHONE, Visit, serving
from tests.fakes import LIBRARY, FakeChain
from tests.test_people import PASSWORD, QUICK

WEAPONS = "what weapons did Myanmar buy from Russia?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, People]]:
    folder = tmp_path_factory.mktemp("people")
    with (
        People(folder / "people.sqlite3", hasher=QUICK) as people,
        History(history_url(Settings(history=str(folder / "history.sqlite3")))) as history,
    ):
        people.add("ana", "ask", PASSWORD)
        people.add("budi", "ask", PASSWORD)
        app = create_app(
            FakeChain().runnable(), LIBRARY, Memory(history, LIBRARY), access=access_of(Settings(), people)
        )
        with serving(app) as address:
            yield address, people


def visit(chromium: Browser, address: str, viewport: ViewportSize = DESKTOP) -> Visit:
    is_phone = viewport is PHONE
    context = chromium.new_context(viewport=viewport, reduced_motion="reduce", has_touch=is_phone, is_mobile=is_phone)
    visit = Visit(context.new_page())
    visit.page.goto(address)
    return visit


def fill(visit: Visit, name: str, password: str) -> None:
    visit.page.get_by_label("Name").fill(name)
    visit.page.get_by_label("Password").fill(password)
    visit.page.keyboard.press("Enter")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_signing_in_asking_and_signing_out(
    chromium: Browser, folder: tuple[str, People], viewport: ViewportSize
) -> None:
    address, _ = folder
    there = visit(chromium, f"{address}/articles/delivery", viewport)
    page = there.page
    expect(page).to_have_title("Sign in · Tanya")
    expect(page.get_by_label("Name")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    fill(there, "ana", "wrong wrong")
    expect(page.get_by_role("alert")).to_have_text("Name and password do not belong together. Please try again.")
    expect(page.get_by_label("Password")).to_be_focused()
    assert there.complaints.pop(0).startswith("401 ")
    there.complaints.clear()  # the browser's own word about the 401
    fill(there, "ana", PASSWORD)
    expect(page.locator("h1")).to_have_text("Myanmar has received two of six Su-30 fighters")

    page.goto(address)
    expect(page.locator(".elsewhere a[href=account]")).to_have_text("ana")
    there.ask(WEAPONS)
    there.answered()
    if viewport is PHONE:
        page.locator(".open-drawer").click()
    expect(page.locator(".kept-note")).to_have_text("Kept on this server, and shown to you only. Signed in as ana")
    page.locator(".kept-note a").click()
    expect(page.get_by_text("You are signed in as ana.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You have signed out.")
    page.goto(address)
    expect(page).to_have_title("Sign in · Tanya")
    assert there.hosts == {"127.0.0.1"}
    assert there.complaints == []
    page.context.close()


def test_another_person_at_the_same_browser_sees_nothing_of_the_first(
    chromium: Browser, folder: tuple[str, People]
) -> None:
    address, _ = folder
    there = visit(chromium, address)
    fill(there, "ana", PASSWORD)
    there.ask(WEAPONS)
    there.answered()
    conversation = there.page.url
    there.page.goto(f"{address}/account")
    there.page.get_by_role("button", name="Sign out").click()
    there.page.goto(conversation)
    fill(there, "budi", PASSWORD)
    expect(there.page.locator("#question textarea")).to_be_visible()
    expect(there.page.locator(".conversations")).to_have_text("Nothing here yet. What you ask will be kept here.")
    assert there.page.locator(".turn").count() == 0
    there.page.context.close()


def test_whose_session_is_over_is_asked_to_sign_in_again(chromium: Browser, folder: tuple[str, People]) -> None:
    address, people = folder
    there = visit(chromium, address)
    fill(there, "budi", PASSWORD)
    there.page.get_by_placeholder("Ask the news", exact=True).wait_for()  # as it is once the page has arrived
    people.change("budi", role="ask")  # ends the session
    there.ask(WEAPONS)
    expect(there.page).to_have_title("Sign in · Tanya")
    there.page.context.close()
