"""Figures -> plots, as inline SVG in the colours of the page they stand in. Pure functions.

Labels are data: `Markup.format` escapes them. Sizes are in the units of the drawing, which the page scales.
"""

from __future__ import annotations

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


def _square(title: str, across: str, up: str, drawn: Markup) -> Markup:
    """A plot of two shares."""
    grid = Markup().join(_ticks(TICKS))
    words = Markup(
        '<text class="caption" x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text class="caption" x="{}" y="{}" text-anchor="middle" transform="rotate(-90 {} {})">{}</text>'
    ).format(_x(0.5), TOP + SIDE + 36, across, 11, _y(0.5), 11, _y(0.5), up)
    return _svg(title, WIDTH, TOP + SIDE + 44, grid + drawn + words)


def _ticks(shares: Iterable[float]) -> Iterable[Markup]:
    for share in shares:
        yield Markup('<path class="grid" d="M{} {}V{}M{} {}H{}"/>').format(
            _x(share), TOP, TOP + SIDE, LEFT, _y(share), LEFT + SIDE
        )
        yield Markup(
            '<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>'
            '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>'
        ).format(_x(share), TOP + SIDE + 17, f"{share:g}", LEFT - 6, _n(float(_y(share)) + 4), f"{share:g}")


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
