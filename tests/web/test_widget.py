"""The widget over HTTP: who may frame it, which requests of it are answered, and what other origins may read."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import URL
from starlette.testclient import TestClient

from assistant.history import History, KeptTurn
from assistant.sites import Bearer, Site, Sites
from assistant.web.app import create_app
from assistant.web.memory import Memory
from assistant.web.shell import STATIC
from tests.fakes import LIBRARY, FakeChain
from tests.test_sites import signed

PORTAL = "https://portal.example"
ELSEWHERE = "https://elsewhere.example"
MOST_SCRIPT_BYTES = 15_000
TURN = KeptTurn("Who is Dewi?", "en", {"answer": "Dewi"})


class Desk:
    """The served application, its sites, and the secret of hr-portal."""

    def __init__(self, client: TestClient, sites: Sites, history: History, secret: str) -> None:
        self.client, self.sites, self.history, self.secret = client, sites, history, secret

    def get(self, path: str, token: str = "", site: str = "hr-portal", **options: Any) -> Any:
        return self.call("GET", path, token, site, **options)

    def call(self, method: str, path: str, token: str = "", site: str = "hr-portal", **options: Any) -> Any:
        headers = options.pop("headers", {})
        if site:
            headers["x-tanya-site"] = site
        if token:
            headers["authorization"] = f"Bearer {token}"
        return self.client.request(method, path, headers=headers, **options)

    def ask(self, token: str) -> Any:
        return self.call(
            "POST", "/gradio_api/queue/join", token, json={"data": [], "fn_index": 99, "session_hash": "x"}
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Sites, History]]:
    folder, now = tmp_path_factory.mktemp("served"), time.time()  # no minute ends amid a test
    with (
        Sites(folder / "sites.sqlite3", lambda: now) as sites,
        History(URL.create("sqlite", database=str(folder / "history.sqlite3"))) as history,
    ):
        app = create_app(FakeChain().runnable(), LIBRARY, Memory(history, LIBRARY), sites=sites)
        with TestClient(app, "https://tanya.example", raise_server_exceptions=False) as client:
            yield client, sites, history


@pytest.fixture
def desk(served: tuple[TestClient, Sites, History]) -> Iterator[Desk]:
    """The application with two new sites: the first for named visitors, three questions a minute each."""
    client, sites, history = served
    secret = sites.add(Site("hr-portal", (PORTAL, "https://second.example"), per_minute=3))
    sites.add(Site("open", (PORTAL,), anonymous=True))
    client.cookies.clear()
    yield Desk(client, sites, history, secret)
    for site in sites.all():
        sites.remove(site.name)
    with sites._transaction() as connection:
        for table in ("asked", "denied"):
            connection.exec_driver_sql(f"DELETE FROM {table}")


# Who may frame it


def test_only_the_origins_of_the_site_may_frame_its_document(desk: Desk) -> None:
    answer = desk.client.get("/widget/hr-portal", headers={"referer": f"{PORTAL}/"})
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert policy.endswith(f"frame-ancestors {PORTAL} https://second.example")
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert answer.text.count("<script") == answer.text.count(f'<script nonce="{nonce}"')
    assert answer.text.index("page/frame.js") < answer.text.index("page/tanya.js")
    assert '<base href="../"' in answer.text
    assert 'data-site="hr-portal"' in answer.text


@pytest.mark.parametrize("path", ["/", "/articles/delivery", "/widget.js", "/config", "/history", "/page/frame.js"])
def test_everything_else_stays_with_its_own_origin(desk: Desk, path: str) -> None:
    answer = desk.client.get(path)
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    ("site", "referer", "why"),
    [("hr-portal", f"{ELSEWHERE}/", "origin"), ("hr-portal", "https://portal.example:8443/", "origin"),
     ("hr-portal", "http://portal.example/", "origin"), ("nobody", f"{PORTAL}/", "unknown-site")],
)  # fmt: skip
def test_another_page_gets_a_civil_sentence(
    desk: Desk, caplog: pytest.LogCaptureFixture, site: str, referer: str, why: str
) -> None:
    answer = desk.client.get(f"/widget/{site}", headers={"referer": referer, "accept-language": "id"})
    assert answer.status_code == 403
    assert "Obrolan ini tidak tersedia di halaman ini." in answer.text
    assert "gradio" not in answer.text
    assert f"refused for {referer.removesuffix('/')!r}: {why}" in caplog.text


def test_a_revoked_site_is_refused_without_a_restart(desk: Desk) -> None:
    token = signed(desk.secret)
    assert desk.get("/history", token).status_code == 200
    desk.sites.revoke("hr-portal")
    assert desk.client.get("/widget/hr-portal").status_code == 403
    answer = desk.get("/history", token)
    assert (answer.status_code, answer.json()["reason"]) == (403, "revoked")
    assert answer.json()["en"] == "The chat is not available on this page."


def test_a_referer_cannot_write_into_the_page(desk: Desk) -> None:
    page = desk.client.get("/widget/hr-portal", headers={"referer": 'https://a"><script>alert(1)</script>/'}).text
    assert "<script>alert" not in page


# Which requests are answered


def test_a_token_says_whose_conversations_these_are(desk: Desk) -> None:
    dewi = Bearer("hr-portal", "dewi", (), 0).owner
    desk.history.append(dewi, TURN)
    assert "Who is Dewi?" in desk.get("/history", signed(desk.secret)).text
    assert "Who is Dewi?" not in desk.get("/history", signed(desk.secret, sub="budi")).text
    assert "Who is Dewi?" not in desk.client.get("/history").text


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"exp": 1}, "expired"), ({"aud": "open"}, "audience"), ({"exp": 2_000_000_000}, "too-long"), (None, "no-token")],
)
def test_without_a_good_token_nothing_is_answered(
    desk: Desk, caplog: pytest.LogCaptureFixture, changed: dict[str, Any] | None, why: str
) -> None:
    token = "" if changed is None else signed(desk.secret, **changed)
    for method, path in (("GET", "/history"), ("GET", "/articles/delivery"), ("POST", "/gradio_api/queue/join"),
                         ("GET", "/gradio_api/queue/data"), ("POST", "/gradio_api/run/predict"),
                         ("PUT", "/feedback/1"), ("GET", "/")):  # fmt: skip
        answer = desk.call(method, path, token)
        assert (answer.status_code, answer.json()["reason"]) == (401, why), path
        readers = "Anda belum masuk. Silakan muat ulang halaman ini."
        said = readers if why in ("expired", "no-token") else "Obrolan ini tidak tersedia di halaman ini."
        assert answer.json()["id"] == said
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert why in caplog.text
    if token:
        assert token not in caplog.text


def test_an_unsigned_token_is_refused(desk: Desk) -> None:
    assert desk.get("/history", signed("", algorithm="none")).json()["reason"] == "signature"


def test_a_token_that_names_no_site_in_a_header_is_verified_all_the_same(desk: Desk) -> None:
    assert desk.get("/history", signed(desk.secret), site="").status_code == 200
    assert desk.get("/history", signed("some other secret of enough letters"), site="").status_code == 401
    assert desk.get("/history", signed(desk.secret, aud=["hr-portal"]), site="").status_code == 403


def test_a_token_opens_only_what_the_widget_needs(desk: Desk) -> None:
    for path in ("/", "/evaluation", "/config", "/somewhere/new"):
        answer = desk.get(path, signed(desk.secret))
        assert (answer.status_code, answer.json()["reason"]) == (403, "elsewhere")


def test_visitors_of_the_page_itself_need_no_token(desk: Desk) -> None:
    assert desk.client.get("/").status_code == 200
    assert "set-cookie" in desk.client.get("/").headers
    assert desk.client.get("/history", headers={"authorization": "Bearer a-key-of-another-kind"}).status_code == 200


def test_logging_out_ends_a_token(desk: Desk) -> None:
    token = signed(desk.secret)
    assert desk.call("DELETE", "/widget/hr-portal/token", token).status_code == 204
    assert desk.get("/history", token).json()["reason"] == "logged-out"
    assert desk.get("/history", signed(desk.secret, jti="new")).status_code == 200
    assert desk.client.delete("/widget/hr-portal/token").status_code == 401


def test_an_anonymous_visitor_is_a_choice_of_the_site(desk: Desk) -> None:
    given = desk.call("PUT", "/widget/open/token", site="open")
    assert desk.get("/history", given.json()["token"], site="open").status_code == 200
    assert desk.call("PUT", "/widget/hr-portal/token").json()["reason"] == "no-token"
    assert desk.call("PUT", "/widget/open/token", site="").status_code == 401  # as a page of elsewhere would
    assert desk.call("PUT", "/widget/open/token", site="hr-portal").status_code == 401


def test_too_many_questions_are_told_to_wait(desk: Desk) -> None:
    token = signed(desk.secret)
    told = [desk.ask(token) for _ in range(4)]
    assert 429 not in [answer.status_code for answer in told[:3]]
    assert told[3].status_code == 429
    assert 1 <= int(told[3].headers["retry-after"]) <= 60
    assert told[3].json()["en"] == "You have asked many questions. Please go on in a minute."
    assert desk.get("/history", token).status_code == 200
    assert desk.ask(signed(desk.secret, sub="budi")).status_code != 429


def test_sites_that_cannot_be_read_refuse(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    with desk.sites._transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE sites RENAME TO gone")
    assert desk.get("/history", signed(desk.secret)).status_code == 503
    assert desk.client.get("/widget/hr-portal").status_code == 503
    assert desk.client.get("/").status_code == 200
    with desk.sites._transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO sites")


# What other origins may read


@pytest.fixture(scope="module")
def without_sites() -> TestClient:
    return TestClient(create_app(FakeChain().runnable(), LIBRARY), "https://tanya.example")


@pytest.mark.parametrize("path", ["/", "/config", "/widget/hr-portal", "/history", "/articles/delivery",
                                  "/gradio_api/startup-events", "/gradio_api/queue/data", "/theme.css",
                                  "/gradio_api/reset", "/nothing"])  # fmt: skip
@pytest.mark.parametrize("with_sites", [True, False])
def test_no_response_reflects_an_origin(desk: Desk, without_sites: TestClient, path: str, with_sites: bool) -> None:
    """Gradio lets every origin in, with credentials, where the host is not this machine."""
    client = desk.client if with_sites else without_sites
    for origin in (ELSEWHERE, PORTAL, "null"):
        answer = client.get(path, headers={"origin": origin})
        assert not [name for name in answer.headers if name.startswith("access-control")]
        asked = {"origin": origin, "access-control-request-method": "POST"}
        before = client.options(path, headers=asked | {"access-control-request-headers": "authorization,x-tanya-site"})
        assert before.status_code == 400
        assert "access-control-allow-origin" not in before.headers


def test_any_page_may_load_the_script_and_check_its_hash(desk: Desk) -> None:
    for path in ("/widget.js", "/widget.d.ts"):
        answer = desk.client.get(path, headers={"origin": ELSEWHERE})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_script_is_small_and_calls_nobody() -> None:
    script = (STATIC / "widget.js").read_bytes()
    assert len(script) < MOST_SCRIPT_BYTES
    assert b"innerHTML" not in script
    assert b'"*"' not in script
    assert b"innerHTML" not in (STATIC / "frame.js").read_bytes()
    assert b'"*"' not in (STATIC / "frame.js").read_bytes()


def test_without_sites_there_is_no_widget(without_sites: TestClient) -> None:
    assert without_sites.get("/widget/hr-portal").status_code == 404
    assert without_sites.get("/widget.js").status_code == 404
