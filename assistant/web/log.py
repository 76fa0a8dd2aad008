"""The server's log: one line for each event, as JSON where no person is looking. It knows no question, unless told to.

A line for each request has its method, path, status and time. What stands behind the question mark of an address is
left out, because questions and search words stand there.
"""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any

import structlog
from langchain_core.callbacks import BaseCallbackHandler

from assistant.chain import State
from assistant.web.asker import asker_of
from assistant.web.recorder import address_in, named

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FACTS: tuple[Any, ...] = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
log: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    logging.getLogger("tanya"),
    processors=[structlog.stdlib.filter_by_level, *FACTS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.stdlib.BoundLogger,
)
# They come many a page and say nothing.
QUIET = (
    "/page/",
    "/assets/",
    "/static/",
    "/svelte/",
    "/health/",
    "/gradio_api/heartbeat/",
    "/theme.css",
    "/favicon.ico",
)


def set_up_log() -> None:
    """Sends this log, and what libraries log with Python's own, to standard error."""
    is_read = sys.stderr.isatty()
    shown: list[Any] = (
        [structlog.dev.ConsoleRenderer()]
        if is_read
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=FACTS, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    # Line after line of ordinary requests is for machines.
    logging.getLogger("tanya").setLevel(logging.WARNING if is_read else logging.INFO)


class Logged:
    """ASGI middleware: a line for each request, once it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(QUIET):
            await self.app(scope, receive, send)
            return
        from starlette.requests import Request

        begun, status = time.perf_counter(), 0
        scope.setdefault("state", {})  # here, so that what others put into it can be read afterwards
        path = scope["path"]

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        finally:
            request = Request(scope)
            log.info(
                "request",
                method=scope["method"],
                path=path,
                status=status,
                seconds=round(time.perf_counter() - begun, 3),
                who=named(asker_of(request)),
                address=address_in(request),
            )


class QuestionLog(BaseCallbackHandler):
    """A LangChain callback that writes down each question; for chains where TANYA_LOG_QUESTIONS says so."""

    def on_chain_end(self, outputs: Any, **_: Any) -> None:
        """Of all stages, the first is the one after which nothing but the question is known."""
        if isinstance(outputs, State) and not outputs.seconds:
            log.info("question", question=outputs.question.text, lang=outputs.question.lang)
