"""A SQLite file that only its owner reads, with tables of one schema: what the files of people and of sites share."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Self

from sqlalchemy import URL, Connection, MetaData, Table, create_engine, event, func, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from assistant.errors import AssistantError

BUSY_SECONDS = 30


class PrivateFile:
    """The file of a subclass. Any thread may use it, and several processes may.

    `holds` and `setting` are words of the messages: what is in it, and the setting that names another file, if any.
    """

    error: ClassVar[type[AssistantError]]
    holds: ClassVar[str]
    setting: ClassVar[str] = ""
    tables: ClassVar[MetaData]
    schema: ClassVar[Table]
    version: ClassVar[int]

    def __init__(self, file: Path) -> None:
        """Opens or makes the file. Raises `error` where it cannot be used, or another version of Tanya made it."""
        self.file = file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            way_out = f" Set {self.setting} to another file." if self.setting else ""
            raise self.error(f"{file} cannot be used: {error.strerror}.{way_out}") from error
        url = URL.create("sqlite", database=str(file))
        self._engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(self._engine, "connect", _set_up)
        try:
            self._prepare()
        except AssistantError:
            self.close()
            raise

    def _prepare(self) -> None:
        with self._transaction() as connection:
            if not inspect(connection).has_table(self.schema.name):
                self.tables.create_all(connection)
                connection.execute(insert(self.schema).values(version=self.version))
            found = connection.scalar(select(func.max(self.schema.c.version)))
            if found is not None and found < self.version and self._bring_up(connection, found):
                connection.execute(update(self.schema).values(version=self.version))
                found = self.version
        if found != self.version:
            way_out = f", or set {self.setting} to another file" if self.setting else ""
            raise self.error(
                f"The {self.holds} in {self.file} have schema {found}, this version of Tanya writes {self.version}."
                f" Use the version of Tanya that made them{way_out}."
            )

    def _bring_up(self, connection: Connection, found: int) -> bool:  # noqa: ARG002
        """Turns tables of an earlier schema into today's; False where that is not known."""
        return False

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """All of the block or nothing of it."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise self.error(f"The {self.holds} in {self.file} cannot be used: {reason}.") from error

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _set_up(connection: Any, _: object) -> None:
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
