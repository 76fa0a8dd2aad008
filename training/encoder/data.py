"""Reads the training and development files. Knows nothing of models.

Every file is gzipped JSON Lines; the folder that holds them is an argument of every step.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.words import WORD

RARE = 20  # times


@dataclass(frozen=True)
class Pair:
    """One sentence in both languages, with the collection it came from."""

    en: str
    id: str
    source: str


@dataclass(frozen=True)
class Question:
    """A question and a passage; ``answerable`` says whether the passage answers it."""

    id: str
    question: str
    passage: str
    answerable: bool
    source: str


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_pairs(data: Path, split: str) -> list[Pair]:
    rows = read_rows(data / f"parallel.en-id.{split}.jsonl.gz")
    return [Pair(r["en"], r["id"], r["source"]) for r in rows]


def read_dictionary(data: Path) -> list[Pair]:
    return [Pair(r["en"], r["id"], "dictionary") for r in read_rows(data / "dictionary.en-id.jsonl.gz")]


def read_to_distil(data: Path) -> list[Pair]:
    """The training pairs, then what the dictionary has for words that they seldom have.

    What common words mean is learned from sentences: the dictionary gives "white" for "putih telur" as well.
    """
    pairs = read_pairs(data, "train")
    seen = Counter(word for pair in pairs for word in words(pair.id))
    return pairs + [e for e in read_dictionary(data) if min((seen[w] for w in words(e.id)), default=RARE) < RARE]


def read_questions(data: Path, language: str, split: str) -> list[Question]:
    rows = read_rows(data / f"qa.{language}.{split}.jsonl.gz")
    return [Question(r["id"], r["question"], r["context"], bool(r["answers"]), r["source"]) for r in rows]


def words(text: str) -> list[str]:
    """Lower-case runs of ASCII letters, the words the vocabulary step counts.

    >>> words("Menlu Retno Marsudi, 2022.")
    ['menlu', 'retno', 'marsudi']
    """
    return re.findall(r"[a-z]+", text.lower())


def bare(passage: str) -> str:
    """Its words and numbers alone: what copies of a passage have in common, whatever their punctuation.

    >>> bare("Moskwa, Senin (22/8).")
    'moskwa senin 22 8'
    """
    return " ".join(WORD.findall(passage.lower()))


def batches_by_tokens(lengths: Sequence[int], tokens_per_batch: int) -> list[np.ndarray]:
    """Indices in batches of like length, each at most ``tokens_per_batch`` once padded.

    >>> [batch.tolist() for batch in batches_by_tokens([5, 2, 2, 5], 10)]
    [[1, 2], [0, 3]]
    """
    order = np.argsort(np.asarray(lengths), kind="stable")
    batches, begin = [], 0
    for end in range(1, len(order) + 1):
        full = end < len(order) and (end + 1 - begin) * lengths[order[end]] > tokens_per_batch
        if end == len(order) or full:
            batches.append(order[begin:end])
            begin = end
    return batches
