"""One file for each form that test questions come in: a path in, `TestQuestion`s and `Problem`s out.

JSON Lines is our own and tells most. Tables are for who keeps questions in a spreadsheet; SQuAD, BEIR and TREC are
the forms of public sets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.evaluate.formats import beir, json_lines, squad, table, trec
from assistant.evaluate.questions import Found, Problem
from assistant.records import Article

KNOWN = (
    "JSON Lines (.jsonl), a table (.csv, .tsv), SQuAD (.json), a BEIR folder (queries.jsonl, qrels/*.tsv)"
    " or TREC topics (topics*) beside their qrels*"
)
Reader = Callable[[Path], Iterator[Found]]


def reader_of(path: Path) -> Reader:
    """The reader for what the path is: a folder by the files in it, a file by its name."""
    if path.is_dir():
        if (path / beir.QUERIES).exists():
            return beir.read
        return trec.read if trec.topics_in(path) else _unknown
    by_suffix = {".jsonl": json_lines.read, ".csv": table.read, ".tsv": table.read, ".json": squad.read}
    if trec.is_topics(path):
        return trec.read
    return by_suffix.get(path.suffix.lower(), _unknown)


def articles_of(path: Path) -> Iterator[Article]:
    """The articles that a SQuAD file or a BEIR folder brings with its questions, under the ids that these name.

    Other forms bring none. Raises `QuestionsError` where they cannot be read.
    """
    reader = reader_of(path)
    if reader is beir.read:
        yield from beir.articles(path)
    elif reader is squad.read:
        yield from squad.articles(path)


def _unknown(path: Path) -> Iterator[Found]:
    path.stat()  # what is not there at all says so itself
    what = "folder" if path.is_dir() else "file"
    yield Problem(str(path), "", f"is no {what} of test questions that is known; known are {KNOWN}")
