"""The door for portals: who may show the chat in a frame, and whom a token of theirs speaks of.

The document `/widget/{site}` is the chat page in the layout of the widget, and the only thing that other origins may
frame: those of its site. Its script (`static/frame.js`) names the site in every request and sends a token with it; what
names a site or carries a token is answered only with a token of that site that holds, and only at the addresses that
the widget needs. Everything else is not this module's and passes through.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.errors import SiteError
from assistant.sites import MINUTE_SECONDS, Bearer, Refusal, Sites
from assistant.web.asker import Asker, introduce
from assistant.web.phrases import EN, ID, Phrases, phrases_for, preferred
from assistant.web.shell import notice_page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

SITE_HEADER = "x-tanya-site"
DOCUMENT = re.compile(r"/widget/([a-z0-9-]{1,63})")
# A token of ours or of a portal has three parts; what else may stand after "Bearer" is not for us.
TOKEN = re.compile(r"Bearer +([\w-]+\.[\w-]+\.[\w-]*)", re.ASCII | re.IGNORECASE)
# What the widget needs. Each asks `asker_of` who is there, or shows what every visitor may see.
PATHS = ("/gradio_api/", "/history", "/feedback/", "/articles/", "/filters", "/share/", "/widget/")
# Each call there is a question, and counts.
QUESTION = "/gradio_api/queue/join"
# What only whoever set up the portal can mend; for the others the reader signs in again.
NOT_THE_READERS = ("origin", "revoked", "unknown-site", "signature", "audience", "malformed", "not-yet", "too-long")
STATUS = {"limit": 429, "revoked": 403, "unknown-site": 403, "elsewhere": 403, "broken": 503}

log = logging.getLogger(__name__)


class Portal:
    """ASGI middleware: checks tokens, introduces whom they speak of, and turns `/widget/{site}` into the page."""

    def __init__(self, app: ASGIApp, sites: Sites) -> None:
        self.app = app
        self.sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.concurrency import run_in_threadpool
        from starlette.requests import Request

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        document = DOCUMENT.fullmatch(scope["path"])
        answer = await run_in_threadpool(self._document if document else self._credential, request)
        if answer:
            await answer(scope, receive, send)
        elif document:
            # The same dictionary of state, so that those outside of here know what is framed.
            await self.app({**scope, "path": "/", "raw_path": b"/"}, receive, send)
        else:
            await self.app(scope, receive, send)

    def _document(self, request: Request) -> Response | None:
        """Prepares the page for a frame of this site's origins, or says why not."""
        name = request.url.path.rpartition("/")[2]
        host = origin_in(request.headers.get("referer", ""))
        try:
            site = self.sites.find(name)
        except SiteError:
            log.exception("the sites cannot be read")
            return notice(request, "broken", host)
        if site is None or site.revoked is not None:
            return notice(request, "unknown-site" if site is None else "revoked", host)
        if host and host not in site.origins and host != origin_in(str(request.base_url)):
            return notice(request, "origin", host)
        introduce(request.scope, Asker(site=site.name))
        request.scope["state"]["frame"] = site
        return None

    def _credential(self, request: Request) -> Response | None:
        """Introduces whom the request's token speaks of, or refuses; leaves alone what is not of a widget."""
        named = request.headers.get(SITE_HEADER, "")
        match = TOKEN.fullmatch(request.headers.get("authorization", ""))
        token = match[1] if match else ""
        if not named and not token:
            return None
        try:
            bearer = self.sites.verify(token, named or audience_in(token))
            path = request.scope["path"]
            if not path.startswith(PATHS):
                return refusal(request, named, "elsewhere")
            if path.rstrip("/") == QUESTION:
                self.sites.count(bearer, request.client.host if request.client else "")
        except Refusal as refused:
            opening = request.method == "PUT" and request.url.path == f"/widget/{named}/token"
            if refused.reason == "no-token" and opening:
                return None  # asks for a token of its own; `widget.py` sees whether the site lets it
            return refusal(request, named, refused.reason, refused.retry_seconds)
        except SiteError:
            log.exception("the sites cannot be read")
            return refusal(request, named, "broken")
        introduce(request.scope, asker_from(bearer))
        request.scope["state"]["bearer"] = (token, bearer)
        return None


def asker_from(bearer: Bearer) -> Asker:
    """Whom a token speaks of, as everything else knows them."""
    return Asker(owner=bearer.owner, role="ask", name=bearer.subject, site=bearer.site, groups=bearer.groups)


def audience_in(token: str) -> str:
    """The site that a token claims to be for, not verified: only which secret to try."""
    import jwt

    try:
        claimed = jwt.decode(token, options={"verify_signature": False}).get("aud", "")
    except jwt.InvalidTokenError:
        return ""
    return claimed if isinstance(claimed, str) else ""


def origin_in(address: str) -> str:
    """The origin of an address; empty where it has none.

    >>> origin_in("https://portal.example/start?a=1"), origin_in("about:blank")
    ('https://portal.example', '')
    """
    try:
        parts = urlsplit(address.lower())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = port in (None, 443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{host}" + ("" if usual else f":{port}")


def refusal(request: Request, site: str, reason: str, retry_seconds: int = 0) -> Response:
    """The civil answer to a request that is not answered. The log has the reason, and never a token."""
    from starlette.responses import JSONResponse

    log.warning("widget of %r: %s %r refused: %s", site, request.method, request.scope["path"], reason)
    headers = {"cache-control": "no-store"}
    status = STATUS.get(reason, 401)
    if status == 401:
        headers["www-authenticate"] = 'Bearer error="invalid_token"'
    if retry_seconds:
        headers["retry-after"] = str(retry_seconds)
    body = {"reason": reason} | {phrases.lang: said(reason, phrases, retry_seconds) for phrases in (EN, ID)}
    return JSONResponse(body, status, headers)


def said(reason: str, phrases: Phrases, retry_seconds: int = 0) -> str:
    """What a visitor is told; the details are for the log.

    >>> said("limit", EN, 60), said("expired", ID)
    ('You have asked many questions. Please go on in a minute.', 'Anda belum masuk. Silakan muat ulang halaman ini.')
    """
    if reason == "limit":
        return phrases.widget_enough if retry_seconds <= MINUTE_SECONDS else phrases.widget_enough_today
    if reason in NOT_THE_READERS:
        return phrases.widget_not_here
    if reason in ("broken", "elsewhere"):
        return phrases.broken
    return phrases.widget_not_signed_in


def notice(request: Request, reason: str, host: str) -> Response:
    """A framed page that says civilly that there is no chat here. It holds nothing, so any page may frame it."""
    from starlette.responses import HTMLResponse

    log.warning("widget at %r refused for %r: %s", request.scope["path"], host, reason)
    phrases = phrases_for(preferred(request.headers.get("accept-language", "")))
    request.scope.setdefault("state", {})["frame"] = reason
    policy = "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'self'; frame-ancestors http: https:"
    headers = {"content-security-policy": policy, "cache-control": "no-store"}
    return HTMLResponse(notice_page(said(reason, phrases), reason, host, phrases), STATUS.get(reason, 403), headers)
