"""One run: its figures, how its questions ended, and the questions, failures first. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assistant.evaluate.result import Outcome, Result
from assistant.evaluate.runs import Summary
from assistant.web.evaluation.overview import state, unusual
from assistant.web.evaluation.site import Site, badge, figures, moment, of_file, page

ON_A_PAGE = 100
FAILURES = "failures"
BAR = 1_000


@dataclass(frozen=True, slots=True)
class Filter:
    """Which questions are looked for; what is empty lets all pass. `outcome` is one's value or `FAILURES`."""

    outcome: str = ""
    pair: str = ""
    tag: str = ""
    words: str = ""

    def fits(self, result: Result) -> bool:
        said = f"{result.id} {result.question.question} {result.short}".lower()
        return (
            self.outcome in ("", result.outcome.value, "" if result.outcome.good else FAILURES)
            and self.pair in ("", result.pair)
            and (not self.tag or self.tag in result.tags)
            and all(word in said for word in self.words.lower().split())
        )

    def query(self) -> dict[str, str]:
        return {"outcome": self.outcome, "pair": self.pair, "tag": self.tag, "words": self.words}


def run_page(site: Site, run: Summary, results: Sequence[Result], chosen: Filter, number: int = 1) -> Markup:
    """The page of a run; of the questions that fit, the `number`th hundred."""
    main = Markup("{}{}{}").format(
        _masthead(site, run),
        _ended(site, run, results) if results else "",
        _questions(site, run, results, chosen, number),
    )
    return page(site, run.name, main)


def _masthead(site: Site, run: Summary) -> Markup:
    report = Markup(' <a href="{}" hreflang="en">{}</a>').format(
        site.address(run.name, "report"), site.words.whole_report
    )
    return Markup(
        '<header><h1 dir="auto">{}</h1><p class="byline"><bdi>{}</bdi> <bdi>{}</bdi> {}{}{}</p>{}</header>{}'
    ).format(
        run.name,
        of_file(site, run.asked.count, run.asked.file, run.asked.split),
        site.words.articles_in.format(
            articles=site.phrases.number(run.index.articles), passages=site.phrases.number(run.index.passages)
        ),
        moment(site, run.when),
        unusual(site, run),
        report if run.metrics else "",
        state(site, run),
        figures(site, run.figures) if run.metrics else "",
    )  # fmt: skip


# How the questions ended


def _ended(site: Site, run: Summary, results: Sequence[Result]) -> Markup:
    counted = Counter(result.outcome for result in results)
    order = [outcome for outcome in sorted(Outcome, key=lambda one: not one.good) if counted[outcome]]
    legend = Markup().join(
        Markup(
            '<li><a href="{}#questions"><i class="{}"></i><b>{}</b> {}</a> <span class="meaning">{}</span></li>'
        ).format(
            site.address(run.name, outcome=outcome.value),
            _class(outcome),
            site.phrases.number(counted[outcome]),
            *site.words.outcomes[outcome],
        )
        for outcome in order
    )
    return Markup('<section><h2>{}</h2>{}<ul class="legend">{}</ul></section>').format(
        site.words.ended, _bar(order, counted, len(results)), legend
    )


def _bar(order: Sequence[Outcome], counted: Counter[Outcome], total: int) -> Markup:
    """One bar, parted as the questions are; the list under it says the same in words."""
    pieces, at = [], 0.0
    for outcome in order:
        width = BAR * counted[outcome] / total
        pieces.append(
            Markup('<rect class="{}" x="{:.1f}" y="0" width="{:.1f}" height="20"/>').format(
                _class(outcome), at, max(width - 3, 1.0)
            )
        )
        at += width
    return Markup(
        '<svg class="shares" viewBox="0 0 {} 20" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(BAR, Markup().join(pieces))


def _class(outcome: Outcome) -> str:
    return "is-" + outcome.name.lower().replace("_", "-")


# The questions


def _questions(site: Site, run: Summary, results: Sequence[Result], chosen: Filter, number: int) -> Markup:
    fitting = sorted((result for result in results if chosen.fits(result)), key=lambda result: result.outcome.good)
    last_page = max(-(-len(fitting) // ON_A_PAGE), 1)
    number = min(max(number, 1), last_page)
    first = (number - 1) * ON_A_PAGE
    shown = fitting[first : first + ON_A_PAGE]
    items = Markup().join(_question(site, run, result) for result in shown)
    count = site.words.shown.format(
        first=site.phrases.number(first + 1),
        last=site.phrases.number(first + len(shown)),
        count=site.phrases.number(len(fitting)),
    )
    return Markup(
        '<section id="questions"><h2>{}</h2>{}<p class="note" role="status">{}</p>'
        '<ul class="questions">{}</ul>{}</section>'
    ).format(
        site.words.questions,
        _filters(site, run, results, chosen) if results else "",
        count if shown else site.words.none_shown,
        items,
        _turning(site, run, chosen, number, last_page),
    )


def _filters(site: Site, run: Summary, results: Sequence[Result], chosen: Filter) -> Markup:
    words = site.words
    occurring = {result.outcome for result in results}
    ended = [(FAILURES, words.failures)]
    ended += [(outcome.value, site.outcome(outcome)) for outcome in Outcome if outcome in occurring]
    pairs = sorted({result.pair for result in results if result.pair})
    tags = [tag for tag in sorted({tag for result in results for tag in result.tags}) if tag not in pairs]
    return Markup(
        '<form class="filters" action="{}#questions">{}{}<label>{}<input type="search" name="words" value="{}"'
        ' placeholder="{}" maxlength="200"></label>{}<button>{}</button></form>'
    ).format(
        site.address(run.name).partition("?")[0],
        _select(site, "outcome", words.how_ended, ended, chosen.outcome),
        _select(site, "pair", words.languages, [(pair, pair) for pair in pairs], chosen.pair)
        + _select(site, "tag", words.tag, [(tag, tag) for tag in tags], chosen.tag),
        words.words,
        chosen.words,
        words.words_hint,
        Markup('<input type="hidden" name="lang" value="{}">').format(site.lang) if site.chosen else "",
        words.show,
    )


def _select(site: Site, name: str, called: str, options: Iterable[tuple[str, str]], chosen: str) -> Markup:
    drawn = Markup().join(
        Markup('<option value="{}"{}>{}</option>').format(value, Markup(" selected") if value == chosen else "", shown)
        for value, shown in options
    )
    return Markup('<label>{}<select name="{}"><option value="">{}</option>{}</select></label>').format(
        called, name, site.words.all, drawn
    )


def _question(site: Site, run: Summary, result: Result) -> Markup:
    asked = result.question
    return Markup(
        '<li>{}<a href="{}" lang="{}" dir="auto">{}</a><span class="short" dir="auto">{}</span></li>'
    ).format(
        badge(site, result.outcome),
        site.address(run.name, "questions", result.id),
        asked.lang,
        asked.question,
        result.short or (site.words.error if result.error else "—"),
    )  # fmt: skip


def _turning(site: Site, run: Summary, chosen: Filter, number: int, last_page: int) -> Markup:
    """The ways to the questions before and after."""
    ways = [(number - 1, site.words.earlier, "prev"), (number + 1, site.words.later, "next")]
    links = Markup(" ").join(
        Markup('<a rel="{}" href="{}#questions">{}</a>').format(
            rel, site.address(run.name, **chosen.query(), page=str(to)), called
        )
        for to, called, rel in ways
        if 1 <= to <= last_page
    )
    return Markup('<p class="turning">{}</p>').format(links) if links else Markup()
