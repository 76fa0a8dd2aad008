"""Ask and search: `POST /ask`, whole or as a stream of events, and `POST /search`."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from pydantic import BaseModel

from assistant.records import ALL, Filters
from assistant.web.api import bodies
from assistant.web.api.problem import Problem, ProblemError, as_problem_error, documented, told_by
from assistant.web.api.rights import require
from assistant.web.api.service import Service
from assistant.web.api.telling import Teller, statement, teller
from assistant.web.asker import Asker
from assistant.web.conversation import KEPT_TURNS, Turn, as_messages

EVENTS = "text/event-stream"
STREAM_HEADERS = {"x-accel-buffering": "no"}  # a proxy shall not hold events back

MayAsk = Annotated[Asker, Depends(require("ask"))]
Tells = Annotated[Teller, Depends(teller)]


def question_routes(service: Service) -> APIRouter:
    router = APIRouter(tags=["questions"], responses=documented("queue-full", "not-ready", "took-too-long"))

    @router.post("/ask", response_model=bodies.Answer, responses=documented("not-found") | _EVENTS_DOCUMENTED)
    async def ask(request: Request, body: bodies.AskRequest, asker: MayAsk, tells: Tells) -> Response | bodies.Answer:
        """Answers a question from the articles, every sentence with its citation.

        With `stream`, or when the client accepts `text/event-stream`, the answer comes as Server-Sent Events: `hits`
        once, `statement` for each statement, and last `answer` with all of it, or `problem`.
        """
        asking = _Asking(service, asker, body, tells)
        if body.stream or EVENTS in request.headers.get("accept", ""):
            events = service.questions.stream(asking.events)
            return StreamingResponse(_written(request, events), media_type=EVENTS, headers=STREAM_HEADERS)
        return await service.questions.run(asking.whole)

    @router.post("/search")
    async def search(body: bodies.SearchRequest, _: MayAsk, tells: Tells) -> bodies.SearchAnswer:
        """Ranks passages for a question, without reading them for an answer."""

        def found() -> bodies.SearchAnswer:
            return searched(service, tells, body.question, body.limit, body.filters.as_record())

        return await service.questions.run(found)

    return router


def searched(service: Service, tells: Teller, question: str, limit: int, filters: Filters = ALL) -> bodies.SearchAnswer:
    """The best passages for a question."""
    begun = time.perf_counter()
    understood, hits = service.search(question, limit, filters)
    return bodies.SearchAnswer(
        question=understood.text,
        lang=understood.lang,
        hits=tells.hits(hits, understood.lang),
        seconds=round(time.perf_counter() - begun, 4),
    )


class _Asking:
    """One request to ask, on a thread of its own from here on."""

    def __init__(self, service: Service, asker: Asker, body: bodies.AskRequest, tells: Teller) -> None:
        self._service, self._asker, self._body, self._tells = service, asker, body, tells

    def whole(self) -> bodies.Answer:
        """The answer, when it is there."""
        *_, turn = self._turns()
        return self._tells.answer(turn)

    def events(self) -> Iterator[tuple[str, BaseModel]]:
        """The answer as it grows: names and bodies of events."""
        told, numbers = -1, set[int]()
        for turn in self._turns():
            answer = turn.answer
            assert answer is not None
            if told < 0:
                lang = answer.question.lang
                hits = self._tells.hits(answer.hits, lang)
                yield "hits", bodies.HitsEvent(lang=lang, probability=round(answer.probability, 4), hits=hits)
                told = 0
            for one in answer.statements[told:]:
                new = [c for c in answer.citations if c.number in one.citations and c.number not in numbers]
                numbers |= {citation.number for citation in new}
                yield (
                    "statement",
                    bodies.StatementEvent(
                        statement=statement(one),
                        citations=self._tells.citations(new, answer.question.lang),
                        text=replace(answer, statements=(one,)).text,
                    ),
                )
            told = len(answer.statements)
            if turn.done:
                yield "answer", self._tells.answer(turn)

    def _turns(self) -> Iterator[Turn]:
        """The turn as it grows; the last one is kept, where it is to be."""
        earlier = self._earlier()
        number = earlier[-1].number + 1 if earlier else 1
        for turn in self._service.ask(self._messages(earlier), "api", number, self._body.filters.as_record()):
            yield self._kept(earlier, turn) if turn.done else turn

    def _earlier(self) -> tuple[Turn, ...]:
        """The newest turns of the conversation to go on with."""
        if self._body.conversation is None:
            return ()
        memory = self._service.memory
        earlier = memory.recall(self._asker.owner, self._body.conversation) if memory else ()
        if not earlier:
            raise ProblemError("not-found", f"There is no conversation {self._body.conversation} of yours.")
        return earlier[-(KEPT_TURNS - 1) :]

    def _messages(self, earlier: tuple[Turn, ...]) -> list[BaseMessage]:
        """What was said before, and the question."""
        sent = [message(one.role, one.content) for one in self._body.messages]
        return [*sent, *as_messages(earlier, self._body.question)]

    def _kept(self, earlier: tuple[Turn, ...], turn: Turn) -> Turn:
        memory = self._service.memory
        if memory is None or self._body.messages or not self._body.keep:
            return turn
        return memory.keep(self._asker.owner, (*earlier, turn))[-1]


def message(role: str, content: str) -> BaseMessage:
    """One message as LangChain has it."""
    return HumanMessage(content) if role == "user" else AIMessage(content)


async def _written(request: Request, events: AsyncIterator[tuple[str, BaseModel]]) -> AsyncIterator[str]:
    """Events as they go over the wire; an error is the last one."""
    try:
        async for name, body in events:
            yield event(name, body)
    except Exception as error:
        yield event("problem", told_by(request, as_problem_error(error)))


def event(name: str, body: BaseModel) -> str:
    r"""A Server-Sent Event. JSON has no line break of its own, so one line of data is enough.

    >>> event("hello", bodies.Health())
    'event: hello\ndata: {"status":"ok"}\n\n'
    """
    return f"event: {name}\ndata: {body.model_dump_json()}\n\n"


def _event_documented(name: str, body: type[BaseModel]) -> dict[str, Any]:
    data = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": f"#/components/schemas/{body.__name__}"},
    }
    return {"type": "object", "properties": {"event": {"const": name}, "data": data}, "required": ["event", "data"]}


EVENT_BODIES: Mapping[str, type[BaseModel]] = {
    "hits": bodies.HitsEvent,
    "statement": bodies.StatementEvent,
    "answer": bodies.Answer,
    "problem": Problem,
}
_EVENTS_DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer, whole or as a stream of events, of which each is as the schema says.",
        "content": {EVENTS: {"schema": {"oneOf": [_event_documented(*one) for one in EVENT_BODIES.items()]}}},
    }
}
