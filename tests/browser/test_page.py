"""The chat page in a real browser: what a visitor sees, and what must not happen."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP, Desk, Visit
from tests.fakes import ARMS

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 30
SERVE = """
from assistant.web.app import create_app, listen, run
from tests.fakes import LIBRARY, FakeChain
run(create_app(FakeChain().runnable(), LIBRARY), listen("127.0.0.1", 0))
"""
QUESTION = "what weapons did Myanmar buy from Russia?"


def test_an_answer_streams_in_with_its_sources(visit: Visit, desk: Desk) -> None:
    desk.chain.hold()
    visit.ask(QUESTION)
    page = visit.page
    expect(page.locator(".turn h2")).to_contain_text(QUESTION)
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(".busy")).to_have_text("Reading 3 passages")
    expect(page.locator(".statement").last).not_to_contain_text("adds:")
    expect(page.locator("#question textarea")).to_have_value("")

    desk.chain.go.set()
    visit.answered()
    expect(page.locator(".chip")).to_have_count(3)
    expect(page.locator(".busy")).to_have_count(0)
    expect(page.locator(".facts")).to_contain_text("Very likely right (93%)")
    expect(page.locator(".facts")).to_contain_text("Searched 4 articles in")
    expect(page.locator(".card")).to_have_count(2)
    expect(page.locator("#quote-1-1")).to_have_text("Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia.")
    expect(page.locator(".card").first).to_contain_text("13 July 2022")
    expect(page.locator(".card").first).to_contain_text("Indonesian")


def test_what_is_typed_while_waiting_is_kept(visit: Visit, desk: Desk) -> None:
    desk.chain.hold()
    visit.ask(QUESTION)
    expect(visit.page.locator(".chip")).to_have_count(2)
    visit.page.locator("#question textarea").fill("my next question")
    desk.chain.go.set()
    visit.answered()
    expect(visit.page.locator("#question textarea")).to_have_value("my next question")


def test_a_chip_leads_to_the_quoted_words_and_escape_back(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.answered()
    page = visit.page
    page.locator(".chip").nth(1).click()
    mark = page.locator("#quote-1-2")
    expect(mark).to_be_in_viewport()
    expect(mark).to_be_focused()
    expect(mark).to_have_class("is-active")
    expect(page.locator(".card.is-active")).to_have_count(1)
    assert len(page.context.pages) == 1
    page.keyboard.press("Escape")
    expect(page.locator(".chip").nth(1)).to_be_focused()


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Tab")
    expect(page.locator("#send")).to_be_focused()
    page.keyboard.press("Enter")
    visit.answered()
    page.locator("#question textarea").focus()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.chip')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("mark.is-active")).to_be_focused()


def test_a_chip_of_an_older_answer_brings_its_sources_back(visit: Visit) -> None:
    page = visit.page
    visit.ask(QUESTION)
    visit.answered()
    visit.ask("what is the price of rice?")
    visit.answered(2)
    expect(page.locator("#quote-1-1")).to_be_hidden()
    expect(page.locator("#evidence .sheet:visible h2")).to_have_text("Looked at, without an answer")
    page.locator("#turn-1 .chip").first.click()
    expect(page.locator("#quote-1-1")).to_be_visible()


def test_the_article_opens_at_the_cited_words(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.answered()
    page = visit.page
    with page.context.expect_page() as opened:
        page.locator(".card .open").first.click()
    article = opened.value
    expect(article.locator("h1")).to_have_text(ARMS.title)
    expect(article.locator("mark#cited")).to_have_text("Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia.")
    expect(article.locator("mark#cited")).to_be_in_viewport()
    expect(article.locator("a.original")).to_have_attribute("href", re.compile(re.escape(f"{ARMS.url}#:~:text=")))


def test_an_example_is_a_question(visit: Visit, desk: Desk) -> None:
    page = visit.page
    example = page.locator("#examples button").first
    text = example.inner_text()
    example.click()
    visit.answered()
    assert desk.chain.asked[-1] == text
    expect(page.locator("#examples")).to_be_hidden()


def test_no_host_but_this_machine_is_called_and_nothing_complains(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.answered()
    visit.page.locator(".chip").first.click()
    assert visit.hosts == {"127.0.0.1"}
    assert visit.complaints == []


@pytest.mark.parametrize(
    "question",
    [
        "<img src=x onerror=\"alert('question')\"><script>alert('script')</script> hostile",
        "[hostile](javascript:alert(1)) **bold** # head `code` $$x^2$$",
        "${alert(1)} {{alert(1)}} {{#each this}}hostile{{/each}}",
        "\u202eesrever hostile",
    ],
)
def test_hostile_questions_and_articles_are_only_text(visit: Visit, question: str) -> None:
    page = visit.page
    visit.ask(question)
    visit.answered()
    expect(page.locator(".turn h2")).to_contain_text(question)
    for place in ("#talk", "#evidence"):
        assert page.locator(f"{place} :is(script, img, iframe, b, strong, h1, code, math)").count() == 0
        assert page.locator(f"{place} a[href^='javascript' i]").count() == 0
    if "hostile" in question:
        expect(page.locator(".card blockquote")).to_contain_text("<script>alert('text')</script>")
        expect(page.locator(".card blockquote")).to_contain_text("${alert('template')} {{alert}}")
        page.goto(page.url + (page.locator(".card .open").get_attribute("href") or ""))
        expect(page.locator("article")).to_contain_text("<script>alert('text')</script>")
        assert page.locator("article :is(script, img, b, h1 h1)").count() == 0
    assert visit.dialogs == []
    assert visit.complaints == []


@pytest.mark.parametrize("question", ["", "🦏🤔", "long " * 20_000], ids=["empty", "emoji", "100 kB"])
def test_what_is_no_good_question_gets_a_civil_answer(visit: Visit, question: str) -> None:
    visit.ask(question)
    visit.answered()
    expect(visit.page.locator(".statement")).to_have_text("I find nothing about this in the articles.")
    assert len(visit.page.locator(".turn h2").inner_text()) < 1_100
    visit.ask(QUESTION)
    visit.answered(2)
    expect(visit.page.locator(".chip")).to_have_count(3)
    assert visit.complaints == []


@pytest.mark.parametrize(
    ("question", "words"), [("break", "tanya index PATH --rebuild"), ("crash", "Something went wrong")]
)
def test_a_failure_is_told_civilly_and_the_page_goes_on(visit: Visit, question: str, words: str) -> None:
    visit.ask(question)
    expect(visit.page.get_by_role("alert")).to_contain_text(words)
    assert "secret" not in visit.page.content()
    visit.ask(QUESTION)
    visit.answered(2)
    expect(visit.page.locator(".chip")).to_have_count(3)


def test_visitors_do_not_see_each_other(visit: Visit, chromium: Browser, desk: Desk) -> None:
    visit.ask(QUESTION)
    visit.answered()
    context = chromium.new_context(viewport=DESKTOP)
    other = Visit(context.new_page())
    other.page.goto(desk.address)
    other.ask("what is the price of rice?")
    other.answered()
    expect(other.page.locator(".turn")).to_have_count(1)
    visit.ask("and now?")
    visit.answered(2)
    assert "rice" not in visit.page.inner_text("#talk")
    context.close()


def test_a_phone_shows_everything_without_scrolling_sideways(phone: Visit) -> None:
    page = phone.page
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) == 390
    phone.ask(QUESTION)
    phone.answered()
    assert page.evaluate(width) == 390
    expect(page.locator("#send")).to_be_in_viewport()
    page.locator(".chip").nth(2).tap()
    expect(page.locator("#quote-1-3")).to_be_in_viewport()
    expect(page.locator("#send")).to_be_in_viewport()
    phone.ask("unbreakable" * 80)
    phone.answered(2)
    assert page.evaluate(width) == 390
    assert phone.complaints == []


@pytest.mark.parametrize(("scheme", "is_light"), [("light", True), ("dark", False)])
def test_the_page_follows_light_and_dark(visit: Visit, scheme: Literal["light", "dark"], is_light: bool) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    visit.page.reload()
    visit.page.locator("#question textarea").wait_for()
    brightness = visit.page.evaluate(
        "() => { const c = document.createElement('canvas').getContext('2d');"
        " c.fillStyle = getComputedStyle(document.body).backgroundColor; c.fillRect(0, 0, 1, 1);"
        " return c.getImageData(0, 0, 1, 1).data[0]; }"
    )
    assert (brightness > 128) is is_light


def test_nothing_of_gradios_own_is_on_show(visit: Visit) -> None:
    page = visit.page
    expect(page).to_have_title("Tanya")
    assert "gradio" not in page.inner_text("body").lower()
    assert page.locator("footer").count() == 0


def test_ctrl_c_lets_an_open_page_go(chromium: Browser) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        try:
            assert server.stdout is not None
            context = chromium.new_context()
            visit = Visit(context.new_page())
            visit.page.goto(server.stdout.readline().split()[3])
            visit.ask(QUESTION)
            visit.answered()
            server.send_signal(signal.SIGINT)
            said, complained = server.communicate(timeout=WAIT_SECONDS)
            context.close()
        finally:
            server.kill()
    assert (said, complained, server.returncode) == ("", "", 0)
