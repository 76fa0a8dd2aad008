"""One file for each form that test questions come in: a path in, `TestQuestion`s and `Problem`s out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.evaluate.formats import json_lines
from assistant.evaluate.questions import Found


def reader_of(path: Path) -> Callable[[Path], Iterator[Found]]:
    """The reader for what the path is."""
    return json_lines.read
