"""What is kept of a conversation, and how it comes back: between the page's turns and the history's.

An answer comes back without being asked again: its quotations are found in the articles of today. Where an article
has been changed or removed, the quotation stands for itself.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from assistant.errors import HistoryError
from assistant.filters import filters_of
from assistant.history import History, KeptTurn
from assistant.records import Answer, Article, Citation, Hit, Passage, Question, Span, Statement
from assistant.web.conversation import Kept, Library, Turn

Find = Callable[[str], Article | None]

log = logging.getLogger(__name__)


class Memory:
    """The history as the page uses it. `versions` tells what makes the answers at this moment.

    A database that fails is logged; whoever asks gets the answer all the same.
    """

    def __init__(
        self, history: History, library: Library, versions: Callable[[], Mapping[str, str]] = dict[str, str]
    ) -> None:
        self.history = history
        self._library = library
        self._versions = versions

    def keep(self, owner: str, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
        """The same turns, the last one kept: where it has an answer, and we know whose it is."""
        turn = turns[-1]
        if not owner or turn.problem or turn.answer is None or not turn.answer.question.text:
            return turns
        kept = KeptTurn(
            question=turn.asked,
            lang=turn.answer.question.lang,
            answer=turn.answer.as_dict(),
            articles=turn.articles,
            seconds=turn.seconds or 0.0,
            versions=self._versions(),
        )
        try:
            old = turn.instead.turn if turn.instead else 0
            conversation, id = self.history.append(owner, kept, conversation_of(turns), old)
        except HistoryError:
            log.exception("a turn could not be kept")
            return turns
        return (*turns[:-1], replace(turn, kept=Kept(conversation, id), instead=None))

    def recall(self, owner: str, conversation: str) -> tuple[Turn, ...]:
        """The owner's conversation as it is kept; no turns where there is none."""
        if not owner or not conversation:
            return ()
        article = cache(self._library.article)
        kept = self._kept(owner, conversation)
        return tuple(_turn(number, conversation, one, article) for number, one in enumerate(kept, start=1))

    def judged(self, owner: str, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
        """The same turns with what has been thought of them since."""
        conversation = conversation_of(turns)
        if not owner or not conversation:
            return turns
        feedback = {one.id: one.feedback for one in self._kept(owner, conversation)}
        return tuple(
            replace(turn, kept=replace(turn.kept, feedback=feedback.get(turn.kept.turn))) if turn.kept else turn
            for turn in turns
        )

    def shared(self, id: str) -> Turn | None:
        """The one turn that this link leads to, as anybody may see it; None where there is none (any more)."""
        kept = self.history.shared(id)
        if kept is None:
            return None
        return replace(_turn(1, "", kept, cache(self._library.article)), kept=None)

    def _kept(self, owner: str, conversation: str) -> list[KeptTurn]:
        try:
            return self.history.turns(owner, conversation)
        except HistoryError:
            log.exception("a conversation could not be read")
            return []


def conversation_of(turns: tuple[Turn, ...]) -> str:
    """The kept conversation that these turns are of; empty where none of them is kept, or takes a kept one's place."""
    return next((kept.conversation for turn in reversed(turns) if (kept := turn.kept or turn.instead)), "")


def _turn(number: int, conversation: str, kept: KeptTurn, article: Find) -> Turn:
    answer, gone = restored(kept.answer, article)
    return Turn(
        number=number,
        asked=kept.question,
        articles=kept.articles,
        answer=answer,
        seconds=kept.seconds,
        kept=Kept(conversation, kept.id, kept.feedback),
        gone=gone,
    )


def restored(stored: Mapping[str, Any], article: Find) -> tuple[Answer, frozenset[int]]:
    """The answer of `Answer.as_dict()`, and the numbers of the citations whose words are in no article any more."""
    hits = tuple(hit for facts in stored["passages"] if (hit := _hit(facts, article)))
    citations = []
    gone = set()
    for facts in stored["citations"]:
        source, start = _source(facts, article)
        if source is None:
            source, start = _stand_in(facts), 0
            gone.add(facts["number"])
        citations.append(_citation(facts, source, start, hits))
    answer = Answer(
        question=Question(
            stored["question"],
            stored["lang"],
            tuple(stored["notices"]),
            filters=filters_of(stored.get("filters", {})),  # what was kept before there were any has none
        ),
        statements=tuple(Statement(one["lead"], tuple(one["citations"])) for one in stored["statements"]),
        citations=tuple(citations),
        hits=hits,
        probability=stored["probability"],
        seconds=stored["seconds"],
        chosen=stored.get("chosen", ""),  # of before comparisons were answered
    )
    return answer, frozenset(gone)


def _hit(facts: Mapping[str, Any], article: Find) -> Hit | None:
    """The hit, or None where the article is gone or has become too short."""
    source = article(facts["article_id"])
    if source is None or facts["end"] > len(source.text):
        return None
    passage = Passage(source, facts["start"], facts["end"])
    ranks = facts.get("vector_rank", 0), facts.get("word_rank", 0)  # answers kept before they were noted have none
    return Hit(passage, facts["score"], facts["rank"], facts["vector_score"], facts["word_score"], *ranks)


def _source(facts: Mapping[str, Any], article: Find) -> tuple[Article | None, int]:
    """The article with the quoted words in it, and where they begin in it now; None where they are in it no more."""
    source, quote, start = article(facts["article_id"]), facts["quote"], facts["start"]
    if source is None or source.text.startswith(quote, start):
        return source, start
    start = source.text.find(quote)
    return (source, start) if start >= 0 else (None, 0)


def _stand_in(facts: Mapping[str, Any]) -> Article:
    """All that is known of an article that is gone: what the citation says of it, and the quoted words."""
    return Article(
        id=facts["article_id"],
        text=facts["quote"],
        title=facts["title"],
        date=dt.date.fromisoformat(facts["date"]) if facts["date"] else None,
        lang=facts["lang"],
        source=facts["source"],
        url=facts["url"],
    )


def _citation(facts: Mapping[str, Any], source: Article, start: int, hits: tuple[Hit, ...]) -> Citation:
    moved = start - facts["start"]
    edges = [(span["start"] + moved, span["end"] + moved) for span in facts["spans"]]
    end = start + len(facts["quote"])
    first, last = min(edge for edge, _ in edges), max(edge for _, edge in edges)
    passage = next(
        (
            hit.passage
            for hit in hits
            if not moved and hit.passage.article is source and hit.passage.start <= first and last <= hit.passage.end
        ),
        Passage(source, start, end),
    )
    spans = tuple(Span(passage, *edge, facts["probability"]) for edge in edges)
    return Citation(facts["number"], start, end, spans)
