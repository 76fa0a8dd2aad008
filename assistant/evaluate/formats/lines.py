"""The lines of a text file with their places, for the formats that go line by line."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluate.questions import Problem


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end, and where it stood: `file:line`, counted from 1."""

    text: str
    place: str


def lines_of(path: Path) -> Iterator[Line | Problem]:
    """All lines, the empty ones too; one that is not UTF-8 is a problem, and the rest are still read."""
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, start=1):
            place = f"{path}:{number}"
            if number == 1 and raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                yield Problem(place, "", "is UTF-16; save the file as UTF-8")
                return
            bare = (raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw).rstrip(b"\r\n")
            try:
                yield Line(bare.decode("utf-8"), place)
            except UnicodeDecodeError as error:
                yield Problem(place, "", f"byte {error.start + 1} of the line is not UTF-8; save the file as UTF-8")
