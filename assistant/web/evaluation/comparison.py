"""Two runs side by side: what was changed, every measure, the questions that flipped. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.evaluate import plots
from assistant.evaluate.compare import Comparison, Flip, Row, Run
from assistant.evaluate.comparison_report import PLOTTED, pair_bars
from assistant.evaluate.page import section, table
from assistant.evaluate.result import Result
from assistant.evaluate.terminal import chance
from assistant.web.evaluation.site import Site, badge, page


def comparison_page(site: Site, comparison: Comparison) -> Markup:
    """The page of a comparison."""
    words = site.words
    main = Markup().join(
        [
            _masthead(site, comparison),
            _changed(site, comparison),
            _flips(site, words.lost, comparison, comparison.losses),
            _flips(site, words.gained, comparison, comparison.gains),
            _measures(site, comparison),
            _pairs(site, comparison),
        ]
    )
    return page(site, f"{comparison.before.name} → {comparison.after.name}", main)


def _masthead(site: Site, comparison: Comparison) -> Markup:
    number, words = site.phrases.number, site.words
    told = [words.both.format(count=number(comparison.scores_before.count))]
    for run, only in ((comparison.before, comparison.only_before), (comparison.after, comparison.only_after)):
        if only:
            told.append(words.only.format(count=number(len(only)), run=run.name))
    return Markup('<header><h1>{} → {}</h1><p class="byline">{}</p></header>').format(
        _named(site, comparison.before),
        _named(site, comparison.after),
        Markup(" ").join(Markup("<bdi>{}</bdi>").format(one) for one in told),
    )


def _named(site: Site, run: Run) -> Markup:
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(site.address(run.name), run.name)


def _changed(site: Site, comparison: Comparison) -> Markup:
    words = site.words
    if not comparison.changed_settings:
        return section(words.what_changed, Markup("<p>{}</p>").format(words.nothing_changed))
    rows: list[list[object]] = [list(change) for change in comparison.changed_settings]
    return section(words.what_changed, table(["", words.before, words.after], rows), id="changed")


def _flips(site: Site, title: str, comparison: Comparison, flips: Sequence[Flip]) -> Markup:
    """The questions that are right in one run only, each with a link to it in both."""
    items = Markup().join(
        Markup(
            '<li><p lang="{}" dir="auto">{}</p><dl>{}{}<div><dt>{}</dt><dd dir="auto">{}</dd></div></dl></li>'
        ).format(
            flip.after.question.lang,
            flip.after.question.question,
            _said(site, site.words.before, comparison.before, flip.before),
            _said(site, site.words.after, comparison.after, flip.after),
            site.words.gold,
            " / ".join(flip.after.question.answers) or site.words.unanswerable,
        )
        for flip in flips
    )
    content = (
        Markup('<ul class="flips">{}</ul>').format(items) if flips else Markup("<p>{}</p>").format(site.words.none)
    )
    return section(f"{title}: {site.phrases.number(len(flips))}", content)


def _said(site: Site, when: str, run: Run, result: Result) -> Markup:
    said = result.short or (site.words.error if result.error else "—")
    return Markup('<div><dt>{}</dt><dd>{} <a href="{}" dir="auto">{}</a></dd></div>').format(
        when, badge(site, result.outcome), site.address(run.name, "questions", result.id), said
    )


def _measures(site: Site, comparison: Comparison) -> Markup:
    words = site.words
    rows: list[list[object]] = [
        [
            _measure(site, row),
            site.number(row.before, 3),
            site.number(row.after, 3),
            _change(site, row),
            _interval(site, row),
            chance(row.difference.p).replace(".", site.phrases.decimal),
        ]
        for row in comparison.rows
    ]
    interval = words.interval.format(low="", high="").rstrip("– ")
    heads = ["", words.before, words.after, words.change, interval, words.p]
    return section(words.measures, table(heads, rows), words.measures_note, "measures")


def _measure(site: Site, row: Row) -> Markup:
    lower = f"; {site.words.lower}" if row.measure.better == "lower" else ""
    return Markup('<code>{}</code> <span class="tells">{}{}</span>').format(
        row.measure.name, site.words.tells[row.measure.name], lower
    )


def _change(site: Site, row: Row) -> str:
    if row.change is None:
        return "–"
    text = _signed(site, row.change)
    if not row.is_significant:
        return text
    return Markup('<b class="{}">{}</b>').format("bad" if row.is_worse else "good", text)


def _interval(site: Site, row: Row) -> str:
    known = row.difference
    if known.low is None or known.high is None:
        return ""
    return f"{_signed(site, known.low)} … {_signed(site, known.high)}"


def _signed(site: Site, value: float) -> str:
    return f"{value:+.3f}".replace(".", site.phrases.decimal)


def _pairs(site: Site, comparison: Comparison) -> Markup:
    if not comparison.scores_after.pairs:
        return Markup()
    words = site.words
    drawn = Markup().join(
        Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(
            words.figures.get(name, called),
            plots.bars(called, pair_bars(name, comparison, words.before, words.after)),
        )
        for name, called in PLOTTED.items()
    )
    return section(words.by_language, Markup('<div class="plots">{}</div>').format(drawn), words.whiskers, "pairs")
