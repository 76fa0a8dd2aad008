"""What became of one question: a frozen record that carries all facts together, and its line in the run folder.

Everything the metrics and the report need stands in it, so that they never ask the chain or the index again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from assistant.errors import EvaluateError
from assistant.evaluate.questions import TestQuestion


class Outcome(StrEnum):
    """Why a question ended as it did; the first line that fits counts.

    An answerable question without a gold passage among those that were read is `not retrieved`, whether Tanya then
    declined or quoted something else: retrieval has to be mended first.
    """

    FAILED = "failed"
    RIGHT = "right"
    NOT_RETRIEVED = "not retrieved"
    WRONGLY_ABSTAINED = "wrongly abstained"
    NOT_READ = "retrieved, not read"
    READ_WRONG = "read wrong"
    RIGHTLY_ABSTAINED = "rightly abstained"
    SHOULD_HAVE_ABSTAINED = "should have abstained"

    @property
    def good(self) -> bool:
        return self in (Outcome.RIGHT, Outcome.RIGHTLY_ABSTAINED)

    @property
    def meaning(self) -> str:
        return MEANINGS[self]


MEANINGS = {
    Outcome.FAILED: "asking it raised an error; it counts as zero",
    Outcome.RIGHT: "the short answer agrees with a gold answer",
    Outcome.NOT_RETRIEVED: "no passage that supports the answer was among those that were read",
    Outcome.WRONGLY_ABSTAINED: "a supporting passage was read, and yet Tanya found nothing",
    Outcome.NOT_READ: "a supporting passage was read, but the answer quotes another sentence",
    Outcome.READ_WRONG: "a sentence that supports the answer is quoted, but the short answer is other words",
    Outcome.RIGHTLY_ABSTAINED: "no article answers it, and Tanya said so",
    Outcome.SHOULD_HAVE_ABSTAINED: "no article answers it, and Tanya answered",
}


class Opinion(StrEnum):
    """What a judge says of an answer; `NONE` where it failed or replied with something else."""

    CORRECT = "correct"
    PARTLY = "partly"
    WRONG = "wrong"
    NONE = "no verdict"


@dataclass(frozen=True, slots=True)
class Judged:
    """A judge's opinion of an answer. Without a verdict, `reply` is what it said instead, or `error` why it failed."""

    opinion: Opinion
    reply: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Gold:
    """An article that supports the answer, and what to call it."""

    article: str
    title: str
    lang: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation of the answer; `exact` tells whether the stored article says so: `text[start:end] == quote`.

    `supports` tells whether it supports the answer (`citations.supports`); `spans` are the short answer's offsets in
    the same article.
    """

    number: int
    article: str
    title: str
    start: int
    end: int
    quote: str
    exact: bool
    supports: bool
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A passage that was handed to the reader, best first; `supports`: it holds what supports the answer."""

    passage: str
    article: str
    title: str
    text: str
    score: float
    supports: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage in the deep ranking that recall is measured on."""

    passage: str
    article: str
    score: float


@dataclass(frozen=True, slots=True)
class Result:
    """One question, what Tanya made of it and how long each stage took (seconds).

    `gold_passages` are the index's passages that hold a gold sentence, none where the set names articles only.
    `statements` has the numbers of the citations under each sentence of the answer, nothing when it declined.
    `error` is empty unless asking failed. `judged` is there only where a judge was named and had an answer to look at.
    """

    question: TestQuestion
    gold: tuple[Gold, ...] = ()
    gold_passages: tuple[str, ...] = ()
    outcome: Outcome = Outcome.FAILED
    answer: str = ""
    short: str = ""
    found: bool = False
    probability: float = 0.0
    citations: tuple[Quoted, ...] = ()
    statements: tuple[tuple[int, ...], ...] = ()
    read: tuple[Read, ...] = ()
    ranking: tuple[Ranked, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    judged: Judged | None = None

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def declined(self) -> bool:
        """Whether Tanya said that it finds nothing; a question that failed was not declined."""
        return not self.found and not self.error

    @property
    def pair(self) -> str:
        """The language of the question and that of the article that supports the answer best; empty without one.

        >>> Result(TestQuestion("q", "what was bought?", "en"), (Gold("a", "Jet tempur", "id"),)).pair
        'en-id'
        """
        return f"{self.question.lang}-{self.gold[0].lang}" if self.gold and self.gold[0].lang else ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The question's tags, and `follow-up` where it has turns before it."""
        follows = ("follow-up",) if self.question.conversation else ()
        return tuple(dict.fromkeys([*self.question.tags, *follows]))


@cache
def _lines() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Result)


def to_line(result: Result) -> bytes:
    """The result as one line of JSON in UTF-8, line end included."""
    line: bytes = _lines().dump_json(result)
    return line + b"\n"


def from_line(line: bytes, where: str) -> Result:
    """The result of a line; `where` is named in the `EvaluateError` that a broken one raises."""
    from pydantic import ValidationError

    try:
        result: Result = _lines().validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field_name = ".".join(str(part) for part in first["loc"]) or "the line"
        raise EvaluateError(f"{where}: {field_name}: {first['msg']}. Evaluate into a new folder.") from error
    return result
