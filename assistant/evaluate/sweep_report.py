"""A sweep as one HTML page: what each setting brings against what it costs, and whether by more than chance."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from assistant.evaluate import plots
from assistant.evaluate.compare import Row
from assistant.evaluate.folder import REPORT
from assistant.evaluate.page import page, section, table
from assistant.evaluate.statistics import Estimate
from assistant.evaluate.sweep import Advice, Sweep, Tried, advice
from assistant.evaluate.terminal import chance, interval, number

SECONDS = "seconds: half of the questions took no longer"


def sweep_report(sweep: Sweep) -> str:
    """The page of a sweep; it stands in the sweep's folder and links to the reports of the runs."""
    parts = [_masthead(sweep), Markup("<main>"), _front(sweep), _next(advice(sweep)), _all(sweep), Markup("</main>")]
    return page(f"{sweep.folder.name} · Tanya", Markup().join(parts))


def _masthead(sweep: Sweep) -> Markup:
    split = f", {sweep.split}" if sweep.split else ""
    told = [f"{len(sweep.tried)} settings", f"{sweep.count:,} questions of {sweep.file.name}{split}"]
    told += [f"{name}: {', '.join(str(value) for value in values)}" for name, values in sweep.grid.items()]
    return Markup(
        '<header class="masthead"><p class="paper">Tanya <span>sweep</span></p><h1>{}</h1>'
        '<p class="byline">{}</p></header>'
    ).format(sweep.folder.name, " · ".join(told))


def _front(sweep: Sweep) -> Markup:
    figure = sweep.figure
    marks = [
        plots.Mark(
            one.seconds,
            one.quality,
            sweep.number(one),
            f"{sweep.called(one)}: {number(one.quality.value)}, {number(one.seconds.value)} s",
            one is sweep.baseline,
        )
        for one in (*sweep.efficient, *(one for one in sweep.tried if not sweep.number(one)))
    ]
    up = f"{figure.name}{' (lower is better, so drawn upwards)' if figure.better == 'lower' else ''}"
    drawn = plots.pareto(f"{figure.name} against seconds", SECONDS, up, marks, figure.better == "higher")
    items = Markup().join(
        Markup('<li>{}<span class="meaning">{} {} · {} s {}</span></li>').format(
            _link(one, sweep.called(one)),
            number(one.quality.value),
            _small(one.quality),
            number(one.seconds.value),
            _small(one.seconds),
        )
        for one in sweep.efficient
    )
    content = Markup(
        '<div class="plots"><figure>{}</figure>'
        '<div><h3>Pareto-efficient, the fastest first</h3><ol class="front">{}</ol></div></div>'
    ).format(drawn, items)
    note = (
        f"{figure.name}: {figure.tells}. Red: no other is better without being slower, or faster without being worse."
        " Lines and small print: 95% intervals. Ring: the baseline, the settings as they stand."
    )
    return section("What pays", content, note, "front")


def _next(found: list[Advice]) -> Markup:
    content = Markup().join(
        Markup("<p>{}</p>{}").format(
            one.text, Markup().join(Markup("<pre>{}</pre>").format(command) for command in one.commands)
        )
        for one in found
    )
    return section("Before you trust it", content, id="next")


def _all(sweep: Sweep) -> Markup:
    rows: list[list[object]] = [
        [
            Markup('<span class="run"><span class="place">{}</span>{}</span>').format(
                sweep.number(one), _link(one, "baseline" if one is sweep.baseline else "report")
            ),
            *sweep.values(one),
            _figure(one.quality),
            _figure(one.seconds),
            *(["", ""] if one is sweep.baseline else _change(one.from_baseline)),
            *(["", ""] if one is sweep.best else _change(one.from_best)),
        ]
        for one in sweep.tried
    ]
    heads = ["", *sweep.grid, sweep.figure.name, "Seconds", "From the baseline", "p", "From the best", "p"]
    note = (
        "Best first. p is the chance of a difference at least as large if the two were alike (paired randomisation"
        " test); coloured below 0.05. Of twenty settings that change nothing, one is coloured by chance."
    )
    return section("All settings", table(heads, rows), note, "all")


def _link(one: Tried, words: str) -> Markup:
    """To the report of its run, which lies in a folder beside the page."""
    return Markup('<a href="{}">{}</a>').format(f"{quote(one.trial.name)}/{REPORT}", words)


def _figure(estimate: Estimate) -> Markup:
    return Markup("{}{}").format(number(estimate.value), _small(estimate))


def _small(estimate: Estimate) -> Markup:
    return Markup('<span class="small">{}</span>').format(interval(estimate))


def _change(row: Row) -> list[object]:
    if row.change is None:
        return ["–", "–"]
    known = row.difference
    between = "" if known.low is None or known.high is None else f"{known.low:+.3f} to {known.high:+.3f}"
    kind = ("worse" if row.is_worse else "better") if row.is_significant else ""
    change = Markup('<span class="{}">{}</span><span class="small">{}</span>').format(
        kind, f"{row.change:+.3f}", between
    )
    return [change, chance(known.p)]
