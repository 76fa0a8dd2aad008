"""How much a request may hold and how long it may take: one that is too large or too slow ends with a short answer.

Nothing is read ahead: what is taken in is counted on its way. A stream that has begun to answer may go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY_BYTES = 1_000_000
# Where whole articles come in.
LARGER: Mapping[str, int] = {"/corpus": 21_000_000}
# These count by themselves, and tell their clients in their own forms (`api/gate.py`).
THEIR_OWN = ("/api/", "/v1/", "/mcp")
BODY_SECONDS = 60
LARGER_BODY_SECONDS = 600
ANSWER_SECONDS = 180  # until an answer begins, once the request is here
SMALL = "/sign-in"
MOST_SMALL_BYTES = 20_000


class _OverError(Exception):
    """A body that is too large (413) or too slow (408)."""

    def __init__(self, status: int) -> None:
        self.status = status


class Limits:
    """ASGI middleware that holds requests to their limits."""

    def __init__(
        self, app: ASGIApp, body_seconds: float = BODY_SECONDS, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self.app, self.body_seconds, self.answer_seconds = app, body_seconds, answer_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(THEIR_OWN):
            await self.app(scope, receive, send)
            return
        most = most_bytes(scope["path"])
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not length.isdigit() or int(length[:20]) > most:
            await _answer(413)(scope, receive, send)
            return
        over, begun, taken, whole = 0, False, 0, False
        clock = asyncio.get_running_loop().time
        until = clock() + (self.body_seconds if most <= MOST_BODY_BYTES else LARGER_BODY_SECONDS)

        async def receive_counted() -> Message:
            nonlocal over, taken, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                over = 408
                raise _OverError(408) from None
            taken += len(message.get("body", b""))
            whole = not message.get("more_body")
            if taken > most:
                over = 413
                raise _OverError(413)
            if whole:
                deadline.reschedule(clock() + self.answer_seconds)
            return message

        async def send_unless_over(message: Message) -> None:
            nonlocal begun
            if over and not begun:  # what the application makes of the broken body is not wanted
                return
            begun = True
            deadline.reschedule(None)
            await send(message)

        try:
            async with asyncio.timeout_at(until + self.answer_seconds) as deadline:
                await self.app(scope, receive_counted, send_unless_over)
        except TimeoutError:
            if begun or not deadline.expired():
                raise
            over = 504
        except _OverError:
            pass
        except Exception:
            if not over:
                raise
        if over and not begun:
            await _answer(over)(scope, receive, send)


def most_bytes(path: str) -> int:
    """The largest body at this path.

    >>> most_bytes("/feedback/1"), most_bytes("/corpus"), most_bytes("/sign-in")
    (1000000, 21000000, 20000)
    """
    if path.startswith(SMALL):
        return MOST_SMALL_BYTES
    return next((most for start, most in LARGER.items() if f"{path}/".startswith(f"{start}/")), MOST_BODY_BYTES)


def _answer(status: int) -> ASGIApp:
    from starlette.responses import JSONResponse

    title, detail = {
        408: ("Request Timeout", "The rest of the request did not come in time."),
        413: ("Content Too Large", "The request is larger than what is taken here."),
        504: ("Gateway Timeout", "There was no answer in time."),
    }[status]
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, {"connection": "close"}, "application/problem+json")
