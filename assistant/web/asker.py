"""Who is asking: one record, put into the request by whatever found it out, and read by everything else.

That is the visitor's cookie (`visitor.py`), a session, a key or a proxy (`identity.py`), or a portal's token
(`portal.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.people import ROLES, Role

if TYPE_CHECKING:
    from starlette.types import Scope

__all__ = ["ROLES", "Asker", "Role", "asker_of", "introduce", "is_known"]


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks. `owner` is the name under which conversations are kept; empty: none are.

    `site` is the portal whose widget they use, `groups` are what that portal or an identity provider says of them.
    """

    owner: str = ""
    role: Role = "ask"
    name: str = ""
    site: str = ""
    groups: tuple[str, ...] = ()

    def may(self, role: Role) -> bool:
        """Whether this asker may do what the role is for.

        >>> Asker(role="curate").may("ask"), Asker(role="curate").may("admin")
        (True, False)
        """
        return ROLES.index(self.role) >= ROLES.index(role)


def is_known(scope: Scope) -> bool:
    """Whether somebody has been introduced already; the first who recognises an asker has the word."""
    return isinstance(scope.get("state", {}).get("asker"), Asker)


def introduce(scope: Scope, asker: Asker) -> None:
    """Says who is asking, for the rest of this request."""
    scope.setdefault("state", {})["asker"] = asker


def asker_of(request: Any) -> Asker:
    """Who sends this request (Starlette's or Gradio's); nobody in particular where nothing said so."""
    asker = getattr(request.state, "asker", None)
    return asker if isinstance(asker, Asker) else Asker()
