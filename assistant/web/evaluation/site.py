"""The frame around each page about evaluation, its addresses, and what several of the pages show. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from markupsafe import Markup

from assistant.evaluate import plots
from assistant.evaluate.result import Outcome
from assistant.evaluate.statistics import Estimate
from assistant.records import Article, Lang
from assistant.web.address import article_address
from assistant.web.article import frame
from assistant.web.evaluation.phrases import WORDS, Words
from assistant.web.phrases import Phrases, phrases_for

LANGUAGES: Mapping[Lang, str] = {"en": "English", "id": "Indonesia"}


@dataclass(frozen=True, slots=True)
class Site:
    """Where a page stands: the path the application lives at, the language, and whether that was chosen by hand.

    `here` is the page's own path below `root`, with its query but for the language.
    """

    root: str
    lang: Lang
    chosen: bool = False
    here: str = "/evaluation"

    @property
    def words(self) -> Words:
        return WORDS[self.lang]

    @property
    def phrases(self) -> Phrases:
        return phrases_for(self.lang)

    def address(self, *parts: str, **query: str) -> str:
        """A page about evaluation, in the language chosen.

        >>> Site("/ask", "id", chosen=True).address("a b", "questions", "q/1", page="2")
        '/ask/evaluation/a%20b/questions/q%2F1?page=2&lang=id'
        """
        path = "/".join(["evaluation", *(quote(part, safe="") for part in parts)])
        if self.chosen:
            query["lang"] = self.lang
        given = {name: value for name, value in query.items() if value}
        return f"{self.root}/{path}" + (f"?{urlencode(given)}" if given else "")

    def article(self, id: str, start: int, end: int) -> str:
        """The page of an article, with these words marked."""
        return f"{self.root}/{article_address(Article(id, ''), start, end, self.lang)}"

    def number(self, value: float | None, digits: int = 2) -> str:
        """A figure as people read it: a dash for what cannot be known.

        >>> Site("", "id").number(0.917), Site("", "en").number(None)
        ('0,92', '–')
        """
        return "–" if value is None else f"{value:.{digits}f}".replace(".", self.phrases.decimal)

    def outcome(self, outcome: Outcome) -> str:
        """How a question ended, as people call it."""
        return self.words.outcomes[outcome][0]


def page(site: Site, title: str, main: Markup) -> Markup:
    """A whole page in Tanya's frame, with the way to all runs and to the other language."""
    other: Lang = "id" if site.lang == "en" else "en"
    joint = "&" if "?" in site.here else "?"
    nav = Markup(' <a href="{}">{}</a> <a class="language" href="{}" lang="{}" hreflang="{}">{}</a>').format(
        site.address(), site.words.evaluation, f"{site.root}{site.here}{joint}lang={other}", other, other,
        LANGUAGES[other],
    )  # fmt: skip
    return frame(title, main, site.phrases, site.root, nav, "evaluation")


def message(site: Site, title: str, hint: str, code: str = "") -> Markup:
    """A page with one civil message; `code` is a command or what a file said."""
    shown = Markup('<p class="command" lang="en" dir="auto"><code>{}</code></p>').format(code) if code else Markup()
    return page(site, title, Markup("<h1>{}</h1><p>{}</p>{}").format(title, hint, shown))


def moment(site: Site, when: dt.datetime) -> Markup:
    """A date and time, as UTC."""
    utc = when.astimezone(dt.UTC)
    told = site.words.begun.format(date=site.phrases.date(utc.date()), time=f"{utc:%H:%M}")
    return Markup('<time datetime="{}">{}</time>').format(utc.isoformat(timespec="minutes"), told)


def of_file(site: Site, count: int, file: str, split: str | None) -> str:
    """How many questions of which file and split."""
    named = f"{file}, {split}" if split else file
    return site.words.of_file.format(count=site.phrases.number(count), file=named)


def figures(site: Site, estimates: Mapping[str, Estimate]) -> Markup:
    """The main figures, each with its interval as a small bar."""
    return Markup('<dl class="figures">{}</dl>').format(
        Markup().join(_figure(site, name, called, estimates.get(name)) for name, called in site.words.figures.items())
    )


def _figure(site: Site, name: str, called: str, estimate: Estimate | None) -> Markup:
    known = estimate or Estimate(None, None, None, 0)
    said = ""
    if known.low is not None and known.high is not None:
        said = site.words.interval.format(low=site.number(known.low), high=site.number(known.high))
    return Markup(
        '<div title="{tells}"><dt>{called}</dt><dd><span class="value">{value}</span>{bar}'
        '<span class="aside">{said}</span></dd></div>'
    ).format(
        tells=f"{site.words.tells[name]}. {said}".strip(),
        called=called,
        value=site.number(known.value),
        bar=plots.interval(known),
        said=said,
    )


def badge(site: Site, outcome: Outcome) -> Markup:
    """How a question ended, as a word in its colour."""
    word, meaning = site.words.outcomes[outcome]
    return Markup('<span class="outcome {}" title="{}">{}</span>').format(
        "good" if outcome.good else "bad", meaning, word
    )


def problem(text: str) -> Markup:
    """What is wrong, as the program says it."""
    return Markup('<div class="problem" role="status" lang="en"><p dir="auto">{}</p></div>').format(text)
