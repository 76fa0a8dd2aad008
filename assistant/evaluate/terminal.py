"""A run and a comparison as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group as Together
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from assistant.evaluate.agreement import Judging
from assistant.evaluate.compare import Comparison, Row
from assistant.evaluate.gates import Verdict
from assistant.evaluate.score import Group, Scores
from assistant.evaluate.statistics import Estimate

if TYPE_CHECKING:
    from assistant.evaluate.sweep import Sweep

# Columns of the tables by tag and by language pair: few enough for a narrow terminal.
COLUMNS = ("right", "f1", "recall@10", "citation_precision")
MOST_FLIPS = 10


def number(value: float | None) -> str:
    """A figure as people read it: a dash for what cannot be known.

    >>> number(0.91234), number(None)
    ('0.912', '–')
    """
    return "–" if value is None else f"{value:.3f}"


def chance(p: float | None) -> str:
    """A p as people read it.

    >>> chance(0.0123), chance(0.0001), chance(None)
    ('0.012', '<0.001', '–')
    """
    return "<0.001" if p is not None and p < 0.001 else number(p)


def interval(estimate: Estimate) -> str:
    """The 95% interval; empty without one."""
    return f"{estimate.low:.3f}–{estimate.high:.3f}" if estimate.low is not None and estimate.high is not None else ""


def scores_tables(scores: Scores) -> RenderableType:
    """Everything about a run: how its questions ended, the figures, the groups."""
    return Together(*_tables(scores))


def _tables(scores: Scores) -> Iterator[RenderableType]:
    yield _overall(scores)
    yield _outcomes(scores)
    if scores.judging:
        yield _judging(scores.judging)
        yield _confusion(scores.judging)
    if scores.pairs:
        yield _groups("By language: question–article", scores.pairs)
    if scores.tags:
        yield _groups("By tag", scores.tags)
    if scores.stages:
        yield _stages(scores)


def _table(title: str, *columns: str) -> Table:
    """A table whose first column is words and whose others are figures."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(columns[0], overflow="fold")
    for column in columns[1:]:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _overall(scores: Scores) -> Table:
    table = _table(f"\nAll {scores.count} questions", "", "figure", "95% interval", "questions")
    part = ""
    for measure in scores.measures:
        if measure.part != part:
            part = measure.part
            table.add_row(f"[dim]{part}[/]")
        estimate = scores.overall[measure.name]
        name = f"  {measure.name}{' [dim](lower is better)[/]' if measure.better == 'lower' else ''}"
        table.add_row(name, number(estimate.value), interval(estimate), str(estimate.count))
    return table


def _outcomes(scores: Scores) -> Table:
    table = _table("\nHow they ended", "", "questions", "share")
    for outcome, count in scores.outcomes.items():
        colour = "green" if outcome.good else "red"
        table.add_row(f"  [{colour}]{outcome.value}[/]", str(count), f"{count / scores.count:.0%}")
    return table


def told(judging: Judging) -> str:
    """How many answers the judge called what, and why some have no verdict."""
    counts = ", ".join(f"{count} {opinion}" for opinion, count in judging.opinions.items())
    return f"{counts} (for example: {judging.example})" if judging.example else counts


def _judging(judging: Judging) -> Table:
    table = _table(
        f"\nThe judge: {escape(told(judging))}", "agrees with", "share", "95% interval", "kappa", "95% interval"
    )
    for one in judging.agreements:
        figures = number(one.raw.value), interval(one.raw), number(one.kappa.value), interval(one.kappa)
        table.add_row(f"  {one.name}", *figures)
    return table


def _confusion(judging: Judging) -> Table:
    heads = [f"{'' if yes else 'not '}{one.name}" for one in judging.agreements for yes in (True, False)]
    table = _table("\nWhat the judge says of answers that are …", "", *heads)
    for opinion in judging.agreements[0].counts:
        counts = (str(count) for one in judging.agreements for count in one.counts[opinion])
        table.add_row(f"  {opinion}", *counts)
    return table


def _groups(title: str, groups: Sequence[Group]) -> Table:
    table = _table(f"\n{title}", "", "questions", *COLUMNS)
    for group in groups:
        values = (number(group.estimates[column].value) for column in COLUMNS)
        table.add_row(f"  {escape(group.name)}", str(group.count), *values)
    return table


def _stages(scores: Scores) -> Table:
    table = _table("\nSeconds by stage", "", "half within", "95% within")
    for stage in scores.stages:
        table.add_row(f"  {escape(stage.name)}", number(stage.p50), number(stage.p95))
    return table


def comparison_tables(comparison: Comparison) -> RenderableType:
    """Everything about a comparison: what was changed, each measure, the questions that flipped."""
    return Together(*_comparison(comparison))


def _comparison(comparison: Comparison) -> Iterator[RenderableType]:
    before, after = comparison.before.name, comparison.after.name
    yield f"\n[bold]{escape(before)}[/] (before) and [bold]{escape(after)}[/] (after)"
    yield f"{comparison.scores_before.count} questions in both"
    for run, only in ((before, comparison.only_before), (after, comparison.only_after)):
        if only:
            yield f"[yellow]{len(only)} only in {escape(run)}, not compared[/]: {escape(', '.join(only[:MOST_FLIPS]))}"
    for name, old, new in comparison.changed_settings:
        yield f"[dim]{escape(name)}: {escape(old)} → {escape(new)}[/]"
    yield _rows(comparison)
    for title, flips in (("Now right", comparison.gains), ("No longer right", comparison.losses)):
        if flips:
            yield f"\n[bold]{title}: {len(flips)}[/]"
            for flip in flips[:MOST_FLIPS]:
                change = f"{flip.before.outcome} → {flip.after.outcome}"
                yield f"  {escape(flip.after.id)}  {escape(flip.after.question.question)}  [dim]{change}[/]"
            if len(flips) > MOST_FLIPS:
                yield f"  [dim]and {len(flips) - MOST_FLIPS} more[/]"


def _rows(comparison: Comparison) -> Table:
    table = _table("\nMeasures", "", "before", "after", "change", "95% interval", "p")
    for row in comparison.rows:
        figures = number(row.before), number(row.after), _change(row), _range(row), chance(row.difference.p)
        table.add_row(f"  {row.measure.name}", *figures)
    return table


def _change(row: Row) -> str:
    if row.change is None:
        return "–"
    text = f"{row.change:+.3f}"
    return f"[{'red' if row.is_worse else 'green'}]{text}[/]" if row.is_significant else text


def _range(row: Row) -> str:
    known = row.difference
    return "" if known.low is None or known.high is None else f"{known.low:+.3f} to {known.high:+.3f}"


def sweep_tables(sweep: Sweep) -> RenderableType:
    """What was tried, best first; the Pareto-efficient ones are numbered, fastest first."""
    return Together(*_sweep(sweep))


def _sweep(sweep: Sweep) -> Iterator[RenderableType]:
    settings = [name.replace("_", "\n") for name in sweep.grid]
    table = _table(
        f"\n{len(sweep.tried)} settings, {sweep.count} questions each",
        *("", *settings, sweep.figure.name, "95% interval", "change", "p", "p to\nbest", "seconds"),
    )
    table.padding = (0, 1, 0, 0)
    for column in table.columns[1 : 1 + len(settings)]:
        column.no_wrap, column.overflow = False, "fold"
    for one in sweep.tried:
        mark = f"[green]{sweep.number(one):2}[/]{' base' if one is sweep.baseline else ''}"
        table.add_row(
            mark,
            *(escape(value) for value in sweep.values(one)),
            number(one.quality.value),
            interval(one.quality),
            *(
                ("", "")
                if one is sweep.baseline
                else (_change(one.from_baseline), chance(one.from_baseline.difference.p))
            ),
            "" if one is sweep.best else chance(one.from_best.difference.p),
            number(one.seconds.value),
        )
    yield table
    better = "; lower is better" if sweep.figure.better == "lower" else ""
    yield (
        "\n[green]Numbered[/], the fastest first: no other is better without being slower, or faster without being"
        " worse.\nChange and p: from base, the settings as they stand."
        f" {escape(sweep.figure.name)}: {sweep.figure.tells}{better}. Seconds: half of the questions took no longer."
    )


def verdict_line(verdict: Verdict) -> str:
    mark = "[green]held[/]  " if verdict.passed else "[red]failed[/]"
    return f"{mark} {escape(verdict.gate)}: {escape(verdict.found)}"
