"""Unmodified clients of others, and ours, against a real server on a free port of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from mcp import Client as McpClient
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from assistant import client as ours
from assistant.chain import build
from assistant.config import Settings
from assistant.errors import ClientError
from assistant.store import Index
from assistant.web.api import tools
from assistant.web.api.completions import SOURCES
from assistant.web.app import api_service, create_app
from assistant.web.asker import Asker, introduce
from tests.browser.conftest import serving
from tests.fakes import ARMS, DELIVERY, HOSTILE
from tests.web.api.conftest import WEAPONS, Api, api_over


@pytest.fixture(scope="module")
def fake() -> Api:
    return api_over()


@pytest.fixture(scope="module")
def address(fake: Api) -> Iterator[str]:
    with serving(fake.app) as address:
        yield address


@pytest.fixture(scope="module")
def real(index: Index) -> Iterator[str]:
    """A server with the bundled models over three stories."""
    settings = Settings()
    chain = build(settings, index)
    service = api_service(settings, index, chain)
    service.warm_up()
    with serving(create_app(chain, index, api=service)) as address:
        yield address


# OpenAI's


@pytest.fixture
def gpt(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        yield client


def messages(*said: str) -> Any:
    """Of the user and the assistant in turns."""
    return [{"role": ("user", "assistant")[place % 2], "content": text} for place, text in enumerate(said)]


def test_openais_client_gets_an_answer_with_sources(gpt: openai.OpenAI, address: str) -> None:
    told = gpt.chat.completions.create(model="tanya", messages=messages(WEAPONS), temperature=0.2)
    text = told.choices[0].message.content or ""
    assert told.choices[0].finish_reason == "stop"
    assert "“Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia.” [1]" in text
    assert f"\n\nSources:\n- [1] {ARMS.title}, Harian Contoh, 13 July 2022 — {address}/articles/arms%2F2022" in text
    cited = told.model_extra["citations"] if told.model_extra else []
    assert [one["number"] for one in cited] == [1, 2, 3]
    assert cited[2]["quote"] == DELIVERY.text[cited[2]["start"] : cited[2]["end"]]


def test_openais_client_gets_a_stream(gpt: openai.OpenAI) -> None:
    whole = gpt.chat.completions.create(model="tanya", messages=messages(WEAPONS))
    chunks = list(gpt.chat.completions.create(model="tanya", messages=messages(WEAPONS), stream=True))
    said = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices[0].delta.content]
    assert len(said) == 3
    assert "".join(said) == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None, None, None, None, "stop"]
    assert chunks[-1].model_extra == whole.model_extra


def test_a_conversation_goes_along_without_its_lists_of_sources(gpt: openai.OpenAI, fake: Api) -> None:
    before = gpt.chat.completions.create(model="tanya", messages=messages(WEAPONS)).choices[0].message.content or ""
    assert SOURCES["en"] in before
    system = [{"role": "system", "content": "You are a pirate."}]
    parts = [{"type": "text", "text": "And when?"}, {"type": "image_url", "image_url": {"url": "data:,"}}]
    said = system + messages(WEAPONS, before) + [{"role": "user", "content": parts}]
    gpt.chat.completions.create(model="tanya", messages=said)
    assert fake.chain.asked[-1] == "And when?"
    assert fake.chain.earlier[-1] == [WEAPONS, before.partition("\n\nSources:")[0]]


def test_what_a_stranger_wrote_is_no_markdown(gpt: openai.OpenAI) -> None:
    told = gpt.chat.completions.create(model="tanya", messages=messages("hostile"))
    text = told.choices[0].message.content or ""
    assert "\\<script>" in text
    assert "<script" not in text.replace("\\<", "")
    assert told.model_extra
    assert told.model_extra["citations"][0]["quote"] == HOSTILE.text[:60]


def test_models_and_errors_are_openais(gpt: openai.OpenAI) -> None:
    assert [model.id for model in gpt.models.list()] == ["tanya"]
    assert gpt.models.retrieve("tanya").owned_by == "tanya"
    with pytest.raises(openai.NotFoundError, match="There is no model 'gpt-5' here"):
        gpt.chat.completions.create(model="gpt-5", messages=messages(WEAPONS))
    with pytest.raises(openai.BadRequestError, match="no message of the role user"):
        gpt.chat.completions.create(model="tanya", messages=[{"role": "system", "content": "x"}])
    with pytest.raises(openai.BadRequestError, match=r"body\.messages"):
        gpt.chat.completions.create(model="tanya", messages=[])
    with pytest.raises(openai.InternalServerError) as broken:
        gpt.chat.completions.create(model="tanya", messages=messages("crash"))
    assert "secret" not in str(broken.value)
    with pytest.raises(openai.APIError, match="server's log"):
        list(gpt.chat.completions.create(model="tanya", messages=messages("crash"), stream=True))


# MCP


async def test_an_mcp_client_uses_the_tools(address: str) -> None:
    async with McpClient(f"{address}/mcp") as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search", "get_article"}
        assert all(tool.output_schema and tool.annotations for tool in tools.values())
        answer = (await client.call_tool("ask", {"question": WEAPONS})).structured_content
        assert answer["citations"][0]["article"]["link"].startswith(f"{address}/articles/arms%2F2022-07-13?start=81")
        found = (await client.call_tool("search", {"question": WEAPONS, "limit": 1})).structured_content
        assert [hit["article"]["id"] for hit in found["hits"]] == [ARMS.id]
        article = (await client.call_tool("get_article", {"article_id": ARMS.id})).structured_content
        cited = answer["citations"][0]
        assert article["text"][cited["start"] : cited["end"]] == cited["quote"]


async def test_an_mcp_client_hears_what_is_wrong(address: str) -> None:
    async with McpClient(f"{address}/mcp") as client:
        for tool, arguments, words in [
            ("get_article", {"article_id": "none"}, "There is no article of this id"),
            ("ask", {"question": "break"}, "tanya index PATH --rebuild"),
            ("ask", {"question": "crash"}, "server's log"),
            ("ask", {"question": ""}, "question"),
        ]:
            told = await client.call_tool(tool, arguments)
            assert told.is_error
            assert words in told.content[0].text  # type: ignore[union-attr]
            assert "secret" not in told.content[0].text  # type: ignore[union-attr]


LIST_TOOLS = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPTS = {"accept": "application/json, text/event-stream"}


@pytest.mark.parametrize(
    ("headers", "status"), [({"host": "evil.example"}, 421), ({"origin": "https://evil.example"}, 403), ({}, 200)]
)
def test_a_name_that_is_not_ours_gets_no_tools(address: str, headers: dict[str, str], status: int) -> None:
    told = httpx.post(f"{address}/mcp", json=LIST_TOOLS, headers=ACCEPTS | headers)
    assert told.status_code == status


def test_each_mcp_request_stands_alone(address: str) -> None:
    told = httpx.post(f"{address}/mcp", json=LIST_TOOLS, headers=ACCEPTS)
    assert [tool["name"] for tool in told.json()["result"]["tools"]] == ["ask", "search", "get_article"]
    assert "mcp-session-id" not in told.headers


def test_a_further_name_is_a_setting() -> None:
    api = api_over()
    api.service.mcp_hosts = ("tanya.example", "10.0.0.5:*")
    with TestClient(api.app) as client:
        for host, status in [("tanya.example", 200), ("10.0.0.5:7860", 200), ("10.0.0.6:7860", 421)]:
            assert client.post("/mcp", json=LIST_TOOLS, headers=ACCEPTS | {"host": host}).status_code == status


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "find_spec", lambda _: None)
    with TestClient(api_over().app) as client:
        told = client.post("/mcp", json={})
    assert told.status_code == 404
    assert 'pip install "tanya[mcp]"' in told.json()["detail"]


# Ours


def test_our_client_asks(real: str) -> None:
    with ours.Client(real) as tanya:
        assert tanya.ready().status == "ok"
        answer = tanya.ask("When was Whoosh inaugurated?")
        assert answer.short == "2 Oktober 2023"
        article = tanya.article(answer.citations[0].article.id)
        cited = answer.citations[0]
        assert article.text[cited.start : cited.end] == cited.quote
        assert [one.id for one in tanya.articles(limit=2).articles] == ["whoosh", "pantsir"]
        assert [one.id for one in tanya.articles(limit=2, offset=2).articles] == ["volcano"]
        assert tanya.articles().total == 3
        assert tanya.search("Semeru", limit=1).hits[0].article.id == "volcano"


async def test_our_asynchronous_client_does_the_same(real: str) -> None:
    async with ours.AsyncClient(real) as tanya:
        streamed = [event async for event in tanya.stream("When was Whoosh inaugurated?")]
        whole = await tanya.ask("When was Whoosh inaugurated?")
        assert (await tanya.article("volcano")).title == "Semeru erupts"
        assert (await tanya.search("Semeru")).hits[0].article.id == "volcano"
        assert (await tanya.articles()).total == 3
        with pytest.raises(ClientError):
            await tanya.article("none")
    assert [type(event).__name__ for event in streamed] == ["HitsEvent", "StatementEvent", "Answer"]
    assert isinstance(streamed[-1], ours.Answer)
    assert streamed[-1].text == whole.text


def test_our_client_hears_what_is_wrong(address: str) -> None:
    with ours.Client(address) as tanya:
        with pytest.raises(ClientError, match="There is no article") as missing:
            tanya.article("no/such")
        assert (missing.value.status, missing.value.problem) == (404, "not-found")
        with pytest.raises(ClientError) as unknown:
            tanya.conversations()
        assert unknown.value.problem == "unknown-asker"
        with pytest.raises(ClientError, match="question is wrong"):
            tanya.ask("")
        with pytest.raises(ClientError, match="server's log") as broken:
            list(tanya.stream("crash"))
        assert broken.value.status == 500


def test_a_server_that_is_not_there_is_named() -> None:
    with ours.Client("http://127.0.0.1:9") as tanya, pytest.raises(ClientError, match="tanya serve") as nobody:
        tanya.ask("Who?")
    assert nobody.value.status == 0


def test_our_client_keeps_conversations(me_address: str) -> None:
    with ours.Client(me_address, token="mine") as tanya:
        first = tanya.ask(WEAPONS)
        assert first.conversation is not None
        assert first.turn is not None
        second = tanya.ask("And when?", conversation=first.conversation)
        assert second.conversation == first.conversation
        assert tanya.rename(first.conversation, "Arms").title == "Arms"
        assert [one.title for one in tanya.conversations("sukhoi").conversations] == ["Arms"]
        assert tanya.feedback(first.turn, "down", "wrong-source").reason == "wrong-source"
        turns = tanya.conversation(first.conversation).turns
        assert [turn.asked for turn in turns] == [WEAPONS, "And when?"]
        assert turns[0].feedback
        assert turns[0].feedback.verdict == "down"
        tanya.delete(first.conversation)
        assert tanya.conversations().total == 0


@pytest.fixture
def me_address(api: Api) -> Iterator[str]:
    """A server that knows whoever brings a token: identity is another part's; here the token is the name."""
    app = api_over(api.service.memory).app

    class Knows:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                token = dict(scope["headers"]).get(b"authorization", b"")
                introduce(scope, Asker(token.decode()))
            await self.app(scope, receive, send)

    app.user_middleware.append(Middleware(Knows))
    with serving(app) as address:
        yield address
