"""A run over the three stories, made once, and results put together by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Settings
from assistant.evaluate.folder import RunFolder
from assistant.evaluate.outcome import outcome_of
from assistant.evaluate.questions import Quote, TestQuestion, read_questions
from assistant.evaluate.result import Gold, Quoted, Ranked, Read, Result
from assistant.evaluate.run import run
from assistant.store import Index

WHOOSH = "Kereta cepat Whoosh diresmikan pada 2 Oktober 2023."
ASH = "Ash fell on eleven villages."
SET = [
    {
        "id": "q1",
        "question": "Kapan kereta cepat Whoosh diresmikan?",
        "lang": "id",
        "answers": ["2 Oktober 2023", "pada 2 Oktober 2023"],
        "quotes": [{"article": "whoosh", "quote": WHOOSH}],
        "tags": ["when"],
        "split": "dev",
    },
    {
        "id": "q2",
        "question": "How many villages did ash fall on?",
        "lang": "en",
        "answers": ["eleven", "eleven villages"],
        "quotes": [{"article": "volcano", "quote": ASH}],
        "tags": ["how-many"],
        "split": "dev",
    },
    {
        "id": "q3",
        "question": "Which jets did Myanmar buy?",
        "lang": "en",
        "answers": ["Sukhoi Su-30"],
        "articles": ["pantsir"],
        "tags": ["what"],
        "split": "test",
    },
    {"id": "q4", "question": "Who painted the Mona Lisa?", "lang": "en", "answerable": False, "tags": ["off-topic"]},
]


@pytest.fixture(scope="session")
def settings(index: Index) -> Settings:
    """As the index of the three stories was built."""
    return Settings(index=index.folder, passage_chars=100, overlap_sentences=0)


@pytest.fixture(scope="session")
def set_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sets") / "stories.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in SET), "utf-8")
    return path


@pytest.fixture(scope="session")
def questions(set_file: Path) -> list[TestQuestion]:
    return read_questions(set_file)


@pytest.fixture(scope="session")
def finished(
    tmp_path_factory: pytest.TempPathFactory,
    questions: list[TestQuestion],
    set_file: Path,
    settings: Settings,
    index: Index,
) -> RunFolder:
    """A whole run, for reading only."""
    folder = RunFolder(tmp_path_factory.mktemp("runs") / "stories")
    run(questions, set_file, None, settings, index, folder)
    return folder


def make(
    id: str = "q",
    answerable: bool = True,
    short: str = "",
    quotes: tuple[str, ...] = (),
    probability: float = 0.0,
    rank: int | None = 1,
    read: bool = True,
    **changes: Any,
) -> Result:
    """A result for a question about Whoosh: what was answered, what was quoted, at which rank its passage came."""
    asked: dict[str, Any] = {"question": "Kapan?", "lang": "id", "answerable": answerable}
    if answerable:
        asked |= {"answers": ("2 Oktober 2023",), "articles": ("whoosh",), "quotes": (Quote("whoosh", WHOOSH),)}
    asked |= changes.pop("asked", {})
    others = [Ranked(f"other{n}", f"other{n}", 1.0 - n / 100) for n in range(9)]
    ranking = (
        others if rank is None else [*others[: rank - 1], Ranked("whoosh#0-51", "whoosh", 0.99), *others[rank - 1 :]]
    )
    facts: dict[str, Any] = {
        "question": TestQuestion(id=id, **asked),
        "gold": (Gold("whoosh", "Whoosh diresmikan", "id"),) if answerable else (),
        "gold_passages": ("whoosh#0-51",) if answerable else (),
        "short": short,
        "found": bool(quotes),
        "probability": probability,
        "citations": tuple(
            Quoted(n, "whoosh", "Whoosh diresmikan", 0, len(quote), quote, True, answerable and quote == WHOOSH)
            for n, quote in enumerate(quotes, start=1)
        ),
        "statements": tuple((n,) for n in range(1, len(quotes) + 1)),
        "read": (Read("whoosh#0-51", "whoosh", "Whoosh diresmikan", WHOOSH, 0.9, answerable and read),),
        "ranking": tuple(ranking) if rank is None or rank > 0 else (),
        "seconds": {"retrieve": 0.1, "read": 0.2, "total": 0.3},
    }
    result = Result(**(facts | changes))
    return replace(result, outcome=outcome_of(result))


RIGHT: dict[str, Any] = {"short": "2 Oktober 2023", "quotes": (WHOOSH,), "probability": 0.9}
