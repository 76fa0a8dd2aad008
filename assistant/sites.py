"""Portals that may show the widget, the tokens by which they say who is asking, and how much may be asked.

A portal's backend signs a short-lived JSON Web Token (RFC 7519) with the secret of its site, and here it is verified.
HS256 needs the same secret on both sides, so it lies in this file as it is: whoever reads the file can sign tokens.
SQLite beside the index, like the conversations; every check reads it anew, so that nothing needs a restart.

Knows nothing of browsers or HTTP.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.exc import IntegrityError

from assistant.config import Settings
from assistant.errors import SiteError
from assistant.network import network_of
from assistant.private_file import PrivateFile

SCHEMA_VERSION = 1
SECRET_BYTES = 32
TOKEN_SECONDS = 3_600  # the longest life of a token
LEEWAY_SECONDS = 30  # how far the clocks of a portal and of this machine may be apart
MOST_TOKEN_CHARS = 8_192
MOST_SUBJECT_CHARS = 200
MOST_GROUPS = 200
MINUTE_SECONDS, DAY_SECONDS = 60, 86_400
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(?::(\d{1,5}))?", re.ASCII)
USUAL_PORTS = {"http": "80", "https": "443"}

# Why a token is refused. `limit` alone is worth waiting for, `expired` alone is mended by a new token.
Reason = Literal["unknown-site", "revoked", "no-token", "malformed", "signature", "audience", "expired", "not-yet",
                 "too-long", "logged-out", "limit"]  # fmt: skip

tables = MetaData()
schema = Table("sites_schema", tables, Column("version", Integer, primary_key=True))
sites = Table(
    "sites",
    tables,
    Column("name", String, primary_key=True),
    Column("origins", JSON, nullable=False),
    Column("secret", String, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("per_minute", Integer, nullable=False),
    Column("per_day", Integer, nullable=False),
    Column("site_per_minute", Integer, nullable=False),
    Column("site_per_day", Integer, nullable=False),
    Column("created", Float, nullable=False),  # seconds since 1970, as in all these tables
    Column("revoked", Float),
)
denied = Table(
    "denied",
    tables,
    Column("token", String, primary_key=True),  # a hash
    Column("until", Float, nullable=False),
)
asked = Table(
    "asked",
    tables,
    Column("who", String, primary_key=True),  # a hash of site and subject; of the site alone
    Column("window", Integer, primary_key=True),  # its length in seconds
    Column("began", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Site:
    """A portal. Questions are limited for each subject and for all of the site together; 0 is no limit."""

    name: str
    origins: tuple[str, ...]
    anonymous: bool = False
    per_minute: int = 20
    per_day: int = 500
    site_per_minute: int = 300
    site_per_day: int = 0
    created: float = 0.0
    revoked: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The facts, without the secret."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever a verified token speaks of. `subject` is empty for an anonymous visitor."""

    site: str
    subject: str
    groups: tuple[str, ...]
    expires: float

    @property
    def owner(self) -> str:
        """The name under which their conversations are kept; empty: none are.

        >>> Bearer("hr", "ana", (), 0).owner == Bearer("it", "ana", (), 0).owner, Bearer("hr", "", (), 0).owner
        (False, '')
        """
        return hashlib.sha256(f"site:{self.site}\0{self.subject}".encode()).hexdigest() if self.subject else ""


class Refusal(Exception):  # noqa: N818
    """A token that is not taken. `retry_seconds` says after how long one more question is."""

    def __init__(self, reason: Reason, retry_seconds: int = 0) -> None:
        self.reason = reason
        self.retry_seconds = retry_seconds
        super().__init__(reason)


def sites_file(settings: Settings) -> Path:
    """Where the sites of an index are kept.

    >>> str(sites_file(Settings()))
    'indexes/default.sites.sqlite3'
    """
    return settings.index.with_name(f"{settings.index.name}.sites.sqlite3")


def origin_of(text: str) -> str:
    """An origin as browsers write it. Raises `SiteError` for anything else: there are no wild cards.

    >>> origin_of("https://Portal.Example:443/")
    'https://portal.example'
    """
    text = text.strip()
    match = ORIGIN.fullmatch(text.lower().removesuffix("/"))
    if match is None or int(match[3] or 0) > 65_535:
        raise SiteError(f"{text!r} is no origin. Write scheme, host and port alone, as in https://portal.example:8443.")
    scheme, host, port = match.groups()
    return f"{scheme}://{host}" + (f":{port}" if port and port != USUAL_PORTS[scheme] else "")


class Sites(PrivateFile):
    """The sites in one file. Any thread may use it, and several processes may. Raises `SiteError`."""

    error = SiteError
    holds = "sites"
    tables = tables
    schema = schema
    version = SCHEMA_VERSION

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        """Opens or makes the file, which only its owner can read."""
        self._now = now
        super().__init__(file)

    # What an operator does

    def add(self, site: Site) -> str:
        """Keeps a new site and returns its secret."""
        if not NAME.fullmatch(site.name):
            raise SiteError(
                f"{site.name!r} cannot name a site: small letters, digits and hyphens alone, as in hr-portal."
            )
        if not site.origins:
            raise SiteError(f"{site.name} needs at least one origin: --origin https://portal.example")
        facts = site.as_dict()
        origins = list(dict.fromkeys(map(origin_of, site.origins)))
        secret = secrets.token_urlsafe(SECRET_BYTES)
        try:
            with self._transaction() as connection:
                connection.execute(
                    insert(sites).values(facts | {"origins": origins, "created": self._now(), "secret": secret})
                )
        except IntegrityError:
            raise SiteError(
                f"There is a site {site.name} already. Give it a new secret with: tanya sites rotate {site.name}"
            ) from None
        return secret

    def all(self) -> list[Site]:
        """Every site, by name."""
        with self._transaction() as connection:
            return [_site(row) for row in connection.execute(select(sites).order_by(sites.c.name))]

    def find(self, name: str) -> Site | None:
        """The site of this name, revoked or not."""
        row = self._row(name)
        return _site(row) if row else None

    def rotate(self, name: str) -> str:
        """A new secret, in force at once: what the old one signed is refused. A revoked site is in use again."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        self._change(name, secret=secret, revoked=None)
        return secret

    def revoke(self, name: str) -> None:
        """Refuses the site from now on, and keeps what is known of it."""
        self._change(name, revoked=self._now())

    def remove(self, name: str) -> None:
        """Deletes the site with its secret."""
        with self._transaction() as connection:
            if not connection.execute(delete(sites).where(sites.c.name == name)).rowcount:
                raise _missing(name)

    def _change(self, name: str, **values: Any) -> None:
        with self._transaction() as connection:
            if not connection.execute(update(sites).where(sites.c.name == name).values(values)).rowcount:
                raise _missing(name)

    def _row(self, name: str) -> Row[Any] | None:
        with self._transaction() as connection:
            return connection.execute(select(sites).where(sites.c.name == name)).first()

    # Tokens

    def verify(self, token: str, site: str) -> Bearer:
        """Whoever the token of this site speaks of. Raises `Refusal`."""
        import jwt

        row = self._usable(site)
        if not token:
            raise Refusal("no-token")
        if len(token) > MOST_TOKEN_CHARS:
            raise Refusal("malformed")
        try:
            claims = jwt.decode(
                token,
                row.secret,
                algorithms=["HS256"],  # and so neither "none" nor what the token's own header wishes
                audience=site,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "sub", "aud"], "strict_aud": True},
            )
        except jwt.ExpiredSignatureError:
            raise Refusal("expired") from None
        except jwt.ImmatureSignatureError:
            raise Refusal("not-yet") from None
        except jwt.InvalidAudienceError:
            raise Refusal("audience") from None
        except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError):
            raise Refusal("signature") from None
        except jwt.InvalidTokenError:
            raise Refusal("malformed") from None
        bearer = _bearer(site, claims, row.anonymous)
        life = bearer.expires - claims["iat"]
        if life > TOKEN_SECONDS or bearer.expires > self._now() + TOKEN_SECONDS + LEEWAY_SECONDS:
            raise Refusal("too-long")
        if self._is_denied(_denial(token, claims)):
            raise Refusal("logged-out")
        return bearer

    def anonymous_token(self, site: str) -> str:
        """A token of our own for a visitor whom the portal does not name. Raises `Refusal` where it must."""
        import jwt

        row = self._usable(site)
        if not row.anonymous:
            raise Refusal("no-token")
        now = int(self._now())
        claims = {"sub": "", "aud": site, "iat": now, "exp": now + TOKEN_SECONDS, "jti": secrets.token_urlsafe(12)}
        return jwt.encode(claims, row.secret, algorithm="HS256")

    def deny(self, token: str, bearer: Bearer) -> None:
        """Refuses a verified token from now on: its bearer has logged out.

        An anonymous visitor's says nothing of anybody, and anybody can have one: those are not kept.
        """
        if not bearer.subject:
            return
        import jwt

        key = _denial(token, jwt.decode(token, options={"verify_signature": False}))
        with self._transaction() as connection:
            connection.execute(delete(denied).where(denied.c.until < self._now()))
            values = {"token": key, "until": bearer.expires + LEEWAY_SECONDS}
            connection.execute(insert_or(denied).values(values).on_conflict_do_nothing())

    def _usable(self, name: str) -> Row[Any]:
        row = self._row(name)
        if row is None:
            raise Refusal("unknown-site")
        if row.revoked is not None:
            raise Refusal("revoked")
        return row

    def _is_denied(self, key: str) -> bool:
        with self._transaction() as connection:
            return connection.scalar(select(denied.c.token).where(denied.c.token == key)) is not None

    # How much is asked

    def count(self, bearer: Bearer, address: str) -> None:
        """Counts one question. Raises `Refusal("limit")` where it is one too many, and then counts nothing.

        Minutes and days are those of the clock (UTC). Anonymous visitors are counted by their `address`.
        """
        site = self.find(bearer.site)
        if site is None:
            raise Refusal("unknown-site")
        subject = f"subject:{bearer.subject}" if bearer.subject else f"address:{network_of(address)}"
        limits = (
            (f"{site.name}\0{subject}", MINUTE_SECONDS, site.per_minute),
            (f"{site.name}\0{subject}", DAY_SECONDS, site.per_day),
            (site.name, MINUTE_SECONDS, site.site_per_minute),
            (site.name, DAY_SECONDS, site.site_per_day),
        )
        now = int(self._now())
        with self._transaction() as connection:
            connection.execute(delete(asked).where(asked.c.began + asked.c.window <= now))
            waits = []
            for who, window, most in limits:
                began = now - now % window
                if most and _one_more(connection, _hash(who), window, began) > most:
                    waits.append(began + window - now)
            if waits:
                connection.rollback()
                raise Refusal("limit", max(waits))


def _one_more(connection: Connection, who: str, window: int, began: int) -> int:
    first = insert_or(asked).values(who=who, window=window, began=began, count=1)
    more = first.on_conflict_do_update(index_elements=["who", "window", "began"], set_={"count": asked.c.count + 1})
    return int(connection.execute(more.returning(asked.c.count)).scalar_one())


def _bearer(site: str, claims: Mapping[str, Any], anonymous: bool) -> Bearer:
    """The claims as a record. Raises `Refusal` where they are not what a portal signs."""
    subject, groups = claims["sub"], claims.get("groups") or []
    known = isinstance(subject, str) and len(subject) <= MOST_SUBJECT_CHARS and (subject.strip() or anonymous)
    listed = isinstance(groups, list) and len(groups) <= MOST_GROUPS and all(isinstance(one, str) for one in groups)
    times = all(isinstance(claims[name], int | float) for name in ("iat", "exp"))
    if not (known and listed and times):
        raise Refusal("malformed")
    return Bearer(site, subject.strip(), tuple(groups), float(claims["exp"]))


def _denial(token: str, claims: Mapping[str, Any]) -> str:
    """What a token is known by when it is denied: its id, else what was signed.

    Not the signature: its last letter has bits that say nothing, so that not every library insists on them.
    """
    id = claims.get("jti")
    return _hash(json.dumps([claims["aud"], id]) if id else token.rpartition(".")[0])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _missing(name: str) -> SiteError:
    return SiteError(f"There is no site {name!r}. See them all with: tanya sites list")


def _site(row: Row[Any]) -> Site:
    facts = {name: getattr(row, name) for name in Site.__dataclass_fields__}
    return Site(**facts | {"origins": tuple(row.origins)})
