"""What the three doors of the API answer from: the chain, the index, the conversations, and threads to use them on.

One question is asked here in one way, whichever door it came through.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from assistant.errors import AssistantError
from assistant.records import ALL, Answer, Article, Filters, Hit, Question
from assistant.web.api.metrics import Door, Metrics
from assistant.web.api.problem import as_problem_error
from assistant.web.api.work import Workers
from assistant.web.conversation import Library, Turn, shortened

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable

    from assistant.understand import Asked
    from assistant.web.memory import Memory

# As many at once as on the chat page: each answer uses every core there is.
QUESTIONS_AT_ONCE, QUESTIONS_WAITING, ANSWER_SECONDS = 4, 64, 60.0
LOOKUPS_AT_ONCE, LOOKUPS_WAITING, LOOKUP_SECONDS = 4, 128, 30.0


class Shelf(Library, Protocol):
    """What the API needs to know of the index. Called from several threads at once."""

    def articles(self, limit: int = -1, offset: int = 0) -> list[Article]:
        """The articles, newest first; with a `limit` so many of them, after the first `offset`."""
        ...


# A question, how many passages and of which articles -> the question as it was understood, and ranked passages.
Search = Callable[[str, int, Filters], tuple[Question, Sequence[Hit]]]


def _questions() -> Workers:
    return Workers("questions", QUESTIONS_AT_ONCE, QUESTIONS_WAITING, ANSWER_SECONDS)


def _lookups() -> Workers:
    return Workers("lookups", LOOKUPS_AT_ONCE, LOOKUPS_WAITING, LOOKUP_SECONDS)


@dataclass
class Service:
    """`loading` says what a first question would have to wait for; empty once the models are there. `mcp_hosts` are
    further names that the MCP server answers to.

    Looking up articles and conversations has threads of its own, so that it goes on while many questions wait.
    """

    chain: Runnable[Asked, Answer]
    library: Shelf
    search: Search
    memory: Memory | None = None
    loading: str = ""
    mcp_hosts: tuple[str, ...] = ()
    metrics: Metrics = field(default_factory=Metrics)
    questions: Workers = field(default_factory=_questions)
    lookups: Workers = field(default_factory=_lookups)

    def warm_up(self) -> None:
        """Asks a question, so that the models load; until then the service is not ready."""
        self.loading = "The models are loading."
        try:
            self.chain.invoke("Tanya?")
        except AssistantError as error:
            self.loading = str(error)
        except Exception as error:
            self.loading = str(as_problem_error(error).detail)
        else:
            self.loading = ""

    def why_not_ready(self) -> str:
        """Why nobody should be sent here yet; empty when all is well."""
        try:
            self.library.article_count  # noqa: B018  reading it is the check
        except AssistantError as error:
            return str(error)
        return self.loading

    def ask(
        self, messages: Sequence[BaseMessage], door: Door, number: int = 1, filters: Filters = ALL
    ) -> Iterator[Turn]:
        """The turn again and again while its answer grows; only the last one has its `seconds`.

        The last message is the question. Raises `ProblemError` where there will be no answer.
        """
        begun = time.perf_counter()
        try:
            asked = shortened(str(messages[-1].text))
            articles = self.library.facets(filters).articles if filters else self.library.article_count
            turn = Turn(number=number, asked=asked, articles=articles)
            for piece in self.chain.stream(messages, {"configurable": {"filters": filters}}):
                turn = replace(turn, answer=turn.answer + piece if turn.answer else piece)
                yield turn
            if turn.answer is None:
                raise RuntimeError("the chain gave no answer")
        except Exception as error:
            told = as_problem_error(error)
            self.metrics.failed(told.name)
            raise told from error
        self.metrics.told(door, turn.answer)
        yield replace(turn, seconds=time.perf_counter() - begun)

    def close(self) -> None:
        self.questions.close()
        self.lookups.close()
