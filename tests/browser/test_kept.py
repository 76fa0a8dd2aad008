"""Kept conversations in a real browser: reloaded, restarted, renamed, judged, deleted; on a desk and a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.config import Settings
from assistant.history import Feedback, History, history_url
from assistant.web.app import create_app
from assistant.web.memory import Memory
from tests.browser.conftest import Desk, Visit, opening_page, serving
from tests.fakes import LIBRARY, FakeChain

QUESTION = "what weapons did Myanmar buy from Russia?"
RICE = "what is the price of rice?"
Serve = Callable[[], AbstractContextManager[Desk]]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """The file that the servers write to, as the test looks into it."""
    with History(history_url(Settings(history=str(tmp_path / "history.sqlite3")))) as history:
        yield history


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    @contextmanager
    def started() -> Iterator[Desk]:
        chain = FakeChain()
        with History(history_url(Settings(history=str(tmp_path / "history.sqlite3")))) as history:
            app = create_app(chain.runnable(), LIBRARY, Memory(history, LIBRARY))
            with serving(app) as address:
                yield Desk(address, chain)
                chain.go.set()

    return started


@contextmanager
def visiting(chromium: Browser, address: str, is_phone: bool = False, locale: str = "en-US") -> Iterator[Visit]:
    with opening_page(chromium, address, is_phone, locale) as visit:
        visit.page.locator("#drawer").wait_for(state="attached")
        yield visit


def arrive(visit: Visit, address: str) -> None:
    visit.page.goto(address)
    visit.page.locator("#question textarea").wait_for()
    visit.page.locator("#drawer").wait_for(state="attached")


def open_drawer(visit: Visit) -> None:
    if visit.page.locator(".open-drawer").is_visible():
        visit.page.locator(".open-drawer").click()
    expect(visit.page.locator("#drawer")).to_be_visible()


def titles(visit: Visit) -> list[str]:
    return visit.page.locator("#drawer .conversations a span").all_inner_texts()


@pytest.mark.parametrize("is_phone", [False, True], ids=["desktop", "phone"])
def test_a_conversation_lives_until_it_is_deleted(
    chromium: Browser, serve: Serve, history: History, is_phone: bool
) -> None:
    with ExitStack() as stack:
        with serve() as desk:
            visit = stack.enter_context(visiting(chromium, desk.address, is_phone))
            page = visit.page
            visit.ask(QUESTION)
            visit.answered()
            page.locator("[data-verdict=down]").click()
            expect(page.locator(".opinion form")).to_be_visible()
            page.get_by_label("The source is wrong").check()
            page.locator(".opinion textarea").fill("It is an old one.")
            page.get_by_role("button", name="Send").click()
            expect(page.locator(".opinion summary")).to_have_text("The source is wrong Change")
            expect(page.locator(".opinion summary")).to_be_focused()
            (rated,) = history.all_feedback()
            assert rated.feedback == Feedback("down", "wrong-source", "It is an old one.")

            expect(page).to_have_url(re.compile(r"\?conversation=[\w-]{16}$"))
            page.reload()
            expect(page.locator(".chip")).to_have_count(3)
            address = page.url.removeprefix(desk.address)
        with serve() as desk:
            arrive(visit, desk.address)
            expect(page.locator(".turn")).to_have_count(0)
            open_drawer(visit)
            page.get_by_role("link", name=QUESTION).click()
            expect(page.locator(".chip")).to_have_count(3)
            assert page.url == desk.address + address
            expect(page.locator("#quote-1-1")).to_have_text("Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia.")
            expect(page.locator(".facts")).to_contain_text("Very likely right (93%)")
            expect(page.locator("[data-verdict=down]")).to_have_attribute("aria-pressed", "true")
            visit.ask(RICE)
            visit.answered(2)
            expect(page.locator("#turn-1 [data-verdict=down]")).to_have_attribute("aria-pressed", "true")

            open_drawer(visit)
            page.get_by_role("button", name=f"Rename: {QUESTION}").click()
            expect(page.get_by_role("textbox", name="Title")).to_be_focused()
            page.keyboard.type("Arms for Myanmar")
            page.keyboard.press("Enter")
            expect(page.get_by_role("button", name="Rename: Arms for Myanmar")).to_be_focused()

            page.get_by_role("button", name="New conversation").click()
            expect(page.locator(".turn")).to_have_count(0)
            expect(page.locator("#question textarea")).to_be_focused()
            visit.ask(RICE)
            visit.answered()
            open_drawer(visit)
            expect(page.locator(".conversations li")).to_have_count(2)
            assert titles(visit) == [RICE, "Arms for Myanmar"]
            expect(page.get_by_role("link", name=RICE)).to_have_attribute("aria-current", "page")
            page.get_by_role("searchbox").fill("pantsir")
            expect(page.locator(".conversations li")).to_have_count(1)
            assert titles(visit) == ["Arms for Myanmar"]
            page.get_by_role("searchbox").fill("")
            expect(page.locator(".conversations li")).to_have_count(2)

            page.get_by_role("button", name=f"Delete: {RICE}").click()
            expect(page.get_by_role("button", name="Cancel")).to_be_focused()
            page.keyboard.press("Escape")
            expect(page.locator(".conversations li")).to_have_count(2)
            page.get_by_role("button", name=f"Delete: {RICE}").click()
            page.get_by_role("dialog").get_by_role("button", name="Delete").click()
            expect(page.locator(".conversations li")).to_have_count(1)
            expect(page.get_by_role("link", name="Arms for Myanmar")).to_be_focused()
            expect(page.locator(".turn")).to_have_count(0)
            assert page.url == desk.address + "/"

            page.get_by_role("button", name="Delete my data").click()
            page.get_by_role("dialog").get_by_role("button", name="Delete").click()
            expect(page.locator(".conversations")).to_have_text("Nothing here yet. What you ask will be kept here.")
            expect(page.locator("#history [role=status]")).to_have_text("Deleted.")
            assert history.all_feedback() == []
            assert visit.hosts == {"127.0.0.1"}
            assert visit.complaints == []


def test_one_browser_never_sees_anothers(chromium: Browser, serve: Serve) -> None:
    with serve() as desk, visiting(chromium, desk.address) as mine, visiting(chromium, desk.address) as yours:
        mine.ask(QUESTION)
        mine.answered()
        expect(mine.page.locator(".conversations li")).to_have_count(1)
        arrive(yours, mine.page.url)
        expect(yours.page.locator(".masthead")).to_be_visible()
        yours.ask(RICE)
        yours.answered()
        expect(yours.page.locator(".turn")).to_have_count(1)
        expect(yours.page.locator(".conversations li")).to_have_count(1)
        assert titles(yours) == [RICE]
        assert yours.page.url != mine.page.url
        assert QUESTION not in yours.page.inner_text("body")
        assert "tanya_browser" not in str(yours.page.evaluate("document.cookie"))


def test_a_reloaded_page_goes_on_with_its_conversation(chromium: Browser, serve: Serve, history: History) -> None:
    with serve() as desk, visiting(chromium, desk.address) as visit:
        visit.ask(QUESTION)
        visit.answered()
        before = visit.page.url
        visit.page.reload()
        expect(visit.page.locator(".chip")).to_have_count(3)
        visit.ask(RICE)
        visit.answered(2)
        assert visit.page.url == before
        expect(visit.page.locator(".conversations li")).to_have_count(1)
        visit.page.locator("#turn-2 [data-verdict=up]").click()
        expect(visit.page.locator("#turn-2 [data-verdict=up]")).to_have_attribute("aria-pressed", "true")
        (rated,) = history.all_feedback()
        assert [turn.question for turn in (*rated.before, rated.turn)] == [QUESTION, RICE]


def test_turning_to_another_conversation_stops_an_answer_that_is_coming(chromium: Browser, serve: Serve) -> None:
    with serve() as desk, visiting(chromium, desk.address) as visit:
        desk.chain.hold()
        visit.ask(QUESTION)
        expect(visit.page.locator(".chip")).to_have_count(2)
        visit.page.get_by_role("button", name="New conversation").click()
        expect(visit.page.locator(".turn")).to_have_count(0)
        with visit.page.expect_response("**/gradio_api/reset"):  # the old answer has ended, and shows nowhere
            desk.chain.go.set()
        visit.ask(RICE)
        visit.answered()
        expect(visit.page.locator(".turn h2")).to_have_text(f"You asked: {RICE}")


def test_back_and_forward_walk_through_conversations(chromium: Browser, serve: Serve) -> None:
    with serve() as desk, visiting(chromium, desk.address) as visit:
        page = visit.page
        visit.ask(QUESTION)
        visit.answered()
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".turn")).to_have_count(0)
        page.go_back()
        expect(page.locator(".chip")).to_have_count(3)
        expect(page.get_by_role("link", name=QUESTION)).to_have_attribute("aria-current", "page")
        page.go_forward()
        expect(page.locator(".turn")).to_have_count(0)


def test_the_keyboard_judges_and_takes_back(chromium: Browser, serve: Serve, history: History) -> None:
    with serve() as desk, visiting(chromium, desk.address, locale="id-ID") as visit:
        page = visit.page
        visit.ask("apa senjata Myanmar?")
        visit.answered()
        up = page.get_by_role("button", name="Jawaban baik")
        up.focus()
        page.keyboard.press("Enter")
        expect(up).to_have_attribute("aria-pressed", "true")
        expect(up).to_be_focused()
        expect(page.locator("#history [role=status]")).to_have_text("Terima kasih. Ini membantu.")
        assert [one.feedback for one in history.all_feedback()] == [Feedback("up")]
        page.keyboard.press("Enter")
        expect(up).to_have_attribute("aria-pressed", "false")
        assert history.all_feedback() == []
        expect(page.get_by_role("button", name="Percakapan baru")).to_be_visible()


def test_hostile_questions_are_text_in_the_list(chromium: Browser, serve: Serve) -> None:
    question = "<img src=x onerror=\"alert('question')\">'\"><script>alert(1)</script> ${alert(2)} hostile"
    with serve() as desk, visiting(chromium, desk.address) as visit:
        visit.ask(question)
        visit.answered()
        expect(visit.page.locator(".conversations a span")).to_contain_text("<img src=x onerror=")
        assert visit.page.locator("#history :is(img, script)").count() == 0
        visit.page.locator("[data-do=rename]").click()
        expect(visit.page.get_by_role("textbox", name="Title")).to_have_value(re.compile("^<img src=x onerror="))
        assert visit.dialogs == []
        assert visit.complaints == []


def test_a_phone_shows_the_drawer_without_scrolling_sideways(chromium: Browser, serve: Serve) -> None:
    with serve() as desk, visiting(chromium, desk.address, is_phone=True) as visit:
        page = visit.page
        expect(page.locator(".open-drawer")).to_be_in_viewport(ratio=1)
        visit.ask("unbreakable" * 80)
        visit.answered()
        expect(page.locator("#drawer")).to_be_hidden()
        page.get_by_role("button", name="Conversations").click()
        for name in ("Close", "New conversation", "Delete my data"):
            expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
        expect(page.locator("[data-do=delete]")).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.keyboard.press("Escape")
        expect(page.locator("#drawer")).to_be_hidden()
        expect(page.locator(".open-drawer")).to_be_focused()
