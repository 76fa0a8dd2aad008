"""The application over HTTP: headers, pages, and what does not answer. Nothing here calls another host."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.config import Settings
from assistant.errors import ServeError
from assistant.web.app import address_of, create_app, listen, serve
from assistant.web.shell import reframed
from tests.fakes import ARMS, HOSTILE, LIBRARY, FakeChain, FakeLibrary

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 60


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(FakeChain().runnable(), LIBRARY), raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    "path", ["/", "/articles/delivery", "/articles/none", "/page/tanya.css", "/health/live", "/config"]
)
def test_every_response_carries_the_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    headers = answer.headers
    assert answer.status_code == (404 if path == "/articles/none" else 200)
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_only_scripts_of_this_response_run_on_the_chat_page(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    policy = first.headers["content-security-policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert nonce not in second.text
    assert first.text.count("<script") == first.text.count(f'<script nonce="{nonce}"')
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]


def test_no_page_names_another_host(client: TestClient) -> None:
    page = client.get("/").text
    assert "//" not in page.replace("http://testserver", "").split("window.gradio_config")[0]
    assert "googleapis" not in page
    assert "raw.githubusercontent" not in page
    assert 'content="Gradio"' not in page


def test_an_article_page_marks_the_cited_words(client: TestClient) -> None:
    quote = "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia."
    start = ARMS.text.index(quote)
    page = client.get(f"/articles/arms%2F2022-07-13?start={start}&end={start + len(quote)}&lang=en").text
    marked = re.sub(r"<a id=[^>]*></a>", "", page)
    assert f'<mark id="cited" tabindex="-1">{quote}</mark>' in marked
    assert "13 July 2022" in page
    assert "By Sri Wulandari" in page
    assert "Original at news.example" in page
    assert '<html lang="en">' in page
    assert page.count('<p dir="auto">') == 3


def test_an_article_page_speaks_the_language_of_its_article_when_nobody_asked(client: TestClient) -> None:
    page = client.get("/articles/arms/2022-07-13").text
    assert "13 Juli 2022" in page
    assert "<mark" not in page


@pytest.mark.parametrize("span", ["start=5", "start=9&end=3", "start=0&end=99999", "start=-1&end=4", "start=x&end=y",
                                  "start=²&end=³", "start=0&end=" + "9" * 5000])  # fmt: skip
def test_a_bad_span_still_shows_the_article(client: TestClient, span: str) -> None:
    answer = client.get(f"/articles/delivery?{span}")
    assert answer.status_code == 200
    assert "<mark" not in answer.text


def test_a_hostile_article_is_text(client: TestClient) -> None:
    answer = client.get("/articles/%3Cimg%20src=x%20onerror=alert(1)%3E")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(&#39;text&#39;)&lt;/script&gt;" in answer.text
    assert HOSTILE.title not in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "This article is not here"), ("id", "Artikel ini tidak ada di sini")]
)
def test_an_article_that_is_gone_is_civil(client: TestClient, lang: str, words: str) -> None:
    answer = client.get(f"/articles/gone?lang={lang}")
    assert answer.status_code == 404
    assert words in answer.text


def test_an_address_that_is_nothing_is_civil(client: TestClient) -> None:
    browser = client.get("/nothing", headers={"accept": "text/html"})
    program = client.get("/nothing", headers={"accept": "application/json"})
    assert (browser.status_code, program.status_code) == (404, 404)
    assert "There is nothing at this address" in browser.text
    assert program.json() == {"detail": "Not Found"}


def test_an_error_shows_no_trace() -> None:
    class Broken(FakeLibrary):
        def article(self, id: str, /) -> None:
            raise RuntimeError("secret detail of the machine")

    app = create_app(FakeChain().runnable(), Broken())
    answer = TestClient(app, raise_server_exceptions=False).get("/articles/x")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=https://example.com/"),
        ("POST", "/gradio_api/call/reply"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/gradio_api/info"),
        ("GET", "/monitoring"),
        ("POST", "/login"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
    ],
)
def test_what_the_page_does_not_need_does_not_answer(client: TestClient, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 404


def test_questions_come_through_the_queue_alone() -> None:
    chain = FakeChain()
    with TestClient(create_app(chain.runnable(), LIBRARY), raise_server_exceptions=False) as client:
        asked = [{"data": ["What?", None], "fn_index": number, "session_hash": "x"} for number in range(6)]
        told = [client.post("/gradio_api/run/predict", json=body).status_code for body in asked]
    assert set(told) == {404}
    assert chain.asked == []


def test_it_says_that_it_is_alive(client: TestClient) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}


def test_the_icon_is_ours(client: TestClient) -> None:
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


def test_the_shell_of_gradio_has_what_is_replaced(client: TestClient) -> None:
    """If a new Gradio writes its document in another way, this tells."""
    page = client.get("/").text
    assert page.count('href="./page/tanya.css"') == 1
    assert page.count("<noscript>") == 1
    assert "og:" not in page
    assert reframed("<head></head><body></body>", "n").startswith('<head><meta name="color-scheme"')


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=rf"Port {port} on 127\.0\.0\.1 is in use.*--port {port + 1}"):
            serve(Settings(port=port))


def test_a_host_that_is_not_this_machine_is_an_error() -> None:
    with pytest.raises(ServeError, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")])
def test_the_address_can_be_opened_in_a_browser(host: str, shown: str) -> None:
    if host == "::1" and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with listen(host, 0) as listener:
        assert address_of(listener) == f"http://{shown}:{listener.getsockname()[1]}"


SERVE_AND_REPORT = """
import socket, sys
real = socket.socket.connect
def connect(self, address, *rest):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
        print("CALLED", address, flush=True)
    return real(self, address, *rest)
socket.socket.connect = connect
def looked_up(host, *rest, **options):
    if host not in ("127.0.0.1", "localhost", None):
        print("LOOKED UP", host, flush=True)
    return found(host, *rest, **options)
found, socket.getaddrinfo = socket.getaddrinfo, looked_up
from assistant.web.app import create_app, listen, run
from tests.fakes import LIBRARY, FakeChain
run(create_app(FakeChain().runnable(), LIBRARY), listen("127.0.0.1", 0))
print("ended", flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_server_calls_nobody_and_ends_cleanly(how: signal.Signals) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GRADIO", "HF_"))}
    with subprocess.Popen(
        [sys.executable, "-c", SERVE_AND_REPORT],
        cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            first = server.stdout.readline()
            server.send_signal(how)
            said, complained = server.communicate(timeout=WAIT_SECONDS)
        finally:
            server.kill()
    assert first.startswith("Tanya is at http://127.0.0.1:"), complained
    assert "CALLED" not in said + first
    assert "LOOKED UP" not in said + first
    assert "Traceback" not in complained
    if how is signal.SIGINT:
        assert said == "ended\n"
        assert server.returncode == 0
