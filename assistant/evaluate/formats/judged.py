"""Questions with judged documents and no answers, as BEIR and TREC have them: they test retrieval alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.evaluate.fields import question_from
from assistant.evaluate.formats.lines import Line, lines_of
from assistant.evaluate.questions import Found, Problem, TestQuestion


@dataclass(frozen=True, slots=True)
class Topic:
    """A question before it is known what is relevant to it."""

    id: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How relevant a document is to a topic: 0 and less is not at all."""

    topic: str
    document: str
    grade: int
    place: str


def judgements(path: Path, columns: tuple[int, int, int], width: int, header: bool) -> Iterator[Judgement | Problem]:
    """The lines of a qrels file; `columns` says where topic, document and grade stand among its `width` columns."""
    for number, line in enumerate(lines_of(path)):
        if isinstance(line, Problem):
            yield line
        elif line.text.strip():
            cells = line.text.split("\t") if header else line.text.split()
            is_header = header and number == 0 and not cells[-1].strip().lstrip("-").isdigit()
            if not is_header:
                yield _judgement(line, [cell.strip() for cell in cells], columns, width)


def _judgement(line: Line, cells: list[str], columns: tuple[int, int, int], width: int) -> Judgement | Problem:
    if len(cells) != width:
        return Problem(line.place, "", f"has {len(cells)} columns; a line of qrels has {width}")
    topic, document, grade = (cells[column] for column in columns)
    try:
        return Judgement(topic, document, int(grade), line.place)
    except ValueError:
        return Problem(line.place, f"column {columns[2] + 1}", f"the grade must be a whole number, not {grade[:60]!r}")


def questions_from(
    topics: Iterable[Topic], judged: Iterable[Judgement | Problem], source: str, split: str = ""
) -> Iterator[Found]:
    """A question for each topic with a relevant document; what is judged but not asked is told, and left out."""
    grades: dict[str, dict[str, int]] = {topic.id: {} for topic in topics}
    for one in judged:
        if isinstance(one, Problem):
            yield one
        elif one.topic not in grades:
            yield Problem(one.place, "", f"judges the question {one.topic!r}, which is not there", is_error=False)
        elif one.grade > 0:
            grades[one.topic][one.document] = one.grade
    for topic in topics:
        if grades[topic.id]:
            yield from _questions(topic, grades[topic.id], split)
    if unjudged := sum(not relevant for relevant in grades.values()):
        reason = f"{unjudged} of {len(grades)} questions have no relevant document here and are left out"
        yield Problem(source, "", reason, is_error=False)


def _questions(topic: Topic, relevant: dict[str, int], split: str) -> Iterator[Found]:
    facts = {"id": topic.id, "question": topic.text, "articles": [*relevant], "split": split}
    for found in question_from(facts, topic.place):
        yield replace(found, grades=relevant) if isinstance(found, TestQuestion) else found
