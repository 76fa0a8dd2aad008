"""SQuAD 1.1 and 2.0, and the sets in their form: one JSON object with paragraphs and questions about them.

Rajpurkar et al. 2016, Rajpurkar, Jia and Liang 2018. Each paragraph becomes an article, known as `TITLE#N`, the Nth
of its title; the sentences that hold the answers become the quotes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.chunk import sentence_offsets
from assistant.errors import QuestionsError
from assistant.evaluate.fields import problems_in, question_from
from assistant.evaluate.questions import Found, Problem
from assistant.language import detect
from assistant.read.encoding import tidy
from assistant.records import Article


class _Model(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)


class _Answer(_Model):
    text: str
    answer_start: int = -1


class _Asked(_Model):
    question: str
    id: str
    answers: list[_Answer] = Field(default_factory=list)
    is_impossible: bool = False


class _Paragraph(_Model):
    context: str
    qas: list[_Asked]


class _Entry(_Model):
    paragraphs: list[_Paragraph]
    title: str = "untitled"


class _Set(_Model):
    data: list[_Entry]


def read(path: Path) -> Iterator[Found]:
    try:
        entries = _load(path)
    except _BrokenError as broken:
        yield from broken.problems
        return
    counted: Counter[str] = Counter()
    for at, entry in enumerate(entries):
        for of, paragraph in enumerate(entry.paragraphs):
            article = _article(entry, paragraph, counted)
            sentences = sentence_offsets(article.text, article.lang)
            for number, asked in enumerate(paragraph.qas):
                place = f"{path}: data[{at}].paragraphs[{of}].qas[{number}]"
                yield from _question(asked, article, sentences, place)


def articles(path: Path) -> Iterator[Article]:
    """The paragraphs as articles."""
    try:
        entries = _load(path)
    except _BrokenError as broken:
        raise QuestionsError([str(problem) for problem in broken.problems]) from broken
    counted: Counter[str] = Counter()
    for entry in entries:
        for paragraph in entry.paragraphs:
            yield _article(entry, paragraph, counted)


class _BrokenError(Exception):
    """The file is not in this form."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(*problems)


def _load(path: Path) -> list[_Entry]:
    try:
        return _Set.model_validate(json.loads(path.read_bytes())).data
    except ValidationError as error:
        raise _BrokenError(list(problems_in(error, str(path)))) from error
    except json.JSONDecodeError as error:
        raise _BrokenError([Problem(f"{path}:{error.lineno}", "", f"is not JSON: {error.msg}")]) from error
    except UnicodeDecodeError as error:
        raise _BrokenError([Problem(str(path), "", "is not UTF-8; save the file as UTF-8")]) from error
    except (RecursionError, ValueError) as error:
        raise _BrokenError([Problem(str(path), "", f"is not JSON as it should be: {error}")]) from error


def _article(entry: _Entry, paragraph: _Paragraph, counted: Counter[str]) -> Article:
    counted[entry.title] += 1
    text = tidy(paragraph.context).strip()
    title = " ".join(tidy(entry.title).replace("_", " ").split())
    return Article(f"{tidy(entry.title)}#{counted[entry.title]}", text, title=title, lang=detect(text))


def _question(asked: _Asked, article: Article, sentences: Sequence[tuple[int, int]], place: str) -> Iterator[Found]:
    answers = list(dict.fromkeys(answer.text for answer in asked.answers))
    quotes: dict[str, None] = {}
    for answer in asked.answers:
        if quote := _quote(answer, article.text, sentences):
            quotes[quote] = None
        else:
            yield Problem(place, "answers", f"{answer.text[:60]!r} is not in the paragraph", is_error=False)
    facts: dict[str, Any] = {"id": asked.id, "question": asked.question, "answerable": not asked.is_impossible}
    if not asked.is_impossible:
        support = [{"article": article.id, "quote": quote} for quote in quotes]
        facts |= {"answers": answers, "articles": [article.id], "quotes": support}
    yield from question_from(facts, place)


def _quote(answer: _Answer, text: str, sentences: Sequence[tuple[int, int]]) -> str:
    """The whole sentences that hold the answer; nothing where the paragraph does not hold it."""
    words = tidy(answer.text).strip()
    start = text.find(words, max(answer.answer_start, 0))
    start = start if start == answer.answer_start else text.find(words)  # tidying may have moved it
    if start < 0 or not words:
        return ""
    touched = [one for one in sentences if one[0] < start + len(words) and start < one[1]]
    return text[touched[0][0] : touched[-1][1]]
