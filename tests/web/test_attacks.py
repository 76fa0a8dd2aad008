"""What somebody may try. docs/security.md lists these tests by name; a test there fails when one is missing."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

from assistant.people import MOST_FAILURES, People
from assistant.web.identity import Nearby
from assistant.web.limits import Limits
from assistant.web.sign_in import local
from tests.conftest import ROOT
from tests.fakes import HOSTILE
from tests.test_people import PASSWORD, QUICK
from tests.web.test_people import ADDRESS, OWN, PAGE, Place, place, sign_in

# Everything of the mounted page and of ours that answers, and the ways in which it is asked.
PATHS = ["/", "/config", "/gradio_api/queue/join", "/gradio_api/startup-events", "/history", "/articles/delivery",
         "/filters", "/sign-in", "/page/tanya.js", "/theme.css", "/health/live"]  # fmt: skip
ORIGINS = ["https://evil.example", "null", "http://localhost:7861", "http://localhost.evil.example:7860", "file://"]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    with People(tmp_path_factory.mktemp("people") / "people.sqlite3", hasher=QUICK) as people:
        people.add("ana", "admin", PASSWORD)
        yield people


@pytest.fixture(scope="module")
def desk(people: People, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where people sign in."""
    return place(people, tmp_path_factory.mktemp("audit"), hosts=("tanya.example",))


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Where nobody has to: one's own machine."""
    folder = tmp_path_factory.mktemp("near")
    with People(folder / "people.sqlite3", hasher=QUICK) as nobody:
        yield place(nobody, folder)


@pytest.fixture
def ana(desk: Place) -> TestClient:
    browser = desk.browser()
    assert sign_in(browser).status_code == 303
    return browser


# From other sites


@pytest.mark.parametrize("host", ["localhost:7860", "tanya.example", "192.168.1.5:7860"])
@pytest.mark.parametrize("origin", ORIGINS)
def test_no_answer_allows_another_origin(ana: TestClient, origin: str, host: str) -> None:
    """Gradio's own CORS would allow every origin on a host that is not this machine, with cookies."""
    preflight = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    for path in PATHS:
        for method, more in (("GET", {}), ("POST", {}), ("OPTIONS", preflight)):
            answer = ana.request(method, path, headers={"origin": origin, "host": host, **more})
            assert "access-control-allow-origin" not in answer.headers, (method, path)
            assert "access-control-allow-credentials" not in answer.headers, (method, path)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://localhost.evil.example:7860"},
        {"origin": ADDRESS, "sec-fetch-site": "cross-site"},
        {"origin": "http://other.localhost:7860", "sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", path) for path in ("/gradio_api/queue/join", "/sign-in", "/sign-out", "/corpus", "/corpus/remove")),
        *(
            ("POST", "/evaluation/a/questions/b"),
            ("PUT", "/feedback/1"),
            ("PATCH", "/history/x"),
            ("DELETE", "/history"),
        ),
    ],
)
def test_a_page_of_another_site_changes_nothing(
    ana: TestClient, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = ana.request(method, path, headers=headers, content=b"{}")
    assert answer.status_code == 403
    assert ana.get("/account").status_code == 200  # still signed in


def test_the_pages_own_requests_and_those_of_programs_pass(ana: TestClient, people: People) -> None:
    body = {"data": ["What?", None], "fn_index": 999, "session_hash": "x"}
    for headers in (OWN, {"sec-fetch-site": "same-origin"}, {}):
        assert ana.post("/gradio_api/queue/join", json=body, headers=headers).status_code != 403


@pytest.mark.parametrize("lang", ["en", "id"])
def test_nobody_can_be_signed_in_by_another_sites_form(desk: Place, lang: str) -> None:
    browser = desk.browser()
    body = {"name": "ana", "password": PASSWORD, "lang": lang}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {}):
        assert browser.post("/sign-in", data=body, headers=headers).status_code == 403
    assert "tanya_session" not in browser.cookies


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "a b",
             "evil.example:7860", "[::1", "localhost:http", "0x7f000001.example", "192.168.1.5:7860"],
)  # fmt: skip
def test_a_name_that_was_led_here_is_not_answered(near: Place, host: str) -> None:
    """DNS rebinding: a stranger's name, with this machine's address."""
    answer = near.browser().get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "Myanmar" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:7860", "127.0.0.1:7860", "127.9.9.9", "[::1]:7860"])
def test_the_names_of_this_machine_are_answered(near: Place, host: str) -> None:
    assert near.browser().get("/health/live", headers={"host": host}).status_code == 200


def test_where_people_sign_in_its_names_and_numbers_are_answered(desk: Place) -> None:
    for host, status in (
        ("tanya.example:80", 200),
        ("192.168.1.5", 200),
        ("[fd00::5]:7860", 200),
        ("evil.example", 421),
    ):
        assert desk.browser().get("/health/live", headers={"host": host}).status_code == status


@pytest.mark.parametrize("header", ["x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip"])
def test_a_proxy_before_a_page_that_asks_nobody_opens_it_to_nobody(near: Place, header: str) -> None:
    answer = near.browser().get("/", headers={header: "198.51.100.3"})
    assert answer.status_code == 403
    assert "docs/operating.md" in answer.text


@pytest.mark.parametrize("path", ["/", "/sign-in", "/account", "/articles/delivery", "/history", "/nothing"])
def test_no_page_can_be_framed_by_another_site(ana: TestClient, path: str) -> None:
    answer = ana.get(path, headers=PAGE)
    ancestors = re.search(r"frame-ancestors ([^;]*)", answer.headers["content-security-policy"])
    assert ancestors
    assert ancestors[1] in ("'self'", "'none'")
    assert answer.headers["x-frame-options"] in ("SAMEORIGIN", "DENY")
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


# Words that would be more than words


@pytest.mark.parametrize("path", ["/articles/%3Cimg%20src=x%20onerror=alert(1)%3E", "/articles/nothing%3Cscript%3E"])
def test_a_script_in_an_article_is_text(ana: TestClient, path: str) -> None:
    answer = ana.get(path)
    for tag in ("<script", "<img", "<b>", 'javascript:alert(document.domain)"'):
        assert tag not in answer.text.replace('<link rel="icon"', "")
    assert "script-src" not in answer.headers["content-security-policy"]
    assert HOSTILE.title not in answer.text


def test_a_script_in_a_name_or_an_address_is_text(desk: Place) -> None:
    answer = sign_in(desk.browser("10.0.2.1"), '"><script>alert(1)</script>', "x", next='/"><script>alert(2)</script>')
    assert "<script" not in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    page = desk.browser().get("/sign-in", params={"next": '/"><script>', "lang": '"><script>'})
    assert "<script" not in page.text


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/\t/evil.example", "/\r\nset-cookie: a=b", "/\x00", "http:evil.example", "///evil.example", "evil.example", ""],
)  # fmt: skip
def test_signing_in_leads_to_no_other_host(desk: Place, wanted: str) -> None:
    answer = sign_in(desk.browser(), next=wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert len(answer.headers.get_list("set-cookie")) == 1
    assert local(wanted) == "/"


@pytest.mark.parametrize("path", ["/sign-in?next=/%0d%0aset-cookie:%20a=b", "/articles/x%0d%0aset-cookie:%20a=b",
                                  "/%0d%0aset-cookie:%20a=b", "/history/x%0d%0ay"])  # fmt: skip
def test_no_header_can_be_smuggled_in(ana: TestClient, desk: Place, path: str) -> None:
    for browser in (ana, desk.browser()):
        answer = browser.get(path, headers=PAGE)
        assert "a=b" not in answer.headers.get("set-cookie", "")
        assert not any("\r" in value or "\n" in value for value in answer.headers.values())


# Files


@pytest.mark.parametrize(
    "path",
    [
        *("/page/../app.py", "/page/%2e%2e/app.py", "/page/..%2fapp.py", "/page//etc/passwd", "/page/%2fetc%2fpasswd"),
        *("/articles/../../etc/passwd", "/articles/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/static/../../app.py"),
        *("/assets/%2e%2e/%2e%2e/app.py", "/gradio_api/file=/etc/passwd", "/gradio_api/file=../../etc/passwd"),
        *("/file=/etc/passwd", "/evaluation/..%2f..%2fetc"),
    ],
)
def test_no_address_leads_out_of_what_is_served(ana: TestClient, path: str) -> None:
    answer = ana.get(path)
    assert answer.status_code in (400, 403, 404, 405)
    assert "root:" not in answer.text
    assert "import annotations" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("/page/../history", "/sign-in/../history", "/page/%2e%2e/history", "/PAGE/x", "/static/../account"),
        *(
            "/widget/../history",
            "//history",
            "/page/..;/history",
            "/page/%2e%2e%2fhistory",
            "/health/live/../../history",
        ),
    ],
)
def test_no_spelling_of_an_address_gets_past_the_door(desk: Place, path: str) -> None:
    answer = desk.browser().get(path)
    assert answer.status_code in (303, 401, 404, 405)
    assert "conversations" not in answer.text


# Too much, too slow, too often


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/feedback/1", "/nothing"])
def test_a_body_that_is_too_large_is_refused(ana: TestClient, path: str) -> None:
    answer = ana.post(path, content=b"x" * 1_000_001, headers=OWN)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "media_type", "pieces"),
    [("/gradio_api/queue/join", "application/json", 101), ("/sign-in", "application/x-www-form-urlencoded", 3)],
)
def test_a_body_that_does_not_say_how_large_it_is_is_counted(
    ana: TestClient, path: str, media_type: str, pieces: int
) -> None:
    content = iter([b"x" * 10_000] * pieces)
    assert ana.post(path, content=content, headers={**OWN, "content-type": media_type}).status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "9" * 40])
def test_a_length_that_is_none_is_refused(ana: TestClient, length: str) -> None:
    assert ana.post("/feedback/1", headers={**OWN, "content-length": length}).status_code == 413


async def swallow(request: Request) -> PlainTextResponse:
    """As an application that takes every fault of a body for its own."""
    try:
        return PlainTextResponse(str(len(await request.body())))
    except Exception:
        return PlainTextResponse("bad body", 400)


async def hang(request: Request) -> PlainTextResponse:
    import asyncio

    await request.body()
    await asyncio.Event().wait()
    return PlainTextResponse("never")


@pytest.mark.parametrize(
    ("path", "sends_all", "status"), [("/swallow", False, 408), ("/hang", True, 504), ("/swallow", True, 200)]
)
async def test_what_is_too_slow_ends(path: str, sends_all: bool, status: int) -> None:
    app = Limits(Starlette(routes=[Route("/swallow", swallow), Route("/hang", hang)]), 0.05, 0.05)
    told: list[Message] = []

    async def receive() -> Message:
        import asyncio

        if not sends_all:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": b"abc", "more_body": False}

    async def send(message: Message) -> None:
        told.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    begun = time.monotonic()
    await app(scope, receive, send)
    assert [message["status"] for message in told if message["type"] == "http.response.start"] == [status]
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:22/", "file:///etc/passwd"]
)
def test_nothing_is_fetched_for_anybody(ana: TestClient, target: str) -> None:
    """No part takes an address to fetch, and those of Gradio that do are shut; sockets to other hosts are blocked."""
    for path in (f"/gradio_api/proxy={target}", f"/gradio_api/file={target}", f"/proxy={target}", f"/file={target}"):
        assert ana.get(path).status_code == 404
    assert ana.post("/gradio_api/upload", headers=OWN).status_code == 404
    assert ana.post("/gradio_api/call/reply", json={"data": [{"path": target}]}, headers=OWN).status_code == 404


def test_reading_opens_no_connection() -> None:
    """If a part that reads articles learns to fetch them, it needs a guard against private addresses first."""
    clients = ("httpx", "requests", "urllib.request", "aiohttp", "urllib3", "http.client", "socket", "feedparser")
    for path in [*(ROOT / "assistant" / "read").rglob("*.py"), *(ROOT / "assistant" / "web" / "corpus").rglob("*.py")]:
        text = path.read_text("utf-8")
        assert not [
            name for name in clients if re.search(rf"^\s*(import|from) {re.escape(name)}\b", text, re.MULTILINE)
        ]
        assert "fetch_url" not in text, path


def test_guessing_a_password_has_an_end(desk: Place) -> None:
    browser = desk.browser("10.0.3.1")
    said = [sign_in(browser, "dewi", f"guess number {number}") for number in range(MOST_FAILURES + 1)]
    assert [answer.status_code for answer in said] == [401] * MOST_FAILURES + [429]
    assert 1 <= int(said[-1].headers["retry-after"]) <= 900
    assert "There were too many attempts. Please try again in 15 min." in said[-1].text
    events = [line for line in desk.events() if line["who"] == "dewi"]
    assert [line["event"] for line in events] == ["sign-in-failed"] * MOST_FAILURES + ["sign-in-throttled"]
    assert {line["address"] for line in events} == {"10.0.3.1"}


# Sessions


def test_a_planted_session_is_not_taken_over(desk: Place) -> None:
    """Session fixation: the cookie from before signing in is worth nothing after it."""
    browser = desk.browser()
    planted = "A" * 43
    browser.cookies.set("tanya_session", planted, domain="localhost.local", path="/")
    answer = sign_in(browser)
    assert planted not in answer.headers["set-cookie"]
    attacker = desk.browser()
    attacker.cookies.set("tanya_session", planted)
    assert attacker.get("/").status_code == 401


def test_signing_in_again_ends_the_session_before(desk: Place) -> None:
    browser = desk.browser()
    sign_in(browser)
    before = browser.cookies["tanya_session"]
    sign_in(browser)
    assert browser.cookies["tanya_session"] != before
    thief = desk.browser()
    thief.cookies.set("tanya_session", before)
    assert thief.get("/").status_code == 401


# Afterwards


def test_what_was_done_is_written_down_and_what_was_asked_is_not(people: People, tmp_path: Path) -> None:
    desk = place(people, tmp_path)
    browser = desk.browser("10.0.4.1")
    sign_in(browser, "ana", "wrong wrong")
    sign_in(browser)
    browser.post("/gradio_api/queue/join", json={"data": ["a secret question"], "fn_index": 0, "session_hash": "x"})
    browser.post("/sign-out", headers=OWN)
    told = [(line["event"], line["who"], line["address"]) for line in desk.events()]
    assert told == [(event, "ana", "10.0.4.1") for event in ("sign-in-failed", "signed-in", "signed-out")]
    written = desk.file.read_text()
    assert "secret question" not in written
    assert PASSWORD not in written
    assert all(set(json.loads(line)) >= {"time", "event", "who"} for line in written.splitlines())


def test_a_stranger_cannot_forge_a_line_of_the_audit(desk: Place) -> None:
    before = len(desk.events())
    sign_in(desk.browser("10.0.4.2"), 'x\n{"event": "signed-in", "who": "ana"}\u2028', "y")
    lines = desk.file.read_text().splitlines()
    assert len(lines) == len(desk.events()) == before + 1
    assert desk.events()[-1]["event"] == "sign-in-failed"


def test_each_attack_of_the_documentation_has_its_test() -> None:
    document = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", document)
    assert len(named) > 20
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text("utf-8")]
    assert missing == []


@pytest.mark.parametrize(("version", "status"), [("1.0", 403), ("1.1", 200), ("2", 200)])
async def test_a_proxy_that_says_nothing_of_itself_and_speaks_an_old_tongue_is_noticed(
    version: str, status: int
) -> None:
    """nginx with a bare `proxy_pass` sends HTTP 1.0 and no header of its own."""
    told: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "http_version": version}
    await Nearby(PlainTextResponse("in"))(scope, receive, send)
    assert told == [status]
