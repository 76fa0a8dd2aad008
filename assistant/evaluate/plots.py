"""Figures -> plots, as inline SVG in the colours of the page they stand in. Pure functions.

Labels are data: `Markup.format` escapes them. Sizes are in the units of the drawing, which the page scales.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assistant.evaluate.abstention import RiskPoint
from assistant.evaluate.calibration import Bin
from assistant.evaluate.score import Stage
from assistant.evaluate.statistics import Estimate

WIDTH = 360
ROW, LABEL_WIDTH, VALUE_WIDTH = 24, 118, 44
BARS = WIDTH - LABEL_WIDTH - VALUE_WIDTH
# The square plots: where the axes begin and how long they are.
LEFT, TOP, SIDE = 40, 12, 300
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
LONGEST_LABEL = 17
# Dots that are nearer than this are labelled together.
TOUCHING = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled figure in 0..1; `note` is said when one points at it."""

    label: str
    estimate: Estimate
    note: str = ""


def bars(title: str, rows: Sequence[Bar]) -> Markup:
    """A horizontal bar for each figure, with its interval as a whisker."""
    drawn = Markup().join(_bar(row, ROW * place) for place, row in enumerate(rows))
    return _svg(title, WIDTH, ROW * len(rows) + 4, drawn)


def _bar(row: Bar, top: float) -> Markup:
    one = row.estimate
    value = one.value or 0.0
    shown = "–" if one.value is None else f"{one.value:.2f}"
    whisker = Markup()
    if one.low is not None and one.high is not None:
        whisker = _whisker(LABEL_WIDTH + BARS * one.low, LABEL_WIDTH + BARS * one.high, top + ROW / 2)
    return Markup(
        '<g><title>{}</title><text class="label" x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="track" x="{}" y="{}" width="{}" height="{}"/>'
        '<rect class="bar" x="{}" y="{}" width="{}" height="{}"/>{}<text class="value" x="{}" y="{}">{}</text></g>'
    ).format(
        f"{row.label}: {shown} {row.note}".strip(),
        LABEL_WIDTH - 8,
        _n(top + ROW / 2 + 4),
        _short(row.label),
        LABEL_WIDTH,
        _n(top + 5),
        BARS,
        ROW - 10,
        LABEL_WIDTH,
        _n(top + 5),
        _n(BARS * min(max(value, 0.0), 1.0)),
        ROW - 10,
        whisker,
        WIDTH - VALUE_WIDTH + 8,
        _n(top + ROW / 2 + 4),
        shown,
    )


def _whisker(low: float, high: float, middle: float) -> Markup:
    path = f"M{_n(low)} {_n(middle - 4)}v8M{_n(low)} {_n(middle)}H{_n(high)}M{_n(high)} {_n(middle - 4)}v8"
    return Markup('<path class="whisker" d="{}"/>').format(path)


def interval(estimate: Estimate) -> Markup:
    """A figure on a line from 0 to 1, with its interval, for a tile of the overview."""
    if estimate.value is None:
        return Markup()
    parts = [Markup('<path class="axis" d="M2 8H198"/>')]
    if estimate.low is not None and estimate.high is not None:
        parts.append(
            Markup('<path class="range" d="M{} 8H{}"/>').format(_n(2 + 196 * estimate.low), _n(2 + 196 * estimate.high))
        )
    parts.append(Markup('<circle class="dot" cx="{}" cy="8" r="4.5"/>').format(_n(2 + 196 * estimate.value)))
    return _svg("", 200, 16, Markup().join(parts))


def risk_coverage(points: Sequence[RiskPoint], answered: float) -> Markup:
    """Share answered against share of wrong answers; a dot marks the share that the run answered."""
    if not points:
        return Markup()
    steps = " ".join(f"{_x(point.coverage)},{_y(point.risk)}" for point in points)
    line = Markup('<polyline class="line" points="{}"/>').format(steps)
    here = min(points, key=lambda point: abs(point.coverage - answered))
    dot = Markup('<circle class="dot" cx="{}" cy="{}" r="5"><title>{}</title></circle>').format(
        _x(here.coverage),
        _y(here.risk),
        f"answered {here.coverage:.0%}, of these wrong {here.risk:.0%}; probability from {here.threshold:.2f}",
    )
    return _square("Risk and coverage", "share of questions answered", "share of these wrong", line + dot)


def reliability(bins: Sequence[Bin]) -> Markup:
    """For answers of each probability, how many were right; on the diagonal the probability is true."""
    drawn = [Markup('<path class="ideal" d="M{} {}L{} {}"/>').format(_x(0), _y(0), _x(1), _y(1))]
    for one in bins:
        if one.probability is None or one.right is None:
            continue
        drawn.append(
            Markup('<g><title>{}</title><rect class="bar" x="{}" y="{}" width="{}" height="{}"/>{}</g>').format(
                f"{one.count} answers at {one.probability:.2f}: {one.right:.0%} right",
                _n(float(_x(one.low)) + 2),
                _y(one.right),
                _n(SIDE * (one.high - one.low) - 4),
                _n(SIDE * one.right),
                Markup('<text class="count" x="{}" y="{}" text-anchor="middle">{}</text>').format(
                    _x((one.low + one.high) / 2), _n(max(float(_y(one.right)) - 5, TOP + 9)), one.count
                ),
            )
        )
    return _square("Reliability", "probability shown", "share right", Markup().join([*drawn[1:], drawn[0]]))


def latency(stages: Sequence[Stage]) -> Markup:
    """Seconds of each stage: half of the questions within the bar, 95 in 100 within the line."""
    longest = max((stage.p95 for stage in stages), default=0.0) or 1.0
    rows = []
    for place, stage in enumerate(stages):
        top = ROW * place
        end = LABEL_WIDTH + BARS * stage.p95 / longest
        rows.append(
            Markup(
                '<g><title>{}</title><text class="label" x="{}" y="{}" text-anchor="end">{}</text>'
                '<rect class="bar" x="{}" y="{}" width="{}" height="{}"/><path class="whisker" d="{}"/>'
                '<text class="value" x="{}" y="{}">{}</text></g>'
            ).format(
                f"{stage.name}: half within {stage.p50:.3f} s, 95% within {stage.p95:.3f} s",
                LABEL_WIDTH - 8,
                _n(top + ROW / 2 + 4),
                _short(stage.name),
                LABEL_WIDTH,
                top + 5,
                _n(BARS * stage.p50 / longest),
                ROW - 10,
                f"M{LABEL_WIDTH} {_n(top + ROW / 2)}H{_n(end)}m0 -4v8",
                WIDTH - VALUE_WIDTH + 8,
                _n(top + ROW / 2 + 4),
                f"{stage.p95:.2f} s" if stage.p95 < 10 else f"{stage.p95:.0f} s",
            )
        )
    return _svg("Seconds by stage", WIDTH, ROW * len(stages) + 4, Markup().join(rows))


@dataclass(frozen=True, slots=True)
class Mark:
    """A choice with its cost and quality. `label` stands at an efficient one; `note` is said when one points at it."""

    cost: Estimate
    quality: Estimate
    label: str
    note: str
    is_baseline: bool = False


def pareto(title: str, across: str, up: str, marks: Sequence[Mark], higher_is_better: bool = True) -> Markup:
    """Cost against quality, the better always to the left and above; a line joins the efficient ones in their order."""
    x = _Scale.of([mark.cost for mark in marks])
    y = _Scale.of([mark.quality for mark in marks], is_turned=not higher_is_better)
    placed = [
        (mark, LEFT + SIDE * x.share(mark.cost.value), TOP + SIDE * (1 - y.share(mark.quality.value)))
        for mark in marks
        if mark.cost.value is not None and mark.quality.value is not None
    ]
    efficient = [one for one in placed if one[0].label]
    parts = [
        *_ticks(x.ticks, y.ticks),
        _stairs([(left, top) for _, left, top in efficient]),
        *(_dot(mark, left, top, "other") for mark, left, top in placed if not mark.label),
        *(_cross(mark, left, top, x, y) for mark, left, top in efficient),
        *(_dot(mark, left, top, "dot") for mark, left, top in efficient),
        *_labels([(mark.label, left, top) for mark, left, top in efficient]),
    ]
    return _svg(title, WIDTH, TOP + SIDE + 44, Markup().join(parts) + _captions(across, up))


@dataclass(frozen=True, slots=True)
class _Scale:
    """From figures to shares of an axis that begins and ends at round numbers."""

    low: float
    high: float
    step: float
    is_turned: bool

    @classmethod
    def of(cls, estimates: Sequence[Estimate], is_turned: bool = False) -> _Scale:
        """One on which the estimates and their intervals fit, in about five steps of 1, 2 or 5."""
        edges = [edge for one in estimates for edge in (one.value, one.low, one.high) if edge is not None]
        low, high = min(edges, default=0.0), max(edges, default=1.0)
        rough = (high - low or abs(high) or 1.0) / 5
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough)
        first, last = math.floor(low / step), math.ceil(high / step)
        return cls(first * step, max(last, first + 1) * step, step, is_turned)

    def share(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return 1 - share if self.is_turned else share

    @property
    def ticks(self) -> list[tuple[float, str]]:
        numbers = [self.low + self.step * place for place in range(round((self.high - self.low) / self.step) + 1)]
        return [(self.share(number), f"{round(number, 9):g}") for number in numbers]


def _dot(mark: Mark, left: float, top: float, kind: str) -> Markup:
    ring = Markup('<circle class="ring" cx="{}" cy="{}" r="8.5"/>').format(_n(left), _n(top))
    return Markup('<g><title>{}</title><circle class="{}" cx="{}" cy="{}" r="4.5"/>{}</g>').format(
        mark.note, kind, _n(left), _n(top), ring if mark.is_baseline else ""
    )


def _cross(mark: Mark, left: float, top: float, x: _Scale, y: _Scale) -> Markup:
    """The intervals of both figures."""
    path = ""
    if mark.cost.low is not None and mark.cost.high is not None:
        path += f"M{_x(x.share(mark.cost.low))} {_n(top)}H{_x(x.share(mark.cost.high))}"
    if mark.quality.low is not None and mark.quality.high is not None:
        path += f"M{_n(left)} {_y(y.share(mark.quality.low))}V{_y(y.share(mark.quality.high))}"
    return Markup('<path class="cross" d="{}"/>').format(path)


def _stairs(efficient: Sequence[tuple[float, float]]) -> Markup:
    """What can be had for each cost: from each efficient one across to the next, then up."""
    path = "".join(
        f"H{_n(left)}V{_n(top)}" if place else f"M{_n(left)} {_n(top)}" for place, (left, top) in enumerate(efficient)
    )
    return Markup('<path class="line" d="{}"/>').format(path)


def _labels(labels: Sequence[tuple[str, float, float]]) -> Iterable[Markup]:
    """Above and to the left, where no other dot is; those of dots that lie on each other stand in one row."""
    rows: list[tuple[list[str], float, float]] = []
    for label, left, top in labels:
        if rows and abs(left - rows[-1][1]) < TOUCHING and abs(top - rows[-1][2]) < TOUCHING:
            rows[-1][0].append(label)
        else:
            rows.append(([label], left, top))
    for together, left, top in rows:
        yield Markup('<text class="value" x="{}" y="{}" text-anchor="end">{}</text>').format(
            _n(left - 7), _n(top - 7), ", ".join(together)
        )


def _square(title: str, across: str, up: str, drawn: Markup) -> Markup:
    """A plot of two shares."""
    ticks = [(share, f"{share:g}") for share in TICKS]
    grid = Markup().join(_ticks(ticks, ticks))
    return _svg(title, WIDTH, TOP + SIDE + 44, grid + drawn + _captions(across, up))


def _captions(across: str, up: str) -> Markup:
    return Markup(
        '<text class="caption" x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text class="caption" x="{}" y="{}" text-anchor="middle" transform="rotate(-90 {} {})">{}</text>'
    ).format(_x(0.5), TOP + SIDE + 36, across, 11, _y(0.5), 11, _y(0.5), up)


def _ticks(across: Iterable[tuple[float, str]], up: Iterable[tuple[float, str]]) -> Iterable[Markup]:
    """Lines of the grid at these shares of the axes, with what stands at them."""
    for share, said in across:
        yield Markup(
            '<path class="grid" d="M{} {}V{}"/><text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>'
        ).format(_x(share), TOP, TOP + SIDE, _x(share), TOP + SIDE + 17, said)
    for share, said in up:
        yield Markup(
            '<path class="grid" d="M{} {}H{}"/><text class="tick" x="{}" y="{}" text-anchor="end">{}</text>'
        ).format(LEFT, _y(share), LEFT + SIDE, LEFT - 6, _n(float(_y(share)) + 4), said)


def _svg(title: str, width: float, height: float, drawn: Markup) -> Markup:
    said = Markup('role="img" aria-label="{}"').format(title) if title else Markup('aria-hidden="true"')
    return Markup('<svg viewBox="0 0 {} {}" {}>{}</svg>').format(_n(width), _n(height), said, drawn)


def _x(share: float) -> str:
    return _n(LEFT + SIDE * share)


def _y(share: float) -> str:
    return _n(TOP + SIDE * (1 - share))


def _n(number: float) -> str:
    """A length with one decimal at most: a page of a thousand plots stays small."""
    return f"{number:.1f}".removesuffix(".0")


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
