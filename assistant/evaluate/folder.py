"""The folder of one run, written so that a kill at any instant leaves one that goes on.

    run.json         what was run: settings, versions, index, question file; at the end the metrics
    questions.jsonl  one `Result` a line, appended and flushed as it comes
    run.trec         the deep ranking of passages, as trec_eval and ir_measures read it; qrels.trec its gold
    report.html      for people

Knows files; knows nothing of chains or metrics.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from filelock import FileLock, Timeout

from assistant.errors import EvaluateError
from assistant.evaluate.result import Result, from_line, to_line

RUN, QUESTIONS, TREC, QRELS, REPORT = "run.json", "questions.jsonl", "run.trec", "qrels.trec", "report.html"


class RunFolder:
    """A run folder at a path; `EvaluateError` for whatever keeps it from being used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def report(self) -> Path:
        return self.path / REPORT

    # Reading

    def facts(self) -> dict[str, Any]:
        """What `run.json` says; empty when there is none."""
        try:
            facts = json.loads((self.path / RUN).read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise EvaluateError(f"{self.path / RUN} cannot be read: {error}. Evaluate into a new folder.") from error
        if not isinstance(facts, dict):
            raise EvaluateError(f"{self.path / RUN} is no run's; evaluate into a new folder.")
        return facts

    def results(self) -> list[Result]:
        """The results so far, in the order they came; a last line that a kill cut off is left out.

        Where a question has two lines, the later one counts: its answer was judged again.
        """
        try:
            lines = (self.path / QUESTIONS).read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _refused(self.path / QUESTIONS, error, "read") from error
        whole = [line for line in lines if line.endswith(b"\n")]
        results = (from_line(line, f"{self.path / QUESTIONS}:{number}") for number, line in enumerate(whole, start=1))
        return list({result.id: result for result in results}.values())

    # Writing

    @contextmanager
    def writer(self) -> Iterator[None]:
        """The right to write, for one process at a time."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / "writer.lock")
            lock.acquire(timeout=0)
        except Timeout as error:
            raise EvaluateError(f"Another process is writing to {self.path}. Wait for it, or choose --out.") from error
        except OSError as error:
            raise _refused(self.path, error, "written") from error
        with lock:
            yield

    def write_facts(self, facts: Mapping[str, Any]) -> None:
        self.replace(RUN, json.dumps(facts, ensure_ascii=False, indent=2) + "\n")

    def replace(self, name: str, text: str) -> None:
        """Writes a file of the folder: all of it or nothing."""
        write_text(self.path / name, text)

    @contextmanager
    def appending(self) -> Iterator[_Lines]:
        """Where results are added, behind the last whole line."""
        path = self.path / QUESTIONS
        try:
            with path.open("ab") as file:
                file.truncate(_whole_bytes(path))
                yield _Lines(file.fileno())
        except OSError as error:
            raise _refused(path, error, "written") from error

    def write_trec(self, results: Sequence[Result], name: str) -> None:
        """The rankings and their gold in TREC's format; white space in names is written %20.

        trec_eval goes by the scores and breaks ties its own way: whole numbers that fall by one keep our order.
        """
        ranked = [
            f"{_word(result.id)} Q0 {_word(hit.passage)} {rank} {len(result.ranking) - rank} {_word(name)}\n"
            for result in results
            for rank, hit in enumerate(result.ranking, start=1)
        ]
        gold = [f"{_word(result.id)} 0 {_word(passage)} 1\n" for result in results for passage in result.gold_passages]
        self.replace(TREC, "".join(ranked))
        self.replace(QRELS, "".join(gold))


class _Lines:
    """An open file of results. When `add` returns, the system has the line: killing this process cannot lose it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def add(self, result: Result) -> None:
        line = memoryview(to_line(result))
        while line:
            line = line[os.write(self._descriptor, line) :]


def write_text(path: Path, text: str) -> None:
    """Writes a text file: all of it or nothing. `EvaluateError` when that cannot be done."""
    new = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise _refused(path, error, "written") from error


def _whole_bytes(path: Path) -> int:
    """How many bytes the whole lines of the file have."""
    return path.read_bytes().rfind(b"\n") + 1


def _word(name: str) -> str:
    return quote(name, safe="/#:.,+-_~@()[]=&!'*;")


def _refused(path: Path, error: OSError, done: str) -> EvaluateError:
    why = error.strerror or str(error)
    kept = "What was finished is kept; the same command goes on from there."
    return EvaluateError(f"{path} cannot be {done}: {why}. {kept}")
