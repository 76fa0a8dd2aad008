"""Unmodified clients of others against a real server on a free port of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from mcp import Client as McpClient
from starlette.testclient import TestClient

from assistant.web.api import tools
from assistant.web.api.completions import SOURCES
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
    assert "scripts/install mcp" in told.json()["detail"]
