"""Finding out who asks: by a key, by the cookie of a session, by a proxy's header. And the door, which asks for it.

Each introduces whom it recognises and leaves alone whom another has introduced, so that there may be several and their
order says who has the word. What is wrong (a key that is none, a header from the wrong address) is refused, not passed
on as nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from assistant.network import unmapped
from assistant.people import KEY_PREFIX, People, Person, Role
from assistant.web.access import Access, is_among
from assistant.web.asker import Asker, asker_of, introduce, is_known
from assistant.web.recorder import record
from assistant.web.sign_in_page import notice_page
from assistant.web.sign_in_phrases import words_for

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "tanya_session"
# What whoever is not known may reach: the way in, and what holds nothing of anybody's. Scripts and styles of Gradio are
# among it, because a portal's frame loads them without a token.
OPEN = ("/page/", "/assets/", "/static/", "/svelte/", "/widget/")
OPEN_FILES = (
    *("/health/live", "/api/v1/health/live", "/api/v1/health/ready"),
    *("/sign-in", "/sign-out", "/sign-in/provider", "/sign-in/provider/back"),
    *("/favicon.ico", "/theme.css", "/widget.js", "/widget.d.ts"),
)
# What not everybody may see who may ask.
ROLE_OF: Mapping[str, Role] = {"/evaluation": "curate"}
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def asker_from(person: Person) -> Asker:
    """A person as everything else knows them."""
    return Asker(owner=person.owner, role=person.role, name=person.name, groups=person.groups)


def owner_from(*parts: str) -> str:
    """The name under which the conversations of somebody are kept whom others vouch for.

    >>> owner_from("proxy", "ana") == owner_from("prox", "yana")
    False
    """
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def cookie_name(name: str, scope: Scope) -> str:
    """Over HTTPS with a beginning by which browsers take the cookie from this host's HTTPS pages alone.

    RFC 6265bis, section 4.1.3: so neither another host of the domain nor plain HTTP can plant one.

    >>> cookie_name("a", {"scheme": "https"}), cookie_name("a", {"scheme": "http"})
    ('__Host-a', 'a')
    """
    return f"__Host-{name}" if scope["scheme"] == "https" else name


class Keys:
    """ASGI middleware: `Authorization: Bearer tanya_…` is one of our keys, or refused. Other tokens are not ours."""

    def __init__(self, app: ASGIApp, people: People) -> None:
        self.app, self.people = app, people

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.concurrency import run_in_threadpool
        from starlette.requests import Request

        if scope["type"] != "http" or is_known(scope):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip()
        if scheme.lower() == "bearer" and token.startswith(KEY_PREFIX):
            person = await run_in_threadpool(self.people.key, token)
            if person is None:
                record(request, "key-refused", "somebody", path=scope["path"])
                await unknown(request, "This key is none, or was revoked.")(scope, receive, send)
                return
            introduce(scope, asker_from(person))
        await self.app(scope, receive, send)


class Sessions:
    """ASGI middleware: the cookie of a session says who asks, while the session lasts."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app, self.access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.concurrency import run_in_threadpool
        from starlette.requests import Request

        if scope["type"] == "http" and not is_known(scope):
            token, people = Request(scope).cookies.get(cookie_name(COOKIE, scope), ""), self.access.people
            person = await run_in_threadpool(people.session, token, self.access.issuer) if token else None
            if person:
                introduce(scope, asker_from(person))
        await self.app(scope, receive, send)


class Proxied:
    """ASGI middleware: what a proxy says in its headers, which count from its addresses and from nowhere else.

    The scheme and the visitor's address are taken from `X-Forwarded-*`; who is signed in from the header of the
    settings. From another address that header is refused: somebody plays the proxy.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

        self.app, self.access, self.proxies = app, access, access.proxies
        self.behind = ProxyHeadersMiddleware(app, [str(network) for network in self.proxies])  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.requests import Request

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, settings = Request(scope), self.access.settings
        is_proxy = is_among(request.client.host if request.client else "", self.proxies)
        named = request.headers.getlist(settings.proxy_header) if settings.proxy_header else []
        if named and not is_proxy:
            record(request, "proxy-header-refused", "somebody", path=scope["path"])
            await told(request, 403, "This header counts from the proxy alone.")(scope, receive, send)
            return
        if not is_proxy:
            await self.app(scope, receive, send)
            return
        if len(named) == 1 and named[0].strip():
            groups = _names(request.headers.getlist(settings.proxy_groups_header))
            name, role = named[0].strip(), self.access.role(groups)
            if role is None:
                await forbidden(request)(scope, receive, send)
                return
            introduce(scope, Asker(owner_from("proxy", name), role, name, groups=groups))
        assert request.client is not None, "a proxy has an address"
        # uvicorn, which reads the rest, would not know an address of IPv4 on a socket of IPv6.
        scope["client"] = (unmapped(request.client.host), request.client.port)
        await self.behind(scope, receive, send)  # type: ignore[arg-type]


class Nearby:
    """ASGI middleware: where nobody is asked who they are, nobody comes in through a proxy either.

    A proxy on this machine would make everybody the one who started the program. Most tell of themselves; of those that
    do not, many speak HTTP 1.0, which no browser does.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.requests import Request

        if scope["type"] == "http" and (
            scope.get("http_version") == "1.0" or any(name in Request(scope).headers for name in FORWARDED)
        ):
            way_out = (
                "This came through a proxy, and nobody is asked to sign in here: docs/operating.md says what to set."
            )
            await told(Request(scope), 403, way_out)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Door:
    """ASGI middleware: whoever is not known is sent to sign in; whoever may not do this is told so."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app, self.access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.datastructures import MutableHeaders
        from starlette.requests import Request

        if scope["type"] != "http" or is_open(scope["path"]):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if not is_known(scope):
            await self._ask_who(request)(scope, receive, send)
        elif not asker_of(request).may(needed(scope["path"])):
            await forbidden(request)(scope, receive, send)
        else:

            async def send_private(message: Message) -> None:
                if message["type"] == "http.response.start":
                    MutableHeaders(scope=message).setdefault("cache-control", "no-store")
                await send(message)

            await self.app(scope, receive, send_private)

    def _ask_who(self, request: Request) -> Response:
        from starlette.responses import RedirectResponse

        if not (is_for_browser(request) and self.access.has_form):
            return unknown(request, "Sign in, or send a key: Authorization: Bearer tanya_…")
        wanted = quote(request.scope["path"]) + (f"?{request.url.query}" if request.url.query else "")
        wanted = wanted if request.method in ("GET", "HEAD") else "/"  # what was sent is lost
        query = f"?{urlencode({'next': wanted})}" if wanted != "/" else ""
        root = request.scope.get("root_path", "")
        return RedirectResponse(f"{root}/sign-in{query}", 303, headers={"cache-control": "no-store"})


def is_open(path: str) -> bool:
    """Whether whoever comes may have this.

    >>> is_open("/page/tanya.css"), is_open("/articles/1"), is_open("/sign-in"), is_open("/sign-in/../history")
    (True, False, True, False)
    """
    return path in OPEN_FILES or (path.startswith(OPEN) and ".." not in path)


def needed(path: str) -> Role:
    """The role that one needs at this path.

    >>> needed("/evaluation/first"), needed("/"), needed("/evaluations")
    ('curate', 'ask', 'ask')
    """
    return next((role for start, role in ROLE_OF.items() if f"{path}/".startswith(f"{start}/")), "ask")


def is_for_browser(request: Request) -> bool:
    """Whether a page is wanted, and not an answer for a program."""
    is_form = request.headers.get("content-type", "").startswith(("application/x-www-form", "multipart/form"))
    asks = request.method in ("GET", "HEAD") or (request.method == "POST" and is_form)
    return asks and "text/html" in request.headers.get("accept", "")


def unknown(request: Request, detail: str) -> Response:
    """401, with what a program can do about it."""
    answer = told(request, 401, detail)
    answer.headers["www-authenticate"] = "Bearer"
    return answer


def forbidden(request: Request) -> Response:
    """403: known, but not enough."""
    return told(request, 403, "Your role does not allow this.")


def told(request: Request, status: int, detail: str) -> Response:
    """A page for a browser, a problem (RFC 9457) for a program."""
    from starlette.responses import HTMLResponse, JSONResponse

    headers = {"cache-control": "no-store"}
    if is_for_browser(request):
        words = words_for(request)
        heading, hint = (words.stop, words.stop_hint) if status == 403 else (words.outside, words.outside_hint)
        root = str(request.scope.get("root_path", ""))
        return HTMLResponse(notice_page(heading, hint, words, root), status, headers)
    title = {401: "Unauthorized", 403: "Forbidden"}[status]
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, headers, "application/problem+json")


def _names(headers: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for line in headers for part in line.split(",") if (name := part.strip()))
