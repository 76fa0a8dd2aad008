"""Where a request comes from: under which name this page was called, and from which page.

A page of a stranger can make a browser call this one in two ways. It can give its own name this machine's address (DNS
rebinding): the name that was called gives it away. And it can send a form here, with the visitor's cookie: the browser
says from where.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.web.access import is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

CHANGES = ("POST", "PUT", "PATCH", "DELETE")


class Hosts:
    """ASGI middleware: answers under these names only, and under numbers, which nobody can make lead elsewhere.

    With `only_near`, the numbers are those that lead to this machine from itself.
    """

    def __init__(self, app: ASGIApp, names: Sequence[str], only_near: bool = True) -> None:
        self.app, self.names, self.only_near = app, tuple(names), only_near

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.requests import Request
        from starlette.responses import PlainTextResponse

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        called = Request(scope).headers.getlist("host")
        if len(called) == 1 and self.is_ours(called[0]):
            await self.app(scope, receive, send)
            return
        text = "There is no page under this name. Whoever runs it can add the name to TANYA_HOSTS.\n"
        await PlainTextResponse(text, 421)(scope, receive, send)

    def is_ours(self, called: str) -> bool:
        """Whether a `Host` header names this page.

        >>> hosts = Hosts(None, ["localhost", "tanya.example"])
        >>> [hosts.is_ours(name) for name in ("localhost:7860", "[::1]:7860", "TANYA.example", "evil.example")]
        [True, True, True, False]
        """
        try:
            parts = urlsplit(f"//{called}")
            name, _ = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.netloc != called or "@" in called:
            return False
        if name in self.names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return is_loopback(name) or not self.only_near


class OwnPages:
    """ASGI middleware: what changes something is taken from pages of this application and from programs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.requests import Request
        from starlette.responses import JSONResponse

        if scope["type"] != "http" or scope["method"] not in CHANGES or not is_foreign(Request(scope).headers):
            await self.app(scope, receive, send)
            return
        detail = "This was sent from a page of another site."
        body = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": detail}
        await JSONResponse(body, 403, media_type="application/problem+json")(scope, receive, send)


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a page of another site sends this. A program says nothing.

    Over HTTPS and on this machine browsers send `Sec-Fetch-Site`; elsewhere the origin must be the host called.

    >>> is_foreign({"sec-fetch-site": "cross-site"}), is_foreign({"origin": "null", "host": "a"}), is_foreign({})
    (True, True, False)
    """
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] not in ("same-origin", "none")
    return "origin" in headers and headers["origin"].partition("://")[2] != headers.get("host")
