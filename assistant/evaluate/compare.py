"""Two runs over the same questions: what differs, by how much, and whether by more than chance.

Only questions that both runs asked, in the same words, are compared; the others are counted and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import EvaluateError
from assistant.evaluate.folder import RunFolder
from assistant.evaluate.gates import NO_DROP, Verdict
from assistant.evaluate.result import Result
from assistant.evaluate.score import Measure, Scores, change_of_all, score
from assistant.evaluate.statistics import Difference, paired_difference

# Below this chance a difference is called significant.
LEVEL = 0.05
# The results of a run, and the figures they make.
Scored = tuple[Sequence[Result], Scores]


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it lies in its folder."""

    name: str
    facts: dict[str, Any]
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One measure in both runs. Where it is no mean of questions, the difference has no p."""

    measure: Measure
    before: float | None
    after: float | None
    difference: Difference

    @property
    def change(self) -> float | None:
        """How much higher the second run is."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def is_significant(self) -> bool:
        return self.difference.p is not None and self.difference.p < LEVEL

    @property
    def is_worse(self) -> bool:
        return self.change is not None and (self.change < 0 if self.measure.better == "higher" else self.change > 0)


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that was right in one run and not in the other."""

    before: Result
    after: Result

    @property
    def is_gain(self) -> bool:
        return self.after.outcome.good


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side. `only_before` and `only_after` are ids of questions that just one of them asked."""

    before: Run
    after: Run
    scores_before: Scores
    scores_after: Scores
    rows: tuple[Row, ...]
    flips: tuple[Flip, ...]
    changed_settings: tuple[tuple[str, str, str], ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def gains(self) -> tuple[Flip, ...]:
        return tuple(flip for flip in self.flips if flip.is_gain)

    @property
    def losses(self) -> tuple[Flip, ...]:
        return tuple(flip for flip in self.flips if not flip.is_gain)

    def drops(self) -> list[Verdict]:
        """The gate "no significant drop" as a verdict for each measure that has a test."""
        return [
            Verdict(f"{NO_DROP}: {row.measure.name}", not (row.is_worse and row.is_significant), _found(row))
            for row in self.rows
            if row.measure.name in self.scores_before.numbers
        ]


def _found(row: Row) -> str:
    if row.change is None or row.difference.p is None:
        return "there is no question to measure it on"
    return f"{row.before:.4f} before, {row.after:.4f} after ({row.change:+.4f}, p = {row.difference.p:.4f})"


def load(path: Path) -> Run:
    """A finished run. Raises `EvaluateError` when the folder holds none, or one that was stopped."""
    folder = RunFolder(path)
    facts = folder.facts()
    if not facts:
        raise EvaluateError(f"There is no run in {path}. Make one with: tanya evaluate FILE --out {path}")
    if not facts.get("finished"):
        raise EvaluateError(f"The run in {path} was stopped before its end; the command that began it goes on.")
    return Run(path.name, facts, tuple(folder.results()))


def compare(before: Run, after: Run) -> Comparison:
    """The second run against the first. Raises `EvaluateError` when they have no question in common."""
    first, second = _by_id(before), _by_id(after)
    common = [id for id in first if id in second and _asks_the_same(first[id], second[id])]
    if not common:
        raise EvaluateError(f"The runs {before.name} and {after.name} have no question in common.")
    ours, theirs = [first[id] for id in common], [second[id] for id in common]
    scores_before, scores_after = score(ours), score(theirs)
    pairs = zip(ours, theirs, strict=True)
    return Comparison(
        before=before,
        after=after,
        scores_before=scores_before,
        scores_after=scores_after,
        rows=tuple(
            row_of(measure, (ours, scores_before), (theirs, scores_after))
            for measure in scores_before.measures
            if measure in scores_after.measures
        ),
        flips=tuple(Flip(one, other) for one, other in pairs if one.outcome.good != other.outcome.good),
        changed_settings=tuple(_changes(before.facts, after.facts)),
        only_before=tuple(id for id in first if id not in common),
        only_after=tuple(id for id in second if id not in common),
    )


def _by_id(run: Run) -> dict[str, Result]:
    return {result.id: result for result in run.results}


def _asks_the_same(one: Result, other: Result) -> bool:
    """Whether both were asked, and are scored against, the same; tags, split and place may have changed."""
    matter = {field.name for field in fields(one.question)} - {"tags", "split", "place"}
    return all(getattr(one.question, name) == getattr(other.question, name) for name in matter)


def row_of(measure: Measure, before: Scored, after: Scored) -> Row:
    """One measure in two runs over the same questions, in the same order."""
    (ours, scores_before), (theirs, scores_after) = before, after
    if measure.name in scores_before.numbers:
        return _row(measure, scores_before, scores_after)
    return _row_of_all(measure, scores_before, scores_after, change_of_all(measure.name, ours, theirs))


def _row(measure: Measure, before: Scores, after: Scores) -> Row:
    ours, theirs = before.numbers[measure.name], after.numbers[measure.name]
    # A measure may say something about a question in one run only: the precision of what was cited, where one
    # declined. Both figures are then of the questions that have both numbers, as the test is.
    both = [id for id in ours if id in theirs]
    one, other = [ours[id] for id in both], [theirs[id] for id in both]
    return Row(measure, _mean(one), _mean(other), paired_difference(one, other))


def _row_of_all(measure: Measure, before: Scores, after: Scores, difference: Difference) -> Row:
    return Row(measure, before.overall[measure.name].value, after.overall[measure.name].value, difference)


def _mean(numbers: Sequence[float]) -> float | None:
    return float(np.mean(numbers)) if numbers else None


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Settings, versions, parts of the index and of the judge that differ: name, before, after."""
    changes = []
    for part in ("settings", "index", "versions", "judge"):
        ours, theirs = before.get(part) or {}, after.get(part) or {}
        changes += [
            (f"{part}.{name}", str(ours.get(name, "")), str(theirs.get(name, "")))
            for name in {**ours, **theirs}
            if ours.get(name) != theirs.get(name)
        ]
    if before.get("program") != after.get("program"):
        changes.append(("program", str(before.get("program")), str(after.get("program"))))
    return changes
