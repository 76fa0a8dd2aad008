"""What can be asked about, as a page of HTML. Pure functions; titles and sources are data.

Every plot is a list of links with its numbers in words beside it, so it says the same without a picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from markupsafe import Markup

from assistant.records import Article, Facets, Filters
from assistant.web.article import frame
from assistant.web.corpus.phrases import WORDS, Words
from assistant.web.corpus.upload import Became
from assistant.web.filter_panel import panel
from assistant.web.phrases import Phrases
from assistant.web.render import byline

PAGE = 50
MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Room:
    """Where these pages stand: the path the application lives at, their words, and whether the visitor may change
    anything here.
    """

    root: str
    phrases: Phrases
    may_curate: bool = False

    @property
    def words(self) -> Words:
        return WORDS[self.phrases.lang]


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list of articles: what was asked for, what there is of it."""

    filters: Filters
    words: str
    page: int
    articles: Sequence[Article]
    count: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be uploaded at once."""

    files: int
    megabytes: int
    formats: Sequence[str]


def overview(
    room: Room, facets: Facets, passages: int, listing: Listing, limits: Limits, health: Sequence[tuple[str, str]]
) -> Markup:
    """The whole page."""
    words, phrases = room.words, room.phrases
    main = Markup("<h1>{}</h1><p>{}</p>{}{}{}{}{}").format(
        words.articles,
        words.in_all.format(
            articles=phrases.articles(facets.articles),
            passages=words.passages.format(count=phrases.number(passages)),
        ),
        panel(listing.filters, facets, phrases, open_=True),
        _shares(room, listing.filters, facets),
        _list(room, listing),
        _upload(room, limits),
        _health(room, health),
    )
    return page(room, words.articles, main)


def page(room: Room, title: str, main: Markup) -> Markup:
    """A page of this room around `main`."""
    return frame(title, main, room.phrases, room.root, _nav(room), "corpus")


def message(room: Room, title: str, hint: str = "") -> Markup:
    """A page that says one thing."""
    return page(room, title, Markup("<h1>{}</h1><p>{}</p>").format(title, hint))


def removal(room: Room, article: Article) -> Markup:
    """The question whether to remove it."""
    words = room.words
    main = Markup(
        '<h1>{}</h1><p class="named" dir="auto" lang="{}">{}</p>{}<p>{}</p>'
        '<form method="post" action="{}/corpus/remove"><input type="hidden" name="id" value="{}">'
        '<button type="submit" class="main">{}</button> <a href="{}/corpus">{}</a></form>'
    ).format(
        words.remove_question,
        article.lang,
        article.label,
        byline(article, room.phrases),
        words.remove_hint,
        room.root,
        article.id,
        words.remove,
        room.root,
        words.cancel,
    )
    return page(room, words.remove_question, main)


def progress(room: Room, count: int) -> tuple[Markup, Markup]:
    """The page of an upload before and after its lines, which come one by one."""
    words = room.words
    main = Markup('<h1>{}</h1><p>{}</p><ol class="became">\0</ol>').format(
        words.add, words.at_work.format(count=room.phrases.number(count))
    )
    before, _, after = page(room, words.add, main).partition("\0")
    return before, after


def line(room: Room, became: Became) -> Markup:
    """What became of one file or article."""
    told: Markup | str = became.told
    if became.article:
        told = Markup('<a href="{}/articles/{}">{}</a>').format(room.root, quote(became.article, safe=""), told)
    return Markup('<li class="{}"><b>{}</b> <span dir="auto">{}</span> <bdi>{}</bdi></li>').format(
        became.outcome, room.words.outcomes[became.outcome], told, became.file
    )


def done(room: Room, counts: Mapping[str, int], problem: str = "") -> Markup:
    """What ends an upload: how many of each, or what stopped it; and the way back."""
    words = room.words
    told = problem or words.done.format(**{name: room.phrases.number(counts[name]) for name in words.outcomes})
    return Markup('</ol><p class="{}" role="status">{}</p><p><a href="{}/corpus">{}</a></p><ol hidden>').format(
        "problem" if problem else "sum", told, room.root, words.back
    )


def _nav(room: Room) -> Markup:
    return Markup(' <a href="{}/corpus">{}</a>').format(room.root, room.words.articles)


def _shares(room: Room, filters: Filters, facets: Facets) -> Markup:
    words, phrases = room.words, room.phrases
    languages = {code: phrases.language(code) for code in facets.languages}
    return Markup('<div class="shares">{}{}</div>').format(
        _bars(words.by_language, "lang", facets.languages, languages, filters, room),
        _bars(words.by_source, "source", facets.sources, {name: name for name in facets.sources}, filters, room),
    )


def _bars(
    title: str, name: str, counts: Mapping[str, int], called: Mapping[str, str], filters: Filters, room: Room
) -> Markup:
    """A bar for each, longest first; each chooses, and chooses no more when it is chosen already."""
    ordered = sorted(counts, key=lambda key: (-counts[key], key))[:MOST_BARS]
    most = max(counts.values(), default=1)
    chosen = getattr(filters, name)
    rows = Markup().join(
        Markup(
            '<li><a href="?{}"{}>{}</a> <meter min="0" max="{}" value="{}" aria-hidden="true"></meter> {}</li>'
        ).format(
            _query(_chosen(filters, name, "" if key == chosen else key)),
            Markup(' aria-current="true"') if key and key == chosen else Markup(),
            called[key] or room.words.unknown,
            most,
            counts[key],
            room.phrases.number(counts[key]),
        )
        for key in ordered
    )
    return Markup("<section><h2>{}</h2><ul>{}</ul></section>").format(title, rows)


def _chosen(filters: Filters, name: str, key: str) -> Filters:
    return replace(filters, source=key) if name == "source" else replace(filters, lang=key)


def _list(room: Room, listing: Listing) -> Markup:
    words = room.words
    kept = Markup().join(
        Markup('<input type="hidden" name="{}" value="{}">').format(*pair) for pair in listing.filters.as_dict().items()
    )
    rows = Markup().join(_row(room, article) for article in listing.articles)
    return Markup(
        '<form class="find" role="search">{}<label>{} <input type="search" name="words" value="{}"></label> '
        '<button type="submit">{}</button></form>{}{}'
    ).format(
        kept,
        words.search,
        listing.words,
        words.show,
        Markup('<ul class="list">{}</ul>').format(rows) if rows else Markup("<p>{}</p>").format(words.none_found),
        _pages(room, listing),
    )


def _row(room: Room, article: Article) -> Markup:
    id = quote(article.id, safe="")
    remove = Markup(' <a class="remove" href="{}/corpus/remove?{}" aria-label="{}: {}">{}</a>').format(
        room.root, urlencode({"id": article.id}), room.words.remove, article.label, room.words.remove
    )
    return Markup('<li><a href="{}/articles/{}" dir="auto" lang="{}">{}</a>{}{}</li>').format(
        room.root, id, article.lang, article.label, byline(article, room.phrases), remove if room.may_curate else ""
    )


def _pages(room: Room, listing: Listing) -> Markup:
    if listing.pages == 1:
        return Markup()
    words, number = room.words, room.phrases.number
    here = words.page.format(number=number(listing.page), count=number(listing.pages))
    return Markup('<nav class="pages" aria-label="{}">{}<span>{}</span>{}</nav>').format(
        here,
        _way(listing, listing.page - 1, words.before, "prev"),
        here,
        _way(listing, listing.page + 1, words.after, "next"),
    )


def _way(listing: Listing, page: int, called: str, rel: str) -> Markup:
    if not 1 <= page <= listing.pages:
        return Markup()
    return Markup('<a href="?{}" rel="{}">{}</a>').format(_query(listing.filters, listing.words, page), rel, called)


def _query(filters: Filters, words: str = "", page: int = 1) -> str:
    more = {"words": words} if words else {}
    return urlencode(filters.as_dict() | more | ({"page": str(page)} if page > 1 else {}))


def _upload(room: Room, limits: Limits) -> Markup:
    words = room.words
    if not room.may_curate:
        return Markup('<section class="add"><h2>{}</h2><p>{}</p></section>').format(words.add, words.not_allowed)
    hint = words.add_hint.format(
        count=limits.files, formats=", ".join(limits.formats), megabytes=room.phrases.number(limits.megabytes)
    )
    return Markup(
        '<section class="add"><h2>{}</h2><p>{}</p><form method="post" action="{}/corpus" enctype="multipart/form-data">'
        '<label>{} <input type="file" name="files" multiple required accept="{}"></label> '
        '<button type="submit" class="main">{}</button></form></section>'
    ).format(words.add, hint, room.root, words.files, ",".join(limits.formats), words.upload)


def _health(room: Room, facts: Iterable[tuple[str, str]]) -> Markup:
    words = room.words
    rows = Markup().join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, told) for name, told in facts)
    return Markup(
        '<section class="health"><h2>{}</h2><dl>{}</dl><p><a href="{}/corpus?check=1#health" id="health">{}</a></p>'
        "</section>"
    ).format(words.health, rows, room.root, words.check)
