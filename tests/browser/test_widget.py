"""The widget in a real browser: pages of a portal on another origin, and of another site (localhost, not 127.0.0.1)."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse
from playwright.sync_api import Browser, Frame, Locator, Page, expect
from sqlalchemy import URL

from assistant.history import History
from assistant.sites import Bearer, Site, Sites
from assistant.web.app import create_app, listen
from assistant.web.memory import Memory
from tests.browser.conftest import DESKTOP, PHONE, Visit, serving
from tests.fakes import LIBRARY, FakeChain
from tests.test_sites import signed

ROOT = Path(__file__).resolve().parents[2]
REACT = ROOT / "examples" / "portal" / "react"
WAIT_SECONDS = 30
QUESTION = "what weapons did Myanmar buy from Russia?"
HEAD = (
    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Portal</title>'
    '<link rel="icon" href="data:,">'
)
# Playwright does not look into closed shadow roots, so where a test looks at the panel it is an open one.
SEE_THROUGH = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, { ...options, mode: "open" }); };
"""
HEARD = """<script>
const types = ["ready", "open", "close", "answer", "error"];
for (const chat of document.querySelectorAll("tanya-chat")) for (const type of types)
  chat.on(type, (detail) => (window.heard ??= []).push([type, detail]));
</script>"""


@dataclass
class Portal:
    """Tanya and a portal. Each page of the portal is its widget's script and what a test adds."""

    tanya: str
    address: str = ""  # of the portal, as one of Tanya's sites knows it
    sites: Sites = field(kw_only=True)
    history: History = field(kw_only=True)
    chain: FakeChain = field(kw_only=True)
    secret: str = ""
    page: str = ""
    tokens: list[str] = field(default_factory=list)  # handed out in turn; the last one again and again
    asked: int = 0  # how often a token was asked for

    def bubble(self, attributes: str = "") -> None:
        self.page = (
            f'<button id="b">Before</button><script src="{self.tanya}/widget.js" data-site="hr-portal" {attributes}>'
            "</script>"
        )

    def inline(self, attributes: str = "") -> None:
        self.page = (
            f'<script src="{self.tanya}/widget.js"></script><tanya-chat site="hr-portal" mode="inline" '
            f'style="height: 600px" {attributes}></tanya-chat>'
        )

    def token(self) -> str:
        self.asked += 1
        return self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    chain = FakeChain()
    with (
        Sites(folder / "sites.sqlite3") as sites,
        History(URL.create("sqlite", database=str(folder / "history.sqlite3"))) as history,
        serving(create_app(chain.runnable(), LIBRARY, Memory(history, LIBRARY), sites=sites)) as tanya,
    ):
        portal = Portal(tanya, sites=sites, history=history, chain=chain)
        pages = FastAPI()
        pages.state.over = asyncio.Event()

        @pages.get("/")
        def page() -> HTMLResponse:
            policy = f"script-src 'unsafe-inline' {tanya}; frame-src {tanya} 'self'; style-src 'unsafe-inline'"
            return HTMLResponse(f"{HEAD}<body>{portal.page}{HEARD}", headers={"content-security-policy": policy})

        @pages.get("/tanya-token")
        def token() -> JSONResponse:
            return JSONResponse({"token": portal.token()})

        with serving(pages) as address:
            portal.address = address.replace("127.0.0.1", "localhost")
            yield portal


@pytest.fixture
def portal(both: Portal) -> Iterator[Portal]:
    """The portal with a new site of its own, and a token for Dewi."""
    both.secret = both.sites.add(Site("hr-portal", (both.address,)))
    both.tokens, both.asked = [signed(both.secret, jti=str(time.time_ns()))], 0
    yield both
    both.sites.remove("hr-portal")
    both.chain.go.set()


@dataclass
class Guest:
    """A page of the portal in the browser."""

    visit: Visit

    @property
    def page(self) -> Page:
        return self.visit.page

    @property
    def frame(self) -> Frame:
        """The frame in the closed shadow root, which only the browser's own tools reach."""
        self.page.wait_for_event("framenavigated", lambda _: self._found() is not None) if not self._found() else None
        found = self._found()
        assert found is not None
        return found

    def _found(self) -> Frame | None:
        return next((frame for frame in self.page.frames if "/widget/" in frame.url), None)

    @property
    def box(self) -> Locator:
        return self.frame.locator("#question textarea")

    def until(self, condition: str, value: Any = None) -> None:
        """Waits for a function of the portal's page to be true; Playwright's own waiting needs 'unsafe-eval' there."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.page.evaluate(condition, value):
            assert time.monotonic() < deadline, condition
            self.page.evaluate("() => new Promise(requestAnimationFrame)")

    def heard(self, type: str) -> list[Any]:
        """What the portal's functions have heard of this type of event, waiting for the first."""
        self.until("(type) => window.heard?.some(([heard]) => heard === type)", type)
        said = self.page.evaluate("window.heard")
        return [detail for heard, detail in said if heard == type]

    def answered(self, count: int = 1) -> None:
        self.frame.locator('#talk .turn[aria-busy="false"]').nth(count - 1).wait_for()


@contextmanager
def opening(
    chromium: Browser, address: str, on: Literal["desktop", "phone"] = "desktop", is_closed: bool = False
) -> Iterator[Guest]:
    phone = on == "phone"
    context = chromium.new_context(
        viewport=PHONE if phone else DESKTOP, has_touch=phone, is_mobile=phone, reduced_motion="reduce"
    )
    if not is_closed:
        context.add_init_script(SEE_THROUGH)
    guest = Guest(Visit(context.new_page()))
    guest.page.goto(address)
    yield guest
    context.close()


# Opening and closing


def test_a_question_is_asked_and_answered_in_the_panel(chromium: Browser, portal: Portal) -> None:
    portal.bubble('data-token-url="/tanya-token" data-heading="Ask the desk"')
    with opening(chromium, portal.address) as guest:
        launcher = guest.page.get_by_role("button", name="Ask the desk")
        expect(launcher).to_have_attribute("aria-expanded", "false")
        assert portal.asked == 0  # nothing is loaded before it is wanted
        launcher.click()
        expect(guest.page.get_by_role("dialog", name="Ask the desk")).to_be_visible()
        expect(guest.box).to_be_focused()
        guest.page.keyboard.type(QUESTION)
        guest.page.keyboard.press("Enter")
        guest.answered()
        expect(guest.frame.locator(".chip")).to_have_count(3)
        assert guest.heard("answer") == [{"found": True, "citations": 3, "failed": False}]
        assert portal.asked == 1
        assert guest.visit.complaints == []
        dewi = Bearer("hr-portal", "dewi", (), 0).owner
        assert QUESTION in [one.title for one in portal.history.conversations(dewi)]
        assert guest.page.context.cookies() == []


def test_escape_closes_and_the_focus_comes_back(chromium: Browser, portal: Portal) -> None:
    portal.bubble('data-token-url="/tanya-token"')
    with opening(chromium, portal.address) as guest:
        dialog, launcher = guest.page.get_by_role("dialog"), guest.page.get_by_role("button", name="Ask the news")
        launcher.click()
        guest.box.focus()
        guest.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(launcher).to_be_focused()
        guest.page.locator("#b").focus()
        guest.page.evaluate("Tanya.open()")
        guest.page.get_by_role("button", name="Close").press("Escape")
        expect(dialog).to_be_hidden()
        expect(guest.page.locator("#b")).to_be_focused()
        guest.until("() => window.heard.filter(([type]) => type === 'close').length === 2")
        assert len(guest.heard("open")) == 2


def test_escape_first_closes_what_is_open_inside(chromium: Browser, portal: Portal) -> None:
    portal.bubble('data-token-url="/tanya-token"')
    with opening(chromium, portal.address) as guest:
        guest.page.evaluate("Tanya.open()")
        guest.frame.locator(".open-drawer").click()
        expect(guest.frame.locator("#drawer")).to_be_visible()
        guest.page.keyboard.press("Escape")
        expect(guest.frame.locator("#drawer")).to_be_hidden()
        expect(guest.page.get_by_role("dialog")).to_be_visible()
        guest.page.keyboard.press("Escape")
        expect(guest.page.get_by_role("dialog")).to_be_hidden()


def test_on_a_phone_it_fills_the_screen(chromium: Browser, portal: Portal) -> None:
    portal.bubble('data-token-url="/tanya-token" data-lang="id"')
    with opening(chromium, portal.address, "phone") as guest:
        guest.page.get_by_role("button", name="Tanya berita").tap()
        box = guest.page.get_by_role("dialog").bounding_box()
        assert box == {"x": 0, "y": 0, "width": PHONE["width"], "height": PHONE["height"]}
        expect(guest.box).to_have_attribute("placeholder", "Tanya berita")
        guest.page.evaluate("document.querySelector('#b').focus()")
        assert guest.page.evaluate("document.activeElement.id") != "b"  # the page behind is out of reach
        assert guest.frame.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        guest.page.get_by_role("button", name="Tutup").tap()
        expect(guest.page.get_by_role("dialog")).to_be_hidden()


def test_the_portals_look_stays_outside_and_its_settings_come_in(chromium: Browser, portal: Portal) -> None:
    portal.inline('token-url="/tanya-token" lang="id" theme="dark" accent="#0f5c6e" greeting="Selamat <b>pagi</b>" '
                  'examples="Satu?|Dua?" since="2020" articles="id"')  # fmt: skip
    portal.page += "<style>* { font: 40px fantasy !important; border: 9px solid red; } iframe { display: none }</style>"
    with opening(chromium, portal.address) as guest:
        frame = guest.frame
        expect(frame.locator(".welcome")).to_have_text("Selamat <b>pagi</b>")
        expect(guest.box).to_be_visible()
        expect(frame.locator(".beginnings button")).to_have_text(["Satu?", "Dua?"])
        expect(frame.locator("#examples")).to_be_hidden()
        assert frame.url.endswith("/widget/hr-portal?since=2020&lang=id&language=id&__theme=dark")
        look = "(name) => getComputedStyle(document.body)[name]"
        assert frame.evaluate(look, "colorScheme") == "dark"
        assert frame.evaluate(look, "borderWidth") == "0px"
        frame.locator(".beginnings button").last.click()
        guest.answered()
        assert portal.chain.asked[-1] == "Dua?"


def test_asking_from_the_page_and_hearing_of_the_answer(chromium: Browser, portal: Portal) -> None:
    portal.bubble('data-token-url="/tanya-token"')
    with opening(chromium, portal.address) as guest:
        guest.page.evaluate("(question) => Tanya.ask(question)", QUESTION)
        guest.answered()
        assert portal.chain.asked[-1] == QUESTION
        guest.page.evaluate("Tanya.ask('what is the price of rice?')")
        guest.answered(2)
        guest.until("() => window.heard.filter(([type]) => type === 'answer').length === 2")
        assert [one["found"] for one in guest.heard("answer")] == [True, False]


# Who may


LEAK = """<script>
  window.told = [];
  addEventListener("message", (event) => { told.push(event.data); window.leaked = event.source; });
</script>"""


def test_the_host_page_cannot_read_the_conversation(chromium: Browser, portal: Portal) -> None:
    portal.inline('token-url="/tanya-token"')
    portal.page = LEAK + portal.page
    with opening(chromium, portal.address, is_closed=True) as guest:
        guest.page.evaluate("(question) => document.querySelector('tanya-chat').ask(question)", QUESTION)
        guest.answered()
        guest.heard("answer")
        assert guest.page.evaluate("document.querySelector('tanya-chat').shadowRoot") is None
        assert guest.page.evaluate("document.querySelectorAll('iframe').length + window.frames.length") == 0
        for what in ("leaked.document.body", "leaked.fetch", "leaked.location.href"):
            told = guest.page.evaluate(f"(() => {{ try {{ return {what} }} catch (error) {{ return error.name }} }})()")
            assert told == "SecurityError"
        told = str(guest.page.evaluate("told"))
        assert "citations" in told
        assert "Sukhoi" not in told
        assert "weapons" not in told


def test_a_refused_origin_shows_a_civil_sentence(chromium: Browser, portal: Portal) -> None:
    portal.inline('token-url="/tanya-token"')
    with opening(chromium, portal.address.replace("localhost", "127.0.0.1")) as guest:
        expect(guest.frame.get_by_role("alert")).to_have_text("The chat is not available on this page.")
        assert guest.heard("error") == [{"reason": "origin", "message": "The chat is not available on this page."}]
        assert portal.asked == 0


def test_a_page_that_hides_where_it_is_gets_no_frame_at_all(chromium: Browser, portal: Portal) -> None:
    """Without a Referer the server cannot know; the browser does."""
    portal.page = f'<iframe src="{portal.tanya}/widget/hr-portal" referrerpolicy="no-referrer"></iframe>'
    with opening(chromium, portal.address.replace("localhost", "127.0.0.1")) as guest:
        guest.until("() => true")
        assert "frame-ancestors" in " ".join(guest.visit.complaints)


@pytest.mark.parametrize("why", ["signature", "audience", "too-long", "expired", "none"])
def test_a_bad_token_is_told_civilly(chromium: Browser, portal: Portal, why: str) -> None:
    now = int(time.time())
    bad = {
        "signature": signed("not the secret of this site, but as long"),
        "audience": signed(portal.secret, aud="other"),
        "too-long": signed(portal.secret, exp=now + 9_000),
        "expired": signed(portal.secret, iat=now - 900, exp=now - 300),
        "none": "",
    }[why]
    portal.tokens = [bad]
    portal.inline('token-url="/tanya-token"')
    with opening(chromium, portal.address) as guest:
        readers = "You are not signed in. Please load this page again."
        said = readers if why in ("expired", "none") else "The chat is not available on this page."
        expect(guest.frame.get_by_role("alert")).to_have_text(said)
        before = len(portal.chain.asked)
        guest.box.fill(QUESTION)
        with guest.page.expect_response(lambda answer: "/queue/join" in answer.url) as joining:
            guest.box.press("Enter")
        assert joining.value.status == 401
        guest.until("() => window.heard.some(([type]) => type === 'error')")
        reason = "no-token" if why == "none" else why
        assert [one["reason"] for one in guest.heard("error")] == [reason]  # once, whatever the page has asked for
        assert any(f"refused: {reason} " in one for one in guest.visit.complaints)
        expect(guest.box).to_have_value(QUESTION)
        assert len(portal.chain.asked) == before


def test_a_token_is_renewed_before_and_after_it_expires(chromium: Browser, portal: Portal) -> None:
    now = int(time.time())
    portal.tokens = [
        signed(portal.secret, iat=now - 900, exp=now - 300),  # dead on arrival
        signed(portal.secret, iat=now, exp=now + 1),  # good for the page, too old for the first question
        signed(portal.secret, sub="budi"),
    ]
    portal.inline('token-url="/tanya-token"')
    with opening(chromium, portal.address) as guest:
        guest.box.wait_for()
        guest.page.wait_for_timeout(1_000)
        guest.box.fill(QUESTION)
        guest.box.press("Enter")
        guest.answered()
        assert portal.asked >= 3
        assert portal.history.conversations(Bearer("hr-portal", "budi", (), 0).owner)


def test_get_token_goes_before_the_address(chromium: Browser, portal: Portal) -> None:
    portal.inline('token-url="/tanya-token"')
    token = signed(portal.secret, sub="citra")
    portal.page += f"<script>document.querySelector('tanya-chat').getToken = async () => {token!r}</script>"
    with opening(chromium, portal.address) as guest:
        guest.box.fill(QUESTION)
        guest.box.press("Enter")
        guest.answered()
        assert portal.asked == 0
        assert portal.history.conversations(Bearer("hr-portal", "citra", (), 0).owner)


def test_an_anonymous_visitor_asks_and_nothing_is_kept(chromium: Browser, portal: Portal) -> None:
    portal.sites.remove("hr-portal")
    portal.sites.add(Site("hr-portal", (portal.address,), anonymous=True))
    portal.inline()
    with opening(chromium, portal.address) as guest:
        guest.box.fill(QUESTION)
        guest.box.press("Enter")
        guest.answered()
        expect(guest.frame.locator(".chip")).to_have_count(3)
        expect(guest.frame.locator("#history")).to_be_hidden()
        expect(guest.frame.locator(".opinion")).to_have_count(0)
        assert portal.history.conversations("") == []
        assert guest.visit.complaints == []


def test_logging_out_ends_the_token_and_empties_the_panel(chromium: Browser, portal: Portal) -> None:
    portal.bubble('data-token-url="/tanya-token"')
    with opening(chromium, portal.address) as guest:
        guest.page.evaluate("(question) => Tanya.ask(question)", QUESTION)
        guest.answered()
        guest.page.evaluate("Tanya.logout()")
        expect(guest.page.get_by_role("dialog")).to_be_hidden()
        expect(guest.page.locator("iframe")).to_have_count(0)
        guest.page.evaluate("Tanya.open()")  # the portal goes on handing out the same token
        expect(guest.frame.get_by_role("alert")).to_have_text("You are not signed in. Please load this page again.")
        assert guest.heard("error")[-1]["reason"] == "logged-out"
        expect(guest.frame.locator(".turn")).to_have_count(0)


def test_too_many_questions_are_told_to_wait(chromium: Browser, portal: Portal) -> None:
    portal.sites.remove("hr-portal")
    portal.secret = portal.sites.add(Site("hr-portal", (portal.address,), per_minute=0, per_day=1))
    portal.tokens = [signed(portal.secret, sub="eko")]
    portal.inline('token-url="/tanya-token" lang="id"')
    with opening(chromium, portal.address) as guest:
        guest.box.fill(QUESTION)
        guest.box.press("Enter")
        guest.answered()
        guest.box.fill("and now?")
        guest.box.press("Enter")
        expect(guest.frame.get_by_role("alert")).to_contain_text("Anda sudah banyak bertanya")
        assert guest.heard("error")[-1]["reason"] == "limit"
        expect(guest.box).to_have_value("and now?")


SPOOF = """
<script>
  addEventListener("message", (event) => { if (event.origin.includes("127.0.0.1")) window.leaked = event.source; });
  // From another frame of this page to Tanya's frame, and to the page in Tanya's name.
  const other = document.createElement("iframe");
  other.srcdoc = `<script>
    setInterval(() => {
      parent.leaked?.postMessage({ tanya: 1, type: "ask", question: "spoofed from a frame" }, "*");
      parent.leaked?.postMessage({ tanya: 1, type: "token", token: "spoofed" }, "*");
      parent.postMessage({ tanya: 1, type: "answer", answer: { found: "spoofed" } }, "*");
      parent.postMessage({ tanya: 1, type: "token" }, "*");
      parent.postMessage({ tanya: 1, type: "close" }, "*");
      if (parent.leaked) parent.spoofs = (parent.spoofs ?? 0) + 1;
    }, 20);
  </` + `script>`;
  document.body.append(other);
  // And from this page to itself.
  setInterval(() => postMessage({ tanya: 1, type: "answer", answer: { found: "spoofed" } }, "*"), 20);
</script>
"""


def test_messages_of_another_frame_are_not_heard(chromium: Browser, portal: Portal) -> None:
    portal.inline('token-url="/tanya-token"')
    portal.page += SPOOF
    with opening(chromium, portal.address) as guest:
        guest.box.wait_for()
        before = guest.page.evaluate("window.spoofs ?? 0")
        guest.until("(before) => window.spoofs > before + 20", before)
        guest.box.fill(QUESTION)
        guest.box.press("Enter")
        guest.answered()
        assert guest.heard("answer") == [{"found": True, "citations": 3, "failed": False}]
        assert "spoofed from a frame" not in portal.chain.asked
        assert portal.asked == 1


def test_a_message_of_a_page_that_is_not_of_the_site_is_not_heard(chromium: Browser, portal: Portal) -> None:
    """Opened by another page, the chat has no frame around it and hears nobody."""
    portal.page = "<p>Elsewhere</p>"
    with opening(chromium, portal.address) as guest, guest.page.context.expect_page() as opened:
        guest.page.evaluate("(address) => (window.chat = open(address))", f"{portal.tanya}/widget/hr-portal")
        chat = opened.value
        expect(chat.get_by_role("alert")).to_have_text("The chat is not available on this page.")
        guest.page.evaluate("chat?.postMessage({ tanya: 1, type: 'ask', question: 'spoofed by an opener' }, '*')")
        chat.locator("#question textarea").wait_for()
        assert chat.locator("#question textarea").input_value() == ""
        assert "spoofed by an opener" not in portal.chain.asked


# The examples


@contextmanager
def example(portal: Portal) -> Iterator[str]:
    """The address of examples/portal/portal.py, on a port that was free a moment ago, with a site of its own."""
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
    address = f"http://localhost:{port}"
    portal.sites.remove("hr-portal")
    environment = {**os.environ, "TANYA_SECRET": portal.sites.add(Site("hr-portal", (address,)))}
    command = [sys.executable, str(ROOT / "examples/portal/portal.py"), "--tanya", portal.tanya, "--port", str(port)]
    with subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            assert address in server.stdout.readline()
            yield address
        finally:
            server.terminate()


def build_react() -> None:
    """As its README says. It needs npm and what npm can reach: in CI both are there, elsewhere they may not be."""
    sources = [REACT / name for name in ("main.jsx", "TanyaChat.jsx", "package.json")]
    built = REACT / "built.js"
    if built.exists() and built.stat().st_mtime > max(source.stat().st_mtime for source in sources):
        return
    npm = shutil.which("npm")
    if npm is None and "CI" not in os.environ:
        pytest.skip("no npm here")
    assert npm, "scripts/test installs npm"
    for command in (["install", "--no-audit", "--no-fund", "--no-package-lock"], ["run", "build"]):
        try:
            subprocess.run([npm, *command], cwd=REACT, capture_output=True, text=True, timeout=240, check=True)
        except subprocess.SubprocessError as error:
            if "CI" in os.environ:
                raise
            pytest.skip(f"npm {command[0]}: {error}")


@pytest.mark.parametrize("page", ["plain.html", "wordpress/page.html", "react/index.html"])
def test_the_examples_answer(chromium: Browser, portal: Portal, page: str) -> None:
    if page.startswith("react"):
        build_react()
    with example(portal) as address, opening(chromium, f"{address}/{page}") as guest:
        guest.page.evaluate("(question) => document.querySelector('tanya-chat').ask(question)", QUESTION)
        guest.answered()
        expect(guest.frame.locator(".chip")).to_have_count(3)
        if page.startswith("react"):
            expect(guest.page.locator(".count")).to_have_text("Answers on this page: 1")
        assert [one for one in guest.visit.complaints if "favicon" not in one and "404" not in one] == []
