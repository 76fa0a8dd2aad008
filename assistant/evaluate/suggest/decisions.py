"""What an editor decided: accepted questions in a file of test questions, refused ones in FILE.refused beside it.

Each decision is written at once, so that a session can end at any instant and the next goes on behind it.
"""

from __future__ import annotations

from pathlib import Path

from assistant.errors import QuestionsError
from assistant.evaluate.check import asked
from assistant.evaluate.formats import json_lines
from assistant.evaluate.questions import Problem, TestQuestion


class Decisions:
    """The decisions about suggested questions. `QuestionsError` where the files cannot be read or written."""

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() != ".jsonl":
            raise QuestionsError([f"{path} is no file of test questions to add to; name one that ends in .jsonl."])
        self.path = path
        self.refused = path.with_name(f"{path.name}.refused")
        self._known: set[str | tuple[str, ...]] = set()
        for file in (self.path, self.refused):
            for question in _questions(file):
                self._remember(question)

    def knows(self, question: TestQuestion) -> bool:
        """Whether the question was accepted or refused before, or the set asks the same anyway."""
        return question.id in self._known or asked(question) in self._known

    def accept(self, question: TestQuestion) -> None:
        self._add(self.path, question)

    def refuse(self, question: TestQuestion) -> None:
        self._add(self.refused, question)

    def _add(self, file: Path, question: TestQuestion) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a+b") as lines:
                lines.seek(max(0, lines.seek(0, 2) - 1))
                unfinished = lines.read() not in (b"", b"\n")
                lines.write(("\n" if unfinished else "").encode() + json_lines.to_line(question))
        except OSError as error:
            raise QuestionsError([f"{file} cannot be written: {error.strerror or error}"]) from error
        self._remember(question)

    def _remember(self, question: TestQuestion) -> None:
        self._known |= {question.id, asked(question)}


def _questions(file: Path) -> list[TestQuestion]:
    if not file.exists():
        return []
    try:
        found = list(json_lines.read(file))
    except OSError as error:
        raise QuestionsError([f"{file} cannot be read: {error.strerror or error}"]) from error
    if faults := [str(one) for one in found if isinstance(one, Problem) and one.is_error]:
        raise QuestionsError(faults)
    return [one for one in found if isinstance(one, TestQuestion)]
