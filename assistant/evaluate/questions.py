"""A test question: what is asked, what would be right, and which articles say so.

`read_questions` takes a file or folder in any form that `formats/` knows. Nothing here knows an index: whether the
articles exist and hold the quotes is for `check.py` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from assistant.errors import QuestionsError


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article that support an answer, letter for letter."""

    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked and answered before a follow-up."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class TestQuestion:
    """One question of a set.

    `answers` has the best one first; `articles` are the ids of all that support it, those of `quotes` included, and
    `grades` says how relevant each is where the set told (a plain 1 else). `place` is where the question stood, as
    `file:line`. A candidate is one of which nobody has said yet what would be right; it is not asked.
    """

    __test__ = False  # pytest, this is no test

    id: str
    question: str
    lang: str
    answers: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    answerable: bool = True
    tags: tuple[str, ...] = ()
    conversation: tuple[Turn, ...] = ()
    split: str = ""
    place: str = ""
    grades: Mapping[str, int] = field(default_factory=dict)
    is_candidate: bool = False

    @property
    def messages(self) -> list[BaseMessage]:
        """The turns before the question, and the question, as the chain takes a conversation."""
        turns = [(HumanMessage(turn.question), AIMessage(turn.answer)) for turn in self.conversation]
        return [*(message for turn in turns for message in turn), HumanMessage(self.question)]

    @property
    def qrels(self) -> dict[str, int]:
        """The relevance of each supporting article, as ranking metrics want it.

        >>> TestQuestion("q1", "Kapan?", "id", articles=("a", "b"), grades={"b": 2}).qrels
        {'a': 1, 'b': 2}
        """
        return {article: self.grades.get(article, 1) for article in self.articles}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a test question: where, in which field, what, and what to do.

    `is_error` tells what makes a figure wrong from what is only odd.
    """

    place: str
    field: str
    reason: str
    is_error: bool = True

    def __str__(self) -> str:
        """As an editor can click on it.

        >>> print(Problem("set.jsonl:7", "answers", "must be a list"))
        set.jsonl:7: answers: must be a list
        """
        return ": ".join(part for part in (self.place, self.field, self.reason) if part)


Found = TestQuestion | Problem


def read_questions(path: Path) -> list[TestQuestion]:
    """The questions of a file or folder, in its order.

    Raises `QuestionsError` that names every broken line with its field, not the first alone.

    >>> read_questions(Path("corpus/questions.jsonl"))[1].answers
    ('100', '100 Boeing aircraft', '100 pesawat')
    """
    questions, problems = parse(path)
    if errors := [str(problem) for problem in problems if problem.is_error]:
        raise QuestionsError(errors)
    return questions


def read_candidates(path: Path) -> list[TestQuestion]:
    """The questions of a file and its candidates, in its order; raises `QuestionsError` as `read_questions` does."""
    read_questions(path)
    return [found for found in _found(path) if not isinstance(found, Problem)]


def parse(path: Path) -> tuple[list[TestQuestion], list[Problem]]:
    """The questions that could be read, candidates left out, and what is wrong with the others."""
    questions: list[TestQuestion] = []
    problems: list[Problem] = []
    for found in _found(path):
        if isinstance(found, Problem):
            problems.append(found)
        elif not found.is_candidate:
            questions.append(found)
    if not questions and not problems:
        problems.append(Problem(str(path), "", "holds no question; docs/evaluating.md shows how one is written"))
    return questions, problems


def _found(path: Path) -> Iterable[Found]:
    try:
        yield from _reader(path)(path)
    except OSError as error:
        yield Problem(str(path), "", f"cannot be read: {error.strerror or error}")


def _reader(path: Path) -> Callable[[Path], Iterator[Found]]:
    """The format's own reader, by what the path is."""
    from assistant.evaluate.formats import reader_of

    return reader_of(path)
