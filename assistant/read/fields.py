"""Facts that a file states -> an `Article`: what each known field may be, and all else kept as JSON in `extra`.

A field that could mean two things is an error, not a guess. This file does not know which format the facts came
from, nor where they stood.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from assistant.read.encoding import tidy
from assistant.records import Article

KNOWN_FIELDS = ("id", "title", "date", "lang", "source", "url", "author")
LANG_NAMES = {"english": "en", "eng": "en", "indonesian": "id", "bahasa indonesia": "id", "ind": "id", "in": "id"}


class FieldError(ValueError):
    """A field that cannot be used, or facts that cannot be used at all."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


def article_from(facts: Mapping[str, Any], text: str, path_id: str) -> Article:
    known = {name: one_line(name, facts.get(name)) for name in KNOWN_FIELDS}
    return Article(
        id=known["id"] or known["url"] or tidy(path_id),
        text=text,
        title=known["title"],
        date=_date(known["date"]),
        lang=_lang(known["lang"]),
        source=known["source"],
        url=known["url"],
        author=known["author"],
        extra={tidy(str(name)): _json_value(value) for name, value in facts.items() if name not in KNOWN_FIELDS},
    )


def one_line(field: str, value: object) -> str:
    if value is None:
        return ""
    if field == "author" and isinstance(value, list) and all(isinstance(name, str) for name in value):
        value = ", ".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise FieldError(f"`{field}` must be words, not {json.dumps(_json_value(value))[:60]}", field)
    return " ".join(tidy(str(value)).split())


def _date(written: str) -> dt.date | None:
    """The day as written, whatever its time zone: the day in the newspaper, not the day in Greenwich.

    >>> _date("2022-07-13T23:30:00+07:00")
    datetime.date(2022, 7, 13)
    """
    if not written:
        return None
    try:  # YAML allows a space before the time zone, Python does not
        return dt.datetime.fromisoformat(re.sub(r" (?=[+-]\d\d:?\d\d$|Z$)", "", written)).date()
    except ValueError:
        good = "2024-01-31, 2024-01-31 18:30 and 2024-01-31T18:30:00+07:00"
        raise FieldError(f"date {written[:60]!r} cannot be read; good are {good}", "date") from None


def _lang(written: str) -> str:
    """The language without its region.

    >>> _lang("id-ID"), _lang("EN_us"), _lang("Bahasa Indonesia")
    ('id', 'en', 'id')
    """
    name = written.lower()
    code = re.split("[-_]", name)[0]
    code = LANG_NAMES.get(name) or LANG_NAMES.get(code) or code
    if code and not re.fullmatch("[a-z]{2,3}", code):
        raise FieldError(f"lang {written[:60]!r} is not a language code; write en or id", "lang")
    return code


def _json_value(value: object) -> Any:
    """The value as JSON can keep it: a date as its ISO form, a number that is none as null."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {tidy(str(name)): _json_value(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_json_value(item) for item in value]
    return tidy(str(value))
