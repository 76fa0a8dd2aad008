"""Measures a reader on development tasks of the product's shapes, and prints the table.

python -m training.reader.measure DATA FOLDER [--json FILE]

F1 is SQuAD's (Rajpurkar et al. 2016), the best over the acceptable answers, but English articles count as words. In
rows with unanswerable questions an empty answer to such a question scores 1, and the answer is empty where the score
for "not here" is higher; in the others the best span counts, whatever its score. AUROC tells how well the score
difference sorts answerable from unanswerable questions.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from training.encoder.data import batches_by_tokens
from training.encoder.measure import HERE as TRANSLATIONS
from training.encoder.model import use_threads
from training.reader.data import Example, read_examples, translated
from training.reader.model import MAX_ANSWER_TOKENS, Reader, Window


@dataclass(frozen=True)
class Reading:
    """The best span of a passage, and by how much its score beats that of "not here"."""

    text: str
    margin: float


def normalised(text: str) -> list[str]:
    """Lower-case words without punctuation.

    >>> normalised("Su-30, di Jakarta.")
    ['su30', 'di', 'jakarta']
    """
    kept = "".join(c for c in text.lower() if not unicodedata.category(c).startswith("P"))
    return re.findall(r"\S+", kept)


def f1(answer: str, golds: Sequence[str]) -> float:
    """The best token F1 over the acceptable answers; without any, 1 for an empty answer."""
    if not golds:
        return float(not answer)
    return max(_f1(normalised(answer), normalised(gold)) for gold in golds)


def _f1(answer: list[str], gold: list[str]) -> float:
    common = sum((Counter(answer) & Counter(gold)).values())
    return 2 * common / (len(answer) + len(gold)) if common else 0.0


def translations(name: str) -> dict[str, str]:
    rows = map(json.loads, (TRANSLATIONS / name).read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["question"] for row in rows}


def swapped(examples: Sequence[Example]) -> list[Example]:
    """The examples, every second one over the passage of one three further: unanswerable."""
    changed = []
    for k, example in enumerate(examples):
        other = examples[(k + 3) % len(examples)]
        differs = not any(answer.lower() in other.passage.lower() for answer in example.answers)
        changed.append(replace(example, passage=other.passage, spans=()) if k % 2 and differs else example)
    return changed


def development_tasks(data: Path) -> dict[str, list[Example]]:
    indonesian, english = read_examples(data, "id", "dev"), read_examples(data, "en", "dev")

    def of(examples: list[Example], source: str) -> list[Example]:
        return [e for e in examples if e.source == source]

    to_indonesian = translated(indonesian, translations("dev.en-id.jsonl"), "en")
    answered = [e for e in to_indonesian if e.spans]
    return {
        "Indonesian, IDK-MRC": of(indonesian, "idk-mrc"),
        "Indonesian, news (FacQA)": of(indonesian, "facqa"),
        "English question, Indonesian passage": answered,
        "Indonesian question, English passage": translated(english, translations("dev.id-en.jsonl"), "id"),
        "English, SQuADShifts": of(english, "squadshifts_new_wiki"),
        "English question, Indonesian passage, half swapped": swapped(answered),
        "Indonesian, news, half swapped": swapped(of(indonesian, "facqa")),
    }


def read_with(reader: Reader, examples: Sequence[Example], max_tokens: int = 300) -> list[Reading]:
    """The best span in the first `max_tokens` of each passage."""
    random = np.random.default_rng(0)
    windows = [
        reader.window(reader.encode(e.question), reader.encode(e.passage), None, 64, 10**6, random) for e in examples
    ]
    windows = [_cut(w, max_tokens) for w in windows]
    readings: list[Reading | None] = [None] * len(examples)
    with torch.inference_mode():
        for rows in batches_by_tokens([len(w.ids) for w in windows], 4096):
            start, end = (s.numpy() for s in reader.scores([windows[k] for k in rows]))
            for k, s, e in zip(rows, start, end, strict=True):
                readings[k] = best(windows[k], s, e, examples[k].passage)
    return [r for r in readings if r]


def _cut(window: Window, max_tokens: int) -> Window:
    kept = window.begin + min(len(window.offsets), max_tokens)
    return replace(window, ids=[*window.ids[:kept], window.ids[-1]], offsets=window.offsets[:max_tokens])


def best(window: Window, start: np.ndarray, end: np.ndarray, passage: str) -> Reading:
    n = len(window.offsets)
    s, e = start[window.begin : window.begin + n], end[window.begin : window.begin + n]
    both = s[:, None] + e[None]
    far = np.arange(n)[None] - np.arange(n)[:, None]
    both[(far < 0) | (far >= MAX_ANSWER_TOKENS)] = -1e9
    a, z = np.unravel_index(int(both.argmax()), both.shape)
    text = passage[window.offsets[a][0] : window.offsets[z][1]]
    return Reading(text, float(both[a, z] - start[0] - end[0]))


def measure(data: Path, folder: Path) -> list[dict[str, Any]]:
    reader, rows = Reader(folder), []
    print(f"{'task':<52} {'n':>5}     F1  AUROC  declined wrongly, rightly")
    for name, examples in development_tasks(data).items():
        readings = read_with(reader, examples)
        margins = np.array([r.margin for r in readings])
        answerable = np.array([bool(e.spans) for e in examples])
        mixed = not answerable.all()
        given = [r.text if not mixed or r.margin > 0 else "" for r in readings]
        score = float(np.mean([f1(text, e.answers) for text, e in zip(given, examples, strict=True)]))
        auroc = float(roc_auc_score(answerable, margins)) if mixed else float("nan")
        wrongly = float((margins[answerable] <= 0).mean())
        rightly = float((margins[~answerable] <= 0).mean()) if mixed else float("nan")
        print(f"{name:<52} {len(examples):>5}  {score:.3f}  {auroc:.3f}  {wrongly:.3f} {rightly:.3f}", flush=True)
        rows.append({"task": name, "questions": len(examples), "f1": score, "auroc": auroc})
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    arguments = parser.parse_args()
    use_threads()
    figures = measure(arguments.data, arguments.folder)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))
