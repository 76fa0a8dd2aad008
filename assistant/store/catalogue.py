"""The articles as a list: which there are, some of them at a time, without their texts.

Answered from one index of SQLite's that holds all that is listed (`articles_listed` in database.py): a page of 100,000
articles' list takes milliseconds, and no text is touched.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assistant.embed import encodable
from assistant.records import ALL, Filters
from assistant.store.database import Database, condition

MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list."""

    id: str
    title: str
    date: dt.date | None
    source: str
    lang: str


def listed(
    database: Database, filters: Filters = ALL, words: str = "", first: int = 0, count: int = 50
) -> tuple[list[Entry], int]:
    """`count` entries from the one numbered `first` on, newest first, and how many there are in all.

    Each of the `words` stands in the title, the source or the id; parts of words will do, and the case of plain letters
    does not matter.
    """
    where, values = condition(filters)
    for word in encodable(words).split()[:MOST_WORDS]:
        where += f" {'AND' if where else 'WHERE'} instr(lower(a.title || ' ' || a.source || ' ' || a.id), lower(?))"
        values.append(word)
    rows = database.rows(
        f"SELECT a.id, a.title, a.date, a.source, a.lang FROM articles a {where}"
        " ORDER BY a.date DESC, a.id LIMIT ? OFFSET ?",
        [*values, count, first],
    )
    total = database.rows(f"SELECT count(*) FROM articles a {where}", values)[0][0]
    entries = [
        Entry(id, title, dt.date.fromisoformat(date) if date else None, source, lang)
        for id, title, date, source, lang in rows
    ]
    return entries, total


def entries(database: Database, ids: list[str]) -> list[Entry]:
    """The entries of these articles, in this order; an id that is not there is left out."""
    found = [database.article(id) for id in dict.fromkeys(ids)]
    return [Entry(one.id, one.title, one.date, one.source, one.lang) for one in found if one]
