"""The filters above the box: which articles may answer, and when they were written, as HTML. Pure functions.

Each bar of the timeline is a link to the page with that month or year chosen; `filters.js` takes the address and asks
for the panel again. The address carries the filters, so a link to a filtered page is a filtered page.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from markupsafe import Markup

from assistant.errors import FilterError
from assistant.filters import filters_of
from assistant.records import ALL, Facets, Filters
from assistant.web.phrases import Phrases

MOST_SOURCES = 200
# The drawing's own units; the page scales it.
WIDTH, HEIGHT = 720, 64
LEAST_BAR = 2.0


def filters_in(address: Mapping[str, str]) -> Filters:
    """The filters of a page's address; one that makes no sense filters nothing."""
    try:
        return filters_of(address)
    except FilterError:
        return ALL


def panel(filters: Filters, facets: Facets, phrases: Phrases, open_: bool = False) -> Markup:
    """The folded line that says what is searched, and under it the timeline and the fields."""
    return Markup(
        '<details class="filters" lang="{}"{}><summary><span>{}</span>{}</summary>{}'
        '<form>{}<button type="submit">{}</button>{}</form></details>'
    ).format(
        phrases.lang,
        Markup(" open") if open_ else Markup(),
        in_words(filters, phrases) or phrases.all_articles,
        Markup(' <span class="count">{}</span>').format(phrases.articles(facets.articles)) if filters else Markup(),
        timeline(filters, facets.months, phrases),
        fields(filters, facets, phrases),
        phrases.apply_filters,
        _clear(phrases) if filters else Markup(),
    )


def in_words(filters: Filters, phrases: Phrases) -> str:
    """What the filters let through, in words; empty where they let through everything."""
    days = _days(filters, phrases)
    language = phrases.language(filters.lang) if filters.lang else ""
    return " · ".join(part for part in (days, language, filters.source) if part)


def _days(filters: Filters, phrases: Phrases) -> str:
    """The span of dates, as a year or a month where it is one.

    >>> from assistant.web.phrases import EN
    >>> [_days(Filters(dt.date(2022, 7, 1), dt.date(2022, m, d)), EN) for m, d in ((7, 31), (8, 1))]
    ['July 2022', '1 July 2022 – 1 August 2022']
    """
    since, until = filters.since, filters.until
    if since and until and since.day == 1 and until == _last_day(until.year, until.month) and since.year == until.year:
        if since.month == until.month:
            return phrases.month(since)
        if (since.month, until.month) == (1, 12):
            return str(since.year)
    if since and until:
        return f"{phrases.date(since)} – {phrases.date(until)}" if since != until else phrases.date(since)
    if since:
        return phrases.from_day.format(date=phrases.date(since))
    return phrases.up_to_day.format(date=phrases.date(until)) if until else ""


def fields(filters: Filters, facets: Facets, phrases: Phrases) -> Markup:
    """The fields to choose dates, a language and a source with."""
    languages = {code: phrases.language(code) for code in facets.languages if code}
    return Markup().join(
        [
            _date("since", filters.since, phrases.since),
            _date("until", filters.until, phrases.until),
            _choice("lang", filters.lang, languages, phrases),
            _choice("source", filters.source, {name: name for name in _sources(facets)}, phrases),
        ]
    )


def timeline(
    filters: Filters, months: Mapping[str, int], phrases: Phrases, kept: Mapping[str, str] = MappingProxyType({})
) -> Markup:
    """A bar for each month, a label for each year; both choose. With dates chosen, the years that they touch.

    `kept` is what else of the address the links keep.
    """
    years = sorted({int(month[:4]) for month in months})
    if not years:
        return Markup()
    first, last = years[0], years[-1]
    if filters.since or filters.until:
        first = min(max(first, filters.since.year if filters.since else first), last)
        last = max(min(last, filters.until.year if filters.until else last), first)
    whole = first == years[0] and last == years[-1]
    every = (
        Markup()
        if whole
        else Markup('<a class="every" href="?{}">{}</a>').format(_address(filters, None, None, kept), phrases.all_years)
    )
    most = max(months.values())
    return Markup(
        '<figure class="timeline"><figcaption>{}{}</figcaption><svg viewBox="0 0 {} {}" role="group" aria-label="{}"'
        ' preserveAspectRatio="none">{}</svg><div class="years">{}</div></figure>'
    ).format(
        phrases.by_month,
        every,
        WIDTH,
        HEIGHT,
        phrases.by_month,
        Markup().join(_months(filters, first, last, months, most, phrases, kept)),
        Markup().join(_years(filters, first, last, kept)),
    )


def _months(
    filters: Filters,
    first: int,
    last: int,
    months: Mapping[str, int],
    most: int,
    phrases: Phrases,
    kept: Mapping[str, str],
) -> Iterator[Markup]:
    step = WIDTH / (12 * (last - first + 1))
    for place in range(12 * (last - first + 1)):
        year, month = first + place // 12, place % 12 + 1
        count = months.get(f"{year:04}-{month:02}", 0)
        if not count:
            continue
        begin, end = dt.date(year, month, 1), _last_day(year, month)
        outside = (filters.since and end < filters.since) or (filters.until and begin > filters.until)
        height = max(LEAST_BAR, (HEIGHT - 4) * count / most)
        yield Markup(
            '<a href="?{}" aria-label="{}"{}><title>{}</title><rect class="touch" x="{:.2f}" y="0" width="{:.2f}"'
            ' height="{}"/><rect class="bar" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"/></a>'
        ).format(
            _address(filters, begin, end, kept),
            f"{phrases.month(begin)}: {phrases.articles(count)}",
            Markup(' class="outside"') if outside else Markup(),
            f"{phrases.month(begin)}: {phrases.articles(count)}",
            place * step,
            step,
            HEIGHT,
            place * step + step * 0.12,
            HEIGHT - height,
            step * 0.76,
            height,
        )


def _years(filters: Filters, first: int, last: int, kept: Mapping[str, str]) -> Iterator[Markup]:
    for year in range(first, last + 1):
        address = _address(filters, dt.date(year, 1, 1), dt.date(year, 12, 31), kept)
        yield Markup('<a href="?{}">{}</a>').format(address, year)


def _address(filters: Filters, since: dt.date | None, until: dt.date | None, kept: Mapping[str, str]) -> str:
    return urlencode({**Filters(since, until, filters.source, filters.lang).as_dict(), **kept})


def _last_day(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _date(name: str, value: dt.date | None, label: str) -> Markup:
    shown = value.isoformat() if value else ""
    return Markup('<label>{} <input type="date" name="{}" value="{}"></label>').format(label, name, shown)


def _sources(facets: Facets) -> list[str]:
    """The sources with the most articles, in alphabetical order."""
    most = sorted((source for source in facets.sources if source), key=lambda source: -facets.sources[source])
    return sorted(most[:MOST_SOURCES])


def _choice(name: str, chosen: str, choices: Mapping[str, str], phrases: Phrases) -> Markup:
    """A list to choose one from; nothing where there is no choice."""
    choices = choices if chosen in choices or not chosen else {chosen: chosen, **choices}
    if len(choices) < 2 and not chosen:
        return Markup()
    options = Markup().join(
        Markup('<option value="{}"{}>{}</option>').format(key, Markup(" selected") if key == chosen else "", text)
        for key, text in {"": phrases.any_of[name], **choices}.items()
    )
    return Markup('<label>{} <select name="{}">{}</select></label>').format(phrases.filter_names[name], name, options)


def _clear(phrases: Phrases) -> Markup:
    return Markup('<a class="clear" href="?" data-clear>{}</a>').format(phrases.clear_filters)
