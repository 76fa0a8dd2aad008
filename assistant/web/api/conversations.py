"""The asker's own conversations, and what they thought of the answers. What is another's is not there."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from assistant.history import SEARCH_CHARS, Conversation, Feedback
from assistant.web.api import bodies
from assistant.web.api.articles import Limit, Offset, Tells
from assistant.web.api.problem import ProblemError, documented
from assistant.web.api.rights import known
from assistant.web.api.service import Service
from assistant.web.asker import Asker
from assistant.web.conversation import Turn
from assistant.web.memory import Memory

MOST_TURNS = 2**31 - 1  # what a database takes as an integer

Known = Annotated[Asker, Depends(known)]
Id = Annotated[bodies.ConversationId, Path(description="A conversation of the asker's.")]
Words = Annotated[str, Query(max_length=SEARCH_CHARS, description="Only those with all of these words in them.")]
PROBLEMS = documented("unknown-asker", "not-found", "queue-full", "not-ready", "took-too-long")


def conversation_routes(service: Service) -> APIRouter:
    router = APIRouter(prefix="/conversations", tags=["conversations"], responses=PROBLEMS)

    @router.get("")
    async def conversations(
        asker: Known, words: Words = "", limit: Limit = 50, offset: Offset = 0
    ) -> bodies.Conversations:
        """The asker's conversations, the last one touched first, a page at a time."""

        def page() -> bodies.Conversations:
            found = kept(service).history.conversations(asker.owner, words)
            return bodies.Conversations(
                conversations=[bodies.Conversation(**_facts(one)) for one in found[offset : offset + limit]],
                total=len(found),
                offset=offset,
            )

        return await service.lookups.run(page)

    @router.get("/{conversation}")
    async def conversation(asker: Known, conversation: Id, tells: Tells) -> bodies.WholeConversation:
        """One conversation with its turns. Quotations are found again in the articles of today."""

        def whole() -> bodies.WholeConversation:
            one = _own(kept(service), asker, conversation)
            turns = kept(service).recall(asker.owner, conversation)
            return bodies.WholeConversation(
                **_facts(one),
                turns=[
                    bodies.Turn(asked=turn.asked, answer=tells.answer(turn), feedback=_opinion(turn)) for turn in turns
                ],
            )

        return await service.lookups.run(whole)

    @router.patch("/{conversation}")
    async def rename(asker: Known, conversation: Id, new: bodies.NewTitle) -> bodies.Conversation:
        """Gives a conversation another title."""

        def renamed() -> bodies.Conversation:
            kept(service).history.rename(asker.owner, conversation, new.title)
            return bodies.Conversation(**_facts(_own(kept(service), asker, conversation)))

        return await service.lookups.run(renamed)

    @router.delete("/{conversation}", status_code=204)
    async def delete(asker: Known, conversation: Id) -> None:
        """Deletes a conversation with its turns and feedback."""

        def deleted() -> None:
            if not kept(service).history.delete(asker.owner, conversation):
                raise _none(conversation)

        await service.lookups.run(deleted)

    return router


def feedback_routes(service: Service) -> APIRouter:
    router = APIRouter(prefix="/feedback", tags=["feedback"], responses=PROBLEMS)

    @router.put("/{turn}")
    async def rate(
        asker: Known,
        turn: Annotated[int, Path(ge=1, le=MOST_TURNS, description="The number of a kept turn.")],
        said: bodies.Opinion,
    ) -> bodies.GivenOpinion:
        """Keeps what the asker thinks of an answer, in place of what they thought before."""

        def rated() -> bodies.GivenOpinion:
            opinion = Feedback(said.verdict, said.reason, said.comment.strip()) if said.verdict else None
            found = kept(service).history.rate(asker.owner, turn, opinion)
            if found is None:
                raise ProblemError("not-found", f"There is no turn {turn} of yours.")
            return bodies.GivenOpinion.of(turn, found.feedback)

        return await service.lookups.run(rated)

    return router


def kept(service: Service) -> Memory:
    """Where conversations are kept. Raises `ProblemError` where they are not."""
    if service.memory is None:
        raise ProblemError("not-found", "No conversations are kept on this server (TANYA_HISTORY=off).")
    return service.memory


def _own(memory: Memory, asker: Asker, id: str) -> Conversation:
    found = next((one for one in memory.history.conversations(asker.owner) if one.id == id), None)
    if found is None:
        raise _none(id)
    return found


def _none(id: str) -> ProblemError:
    return ProblemError("not-found", f"There is no conversation {id} of yours.")


def _facts(one: Conversation) -> dict[str, Any]:
    return {"id": one.id, "title": one.title, "created": one.created, "updated": one.updated}


def _opinion(turn: Turn) -> bodies.GivenOpinion | None:
    return bodies.GivenOpinion.of(turn.kept.turn, turn.kept.feedback) if turn.kept and turn.kept.feedback else None
