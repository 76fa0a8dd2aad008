"""What leaves the chat page: a link to one answer, and a conversation as a file.

A link is made when its asker presses the button, and by nothing else; whoever may open this server may follow it. A
file is given to the conversation's owner alone.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, Response

from assistant.history import Conversation, KeptTurn
from assistant.web.actions import share_note
from assistant.web.article import message_page
from assistant.web.asker import asker_of
from assistant.web.markdown import conversation_markdown
from assistant.web.memory import Memory
from assistant.web.phrases import phrases_for, preferred
from assistant.web.routes import MOST_TURNS, NOT_KEPT
from assistant.web.shared import shared_page

NOT_INDEXED = NOT_KEPT | {"x-robots-tag": "noindex"}


def handed_out(memory: Memory) -> APIRouter:
    """The routes over what is kept."""
    router = APIRouter()

    @router.put("/share/{turn}")
    def share(request: Request, turn: Annotated[int, Path(ge=1, le=MOST_TURNS)]) -> HTMLResponse:
        id, lang = memory.history.share(asker_of(request).owner, turn)
        if not id:
            raise HTTPException(404)
        return HTMLResponse(share_note(id, phrases_for(lang)), headers=NOT_KEPT)

    @router.get("/shared/{id}")
    def shared(request: Request, id: str) -> HTMLResponse:
        turn = memory.shared(id)
        root = str(request.scope.get("root_path", ""))
        if turn is None:
            phrases = phrases_for(preferred(request.headers.get("accept-language", "")))
            page = message_page(phrases.missing_share, phrases.missing_share_hint, phrases, root)
            return HTMLResponse(page, status_code=404, headers=NOT_INDEXED)
        return HTMLResponse(shared_page(turn, root), headers=NOT_INDEXED)

    @router.get("/history/{conversation}.md")
    def as_markdown(request: Request, conversation: str) -> Response:
        known, _ = _owned(memory, request, conversation)
        turns = memory.recall(asker_of(request).owner, conversation)
        return _file(conversation_markdown(known.title, turns, str(request.base_url)), known.id, "md", "text/markdown")

    @router.get("/history/{conversation}.json")
    def as_json(request: Request, conversation: str) -> Response:
        known, turns = _owned(memory, request, conversation)
        facts = {
            "title": known.title,
            "created": known.created.isoformat(timespec="seconds"),
            "updated": known.updated.isoformat(timespec="seconds"),
            "turns": [_facts(turn) for turn in turns],
        }
        return _file(json.dumps(facts, ensure_ascii=False, indent=2), known.id, "json", "application/json")

    return router


def _owned(memory: Memory, request: Request, id: str) -> tuple[Conversation, list[KeptTurn]]:
    """The conversation with its turns, if it is the visitor's own."""
    owner = asker_of(request).owner
    known = next((one for one in memory.history.conversations(owner) if one.id == id), None)
    if not owner or known is None:
        raise HTTPException(404)
    return known, memory.history.turns(owner, id)


def _facts(turn: KeptTurn) -> dict[str, Any]:
    """A turn as JSON values; the answer as `tanya ask --json` prints it."""
    judged = turn.feedback
    return {
        "question": turn.question,
        "lang": turn.lang,
        "answer": turn.answer,
        "articles": turn.articles,
        "seconds": round(turn.seconds, 3),
        "versions": turn.versions,
        "feedback": judged and {"verdict": judged.verdict, "reason": judged.reason, "comment": judged.comment},
    }


def _file(text: str, name: str, ending: str, media_type: str) -> Response:
    disposition = f'attachment; filename="tanya-{name}.{ending}"'
    return Response(text, media_type=media_type, headers=NOT_KEPT | {"content-disposition": disposition})
