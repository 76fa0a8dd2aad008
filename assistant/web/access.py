"""Who may come in, and by which way: passwords, an OpenID Connect provider, a proxy, or nobody asks.

Nobody asks on this machine alone. Anywhere else the page does not start without a way of knowing who comes.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.audit import Audit
from assistant.config import Settings
from assistant.errors import ConfigError, ServeError
from assistant.network import unmapped
from assistant.people import People, Role, role_by_group

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
HOUR_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Access:
    """The ways in, as the settings name them. Without any, whoever comes is the one who started the program."""

    settings: Settings
    people: People
    passwords: bool
    audit: Audit | None = None

    @property
    def asks_who(self) -> bool:
        """Whether anybody has to say who they are."""
        return self.has_form or bool(self.settings.proxy_header)

    @property
    def has_form(self) -> bool:
        """Whether one signs in on a page of ours."""
        return self.passwords or bool(self.settings.oidc_issuer)

    @property
    def host_names(self) -> tuple[str, ...]:
        """The names by which browsers may call the page, beside numbers: of the settings and of this machine."""
        host = self.settings.host
        own = () if is_loopback(host) else (host, socket.gethostname())
        return tuple(name.casefold() for name in ("localhost", *own, *self.settings.hosts))

    @property
    def session_seconds(self) -> float:
        return self.settings.session_hours * HOUR_SECONDS

    @property
    def issuer(self) -> str:
        """The provider as its tokens name it, but for a last slash; empty without one."""
        return self.settings.oidc_issuer.rstrip("/")

    @property
    def provider(self) -> str:
        """What to call the provider on the page; empty without one."""
        return urlsplit(self.settings.oidc_issuer).hostname or ""

    @property
    def proxies(self) -> tuple[Network, ...]:
        """The addresses whose headers are believed. Raises `ConfigError` for what is none."""
        return tuple(map(_network, self.settings.proxy_addresses))

    def role(self, groups: Sequence[str]) -> Role | None:
        """What somebody of these groups may do; None: not even ask."""
        settings = self.settings
        return role_by_group(groups, settings.admin_groups, settings.curate_groups, settings.ask_groups)


def access_of(settings: Settings, people: People, audit: Audit | None = None) -> Access:
    """The ways that the settings name; `audit` is where it is written down. Raises `ConfigError` for half a way."""
    access = Access(settings, people, passwords=bool(people.all()), audit=audit)
    if settings.proxy_header and not access.proxies:
        raise ConfigError(
            "TANYA_PROXY_HEADER is believed from named addresses only: set TANYA_PROXY_ADDRESSES to the proxy's."
        )
    if settings.oidc_issuer:
        if not settings.oidc_client_id:
            raise ConfigError(
                "TANYA_OIDC_ISSUER needs TANYA_OIDC_CLIENT_ID: the name by which the provider knows Tanya."
            )
        parts = urlsplit(settings.oidc_issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ConfigError("TANYA_OIDC_ISSUER must begin with https://: what comes from there is believed.")
    return access


def check_reach(access: Access) -> None:
    """Raises `ServeError` where others would reach a page that asks nobody who they are."""
    host = access.settings.host
    if access.asks_who or is_loopback(host):
        return
    raise ServeError(
        f"On {host} others can reach the page, and nobody would be asked who they are. Choose a way of signing in:\n"
        "  people with passwords:  tanya people add NAME --role admin\n"
        "  OpenID Connect:         TANYA_OIDC_ISSUER, TANYA_OIDC_CLIENT_ID, TANYA_OIDC_CLIENT_SECRET\n"
        "  a proxy that knows:     TANYA_PROXY_HEADER and TANYA_PROXY_ADDRESSES\n"
        "docs/operating.md says how. On this machine alone, --host 127.0.0.1 needs none."
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine is reached under this name.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def is_among(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address is in one of the networks; an IPv4 address inside IPv6 counts as what it is.

    >>> is_among("::ffff:10.0.0.7", [ipaddress.ip_network("10.0.0.0/8")])
    True
    """
    try:
        known = ipaddress.ip_address(unmapped(address))
    except ValueError:
        return False
    return any(known in network for network in networks)


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ConfigError(
            f"TANYA_PROXY_ADDRESSES: {text!r} is no address or network, such as 10.0.0.5 or 10.0.0.0/24."
        ) from None
