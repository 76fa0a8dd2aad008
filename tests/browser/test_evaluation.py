"""The pages about runs in a real browser: from the chat to a run, two runs compared, a failure asked again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from assistant.store import Index
from assistant.web.app import create_app
from tests.browser.conftest import DESKTOP, PHONE, Visit, serving
from tests.fakes import LIBRARY, FakeChain
from tests.runs import begun_at, evaluation_of, make_run


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, index: Index) -> Iterator[str]:
    """The page over two real runs: one as usual, and a newer one that declined everything."""
    folder = tmp_path_factory.mktemp("evaluation") / "runs"
    folder.mkdir()
    begun_at(make_run(folder / "usual", index), "2024-05-01T09:30:00+00:00")
    begun_at(make_run(folder / "shy", index, min_probability=1.0), "2024-05-02T09:30:00+00:00")
    with serving(create_app(FakeChain().runnable(), LIBRARY, evaluation=evaluation_of(folder, index))) as address:
        yield address


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_the_chat_to_a_failure_that_is_asked_again(
    chromium: Browser, address: str, viewport: ViewportSize
) -> None:
    is_phone = viewport is PHONE
    context = chromium.new_context(viewport=viewport, reduced_motion="reduce", has_touch=is_phone, is_mobile=is_phone)
    visit = Visit(context.new_page())
    page = visit.page

    def fits() -> bool:
        return bool(page.evaluate("document.documentElement.scrollWidth") == viewport["width"])

    page.goto(address)
    page.locator("#question textarea").wait_for()
    expect(page.get_by_role("link", name="Evaluation")).to_be_in_viewport()
    page.get_by_role("link", name="Evaluation").click()
    expect(page.locator(".run h2")).to_have_text(["shy", "usual"])
    assert fits()

    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("h1")).to_have_text("usual → shy")
    expect(page.locator("h2").nth(1)).to_have_text("No longer right: 1")
    assert fits()

    page.locator("h1 a").last.click()
    expect(page.locator("h1")).to_have_text("shy")
    page.get_by_label("How it ended").select_option("what failed")
    page.get_by_label("Words").fill("whoosh")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.locator(".questions li")).to_have_count(1)
    assert fits()

    page.get_by_role("link", name="Kapan kereta cepat Whoosh diresmikan?").press("Enter")
    page.get_by_role("button", name="Ask this again").press("Enter")
    expect(page.locator(".verdict")).to_have_text("Changed: was wrongly abstained, is now right")
    expect(page.locator(".verdict")).to_be_in_viewport()
    now = page.locator(".beside section").last
    expect(now.locator("mark")).to_have_text("2 Oktober 2023")
    now.locator(".passages > summary").click()
    now.locator(".passages li summary").first.click()
    expect(now.locator(".passages .text").first).to_be_visible()
    assert fits()

    page.get_by_role("link", name="Indonesia").click()
    expect(page.get_by_role("button", name="Tanyakan lagi")).to_be_visible()
    assert visit.hosts == {"127.0.0.1"}
    assert visit.complaints == []
    context.close()


@pytest.mark.parametrize(("scheme", "is_light"), [("light", True), ("dark", False)])
def test_the_pages_follow_light_and_dark(chromium: Browser, address: str, scheme: str, is_light: bool) -> None:
    context = chromium.new_context(color_scheme="light" if scheme == "light" else "dark")
    page = context.new_page()
    page.goto(f"{address}/evaluation/usual")
    red = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0]")
    assert (int(red) > 128) is is_light
    context.close()


def test_hostile_words_of_a_run_do_nothing(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    visit = Visit(context.new_page())
    visit.page.goto(f"{address}/evaluation/usual?outcome=failures")
    visit.page.get_by_role("link", name="<script>alert(1)</script>").click()
    visit.page.get_by_role("button", name="Ask this again").click()
    expect(visit.page.locator("h1")).to_contain_text("<script>alert(1)</script><img src=x onerror='alert(2)'>")
    expect(visit.page.locator(".verdict")).to_be_visible()
    assert visit.dialogs == []
    assert visit.complaints == []
    assert visit.hosts == {"127.0.0.1"}
    context.close()
