"""Fits the reader's probability: a logistic model over a span's signals, for the best span of a question.

python -m training.reader.calibrate DATA FOLDER     -> FOLDER/calibration.json, and what the probability is worth

Every question is searched and read as the product does it: reading-comprehension questions of the development files
among the contexts of all, and the `dev` half of corpus/questions.jsonl over the demonstration corpus; its `test` half
is only measured. Part of the answerable ones lose their own context, so that "not in the articles" is seen in its
commonest form: near passages, no answer. News counts more, for news is what Tanya reads. Figures for what is fitted
come from five-fold cross-validation.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.chunk import SentenceSplitter
from assistant.config import Settings
from assistant.embed import load_encoder, nearest
from assistant.evaluate.answers import RIGHT_F1, same_numbers
from assistant.evaluate.questions import TestQuestion, read_questions
from assistant.ingest import ingest
from assistant.language import detect
from assistant.reader import SIGNALS, Candidate, SpanReader
from assistant.records import Article, Question
from assistant.retrieve import HybridRetriever
from assistant.store import Index
from assistant.understand import understand
from training.encoder.data import bare
from training.encoder.model import use_threads
from training.reader.data import Example, read_examples, translated
from training.reader.measure import f1, translations

SEED = 7
EACH = 250
WITHOUT_OWN = 0.3
NEWS_WEIGHT = 4.0
FOLDS = 5
CORPUS = Path(__file__).resolve().parents[2] / "corpus"
SOURCES = ("idk-mrc", "facqa", "squadshifts_new_wiki")
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)


@dataclass(frozen=True)
class Read:
    """The spans read for a question, which of them are right, and whether there was an answer to find."""

    candidates: list[Candidate]
    right: list[bool]
    answerable: bool
    weight: float

    @property
    def signals(self) -> np.ndarray:
        """(candidates, signals)"""
        return np.array([candidate.signals() for candidate in self.candidates])


def questions(data: Path) -> list[Example]:
    dice = random.Random(SEED)
    indonesian, english = read_examples(data, "id", "dev"), read_examples(data, "en", "dev")
    chosen = [*translated(indonesian, translations("dev.en-id.jsonl"), "en")]
    chosen += translated(english, translations("dev.id-en.jsonl"), "id")
    for source in SOURCES:
        own = [e for e in indonesian + english if e.source == source]
        chosen += dice.sample(own, min(EACH, len(own)))
    return chosen


def read_contexts(data: Path, settings: Settings, reader: SpanReader) -> list[Read]:
    examples, dice = questions(data), random.Random(SEED)
    # Of copies one: nobody could tell which of them a question was written for.
    texts = {bare(e.passage): e.passage for e in examples}
    articles = [Article(f"c{k}", text, lang=detect(text)) for k, text in enumerate(texts.values())]
    ids = {words: article.id for words, article in zip(texts, articles, strict=True)}
    encoder, splitter = load_encoder(settings), SentenceSplitter()
    results = []
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        index = stack.enter_context(Index(Path(folder) / "contexts", encoder, create=True))
        with index.writer(splitter.name):
            for begin in track(range(0, len(articles), 100), "indexing"):
                index.put([(article, splitter.passages(article)) for article in articles[begin : begin + 100]])
        retriever = HybridRetriever(index=index, top_k=settings.top_k + 2, vector_weight=settings.vector_weight)
        for example in track(examples, "reading"):
            question = Question(example.question, detect(example.question))
            hits = retriever.hits(question)
            own = ids[bare(example.passage)]
            if dice.random() < WITHOUT_OWN:
                hits = tuple(hit for hit in hits if hit.passage.article.id != own)
            hits = hits[: settings.top_k]
            candidates = reader.candidates(question, hits)
            right = [
                c.hit.passage.article.id == own and _likeness(_text(c), example.answers) >= RIGHT_F1 for c in candidates
            ]
            there = any(hit.passage.article.id == own for hit in hits)
            results.append(Read(candidates, right, bool(example.spans) and there, 1.0))
    return [one for one in results if one.candidates]


def read_corpus(split: str, settings: Settings, reader: SpanReader) -> list[Read]:
    """Right is a span with the gold answer's words, or one inside a gold quotation that shares words with it."""
    results = []
    asked = [question for question in read_questions(CORPUS / "questions.jsonl") if question.split == split]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        encoder = load_encoder(settings)
        index = stack.enter_context(Index(Path(folder) / "corpus", encoder, create=True))
        ingest([CORPUS / "articles"], index, SentenceSplitter())
        retriever = HybridRetriever(index=index, top_k=settings.top_k, vector_weight=settings.vector_weight)
        for one in track(asked, f"corpus, {split}"):
            question = understand(one.messages, settings.max_question_chars, partial(nearest, encoder))
            candidates = reader.candidates(question, retriever.hits(question))
            right = [one.answerable and _right(candidate, one) for candidate in candidates]
            results.append(Read(candidates, right, one.answerable, NEWS_WEIGHT))
    return [one for one in results if one.candidates]


def _text(candidate: Candidate) -> str:
    return candidate.hit.passage.article.text[candidate.start : candidate.end]


def _likeness(text: str, answers: Sequence[str]) -> float:
    """The token F1 with the best of the answers that has no other number."""
    return max((f1(text, [answer]) for answer in answers if same_numbers(text, answer)), default=0.0)


def _right(candidate: Candidate, question: TestQuestion) -> bool:
    article = candidate.hit.passage.article
    score = _likeness(_text(candidate), question.answers)
    places = [(article.text.find(q.quote), len(q.quote)) for q in question.quotes if q.article == article.id]
    inside = any(at >= 0 and at < candidate.end and candidate.start < at + length for at, length in places)
    return score >= RIGHT_F1 or (inside and score > 0)


def fit(read: list[Read]) -> dict[str, float]:
    """A logistic model over all spans orders them; Platt's (1999) two numbers make the best score a probability."""
    signals, right = (np.concatenate([getattr(one, name) for one in read]) for name in ("signals", "right"))
    weight = np.concatenate([np.full(len(one.right), one.weight) for one in read])
    order = LogisticRegression(C=100, max_iter=3000).fit(signals, right, weight).coef_[0]
    best = [int(np.argmax(one.signals @ order)) for one in read]
    scores = np.array([[one.signals[k] @ order] for one, k in zip(read, best, strict=True)])
    platt = LogisticRegression(C=1e6).fit(
        scores, [one.right[k] for one, k in zip(read, best, strict=True)], [one.weight for one in read]
    )
    slope, bias = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    weights = {name: round(slope * float(weight), 4) for name, weight in zip(SIGNALS, order, strict=True)}
    return {"bias": round(bias, 4), **weights}


def cross_validated(read: list[Read]) -> tuple[np.ndarray, np.ndarray]:
    """Probability and rightness of each question's best span, by weights that the question had no part in."""
    fold = np.random.default_rng(SEED).permutation(len(read)) % FOLDS
    probability, right = np.zeros(len(read)), np.zeros(len(read), bool)
    for k in range(FOLDS):
        weights = fit([one for one, f in zip(read, fold, strict=True) if f != k])
        held = np.flatnonzero(fold == k)
        probability[held], right[held] = best_right([read[int(n)] for n in held], weights)
    return probability, right


def best_right(read: list[Read], weights: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Probability and rightness of each question's best span."""
    slopes = np.array([weight for name, weight in weights.items() if name != "bias"])
    logits = [one.signals @ slopes + weights["bias"] for one in read]
    right = np.array([one.right[int(np.argmax(logit))] for one, logit in zip(read, logits, strict=True)])
    return 1 / (1 + np.exp(-np.array([logit.max() for logit in logits]))), right


def report(name: str, read: list[Read], p: np.ndarray, h: np.ndarray) -> None:
    a = np.array([one.answerable for one in read])
    bins = np.clip((p * 10).astype(int), 0, 9)
    ece = sum(
        abs(p[bins == b].mean() - h[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any()
    )
    print(f"\n{name}: {len(p)} questions, {a.mean():.3f} with an answer among the passages")
    print(f"best span right, where there is an answer: {h[a].mean():.3f}")
    print(f"AUROC answerable {roc_auc_score(a, p):.3f}, right {roc_auc_score(h, p):.3f}, calibration error {ece:.3f}")
    for threshold in THRESHOLDS:
        said = p >= threshold
        print(
            f"threshold {threshold:.2f}: answers {said.mean():.2f}, right then {h[said].mean():.2f}, declines rightly"
            f" {(~said & ~a).sum() / max((~a).sum(), 1):.2f}, abstention right {(said == a).mean():.3f},"
            f" good in all {((said & h) | (~said & ~a)).mean():.3f}"
        )


def calibrate(data: Path, folder: Path, settings: Settings) -> None:
    file = folder / "calibration.json"
    # Signals are read with any weights; a folder new from its export has none yet.
    file.write_text(json.dumps(dict.fromkeys(("bias", *SIGNALS), 0.0)), encoding="utf-8")
    reader = SpanReader(folder, load_encoder(settings))
    contexts = read_contexts(data, settings, reader)
    dev, test = (read_corpus(split, settings, reader) for split in ("dev", "test"))
    weights = fit(contexts + dev)
    file.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    print(file.read_text(encoding="utf-8"))
    probability, right = cross_validated(contexts + dev)
    n = len(contexts)
    report("development questions", contexts, probability[:n], right[:n])
    report("demonstration corpus, dev", dev, probability[n:], right[n:])
    report("demonstration corpus, test", test, *best_right(test, weights))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vector-weight", type=float, default=Settings().vector_weight)
    arguments = parser.parse_args()
    use_threads()
    calibrate(arguments.data, arguments.folder, Settings(vector_weight=arguments.vector_weight))
