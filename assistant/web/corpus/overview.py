"""What is indexed: counts, plots whose bars choose, the list, and the forms of curators. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from markupsafe import Markup

from assistant.read.encoding import MAX_FILE_BYTES
from assistant.read.formats import FORMATS
from assistant.records import Article, Facets, Filters
from assistant.store.catalogue import Entry
from assistant.web.corpus.intake import Intake
from assistant.web.corpus.site import Site, page
from assistant.web.corpus.uploads import MOST_BYTES, MOST_FILES
from assistant.web.filter_panel import fields, in_words, timeline
from assistant.web.render import byline

PAGE_ARTICLES = 50
MOST_BARS = 12
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class View:
    """What one look at the collection shows: all of it in figures, and a page of the articles chosen."""

    facets: Facets
    passages: int
    filters: Filters
    words: str
    entries: Sequence[Entry]
    found: int
    page: int


def overview_page(site: Site, view: View, at_work: Intake | None) -> Markup:
    """The page of the whole collection."""
    main = Markup('<header><h1>{}</h1><p class="intro">{}</p></header>{}{}{}{}').format(
        site.words.corpus,
        _holds(site, view),
        _plots(site, view) if view.facets.articles else "",
        _list(site, view) if view.facets.articles else "",
        _add(site, at_work) if site.curator else "",
        _health(site) if site.curator else "",
    )
    return page(site, site.words.corpus, main)


def _holds(site: Site, view: View) -> str:
    phrases, facets = site.phrases, view.facets
    if not facets.articles:
        return site.words.empty
    undated = facets.articles - sum(facets.months.values())
    told = []
    if facets.months:
        first, last = (
            phrases.month(dt.date.fromisoformat(f"{month}-01")) for month in (min(facets.months), max(facets.months))
        )
        told.append(
            site.words.holds.format(
                articles=phrases.articles(facets.articles),
                passages=phrases.number(view.passages),
                first=first,
                last=last,
            )
        )
    if undated:
        told.append(site.words.undated.format(articles=phrases.articles(undated)))
    return " ".join(told)


# Plots: the whole collection, what is chosen standing out


def _plots(site: Site, view: View) -> Markup:
    words, filters, facets = site.words, view.filters, view.facets
    sources = _most(site, facets.sources)
    return Markup('<section class="plots">{}{}{}</section>').format(
        _months(site, view),
        _bars(site, words.by_source, words.source, sources, filters.source, lambda key: replace(filters, source=key)),
        _bars(
            site,
            words.by_language,
            words.language,
            _languages(site, facets.languages),
            filters.lang,
            lambda key: replace(filters, lang=key),
        ),
    )


def _months(site: Site, view: View) -> Markup:
    """The timeline, and the same as a table."""
    if not view.facets.months:
        return Markup()
    kept = {**({"words": view.words} if view.words else {}), **site.kept}
    rows = Markup().join(
        Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(
            site.phrases.month(dt.date.fromisoformat(f"{month}-01")), site.phrases.number(count)
        )
        for month, count in view.facets.months.items()
    )
    return Markup(
        '<div class="months">{}<details><summary>{}</summary><div class="wide"><table><thead><tr>'
        '<th scope="col">{}</th><th scope="col">{}</th></tr></thead><tbody>{}</tbody></table></div></details></div>'
    ).format(
        timeline(view.filters, view.facets.months, site.phrases, kept),
        site.words.as_table,
        site.words.month,
        site.words.count,
        rows,
    )


def _most(site: Site, sources: Mapping[str, int]) -> list[tuple[str | None, str, int]]:
    """The largest sources, key, name and count, and the others together; without a key there is nothing to choose."""
    ordered = sorted(sources.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = [(key or None, key or site.words.no_source, count) for key, count in ordered[:MOST_BARS]]
    rest = ordered[MOST_BARS:]
    if rest:
        others = site.words.other_sources.format(count=site.phrases.number(len(rest)))
        rows.append((None, others, sum(count for _, count in rest)))
    return rows


def _languages(site: Site, languages: Mapping[str, int]) -> list[tuple[str | None, str, int]]:
    ordered = sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        (key or None, site.phrases.language(key) if key else site.words.no_language, count) for key, count in ordered
    ]


def _bars(
    site: Site,
    title: str,
    head: str,
    rows: Sequence[tuple[str | None, str, int]],
    chosen: str,
    choosing: Callable[[str], Filters],
) -> Markup:
    """A table with a bar in each row: a plot that a screen reader reads as the table it is."""
    most = max(count for _, _, count in rows)
    drawn = Markup().join(
        Markup(
            '<tr{}><th scope="row" dir="auto">{}</th><td class="amount">{}</td><td class="drawn" aria-hidden="true">'
            '<svg viewBox="0 0 100 10" preserveAspectRatio="none"><rect class="bar" width="{:.2f}" height="10"/></svg>'
            "</td></tr>"
        ).format(
            Markup(' class="outside"') if chosen and key != chosen else "",
            name
            if key is None
            else Markup('<a href="{}"{}>{}</a>').format(
                site.address(**choosing("" if key == chosen else key).as_dict()) + "#articles",
                Markup(' aria-current="true"') if key == chosen else "",
                name,
            ),
            site.phrases.number(count),
            100 * count / most,
        )
        for key, name, count in rows
    )
    return Markup(
        '<table class="bars"><caption>{}</caption><thead class="aside"><tr><th scope="col">{}</th>'
        '<th scope="col">{}</th><td></td></tr></thead><tbody>{}</tbody></table>'
    ).format(title, head, site.words.count, drawn)


# The list


def _list(site: Site, view: View) -> Markup:
    words = site.words
    chosen = " · ".join(part for part in (in_words(view.filters, site.phrases), view.words) if part)
    items = Markup().join(_item(site, entry) for entry in view.entries)
    listed = (
        Markup('<ul class="listed">{}</ul>').format(items) if view.entries else Markup("<p>{}</p>").format(words.none)
    )
    if site.curator and view.entries:
        listed = Markup(
            '<form action="{}">{}{}<p class="removal"><button class="quiet">{}</button> <span>{}</span></p></form>'
        ).format(site.address("remove").partition("?")[0], _kept(site), listed, words.remove, words.remove_hint)
    return Markup(
        '<section id="articles"><h2>{}</h2><form class="filters" action="{}#articles">'
        '<label class="search">{} <input type="search" name="words" value="{}" placeholder="{}" dir="auto"></label>{}{}'
        '<button>{}</button></form>{}<p class="note">{}</p>{}{}</section>'
    ).format(
        words.articles,
        site.address().partition("?")[0],
        words.search,
        view.words,
        words.search_hint,
        fields(view.filters, view.facets, site.phrases),
        _kept(site),
        words.show,
        Markup('<p class="chosen">{} <a href="{}#articles">{}</a></p>').format(chosen, site.address(), words.everything)
        if chosen
        else "",
        _shown(site, view),
        listed,
        _turning(site, view),
    )


def _kept(site: Site) -> Markup:
    return Markup('<input type="hidden" name="language" value="{}">').format(site.lang) if site.chosen else Markup()


def _item(site: Site, entry: Entry) -> Markup:
    title = entry.title or entry.id
    known = Article(entry.id, "", entry.title, entry.date, entry.lang, entry.source)
    tick = Markup('<input type="checkbox" name="id" value="{}" aria-label="{}">').format(
        entry.id, site.words.tick.format(title=title)
    )
    return Markup('<li>{}<div><a href="{}" lang="{}" dir="auto">{}</a>{}</div></li>').format(
        tick if site.curator else "", site.article(entry.id), entry.lang, title, byline(known, site.phrases)
    )


def _shown(site: Site, view: View) -> str:
    if not view.entries:
        return ""
    number, first = site.phrases.number, (view.page - 1) * PAGE_ARTICLES
    return site.words.shown.format(
        first=number(first + 1), last=number(first + len(view.entries)), count=number(view.found)
    )


def _turning(site: Site, view: View) -> Markup:
    """The ways to the pages before and after."""
    pages = ceil(view.found / PAGE_ARTICLES)
    query = {**view.filters.as_dict(), "words": view.words}
    links = [
        Markup('<a rel="{}" href="{}#articles">{}</a>').format(rel, site.address(**query, page=str(number)), name)
        for rel, number, name in (
            ("prev", min(view.page - 1, pages), site.words.earlier),
            ("next", view.page + 1, site.words.later),
        )
        if 1 <= number <= pages
    ]
    return Markup('<p class="turning">{}</p>').format(Markup(" ").join(links)) if links else Markup()


# For curators


def _add(site: Site, at_work: Intake | None) -> Markup:
    words, number = site.words, site.phrases.number
    if at_work:
        form = Markup('<p>{} <a class="onward" href="{}">{}</a></p>').format(
            words.at_work, site.address("intake", at_work.id), words.follow
        )
    else:
        form = Markup(
            '<form class="adding" method="post" action="{}" enctype="multipart/form-data"><label>{}'
            ' <input type="file" name="files" multiple required accept="{}"></label><button>{}</button></form>'
        ).format(site.address("articles"), words.files, ",".join([*FORMATS, ".gz"]), words.send)
    hint = words.add_hint.format(
        types=", ".join(FORMATS),
        files=number(MOST_FILES),
        size=f"{MOST_BYTES // MB} MB",
        each=f"{MAX_FILE_BYTES // MB} MB",
    )
    return Markup('<section id="add"><h2>{}</h2><p class="note">{}</p>{}</section>').format(words.add, hint, form)


def _health(site: Site) -> Markup:
    return Markup('<p class="elsewhere"><a class="onward" href="{}">{}</a></p>').format(
        site.address("health"), site.words.health
    )
