"""Asks a Tanya server from Python: `Client`, and `AsyncClient` for programs with an event loop.

    with Client("http://127.0.0.1:7860") as tanya:
        answer = tanya.ask("What weapons did Myanmar buy from Russia?")
        print(answer.short, answer.citations[0].quote)

What comes back is what `assistant/web/api/bodies.py` describes. Every call raises `ClientError` where the server is not
reached or answers with a problem. This module loads no models and knows nothing of indexes.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from assistant.errors import ClientError
from assistant.history import Reason, Verdict
from assistant.web.api.bodies import (
    Answer,
    Article,
    Articles,
    AskRequest,
    Conversation,
    Conversations,
    Filters,
    GivenOpinion,
    Health,
    HitsEvent,
    Message,
    NewTitle,
    Opinion,
    SearchAnswer,
    SearchRequest,
    StatementEvent,
    WholeConversation,
)

__all__ = [
    "Answer",
    "Article",
    "Articles",
    "AsyncClient",
    "Client",
    "ClientError",
    "Conversation",
    "Conversations",
    "Filters",
    "GivenOpinion",
    "HitsEvent",
    "SearchAnswer",
    "StatementEvent",
    "WholeConversation",
]

ALL_ARTICLES = Filters()

ADDRESS = "http://127.0.0.1:7860"
TIMEOUT_SECONDS = 90.0  # longer than the server's own, which tells what was wrong

Body = TypeVar("Body", bound=BaseModel)
Event = HitsEvent | StatementEvent | Answer
Earlier = Sequence[tuple[Literal["user", "assistant"], str]]
EVENTS: Mapping[str, type[HitsEvent] | type[StatementEvent] | type[Answer]] = {
    "hits": HitsEvent,
    "statement": StatementEvent,
    "answer": Answer,
}


@dataclass(frozen=True, slots=True)
class _Call(Generic[Body]):
    """One request, and the form of its answer; None where there is none."""

    method: str
    path: str
    answer: type[Body] | None
    body: BaseModel | None = None
    query: Mapping[str, str | int] = field(default_factory=dict)

    def options(self) -> dict[str, Any]:
        """For httpx."""
        sent = {"json": self.body.model_dump(mode="json")} if self.body else {}
        return {"method": self.method, "url": self.path, "params": self.query, **sent}


def _asking(
    question: str, conversation: str | None, messages: Earlier, keep: bool, filters: Filters, stream: bool = False
) -> _Call[Answer]:
    said = [Message(role=role, content=content) for role, content in messages]
    body = _sendable(
        AskRequest,
        question=question,
        conversation=conversation,
        messages=said,
        keep=keep,
        filters=filters,
        stream=stream,
    )
    return _Call("POST", "ask", Answer, body)


def _searching(question: str, limit: int, filters: Filters) -> _Call[SearchAnswer]:
    return _Call(
        "POST", "search", SearchAnswer, _sendable(SearchRequest, question=question, limit=limit, filters=filters)
    )


def _rating(turn: int, verdict: Verdict | None, reason: Reason | Literal[""], comment: str) -> _Call[GivenOpinion]:
    body = _sendable(Opinion, verdict=verdict, reason=reason, comment=comment)
    return _Call("PUT", f"feedback/{turn}", GivenOpinion, body)


def _page(limit: int, offset: int, **more: str) -> dict[str, str | int]:
    return {"limit": limit, "offset": offset, **more}


def _at(room: str, id: str) -> str:
    return f"{room}/{quote(id, safe='')}"


def _sendable(form: type[Body], **given: Any) -> Body:
    """The body, where the server would take it."""
    try:
        return form(**given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the request"
        raise ClientError(f"{where} is wrong: {first['msg']}.", 422, "invalid") from None


class Client:
    """A connection to one server. Close it, or use it in a `with` block."""

    def __init__(self, address: str = ADDRESS, token: str = "", timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """`token` says who asks, where the server wants to know."""
        self._http = httpx.Client(**_connection(address, token, timeout_seconds))

    def ask(
        self,
        question: str,
        conversation: str | None = None,
        messages: Earlier = (),
        keep: bool = True,
        filters: Filters = ALL_ARTICLES,
    ) -> Answer:
        """The answer; `conversation` goes on with a kept one, `messages` are earlier ones that you keep yourself."""
        return self._told(_asking(question, conversation, messages, keep, filters))

    def stream(
        self,
        question: str,
        conversation: str | None = None,
        messages: Earlier = (),
        keep: bool = True,
        filters: Filters = ALL_ARTICLES,
    ) -> Iterator[Event]:
        """The answer as it grows: the passages, each statement, and last the whole `Answer`."""
        call = _asking(question, conversation, messages, keep, filters, stream=True)
        with _reached(), self._http.stream(**call.options()) as response:
            if response.is_error:
                response.read()
                raise _error(response)
            events = _Events()
            for line in response.iter_lines():
                yield from events.read(line)

    def search(self, question: str, limit: int = 8, filters: Filters = ALL_ARTICLES) -> SearchAnswer:
        """Ranked passages."""
        return self._told(_searching(question, limit, filters))

    def articles(self, limit: int = 50, offset: int = 0) -> Articles:
        """A page of the articles, newest first, without their texts."""
        return self._told(_Call("GET", "articles", Articles, query=_page(limit, offset)))

    def article(self, id: str) -> Article:
        """One article with its text."""
        return self._told(_Call("GET", _at("articles", id), Article))

    def conversations(self, words: str = "", limit: int = 50, offset: int = 0) -> Conversations:
        """A page of your conversations, the last one touched first; with `words`, those that have them."""
        return self._told(_Call("GET", "conversations", Conversations, query=_page(limit, offset, words=words)))

    def conversation(self, id: str) -> WholeConversation:
        """One of your conversations with its turns."""
        return self._told(_Call("GET", _at("conversations", id), WholeConversation))

    def rename(self, conversation: str, title: str) -> Conversation:
        """Gives a conversation another title."""
        body = _sendable(NewTitle, title=title)
        return self._told(_Call("PATCH", _at("conversations", conversation), Conversation, body))

    def delete(self, conversation: str) -> None:
        """Deletes a conversation with its turns and feedback."""
        self._send(_Call("DELETE", _at("conversations", conversation), None))

    def feedback(
        self, turn: int, verdict: Verdict | None, reason: Reason | Literal[""] = "", comment: str = ""
    ) -> GivenOpinion:
        """Says what you think of a kept answer; a verdict of None takes it back."""
        return self._told(_rating(turn, verdict, reason, comment))

    def ready(self) -> Health:
        """That the server can answer; `ClientError` says why not."""
        return self._told(_Call("GET", "health/ready", Health))

    def _told(self, call: _Call[Body]) -> Body:
        return _read(call, self._send(call))

    def _send(self, call: _Call[Any]) -> httpx.Response:
        with _reached():
            response = self._http.request(**call.options())
        if response.is_error:
            raise _error(response)
        return response

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient:
    """`Client` for programs with an event loop. Close it with `aclose`, or use it in an `async with` block."""

    def __init__(self, address: str = ADDRESS, token: str = "", timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._http = httpx.AsyncClient(**_connection(address, token, timeout_seconds))

    async def ask(
        self,
        question: str,
        conversation: str | None = None,
        messages: Earlier = (),
        keep: bool = True,
        filters: Filters = ALL_ARTICLES,
    ) -> Answer:
        return await self._told(_asking(question, conversation, messages, keep, filters))

    async def stream(
        self,
        question: str,
        conversation: str | None = None,
        messages: Earlier = (),
        keep: bool = True,
        filters: Filters = ALL_ARTICLES,
    ) -> AsyncIterator[Event]:
        call = _asking(question, conversation, messages, keep, filters, stream=True)
        with _reached():
            async with self._http.stream(**call.options()) as response:
                if response.is_error:
                    await response.aread()
                    raise _error(response)
                events = _Events()
                async for line in response.aiter_lines():
                    for event in events.read(line):
                        yield event

    async def search(self, question: str, limit: int = 8, filters: Filters = ALL_ARTICLES) -> SearchAnswer:
        return await self._told(_searching(question, limit, filters))

    async def articles(self, limit: int = 50, offset: int = 0) -> Articles:
        return await self._told(_Call("GET", "articles", Articles, query=_page(limit, offset)))

    async def article(self, id: str) -> Article:
        return await self._told(_Call("GET", _at("articles", id), Article))

    async def conversations(self, words: str = "", limit: int = 50, offset: int = 0) -> Conversations:
        return await self._told(_Call("GET", "conversations", Conversations, query=_page(limit, offset, words=words)))

    async def conversation(self, id: str) -> WholeConversation:
        return await self._told(_Call("GET", _at("conversations", id), WholeConversation))

    async def rename(self, conversation: str, title: str) -> Conversation:
        body = _sendable(NewTitle, title=title)
        return await self._told(_Call("PATCH", _at("conversations", conversation), Conversation, body))

    async def delete(self, conversation: str) -> None:
        await self._send(_Call("DELETE", _at("conversations", conversation), None))

    async def feedback(
        self, turn: int, verdict: Verdict | None, reason: Reason | Literal[""] = "", comment: str = ""
    ) -> GivenOpinion:
        return await self._told(_rating(turn, verdict, reason, comment))

    async def ready(self) -> Health:
        return await self._told(_Call("GET", "health/ready", Health))

    async def _told(self, call: _Call[Body]) -> Body:
        return _read(call, await self._send(call))

    async def _send(self, call: _Call[Any]) -> httpx.Response:
        with _reached():
            response = await self._http.request(**call.options())
        if response.is_error:
            raise _error(response)
        return response

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _connection(address: str, token: str, timeout_seconds: float) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return {"base_url": f"{address.rstrip('/')}/api/v1/", "headers": headers, "timeout": timeout_seconds}


class _reached:  # noqa: N801  reads as a word of the `with` statement
    """What httpx could not do becomes a `ClientError`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, httpx.TimeoutException):
            raise ClientError("The server did not answer in time. Try again, or give more timeout_seconds.") from error
        if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
            raise ClientError(f"The server was not reached: {error}. Is `tanya serve` running there?") from error


def _error(response: httpx.Response) -> ClientError:
    """The problem that a server answered with; from a proxy between it may be anything."""
    retry = response.headers.get("retry-after", "")
    after = float(retry) if retry.isdecimal() else None
    try:
        told = response.json()
        name = str(told["type"]).rpartition("#problem-")[2]
        message = f"{told['title']}: {told.get('detail', '')}"
    except (ValueError, KeyError, TypeError):
        name, message = "", f"The server answered {response.status_code} {response.reason_phrase}."
    return ClientError(message, response.status_code, name, after)


def _read(call: _Call[Body], response: httpx.Response) -> Body:
    assert call.answer is not None
    try:
        return call.answer.model_validate_json(response.content)
    except ValidationError as error:
        raise ClientError(f"{response.url} is not Tanya's API, or one of another version: {error}") from error


class _Events:
    """Lines of Server-Sent Events -> events; what begins with a colon or has another name is passed over."""

    def __init__(self) -> None:
        self._name, self._data = "", ""

    def read(self, line: str) -> Iterator[Event]:
        field, _, value = line.partition(":")
        if field == "event":
            self._name = value.strip()
        elif field == "data":
            self._data += value.strip()
        elif not line:
            name, data, self._name, self._data = self._name, self._data, "", ""
            if name == "problem":
                told = json.loads(data)
                kind = told["type"].rpartition("#problem-")[2]
                raise ClientError(f"{told['title']}: {told['detail']}", told["status"], kind)
            if name in EVENTS:
                yield EVENTS[name].model_validate_json(data)
