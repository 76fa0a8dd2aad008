"""Tables, as a spreadsheet saves them: one row a question, the columns named like the fields of JSON Lines.

A cell with several values has a bar between them (`Rusia | Russia`), or is a JSON list. Comma, semicolon and tab are
taken as separators, whichever the first row has.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.evaluate.fields import question_from
from assistant.evaluate.formats.lines import lines_of
from assistant.evaluate.questions import Found, Problem

BAR = "|"
SINGULARS = {"answer": "answers", "article": "articles", "quote": "quotes", "tag": "tags"}
LISTS = ("answers", "articles", "quotes", "tags", "conversation")


def read(path: Path) -> Iterator[Found]:
    text, problem = _text(path)
    if problem:
        yield problem
        return
    header, _, _ = text.partition("\n")
    separator = max(",;\t", key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        names = [SINGULARS.get(name, name) for name in (cell.strip().lower() for cell in next(rows, []))]
        if "question" not in names:
            yield Problem(f"{path}:1", "question", "is no column; name the columns in the first row")
            return
        yield from _questions(path, names, rows)
    except csv.Error as error:
        yield Problem(f"{path}:{rows.line_num}", "", f'is not CSV: {error}; put a cell with " in it in quotation marks')


def _text(path: Path) -> tuple[str, Problem | None]:
    """The whole table, for a cell may go over several lines."""
    lines = []
    for line in lines_of(path):
        if isinstance(line, Problem):
            return "", line
        lines.append(line.text)
    return "\n".join(lines), None


def _questions(path: Path, names: list[str], rows: Any) -> Iterator[Found]:
    first_line = rows.line_num + 1
    for row in rows:
        place, first_line = f"{path}:{first_line}", rows.line_num + 1
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(names):
            yield Problem(place, "", f"has {len(row)} cells, but there are {len(names)} columns")
            continue
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=False) if name and cell.strip()}
        try:
            facts = {name: _values(name, cell) if name in LISTS else cell for name, cell in cells.items()}
            facts["quotes"] = _with_articles(facts.get("quotes", []), facts.get("articles", []))
        except _CellError as error:
            yield Problem(place, error.column, str(error))
        else:
            yield from question_from(facts, place)


class _CellError(ValueError):
    """A cell that cannot be taken apart."""

    def __init__(self, column: str, reason: str) -> None:
        self.column = column
        super().__init__(reason)


def _values(column: str, cell: str) -> list[Any]:
    """The values of a cell.

    >>> _values("answers", "Rusia | Russia"), _values("answers", '["a | b"]')
    (['Rusia', 'Russia'], ['a | b'])
    """
    if not cell.startswith("["):
        return [value.strip() for value in cell.split(BAR) if value.strip()]
    try:
        values = json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise _CellError(column, f"begins with [ but is no JSON list: {error}") from error
    assert isinstance(values, list)
    return values


def _with_articles(quotes: list[Any], articles: list[Any]) -> list[Any]:
    """Each quote with its article: all are of the only one, or the first of the first and so on."""
    if any(not isinstance(quote, str) for quote in quotes):
        return quotes  # a JSON list that names the articles itself
    if quotes and len(articles) not in (1, len(quotes)):
        few = f"there are {len(quotes)} quotes, but {len(articles)} articles"
        raise _CellError("quotes", f"{few}; name one article, or one for each quote")
    of = articles * len(quotes) if len(articles) == 1 else articles
    return [{"article": article, "quote": quote} for article, quote in zip(of, quotes, strict=False)]
