"""The headers that every response carries, and the doors of Gradio that stay shut.

The policy of a page of ours is the strictest there is: its own style sheet and nothing that runs. The chat page has
its own (`chat_policy`): Gradio writes inline styles and compiles its templates with `Function`, which asks for
'unsafe-eval'; inline scripts run only with the nonce of that one response, so an element or an `onerror=` that slipped
into the page would not run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAME_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
PAGE_POLICY = f"default-src 'none'; style-src 'self'; img-src 'self'; {FRAME_POLICY}"
# Of a page with a form to this application.
FORM_POLICY = PAGE_POLICY.replace("form-action 'none'", "form-action 'self'")

HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-permitted-cross-domain-policies": "none",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

# Over HTTPS: for half a year browsers come back over nothing else.
ONLY_HTTPS = "max-age=15552000"

GRADIO_API = "/gradio_api/"
# What the chat page itself calls. Uploads, files, proxies, named endpoints and the rest are not part of this
# application, so they do not answer.
OPEN_DOORS = ("queue/join", "queue/data", "run/predict", "heartbeat/", "startup-events", "cancel", "reset")
CLOSED_DOORS = ("/monitoring", "/login", "/logout", "/pwa_icon", "/manifest.json", "/openapi.json", "/docs", "/redoc")


def chat_policy(nonce: str, ancestors: Sequence[str] = ("'self'",)) -> str:
    """The policy of the chat page for one response; `ancestors` are the origins that may frame it."""
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {' '.join(ancestors)}",
        ]
    )


def from_own_page(headers: Mapping[str, str]) -> bool:
    """Whether a form was sent from a page of this application, and not by another site that the visitor has open.

    Over HTTPS and on this machine browsers say so themselves; elsewhere the origin must be the host that was asked.

    >>> from_own_page({"sec-fetch-site": "cross-site"}), from_own_page({"origin": "http://a:1", "host": "a:1"})
    (False, True)
    """
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] == "same-origin"
    origin = headers.get("origin", "").partition("://")[2]
    return bool(origin) and origin == headers.get("host")


def is_open(path: str) -> bool:
    """Whether the application answers at this path.

    >>> is_open("/gradio_api/queue/join"), is_open("/gradio_api/upload"), is_open("/articles/1")
    (True, False, True)
    """
    if path.startswith(GRADIO_API):
        return path.removeprefix(GRADIO_API).startswith(OPEN_DOORS)
    return not path.startswith(CLOSED_DOORS)


class Guard:
    """ASGI middleware: adds the headers, keeps the doors shut. Streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                if "frame" in scope.get("state", {}):  # its policy names who may frame it; these headers cannot
                    present |= {b"x-frame-options", b"cross-origin-resource-policy"}
                wanted = HEADERS | ({"strict-transport-security": ONLY_HTTPS} if scope["scheme"] == "https" else {})
                added = [(name.encode(), value.encode()) for name, value in wanted.items()]
                message["headers"] = [*message["headers"], *((n, v) for n, v in added if n not in present)]
            await send(message)

        if is_open(scope["path"]):
            await self.app(scope, receive, send_with_headers)
        else:
            from starlette.responses import PlainTextResponse

            await PlainTextResponse("Not found\n", status_code=404)(scope, receive, send_with_headers)
