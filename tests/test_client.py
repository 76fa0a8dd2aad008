"""The Python client against real servers on free ports of this machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.middleware import Middleware

from assistant.chain import build
from assistant.client import Answer, AsyncClient, Client, Filters
from assistant.config import Settings
from assistant.errors import ClientError
from assistant.history import History, history_url
from assistant.store import Index
from assistant.web.app import api_service, create_app
from assistant.web.asker import Asker, introduce
from assistant.web.memory import Memory
from tests.browser.conftest import serving
from tests.fakes import LIBRARY
from tests.web.api.conftest import WEAPONS, api_over


@pytest.fixture(scope="module")
def real(index: Index) -> Iterator[str]:
    """A server with the bundled models over three stories."""
    settings = Settings()
    chain = build(settings, index)
    service = api_service(settings, index, chain)
    service.warm_up()
    with serving(create_app(chain, index, api=service)) as address:
        yield address


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server without models that knows nobody."""
    with serving(api_over().app) as address:
        yield address


def test_our_client_asks(real: str) -> None:
    with Client(real) as tanya:
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
    async with AsyncClient(real) as tanya:
        streamed = [event async for event in tanya.stream("When was Whoosh inaugurated?")]
        whole = await tanya.ask("When was Whoosh inaugurated?")
        assert (await tanya.article("volcano")).title == "Semeru erupts"
        assert (await tanya.search("Semeru")).hits[0].article.id == "volcano"
        assert (await tanya.articles()).total == 3
        with pytest.raises(ClientError):
            await tanya.article("none")
    assert [type(event).__name__ for event in streamed] == ["HitsEvent", "StatementEvent", "Answer"]
    assert isinstance(streamed[-1], Answer)
    assert streamed[-1].text == whole.text


def test_our_client_hears_what_is_wrong(address: str) -> None:
    with Client(address) as tanya:
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
    with Client("http://127.0.0.1:9") as tanya, pytest.raises(ClientError, match="tanya serve") as nobody:
        tanya.ask("Who?")
    assert nobody.value.status == 0


def test_our_client_keeps_conversations(me_address: str) -> None:
    with Client(me_address, token="mine") as tanya:
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
def me_address(tmp_path: Path) -> Iterator[str]:
    """A server that knows whoever brings a token: identity is another part's; here the token is the name."""

    class Knows:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                token = dict(scope["headers"]).get(b"authorization", b"")
                introduce(scope, Asker(token.decode()))
            await self.app(scope, receive, send)

    with History(history_url(Settings(history=str(tmp_path / "history.sqlite3")))) as history:
        app = api_over(Memory(history, LIBRARY)).app
        app.user_middleware.append(Middleware(Knows))
        with serving(app) as address:
            yield address


def test_only_chosen_articles_answer_and_are_found(real: str) -> None:
    with Client(real) as tanya:
        english = tanya.search("Whoosh", filters=Filters(lang="en"))
        assert [hit.article.id for hit in english.hits] == ["volcano", "volcano"]
        assert tanya.search("Whoosh", filters=Filters(until=dt.date(1999, 1, 1))).hits == []
        answer = tanya.ask("When was Whoosh inaugurated?", filters=Filters(since=dt.date(2022, 1, 1)))
        assert (answer.found, answer.articles) == (True, 2)
        assert not tanya.ask("When was Whoosh inaugurated?", filters=Filters(source="nobody")).found
