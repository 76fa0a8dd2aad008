"""Measures the reader, as the product runs it, on development tasks of the product's shapes, and prints the table.

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
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant.config import Settings
from assistant.disagreement import CERTAIN
from assistant.embed import load_encoder
from assistant.language import detect
from assistant.reader import SpanReader
from assistant.records import Article, Hit, Passage, Question
from training.encoder.measure import HERE as TRANSLATIONS
from training.reader.data import Example, read_examples, translated
from training.written import read_held_out

NOTHING = -100.0


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


def best_span(reader: SpanReader, example: Example) -> tuple[str, float]:
    """The best span of the passage, and by how much its score beats that of "not here"."""
    candidates = reader.candidates(Question(example.question, detect(example.question)), [alone(example.passage)])
    if not candidates:
        return "", NOTHING
    return example.passage[candidates[0].start : candidates[0].end], candidates[0].margin


def alone(passage: str) -> Hit:
    """The passage as an article of its own, found first."""
    article = Article("passage", passage, lang=detect(passage))
    return Hit(Passage(article, 0, len(passage)), score=1.0, rank=1, vector_score=1.0)


def yes_or_no(data: Path, reader: SpanReader) -> None:
    """Prints how often it is right about yes and no, over the questions held out and over those it is certain of."""
    said, meant = [], []
    for written in read_held_out(data):
        for span in reader.read(Question(written.question, detect(written.question)), [alone(written.passage)])[:1]:
            if span.yes is not None:  # else the product takes it for another kind of question
                said.append(span.yes)
                meant.append(bool(written.yes))
    yes, is_yes = np.array(said), np.array(meant)
    right = (yes >= 0.5) == is_yes
    print(f"\nyes or no: {len(yes)} questions, {is_yes.mean():.3f} of them yes; AUROC {roc_auc_score(is_yes, yes):.3f}")
    for least in (0.5, CERTAIN, 0.9):
        certain = np.maximum(yes, 1 - yes) >= least
        print(f"at least {least:.2f} sure of {certain.mean():.3f}, right there {right[certain].mean():.3f}")


def measure(data: Path, folder: Path) -> list[dict[str, Any]]:
    reader, rows = SpanReader(folder, load_encoder(Settings())), []
    print(f"{'task':<52} {'n':>5}     F1  AUROC  declined wrongly, rightly")
    for name, examples in development_tasks(data).items():
        read = [best_span(reader, example) for example in examples]
        margins = np.array([margin for _, margin in read])
        answerable = np.array([bool(e.spans) for e in examples])
        mixed = not answerable.all()
        given = [text if not mixed or margin > 0 else "" for text, margin in read]
        score = float(np.mean([f1(text, e.answers) for text, e in zip(given, examples, strict=True)]))
        auroc = float(roc_auc_score(answerable, margins)) if mixed else float("nan")
        wrongly = float((margins[answerable] <= 0).mean())
        rightly = float((margins[~answerable] <= 0).mean()) if mixed else float("nan")
        print(f"{name:<52} {len(examples):>5}  {score:.3f}  {auroc:.3f}  {wrongly:.3f} {rightly:.3f}", flush=True)
        rows.append({"task": name, "questions": len(examples), "f1": score, "auroc": auroc})
    yes_or_no(data, reader)
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    arguments = parser.parse_args()
    figures = measure(arguments.data, arguments.folder)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))
