"""Real runs over the three stories: asked through the real chain, scored and reported as `tanya evaluate` does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.evaluate.ask import Asker
from assistant.evaluate.folder import RunFolder
from assistant.evaluate.questions import TestQuestion, read_questions
from assistant.evaluate.result import Result
from assistant.evaluate.run import run
from assistant.evaluate.runs import Runs
from assistant.evaluate.score import score
from assistant.store import Index
from assistant.web.evaluation.routes import Evaluation
from tests.fakes import HOSTILE

EVIL = "<script>alert(1)</script><img src=x onerror='alert(2)'> javascript:alert(3) \u202eesrever"
# What the reader gets right, what it cannot get right, what no article answers, and what a stranger might write.
SET: list[dict[str, Any]] = [
    {
        "id": "q1",
        "question": "Kapan kereta cepat Whoosh diresmikan?",
        "lang": "id",
        "answers": ["2 Oktober 2023", "pada 2 Oktober 2023"],
        "quotes": [{"article": "whoosh", "quote": "Kereta cepat Whoosh diresmikan pada 2 Oktober 2023."}],
        "tags": ["when"],
    },
    {
        "id": "q2/ash",
        "question": "How many villages did ash fall on?",
        "lang": "en",
        "answers": ["a number that no article has"],
        "quotes": [{"article": "volcano", "quote": "Ash fell on eleven villages."}],
        "tags": ["how-many"],
        "conversation": [{"question": "Which volcano erupted?", "answer": "Semeru"}],
    },
    {"id": "q3", "question": "Who painted the Mona Lisa?", "lang": "en", "answerable": False, "tags": ["off-topic"]},
    {
        "id": 'q4"><b>',
        "question": EVIL,
        "lang": "en",
        "answers": [EVIL],
        "articles": ["pantsir"],
        "tags": [EVIL],
        "conversation": [{"question": EVIL, "answer": HOSTILE.text}],
    },
]


def settings_of(index: Index, **changes: Any) -> Settings:
    """As the index of the three stories was built."""
    return Settings(index=index.folder, passage_chars=100, overlap_sentences=0, **changes)


def make_run(path: Path, index: Index, **changes: Any) -> RunFolder:
    """A finished run at `path`, with other settings where they are given."""
    file = path.parent.parent / "stories.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in SET), "utf-8")
    folder = RunFolder(path)
    results = run(read_questions(file), file, None, settings_of(index, **changes), index, folder)
    folder.write_facts({**folder.facts(), "metrics": score(results).as_dict()})
    return folder


def begun_at(folder: RunFolder, started: str) -> None:
    """Says when the run was begun: two made in the same second have no order."""
    folder.write_facts({**folder.facts(), "started": started})


def evaluation_of(runs: Path, index: Index, **changes: Any) -> Evaluation:
    """The pages over these runs, asking again with the settings given."""

    def ask(question: TestQuestion) -> Result:
        return Asker(settings_of(index, **changes), index, [question]).ask(question)

    return Evaluation(Runs(runs), ask)
