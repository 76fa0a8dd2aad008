"""The frame around each page about the collection, its addresses, and a civil message. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from markupsafe import Markup

from assistant.records import Lang
from assistant.web.article import frame
from assistant.web.corpus.phrases import WORDS, Words
from assistant.web.phrases import Phrases, phrases_for

LANGUAGES: Mapping[Lang, str] = {"en": "English", "id": "Indonesia"}


@dataclass(frozen=True, slots=True)
class Site:
    """Where a page stands: the path the application lives at, the language, and whether that was chosen by hand.

    `here` is the page's own path below `root`, `query` its query but for the language. The address says `language` for
    that of the page, because `lang` is that of the articles. `curator` tells whether who looks may change what is
    indexed.
    """

    root: str
    lang: Lang
    chosen: bool = False
    here: str = "/corpus"
    query: Mapping[str, str] = field(default_factory=dict)
    curator: bool = False

    @property
    def words(self) -> Words:
        return WORDS[self.lang]

    @property
    def phrases(self) -> Phrases:
        return phrases_for(self.lang)

    @property
    def kept(self) -> dict[str, str]:
        """What every address keeps: the language chosen by hand."""
        return {"language": self.lang} if self.chosen else {}

    def address(self, *parts: str, **query: str) -> str:
        """A page about the collection, in the language chosen.

        >>> Site("/ask", "id", chosen=True).address("intake", "a b", page="2")
        '/ask/corpus/intake/a%20b?page=2&language=id'
        """
        path = "/".join(["corpus", *(quote(part, safe="") for part in parts)])
        given = {name: value for name, value in {**query, **self.kept}.items() if value}
        return f"{self.root}/{path}" + (f"?{urlencode(given)}" if given else "")

    def article(self, id: str) -> str:
        """The page of an article."""
        return f"{self.root}/articles/{quote(id, safe='')}?lang={self.lang}"


def page(site: Site, title: str, main: Markup, again_seconds: int = 0) -> Markup:
    """A whole page in Tanya's frame; with `again_seconds` the browser asks for it again after so long."""
    other: Lang = "id" if site.lang == "en" else "en"
    nav = Markup(' <a href="{}">{}</a> <a class="language" href="{}" lang="{}" hreflang="{}">{}</a>').format(
        site.address(),
        site.words.corpus,
        f"{site.root}{site.here}?{urlencode({**site.query, 'language': other})}",
        other,
        other,
        LANGUAGES[other],
    )
    whole = frame(title, main, site.phrases, site.root, nav, "corpus")
    if not again_seconds:
        return whole
    again = Markup('<meta http-equiv="refresh" content="{}"></head>').format(again_seconds)
    return whole.replace(Markup("</head>"), again, 1)


def message(site: Site, title: str, hint: str = "", problem: str = "") -> Markup:
    """A page with one civil message; `problem` is what the program says of it."""
    told = Markup('<div class="problem" lang="en"><p dir="auto">{}</p></div>').format(problem) if problem else Markup()
    back = Markup('<p><a class="onward" href="{}">{}</a></p>').format(site.address(), site.words.back)
    return page(site, title, Markup("<h1>{}</h1><p>{}</p>{}{}").format(title, hint, told, back))
