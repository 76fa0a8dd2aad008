"""Our own form: JSON Lines, one object a question; docs/evaluating.md describes the fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from assistant.evaluate.fields import question_from
from assistant.evaluate.formats.lines import Line, lines_of
from assistant.evaluate.questions import Found, Problem


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
