"""The truth, in one SQLite file: articles, passages, their vectors, the word index and the manifest.

Every change is one transaction that also counts up `generation`, so that whoever derived something from the
database sees that it is stale. Passage numbers are never used twice (AUTOINCREMENT): a number stands for the same
words for ever, or for nothing.

Knows nothing of models, FAISS or LangChain.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import queue
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.embed import Vectors, encodable
from assistant.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, StoreError
from assistant.records import ALL, Article, Facets, Filters, Passage

FIRST_FILE = "tanya-1.sqlite3"
FILE = re.compile(r"tanya-(\d+)\.sqlite3")
SCHEMA_VERSION = 1
# Holds all that is listed and counted, which would else be read past the articles' texts. It changes nothing that is
# stored, so an index without it is no older version: it gets one with its next article.
LISTED = "CREATE INDEX IF NOT EXISTS articles_listed ON articles (date DESC, id, title, source, lang)"
SCHEMA = f"""
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    text   TEXT NOT NULL,
    title  TEXT NOT NULL,
    date   TEXT,
    lang   TEXT NOT NULL,
    source TEXT NOT NULL,
    url    TEXT NOT NULL,
    author TEXT NOT NULL,
    extra  TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE TABLE passages (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    start   INTEGER NOT NULL,
    "end"   INTEGER NOT NULL,
    vector  BLOB NOT NULL
);
CREATE INDEX passages_of_article ON passages (article);
{LISTED};
CREATE VIRTUAL TABLE words USING fts5 (terms, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row);
"""
ARTICLE_COLUMNS = "a.id, a.text, a.title, a.date, a.lang, a.source, a.url, a.author, a.extra"
# SQLite takes some thousands of parameters; ask in groups well below that.
GROUP = 500


def digest(article: Article) -> str:
    """A hash of everything the article says, so that any change of it is noticed."""
    facts = [article.id, article.text, article.metadata]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()


class Database:
    """One index file. Any thread may use it; only one process may write (see `Index.writer`).

    Raises `IndexMissingError` when there is no file, `IndexDamagedError` when it is not a sound database,
    `IndexMismatchError` when another version of Tanya made it, `StoreError` when the disk or the system says no.
    """

    def __init__(self, path: Path, create: bool = False) -> None:
        self.path = path
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._closed = False
        # Version 0 is a file that was killed before it had its tables.
        version = self._row("PRAGMA user_version")[0] if path.exists() else 0
        if version == 0 and not create:
            raise missing(path.parent)
        if version == 0:
            self._create()
        self.identity = identity(path)
        if version not in (0, SCHEMA_VERSION):
            raise IndexMismatchError(
                f"{path} has schema {version}, this version of Tanya writes {SCHEMA_VERSION}."
                f" Build the index anew with: tanya index PATH --index {path.parent} --rebuild"
            )

    def _create(self) -> None:
        """The empty schema, in one transaction: a killed start leaves nothing or all of it."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The folder {self.path.parent} cannot be made: {error.strerror}.") from error
        with self._borrow() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        with self.transaction() as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0]:
                return  # another process was faster
            for statement in SCHEMA.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute("INSERT INTO manifest VALUES ('generation', '0')")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    # Connections are lent to whoever asks, so that threads that come and go leave none behind.

    @contextmanager
    def _borrow(self) -> Iterator[sqlite3.Connection]:
        try:
            try:
                connection = self._idle.get_nowait()
            except queue.Empty:
                connection = self._connect()
            try:
                yield connection
            finally:
                self._idle.put(connection)
                if self._closed:
                    self.close()
        except sqlite3.Error as error:
            raise self._explained(error) from error

    def _connect(self) -> sqlite3.Connection:
        # Without the right to write there can be no WAL beside the file, so nothing is changing it either.
        writable = os.access(self.path.parent, os.W_OK)
        options = "mode=rwc" if writable else "mode=ro&immutable=1"
        uri = f"{self.path.absolute().as_uri()}?{options}"
        connection = sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _explained(self, error: sqlite3.Error) -> StoreError:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return IndexDamagedError(
                f"{self.path} is damaged ({error}). Put it back from a copy, or delete it and index again."
            )
        return StoreError(f"{self.path} cannot be used: {error}. Look at the disk's room and the file's permissions.")

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """What a reading query of another file of this room finds."""
        return self._rows(sql, values)

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        with self._borrow() as connection:
            return connection.execute(sql, values).fetchall()

    def _row(self, sql: str, values: Sequence[object] = ()) -> Any:
        with self._borrow() as connection:
            return connection.execute(sql, values).fetchone()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, whatever happens inside, Ctrl-C included."""
        with self._borrow() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Closes what is idle now, and what is lent when it comes back."""
        self._closed = True
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    # The manifest

    def manifest(self) -> dict[str, str]:
        return dict(self._rows("SELECT key, value FROM manifest"))

    @property
    def generation(self) -> int:
        return int(self._row("SELECT value FROM manifest WHERE key = 'generation'")[0])

    def set_manifest(self, facts: Mapping[str, str]) -> None:
        with self.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO manifest VALUES (?, ?)", facts.items())

    # Writing

    def replace(self, batch: Sequence[tuple[Article, Sequence[Passage], Vectors, Sequence[str]]]) -> None:
        """Stores articles with their passages, vectors `(passages, dimension)` and index terms; one transaction.

        An article whose id is known already is replaced with all its passages.
        """
        with self.transaction() as connection:
            connection.execute(LISTED)
            self._delete(connection, [article.id for article, *_ in batch])
            for article, passages, vectors, terms in batch:
                number = self._insert_article(connection, article)
                for passage, vector, words in zip(passages, vectors, terms, strict=True):
                    row = connection.execute(
                        'INSERT INTO passages (article, start, "end", vector) VALUES (?, ?, ?, ?)',
                        (number, passage.start, passage.end, vector.astype(np.float16).tobytes()),
                    )
                    connection.execute("INSERT INTO words (rowid, terms) VALUES (?, ?)", (row.lastrowid, words))
            self._count_up(connection)

    def delete(self, ids: Sequence[str]) -> int:
        """Removes articles with all that hangs on them; ids that are not there are passed over."""
        with self.transaction() as connection:
            removed = self._delete(connection, ids)
            if removed:
                self._count_up(connection)
        return removed

    @staticmethod
    def _count_up(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE manifest SET value = value + 1 WHERE key = 'generation'")

    @staticmethod
    def _insert_article(connection: sqlite3.Connection, article: Article) -> int:
        row = connection.execute(
            "INSERT INTO articles (id, text, title, date, lang, source, url, author, extra, digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.text,
                article.title,
                article.date.isoformat() if article.date else None,
                article.lang,
                article.source,
                article.url,
                article.author,
                json.dumps(dict(article.extra), ensure_ascii=False, default=str),
                digest(article),
            ),
        )
        assert row.lastrowid is not None
        return row.lastrowid

    @staticmethod
    def _delete(connection: sqlite3.Connection, ids: Sequence[str]) -> int:
        removed = 0
        for id in ids:
            found = connection.execute("SELECT number FROM articles WHERE id = ?", (id,)).fetchone()
            if found:
                connection.execute(
                    "DELETE FROM words WHERE rowid IN (SELECT number FROM passages WHERE article = ?)", found
                )
                connection.execute("DELETE FROM articles WHERE number = ?", found)
                removed += 1
        return removed

    # Reading

    def digest(self, id: str) -> str | None:
        """The hash of the stored article of that id."""
        row = self._row("SELECT digest FROM articles WHERE id = ?", (id,))
        return str(row[0]) if row else None

    def ids(self) -> set[str]:
        return {id for (id,) in self._rows("SELECT id FROM articles")}

    def article(self, id: str) -> Article | None:
        row = self._row(f"SELECT {ARTICLE_COLUMNS} FROM articles a WHERE a.id = ?", (encodable(id),))
        return _article(row) if row else None

    def articles(self, limit: int = -1, offset: int = 0) -> list[Article]:
        """The articles, newest first; with a `limit` so many of them, after the first `offset`."""
        # The inner query sorts without the texts.
        rows = self._rows(
            f"SELECT {ARTICLE_COLUMNS} FROM articles a WHERE a.number IN"
            " (SELECT number FROM articles ORDER BY date DESC, id LIMIT ? OFFSET ?) ORDER BY a.date DESC, a.id",
            (limit, offset),
        )
        return [_article(row) for row in rows]

    def counts(self) -> tuple[int, int]:
        """How many articles and passages there are."""
        articles, passages = self._row("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)")
        return articles, passages

    def passages(self, numbers: Iterable[int]) -> dict[int, Passage]:
        """The passages of these numbers; a number that is gone is left out."""
        found: dict[int, Passage] = {}
        articles: dict[str, Article] = {}
        for group in _groups(list(numbers)):
            rows = self._rows(
                f'SELECT p.number, p.start, p."end", {ARTICLE_COLUMNS}'
                " FROM passages p JOIN articles a ON a.number = p.article"
                f" WHERE p.number IN ({','.join('?' * len(group))})",
                group,
            )
            for number, start, end, *columns in rows:
                # Passages of one article share one record of it.
                article = articles.setdefault(columns[0], _article(columns))
                found[number] = Passage(article, start, end)
        return found

    def articles_of(self, numbers: Iterable[int]) -> dict[int, tuple[int, str]]:
        """The number and the language of the article of each of these passages; an empty one where it has none."""
        found: dict[int, tuple[int, str]] = {}
        for group in _groups(list(numbers)):
            rows = self._rows(
                "SELECT p.number, a.number, a.lang FROM passages p JOIN articles a ON a.number = p.article"
                f" WHERE p.number IN ({','.join('?' * len(group))})",
                group,
            )
            found |= {passage: (article, lang) for passage, article, lang in rows}
        return found

    def passages_of(self, article: str) -> list[Passage]:
        """The passages of one article, in its order; none of an unknown one."""
        found = self.article(article)
        if found is None:
            return []
        rows = self._rows(
            'SELECT p.start, p."end" FROM passages p JOIN articles a ON a.number = p.article'
            " WHERE a.id = ? ORDER BY p.start",
            (encodable(article),),
        )
        return [Passage(found, start, end) for start, end in rows]

    def passage_numbers(self, filters: Filters = ALL) -> npt.NDArray[np.int64]:
        """The passages of the articles that the filters let through."""
        if not filters:
            return np.array([number for (number,) in self._rows("SELECT number FROM passages")], np.int64)
        where, values = condition(filters)
        rows = self._rows(f"SELECT p.number FROM articles a JOIN passages p ON p.article = a.number {where}", values)
        return np.array([number for (number,) in rows], np.int64)

    def facets(self, filters: Filters = ALL) -> Facets:
        """How many of the articles that the filters let through there are by month, by source and by language.

        Each count leaves its own filter out, so that it shows what choosing otherwise would give.
        """
        undated = replace(filters, since=None, until=None)
        return Facets(
            self._counted("substr(a.date, 1, 7)", undated),
            self._counted("a.source", replace(filters, source="")),
            self._counted("a.lang", replace(filters, lang="")),
            sum(self._counted("''", filters).values()),
        )

    def _counted(self, what: str, filters: Filters) -> dict[str, int]:
        where, values = condition(filters)
        rows = self._rows(f"SELECT {what} AS k, count(*) FROM articles a {where} GROUP BY k ORDER BY k", values)
        return {key: count for key, count in rows if key is not None}

    def vectors(self, numbers: npt.NDArray[np.int64]) -> Iterator[tuple[npt.NDArray[np.int64], Vectors]]:
        """Numbers and float32 vectors `(n, dimension)`, some hundreds at a time."""
        for group in _groups([int(number) for number in numbers]):
            rows = self._rows(
                f"SELECT number, vector FROM passages WHERE number IN ({','.join('?' * len(group))})", group
            )
            if rows:
                stored = np.stack([np.frombuffer(blob, np.float16) for _, blob in rows])
                yield np.array([number for number, _ in rows], np.int64), stored.astype(np.float32)

    def passages_with(self, terms: Sequence[str]) -> dict[str, int]:
        """How many passages hold each term; a term that none holds is left out."""
        marks = ",".join("?" * len(terms))
        return dict(self._rows(f"SELECT term, doc FROM vocabulary WHERE term IN ({marks})", list(terms)))

    def match_term(self, term: str) -> list[tuple[int, float]]:
        """The passages that hold one term, each with the term's share of SQLite's BM25."""
        quoted = '"' + term.replace('"', '""') + '"'
        return self._rows("SELECT rowid, -bm25(words) FROM words WHERE words MATCH ?", (quoted,))

    def contents(self) -> str:
        """A hash of the embedder, the chunker and the articles, whatever order they came in."""
        manifest = self.manifest()
        digest = hashlib.sha256(json.dumps([manifest.get("embedder"), manifest.get("chunker")]).encode())
        for row in self._rows("SELECT id, digest FROM articles ORDER BY id"):
            digest.update(json.dumps(list(row)).encode())
        return digest.hexdigest()[:16]

    def check(self) -> list[str]:
        """What SQLite finds wrong with the file; empty when it is sound."""
        try:
            found = [row[0] for row in self._rows("PRAGMA integrity_check")]
            (orphans,) = self._row("SELECT (SELECT count(*) FROM passages) - (SELECT count(*) FROM words)")
        except StoreError as error:
            return [str(error)]
        problems = [] if found == ["ok"] else found
        return problems + ([f"passages and word index differ by {orphans}"] if orphans else [])


def current_file(folder: Path) -> Path | None:
    """The index file that counts: the one with the highest number. A rebuild adds one, then removes the others."""
    try:
        numbered = [(int(match[1]), path) for path in folder.iterdir() if (match := FILE.fullmatch(path.name))]
    except OSError:
        return None
    return max(numbered)[1] if numbered else None


def next_file(folder: Path) -> Path:
    """Where a rebuilt index goes."""
    now = current_file(folder)
    match = FILE.fullmatch(now.name) if now else None
    return folder / f"tanya-{int(match[1]) + 1 if match else 1}.sqlite3"


def missing(folder: Path) -> IndexMissingError:
    return IndexMissingError(f"There is no index in {folder}. Make one with: tanya index PATH --index {folder}")


def identity(path: Path) -> tuple[str, int]:
    """Changes when another file takes the place of this one."""
    return path.name, path.stat().st_ino


def condition(filters: Filters) -> tuple[str, list[Any]]:
    """What the filters are in SQL, over the articles `a`, and its values."""
    tests = {
        "a.date >= ?": filters.since.isoformat() if filters.since else "",
        "a.date <= ?": filters.until.isoformat() if filters.until else "",
        "a.source = ?": filters.source,
        "a.lang = ?": filters.lang,
    }
    wanted = {test: encodable(value) for test, value in tests.items() if value}
    return f"WHERE {' AND '.join(wanted)}" if wanted else "", list(wanted.values())


def _groups(numbers: list[int]) -> Iterator[list[int]]:
    return (numbers[i : i + GROUP] for i in range(0, len(numbers), GROUP))


def _article(row: Sequence[str | None]) -> Article:
    id, text, title, date, lang, source, url, author, extra = row
    return Article(
        id=id or "",
        text=text or "",
        title=title or "",
        date=dt.date.fromisoformat(date) if date else None,
        lang=lang or "",
        source=source or "",
        url=url or "",
        author=author or "",
        extra=json.loads(extra or "{}"),
    )
