"""Kept conversations and feedback over HTTP: cookies, whose is whose, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.config import Settings
from assistant.history import Feedback, History, KeptTurn, history_url
from assistant.web.app import create_app
from assistant.web.drawer import conversation_list
from assistant.web.memory import Memory
from assistant.web.phrases import EN, ID
from assistant.web.visitor import COOKIE, owner_of
from tests.fakes import LIBRARY, FakeChain, answer_to

WEAPONS = "what weapons did Myanmar buy from Russia?"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    file = tmp_path_factory.mktemp("kept") / "history.sqlite3"
    with History(history_url(Settings(history=str(file)))) as history:
        yield history


@pytest.fixture(scope="module")
def client(history: History) -> Iterator[TestClient]:
    app = create_app(FakeChain().runnable(), LIBRARY, Memory(history, LIBRARY))
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def me(client: TestClient) -> Iterator[TestClient]:
    """A browser that has opened the page for the first time."""
    client.cookies.clear()
    client.get("/")
    yield client
    client.cookies.clear()


def keep(history: History, visitor: TestClient, question: str = WEAPONS) -> tuple[str, int]:
    answer = answer_to(question)
    return history.append(owner_of(dict(visitor.cookies)), KeptTurn(question, "en", answer.as_dict()))


def other(visitor: TestClient) -> TestClient:
    """Another browser on the same server."""
    return TestClient(visitor.app, raise_server_exceptions=False, cookies={COOKIE: "B" * 22})


def test_the_cookie_is_the_servers_own_random_and_long_lived(client: TestClient) -> None:
    client.cookies.clear()
    first = client.get("/").headers["set-cookie"]
    client.cookies.clear()
    second = client.get("/").headers["set-cookie"]
    token = re.match(rf"{COOKIE}=([A-Za-z0-9_-]{{22}}); Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax$", first)
    assert token
    assert token[1] not in second


def test_who_comes_again_keeps_their_cookie(me: TestClient) -> None:
    before = me.cookies[COOKIE]
    assert f"{COOKIE}={before};" in me.get("/").headers["set-cookie"]
    assert "set-cookie" not in me.get("/history").headers


@pytest.mark.parametrize("sent", ["short", "A" * 23, "ä" * 22, "'; DROP TABLE turns; --"])
def test_a_cookie_that_is_not_ours_is_replaced_and_owns_nothing(client: TestClient, sent: str) -> None:
    client.cookies.clear()
    answer = client.get("/", headers={b"cookie": f"{COOKIE}={sent}".encode()})
    assert re.match(rf"{COOKIE}=[A-Za-z0-9_-]{{22}};", answer.headers["set-cookie"])
    assert owner_of({COOKIE: sent}) == ""
    client.cookies.clear()


def test_over_https_the_cookie_is_secure(client: TestClient) -> None:
    client.cookies.clear()
    assert client.get("https://testserver/").headers["set-cookie"].endswith("; SameSite=Lax; Secure")
    client.cookies.clear()


def test_without_a_memory_nobody_gets_a_cookie() -> None:
    with TestClient(create_app(FakeChain().runnable(), LIBRARY)) as client:
        assert "set-cookie" not in client.get("/").headers
        assert client.get("/history").status_code == 404
        assert client.put("/feedback/1", json={"verdict": "up"}).status_code == 404


def test_the_list_shows_and_finds_ones_own(me: TestClient, history: History) -> None:
    conversation, _ = keep(history, me)
    keep(history, me, "what is the price of rice?")
    shown = me.get("/history").text
    assert re.findall('<span dir="auto">(.*?)</span>', shown) == ["what is the price of rice?", WEAPONS]
    assert f'href="./?conversation={conversation}"' in shown
    found = me.get("/history/list", params={"words": "SUKHOI"}).text
    assert re.findall('<span dir="auto">(.*?)</span>', found) == [WEAPONS]
    assert EN.none_found in me.get("/history/list", params={"words": "nowhere"}).text


def test_another_browser_sees_and_changes_nothing(me: TestClient, history: History) -> None:
    conversation, turn = keep(history, me)
    you = other(me)
    assert EN.no_conversations in you.get("/history").text
    assert you.patch(f"/history/{conversation}", json={"title": "mine"}).status_code == 404
    assert you.delete(f"/history/{conversation}").status_code == 404
    assert you.put(f"/feedback/{turn}", json={"verdict": "down"}).status_code == 404
    assert you.delete("/history").status_code == 204
    (kept,) = history.conversations(owner_of(dict(me.cookies)))
    assert (kept.id, kept.title) == (conversation, WEAPONS)
    assert history.turns(owner_of(dict(me.cookies)), conversation)[0].feedback is None


def test_rename_delete_and_forget(me: TestClient, history: History) -> None:
    first, _ = keep(history, me)
    keep(history, me, "what is the price of rice?")
    assert me.patch(f"/history/{first}", json={"title": "<b>Arms</b>"}).status_code == 204
    assert "&lt;b&gt;Arms&lt;/b&gt;" in me.get("/history/list").text
    assert me.delete(f"/history/{first}").status_code == 204
    assert me.delete(f"/history/{first}").status_code == 404
    assert "rice" in me.get("/history/list").text
    assert me.delete("/history").status_code == 204
    assert EN.no_conversations in me.get("/history/list").text


def test_without_a_cookie_it_says_that_nothing_is_kept(client: TestClient) -> None:
    client.cookies.clear()
    assert EN.no_cookie in client.get("/history").text
    assert EN.no_conversations in client.get("/history/list").text


@pytest.mark.parametrize(("accepted", "phrases"), [("id-ID,id;q=0.9,en;q=0.8", ID), ("en-GB", EN), ("fr", EN)])
def test_the_drawer_speaks_the_browsers_language(me: TestClient, accepted: str, phrases: object) -> None:
    shown = me.get("/history", headers={"accept-language": accepted}).text
    assert isinstance(phrases, type(EN))
    assert f'<div lang="{phrases.lang}"' in shown
    assert phrases.new_conversation in shown
    assert phrases.kept_note in shown


def test_thumbs_are_kept_changed_and_taken_back(me: TestClient, history: History) -> None:
    conversation, turn = keep(history, me)

    def kept() -> Feedback | None:
        return history.turns(owner_of(dict(me.cookies)), conversation)[0].feedback

    down = me.put(f"/feedback/{turn}", json={"verdict": "down"}).text
    assert 'data-verdict="down" aria-pressed="true"' in down
    assert "<details open>" in down
    told = me.put(f"/feedback/{turn}", json={"verdict": "down", "reason": "wrong-source", "comment": " </textarea> "})
    assert kept() == Feedback("down", "wrong-source", "</textarea>")
    assert "<summary>The source is wrong <span>Change</span></summary>" in told.text
    assert "&lt;/textarea&gt;</textarea>" in told.text
    assert 'value="wrong-source" required checked' in told.text
    assert 'aria-pressed="true"' in me.put(f"/feedback/{turn}", json={"verdict": "up"}).text
    assert kept() == Feedback("up")
    assert 'aria-pressed="true"' not in me.put(f"/feedback/{turn}", json={"verdict": ""}).text
    assert kept() is None


@pytest.mark.parametrize(
    "said",
    [{}, {"verdict": "sideways"}, {"verdict": "down", "reason": "mood"}, {"verdict": "down", "comment": "x" * 2_001}],
)
def test_an_opinion_that_is_none_is_refused(me: TestClient, history: History, said: dict[str, str]) -> None:
    _, turn = keep(history, me)
    assert me.put(f"/feedback/{turn}", json=said).status_code == 422


@pytest.mark.parametrize("turn", ["0", "-1", "x", "9" * 30])
def test_a_turn_that_cannot_be_is_refused(me: TestClient, turn: str) -> None:
    assert me.put(f"/feedback/{turn}", json={"verdict": "up"}).status_code == 422


def test_hostile_titles_are_text(history: History) -> None:
    history.append("hostile", KeptTurn('"><img src=x onerror=alert(1)>', "en", {}))
    html = conversation_list(history.conversations("hostile"), EN)
    assert "<img" not in html
    assert 'data-value="&#34;&gt;&lt;img' in html


def test_what_is_kept_stays_out_of_caches(me: TestClient) -> None:
    for path in ("/history", "/history/list"):
        assert me.get(path).headers["cache-control"] == "no-store"
