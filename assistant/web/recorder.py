"""What was done through the web, written into the audit file (`audit.py`); and the log, which knows no question.

Whatever changes something is a POST, PUT, PATCH or DELETE, so each of these that went well is a line, whichever part
answered it. Asking a question changes nothing of anybody's and is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.audit import Audit
from assistant.web.asker import Asker, asker_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ID_CHARS = 12
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
# Questions, what askers think of answers, and what writes a line of its own.
NOT_CHANGES = ("/gradio_api/", "/api/v1/ask", "/api/v1/search", "/v1/", "/mcp", "/feedback/", "/sign-in", "/sign-out",
               "/account", "/widget/", "/evaluation/", "/corpus")  # fmt: skip


class Recorder:
    """ASGI middleware: gives every request the audit file, and writes down what was changed."""

    def __init__(self, app: ASGIApp, audit: Audit | None) -> None:
        self.app, self.audit = app, audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.audit is None:
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["audit"] = self.audit
        method, path = scope["method"], scope["path"]
        if method not in CHANGES or path.startswith(NOT_CHANGES):
            await self.app(scope, receive, send)
            return

        async def send_and_record(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                from starlette.requests import Request

                request = Request(scope)
                record(request, "changed", method=method, path=path)
            await send(message)

        await self.app(scope, receive, send_and_record)


def record(request: Any, event: str, name: str = "", asker: Asker | None = None, **facts: object) -> None:
    """Writes down what happened in this request. Without a file, nothing.

    `asker` is who did it, if not the request's; `name`, if it was nobody who is known. Two may have one name; the
    line's `id` tells them apart: the beginning of what their conversations are kept under.
    """
    audit = getattr(request.state, "audit", None)
    if isinstance(audit, Audit):
        asker = asker or (Asker() if name else asker_of(request))
        id, address = asker.owner[:ID_CHARS], address_in(request)
        audit.record(event, name or named(asker), id=id, address=address, site=asker.site, **facts)


def named(asker: Asker) -> str:
    """The asker's name; of one without a name, the beginning of what their conversations are kept under.

    >>> named(Asker(name="ana")), named(Asker(owner="0123456789abcdef")), named(Asker())
    ('ana', 'visitor 01234567', 'somebody')
    """
    return asker.name or (f"visitor {asker.owner[:8]}" if asker.owner else "somebody")


def address_in(request: Any) -> str:
    """The address that a request comes from."""
    return request.client.host if request.client else ""
