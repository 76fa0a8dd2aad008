"""The folder of all runs: which there are, what each says of itself, and what is wrong with a broken one.

What was read is kept until a file changes. Any thread may ask; knows nothing of chains or pages.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from assistant.config import Settings
from assistant.embed import encodable
from assistant.errors import EvaluateError
from assistant.evaluate.compare import Comparison, compare, load
from assistant.evaluate.folder import QUESTIONS, RUN, RunFolder
from assistant.evaluate.result import Outcome, Result
from assistant.evaluate.score import Scores, score
from assistant.evaluate.statistics import Estimate
from assistant.evaluate.sweep import BASELINE

LONGEST_NAME = 255
# A comparison needs two runs, and a big one takes much memory.
KEPT_RUNS = 2
KEPT_FIGURES = 8
KEPT_SUMMARIES = 1_000

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the question file, its split, how many questions and a hash of what they say."""

    file: str = ""
    split: str | None = None
    count: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Metrics:
    """The figures of all questions that a scored run keeps in `run.json`, and how its questions ended."""

    overall: Mapping[str, Estimate]
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Searched:
    """The index that was asked."""

    articles: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What the pages and the reports need of `run.json`."""

    started: dt.datetime
    questions: Asked
    index: Searched = field(default_factory=Searched)
    settings: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, Any] = field(default_factory=dict)
    finished: dt.datetime | None = None
    metrics: Metrics | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """One run of the folder, as the list shows it; `problem` says what is wrong with one that cannot be read.

    `done` is how many questions have their result; `unusual` are the settings that are not the usual ones.
    """

    name: str
    when: dt.datetime
    asked: Asked = field(default_factory=Asked)
    index: Searched = field(default_factory=Searched)
    unusual: tuple[tuple[str, str], ...] = ()
    finished: bool = False
    done: int = 0
    metrics: Metrics | None = None
    problem: str = ""

    @property
    def figures(self) -> Mapping[str, Estimate]:
        return self.metrics.overall if self.metrics else {}


class Runs:
    """The runs in a folder. A name from outside never leads out of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._summaries = _Memory(KEPT_SUMMARIES)
        self._runs = _Memory(KEPT_RUNS)
        self._figures = _Memory(KEPT_FIGURES)
        self._comparisons = _Memory(KEPT_RUNS)

    def summaries(self) -> list[Summary]:
        """Every run, newest first, the broken ones last. `EvaluateError` when the folder cannot be read."""
        try:
            # What is hidden is no run; neither is a file, unless it is a link that leads nowhere.
            found = [one for one in self.path.iterdir() if one.name[0] != "." and (one.is_dir() or one.is_symlink())]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise EvaluateError(f"The runs in {self.path} cannot be read: {error.strerror}. See TANYA_RUNS.") from error
        # A sweep's folder holds runs and is none.
        summaries = [self.summary(one.name) for one in found if not (one / BASELINE).is_dir()]
        return sorted(summaries, key=lambda one: (not one.problem, one.when, one.name), reverse=True)

    def summary(self, name: str) -> Summary:
        """What a run says of itself, or what is wrong with it."""
        try:
            folder = self._folder(name)
            return self._summaries.get(_stamp(folder), lambda: _summary(folder))
        except EvaluateError as error:
            return Summary(encodable(name), _changed(self.path / name), problem=str(error))

    def has(self, name: str) -> bool:
        """Whether there is a run folder of this name."""
        try:
            return self._folder(name).path.is_dir()
        except EvaluateError:
            return False

    def results(self, name: str) -> list[Result]:
        """The results of a run, finished or not, in the order they came. `EvaluateError` for a broken one."""
        folder = self._folder(name)
        return self._runs.get(_stamp(folder), folder.results)

    def scores(self, name: str) -> tuple[Mapping[str, Any], list[Result], Scores]:
        """What `run.json` says, the results and their figures, as the report wants them."""
        folder = self._folder(name)
        results = self.results(name)
        return folder.facts(), results, self._figures.get(_stamp(folder), lambda: score(results))

    def compare(self, before: str, after: str) -> Comparison:
        """The second run against the first. `EvaluateError` as `compare.load` and `compare.compare` raise it."""
        folders = self._folder(before), self._folder(after)
        stamp = tuple(_stamp(folder) for folder in folders)
        return self._comparisons.get(stamp, lambda: compare(*(load(folder.path) for folder in folders)))

    def _folder(self, name: str) -> RunFolder:
        """The folder of a run by its name; `EvaluateError` for a name that is none, or that leads elsewhere."""
        if name in ("", ".", "..") or any(character in name for character in "/\\\0") or len(name) > LONGEST_NAME:
            raise EvaluateError(f"{name!r} is no name of a run.")
        if name != encodable(name):
            raise EvaluateError("The name of this folder is not UTF-8; give it another.")
        try:
            here, path = self.path.resolve(), self.path / name
            inside = path.resolve().parent == here
            inside = inside and all((path / file).resolve().parent == path.resolve() for file in (RUN, QUESTIONS))
        except (OSError, RuntimeError) as error:  # a loop of links
            raise EvaluateError(f"{name} cannot be read: {error}.") from error
        if not inside:
            raise EvaluateError(f"{name} is a link out of the folder of runs, or holds one; it is not followed.")
        return RunFolder(path)


def _summary(folder: RunFolder) -> Summary:
    name = folder.path.name
    if not folder.path.is_dir():
        raise EvaluateError(f"There is no run {name} here.")
    raw = folder.facts()
    if not raw:
        raise EvaluateError(f"There is no {RUN} in {name}: it is no run, or was stopped before its first question.")
    facts = _facts(raw, f"{name}/{RUN}")
    done = facts.questions.count if facts.finished else _lines(folder.path / QUESTIONS)
    return Summary(
        name,
        facts.started if facts.started.tzinfo else facts.started.replace(tzinfo=dt.UTC),
        facts.questions,
        facts.index,
        tuple(_unusual(facts.settings)),
        facts.finished is not None,
        done,
        facts.metrics,
    )


def _unusual(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, usual in Settings.model_fields.items():
        if name in settings and settings[name] != usual.default:
            yield name, str(settings[name])


def _facts(raw: Mapping[str, Any], where: str) -> Facts:
    from pydantic import ValidationError

    try:
        return cast("Facts", _adapter().validate_python(raw))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise EvaluateError(f"{where}: {place}: {first['msg']}. Evaluate into a new folder.") from error


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Facts)


def _lines(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(line.endswith(b"\n") for line in file)
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise EvaluateError(f"{path.name} cannot be read: {error.strerror}.") from error


def _changed(path: Path) -> dt.datetime:
    """When a folder that cannot tell it was last changed."""
    try:
        return dt.datetime.fromtimestamp(path.lstat().st_mtime, dt.UTC)
    except (OSError, ValueError):
        return dt.datetime.fromtimestamp(0, dt.UTC)


def _stamp(folder: RunFolder) -> Hashable:
    """What changes when the run does."""
    stats = []
    for path in (folder.path / RUN, folder.path / QUESTIONS):
        try:
            found = path.stat()
        except OSError:
            stats.append((0, 0, 0))
        else:
            stats.append((found.st_ino, found.st_mtime_ns, found.st_size))
    return folder.path.name, *stats


class _Memory:
    """What was found last, by what it was found for. Nothing that raised is kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, stamp: Hashable, find: Callable[[], Kept]) -> Kept:
        with self._lock:
            if stamp in self._kept:
                self._kept.move_to_end(stamp)
                return cast("Kept", self._kept[stamp])
        found = find()
        with self._lock:
            self._kept[stamp] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found
