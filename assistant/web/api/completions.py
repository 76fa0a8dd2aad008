"""The same answers in the form of OpenAI's chat completions: `POST /v1/chat/completions`, `GET /v1/models`.

Open WebUI and every OpenAI client can so use Tanya as a model. The text has numbered markers and ends with a list of
its sources, for programs that show text alone; `citations` beside it has the exact passages.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from langchain_core.messages import BaseMessage
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from assistant.language import long_date
from assistant.records import Answer, Citation, Lang
from assistant.web.api import bodies
from assistant.web.api.gate import Gate
from assistant.web.api.problem import MOST_NAME_CHARS, ProblemError, as_problem_error, as_text, faults_of
from assistant.web.api.questions import EVENTS, STREAM_HEADERS, message
from assistant.web.api.rights import require
from assistant.web.api.service import Service
from assistant.web.api.telling import Teller, teller
from assistant.web.asker import Asker

MODEL = "tanya"
MOST_MESSAGES = 200
SOURCES: dict[Lang, str] = {"en": "Sources:", "id": "Sumber:"}
# What Markdown could make a link, an image or HTML of.
MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\[]<`"})
TYPES = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class TextPart(BaseModel):
    """One part of a message; only text is read."""

    type: str = Field(examples=["text"])
    text: str = Field("", max_length=bodies.MOST_QUESTION_CHARS)


class ChatMessage(BaseModel):
    """One message. Those of `system` and `tool` are passed over."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: (
        Annotated[str, Field(max_length=10 * bodies.MOST_QUESTION_CHARS)]
        | Annotated[list[TextPart], Field(max_length=MOST_MESSAGES)]
        | None
    ) = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class ChatRequest(BaseModel):
    """A conversation; the last message of the user is the question. Other settings of a language model do nothing."""

    model_config = ConfigDict(frozen=True)

    model: str = Field(MODEL, examples=[MODEL])
    messages: list[ChatMessage] = Field(
        min_length=1,
        max_length=MOST_MESSAGES,
        examples=[[{"role": "user", "content": "What weapons did Myanmar buy from Russia?"}]],
    )
    stream: bool | None = False
    n: Literal[1] | None = 1


class Said(BaseModel):
    """The answer, or a piece of it."""

    role: Literal["assistant"] | None = None
    content: str | None = None


class Choice(BaseModel):
    """The one answer there is."""

    index: Literal[0] = 0
    message: Said | None = None
    delta: Said | None = None
    finish_reason: Literal["stop"] | None = None


class Completion(BaseModel):
    """A chat completion, or a chunk of one. `citations` and `probability` are Tanya's own."""

    id: str
    object: Literal["chat.completion", "chat.completion.chunk"]
    created: int
    model: str
    choices: list[Choice]
    citations: list[bodies.Citation] | None = Field(
        None, description="The exact passages; in a stream they come with the last chunk."
    )
    probability: bodies.Probability | None = Field(None, description="The chance that the answer is one.")


class Model(BaseModel):
    """A model that can be asked."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "tanya"


class Models(BaseModel):
    """The one model there is."""

    object: Literal["list"] = "list"
    data: list[Model]


MayAsk = Annotated[Asker, Depends(require("ask"))]


def completion_app(service: Service) -> FastAPI:
    """What answers below /v1."""
    app = FastAPI(title="Tanya, as OpenAI's chat completions", docs_url=None, redoc_url=None)

    @app.post("/chat/completions", response_model=Completion, response_model_exclude_none=True)
    async def complete(
        body: ChatRequest, _: MayAsk, tells: Annotated[Teller, Depends(teller)]
    ) -> Response | Completion:
        """Answers the last message of the user, from the articles."""
        _known(body.model)
        completing = _Completing(service, body, tells)
        if body.stream:
            return StreamingResponse(
                _written(service.questions.stream(completing.chunks)), media_type=EVENTS, headers=STREAM_HEADERS
            )
        return await service.questions.run(completing.whole)

    @app.get("/models")
    async def models(_: MayAsk) -> Models:
        """The models that can be asked."""
        return Models(data=[Model()])

    @app.get("/models/{model}")
    async def model(model: str, _: MayAsk) -> Model:
        """One model."""
        _known(model)
        return Model()

    _tell_errors(app)
    app.add_middleware(Gate, metrics=service.metrics, tell=lambda _, error: _refused(error))
    return app


def _known(model: str) -> None:
    if model != MODEL:
        raise ProblemError(
            "not-found", f"There is no model {model[:MOST_NAME_CHARS]!r} here; the only one is {MODEL!r}."
        )


class _Completing:
    """One request for a completion, on a thread of its own from here on."""

    def __init__(self, service: Service, body: ChatRequest, tells: Teller) -> None:
        self._service, self._tells = service, tells
        self._messages = conversation(body.messages)
        self._facts: dict[str, Any] = {
            "id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time()), "model": MODEL,
        }  # fmt: skip

    def whole(self) -> Completion:
        """The answer, when it is there."""
        *_, turn = self._service.ask(self._messages, "openai")
        assert turn.answer is not None
        said = Said(role="assistant", content=written(turn.answer, self._tells, with_sources=True))
        choice = Choice(message=said, finish_reason="stop")
        return Completion(**self._facts, object="chat.completion", choices=[choice], **self._proof(turn.answer))

    def chunks(self) -> Iterator[Completion]:
        """The answer as it grows, then its citations."""
        yield self._chunk(Said(role="assistant", content=""))
        told = ""
        for turn in self._service.ask(self._messages, "openai"):
            assert turn.answer is not None
            text = written(turn.answer, self._tells, with_sources=turn.done)
            if len(text) > len(told) and text.startswith(told):
                yield self._chunk(Said(content=text[len(told) :]))
                told = text
            if turn.done:
                yield self._chunk(Said(), "stop", self._proof(turn.answer))

    def _chunk(
        self, said: Said, finish: Literal["stop"] | None = None, proof: dict[str, Any] | None = None
    ) -> Completion:
        choice = Choice(delta=said, finish_reason=finish)
        return Completion(**self._facts, object="chat.completion.chunk", choices=[choice], **proof or {})

    def _proof(self, answer: Answer) -> dict[str, Any]:
        citations = self._tells.citations(answer.citations, answer.question.lang)
        return {"citations": citations, "probability": round(answer.probability, 4)}


def conversation(messages: list[ChatMessage]) -> list[BaseMessage]:
    """The conversation up to the last message of the user, without the lists of sources in earlier answers.

    Raises `ProblemError` where nobody asks anything.
    """
    said = [one for one in messages if one.role in ("user", "assistant")]
    while said and said[-1].role != "user":
        said.pop()
    if not said:
        raise ProblemError("not-understood", "There is no message of the role user in it.")
    return [message(one.role, _without_sources(one.text) if one.role == "assistant" else one.text) for one in said]


def _without_sources(text: str) -> str:
    for heading in SOURCES.values():
        text = text.partition(f"\n\n{heading}\n")[0]
    return text


def written(answer: Answer, tells: Teller, with_sources: bool) -> str:
    """The answer as text: numbered quotations, and at its end where they come from. It may be read as Markdown."""
    quotes = {one.number: " ".join(one.quote.split()).translate(MARKDOWN) for one in answer.citations}
    lines = [
        " ".join([one.lead.translate(MARKDOWN), *(f"“{quotes[n]}” [{n}]" for n in one.citations)]).strip()
        for one in answer.statements
    ]
    text = "\n\n".join(lines)
    if not with_sources or not answer.citations:
        return text
    lang = answer.question.lang
    sources = [_source(citation, tells, lang) for citation in answer.citations]
    return "\n".join([text, "", SOURCES[lang], *sources])


def _source(citation: Citation, tells: Teller, lang: Lang) -> str:
    article = citation.article
    date = long_date(article.date, lang) if article.date else ""
    known = ", ".join(part for part in (article.label, article.source, date) if part).translate(MARKDOWN)
    return f"- [{citation.number}] {known} — {tells.cited(article, citation.start, citation.end, lang)}"


async def _written(chunks: AsyncIterator[Completion]) -> AsyncIterator[str]:
    """Chunks as they go over the wire."""
    try:
        async for chunk in chunks:
            yield f"data: {chunk.model_dump_json(exclude_none=True)}\n\n"
        yield "data: [DONE]\n\n"
    except Exception as error:
        yield f"data: {json.dumps(_told(as_problem_error(error)))}\n\n"


def _told(error: ProblemError) -> dict[str, Any]:
    """An error as OpenAI's clients read it."""
    kind = TYPES.get(error.status_code, "server_error" if error.status_code >= 500 else TYPES[400])
    told = {"message": str(error.detail), "type": kind, "param": None, "code": error.name.replace("-", "_")}
    return {"error": told}


def _refused(error: ProblemError) -> JSONResponse:
    return JSONResponse(_told(error), error.status_code, error.headers)


def _tell_errors(app: FastAPI) -> None:
    def refused(_: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and not isinstance(error, ProblemError):
            told = ProblemError("not-found" if error.status_code == 404 else "wrong-method", str(error.detail))
            return _refused(told)
        return _refused(as_problem_error(error))

    def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _refused(ProblemError("not-understood", as_text(faults_of(error))))

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, refused)
