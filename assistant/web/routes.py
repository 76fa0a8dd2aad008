"""The pages beside the chat: articles, kept conversations, the check that it is alive, what a visitor sees of an error.

What changes something is no GET and no POST: a page of another site cannot call it without being asked first.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field

from assistant.history import Feedback, History, Reason
from assistant.records import Article
from assistant.web.article import Cited, Reading, article_page, message_page
from assistant.web.asker import asker_of
from assistant.web.conversation import Library, Turn
from assistant.web.drawer import conversation_list, drawer
from assistant.web.filter_panel import filters_in, panel
from assistant.web.memory import Memory
from assistant.web.phrases import EN, ID, phrases_for
from assistant.web.render import MOST_COMMENT_CHARS, opinion
from assistant.web.shell import STATIC
from assistant.web.spoken import phrases_of

OFFSET_DIGITS = 12
CONVERSATION = re.compile(r"[\w-]{1,64}", re.ASCII)
MOST_TITLE_CHARS = 1_000
MOST_TURNS = 2**31 - 1  # what a database takes as an integer
NOT_KEPT = {"cache-control": "no-store"}


class NewTitle(BaseModel):
    """What a conversation is to be called."""

    title: str = Field(max_length=MOST_TITLE_CHARS)


class Opinion(BaseModel):
    """What somebody thinks of an answer; an empty verdict takes it back."""

    verdict: Literal["", "up", "down"]
    reason: Reason | Literal[""] = ""
    comment: str = Field(default="", max_length=MOST_COMMENT_CHARS)


def pages(library: Library, memory: Memory | None = None) -> APIRouter:
    """The routes over this library; with a memory, an article shows all that a visitor's conversation quotes of it."""
    router = APIRouter()

    @router.get("/health/live")
    def live() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/favicon.ico")
    def icon() -> FileResponse:
        return FileResponse(STATIC / "tanya.svg", media_type="image/svg+xml")

    @router.get("/filters")
    def filters(request: Request, opened: bool = False) -> HTMLResponse:
        chosen = filters_in(request.query_params)
        shown = panel(chosen, library.facets(chosen), phrases_of(request), opened)
        return HTMLResponse(shown, headers=NOT_KEPT)

    @router.get("/articles/{article_id:path}")
    def article(
        request: Request, article_id: str, start: str = "", end: str = "", lang: str = "", conversation: str = ""
    ) -> HTMLResponse:
        found = library.article(article_id)
        if found is None:
            phrases = phrases_for(lang)
            page = message_page(phrases.missing_article, phrases.missing_article_hint, phrases, _root(request))
            return HTMLResponse(page, status_code=404)
        phrases = phrases_for(lang or found.lang)
        turns = (
            memory.recall(asker_of(request).owner, conversation)
            if memory and CONVERSATION.fullmatch(conversation)
            else ()
        )
        reading = Reading(_cited(found, start, end), conversation if turns else "", _quoted(found, turns))
        return HTMLResponse(article_page(found, phrases, reading, _root(request)), headers=NOT_KEPT if turns else None)

    return router


def _quoted(article: Article, turns: tuple[Turn, ...]) -> tuple[Cited, ...]:
    """What these turns quote of the article as it is today."""
    return tuple(
        Cited(citation.start, citation.end, (turn.asked,))
        for turn in turns
        if turn.answer
        for citation in turn.answer.citations
        if citation.article.id == article.id and citation.number not in turn.gone
    )


def kept_conversations(history: History) -> APIRouter:
    """The routes over one visitor's own conversations; what is another's is not there."""
    router = APIRouter()

    @router.get("/history")
    def whole(request: Request) -> HTMLResponse:
        asker = asker_of(request)
        kept = history.conversations(asker.owner)
        name = "" if asker.site else asker.name
        return HTMLResponse(drawer(kept, phrases_of(request), bool(asker.owner), name), headers=NOT_KEPT)

    @router.get("/history/list")
    def found(request: Request, words: str = "") -> HTMLResponse:
        conversations = history.conversations(asker_of(request).owner, words)
        return HTMLResponse(
            conversation_list(conversations, phrases_of(request), bool(words.strip())), headers=NOT_KEPT
        )

    @router.patch("/history/{conversation}", status_code=204)
    def rename(request: Request, conversation: str, new: NewTitle) -> None:
        _there(history.rename(asker_of(request).owner, conversation, new.title))

    @router.delete("/history/{conversation}", status_code=204)
    def delete(request: Request, conversation: str) -> None:
        _there(history.delete(asker_of(request).owner, conversation))

    @router.delete("/history", status_code=204)
    def forget(request: Request) -> None:
        history.delete_all(asker_of(request).owner)

    @router.put("/feedback/{turn}")
    def rate(request: Request, turn: Annotated[int, Path(ge=1, le=MOST_TURNS)], said: Opinion) -> HTMLResponse:
        feedback = Feedback(said.verdict, said.reason, said.comment.strip()) if said.verdict else None
        rated = history.rate(asker_of(request).owner, turn, feedback)
        if rated is None:
            raise HTTPException(404)
        return HTMLResponse(opinion(rated.id, rated.feedback, phrases_for(rated.lang)), headers=NOT_KEPT)

    return router


def _there(done: bool) -> None:
    if not done:
        raise HTTPException(404)


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
    return cited if cited[1] <= len(article.text) and article.text[slice(*cited)].strip() else None


def _root(request: Request) -> str:
    """The path under which a proxy serves the application, if any."""
    return str(request.scope.get("root_path", ""))
