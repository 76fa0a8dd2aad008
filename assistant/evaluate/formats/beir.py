"""BEIR folders (Thakur et al. 2021): `queries.jsonl`, `qrels/*.tsv`, and `corpus.jsonl` with the articles.

A question's split is the name of the qrels file that judges it. The ids of articles are those of the corpus.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import QuestionsError
from assistant.evaluate.formats.judged import Topic, judgements, questions_from
from assistant.evaluate.formats.lines import lines_of
from assistant.evaluate.questions import Found, Problem
from assistant.language import detect
from assistant.read.encoding import tidy
from assistant.records import Article

QUERIES, CORPUS, QRELS = "queries.jsonl", "corpus.jsonl", "qrels"


def read(path: Path) -> Iterator[Found]:
    topics = []
    for found in _objects(path / QUERIES):
        if isinstance(found, Problem):
            yield found
        else:
            place, facts = found
            topics.append(Topic(tidy(facts["_id"]), facts["text"], place))
    judged = sorted((path / QRELS).glob("*.tsv"))
    if not judged:
        yield Problem(str(path / QRELS), "", "holds no .tsv; it says which articles are relevant to a question")
    for file in judged:
        lines = judgements(file, columns=(0, 1, 2), width=3, header=True)
        yield from questions_from(topics, lines, str(file), split=file.stem)


def articles(path: Path) -> Iterator[Article]:
    """The corpus; raises `QuestionsError` at the first line that cannot be read."""
    for found in _objects(path / CORPUS):
        if isinstance(found, Problem):
            raise QuestionsError([str(found)])
        _, facts = found
        title, text = (tidy(str(facts.get(name) or "")).strip() for name in ("title", "text"))
        if text or title:
            yield Article(tidy(facts["_id"]), text or title, title=" ".join(title.split()), lang=detect(text or title))


def _objects(path: Path) -> Iterator[tuple[str, dict[str, Any]] | Problem]:
    """The objects of a file with their places; each has the strings `_id` and `text`."""
    for line in lines_of(path):
        if isinstance(line, Problem):
            yield line
        elif line.text.strip():
            try:
                facts = json.loads(line.text)
            except (ValueError, RecursionError) as error:
                yield Problem(line.place, "", f"is not JSON: {error}")
                continue
            missing = _missing(facts)
            yield Problem(line.place, missing, "must be a string") if missing else (line.place, facts)


def _missing(facts: Any) -> str:
    """The first field that is not as it should be, or nothing."""
    named = facts if isinstance(facts, dict) else {}
    return next((name for name in ("_id", "text") if not isinstance(named.get(name), str)), "")
