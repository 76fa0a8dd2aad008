"""Who is asking where nobody has to sign in: a random number in a cookie of this page, and nothing else.

The cookie is the server's own (HttpOnly: no script reads it) and never stands in an address. The database knows a
visitor by the number's hash, so that whoever reads the database cannot take a visitor's place.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from assistant.web.asker import Asker, Role, introduce, is_known

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "tanya_browser"
TOKEN_BYTES = 16
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
KEPT_SECONDS = 400 * 86_400  # the longest that browsers allow; counted anew at each visit


def owner_of(cookies: Mapping[str, str]) -> str:
    """The name under which this visitor's conversations are kept; empty without a cookie of ours.

    >>> len(owner_of({"tanya_browser": "A" * 22})), owner_of({"tanya_browser": "short"})
    (64, '')
    """
    token = cookies.get(COOKIE, "")
    return hashlib.sha256(token.encode()).hexdigest() if TOKEN.fullmatch(token) else ""


class Visitor:
    """ASGI middleware: says which visitor asks; whoever opens the page gets the cookie, or keeps the one they have.

    Whom another has introduced is left alone. Where no conversation is kept (`keeps`), nobody gets a cookie.
    """

    def __init__(self, app: ASGIApp, role: Role = "admin", keeps: bool = True) -> None:
        self.app, self.role, self.keeps = app, role, keeps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_known(scope):
            await self.app(scope, receive, send)
            return
        token = _token(scope) if self.keeps else ""
        introduce(scope, Asker(owner_of({COOKIE: token}), self.role))
        if not self.keeps or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        cookie = _cookie(token or secrets.token_urlsafe(TOKEN_BYTES), scope)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"set-cookie", cookie)]
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _token(scope: Scope) -> str:
    """The token that the visitor brought, or nothing."""
    sent = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                sent.load(value.decode("latin-1"))
            except CookieError:
                continue
    token = sent[COOKIE].value if COOKIE in sent else ""
    return token if TOKEN.fullmatch(token) else ""


def _cookie(token: str, scope: Scope) -> bytes:
    path = scope.get("root_path") or "/"
    secure = "; Secure" if scope["scheme"] == "https" else ""
    return f"{COOKIE}={token}; Max-Age={KEPT_SECONDS}; Path={path}; HttpOnly; SameSite=Lax{secure}".encode("latin-1")
