"""What went wrong, as RFC 9457 has it: `application/problem+json` with type, title, status and detail.

A type is the address of its explanation on the page `/api`. Nothing else of an error leaves the server: no trace, and
of a value that was refused only where it stands.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from assistant.errors import AssistantError

MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 20
MOST_NAME_CHARS = 200

log = logging.getLogger(__name__)


class Kind(NamedTuple):
    """One type of problem: its HTTP status, its title, and what to do about it."""

    status: int
    title: str
    remedy: str


KINDS: Mapping[str, Kind] = {
    "not-understood": Kind(400, "The request was not understood", "Send it as HTTP and JSON have it."),
    "unknown-asker": Kind(401, "Nobody knows who asks", "Send a key, a token, or the cookie of the chat page."),
    "not-allowed": Kind(403, "The asker may not do this", "Ask whoever looks after this server for the right."),
    "not-found": Kind(404, "There is nothing at this address", "Check the id; what is another's is not there."),
    "wrong-method": Kind(405, "This method is not for this address", "The document says which ones are."),
    "sent-too-slowly": Kind(408, "The request took too long to arrive", "Send it again."),
    "too-large": Kind(413, "The request is too large", "Send less."),
    "not-json": Kind(415, "The body is not JSON", "Send content-type: application/json."),
    "invalid": Kind(422, "The request has faults", "`errors` says where each one is."),
    "queue-full": Kind(429, "Too many questions at once", "Wait as many seconds as Retry-After says."),
    "broken": Kind(500, "Something went wrong here", "The server's log has the rest."),
    "not-ready": Kind(503, "Not ready to answer", "Wait a little; `detail` says for what."),
    "took-too-long": Kind(504, "The answer took too long", "Ask again when less is going on."),
}
KIND_OF_STATUS = {kind.status: name for name, kind in KINDS.items()}


class Fault(BaseModel):
    """One fault of a request."""

    where: str = Field(description="The place in the request.", examples=["body.question"])
    what: str = Field(description="What is wrong there.", examples=["Field required"])


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(
        description="Which problem it is: an address that explains it.", examples=["/api#problem-queue-full"]
    )
    title: str = Field(description="The same for every problem of this type.", examples=["Too many questions at once"])
    status: int = Field(description="The HTTP status.", examples=[429])
    detail: str = Field(
        description="What was wrong this time, and what to do.", examples=["64 questions wait already."]
    )
    errors: list[Fault] = Field(default_factory=list, description="Of a request with faults, each one.")


class ProblemError(HTTPException):
    """Ends a request with a problem of this kind; see `KINDS`."""

    def __init__(self, name: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(KINDS[name].status, detail, dict(headers or {}))
        self.name = name


def problem(root: str, name: str, detail: str = "", errors: list[Fault] | None = None) -> Problem:
    """The problem of that name. `root` is the path under which a proxy serves the application, if any.

    >>> problem("", "not-found", "There is no article x.").type
    '/api#problem-not-found'
    """
    kind = KINDS[name]
    return Problem(
        type=f"{root}/api#problem-{name}",
        title=kind.title,
        status=kind.status,
        detail=detail or kind.remedy,
        errors=errors or [],
    )


def respond(told: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as a response."""
    return Response(told.model_dump_json(exclude_defaults=True), told.status, headers, MEDIA_TYPE)


def as_problem_error(error: Exception) -> ProblemError:
    """What an asker hears of an error: an `AssistantError` says what to do, any other is logged and not told."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, AssistantError):
        return ProblemError("not-ready", str(error))
    log.error("a request could not be answered", exc_info=error)
    return ProblemError("broken", "Nothing more is told here; the server's log has the rest.")


def told_by(request: Request, error: ProblemError) -> Problem:
    """The problem that this error ends this request with."""
    return problem(root_of(request), error.name, str(error.detail))


def root_of(request: Request) -> str:
    """The path under which a proxy serves the whole application, if any."""
    scope = request.scope
    return str(scope.get("app_root_path", scope.get("root_path", ""))).rstrip("/")


def tell_problems(app: FastAPI) -> None:
    """Every error of this application becomes a problem."""

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if isinstance(error, ProblemError):
            return respond(told_by(request, error), error.headers)
        name = KIND_OF_STATUS.get(error.status_code, "not-understood")
        return respond(problem(root_of(request), name), error.headers)

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        faults = faults_of(error)
        return respond(problem(root_of(request), "invalid", as_text(faults), faults))

    def broken(request: Request, error: Exception) -> Response:
        told = as_problem_error(error)
        return respond(told_by(request, told), told.headers)

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(AssistantError, broken)
    app.add_exception_handler(Exception, broken)


def faults_of(error: RequestValidationError) -> list[Fault]:
    """The first faults, without the values that were sent; a name that was sent may be long, or half a character."""
    return [
        Fault(where=_name(".".join(str(part) for part in one["loc"])), what=_name(str(one["msg"])))
        for one in error.errors()[:MOST_FAULTS]
    ]


def _name(text: str) -> str:
    return text[:MOST_NAME_CHARS].encode("utf-8", "replace").decode("utf-8")


def as_text(faults: list[Fault]) -> str:
    """The faults in one line."""
    return "; ".join(f"{fault.where}: {fault.what}" for fault in faults)


def documented(*names: str) -> dict[int | str, dict[str, Any]]:
    """The problems as an OpenAPI document lists them, beside what a route answers."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {KINDS[name].status: {"description": KINDS[name].title, "content": content} for name in names}
