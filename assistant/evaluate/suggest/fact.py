"""A question that a sentence answers, as the templates of both languages make it, and what they share."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A comma that does not part the districts of a place ("in Kazan, Russia") or the digits of a number.
COMMA = re.compile(r",(?! [A-Z]| \d{4}\b| \d{1,2} [A-Z])(?=\s)|[;:()–—]|, (?:[A-Z]\w+ )?(?=(?:said|says|kata|ujar)\b)")


@dataclass(frozen=True, slots=True)
class Fact:
    """The kind of question, its words, and its right answers in the sentence's words, best first."""

    kind: str
    question: str
    answers: tuple[str, ...]


def up_to_comma(text: str) -> str:
    """The text up to the first comma that begins something new.

    >>> up_to_comma("in Kazan, Russia, with others"), up_to_comma("1,922 people, most of them poor")
    ('in Kazan, Russia', '1,922 people')
    """
    return COMMA.split(f"{text} ", maxsplit=1)[0].rstrip(" ,")
