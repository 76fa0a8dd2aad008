"""A page that stands alone: style and script inside it, nothing fetched from anywhere. Pure functions.

Everything that comes from a question or an article is data: `Markup.format` and `Markup.join` escape it, and the
page's own policy lets no script run but the one below it.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from markupsafe import Markup

from assistant.evaluate.result import Outcome

STATIC = Path(__file__).parent / "static"


def page(title: str, body: Markup) -> str:
    """The whole page with this body."""
    style, script = _file("report.css"), _file("report.js")
    return Markup(
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="{}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title>'
        "<style>{}</style></head><body>{}<script>{}</script></body></html>\n"
    ).format(policy(), title, Markup(style), body, Markup(script))  # noqa: S704 - our own files


def badge(outcome: Outcome) -> Markup:
    """How a question ended, as a word in its colour."""
    kind = "good" if outcome.good else "bad"
    return Markup('<span class="badge {}" title="{}">{}</span>').format(kind, outcome.meaning, outcome.value)


def section(title: str, content: Markup, note: str = "", id: str = "") -> Markup:
    """A part of the page under its heading."""
    said = Markup('<p class="note">{}</p>').format(note) if note else Markup()
    return Markup('<section id="{}"><h2>{}</h2>{}{}</section>').format(id, title, said, content)


def table(heads: list[str], rows: list[list[object]]) -> Markup:
    """A table whose first column is words and whose others are figures; what is not Markup is escaped."""
    head = Markup().join(Markup('<th scope="col">{}</th>').format(one) for one in heads)
    body = Markup().join(
        Markup("<tr>{}{}</tr>").format(
            Markup('<th scope="row">{}</th>').format(row[0]),
            Markup().join(Markup("<td>{}</td>").format(cell) for cell in row[1:]),
        )
        for row in rows
    )
    return Markup('<div class="wide"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>').format(
        head, body
    )


def policy() -> str:
    """The security policy of such a page: no host, no script but its own."""
    digest = base64.b64encode(hashlib.sha256(_file("report.js").encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


@cache
def _file(name: str) -> str:
    return (STATIC / name).read_text("utf-8")
