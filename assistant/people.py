"""Who may come in: people with passwords, keys of programs, and the sessions of those who have signed in.

Passwords are kept as Argon2id hashes (RFC 9106), keys and sessions as SHA-256 of random tokens: whoever reads the file
can take nobody's place. SQLite beside the index; every check reads it anew, so that nothing needs a restart, and a
person who is removed is out at their next click.

Knows nothing of browsers or HTTP.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from assistant.config import Settings
from assistant.errors import PeopleError
from assistant.network import network_of
from assistant.private_file import PrivateFile

if TYPE_CHECKING:
    from argon2 import PasswordHasher

# Each may do what those before it may: ask; bring articles in and take them out; see to people, sites and keys.
Role = Literal["ask", "curate", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

SCHEMA_VERSION = 2
NAME = re.compile(r"[\w.@+-](?:[\w.@+ -]{0,62}[\w.@+-])?")
LEAST_PASSWORD_CHARS, MOST_PASSWORD_CHARS = 8, 1_000
KEY_PREFIX = "tanya_"
TOKEN_BYTES = 32
HOUR_SECONDS = 3_600
# Who guesses passwords waits: so many failures within the window, for one name from one address, from one address, and
# for one name from everywhere.
WINDOW_SECONDS = 900
MOST_FAILURES, MOST_OF_ADDRESS, MOST_OF_NAME = 5, 30, 100
LONGEST_FLOW_SECONDS = 600  # of signing in elsewhere, until the provider sends the person back
MOST_FLOWS = 10_000  # anybody can begin one, so the oldest make room

tables = MetaData()
schema = Table("people_schema", tables, Column("version", Integer, primary_key=True))
people = Table(
    "people",
    tables,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False, unique=True),  # drawn anew where a name is given out again
    Column("role", String, nullable=False),
    Column("password", String, nullable=False),  # a hash, with its parameters
    Column("created", Float, nullable=False),  # seconds since 1970, as in all these tables
)
keys = Table(
    "keys",
    tables,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("token", String, nullable=False, unique=True),  # a hash
    Column("created", Float, nullable=False),
)
sessions = Table(
    "sessions",
    tables,
    Column("token", String, primary_key=True),  # a hash
    Column("person", ForeignKey(people.c.name, ondelete="CASCADE")),  # none: somebody a provider vouches for
    Column("provider", String, nullable=False),  # which one
    Column("owner", String, nullable=False),
    Column("role", String, nullable=False),
    Column("name", String, nullable=False),
    Column("groups", JSON, nullable=False),
    Column("until", Float, nullable=False),
)
failures = Table(
    "failures",
    tables,
    Column("id", Integer, primary_key=True),
    Column("who", String, nullable=False, index=True),  # a hash of a name, an address, or both
    Column("at", Float, nullable=False, index=True),
)
flows = Table(
    "flows",
    tables,
    Column("token", String, primary_key=True),  # a hash
    Column("data", JSON, nullable=False),
    Column("until", Float, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or a program with a key.

    `owner` is the name under which their conversations are kept, `subject` what a provider knows them by: the name that
    it tells may be one they chose.
    """

    name: str
    role: Role
    owner: str
    groups: tuple[str, ...] = ()
    created: float = 0.0
    subject: str = ""

    def as_dict(self) -> dict[str, Any]:
        """What may be shown of them.

        >>> Person("ana", "ask", "1f").as_dict()
        {'name': 'ana', 'role': 'ask', 'created': '1970-01-01T00:00:00+00:00'}
        """
        created = dt.datetime.fromtimestamp(self.created, dt.UTC).isoformat(timespec="seconds")
        return {"name": self.name, "role": self.role, "created": created}


class TooOftenError(PeopleError):
    """Too many failures; `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"Too many failed attempts; try again in {seconds} seconds.")


def people_file(settings: Settings) -> Path:
    """Where the people of an index are kept.

    >>> str(people_file(Settings()))
    'indexes/default.people.sqlite3'
    """
    return settings.people or settings.index.with_name(f"{settings.index.name}.people.sqlite3")


def role_of(text: str) -> Role:
    """The role of this name; raises `PeopleError` where there is none.

    >>> role_of("curate")
    'curate'
    """
    for role in ROLES:
        if role == text:
            return role
    raise PeopleError(f"{text!r} is no role. There are: {', '.join(ROLES)}.")


def hashed(token: str) -> str:
    """A random token as it is kept. It has 256 bits of chance, so a quick hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class People(PrivateFile):
    """The people in one file. Any thread may use it, and several processes may. Raises `PeopleError`."""

    error = PeopleError
    holds = "people"
    setting = "TANYA_PEOPLE"
    tables = tables
    schema = schema
    version = SCHEMA_VERSION

    def __init__(self, file: Path, now: Callable[[], float] = time.time, hasher: PasswordHasher | None = None) -> None:
        """Opens or makes the file, which only its owner can read. `hasher` has Argon2's own parameters by default."""
        self._now = now
        self._given_hasher = hasher
        super().__init__(file)

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return self._given_hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """A hash of nothing anybody knows: a name that is not there takes as long to refuse as one that is."""
        return self._hasher.hash(secrets.token_urlsafe())

    def _bring_up(self, connection: Connection, found: int) -> bool:
        """Sessions did not know their provider at first: whoever was signed in does so again."""
        if found == 1:  # SQLite may be cut off between the two, and comes by here again
            sessions.drop(connection, checkfirst=True)
            sessions.create(connection)
        return found == 1

    # People

    def add(self, name: str, role: Role, password: str) -> None:
        """Adds somebody who signs in with this password."""
        values = {"owner": secrets.token_hex(32), "role": role, "password": self._hashed(password)}
        try:
            with self._transaction() as connection:
                connection.execute(insert(people).values(name=name_of(name), created=self._now(), **values))
        except IntegrityError:
            raise PeopleError(f"{name} is here already. A new password: tanya people password {name}") from None

    def all(self) -> list[Person]:
        """Everybody, by name."""
        with self._transaction() as connection:
            return [_person(row) for row in connection.execute(select(people).order_by(people.c.name))]

    def remove(self, name: str) -> Person:
        """Removes somebody with their sessions, and returns who it was."""
        named = people.c.name == name_of(name)
        with self._transaction() as connection:
            row = connection.execute(select(people).where(named)).first()
            if row is None:
                raise _missing(name)
            connection.execute(delete(people).where(named))
        return _person(row)

    def change(self, name: str, password: str | None = None, role: Role | None = None) -> None:
        """Gives somebody another password or role. Whoever is signed in as them has to do it again."""
        values = {"password": self._hashed(password)} if password is not None else {}
        values |= {"role": role} if role else {}
        with self._transaction() as connection:
            if not connection.execute(update(people).where(people.c.name == name_of(name)).values(values)).rowcount:
                raise _missing(name)
            connection.execute(delete(sessions).where(sessions.c.person == name_of(name)))

    def _hashed(self, password: str) -> str:
        if not is_password(password):
            raise PeopleError(
                f"A password has {LEAST_PASSWORD_CHARS} to {MOST_PASSWORD_CHARS} characters, this one has"
                f" {len(password)}. Several words are easy to remember and hard to guess."
            )
        return self._hasher.hash(_prepared(password))

    def sign_in(self, name: str, password: str, address: str = "") -> Person | None:
        """Whoever has this name and password, or None. Raises `TooOftenError` for whoever has guessed too often."""
        row = self._verified(name, password, address)
        if row is None:
            return None
        if self._hasher.check_needs_rehash(row.password):  # a later version of Argon2's parameters
            with self._transaction() as connection:
                renewed = self._hasher.hash(_prepared(password))
                connection.execute(update(people).where(_as_it_was(row)).values(password=renewed))
        return _person(row)

    def renew(self, name: str, password: str, new: str, address: str = "") -> Person | None:
        """Gives whoever has this name and password a new one and ends their sessions; None where they have not.

        Raises as `sign_in` does, and `PeopleError` for what is no password.
        """
        row = self._verified(name, password, address)
        if row is None:
            return None
        renewed = self._hashed(new)
        with self._transaction() as connection:
            if not connection.execute(update(people).where(_as_it_was(row)).values(password=renewed)).rowcount:
                return None  # somebody gave them another one at this moment
            connection.execute(delete(sessions).where(sessions.c.person == row.name))
        return _person(row)

    def _verified(self, name: str, password: str, address: str) -> Row[Any] | None:
        from argon2.exceptions import VerificationError

        name = " ".join(_prepared(name).split())[:100].casefold()
        address = network_of(address)
        counted = {
            hashed(f"both:{name}\0{address}"): MOST_FAILURES,
            hashed(f"address:{address}"): MOST_OF_ADDRESS,
            hashed(f"name:{name}"): MOST_OF_NAME,
        }
        attempt = self._throttle(counted)
        with self._transaction() as connection:
            row = connection.execute(select(people).where(people.c.name == name)).first()
        try:
            self._hasher.verify(row.password if row else self._nobody, _prepared(password[: MOST_PASSWORD_CHARS + 1]))
        except VerificationError:
            row = None
        if row is None:
            return None
        both, *_ = counted
        with self._transaction() as connection:  # this was no guess, and those before it were slips
            mine = failures.c.who.in_(counted) & (failures.c.at == attempt)
            connection.execute(delete(failures).where((failures.c.who == both) | mine))
        return row

    def _throttle(self, counted: dict[str, int]) -> float:
        """Counts this attempt as failed before it is looked at, so that many at once do not slip through.

        Returns under which time it is counted.
        """
        now = self._now()
        with self._transaction() as connection:
            connection.execute(delete(failures).where(failures.c.at <= now - WINDOW_SECONDS))
            for who, most in counted.items():
                mine = select(failures.c.at).where(failures.c.who == who).order_by(failures.c.at.desc())
                oldest = connection.scalar(mine.offset(most - 1).limit(1))
                if oldest is not None:
                    raise TooOftenError(max(1, round(oldest + WINDOW_SECONDS - now)))
            connection.execute(insert(failures), [{"who": who, "at": now} for who in counted])
        return now

    # Sessions

    def begin_session(self, person: Person, seconds: float, provider: str = "") -> str:
        """A new token for somebody who has signed in: one of these people, or one whom a `provider` vouches for."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._transaction() as connection:
            connection.execute(delete(sessions).where(sessions.c.until <= self._now()))
            connection.execute(
                insert(sessions).values(
                    token=hashed(token),
                    person=None if provider else person.name,
                    provider=provider,
                    owner=person.owner,
                    role=person.role,
                    name=person.name,
                    groups=list(person.groups),
                    until=self._now() + seconds,
                )
            )
        return token

    def session(self, token: str, provider: str = "") -> Person | None:
        """Whose session this is; None where it is none, over, or of another provider than this one."""
        counts = sessions.c.person.is_not(None) | (sessions.c.provider == provider)
        role = func.coalesce(people.c.role, sessions.c.role).label("role")  # of ours the one of today
        facts = select(sessions.c.name, sessions.c.owner, sessions.c.groups, role)
        wanted = facts.outerjoin_from(sessions, people, people.c.name == sessions.c.person).where(
            sessions.c.token == hashed(token), sessions.c.until > self._now(), counts
        )
        with self._transaction() as connection:
            row = connection.execute(wanted).first()
        return Person(row.name, role_of(row.role), row.owner, tuple(row.groups)) if row else None

    def name_in(self, token: str) -> str:
        """The name of whoever is signed in with a password of ours; empty for others."""
        wanted = select(sessions.c.person).where(sessions.c.token == hashed(token), sessions.c.until > self._now())
        with self._transaction() as connection:
            return connection.scalar(wanted) or ""

    def end_session(self, token: str) -> bool:
        """Whether there was such a session."""
        with self._transaction() as connection:
            return connection.execute(delete(sessions).where(sessions.c.token == hashed(token))).rowcount > 0

    # Signing in elsewhere: what has to be remembered of a browser until it comes back from the provider

    def begin_flow(self, data: dict[str, Any]) -> str:
        """Keeps this for a while; the token brings it back once."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._transaction() as connection:
            connection.execute(delete(flows).where(flows.c.until <= self._now()))
            until = self._now() + LONGEST_FLOW_SECONDS
            connection.execute(insert(flows).values(token=hashed(token), data=data, until=until))
            too_old = select(flows.c.until).order_by(flows.c.until.desc()).offset(MOST_FLOWS).limit(1)
            connection.execute(delete(flows).where(flows.c.until <= too_old.scalar_subquery()))
        return token

    def end_flow(self, token: str) -> dict[str, Any]:
        """What was kept, for the first who asks; nothing where there is none (any more)."""
        mine = flows.c.token == hashed(token)
        with self._transaction() as connection:
            row = connection.execute(select(flows).where(mine, flows.c.until > self._now())).first()
            taken = connection.execute(delete(flows).where(mine)).rowcount
        return dict(row.data) if row and taken else {}

    # Keys

    def add_key(self, name: str, role: Role) -> str:
        """Makes a key for a program and returns it; it is kept nowhere and cannot be shown again."""
        token = KEY_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        values = {"owner": secrets.token_hex(32), "role": role, "token": hashed(token), "created": self._now()}
        try:
            with self._transaction() as connection:
                connection.execute(insert(keys).values(name=name_of(name), **values))
        except IntegrityError:
            raise PeopleError(
                f"There is a key {name} already. Revoke it first: tanya keys revoke {name}, or choose another name."
            ) from None
        return token

    def keys(self) -> list[Person]:
        """All keys, by name."""
        with self._transaction() as connection:
            return [_person(row) for row in connection.execute(select(keys).order_by(keys.c.name))]

    def revoke_key(self, name: str) -> Person:
        """Makes a key worthless, and returns whose it was."""
        named = keys.c.name == name_of(name)
        with self._transaction() as connection:
            row = connection.execute(select(keys).where(named)).first()
            if row is None:
                raise PeopleError(f"There is no key {name}. See them all with: tanya keys list")
            connection.execute(delete(keys).where(named))
        return _person(row)

    def key(self, token: str) -> Person | None:
        """The program whose key this is."""
        with self._transaction() as connection:
            row = connection.execute(select(keys).where(keys.c.token == hashed(token))).first()
        return _person(row) if row else None


def is_password(text: str) -> bool:
    r"""Whether this can be a password: neither too short to be one nor too long to be hashed.

    >>> is_password("secret"), is_password("correct horse"), is_password("\0" * 9)
    (False, True, False)
    """
    return LEAST_PASSWORD_CHARS <= len(_prepared(text)) <= MOST_PASSWORD_CHARS


def name_of(text: str) -> str:
    """A name as it is kept: one form and case for each. Raises `PeopleError` for one that is not taken.

    >>> name_of(" Ana@Example.com ")
    'ana@example.com'
    """
    name = " ".join(_prepared(text).split()).casefold()
    if not NAME.fullmatch(name):
        raise PeopleError(f"{text!r} is no name. It has 1 to 64 letters, digits, spaces or any of . @ + - _")
    return name


def role_by_group(
    groups: Sequence[str], admin: Sequence[str], curate: Sequence[str], ask: Sequence[str]
) -> Role | None:
    """The highest role that these groups give; without any named for `ask`, everybody may.

    >>> role_by_group(["staff"], ["it"], ["desk"], []), role_by_group(["staff"], ["it"], ["desk"], ["news"])
    ('ask', None)
    """
    held = set(groups)
    if held & set(admin):
        return "admin"
    if held & set(curate):
        return "curate"
    return "ask" if not ask or held & set(ask) else None


def _prepared(text: str) -> str:
    """One form for what keyboards send in several; half a surrogate pair becomes a question mark."""
    return unicodedata.normalize("NFKC", text.replace("\0", "").encode("utf-8", "replace").decode("utf-8"))


def _person(row: Row[Any]) -> Person:
    return Person(row.name, role_of(row.role), row.owner, created=row.created)


def _as_it_was(row: Row[Any]) -> ColumnElement[bool]:
    """The person of this row, unless their password has changed since it was read."""
    return and_(people.c.name == row.name, people.c.password == row.password)


def _missing(name: str) -> PeopleError:
    return PeopleError(f"There is nobody named {name}. See them all with: tanya people list")
