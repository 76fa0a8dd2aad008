"""Reading-comprehension rows as examples: a question, a passage, where it is answered. Knows nothing of models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from training.encoder.data import read_rows
from training.written import read_written


@dataclass(frozen=True)
class Example:
    """`spans` are (start, end) offsets of acceptable answers in `passage`; none where it does not answer.

    `language` is the passage's, `asked` the question's; `siblings` are other passages of the same article. `yes` is
    whether the answer to a question for yes or no is yes.
    """

    id: str
    question: str
    passage: str
    spans: tuple[tuple[int, int], ...]
    source: str
    language: str
    asked: str = ""
    siblings: tuple[str, ...] = ()
    yes: bool | None = None

    @property
    def answers(self) -> list[str]:
        return [self.passage[start:end] for start, end in self.spans]


def read_examples(data: Path, language: str, split: str) -> list[Example]:
    """All rows of one language; an answer whose offset is wrong is looked for, and left out where it is not there."""
    examples = []
    for row in read_rows(data / f"qa.{language}.{split}.jsonl.gz"):
        spans = [_found(row["context"], a["text"], a["start"]) for a in row["answers"]]
        known = tuple(dict.fromkeys(span for span in spans if span))
        if spans and not known:
            continue
        examples.append(Example(row["id"], row["question"], row["context"], known, row["source"], language, language))
    return examples


def written_examples(data: Path, set_: str) -> list[Example]:
    """A set of the questions that were written for the recipes; its name is their source."""
    return [
        Example(
            written.id,
            written.question,
            written.passage,
            ((written.start, written.start + len(written.answer)),) if written.answer else (),
            set_,
            written.language,
            written.asked,
            written.siblings,
            written.yes,
        )
        for written in read_written(data, set_)
    ]


def _found(passage: str, answer: str, start: int) -> tuple[int, int] | None:
    kept = answer.strip()
    if not kept:
        return None
    if passage[start : start + len(answer)] != answer:
        start = passage.find(kept)
        return (start, start + len(kept)) if start >= 0 else None
    start += len(answer) - len(answer.lstrip())
    return start, start + len(kept)


def translated(examples: Sequence[Example], translations: dict[str, str], language: str) -> list[Example]:
    """The examples that have a translation, asked in the other language."""
    return [replace(e, question=translations[e.id], asked=language) for e in examples if e.id in translations]
