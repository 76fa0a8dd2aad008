"""Two runs side by side as one HTML page: what was changed, every measure, the questions that flipped."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.evaluate import plots
from assistant.evaluate.compare import Comparison, Flip, Row
from assistant.evaluate.page import badge, page, section, table
from assistant.evaluate.result import Result
from assistant.evaluate.score import Scores
from assistant.evaluate.terminal import chance, number

PLOTTED = {"right": "Right", "f1": "Token F1", "recall@10": "Recall@10 by article"}


def comparison_report(comparison: Comparison) -> str:
    """The page of a comparison."""
    before, after = comparison.before.name, comparison.after.name
    body = Markup().join(
        [
            _masthead(comparison),
            Markup("<main>"),
            _changed(comparison),
            _measures(comparison),
            _pairs(comparison),
            _flips("No longer right", comparison.losses, before, after),
            _flips("Now right", comparison.gains, before, after),
            Markup("</main>"),
        ]
    )
    return page(f"{before} and {after} · Tanya", body)


def _masthead(comparison: Comparison) -> Markup:
    counted = [f"{comparison.scores_before.count} questions in both"]
    for run, only in ((comparison.before, comparison.only_before), (comparison.after, comparison.only_after)):
        if only:
            counted.append(f"{len(only)} only in {run.name}, not compared")
    return Markup(
        '<header class="masthead"><p class="paper">Tanya <span>comparison</span></p><h1>{} → {}</h1>'
        '<p class="byline">{}</p></header>'
    ).format(comparison.before.name, comparison.after.name, " · ".join(counted))


def _changed(comparison: Comparison) -> Markup:
    if not comparison.changed_settings:
        return section("What was changed", Markup("<p>No setting, index or version that the runs know of.</p>"))
    rows: list[list[object]] = [list(change) for change in comparison.changed_settings]
    return section("What was changed", table(["", "Before", "After"], rows))


def _measures(comparison: Comparison) -> Markup:
    rows: list[list[object]] = [
        [
            Markup('<code>{}</code> <span class="tells">{}</span>').format(row.measure.name, row.measure.tells),
            number(row.before),
            number(row.after),
            _change(row),
            _interval(row),
            chance(row.difference.p),
        ]
        for row in comparison.rows
    ]
    note = (
        "p is the chance of a difference at least as large if the runs were alike (paired randomisation test); coloured"
        " below 0.05. Of twenty measures one is coloured by chance."
    )
    return section("Measures", table(["", "Before", "After", "Change", "95% interval", "p"], rows), note, "measures")


def _pairs(comparison: Comparison) -> Markup:
    if not comparison.scores_after.pairs:
        return Markup()
    drawn = Markup().join(
        Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(
            called, plots.bars(called, pair_bars(name, comparison))
        )
        for name, called in PLOTTED.items()
    )
    title = "By language of question and article"
    return section(title, Markup('<div class="plots">{}</div>').format(drawn), "Whiskers: 95% intervals.", "pairs")


def pair_bars(name: str, comparison: Comparison, before: str = "before", after: str = "after") -> list[plots.Bar]:
    """Before and after under each other, for each language pair."""
    estimates = [{group.name: group.estimates[name] for group in scores.pairs} for scores in _scores(comparison)]
    bars = []
    for pair in estimates[0]:
        bars.append(plots.Bar(f"{pair} {before}", estimates[0][pair]))
        if pair in estimates[1]:
            bars.append(plots.Bar(after, estimates[1][pair]))
    return bars


def _scores(comparison: Comparison) -> tuple[Scores, Scores]:
    return comparison.scores_before, comparison.scores_after


def _flips(title: str, flips: Sequence[Flip], before: str, after: str) -> Markup:
    items = Markup().join(
        Markup('<li><span class="asked" lang="{}" dir="auto">{}</span> <code>{}</code><dl>{}{}{}</dl></li>').format(
            flip.after.question.lang,
            flip.after.question.question,
            flip.after.id,
            _said(before, flip.before),
            _said(after, flip.after),
            _line("gold", " / ".join(flip.after.question.answers) or "no article answers it"),
        )
        for flip in flips
    )
    content = Markup('<ul class="flips">{}</ul>').format(items) if flips else Markup("<p>None.</p>")
    return section(f"{title}: {len(flips)}", content)


def _said(run: str, result: Result) -> Markup:
    return _line(run, Markup("{} {}").format(badge(result.outcome), result.short or result.error or "—"))


def _line(term: str, told: str) -> Markup:
    return Markup('<dt>{}</dt><dd dir="auto">{}</dd>').format(term, told)


def _change(row: Row) -> str:
    if row.change is None:
        return "–"
    text = f"{row.change:+.3f}"
    if not row.is_significant:
        return text
    return Markup('<span class="{}">{}</span>').format("worse" if row.is_worse else "better", text)


def _interval(row: Row) -> str:
    known = row.difference
    return "" if known.low is None or known.high is None else f"{known.low:+.3f} to {known.high:+.3f}"
