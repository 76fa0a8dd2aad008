"""Who may do what: the role of whoever asks, held against what a route is for."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request

from assistant.web.api.problem import ProblemError
from assistant.web.asker import Asker, Role, asker_of

# Tells a program how to say who it is; it is for whoever checks keys to read them.
CHALLENGE = {"www-authenticate": "Bearer"}


def require(role: Role) -> Callable[[Request], Asker]:
    """A dependency: whoever sends the request, where they may do what the role is for.

    Ends the request with 401 where nobody knows who asks, and 403 where that is known but not enough.
    """

    def asker(request: Request) -> Asker:
        return permitted(asker_of(request), role)

    return asker


def known(request: Request) -> Asker:
    """A dependency: whoever sends the request, where conversations can be kept for them; else 401."""
    asker = permitted(asker_of(request), "ask")
    if not asker.owner:
        raise ProblemError("unknown-asker", "Conversations are kept for whoever is known here. " + _WAY_OUT, CHALLENGE)
    return asker


def permitted(asker: Asker, role: Role) -> Asker:
    """The asker, where they may do what the role is for.

    >>> permitted(Asker(role="admin"), "curate").role
    'admin'
    """
    if asker.may(role):
        return asker
    if not (asker.owner or asker.name):
        raise ProblemError("unknown-asker", f"This needs the role {role}. {_WAY_OUT}", CHALLENGE)
    raise ProblemError("not-allowed", f"This needs the role {role}; yours is {asker.role}.")


_WAY_OUT = "Send a key, a token, or the cookie of the chat page."
