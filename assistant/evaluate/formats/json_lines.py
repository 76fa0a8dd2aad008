"""Our own form: JSON Lines, one object a question; docs/evaluating.md describes the fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from assistant.evaluate.fields import question_from
from assistant.evaluate.formats.lines import Line, lines_of
from assistant.evaluate.questions import Found, Problem, TestQuestion


def read(path: Path) -> Iterator[Found]:
    for line in lines_of(path):
        if isinstance(line, Problem):
            yield line
        elif line.text.strip():
            yield from _question(line)


def _question(line: Line) -> Iterator[Found]:
    try:
        facts = json.loads(line.text)
    except RecursionError:
        yield Problem(line.place, "", "is nested too deeply; write a flat object")
    except json.JSONDecodeError as error:
        yield Problem(
            line.place, "", f"is not JSON: {error.msg} at column {error.colno}; write one object on each line"
        )
    except ValueError as error:  # an integer of thousands of digits
        yield Problem(line.place, "", f"is not JSON: {error}")
    else:
        if isinstance(facts, dict):
            yield from question_from(facts, line.place)
        else:
            yield Problem(line.place, "", "is not a JSON object; write {…} with a field `question`")


def to_line(question: TestQuestion) -> bytes:
    """The question as one line in UTF-8, line end included; `read` gives it back. What is empty is left out."""
    quotes = [{"article": quote.article, "quote": quote.quote} for quote in question.quotes]
    quoted = {quote.article for quote in question.quotes}
    fields = {
        "id": question.id,
        "question": question.question,
        "lang": question.lang,
        "answers": list(question.answers),
        "quotes": quotes,
        "articles": [article for article in question.articles if article not in quoted],
        "tags": list(question.tags),
        "conversation": [{"question": turn.question, "answer": turn.answer} for turn in question.conversation],
        "split": question.split,
    }
    kept = {name: value for name, value in fields.items() if value} | {"answerable": question.answerable}
    return json.dumps(kept, ensure_ascii=False).encode() + b"\n"
