"""One's own conversations and opinions over the API; what is another's is not there."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.history import Feedback, History, KeptTurn
from assistant.web.api.telling import Teller
from assistant.web.asker import Asker, introduce
from assistant.web.memory import Memory
from assistant.web.visitor import COOKIE
from tests.fakes import DELIVERY, FakeLibrary, answer_to
from tests.web.api.conftest import WEAPONS, api_over

STRANGER = {"cookie": f"{COOKIE}={'B' * 22}"}


def ask(me: TestClient, question: str = WEAPONS) -> tuple[str, int]:
    answer = me.post("/api/v1/ask", json={"question": question}).json()
    return answer["conversation"], answer["turn"]


def test_list_get_rename_delete(me: TestClient) -> None:
    first, turn = ask(me)
    second, _ = ask(me, "Who won?")
    listed = me.get("/api/v1/conversations").json()
    assert [one["id"] for one in listed["conversations"]] == [second, first]
    assert listed["total"] == 2
    assert [one["id"] for one in me.get("/api/v1/conversations?limit=1&offset=1").json()["conversations"]] == [first]
    assert me.get("/api/v1/conversations?words=sukhoi").json()["total"] == 1

    renamed = me.patch(f"/api/v1/conversations/{first}", json={"title": " Arms  for Myanmar "}).json()
    assert (renamed["id"], renamed["title"]) == (first, "Arms for Myanmar")
    whole = me.get(f"/api/v1/conversations/{first}").json()
    assert whole["title"] == "Arms for Myanmar"
    assert whole["turns"][0]["answer"]["turn"] == turn
    assert whole["turns"][0]["answer"]["citations"][0]["gone"] is False
    assert whole["turns"][0]["feedback"] is None

    assert me.delete(f"/api/v1/conversations/{first}").status_code == 204
    assert me.get(f"/api/v1/conversations/{first}").status_code == 404
    assert me.delete(f"/api/v1/conversations/{first}").status_code == 404


def test_a_quotation_whose_article_is_gone_leads_nowhere(history: History) -> None:
    conversation, _ = history.append("me", KeptTurn(WEAPONS, "en", answer_to(WEAPONS).as_dict()))
    memory = Memory(history, FakeLibrary(DELIVERY))
    (turn,) = memory.recall("me", conversation)
    told = Teller("http://here").answer(turn)
    assert [(one.number, one.gone) for one in told.citations] == [(1, True), (2, True), (3, False)]
    assert told.citations[0].article.link == ""
    assert told.citations[0].quote == "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia."
    assert told.citations[2].article.link.startswith("http://here/articles/delivery?start=0&end=74")


def test_an_opinion_is_kept_changed_and_taken_back(me: TestClient, history: History) -> None:
    conversation, turn = ask(me)
    said = {"verdict": "down", "reason": "wrong-source", "comment": " Newer figure. "}
    told = me.put(f"/api/v1/feedback/{turn}", json=said)
    assert told.json() == {"turn": turn, "verdict": "down", "reason": "wrong-source", "comment": "Newer figure."}
    (rated,) = [one for one in history.all_feedback() if one.turn.id == turn]
    assert rated.feedback == Feedback("down", "wrong-source", "Newer figure.")
    assert me.get(f"/api/v1/conversations/{conversation}").json()["turns"][0]["feedback"] == told.json()
    assert me.put(f"/api/v1/feedback/{turn}", json={"verdict": None}).json()["verdict"] is None
    assert not [one for one in history.all_feedback() if one.turn.id == turn]


def test_what_is_anothers_is_not_there(me: TestClient) -> None:
    conversation, turn = ask(me)
    me.cookies.clear()
    assert me.get("/api/v1/conversations", headers=STRANGER).json()["total"] == 0
    for method, path, body in [
        ("GET", f"conversations/{conversation}", None),
        ("PATCH", f"conversations/{conversation}", {"title": "mine now"}),
        ("DELETE", f"conversations/{conversation}", None),
        ("PUT", f"feedback/{turn}", {"verdict": "up"}),
    ]:
        told = me.request(method, f"/api/v1/{path}", json=body, headers=STRANGER)
        assert told.status_code == 404, path
        assert told.json()["type"] == "/api#problem-not-found"


@pytest.mark.parametrize("path", ["conversations", "conversations/abc"])
def test_nobody_in_particular_is_asked_who_they_are(client: TestClient, path: str) -> None:
    told = client.get(f"/api/v1/{path}")
    assert told.status_code == 401
    assert told.headers["www-authenticate"] == "Bearer"
    assert told.json()["type"] == "/api#problem-unknown-asker"


def test_without_a_history_it_says_so() -> None:
    app = api_over().app

    async def introduced(scope: Any, receive: Any, send: Any) -> None:
        introduce(scope, Asker("somebody"))
        await app(scope, receive, send)

    told = TestClient(introduced).get("/api/v1/conversations")
    assert told.status_code == 404
    assert "TANYA_HISTORY=off" in told.json()["detail"]
