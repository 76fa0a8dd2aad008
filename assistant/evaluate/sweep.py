"""Settings to try -> a folder of runs, one for each combination, and which of them are worth their seconds.

    baseline/                     the settings as they stand: a run like any other
    top_k=4,vector_weight=0.6/    one for each combination
    indexes/passage_chars=300/    where settings need other passages or vectors: built once for all of them
    sweep.html                    for people

Finished runs are not asked again: the same command goes on after a stop, and with further values it asks only those.
"""

from __future__ import annotations

import hashlib
import math
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.chunk import SentenceSplitter
from assistant.config import Settings, settings_of
from assistant.embed import load_encoder
from assistant.errors import ConfigError, EvaluateError
from assistant.evaluate.ask import SHOWING, Readings
from assistant.evaluate.compare import Row, Scored, row_of
from assistant.evaluate.folder import RunFolder
from assistant.evaluate.pareto import Point, front
from assistant.evaluate.report import write_report
from assistant.evaluate.run import NO_MATTER, questions_of, run
from assistant.evaluate.score import Measure, Scores
from assistant.evaluate.statistics import SEED, Estimate
from assistant.ingest import IngestReport, ingest, take
from assistant.store import Index

BASELINE, INDEXES, PAGE = "baseline", "indexes", "sweep.html"
# What a setting costs.
SECONDS = "seconds_p50"
# More would take days.
MOST = 200
# Settings that another index is needed for, and those that what is read depends on.
OF_INDEX = ("embedder", "query_prefix", "passage_prefix", "passage_chars", "overlap_sentences")
OF_READING = tuple(name for name in Settings.model_fields if name not in SHOWING)
LONGEST_NAME = 120

# Setting -> the values to try.
Grid = Mapping[str, Sequence[Any]]
# What is being done, how much of it is done, and of how much.
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """A combination: what its run is called, and all its settings."""

    name: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial after it was asked of the index at `index`.

    `quality` is the figure that was chosen, `seconds` those that half of the questions took. `from_baseline` and
    `from_best` compare the figure with that of those runs.
    """

    trial: Trial
    index: Path
    quality: Estimate
    seconds: Estimate
    from_baseline: Row
    from_best: Row


@dataclass(frozen=True, slots=True)
class Sweep:
    """All trials, best first. `efficient` are those that no other beats in figure and seconds, fastest first.

    `splits` are all those of the file, `split` the one that was asked.
    """

    folder: Path
    file: Path
    split: str | None
    splits: frozenset[str]
    count: int
    grid: Grid
    figure: Measure
    tried: tuple[Tried, ...]
    efficient: tuple[Tried, ...]

    @property
    def best(self) -> Tried:
        return self.tried[0]

    @property
    def baseline(self) -> Tried:
        return next(one for one in self.tried if one.trial.name == BASELINE)

    def number(self, one: Tried) -> str:
        """Its place among the efficient ones, from 1; empty when it is not one of them."""
        return next((str(place) for place, other in enumerate(self.efficient, start=1) if other is one), "")

    def values(self, one: Tried) -> list[str]:
        """Its values of the settings that were tried, in the grid's order."""
        return [str(getattr(one.trial.settings, name)) for name in self.grid]

    def called(self, one: Tried) -> str:
        """Its values with their names."""
        called = ", ".join(f"{name}={value}" for name, value in zip(self.grid, self.values(one), strict=True))
        return f"{called} ({BASELINE})" if one is self.baseline else called


# What is tried


def grid_of(given: Sequence[tuple[str, str]]) -> dict[str, list[Any]]:
    """Setting -> its values, from names and values with commas between them.

    Raises `ConfigError` for a value that the setting cannot have, and for a setting that changes no answer.

    >>> grid_of([("top_k", "4, 8"), ("top_k", "8,12")])
    {'top_k': [4, 8, 12]}
    """
    grid: dict[str, list[Any]] = {}
    for name, values in given:
        if name in NO_MATTER:
            raise ConfigError(f"{name} changes no answer, so it cannot be tried. --index says which index is asked.")
        for text in values.split(","):
            value = getattr(settings_of(**{name: text.strip()}), name)
            if value not in grid.setdefault(name, []):
                grid[name].append(value)
    return grid


def trials_of(grid: Grid, usual: Settings, drawn: int | None = None) -> list[Trial]:
    """The settings as they stand, and every combination of the grid, or `drawn` of them: always the same ones.

    Raises `EvaluateError` when there are more than `MOST` and chance is not to choose.
    """
    sizes = [len(values) for values in grid.values()]
    count = math.prod(sizes)
    if drawn is None and count > MOST:
        raise EvaluateError(
            f"These are {count:,} combinations, more than {MOST}. Leave out values, or let chance draw some of them,"
            " for example with --random 50."
        )
    chosen = np.random.default_rng(SEED).choice(count, min(drawn or count, count), replace=False)
    trials = [Trial(BASELINE, usual)]
    for place in sorted(chosen):
        places = np.unravel_index(place, sizes)
        changes = {name: values[at] for (name, values), at in zip(grid.items(), places, strict=True)}
        settings = usual.model_copy(update=changes)
        if settings != usual:
            trials.append(Trial(_name(changes), settings))
    return trials


def _name(changes: Mapping[str, Any]) -> str:
    """A folder's name for these settings; what it cannot hold is replaced, and a hash keeps such names apart.

    >>> _name({"top_k": 4, "vector_weight": 0.6})
    'top_k=4,vector_weight=0.6'
    """
    plain = ",".join(f"{name}={value}" for name, value in changes.items())
    safe = re.sub(r"[^\w.=,+-]", "-", plain)[:LONGEST_NAME]
    return safe if safe == plain else f"{safe}-{hashlib.sha256(plain.encode()).hexdigest()[:8]}"


# Asking


def sweep(
    file: Path,
    split: str | None,
    grid: Grid,
    trials: Sequence[Trial],
    figure: Measure,
    folder: Path,
    articles: Sequence[Path] = (),
    progress: Progress = lambda _what, _done, _total: None,
) -> Sweep:
    """Asks the questions of a file, or of one half of it, under every trial; the first one is the baseline.

    Indexes are made from `articles`, files and folders, or else from what the baseline's index holds. Raises
    `EvaluateError` when the folder holds something else, or when no trial has the figure.
    """
    if RunFolder(folder).facts():
        raise EvaluateError(f"{folder} holds a single run: choose another --out.")
    questions = questions_of(file, split)
    asked: dict[str, tuple[Path, Scores]] = {}
    for same_index in _grouped(trials, OF_INDEX):
        with _index_for(same_index[0], trials[0], folder, articles, progress) as (place, index):
            for same_reading in _grouped(same_index, OF_READING):
                readings: Readings | None = {} if len(same_reading) > 1 else None
                for trial in same_reading:
                    out = RunFolder(folder / trial.name)
                    told = _telling(progress, f"{trials.index(trial) + 1} of {len(trials)}: {trial.name}")
                    results = run(questions, file, split, trial.settings, index, out, told, readings)
                    asked[trial.name] = place, write_report(out, results)
    tried, efficient = _compared(folder, figure, trials, asked)
    splits = frozenset(question.split for question in questions_of(file) if question.split)
    return Sweep(folder, file, split, splits, len(questions), grid, figure, tried, efficient)


def _telling(progress: Progress, what: str) -> Callable[[int, int | None], None]:
    return lambda done, total: progress(what, done, total)


def _grouped(trials: Sequence[Trial], names: Sequence[str]) -> list[list[Trial]]:
    """The trials that have the same values of these settings, together."""
    groups: dict[tuple[Any, ...], list[Trial]] = {}
    for trial in trials:
        groups.setdefault(tuple(getattr(trial.settings, name) for name in names), []).append(trial)
    return list(groups.values())


@contextmanager
def _index_for(
    trial: Trial, baseline: Trial, folder: Path, articles: Sequence[Path], progress: Progress
) -> Iterator[tuple[Path, Index]]:
    """The index that the trial's settings need, open, and where it lies: the baseline's own, or one of the sweep's."""
    settings, usual = trial.settings, baseline.settings
    changes = {name: value for name in OF_INDEX if (value := getattr(settings, name)) != getattr(usual, name)}
    encoder = load_encoder(settings)
    if not changes and not articles:
        with Index(usual.index, encoder) as index:
            yield usual.index, index
        return
    place = folder / INDEXES / (_name(changes) or BASELINE)
    splitter = SentenceSplitter(settings.passage_chars, settings.overlap_sentences)
    with Index(place, encoder, create=True) as index:
        _fill(index, splitter, articles or usual.index, _telling(progress, f"Indexing {place.name}"))
        yield place, index


def _fill(
    index: Index,
    splitter: SentenceSplitter,
    source: Path | Sequence[Path],
    progress: Callable[[int, int | None], None],
) -> None:
    """Brings the index up to date with files and folders, or with the articles of the index in a folder."""

    def told(total: int | None) -> Callable[[IngestReport], None]:
        return lambda report: progress(report.articles, total)

    if isinstance(source, Path):
        with Index(source) as opened:
            stored = opened.articles()
        take(stored, index, splitter, prune=True, progress=told(len(stored)))
        return
    report = ingest(source, index, splitter, prune=True, progress=told(None))
    if report.failed:
        raise report.failed[0]


# What came of it


def _compared(
    folder: Path, figure: Measure, trials: Sequence[Trial], asked: Mapping[str, tuple[Path, Scores]]
) -> tuple[tuple[Tried, ...], tuple[Tried, ...]]:
    """The trials, best first, and the efficient ones among them, fastest first."""
    points = {name: _point(figure, scores) for name, (_, scores) in asked.items()}
    ranked = sorted(trials, key=lambda trial: (-points[trial.name].quality, points[trial.name].cost))
    known = [trial.name for trial in ranked if points[trial.name].is_known]
    if not known:
        raise EvaluateError(
            f"There is no question to measure {figure.name} on: choose another --figure. No question is asked again."
        )

    def scored(name: str) -> Scored:
        return RunFolder(folder / name).results(), asked[name][1]

    baseline, best = scored(trials[0].name), scored(ranked[0].name)

    def compared(trial: Trial) -> Tried:
        place, scores = asked[trial.name]
        quality, seconds = scores.overall[figure.name], scores.overall[SECONDS]
        one = scored(trial.name)
        return Tried(trial, place, quality, seconds, row_of(figure, baseline, one), row_of(figure, best, one))

    tried = {trial.name: compared(trial) for trial in ranked}
    efficient = (tried[known[place]] for place in front([points[name] for name in known]))
    return tuple(tried.values()), tuple(efficient)


def _point(figure: Measure, scores: Scores) -> Point:
    """Figure and seconds as they are weighed against each other; what is not known is worse than anything.

    A thousandth of a second is the least difference, as it is the least that is shown.
    """
    value, seconds = scores.overall[figure.name].value, scores.overall[SECONDS].value
    sign = 1 if figure.better == "higher" else -1
    return Point(-math.inf if value is None else sign * value, math.inf if seconds is None else round(seconds, 3))


# What to do with it


@dataclass(frozen=True, slots=True)
class Advice:
    """What the figures do not say by themselves, and the commands that help."""

    text: str
    commands: tuple[str, ...] = ()


def advice(sweep: Sweep) -> list[Advice]:
    """That the best of many looks better than it is, and how to see what it is worth."""
    found = []
    too_early = "dev" in sweep.splits and sweep.split != "dev"
    if too_early:
        asked = f"the questions of {sweep.split!r}" if sweep.split else "all questions"
        found.append(Advice(f"These figures are of {asked}. Tune on one half, with --split dev, and publish another."))
    flattered = "The best of many looks better than it is."
    if sweep.best is sweep.baseline:
        found.append(Advice("Nothing that was tried is better than the settings as they stand."))
    elif "test" not in sweep.splits:
        found.append(Advice(f"{flattered} Ask other questions before you trust it."))
    elif too_early:
        found.append(Advice(f"{flattered} After that, this tells what it is worth:", _confirm(sweep)))
    else:
        found.append(Advice(f"{flattered} This tells what it is worth on questions that had no say:", _confirm(sweep)))
    return found


def _confirm(sweep: Sweep) -> tuple[str, ...]:
    """The commands that ask the baseline and the best the `test` half, and compare them."""
    usual = sweep.baseline.trial.settings
    outs, commands = [], []
    for one in (sweep.baseline, sweep.best):
        outs.append(str(sweep.folder / f"test-{one.trial.name}"))
        changes = {
            name: value for name in sweep.grid if (value := getattr(one.trial.settings, name)) != getattr(usual, name)
        }
        sets = [word for name, value in changes.items() for word in ("--set", f"{name}={value}")]
        asked = ["tanya", "evaluate", str(sweep.file), "--split", "test", "--index", str(one.index)]
        commands.append(shlex.join([*asked, *sets, "--out", outs[-1]]))
    return (*commands, shlex.join(["tanya", "evaluate", "compare", *outs]))
