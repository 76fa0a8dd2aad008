"""axe-core over every page, in its states: nothing it calls serious or critical, in light and dark, large and small."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assistant.config import Settings
from assistant.history import History, history_url
from assistant.store import Index
from assistant.web.app import create_app
from assistant.web.memory import Memory
from tests.browser.conftest import DESKTOP, PHONE, Visit, serving
from tests.fakes import LIBRARY, FakeChain
from tests.runs import evaluation_of, make_run


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, index: Index) -> Iterator[str]:
    """Everything there is to see: a chat that keeps, and two runs."""
    folder: Path = tmp_path_factory.mktemp("all")
    make_run(folder / "runs" / "usual", index)
    make_run(folder / "runs" / "shy", index, min_probability=1.0)
    with History(history_url(Settings(history=str(folder / "history.sqlite3")))) as history:
        app = create_app(
            FakeChain().runnable(), LIBRARY, Memory(history, LIBRARY), evaluation_of(folder / "runs", index)
        )
        with serving(app) as address:
            yield address


@pytest.fixture(params=["desktop-light", "desktop-dark", "phone-light", "phone-dark"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    device, _, scheme = request.param.partition("-")
    phone = device == "phone"
    colours: Literal["light", "dark"] = "dark" if scheme == "dark" else "light"
    context = chromium.new_context(
        viewport=PHONE if phone else DESKTOP,
        color_scheme=colours,
        reduced_motion="reduce",
        has_touch=phone,
        is_mobile=phone,
    )
    yield context.new_page()
    context.close()


def serious(page: Page) -> list[str]:
    """What axe-core finds serious or critical: the rule and the elements."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_the_chat_in_its_states(page: Page, address: str) -> None:
    visit = Visit(page)
    page.goto(address)
    page.locator(".filters summary").wait_for()
    assert serious(page) == []
    page.locator(".filters summary").click()
    page.get_by_role("link", name="2022", exact=True).first.click()
    expect(page.locator(".filters summary")).to_contain_text("2022")
    assert serious(page) == []
    for count, question in enumerate(("what did Myanmar buy?", "what is the price of rice?", "break"), 1):
        visit.ask(question)
        visit.answered(count)
        assert serious(page) == []
    page.locator("[data-verdict=down]").first.click()
    page.get_by_text("The answer is wrong").wait_for()
    assert serious(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/articles/arms%2F2022-07-13?start=82&end=139&lang=en",
        "/articles/none",
        "/evaluation",
        "/evaluation/runs/usual",
        "/nowhere",
    ],
)
def test_the_other_pages(page: Page, address: str, path: str) -> None:
    page.set_extra_http_headers({"accept": "text/html"})
    page.goto(address + path)
    assert serious(page) == []
