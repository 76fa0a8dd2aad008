"""One article as a page of HTML, with the cited words marked. Pure functions; the article's text is data."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from assistant.records import Article
from assistant.web.address import article_address
from assistant.web.phrases import Phrases
from assistant.web.render import Mark, byline, original_link, paragraphs, web_host

CITED = "cited"
Words = tuple[int, int]  # offsets into the article's text


@dataclass(frozen=True, slots=True)
class Reading:
    """What to mark in an article: the words that a link leads to, and all that a conversation quotes of it.

    `conversation` is the one the reader comes from and may go back to; empty where there is none of theirs.
    """

    here: Words | None = None
    quoted: tuple[Words, ...] = ()
    conversation: str = ""

    @property
    def places(self) -> list[Words]:
        """All of them in the order of the text, each once."""
        return sorted({*self.quoted, *([self.here] if self.here else [])})


def article_page(article: Article, phrases: Phrases, reading: Reading = Reading(), root: str = "") -> Markup:
    """The whole article, its marks and a way from each to the next; `root` is the path the application lives at."""
    marks = [Mark(*words, CITED if words == reading.here else f"quote-{n}") for n, words in enumerate(reading.places)]
    main = Markup(
        '<article class="story" lang="{lang}"><header lang="{ui}"><h1 dir="auto" lang="{lang}">{title}</h1>'
        "{byline}{author}</header>{body}{original}</article>{places}"
    ).format(
        lang=article.lang,
        ui=phrases.lang,
        title=article.label,
        byline=byline(article, phrases),
        author=_author(article, phrases),
        body=paragraphs(article.text, marks),
        original=_origin(article, phrases),
        places=_places(article, phrases, reading, root),
    )
    return frame(article.label, main, phrases, root, conversation=reading.conversation)


def _places(article: Article, phrases: Phrases, reading: Reading, root: str) -> Markup:
    """Which of the marks this is, and the ways to the one before, to the next and to this one again."""
    places = reading.places
    if not places:
        return Markup()
    now = places.index(reading.here) if reading.here else -1
    told = phrases.place.format(number=now + 1, count=len(places)) if reading.here else ""

    def way(place: int, name: str, arrow: str) -> Markup:
        if not 0 <= place < len(places):
            return Markup('<span class="arrow" aria-hidden="true">{}</span>').format(arrow)
        address = article_address(article, *places[place], phrases.lang, reading.conversation)
        return Markup('<a class="arrow" href="{}/{}" aria-label="{}" title="{}">{}</a>').format(
            root, address, name, name, arrow
        )

    return Markup('<nav class="places" lang="{}" aria-label="{}">{}{}{}</nav>').format(
        phrases.lang,
        phrases.places,
        way(now - 1, phrases.place_before, "↑"),
        Markup('<a href="#{}">{}: {}</a>').format(CITED, phrases.places, told)
        if reading.here
        else Markup("<span>{}: {}</span>").format(phrases.places, phrases.number(len(places))),
        way(now + 1, phrases.place_after, "↓"),
    )


def message_page(title: str, hint: str, phrases: Phrases, root: str = "") -> Markup:
    """A page with one civil message: nothing here, or something went wrong."""
    main = Markup('<div class="story"><h1>{}</h1><p>{}</p></div>').format(title, hint)
    return frame(title, main, phrases, root)


def _author(article: Article, phrases: Phrases) -> Markup:
    if not article.author:
        return Markup()
    return Markup('<p class="author" dir="auto">{}</p>').format(phrases.by.format(author=article.author))


def _origin(article: Article, phrases: Phrases) -> Markup:
    """The link to the original; an address we would not link to is shown as the text it is."""
    if not article.url:
        return Markup()
    known = original_link(article, phrases) if web_host(article.url) else Markup("<bdi>{}</bdi>").format(article.url)
    return Markup('<footer lang="{}"><p>{}</p></footer>').format(phrases.lang, known)


def frame(
    title: str, main: Markup, phrases: Phrases, root: str, nav: str = "", style: str = "", conversation: str = ""
) -> Markup:
    """A page of ours around `main`; `nav` stands beside the way back, `style` names one more style sheet.

    The way back leads to the `conversation`, or to a new one.
    """
    sheets = Markup().join(
        Markup('<link rel="stylesheet" href="{}/page/{}.css">').format(root, name) for name in ("tanya", style) if name
    )
    return Markup(
        '<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>{title} · Tanya</title>'
        '<link rel="icon" type="image/svg+xml" href="{root}/page/tanya.svg">'
        '{sheets}</head><body class="reading {style}">'
        '<nav><a href="{root}/">Tanya</a> <a href="{root}/{query}">{back}</a>{nav}</nav>'
        "<main>{main}</main></body></html>"
    ).format(
        lang=phrases.lang,
        title=title,
        root=root,
        sheets=sheets,
        style=style,
        query=f"?{urlencode({'conversation': conversation})}" if conversation else "",
        back=phrases.back_to_conversation if conversation else phrases.back,
        nav=nav,
        main=main,
    )
