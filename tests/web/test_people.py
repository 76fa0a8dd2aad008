"""Signing in over HTTP: with a password, a key, a provider that runs as a process of its own, and behind a proxy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.audit import Audit
from assistant.config import Settings
from assistant.errors import ConfigError, ServeError
from assistant.history import History, KeptTurn, history_url
from assistant.people import MOST_FAILURES, People
from assistant.sites import Site, Sites
from assistant.web.access import access_of, check_reach
from assistant.web.app import create_app, serve
from assistant.web.memory import Memory
from tests.fakes import LIBRARY, FakeChain, answer_to
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Running, provider
from tests.test_people import PASSWORD, QUICK
from tests.test_sites import signed

ADDRESS = "http://localhost:7860"
OWN = {"origin": ADDRESS}
PAGE = {"accept": "text/html"}


@dataclass
class Place:
    """An application with its people, and what was written down."""

    people: People
    app: Any
    file: Path
    clients: list[TestClient] = field(default_factory=list)

    def browser(self, address: str = "127.0.0.1", **headers: str) -> TestClient:
        """A browser with no cookies yet."""
        client = TestClient(
            self.app,
            ADDRESS,
            raise_server_exceptions=False,
            follow_redirects=False,
            headers=headers,
            client=(address, 1),
        )
        self.clients.append(client)
        return client

    def events(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []


def place(people: People, folder: Path, memory: Memory | None = None, **settings: Any) -> Place:
    file = folder / "audit.jsonl"
    access = access_of(Settings(**settings), people, Audit(file))
    return Place(people, create_app(FakeChain().runnable(), LIBRARY, memory, access=access), file)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    with People(tmp_path_factory.mktemp("people") / "people.sqlite3", hasher=QUICK) as people:
        people.add("ana", "admin", PASSWORD)
        people.add("budi", "ask", PASSWORD)
        yield people


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    with History(history_url(Settings(history=str(tmp_path_factory.mktemp("kept") / "h.sqlite3")))) as history:
        yield history


@pytest.fixture(scope="module")
def desk(people: People, history: History, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place(people, tmp_path_factory.mktemp("audit"), Memory(history, LIBRARY))


def sign_in(browser: TestClient, name: str = "ana", password: str = PASSWORD, **more: str) -> httpx.Response:
    return browser.post("/sign-in", data={"name": name, "password": password, **more}, headers=OWN)  # type: ignore[return-value]


# The door


@pytest.mark.parametrize(
    "path", ["/", "/articles/delivery", "/history", "/config", "/gradio_api/queue/data", "/nothing"]
)
def test_whoever_is_not_known_is_asked_who_they_are(desk: Place, path: str) -> None:
    as_page = desk.browser().get(path, headers=PAGE)
    as_program = desk.browser().get(path)
    assert (as_page.status_code, as_program.status_code) == (303, 401)
    assert as_page.headers["location"].split("?")[0] == "/sign-in"
    assert as_program.headers["www-authenticate"] == "Bearer"
    assert as_program.headers["content-type"] == "application/problem+json"
    assert as_program.json()["status"] == 401
    assert "Myanmar" not in as_page.text + as_program.text


@pytest.mark.parametrize("path", ["/health/live", "/sign-in", "/page/tanya.css", "/page/sign-in.css", "/favicon.ico"])
def test_what_holds_nothing_of_anybodys_needs_no_sign_in(desk: Place, path: str) -> None:
    assert desk.browser().get(path).status_code == 200


def test_nobody_asks_a_question_without_signing_in(desk: Place) -> None:
    body = {"data": ["What?", None], "fn_index": 0, "session_hash": "x"}
    assert desk.browser().post("/gradio_api/queue/join", json=body, headers=OWN).status_code == 401


def test_the_way_in_leads_to_where_somebody_wanted_to_go(desk: Place) -> None:
    browser = desk.browser()
    sent = browser.get("/articles/delivery?start=0&end=3", headers=PAGE).headers["location"]
    assert parse_qs(urlsplit(sent).query) == {"next": ["/articles/delivery?start=0&end=3"]}
    form = browser.get(sent).text
    assert 'name="next" value="/articles/delivery?start=0&amp;end=3"' in form
    answer = sign_in(browser, next="/articles/delivery?start=0&end=3")
    assert (answer.status_code, answer.headers["location"]) == (303, "/articles/delivery?start=0&end=3")
    assert "has received two of six" in browser.get(answer.headers["location"]).text


# Passwords


def test_the_right_password_opens_the_page_and_signing_out_shuts_it(desk: Place) -> None:
    browser = desk.browser()
    assert sign_in(browser).status_code == 303
    assert browser.get("/").status_code == 200
    account = browser.get("/account").text
    assert "You are signed in as ana." in account
    assert "You may do everything." in account
    kept = browser.cookies["tanya_session"]
    out = browser.post("/sign-out", headers=OWN)
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in?out=1")
    assert "You have signed out." in browser.get("/sign-in?out=1").text
    browser.cookies.set("tanya_session", kept)  # whoever has kept the cookie has nothing
    assert browser.get("/").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Place) -> None:
    cookie = sign_in(desk.browser()).headers["set-cookie"]
    assert re.fullmatch(r"tanya_session=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax", cookie)


def test_over_https_cookies_are_secure_and_browsers_come_back_that_way_only(desk: Place) -> None:
    browser = TestClient(desk.app, "https://localhost", follow_redirects=False)
    answer = browser.post(
        "/sign-in", data={"name": "ana", "password": PASSWORD}, headers={"origin": "https://localhost"}
    )
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"__Host-tanya_session=[\w-]{43}; .*; Path=/; SameSite=lax; Secure", cookie)
    assert answer.headers["strict-transport-security"] == "max-age=15552000"
    assert browser.get("/").status_code == 200
    out = browser.post("/sign-out", headers={"origin": "https://localhost"}).headers["set-cookie"]
    assert re.fullmatch(r'__Host-tanya_session=""; .*Max-Age=0; Path=/; .*Secure', out)
    assert browser.get("/").status_code == 401


def test_a_session_that_another_host_has_planted_is_not_read_over_https(desk: Place) -> None:
    browser = desk.browser()
    sign_in(browser)
    planted = {"tanya_session": browser.cookies["tanya_session"]}
    assert TestClient(desk.app, "http://localhost", cookies=planted).get("/").status_code == 200
    assert TestClient(desk.app, "https://localhost", cookies=planted).get("/").status_code == 401


def test_under_a_path_the_cookie_is_the_hosts_all_the_same(people: People, tmp_path: Path) -> None:
    app = place(people, tmp_path).app
    browser = TestClient(app, "https://localhost", root_path="/tanya", follow_redirects=False)
    answer = browser.post(
        "/sign-in", data={"name": "ana", "password": PASSWORD}, headers={"origin": "https://localhost"}
    )
    assert re.match(r"__Host-tanya_session=.*; Path=/; .*Secure", answer.headers["set-cookie"])


# Another password


NEW = "another horse battery"


@pytest.fixture
def cici(people: People) -> Iterator[str]:
    people.add("cici", "ask", PASSWORD)
    yield "cici"
    people.remove("cici")


def change(browser: TestClient, **fields: str) -> httpx.Response:
    data = {"password": PASSWORD, "new": NEW, "again": NEW, **fields}
    return browser.post("/account", data=data, headers=OWN)  # type: ignore[return-value]


def test_who_knows_the_present_password_gets_another_and_is_out_everywhere_else(desk: Place, cici: str) -> None:
    browser, phone = desk.browser("10.0.8.1"), desk.browser("10.0.8.2")
    sign_in(browser, cici)
    sign_in(phone, cici)
    assert 'autocomplete="new-password" minlength="8" maxlength="1000" required' in browser.get("/account").text
    answer = change(browser, lang="en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?changed=1&lang=en")
    assert "Your password has been changed." in browser.get(answer.headers["location"]).text
    assert phone.get("/").status_code == 401
    assert [sign_in(desk.browser("10.0.8.3"), cici, password).status_code for password in (PASSWORD, NEW)] == [401, 303]
    last = [line for line in desk.events() if line["who"] == cici]
    assert [line["event"] for line in last if line["event"].startswith("password")] == ["password-changed"]


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"password": "wrong wrong"}, 401, "This is not your current password."),
        ({"again": "another horse"}, 400, "not the same both times"),
        ({"new": "short", "again": "short"}, 400, "A password has 8 to 1000 characters."),
        ({"new": "", "again": ""}, 400, "A password has 8 to 1000 characters."),
        ({"lang": "id", "password": "wrong wrong"}, 401, "Ini bukan kata sandi Anda saat ini."),
    ],
)
def test_a_password_is_not_changed_by_mistake(
    desk: Place, cici: str, fields: dict[str, str], status: int, said: str
) -> None:
    browser = desk.browser("10.0.8.4")
    sign_in(browser, cici)
    answer = change(browser, **fields)
    assert answer.status_code == status
    assert said in answer.text
    assert "<details open>" in answer.text
    assert browser.get("/").status_code == 200
    assert sign_in(desk.browser("10.0.8.5"), cici).status_code == 303


def test_guessing_the_present_password_has_an_end(desk: Place, cici: str) -> None:
    browser = desk.browser("10.0.8.6")
    sign_in(browser, cici)
    said = [change(browser, password=f"guess number {number}").status_code for number in range(MOST_FAILURES + 1)]
    assert said == [401] * MOST_FAILURES + [429]
    assert [line["event"] for line in desk.events()[-2:]] == ["password-refused", "sign-in-throttled"]


def test_where_the_session_has_ended_the_form_leads_back_to_the_way_in(desk: Place) -> None:
    data = {"password": PASSWORD, "new": NEW, "again": NEW}
    answer = desk.browser().post("/account", data=data, headers=OWN | PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_another_sites_form_changes_no_password(desk: Place, cici: str) -> None:
    browser = desk.browser("10.0.8.7")
    sign_in(browser, cici)
    data = {"password": PASSWORD, "new": NEW, "again": NEW}
    assert browser.post("/account", data=data, headers={"origin": "https://evil.example"}).status_code == 403
    assert sign_in(desk.browser("10.0.8.8"), cici).status_code == 303


@pytest.mark.parametrize(("name", "password"), [("ana", "wrong wrong"), ("nobody", PASSWORD), ("", ""), ("<b>", "<i>")])
def test_a_wrong_name_and_a_wrong_password_look_the_same(desk: Place, name: str, password: str) -> None:
    answer = sign_in(desk.browser("10.0.1.1"), name, password)
    assert answer.status_code == 401
    assert "Name and password do not belong together. Please try again." in answer.text
    assert "set-cookie" not in answer.headers
    assert password not in answer.text or not password
    assert "<b>" not in answer.text


def test_the_page_speaks_the_browsers_language_or_the_chosen_one(desk: Place) -> None:
    browser = desk.browser()
    assert 'lang="id"' in browser.get("/sign-in", headers={"accept-language": "id"}).text
    assert "<h2>Masuk</h2>" in browser.get("/sign-in?lang=id").text
    assert "Nama dan kata sandi tidak cocok" in sign_in(desk.browser("10.0.1.2"), "x", "y", lang="id").text
    assert '<a href="/sign-in?lang=en&amp;next=%2Fhistory"' in browser.get("/sign-in?lang=id&next=/history").text


def test_each_has_their_own_conversations_whatever_the_browser(desk: Place, history: History, people: People) -> None:
    owners = {person.name: person.owner for person in people.all()}
    conversation, _ = history.append(owners["ana"], KeptTurn("what weapons?", "en", answer_to("Myanmar").as_dict()))
    ana, elsewhere, budi = desk.browser(), desk.browser(), desk.browser()
    for browser, name in ((ana, "ana"), (elsewhere, "ana"), (budi, "budi")):
        sign_in(browser, name)
    assert "what weapons?" in ana.get("/history").text
    assert "what weapons?" in elsewhere.get("/history").text
    assert "what weapons?" not in budi.get("/history").text
    assert budi.delete(f"/history/{conversation}", headers=OWN).status_code == 404
    assert "tanya_browser" not in ana.cookies


def test_who_is_removed_is_out_at_the_next_click(desk: Place, people: People) -> None:
    people.add("citra", "ask", PASSWORD)
    browser = desk.browser()
    sign_in(browser, "citra")
    assert browser.get("/").status_code == 200
    people.remove("citra")
    assert browser.get("/").status_code == 401


def test_a_role_that_is_not_enough_is_told_so(people: People, tmp_path: Path) -> None:
    desk = place(people, tmp_path)
    budi, ana = desk.browser(), desk.browser()
    sign_in(budi, "budi")
    sign_in(ana, "ana")
    assert budi.get("/evaluation").status_code == 403
    assert "This is not open to you" in budi.get("/evaluation", headers=PAGE).text
    assert ana.get("/evaluation").status_code == 404  # there are no such pages in this application


# Keys


def test_a_key_is_enough_for_a_program(desk: Place, people: People) -> None:
    key = people.add_key("reports", "ask")
    program = desk.browser(authorization=f"Bearer {key}")
    assert program.get("/articles/delivery").status_code == 200
    assert program.get("/evaluation").status_code == 403
    people.revoke_key("reports")
    refused = program.get("/articles/delivery")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert desk.events()[-1]["event"] == "key-refused"
    assert key not in desk.file.read_text()


def test_a_wrong_key_is_refused_even_where_a_cookie_would_do(desk: Place) -> None:
    browser = desk.browser()
    sign_in(browser)
    assert browser.get("/", headers={"authorization": "Bearer tanya_wrong"}).status_code == 401


def test_tokens_of_portals_are_left_to_whoever_knows_them(desk: Place) -> None:
    browser = desk.browser()
    sign_in(browser)
    assert browser.get("/history", headers={"authorization": "Bearer a.b.c"}).status_code == 200


def test_on_this_machine_a_key_says_who_asks_and_nobody_else_has_to(tmp_path: Path, history: History) -> None:
    with People(tmp_path / "p.sqlite3", hasher=QUICK) as nobody:
        near = place(nobody, tmp_path, Memory(history, LIBRARY))
        key = nobody.add_key("reports", "ask")
        assert near.browser().get("/").status_code == 200
        assert near.browser().get("/sign-in").status_code == 404
        program = near.browser(authorization=f"Bearer {key}")
        history.append(nobody.keys()[0].owner, KeptTurn("asked by the key", "en", answer_to("x").as_dict()))
        assert "asked by the key" in program.get("/history").text
        assert "asked by the key" not in near.browser().get("/history").text


# A portal


def test_a_portals_people_need_no_sign_in_and_get_no_further_than_the_widget(people: People, tmp_path: Path) -> None:
    with Sites(tmp_path / "sites.sqlite3") as sites:
        secret = sites.add(Site("hr", ("https://portal.example",)))
        access = access_of(Settings(hosts=("tanya.example",)), people)
        app = create_app(FakeChain().runnable(), LIBRARY, access=access, sites=sites)
        browser = TestClient(app, "https://tanya.example", raise_server_exceptions=False, follow_redirects=False)
        assert browser.get("/widget.js").status_code == 200
        framed = browser.get("/widget/hr", headers={"referer": "https://portal.example/start"})
        assert framed.status_code == 200
        assert "frame-ancestors https://portal.example" in framed.headers["content-security-policy"]
        token = {"authorization": f"Bearer {signed(secret, aud='hr', sub='dewi')}", "x-tanya-site": "hr"}
        assert browser.get("/articles/delivery", headers=token).status_code == 200
        assert browser.get("/filters", headers=token).status_code == 200
        body = {"data": [], "fn_index": 99, "session_hash": "x"}
        assert browser.post("/gradio_api/queue/join", json=body, headers=token).status_code not in (401, 403)
        for path in ("/", "/evaluation", "/account", "/config", "/api/v1/articles"):
            assert browser.get(path, headers=token).status_code == 403, path
        assert browser.get("/articles/delivery").status_code == 401


# A provider


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with provider() as running:
        yield running


@pytest.fixture(scope="module")
def company(running: Running, people: People, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place(
        people,
        tmp_path_factory.mktemp("company"),
        oidc_issuer=running.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        curate_groups=("desk",),
        ask_groups=("news", "from userinfo"),
    )


def come_back(browser: TestClient, next: str = "/") -> httpx.Response:
    """Goes to the provider, as a browser does, and comes back."""
    there = browser.get("/sign-in/provider", params={"next": next})
    assert there.status_code == 302
    back = httpx.get(there.headers["location"]).headers["location"]
    assert back.startswith(f"{ADDRESS}/sign-in/provider/back?")
    return browser.get(back.removeprefix(ADDRESS))  # type: ignore[return-value]


def test_the_page_offers_the_provider_beside_the_form(company: Place) -> None:
    page = company.browser().get("/sign-in?next=/history").text
    assert '<a class="button " href="/sign-in/provider?next=%2Fhistory">Sign in with 127.0.0.1</a>' in page
    assert 'type="password"' in page


def test_a_provider_says_who_somebody_is_and_by_group_what_they_may(company: Place, running: Running) -> None:
    running.next(sub="7", name="Dewi", groups=["desk", "else"])
    browser = company.browser()
    answer = come_back(browser, "/articles/delivery")
    assert (answer.status_code, answer.headers["location"]) == (303, "/articles/delivery")
    account = browser.get("/account").text
    assert "You are signed in as Dewi." in account
    assert "change the articles" in account
    event = company.events()[-1]
    assert (event["event"], event["who"], event["way"], event["role"]) == ("signed-in", "Dewi", "127.0.0.1", "curate")
    assert event["subject"] == "7"
    assert "new-password" not in account  # that is the provider's
    assert change(browser).status_code == 403
    assert company.events()[-1]["event"] != "password-changed"
    assert browser.post("/sign-out", headers=OWN).status_code == 303
    assert browser.get("/account").status_code == 401


def test_groups_that_the_token_lacks_are_asked_for(company: Place, running: Running) -> None:
    running.next(sub="8", name="Eka")
    assert come_back(company.browser()).headers["location"] == "/"


def test_who_is_in_no_group_that_may_ask_stays_out(company: Place, running: Running) -> None:
    running.next(sub="9", name="Fajar", groups=["canteen"])
    browser = company.browser()
    assert come_back(browser).headers["location"] == "/sign-in?failed=1"
    assert "127.0.0.1 did not sign you in." in browser.get("/sign-in?failed=1").text
    assert browser.get("/").status_code == 401
    assert "in no group that may ask" in company.events()[-1]["reason"]


@pytest.mark.parametrize("fault", ["none", "key", "issuer", "audience", "nonce", "expired", "denied"])
def test_a_token_that_does_not_hold_signs_nobody_in(company: Place, running: Running, fault: str) -> None:
    running.next(fault, sub="7", name="Dewi", groups=["desk"])
    browser = company.browser()
    assert come_back(browser).headers["location"] == "/sign-in?failed=1"
    assert browser.get("/").status_code == 401
    assert company.events()[-1]["event"] == "sign-in-failed"


def test_two_of_one_name_are_two_in_what_was_done(company: Place, running: Running) -> None:
    for subject in ("7", "8", "7"):
        running.next(sub=subject, name="Dewi", groups=["desk"])
        browser = company.browser()
        come_back(browser)
        browser.post("/sign-out", headers=OWN)
    events = company.events()[-6:]
    assert {line["who"] for line in events} == {"Dewi"}
    first, second = events[0]["id"], events[2]["id"]
    assert [line["id"] for line in events] == [first, first, second, second, first, first]
    assert first != second


def test_with_another_provider_whoever_the_one_before_let_in_is_out(
    company: Place, running: Running, tmp_path: Path
) -> None:
    running.next(sub="7", name="Dewi", groups=["desk"])
    browser = company.browser()
    come_back(browser)
    cookies = {"tanya_session": browser.cookies["tanya_session"]}
    same = place(company.people, tmp_path, oidc_issuer=f"{running.issuer}/", oidc_client_id=CLIENT_ID)
    other = place(company.people, tmp_path, oidc_issuer="https://else.example", oidc_client_id=CLIENT_ID)
    none = place(company.people, tmp_path)
    assert [TestClient(one.app, ADDRESS, cookies=cookies).get("/").status_code for one in (same, other, none)] == [
        200,
        401,
        401,
    ]


def test_who_did_not_go_there_does_not_come_back(company: Place, running: Running) -> None:
    """Somebody else's answer of the provider, sent to a victim's browser, is worth nothing there."""
    running.next(sub="7", name="Dewi", groups=["desk"])
    attacker, victim = company.browser(), company.browser()
    there = attacker.get("/sign-in/provider").headers["location"]
    back = httpx.get(there).headers["location"].removeprefix(ADDRESS)
    assert victim.get(back).headers["location"] == "/sign-in?failed=1"
    victim.get("/sign-in/provider")  # even where the victim is on the way, too
    assert victim.get(back).headers["location"] == "/sign-in?failed=1"
    assert attacker.get(back).headers["location"] == "/"
    assert attacker.get(back).headers["location"] == "/sign-in?failed=1"  # once


def test_a_provider_that_is_another_or_away_signs_nobody_in(running: Running, people: People, tmp_path: Path) -> None:
    running.next("discovery")
    lying = place(people, tmp_path, oidc_issuer=running.issuer, oidc_client_id=CLIENT_ID)
    assert lying.browser().get("/sign-in/provider").headers["location"] == "/sign-in?failed=1"
    assert "another issuer" in lying.events()[-1]["reason"]
    away = place(people, tmp_path, oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT_ID)
    assert away.browser().get("/sign-in/provider").headers["location"] == "/sign-in?failed=1"
    assert away.browser().get("/sign-in").status_code == 200


# A proxy


@pytest.fixture(scope="module")
def behind(people: People, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place(
        people,
        tmp_path_factory.mktemp("behind"),
        proxy_header="Remote-User",
        proxy_groups_header="Remote-Groups",
        proxy_addresses=("10.0.0.0/24",),
        admin_groups=("it",),
    )


def test_a_proxy_says_who_somebody_is(behind: Place) -> None:
    browser = behind.browser("10.0.0.5", **{"remote-user": "Gita", "remote-groups": "canteen, it"})
    account = browser.get("/account").text
    assert "You are signed in as Gita." in account
    assert "You may do everything." in account
    assert "/sign-out" not in account  # that is the proxy's
    assert "You may ask." in behind.browser("10.0.0.5", **{"remote-user": "Hadi"}).get("/account").text


def test_an_older_cookie_is_not_whom_the_proxy_names(behind: Place, cici: str) -> None:
    browser = behind.browser("10.0.0.5", **{"remote-user": "Gita"})
    ours = behind.people.begin_session(next(one for one in behind.people.all() if one.name == cici), 100)
    browser.cookies.set("tanya_session", ours)
    assert "new-password" not in browser.get("/account").text
    assert change(browser).status_code == 403
    assert behind.people.sign_in(cici, PASSWORD) is not None


def test_from_anywhere_else_its_header_is_refused(behind: Place) -> None:
    for address in ("10.0.1.5", "127.0.0.1", "::1", "testclient"):
        assert behind.browser(address, **{"remote-user": "Gita", "remote-groups": "it"}).get("/").status_code == 403
    assert behind.events()[-1]["event"] == "proxy-header-refused"


def test_somebody_cannot_pretend_to_be_the_proxy_through_the_proxy(behind: Place) -> None:
    """The address is the one that the connection has, not one that a header tells."""
    headers = {"remote-user": "Gita", "x-forwarded-for": "10.0.0.5"}
    assert behind.browser("192.0.2.7", **headers).get("/").status_code == 403
    twice = behind.browser("10.0.0.5").get("/", headers=[("remote-user", "Gita"), ("remote-user", "Ana")])
    assert twice.status_code == 401


def test_without_its_header_somebody_is_not_known(behind: Place) -> None:
    assert behind.browser("10.0.0.5").get("/").status_code == 401
    assert behind.browser("10.0.0.5", **{"remote-user": " "}).get("/").status_code == 401


def test_a_proxy_alone_has_no_form_of_ours(tmp_path: Path) -> None:
    with People(tmp_path / "p.sqlite3", hasher=QUICK) as nobody:
        alone = place(nobody, tmp_path, proxy_header="Remote-User", proxy_addresses=("10.0.0.5",))
        page = alone.browser("10.0.0.5").get("/", headers=PAGE)
        assert page.status_code == 401
        assert "your organisation’s own sign-in" in page.text
        assert alone.browser("10.0.0.5").get("/sign-in").status_code == 404


def test_the_scheme_and_the_visitors_address_are_the_proxys_to_tell(behind: Place) -> None:
    forwarded = {"x-forwarded-proto": "https", "x-forwarded-for": "198.51.100.3"}
    near = behind.browser("10.0.0.5", **forwarded).post("/sign-in", data={"name": "x"}, headers=OWN)
    assert near.headers["strict-transport-security"]
    assert behind.events()[-1]["address"] == "198.51.100.3"
    far = behind.browser("192.0.2.7", **forwarded).post("/sign-in", data={"name": "x"}, headers=OWN)
    assert "strict-transport-security" not in far.headers
    assert behind.events()[-1]["address"] == "192.0.2.7"


# Starting


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[People]:
    with People(tmp_path / "people.sqlite3", hasher=QUICK) as people:
        yield people


def test_off_this_machine_it_does_not_start_without_a_way_of_signing_in(tmp_path: Path) -> None:
    with pytest.raises(ServeError) as refused:
        serve(Settings(host="0.0.0.0", port=0, index=tmp_path / "news"))
    told = str(refused.value)
    for way in ("tanya people add NAME", "TANYA_OIDC_ISSUER", "TANYA_PROXY_HEADER", "--host 127.0.0.1"):
        assert way in told


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_on_this_machine_none_is_needed(empty: People, host: str) -> None:
    check_reach(access_of(Settings(host=host), empty))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "tanya.example"])
@pytest.mark.parametrize(
    "way",
    [
        {"oidc_issuer": "https://id.example", "oidc_client_id": "tanya"},
        {"proxy_header": "Remote-User", "proxy_addresses": ("10.0.0.5",)},
        {"people": "password"},
        {},
    ],
    ids=["oidc", "proxy", "people", "none"],
)
def test_off_this_machine_any_one_will_do(empty: People, host: str, way: dict[str, Any]) -> None:
    if way.pop("people", ""):
        empty.add("ana", "ask", PASSWORD)
    elif not way:
        with pytest.raises(ServeError, match="nobody would be asked who they are"):
            check_reach(access_of(Settings(host=host), empty))
        return
    check_reach(access_of(Settings(host=host, **way), empty))


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"proxy_header": "Remote-User"}, "TANYA_PROXY_ADDRESSES"),
        ({"proxy_header": "Remote-User", "proxy_addresses": ("everywhere",)}, "'everywhere' is no address"),
        ({"oidc_issuer": "https://id.example"}, "TANYA_OIDC_CLIENT_ID"),
        ({"oidc_issuer": "http://id.example", "oidc_client_id": "tanya"}, "must begin with https://"),
    ],
)
def test_a_way_that_is_half_named_is_an_error(empty: People, given: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        access_of(Settings(**given), empty)
