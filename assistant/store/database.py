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
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from assistant.records import Article, Passage

FILE = "tanya.sqlite3"
SCHEMA_VERSION = 1
SCHEMA = """
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
CREATE VIRTUAL TABLE words USING fts5 (terms, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row);
"""
ARTICLE_COLUMNS = "a.id, a.text, a.title, a.date, a.lang, a.source, a.url, a.author, a.extra"
# SQLite takes some thousands of parameters; ask in groups well below that.
GROUP = 500

Vectors = npt.NDArray[np.float32]


def digest(article: Article) -> str:
    """A hash of everything the article says, so that any change of it is noticed."""
    facts = [article.id, article.text, article.metadata]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()


class Database:
    """One open index file. Connections are per thread; only one process may write (see `Index.writer`).

    Raises `IndexMissingError` when there is no file, `IndexDamagedError` when it is not a sound database,
    `IndexMismatchError` when another version of Tanya made it.
    """

    def __init__(self, folder: Path, create: bool = False) -> None:
        self.path = folder / FILE
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        old = folder.with_name(f"{folder.name}.old")
        if old.is_dir() and not folder.exists():
            # A rebuild was cut off between its two renames.
            old.rename(folder)
        if not self.path.exists():
            if not create:
                raise IndexMissingError(
                    f"There is no index in {folder}. Make one with: tanya index PATH --index {folder}"
                )
            folder.mkdir(parents=True, exist_ok=True)
        try:
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0 and create:
                self._create()
            elif version != SCHEMA_VERSION:
                raise IndexMismatchError(
                    f"The index in {folder} has schema {version}, this version of Tanya writes {SCHEMA_VERSION}."
                    f" Build it anew with: tanya index PATH --index {folder} --rebuild"
                )
        except sqlite3.DatabaseError as error:
            self.close()
            raise IndexDamagedError(
                f"{self.path} cannot be read ({error}). Put it back from a copy, or delete {folder} and index again."
            ) from error

    def _create(self) -> None:
        """The empty schema, in one transaction: a killed start leaves nothing or all of it."""
        with self.transaction() as connection:
            for statement in SCHEMA.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            connection.executemany(
                "INSERT INTO manifest VALUES (?, ?)", [("generation", "0"), ("index", uuid.uuid4().hex[:12])]
            )
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
            self._connections.append(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, whatever happens inside, Ctrl-C included."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()

    # The manifest

    def manifest(self) -> dict[str, str]:
        return dict(self._connection.execute("SELECT key, value FROM manifest"))

    @property
    def generation(self) -> int:
        row = self._connection.execute("SELECT value FROM manifest WHERE key = 'generation'").fetchone()
        return int(row[0])

    def set_manifest(self, facts: Mapping[str, str]) -> None:
        with self.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO manifest VALUES (?, ?)", facts.items())

    # Writing

    def replace(self, batch: Sequence[tuple[Article, Sequence[Passage], Vectors, Sequence[str]]]) -> None:
        """Stores articles with their passages, vectors `(passages, dimension)` and index terms; one transaction.

        An article whose id is known already is replaced with all its passages.
        """
        with self.transaction() as connection:
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
        row = self._connection.execute("SELECT digest FROM articles WHERE id = ?", (id,)).fetchone()
        return str(row[0]) if row else None

    def ids(self) -> set[str]:
        return {row[0] for row in self._connection.execute("SELECT id FROM articles")}

    def article(self, id: str) -> Article | None:
        row = self._connection.execute(f"SELECT {ARTICLE_COLUMNS} FROM articles a WHERE a.id = ?", (id,)).fetchone()
        return _article(row) if row else None

    def articles(self) -> Iterator[Article]:
        """All articles, newest first."""
        rows = self._connection.execute(f"SELECT {ARTICLE_COLUMNS} FROM articles a ORDER BY a.date DESC, a.id")
        return map(_article, rows)

    def counts(self) -> tuple[int, int]:
        """How many articles and passages there are."""
        row = self._connection.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)")
        articles, passages = row.fetchone()
        return articles, passages

    def passages(self, numbers: Iterable[int]) -> dict[int, Passage]:
        """The passages of these numbers; a number that is gone is left out."""
        found: dict[int, Passage] = {}
        articles: dict[str, Article] = {}
        for group in _groups(list(numbers)):
            rows = self._connection.execute(
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

    def passage_numbers(self) -> npt.NDArray[np.int64]:
        rows = self._connection.execute("SELECT number FROM passages ORDER BY number")
        return np.fromiter((row[0] for row in rows), np.int64)

    def vectors(self, numbers: npt.NDArray[np.int64]) -> Iterator[tuple[npt.NDArray[np.int64], Vectors]]:
        """Numbers and float32 vectors `(n, dimension)`, some hundreds at a time."""
        for group in _groups([int(number) for number in numbers]):
            rows = self._connection.execute(
                f"SELECT number, vector FROM passages WHERE number IN ({','.join('?' * len(group))})", group
            ).fetchall()
            if rows:
                stored = np.stack([np.frombuffer(blob, np.float16) for _, blob in rows])
                yield np.array([number for number, _ in rows], np.int64), stored.astype(np.float32)

    def passages_with(self, terms: Sequence[str]) -> dict[str, int]:
        """How many passages hold each term; a term that none holds is left out."""
        marks = ",".join("?" * len(terms))
        return dict(self._connection.execute(f"SELECT term, doc FROM vocabulary WHERE term IN ({marks})", list(terms)))

    def match_term(self, term: str) -> list[tuple[int, float]]:
        """The passages that hold one term, with its share of SQLite's BM25."""
        quoted = '"' + term.replace('"', '""') + '"'
        rows = self._connection.execute("SELECT rowid, -bm25(words) FROM words WHERE words MATCH ?", (quoted,))
        return rows.fetchall()

    def check(self) -> list[str]:
        """What SQLite finds wrong with the file; empty when it is sound."""
        try:
            found = [row[0] for row in self._connection.execute("PRAGMA integrity_check")]
            orphans = self._connection.execute(
                "SELECT (SELECT count(*) FROM passages) - (SELECT count(*) FROM words)"
            ).fetchone()[0]
        except sqlite3.DatabaseError as error:
            return [str(error)]
        problems = [] if found == ["ok"] else found
        return problems + ([f"passages and word index differ by {orphans}"] if orphans else [])


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
