"""One article as a page of HTML: the whole text, what is known of it, every quotation of a conversation marked.

Pure functions; the article's text is data. Nothing here needs a script: the ways from mark to mark are anchors, and the
style sheet shows those of the mark that the address names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from assistant.records import Article
from assistant.web.address import CITED, text_directive
from assistant.web.article_phrases import WORDS, Words
from assistant.web.phrases import Phrases
from assistant.web.render import Mark, byline, original_link, paragraphs, web_host

MOST_FACT_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Cited:
    """Words of the article that were quoted, and the questions they were quoted for."""

    start: int
    end: int
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article is opened for: the words the address names, and the conversation it names, if it is the reader's.

    `quoted` is what that conversation quotes of this article.
    """

    cited: tuple[int, int] | None = None
    conversation: str = ""
    quoted: tuple[Cited, ...] = ()

    @property
    def places(self) -> list[Cited]:
        """All that is to be marked, in the order of the text."""
        return together([Cited(*self.cited), *self.quoted] if self.cited else self.quoted)


def together(spans: Iterable[Cited]) -> list[Cited]:
    """The spans in the order of the text, those that overlap as one; no question twice.

    >>> together([Cited(8, 9), Cited(2, 5, ("b?",)), Cited(0, 3, ("a?",))])
    [Cited(start=0, end=5, asked=('a?', 'b?')), Cited(start=8, end=9, asked=())]
    """
    places: list[Cited] = []
    for one in sorted(spans, key=lambda span: (span.start, span.end)):
        last = places[-1] if places else None
        if last and one.start < last.end:
            asked = tuple(dict.fromkeys(last.asked + one.asked))
            places[-1] = Cited(last.start, max(last.end, one.end), asked)
        else:
            places.append(one)
    return places


PLAIN = Reading()


def article_page(article: Article, phrases: Phrases, reading: Reading = PLAIN, root: str = "") -> Markup:
    """The whole article. `root` is the path the application lives at."""
    words, places = WORDS[phrases.lang], reading.places
    main = Markup(
        '<article class="story" lang="{lang}"><header lang="{ui}"><h1 dir="auto" lang="{lang}">{title}</h1>'
        "{byline}{author}{jump}</header>{body}{origin}</article>"
    ).format(
        lang=article.lang,
        ui=phrases.lang,
        title=article.label,
        byline=byline(article, phrases),
        author=_author(article, phrases),
        jump=_jump(places, words),
        body=paragraphs(article.text, _marks(article, reading, places, phrases)),
        origin=_origin(article, reading, phrases, words),
    )
    return frame(article.label, main, phrases, root, conversation=reading.conversation)


def message_page(title: str, hint: str, phrases: Phrases, root: str = "") -> Markup:
    """A page with one civil message: nothing here, or something went wrong."""
    main = Markup('<div class="story"><h1>{}</h1><p>{}</p></div>').format(title, hint)
    return frame(title, main, phrases, root)


def _marks(article: Article, reading: Reading, places: Sequence[Cited], phrases: Phrases) -> list[Mark]:
    """A mark for each place, with the way to the next behind it; that of the address is called `cited`."""
    ids = _ids(reading, places)
    marks = [
        Mark(place.start, place.end, id, behind=_steps(number, ids, place, phrases))
        for number, (place, id) in enumerate(zip(places, ids, strict=True))
    ]
    if reading.cited:
        # A browser that knows no text fragments looks for an element that is called by the whole end of the address.
        here = places[ids.index(CITED)]
        name = CITED + text_directive(article.text[slice(*reading.cited)])
        marks.append(Mark(here.start, here.end, name))
    return marks


def _ids(reading: Reading, places: Sequence[Cited]) -> list[str]:
    """The name of each place; the first is the one meant where the address means none."""
    start = reading.cited[0] if reading.cited else 0
    here = next((number for number, place in enumerate(places) if start < place.end), 0)
    return [CITED if number == here else f"{CITED}-{number + 1}" for number in range(len(places))]


def _steps(number: int, ids: Sequence[str], place: Cited, phrases: Phrases) -> Markup:
    """The bar of one of several marks: which it is, what was asked, the one before and the one after."""
    if len(ids) < 2:
        return Markup()
    return Markup('<span class="steps{}" lang="{}">{}<span class="count">{}</span>{}{}</span>').format(
        " is-here" if ids[number] == CITED else "",
        phrases.lang,
        _step(ids, number - 1, phrases.place_before, "↑"),
        phrases.place.format(number=number + 1, count=len(ids)),
        _step(ids, number + 1, phrases.place_after, "↓"),
        Markup(' <span class="asked" dir="auto">{}</span>').format(" · ".join(place.asked)) if place.asked else "",
    )


def _step(ids: Sequence[str], number: int, name: str, arrow: str) -> Markup:
    """A link to that mark; at the ends the arrow alone, so that the others keep their places."""
    if not 0 <= number < len(ids):
        return Markup('<span class="step" aria-hidden="true">{}</span>').format(arrow)
    return Markup('<a class="step" href="#{}" aria-label="{}" title="{}">{}</a>').format(ids[number], name, name, arrow)


def _jump(places: Sequence[Cited], words: Words) -> Markup:
    if not places:
        return Markup()
    several = Markup("{} · ").format(words.quoted.format(count=len(places))) if len(places) > 1 else Markup()
    return Markup('<p class="jump">{}<a href="#{}">{}</a></p>').format(several, CITED, words.jump)


def _author(article: Article, phrases: Phrases) -> Markup:
    if not article.author:
        return Markup()
    return Markup('<p class="author" dir="auto">{}</p>').format(phrases.by.format(author=article.author))


def _origin(article: Article, reading: Reading, phrases: Phrases, words: Words) -> Markup:
    """The link to the original, at the cited words, and all else that is known of the article, folded away.

    An address that we would not link to is shown as the text it is.
    """
    cited = article.text[slice(*reading.cited)] if reading.cited else ""
    known = original_link(article, phrases, cited)
    if article.url and not web_host(article.url):
        known = Markup("<bdi>{}</bdi>").format(article.url)
    facts = [
        (words.identity, article.id),
        *([(words.address, article.url)] if article.url else []),
        *((name, _fact(value)) for name, value in article.extra.items()),
    ]
    return Markup('<footer lang="{}">{}<details><summary>{}</summary><dl>{}</dl></details></footer>').format(
        phrases.lang,
        Markup("<p>{}</p>").format(known) if known else "",
        words.about,
        Markup().join(
            Markup('<div><dt dir="auto">{}</dt><dd dir="auto">{}</dd></div>').format(name, fact) for name, fact in facts
        ),
    )


def _fact(value: object) -> str:
    """What a source told beside the usual, as text."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MOST_FACT_CHARS else text[:MOST_FACT_CHARS] + "…"


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
