"""Conversations that outlive the page: what was asked and answered, and what the asker thought of it.

Every function takes the owner first and reaches nothing of another's; `all_feedback` alone is for the operator. A turn
is one transaction: a kill loses at most the turn in flight. Answers are kept as `Answer.as_dict()`, so that they can be
shown again without being asked again. SQLite by default, PostgreSQL by address.

Knows nothing of browsers, cookies or HTML.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from sqlalchemy import (
    JSON,
    URL,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    exists,
    func,
    insert,
    inspect,
    make_url,
    or_,
    select,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from assistant.config import Settings
from assistant.errors import ConfigError, HistoryError

SCHEMA_VERSION = 1
BUSY_SECONDS = 30
TITLE_CHARS = 80
SEARCH_CHARS = 200
DAY_SECONDS = 86_400
SHARE_BYTES = 16

Verdict = Literal["up", "down"]
Reason = Literal[
    "wrong-answer", "wrong-source", "should-have-answered", "should-have-declined", "hard-to-read", "other"
]
REASONS: tuple[Reason, ...] = get_args(Reason)

tables = MetaData()
schema = Table("history_schema", tables, Column("version", Integer, primary_key=True))
conversations = Table(
    "conversations",
    tables,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("words", Text, nullable=False),  # the title as it is searched
    Column("created", Float, nullable=False),  # seconds since 1970, as in all these tables
    Column("updated", Float, nullable=False),
    Index("conversations_of_owner", "owner", "updated"),
)
turns = Table(
    "turns",
    tables,
    Column("id", Integer, primary_key=True),
    Column("conversation", ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("asked", Float, nullable=False),
    Column("question", Text, nullable=False),
    Column("lang", String, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("versions", JSON, nullable=False),
    Column("words", Text, nullable=False),  # question and answer as they are searched
    sqlite_autoincrement=True,  # a number is never used for another turn: exported questions are named by it
)
shares = Table(
    "shares",
    tables,
    Column("id", String, primary_key=True),
    Column("turn", ForeignKey(turns.c.id, ondelete="CASCADE"), nullable=False, unique=True),
    Column("made", Float, nullable=False),
)
feedback = Table(
    "feedback",
    tables,
    Column("turn", ForeignKey(turns.c.id, ondelete="CASCADE"), primary_key=True),
    Column("given", Float, nullable=False),
    Column("verdict", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("comment", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One line of the list of conversations."""

    id: str
    title: str
    created: dt.datetime
    updated: dt.datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the asker thought of an answer; `reason` is empty while none was given."""

    verdict: Verdict
    reason: Reason | Literal[""] = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One question with its whole answer, as `Answer.as_dict()` has it.

    `articles` is how many were there to search, `seconds` how long it took, `versions` what made the answer. `id` is 0
    until the turn is kept.
    """

    question: str
    lang: str
    answer: Mapping[str, Any]
    articles: int = 0
    seconds: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)
    id: int = 0
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """A turn that somebody judged, with the turns before it, oldest first."""

    turn: KeptTurn
    feedback: Feedback
    given: dt.datetime
    before: tuple[KeptTurn, ...]


def open_history(settings: Settings, create: bool = True) -> History | None:
    """The history that the settings name; None where it is switched off, or not there and not to be made."""
    if settings.history == "off":
        return None
    url = history_url(settings)
    if not create and url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return None
    return History(url, settings.history_days)


def history_url(settings: Settings) -> URL:
    """Where conversations are kept.

    >>> history_url(Settings()).database, history_url(Settings(history="postgresql://db/tanya")).drivername
    ('indexes/default.history.sqlite3', 'postgresql+psycopg')
    """
    index, where = settings.index, settings.history
    if "://" not in where:
        file = index.with_name(f"{index.name}.history.sqlite3") if where == "on" else Path(where).expanduser()
        return URL.create("sqlite", database=str(file))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):  # they repeat the address, which may hold a password
        raise ConfigError("TANYA_HISTORY is not the address of a database: write postgresql://HOST/NAME.") from None
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


class History:
    """The conversations in one database. Any thread may use it, and several processes may.

    Raises `HistoryError` where the database cannot be used, `ConfigError` for one of a kind that is not installed.
    """

    def __init__(self, url: URL, keep_days: int = 0, now: Callable[[], float] = time.time) -> None:
        """Opens or makes the database; conversations not touched for `keep_days` are deleted, with 0 none."""
        self.place = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
        self.keep_days = keep_days
        self._now = now
        self._engine = self._opened(url)
        try:
            self._prepare()
            self.forget_old()
        except HistoryError:
            self.close()
            raise

    def _opened(self, url: URL) -> Engine:
        is_sqlite = url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}} if is_sqlite else {"pool_pre_ping": True}
        try:
            if is_sqlite and url.database:
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
                # What people ask is for nobody else on this machine; what SQLite keeps beside it has the same mode.
                os.close(os.open(url.database, os.O_CREAT | os.O_RDWR, 0o600))
            engine = create_engine(url, **options)
        except NoSuchModuleError as error:
            raise ConfigError(f"TANYA_HISTORY: {error}. Use a file, or postgresql://HOST/NAME.") from error
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"TANYA_HISTORY needs the package {error.name}: scripts/install postgres brings it."
            ) from error
        except OSError as error:
            raise HistoryError(f"The folder of {self.place} cannot be made: {error.strerror}.") from error
        if is_sqlite:
            event.listen(engine, "connect", _set_up_sqlite)
        return engine

    def _prepare(self) -> None:
        with self._transaction() as connection:
            is_new = not inspect(connection).has_table(schema.name)
            if is_new:
                tables.create_all(connection)
                connection.execute(insert(schema).values(version=SCHEMA_VERSION))
            found = connection.scalar(select(func.max(schema.c.version)))
            if found == SCHEMA_VERSION and not is_new:
                shares.create(connection, checkfirst=True)  # came later, and older versions pass over it
        if found != SCHEMA_VERSION:
            raise HistoryError(
                f"The conversations in {self.place} have schema {found}, this version of Tanya writes {SCHEMA_VERSION}."
                " Use the version of Tanya that made them, or set TANYA_HISTORY to another file."
            )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """All of the block or nothing of it."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise HistoryError(
                f"The conversations in {self.place} cannot be used: {reason}."
                " Mend that, set TANYA_HISTORY to another file, or to off to keep none."
            ) from error

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # An owner's conversations

    def append(self, owner: str, turn: KeptTurn, conversation: str = "", instead: int = 0) -> tuple[str, int]:
        """Keeps a turn at the end of the owner's conversation; returns the conversation's id and the turn's.

        A new conversation begins where none is named, or where the one named is not there (any more). The turn of the
        id `instead`, if it is of that conversation, is deleted with its feedback and the link to it.
        """
        self.forget_old()
        now = self._now()
        with self._transaction() as connection:
            touched = update(conversations).where(_owned(owner, conversation)).values(updated=now)
            if not connection.execute(touched).rowcount:
                conversation = secrets.token_urlsafe(12)
                title = title_of(turn.question)
                connection.execute(
                    insert(conversations).values(
                        id=conversation, owner=owner, title=title, words=folded(title), created=now, updated=now
                    )
                )
            replaced = _replaced(connection, conversation, instead, turn) if instead else False
            added = connection.execute(
                insert(turns).values(
                    conversation=conversation,
                    asked=now,
                    question=_storable(turn.question),
                    lang=turn.lang,
                    answer=dict(turn.answer),
                    articles=turn.articles,
                    seconds=turn.seconds,
                    versions=dict(turn.versions),
                    words=folded(f"{turn.question}\n{turn.answer.get('answer', '')}"),
                )
            )
        if replaced:
            self._overwrite()
        assert added.inserted_primary_key is not None
        return conversation, added.inserted_primary_key[0]

    def conversations(self, owner: str, words: str = "") -> list[Conversation]:
        """The owner's conversations, the last one touched first.

        With `words`, those that have every one of them in their title, a question or an answer; parts of words will
        do, and case does not matter.
        """
        wanted = folded(words[:SEARCH_CHARS]).split()
        query = select(conversations).where(conversations.c.owner == owner, *map(_holds, wanted))
        newest = query.order_by(conversations.c.updated.desc(), conversations.c.created.desc(), conversations.c.id)
        with self._transaction() as connection:
            rows = connection.execute(newest).all()
        return [Conversation(row.id, row.title, _moment(row.created), _moment(row.updated)) for row in rows]

    def turns(self, owner: str, conversation: str) -> list[KeptTurn]:
        """The turns of the owner's conversation, oldest first; none of one that is not there or not the owner's."""
        with self._transaction() as connection:
            rows = connection.execute(_turns().where(_owned(owner, conversation))).all()
        return [_kept(row) for row in rows]

    def rename(self, owner: str, conversation: str, title: str) -> bool:
        """Whether there was such a conversation. White space alone is no title and changes nothing."""
        title = title_of(title)
        values = {"title": title, "words": folded(title)} if title else {"title": conversations.c.title}
        with self._transaction() as connection:
            renamed = connection.execute(update(conversations).where(_owned(owner, conversation)).values(values))
        return renamed.rowcount > 0

    def delete(self, owner: str, conversation: str) -> bool:
        """Deletes a conversation with its turns and feedback; whether there was one."""
        return self._delete(_owned(owner, conversation)) > 0

    def delete_all(self, owner: str) -> int:
        """Deletes everything of this owner, feedback included; returns how many conversations there were."""
        return self._delete(conversations.c.owner == owner)

    def forget_old(self) -> int:
        """Deletes what nobody has touched for `keep_days`; returns how many conversations that were."""
        if not self.keep_days:
            return 0
        return self._delete(conversations.c.updated < self._now() - self.keep_days * DAY_SECONDS)

    def _delete(self, which: ColumnElement[bool]) -> int:
        with self._transaction() as connection:
            deleted = connection.execute(delete(conversations).where(which)).rowcount
        if deleted:
            self._overwrite()
        return deleted

    def _overwrite(self) -> None:
        """Empties SQLite's log: else what was deleted would stay in it, beside the file, for a while."""
        if self._engine.dialect.name == "sqlite":
            with self._transaction() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    # Links to one answer

    def share(self, owner: str, turn: int) -> tuple[str, str]:
        """The id under which anybody may read this turn of the owner's, made at the first call, and its language.

        Both are empty where the turn is not there or not the owner's. The id cannot be guessed, and goes with the turn.
        """
        mine = select(turns.c.lang).join(conversations).where(turns.c.id == turn, conversations.c.owner == owner)
        with self._transaction() as connection:
            lang: str | None = connection.scalar(mine)
            if lang is None:
                return "", ""
            known: str | None = connection.scalar(select(shares.c.id).where(shares.c.turn == turn))
            if known is None:
                known = secrets.token_urlsafe(SHARE_BYTES)
                connection.execute(insert(shares).values(id=known, turn=turn, made=self._now()))
            return known, lang

    def shared(self, id: str) -> KeptTurn | None:
        """The one turn that a link leads to, without what its asker thought of it; None where there is none."""
        with self._transaction() as connection:
            row = connection.execute(_turns().join(shares).where(shares.c.id == id)).first()
        return replace(_kept(row), feedback=None) if row else None

    # Feedback

    def rate(self, owner: str, turn: int, judged: Feedback | None) -> KeptTurn | None:
        """Keeps what the owner thinks of an answer in place of what they thought before; None takes it back.

        Returns the turn as it is then, or None where it is not there or not the owner's.
        """
        mine = _turns().where(turns.c.id == turn, conversations.c.owner == owner)
        with self._transaction() as connection:
            if connection.execute(mine).first() is None:
                return None
            connection.execute(delete(feedback).where(feedback.c.turn == turn))
            if judged:
                connection.execute(
                    insert(feedback).values(
                        turn=turn,
                        given=self._now(),
                        verdict=judged.verdict,
                        reason=judged.reason,
                        comment=_storable(judged.comment),
                    )
                )
            return _kept(connection.execute(mine).one())

    def all_feedback(self) -> list[Rated]:
        """What everybody thought of their answers, oldest first."""
        rated = select(turns.c.conversation).join(feedback)
        with self._transaction() as connection:
            rows = connection.execute(_turns().where(turns.c.conversation.in_(rated))).all()
        found = []
        before: dict[str, list[KeptTurn]] = {}
        for row in rows:
            turn, earlier = _kept(row), before.setdefault(row.conversation, [])
            if turn.feedback:
                found.append(Rated(turn, turn.feedback, _moment(row.given), tuple(earlier)))
            earlier.append(turn)
        return sorted(found, key=lambda one: (one.given, one.turn.id))


def title_of(text: str) -> str:
    """A text as a title: on one line, cut after a word.

    >>> title_of("  what   weapons? ")
    'what weapons?'
    """
    words = " ".join(_storable(text).split())
    return words if len(words) <= TITLE_CHARS else words[:TITLE_CHARS].rsplit(" ", 1)[0] + "…"


def folded(text: str) -> str:
    """A text as it is searched: compatible forms and cases made one, a single space between words.

    >>> folded("ＴＡＮＹＡ  Straße")
    'tanya strasse'
    """
    return " ".join(unicodedata.normalize("NFKC", _storable(text)).casefold().split())


def _storable(text: str) -> str:
    """PostgreSQL takes no NUL in a text, and no database half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _set_up_sqlite(connection: Any, _: object) -> None:
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _owned(owner: str, conversation: str) -> ColumnElement[bool]:
    return (conversations.c.owner == owner) & (conversations.c.id == conversation)


def _holds(word: str) -> ColumnElement[bool]:
    said = exists().where(turns.c.conversation == conversations.c.id, turns.c.words.contains(word, autoescape=True))
    return or_(conversations.c.words.contains(word, autoescape=True), said)


def _replaced(connection: Connection, conversation: str, old: int, new: KeptTurn) -> bool:
    """Deletes the old turn of this conversation; whether there was one. A title made from it is made from the new."""
    mine = turns.c.conversation == conversation
    question = connection.scalar(select(turns.c.question).where(mine, turns.c.id == old))
    if question is None:
        return False
    connection.execute(delete(turns).where(turns.c.id == old))
    if connection.scalar(select(func.count()).where(mine)) == 0:
        title = title_of(new.question)
        untouched = (conversations.c.id == conversation) & (conversations.c.title == title_of(question))
        connection.execute(update(conversations).where(untouched).values(title=title, words=folded(title)))
    return True


def _turns() -> Any:
    return (
        select(turns, feedback.c.given, feedback.c.verdict, feedback.c.reason, feedback.c.comment)
        .join(conversations)
        .outerjoin(feedback)
        .order_by(turns.c.id)
    )


def _kept(row: Row[Any]) -> KeptTurn:
    return KeptTurn(
        question=row.question,
        lang=row.lang,
        answer=row.answer,
        articles=row.articles,
        seconds=row.seconds,
        versions=row.versions,
        id=row.id,
        feedback=Feedback(row.verdict, row.reason, row.comment) if row.verdict else None,
    )


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
