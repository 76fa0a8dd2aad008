"""What happens when somebody asks: the question goes to the chain, and a turn grows as the answer arrives.

Knows nothing of Gradio or HTML.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from assistant.embed import encodable
from assistant.errors import AssistantError
from assistant.history import Feedback
from assistant.records import ALL, Answer, Article, Facets, Filters
from assistant.web.phrases import EN, ID, Phrases, phrases_for

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from assistant.understand import Asked

KEPT_TURNS = 30
KEPT_QUESTION_CHARS = 1_000

log = logging.getLogger(__name__)


class Library(Protocol):
    """What the page needs to know of the index. Called from several threads at once."""

    def article(self, id: str, /) -> Article | None:
        """The article with this id, or None."""
        ...

    @property
    def article_count(self) -> int:
        """How many articles there are now."""
        ...

    def facets(self, filters: Filters = ALL, /) -> Facets:
        """How many articles the filters let through, by month, by source and by language."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a turn is kept, and what the asker thought of its answer."""

    conversation: str
    turn: int
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and as much of its answer as has arrived.

    `number` is unique in a conversation; `articles` is how many were there to search; `seconds` is None until the
    answer is whole; `problem` is what to tell the asker where there will be no answer. `kept` is None for what is not
    kept; `gone` are the numbers of citations whose words are in no article any more. `stopped` is an answer that the
    asker did not wait for; `instead` is where the turn is kept whose place this one takes; `suggestions` are questions
    to go on with.
    """

    number: int
    asked: str
    articles: int = 0
    answer: Answer | None = None
    seconds: float | None = None
    problem: str = ""
    kept: Kept | None = None
    gone: frozenset[int] = frozenset()
    stopped: bool = False
    instead: Kept | None = None
    suggestions: tuple[str, ...] = ()

    @property
    def phrases(self) -> Phrases:
        """The page's words in the language of the question, as soon as the chain has told it."""
        return phrases_for(self.answer.question.lang) if self.answer else EN

    @property
    def done(self) -> bool:
        return self.seconds is not None


def ask(
    chain: Runnable[Asked, Answer],
    library: Library,
    earlier: tuple[Turn, ...],
    question: str,
    instead: int = 0,
    filters: Filters = ALL,
) -> Iterator[tuple[Turn, ...]]:
    """The conversation with one more turn, again and again while its answer grows. The last one is done.

    With the last turn's number in `instead`, the new turn takes its place. Only articles that the `filters` let through
    may answer.

    An error ends the turn with a civil message: that of an `AssistantError` says what to do, any other is logged.
    A conversation keeps its newest `KEPT_TURNS` turns.
    """
    began = time.perf_counter()
    text = encodable(question)  # a browser may send half a surrogate pair
    earlier, old = stopped(earlier), None
    if earlier and earlier[-1].number == instead:
        earlier, old = earlier[:-1], earlier[-1]
    kept = earlier[-(KEPT_TURNS - 1) :]
    turn = Turn(number=earlier[-1].number + 1 if earlier else 1, asked=shortened(text))
    if old:
        turn = replace(turn, number=old.number, instead=old.kept or old.instead)
    try:
        turn = replace(turn, articles=library.facets(filters).articles if filters else library.article_count)
        yield (*kept, turn)
        for piece in chain.stream(as_messages(kept, text), {"configurable": {"filters": filters}}):
            turn = replace(turn, answer=turn.answer + piece if turn.answer else piece)
            yield (*kept, turn)
        if turn.answer is None:
            raise RuntimeError("the chain gave no answer")
    except AssistantError as error:
        turn = replace(turn, problem=str(error))
    except Exception:
        log.exception("a question could not be answered")
        turn = replace(turn, problem=f"{EN.failed} · {ID.failed}" if turn.answer is None else turn.phrases.failed)
    yield (*kept, replace(turn, seconds=time.perf_counter() - began))


def stopped(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The same turns, the last one ended as it stands where its answer was still on its way."""
    if not turns or turns[-1].done:
        return turns
    return (*turns[:-1], replace(turns[-1], seconds=0.0, stopped=True))


def as_messages(earlier: tuple[Turn, ...], question: str) -> list[BaseMessage]:
    """The conversation as LangChain has it; of an answer what a follow-up can lean on, not the sentences around it."""
    turns = [(HumanMessage(turn.asked), AIMessage(turn.answer.told if turn.answer else "")) for turn in earlier]
    return [*(message for turn in turns for message in turn), HumanMessage(question)]


def shortened(text: str) -> str:
    """The question as the page repeats it."""
    text = text.strip()
    return text if len(text) <= KEPT_QUESTION_CHARS else text[:KEPT_QUESTION_CHARS].rstrip() + "…"
