"""Asking and searching over HTTP: whole and as events, kept and not, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from langchain_core.runnables import RunnableLambda
from starlette.testclient import TestClient

from assistant.records import Statement
from assistant.web.api.mount import api_app
from assistant.web.visitor import COOKIE
from tests.fakes import ARMS, DELIVERY, answer_to
from tests.web.api.conftest import WEAPONS, Api

STRANGER = "B" * 22


def events(text: str) -> list[tuple[str, Any]]:
    """Names and bodies of Server-Sent Events."""
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_an_answer_has_exact_quotations_with_their_articles(client: TestClient) -> None:
    answer = client.post("/api/v1/ask", json={"question": WEAPONS}).json()
    assert answer["found"]
    assert answer["lang"] == "en"
    assert answer["probability"] == 0.93
    assert answer["short"] == "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia."
    assert [one["citations"] for one in answer["statements"]] == [[1, 2], [3]]
    for cited, article in zip(answer["citations"], (ARMS, ARMS, DELIVERY), strict=True):
        assert article.text[cited["start"] : cited["end"]] == cited["quote"]
        assert all(article.text[one["start"] : one["end"]] == one["text"] for one in cited["spans"])
        assert cited["article"]["id"] == article.id
    facts = answer["citations"][0]["article"]
    assert (facts["title"], facts["date"], facts["source"]) == (ARMS.title, "2022-07-13", "Harian Contoh")
    assert [hit["rank"] for hit in answer["hits"]] == [1, 2, 3]
    assert answer["articles"] == 4
    assert answer["seconds"]["whole"] > 0
    assert answer["conversation"] is None


def test_the_link_of_a_citation_shows_it_marked(client: TestClient) -> None:
    cited = client.post("/api/v1/ask", json={"question": WEAPONS}).json()["citations"][0]
    assert cited["article"]["link"].startswith("http://testserver/articles/arms%2F2022-07-13?start=81&end=137")
    page = client.get(cited["article"]["link"])
    marked = page.text.partition('<mark id="cited"')[2].partition("</mark>")[0]
    assert marked.endswith(f"</a>{cited['quote']}")


def test_nothing_found_is_an_answer(client: TestClient) -> None:
    told = client.post("/api/v1/ask", json={"question": "Who won?"})
    assert told.status_code == 200
    assert not told.json()["found"]
    assert told.json()["citations"] == []
    assert told.json()["text"] == "I find nothing about this in the articles."


@pytest.mark.parametrize(
    ("body", "headers"), [({"stream": True}, {}), ({}, {"accept": "text/event-stream"})], ids=["body", "accept"]
)
def test_events_add_up_to_the_answer(client: TestClient, body: dict[str, Any], headers: dict[str, str]) -> None:
    response = client.post("/api/v1/ask", json={"question": WEAPONS} | body, headers=headers)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers.get_list("cache-control") == ["no-store"]
    told = events(response.text)
    assert [name for name, _ in told] == ["hits", "statement", "statement", "answer"]
    whole = told[-1][1]
    assert [one["statement"] for _, one in told[1:3]] == whole["statements"]
    assert [cited for _, one in told[1:3] for cited in one["citations"]] == whole["citations"]
    assert "\n\n".join(one["text"] for _, one in told[1:3]) == whole["text"]
    assert told[0][1]["hits"] == whole["hits"]


def test_a_citation_that_is_used_again_comes_once(api: Api) -> None:
    whole = answer_to(WEAPONS)
    again = replace(whole, statements=(*whole.statements, Statement("As said:", (1,))))
    service = replace(api.service, chain=RunnableLambda(lambda _: again), memory=None)
    told = events(TestClient(api_app(service)).post("/ask", json={"question": WEAPONS, "stream": True}).text)
    assert [[one["number"] for one in body["citations"]] for name, body in told if name == "statement"] == [
        [1, 2],
        [3],
        [],
    ]
    assert told[3][1]["text"] == f"As said: “{whole.citations[0].quote}” [1]"


def test_an_error_in_a_stream_is_its_last_event(client: TestClient) -> None:
    told = events(client.post("/api/v1/ask", json={"question": "crash", "stream": True}).text)
    assert [name for name, _ in told] == ["problem"]
    assert told[0][1]["type"] == "/api#problem-broken"
    assert "secret" not in str(told)


def test_earlier_messages_reach_the_chain(client: TestClient, api: Api) -> None:
    messages = [
        {"role": "user", "content": "Where did Trump and Kim meet?"},
        {"role": "assistant", "content": "Sentosa"},
    ]
    assert client.post("/api/v1/ask", json={"question": "And when?", "messages": messages}).status_code == 200
    assert api.chain.asked[-1] == "And when?"
    assert api.chain.earlier[-1] == ["Where did Trump and Kim meet?", "Sentosa"]


def test_a_known_asker_goes_on_with_a_conversation(me: TestClient, api: Api) -> None:
    first = me.post("/api/v1/ask", json={"question": WEAPONS}).json()
    second = me.post("/api/v1/ask", json={"question": "And when?", "conversation": first["conversation"]}).json()
    assert second["conversation"] == first["conversation"]
    assert second["turn"] > first["turn"]
    assert api.chain.earlier[-1] == [WEAPONS, first["short"]]
    kept = me.get(f"/api/v1/conversations/{first['conversation']}").json()
    assert [turn["asked"] for turn in kept["turns"]] == [WEAPONS, "And when?"]


@pytest.mark.parametrize("more", [{"keep": False}, {"messages": [{"role": "user", "content": "Hello"}]}])
def test_what_is_not_to_be_kept_is_not(me: TestClient, more: dict[str, Any]) -> None:
    answer = me.post("/api/v1/ask", json={"question": WEAPONS} | more).json()
    assert answer["conversation"] is None
    assert me.get("/api/v1/conversations").json()["total"] == 0


@pytest.mark.parametrize("stream", [False, True])
def test_a_conversation_of_somebody_else_is_not_there(me: TestClient, stream: bool) -> None:
    mine = me.post("/api/v1/ask", json={"question": WEAPONS}).json()["conversation"]
    me.cookies.clear()
    body = {"question": "And?", "conversation": mine, "stream": stream}
    told = me.post("/api/v1/ask", json=body, headers={"cookie": f"{COOKIE}={STRANGER}"})
    problem = events(told.text)[0][1] if stream else told.json()
    assert problem["status"] == 404
    assert problem["detail"] == f"There is no conversation {mine} of yours."


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.question"),
        ({"question": ""}, "body.question"),
        ({"question": "x" * 10_001}, "body.question"),
        ({"question": "a", "conversation": "../x"}, "body.conversation"),
        ({"question": "a", "messages": [{"role": "system", "content": ""}]}, "body.messages.0.role"),
        ({"question": "a", "qestion": "b"}, "body.qestion"),
        ({"question": "a", "conversation": "x", "messages": [{"role": "user", "content": ""}]}, "body"),
    ],
)
def test_a_fault_is_told_with_its_place(client: TestClient, body: dict[str, Any], where: str) -> None:
    told = client.post("/api/v1/ask", json=body)
    assert told.status_code == 422
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["errors"][0]["where"] == where


def test_search_ranks_passages(client: TestClient) -> None:
    told = client.post("/api/v1/search", json={"question": WEAPONS, "limit": 2}).json()
    assert [(hit["rank"], hit["article"]["id"], hit["score"]) for hit in told["hits"]] == [
        (1, ARMS.id, 1.0),
        (2, DELIVERY.id, 0.5),
    ]
    assert told["hits"][0]["text"] == ARMS.text[told["hits"][0]["start"] : told["hits"][0]["end"]]
    assert told["lang"] == "en"
