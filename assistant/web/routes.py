"""The pages beside the chat: articles, the check that it is alive, and what a visitor sees of an error."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from assistant.records import Article
from assistant.web.article import article_page, message_page
from assistant.web.conversation import Library
from assistant.web.phrases import EN, ID, phrases_for
from assistant.web.shell import STATIC

OFFSET_DIGITS = 12


def pages(library: Library) -> APIRouter:
    """The routes over this library."""
    router = APIRouter()

    @router.get("/health/live")
    def live() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/favicon.ico")
    def icon() -> FileResponse:
        return FileResponse(STATIC / "tanya.svg", media_type="image/svg+xml")

    @router.get("/articles/{article_id:path}")
    def article(request: Request, article_id: str, start: str = "", end: str = "", lang: str = "") -> HTMLResponse:
        found = library.article(article_id)
        if found is None:
            phrases = phrases_for(lang)
            page = message_page(phrases.missing_article, phrases.missing_article_hint, phrases, _root(request))
            return HTMLResponse(page, status_code=404)
        phrases = phrases_for(lang or found.lang)
        return HTMLResponse(article_page(found, phrases, _cited(found, start, end), _root(request)))

    return router


def not_found(request: Request, _: Exception) -> Response:
    """A civil page for a browser, JSON for a program."""
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"detail": "Not Found"}, status_code=404)
    return HTMLResponse(message_page(EN.missing_page, ID.missing_page, EN, _root(request)), status_code=404)


def broken(request: Request, _: Exception) -> Response:
    """What a visitor sees of an error nobody foresaw; the server's log has the rest."""
    return HTMLResponse(message_page(EN.broken, ID.broken, EN, _root(request)), status_code=500)


def _cited(article: Article, start: str, end: str) -> tuple[int, int] | None:
    """The offsets in the address, or None where they are not a span of the article: a bad link still shows it."""
    if not all(part.isascii() and part.isdecimal() and len(part) <= OFFSET_DIGITS for part in (start, end)):
        return None
    cited = int(start), int(end)
    return cited if cited[0] < cited[1] <= len(article.text) else None


def _root(request: Request) -> str:
    """The path under which a proxy serves the application, if any."""
    return str(request.scope.get("root_path", ""))
