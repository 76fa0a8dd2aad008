"""A real server on a free port of this machine, and a real Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from assistant.web.app import address_of, create_app, listen
from tests.fakes import LIBRARY, FakeChain

START_SECONDS = 60
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


@dataclass
class Desk:
    """The served page: its address, and the chain behind it."""

    address: str
    chain: FakeChain


@dataclass
class Visit:
    """One visitor's page, and what the browser noticed: hosts it called, complaints, dialogs, refused requests."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._requested)
        self.page.on("response", self._answered)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._opened)

    def _requested(self, request: Request) -> None:
        self.hosts.add(urlsplit(request.url).hostname or request.url[:30])

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _opened(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def ask(self, question: str) -> None:
        """Types the question and sends it with the keyboard."""
        self.page.locator("#question textarea").fill(question)
        self.page.keyboard.press("Enter")

    def answered(self, count: int = 1) -> None:
        """Waits until so many questions have their whole answer."""
        self.page.locator('#talk .turn[aria-busy="false"]').nth(count - 1).wait_for()


# A page on a busy machine takes its time; waiting longer for what comes costs nothing.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")  # Playwright's event loop must end before other tests start theirs
def chromium() -> Iterator[Browser]:
    path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if path is None:
        complaint = "no Chromium here: apt-get install chromium, or name one in CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(complaint)
        pytest.skip(complaint)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of the application on a free port; it stops with the block, and lets open pages go."""

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.over.set()
            await super().shutdown(sockets)

    with listen("127.0.0.1", 0) as listener:
        server = Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            thread.join(0.05)
        assert server.started, "the server did not start"
        yield address_of(listener)
        server.should_exit = True
        thread.join(START_SECONDS)


@pytest.fixture(scope="session")
def server() -> Iterator[Desk]:
    chain = FakeChain()
    with serving(create_app(chain.runnable(), LIBRARY)) as address:
        yield Desk(address, chain)


@pytest.fixture
def desk(server: Desk) -> Iterator[Desk]:
    """The server; whatever a test held back is let go at its end."""
    yield server
    server.chain.go.set()


@pytest.fixture
def visit(chromium: Browser, desk: Desk) -> Iterator[Visit]:
    """A visitor on a desktop."""
    with opening_page(chromium, desk.address) as visit:
        yield visit


@pytest.fixture
def phone(chromium: Browser, desk: Desk) -> Iterator[Visit]:
    """A visitor on a phone."""
    with opening_page(chromium, desk.address, is_phone=True) as visit:
        yield visit


@contextmanager
def opening_page(chromium: Browser, address: str, is_phone: bool = False, locale: str = "en-US") -> Iterator[Visit]:
    """A new visitor, with no cookies yet, whose page is there."""
    context = chromium.new_context(
        viewport=PHONE if is_phone else DESKTOP,
        reduced_motion="reduce",
        has_touch=is_phone,
        is_mobile=is_phone,
        locale=locale,
    )
    visit = Visit(context.new_page())
    visit.page.goto(address)
    visit.page.locator("#question textarea").wait_for()
    yield visit
    context.close()
