"""What a request must be to come in: a body of JSON, not too large, not too slow.

A page of another site can send a form or plain text unasked, with the visitor's cookie, but JSON only after the browser
has asked this server, which allows it to nobody (no CORS headers). So JSON alone comes in.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from starlette.requests import Request

from assistant.web.api.problem import ProblemError, respond, told_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from assistant.web.api.metrics import Metrics

MOST_BODY_BYTES = 1_000_000
MOST_BODY_SECONDS = 30
WITH_BODY = ("POST", "PUT", "PATCH")
NOT_KEPT = (b"cache-control", b"no-store")
CLOSE = {"connection": "close"}  # the rest of the body is not read


def as_problem(request: Request, error: ProblemError) -> Response:
    """A refusal as `application/problem+json`."""
    return respond(told_by(request, error), error.headers)


class Gate:
    """ASGI middleware: reads the body, refuses what may not come in, counts what has been answered.

    `tell` writes a refusal in the form that this door's clients read.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        tell: Callable[[Request, ProblemError], Response] = as_problem,
        seconds: float = MOST_BODY_SECONDS,
    ) -> None:
        self.app, self.metrics, self.tell, self.seconds = app, metrics, tell, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], NOT_KEPT]}
            await send(message)

        try:
            try:
                body = await self._body(scope, receive)
            except ProblemError as error:
                await self.tell(Request(scope), error)(scope, receive, send_on)
                return
            await self.app(scope, _again(body, receive), send_on)
        finally:
            self.metrics.answered(scope, status, time.perf_counter() - begun)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body; raises `ProblemError` where it may not come in."""
        request = Request(scope, receive)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if scope["method"] in WITH_BODY and media_type != "application/json":
            raise ProblemError("not-json", f"content-type is {media_type or 'missing'}, not application/json.")
        body = bytearray()
        try:
            async with asyncio.timeout(self.seconds):
                while True:
                    message = await receive()
                    body += message.get("body", b"")
                    if len(body) > MOST_BODY_BYTES:
                        raise ProblemError("too-large", f"A request may have {MOST_BODY_BYTES:,} bytes.", CLOSE)
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise ProblemError("sent-too-slowly", f"It was not here after {self.seconds} seconds.", CLOSE) from None


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body that has been read, once; after it whatever else comes."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return first.pop() if first else await receive()

    return receive_again
