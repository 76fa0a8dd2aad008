"""Test questions -> a run folder: asks each one, keeps what became of it, and goes on where it was stopped.

read questions -> open or resume the folder -> ask each -> have it judged, if a judge is named -> score -> report
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.chunk import SentenceSplitter
from assistant.config import OF_SERVING, Settings
from assistant.errors import EvaluateError
from assistant.evaluate.ask import DEPTH, Asker, Readings
from assistant.evaluate.folder import RunFolder
from assistant.evaluate.questions import TestQuestion, read_questions
from assistant.evaluate.result import Result
from assistant.store import Index

if TYPE_CHECKING:
    from assistant.evaluate.judge import Judge

PACKAGE = Path(__file__).resolve().parent.parent
PACKAGES = ("tanya", "torch", "transformers", "sentence-transformers", "langchain-core", "faiss-cpu", "ir-measures")
# What these do changes no answer.
ELSEWHERE = ("web", "evaluate", "history.py", "people.py", "audit.py", "cli.py", "doctor.py", "__main__.py")
# Where the index and the runs lie, where the page is served and what is kept of it change no answer either.
NO_MATTER = ("index", "runs", *OF_SERVING)
# What makes two runs of one folder the same run, and how to call it.
SAME = {
    "settings": "settings",
    "questions": "questions",
    "index": "index",
    "versions": "versions",
    "program": "Tanya's code or models",
    "judge": "judge or rules for the judge",
}

Progress = Callable[[int, int], None]


def default_folder(runs: Path, questions: Path, now: dt.datetime) -> Path:
    """`RUNS/NAME`, from the question file and the time.

    >>> default_folder(Path("runs"), Path("corpus/questions.jsonl"), dt.datetime(2024, 5, 1, 9, 30, 5))
    PosixPath('runs/questions-2024-05-01-093005')
    """
    return runs / f"{questions.stem or 'questions'}-{now:%Y-%m-%d-%H%M%S}"


def questions_of(path: Path, split: str | None = None) -> list[TestQuestion]:
    """The questions of a file, or of one half of it. Raises `EvaluateError` where there are none, or two of an id."""
    questions = read_questions(path)
    if not questions:
        raise EvaluateError(f"{path} has no question that can be asked; `tanya questions check` says why.")
    if split is not None:
        known = sorted({question.split for question in questions if question.split})
        questions = [question for question in questions if question.split == split]
        if not questions:
            there = f"there are {', '.join(known)}" if known else "no question has one"
            raise EvaluateError(f"{path} has no question of the split {split!r}; {there}.")
    seen: dict[str, TestQuestion] = {}
    for question in questions:
        if question.id in seen:
            places = f"{seen[question.id].place} and {question.place}"
            raise EvaluateError(f"{path} has two questions with the id {question.id!r}: {places}. Give one another id.")
        seen[question.id] = question
    return questions


def run(
    questions: Sequence[TestQuestion],
    file: Path,
    split: str | None,
    settings: Settings,
    index: Index,
    folder: RunFolder,
    progress: Progress = lambda _done, _total: None,
    readings: Readings | None = None,
    judge: Judge | None = None,
) -> list[Result]:
    """Asks what has not been asked yet; returns the results in the questions' order.

    Runs that may share `readings` (see `Asker`) read each question once. With a `judge`, each answer is judged as it
    comes; only where judging failed is it judged again by a later call.

    Raises `EvaluateError` when the folder holds another run, when the index lacks a cited article or when it changed
    meanwhile. Stopped at any instant, the same call goes on from there.
    """
    _check_passages(settings, index)
    facts = {**facts_of(questions, file, split, settings, index), "judge": judge.facts if judge else None}
    with folder.writer():
        before = folder.facts()
        _check_same(before, facts, folder)
        asker = Asker(settings, index, questions, readings)
        if not before:
            folder.write_facts({**facts, "started": _now(), "finished": None})
        results = _ask_the_rest(asker, judge, questions, folder, progress)
        if index.contents != facts["index"]["contents"]:
            raise EvaluateError(
                f"The index in {index.folder} changed while the questions were asked: evaluate into a new folder."
            )
        folder.write_trec(results, folder.path.name)
        if not before.get("finished"):
            folder.write_facts({**folder.facts(), "finished": _now()})
    return results


def _ask_the_rest(
    asker: Asker, judge: Judge | None, questions: Sequence[TestQuestion], folder: RunFolder, progress: Progress
) -> list[Result]:
    done = {result.id: result for result in folder.results()}
    judged = judge.judged if judge else lambda result: result
    again = [result for result in done.values() if judge and result.judged and result.judged.error]
    left = [question for question in questions if question.id not in done]
    if left:
        asker.warm_up(left[0])
    progress(len(done), len(questions))
    with folder.appending() as lines:
        for result in again:
            done[result.id] = judged(result)
            lines.add(done[result.id])
        for question in left:
            done[question.id] = judged(asker.ask(question))
            lines.add(done[question.id])
            progress(len(done), len(questions))
    return [done[question.id] for question in questions]


def facts_of(
    questions: Sequence[TestQuestion], file: Path, split: str | None, settings: Settings, index: Index
) -> dict[str, Any]:
    """What decides the results, as JSON values for `run.json`."""
    manifest = index.database.manifest()
    return {
        "questions": {
            "file": file.name,
            "split": split,
            "count": len(questions),
            "sha256": _hash_of_questions(questions),
        },
        "index": {
            "folder": index.folder.name,
            "contents": index.contents,
            "articles": index.article_count,
            "passages": index.passage_count,
            "embedder": manifest.get("embedder", ""),
            "chunker": manifest.get("chunker", ""),
        },
        "settings": settings.model_dump(mode="json", exclude=set(NO_MATTER)),
        "depth": DEPTH,
        "versions": {"python": platform.python_version(), **{package: _version(package) for package in PACKAGES}},
        "program": hash_of_program(),
    }


def _check_passages(settings: Settings, index: Index) -> None:
    """That the settings tell the truth about the index's passages: asking cannot cut them anew."""
    wanted = SentenceSplitter(settings.passage_chars, settings.overlap_sentences).name
    built_with = index.database.manifest().get("chunker", wanted)
    if built_with != wanted:
        raise EvaluateError(
            f"The index in {index.folder} has passages of {built_with}, the settings say {wanted}. Set passage_chars"
            " and overlap_sentences as they were when it was built, or build another index with TANYA_PASSAGE_CHARS"
            " and TANYA_OVERLAP_SENTENCES in the environment."
        )


def _check_same(before: dict[str, Any], now: dict[str, Any], folder: RunFolder) -> None:
    """That the folder is new or holds this very run."""
    if not before:
        if folder.results():
            raise EvaluateError(f"{folder.path} has results but no run.json: choose another --out.")
        return
    for part, called in SAME.items():
        if before.get(part) != now[part]:
            changed = _differences(before.get(part), now[part])
            raise EvaluateError(
                f"{folder.path} holds a run with other {called}{changed}."
                " Choose another --out, or delete that folder to begin anew."
            )


def _differences(before: object, now: object) -> str:
    """What differs, in words.

    >>> _differences({"top_k": 8, "threads": 0}, {"top_k": 4, "threads": 0})
    ' (top_k was 8, is 4)'
    """
    before, now = before or {}, now or {}
    if not isinstance(before, dict) or not isinstance(now, dict):
        return ""
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return f" ({', '.join(f'{name} was {before.get(name)}, is {now.get(name)}' for name in names)})"


def _hash_of_questions(questions: Sequence[TestQuestion]) -> str:
    """A hash of all that the questions say, in their order; where they stood in which file does not matter."""
    facts = [{name: value for name, value in asdict(question).items() if name != "place"} for question in questions]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def hash_of_program() -> str:
    """A hash of the code and the bundled models that make an answer: a version number does not tell of an edit."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        relative = path.relative_to(PACKAGE)
        if relative.parts[0] not in ELSEWHERE and path.suffix in (".py", ".json", ".safetensors", ".onnx"):
            digest.update(relative.as_posix().encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
