"""The frame around the chat: the HTML document that Gradio writes, made ours on its way out.

Gradio's document describes itself to other sites as Gradio's, and has inline scripts. Here the description goes, our
style sheet, script and icon come in, and each script gets the nonce of the page's security policy.
"""

from __future__ import annotations

import json
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.requests import Request

from assistant.sites import Site
from assistant.web.phrases import EN, ID, Phrases
from assistant.web.security import chat_policy
from assistant.web.spoken import spoken

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = Path(__file__).resolve().parent / "static"

HEAD = (
    '<meta name="color-scheme" content="light dark">'
    '<meta name="description" content="Ask the news. See the words that answer.">'
    '<link rel="icon" type="image/svg+xml" href="./page/tanya.svg">'
    '<link rel="stylesheet" href="./page/tanya.css">'
    '<script src="./page/tanya.js" defer></script>'
    '<script src="./page/preview.js" defer></script>'
    '<script src="./page/actions.js" defer></script>'
    '<script src="./page/history.js" defer></script>'
    '<script src="./page/filters.js" defer></script>'
)
# In the widget (`portal.py`): first a script that gives every request its token, and waits for one.
FRAME_HEAD = f'<script src="./page/frame.js"></script>{HEAD}<link rel="stylesheet" href="./page/frame.css">'
NO_SCRIPT = (
    '<noscript><p class="noscript">Tanya needs JavaScript to show answers. '
    '<span lang="id">Tanya membutuhkan JavaScript untuk menampilkan jawaban.</span></p></noscript>'
)
SELF_DESCRIPTION = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*', re.DOTALL)
MANIFEST = re.compile(r'<link rel="manifest"[^>]*>\s*')
LANGUAGE = re.compile(r"<html(?: lang=\"[^\"]*\")?(?=[\s>])")
SCRIPT = re.compile(r"<script(?=[\s>])")


def reframed(document: str, nonce: str, lang: str = "en", head: str = HEAD) -> str:
    """Gradio's document in the language `lang`, with our head, and a nonce on every script.

    >>> reframed('<head><meta property="og:title" content="Gradio" /><script>1</script></head>', "n")[:43]
    '<head><script nonce="n">1</script><meta nam'
    """
    document = MANIFEST.sub("", SELF_DESCRIPTION.sub("", document))
    document = document.replace("</head>", f"{head}</head>", 1).replace("</body>", f"{NO_SCRIPT}</body>", 1)
    document = LANGUAGE.sub(f'<html lang="{lang}" data-speaks="{lang}"', document, count=1)
    return SCRIPT.sub(f'<script nonce="{nonce}"', document)


def framed(document: str, site: Site, nonce: str, lang: str = "en") -> str:
    """The document for the frame of a portal: one level deeper, with the origins that it may hear and tell."""
    words = {
        phrases.lang: {
            "ask": phrases.widget_ask,
            "send": phrases.widget_send,
            "greeting": phrases.widget_greeting,
            "elsewhere": phrases.widget_not_here,
        }
        for phrases in (EN, ID)
    }
    facts = Markup('<html class="widget" data-site="{}" data-origins="{}" data-anonymous="{}" data-words="{}"').format(
        site.name, " ".join(site.origins), "yes" if site.anonymous else "no", json.dumps(words)
    )
    document = document.replace("<html", facts, 1).replace('<base href="./"', '<base href="../"', 1)
    return reframed(document, nonce, lang, FRAME_HEAD)


def notice_page(text: str, reason: str, host: str, phrases: Phrases) -> str:
    """A whole page with one sentence in the place of the chat; `host` is the origin that hears the reason."""
    return Markup(
        '<!doctype html><html lang="{}" class="widget" data-refused="{}" data-origins="{}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Tanya</title>'
        '<link rel="stylesheet" href="../page/tanya.css"><link rel="stylesheet" href="../page/frame.css">'
        '<script src="../page/frame.js"></script><body class="refused"><p role="alert">{}</p>'
    ).format(phrases.lang, reason, host, text)


class Shell:
    """ASGI middleware: rewrites the document at `/` and sets its policy; everything else passes through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        # Gradio would compress the document, which has to be read here.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        body = bytearray()

        async def send_reframed(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    await self._finish(start, bytes(body), scope, send)

        await self.app({**scope, "headers": plain}, receive, send_reframed)

    async def _finish(self, start: Message, body: bytes, scope: Scope, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        site: Site | None = scope.get("state", {}).get("frame")
        lang = spoken(Request(scope))
        if start["status"] == 200:
            document = body.decode("utf-8")
            body = (framed(document, site, nonce, lang) if site else reframed(document, nonce, lang)).encode("utf-8")
        kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        added = [
            (b"content-length", str(len(body)).encode()),
            (b"content-security-policy", chat_policy(nonce, site.origins if site else ("'self'",)).encode()),
            (b"cache-control", b"no-store"),
            (b"vary", b"accept-language, cookie"),
        ]
        await send({**start, "headers": kept + added})
        await send({"type": "http.response.body", "body": body})
