"""All runs on one page, newest first, and how the main figure went from run to run. Pure functions."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from math import ceil, floor
from pathlib import Path

from markupsafe import Markup

from assistant.evaluate.runs import Summary
from assistant.evaluate.statistics import Estimate
from assistant.web.evaluation.site import Site, figures, message, moment, of_file, page, problem

MAIN = "right"
DEMONSTRATION = "corpus/questions.jsonl"
# The plot: room above and below it, its height, how far apart the runs stand, room for the labels at its left.
TOP, HEIGHT, STEP, LEFT = 10, 90, 44, 40
MOST_PLOTTED = 20


def overview_page(site: Site, runs: Sequence[Summary], folder: Path) -> Markup:
    """The page of all runs in `folder`."""
    words = site.words
    if not runs:
        command = f"tanya evaluate {DEMONSTRATION} --out {shlex.quote(str(folder / 'first'))}"
        return message(site, words.empty, words.empty_hint, command)
    items = Markup().join(_run(site, run) for run in runs)
    bar = Markup('<p class="choose"><button>{}</button> <span>{}</span></p>').format(words.compare, words.compare_hint)
    comparable = sum(run.metrics is not None for run in runs) > 1
    main = Markup(
        '<h1>{title}</h1><p class="intro">{intro}</p>{trends}<form action="{action}">{lang}{top}'
        '<ul class="runs">{items}</ul></form>'
    ).format(
        title=words.evaluation,
        intro=words.intro,
        trends=_trends(site, runs),
        action=site.address("compare").partition("?")[0],
        lang=Markup('<input type="hidden" name="lang" value="{}">').format(site.lang) if site.chosen else "",
        top=bar if comparable else "",
        items=items,
    )
    return page(site, words.evaluation, main)


def _run(site: Site, run: Summary) -> Markup:
    if run.problem:
        return Markup('<li class="run is-broken"><h2 dir="auto">{}</h2>{}</li>').format(run.name, problem(run.problem))
    return Markup(
        '<li class="run">{tick}<div class="about"><h2><a href="{address}" dir="auto">{name}</a></h2>'
        '<p class="byline"><bdi>{of}</bdi> {moment}{unusual}</p>{state}</div>{figures}</li>'
    ).format(
        tick=_tick(site, run) if run.metrics else "",
        address=site.address(run.name),
        name=run.name,
        of=of_file(site, run.asked.count, run.asked.file, run.asked.split),
        moment=moment(site, run.when),
        unusual=unusual(site, run),
        state=state(site, run),
        figures=figures(site, run.figures) if run.metrics else "",
    )


def unusual(site: Site, run: Summary) -> Markup:
    """The settings that tell this run from others."""
    if not run.unusual:
        return Markup()
    names = ", ".join(f"{name} {value}" for name, value in run.unusual)
    return Markup(" <bdi>{}</bdi>").format(site.words.unusual.format(names=names))


def _tick(site: Site, run: Summary) -> Markup:
    return Markup('<input type="checkbox" name="run" value="{}" aria-label="{}">').format(
        run.name, site.words.choose.format(run=run.name)
    )


def state(site: Site, run: Summary) -> Markup:
    """What is missing in a run that is not whole."""
    if run.metrics:
        return Markup()
    number, words = site.phrases.number, site.words
    told = words.unfinished.format(done=number(run.done), count=number(run.asked.count))
    return Markup('<p class="state">{}</p>').format(words.unscored if run.finished else told)


# How the main figure went


def _trends(site: Site, runs: Sequence[Summary]) -> Markup:
    """A plot for each question set that was asked more than once."""
    sets: dict[str, list[Summary]] = {}
    for run in reversed(runs):
        if _main(run).value is not None:
            sets.setdefault(run.asked.sha256, []).append(run)
    plots = [_trend(site, asked[-MOST_PLOTTED:]) for asked in sets.values() if len(asked) > 1]
    return Markup('<div class="trends">{}</div>').format(Markup().join(plots)) if plots else Markup()


def _main(run: Summary) -> Estimate:
    return run.figures.get(MAIN, Estimate(None, None, None, 0))


def _trend(site: Site, runs: Sequence[Summary]) -> Markup:
    asked = runs[-1].asked
    note = site.words.over_time_note.format(file=of_file(site, asked.count, asked.file, asked.split))
    return Markup('<figure><figcaption>{}</figcaption>{}<p class="note" dir="auto">{}</p></figure>').format(
        site.words.over_time, _plot(site, runs), note
    )


def _plot(site: Site, runs: Sequence[Summary]) -> Markup:
    """The runs from left to right, each a link; the scale goes from the tenth below all intervals to that above."""
    edges = [edge for run in runs for edge in (_main(run).value, _main(run).low, _main(run).high) if edge is not None]
    low, high = floor(min(edges) * 10) / 10, ceil(max(edges) * 10) / 10
    high = max(high, low + 0.1)
    width = LEFT + STEP * len(runs)

    def y(value: float) -> float:
        return round(TOP + HEIGHT * (high - value) / (high - low), 1)

    grid = Markup().join(
        Markup('<path class="grid" d="M{} {}H{}"/><text class="tick" x="{}" y="{}" text-anchor="end">{}</text>').format(
            LEFT, y(edge), width, LEFT - 6, y(edge) + 4, site.number(edge, 1)
        )
        for edge in (low, high)
    )
    places = [(run, LEFT + STEP // 2 + STEP * place) for place, run in enumerate(runs)]
    line = Markup('<polyline class="line" points="{}"/>').format(
        " ".join(f"{x},{y(_main(run).value or 0.0)}" for run, x in places)
    )
    dots = Markup().join(_dot(site, run, x, y) for run, x in places)
    return Markup('<svg viewBox="0 0 {} {}" width="{}" role="group" aria-label="{}">{}{}{}</svg>').format(
        width, 2 * TOP + HEIGHT, width, site.words.over_time, grid, line, dots
    )


def _dot(site: Site, run: Summary, x: int, y: Callable[[float], float]) -> Markup:
    known = _main(run)
    whisker = Markup()
    if known.low is not None and known.high is not None:
        whisker = Markup('<path class="whisker" d="M{} {}V{}"/>').format(x, y(known.low), y(known.high))
    told = f"{run.name}: {site.number(known.value)}, {site.phrases.date(run.when.date())}"
    return Markup(
        '<a href="{}" aria-label="{}"><title>{}</title>{}<circle class="dot" cx="{}" cy="{}" r="5"/></a>'
    ).format(site.address(run.name), told, told, whisker, x, y(known.value or 0.0))
