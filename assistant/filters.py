"""Words and dates, as a command line or an address has them -> `Filters`. Knows nothing of either."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping

from assistant.errors import FilterError
from assistant.records import Filters

DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


def filters_of(given: Mapping[str, str]) -> Filters:
    """The filters named `since`, `until`, `source` and `lang`. Raises `FilterError` that names the one that is wrong.

    >>> filters_of({"since": "2022", "until": "2022-02", "lang": "ID"})
    Filters(since=datetime.date(2022, 1, 1), until=datetime.date(2022, 2, 28), source='', lang='id')
    """
    since, until = (given.get(name, "").strip() for name in ("since", "until"))
    return Filters(
        _day("since", since, last=False) if since else None,
        _day("until", until, last=True) if until else None,
        given.get("source", "").strip(),
        given.get("lang", "").strip().lower(),
    )


def _day(name: str, text: str, last: bool) -> dt.date:
    """A day; of a month or a year its first or its last one."""
    match = DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        month = month or (12 if last else 1)
        return dt.date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except ValueError:
        raise FilterError(f"{name} is {text!r}, which is no date. Write 2022-07-13, 2022-07 or 2022.") from None
