"""Fits the weights of `assistant/reader.py`: which sentence of the retrieved passages answers, and does any?

python -m training.sentences DATA [--embedder FOLDER]     prints WEIGHTS, and how well they do on questions held back

Every question is searched among the contexts of all, as the product searches. A third of the answerable ones lose
their own context, so that "not in the articles" is seen in its commonest form: near passages, no answer. The `dev`
half of corpus/questions.jsonl goes along, because news is what Tanya reads; its `test` half is only measured.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.chunk import SentenceSplitter, sentence_offsets
from assistant.config import Settings
from assistant.embed import SentenceEncoder, load_encoder
from assistant.ingest import ingest
from assistant.language import detect
from assistant.reader import SIGNALS, Candidate, SentenceReader
from assistant.records import Article, Question
from assistant.retrieve import HybridRetriever
from assistant.store import Index

SEED = 7
INDONESIAN, ENGLISH = 100, 50
ENGLISH_SOURCE = "squadshifts_new_wiki"
CORPUS = Path(__file__).resolve().parent.parent.parent / "corpus"
TRANSLATED_EACH = 80
TRANSLATED = ("train.en-id.jsonl", "train.id-en.jsonl")


@dataclass
class Asked:
    """A question with the sentences that were read for it; `right` says which of them hold the answer."""

    question: str
    candidates: list[Candidate]
    right: list[bool]


class Remembering(Embeddings):
    """Embeds each text once: many questions read the same sentences."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self.encoder = encoder
        self.fingerprint = encoder.fingerprint
        self.known: dict[str, list[float]] = {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        new = list(dict.fromkeys(text for text in texts if text not in self.known))
        self.known.update(zip(new, self.encoder.embed_documents(new), strict=True))
        return [self.known[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.encoder.embed_query(text)


def rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def questions(data: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Questions to fit with and questions held back, none sharing a context."""
    dice = random.Random(SEED)
    indonesian = rows(data / "qa.id.train.jsonl.gz")
    english = [row for row in rows(data / "qa.en.train.jsonl.gz") if row["source"] == ENGLISH_SOURCE]
    fit = dice.sample(indonesian, INDONESIAN) + dice.sample(english, ENGLISH)
    by_id = {row["id"]: row for row in indonesian + english}
    for name in TRANSLATED:
        lines = (Path(__file__).parent.parent / "encoder" / name).read_text("utf-8").splitlines()
        for line in map(json.loads, dice.sample(lines, TRANSLATED_EACH)):
            if line["id"] in by_id:
                fit.append({**by_id[line["id"]], "question": line["question"]})
    held_back = rows(data / "qa.id.dev.jsonl.gz")
    held_back += [row for row in rows(data / "qa.en.dev.jsonl.gz") if row["source"] == ENGLISH_SOURCE]
    return fit, dice.sample(held_back, min(100, len(held_back)))


def ask(asked: list[dict[str, Any]], index: Index, reader: SentenceReader, articles: dict[str, str]) -> list[Asked]:
    """Searches and reads every question; every third answerable one without its own context."""
    retriever = HybridRetriever(index=index, top_k=Settings().top_k + 2)
    results = []
    for number, row in enumerate(track(asked, "reading")):
        question = Question(row["question"], detect(row["question"]))
        own = articles[row["context"]]
        hits = retriever.hits(question)
        if row["answers"] and number % 3 == 0:
            hits = tuple(hit for hit in hits if hit.passage.article.id != own)
        candidates = reader.candidates(question, hits[: Settings().top_k])
        spans = [(answer["start"], answer["start"] + len(answer["text"])) for answer in row["answers"]]
        right = [
            c.hit.passage.article.id == own and any(c.start <= start and end <= c.end for start, end in spans)
            for c in candidates
        ]
        results.append(Asked(row["question"], candidates, right))
    return results


def ask_corpus(split: str, index: Index, reader: SentenceReader) -> list[Asked]:
    """The questions over the demonstration corpus; a sentence is right that a gold quotation holds or is held by."""
    retriever = HybridRetriever(index=index, top_k=Settings().top_k)
    results = []
    for row in map(json.loads, (CORPUS / "questions.jsonl").read_text("utf-8").splitlines()):
        if row["split"] != split or row.get("conversation"):
            continue
        question = Question(row["question"], detect(row["question"]))
        candidates = reader.candidates(question, retriever.hits(question))
        gold = [(quote["article"], quote["quote"]) for quote in row["quotes"]]
        right = [any(_same(c, article, quote) for article, quote in gold) for c in candidates]
        results.append(Asked(row["question"], candidates, right))
    return [one for one in results if one.candidates]


def _same(candidate: Candidate, article: str, quote: str) -> bool:
    text = candidate.hit.passage.article.text[candidate.start : candidate.end]
    return candidate.hit.passage.article.id == article and (text in quote or quote in text)


def fit(asked: list[Asked]) -> dict[str, float]:
    """A logistic model over sentences, then Platt's (1999) two numbers for the best sentence of a question."""
    signals = np.array([c.signals for one in asked for c in one.candidates])
    right = np.array([r for one in asked for r in one.right])
    weights = LogisticRegression(C=10.0, max_iter=1000).fit(signals, right).coef_[0]
    best = [max(range(len(one.candidates)), key=lambda k: float(weights @ one.candidates[k].signals)) for one in asked]
    scores = np.array([weights @ one.candidates[k].signals for one, k in zip(asked, best, strict=True)])
    hit = np.array([one.right[k] for one, k in zip(asked, best, strict=True)])
    platt = LogisticRegression(C=1e6).fit(scores[:, None], hit)
    slope = float(platt.coef_[0, 0])
    fitted = {name: round(slope * float(weight), 3) for name, weight in zip(SIGNALS, weights, strict=True)}
    return {"bias": round(float(platt.intercept_[0]), 3), **fitted}


def report(asked: list[Asked], weights: dict[str, float]) -> None:
    """How often the best sentence is right, and what its probability is worth."""
    probability, hit, answerable = [], [], []
    for one in asked:
        logits = [
            weights["bias"] + sum(weights[n] * s for n, s in zip(SIGNALS, c.signals, strict=True))
            for c in one.candidates
        ]
        best = int(np.argmax(logits))
        probability.append(1 / (1 + np.exp(-logits[best])))
        hit.append(one.right[best])
        answerable.append(any(one.right))
    p, h, a = np.array(probability), np.array(hit), np.array(answerable)
    bins = np.clip((p * 10).astype(int), 0, 9)
    ece = sum(
        abs(p[bins == b].mean() - h[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any()
    )
    print(f"questions {len(p)}, with an answer among the passages {a.mean():.3f}")
    print(f"best sentence right, where there is one: {h[a].mean():.3f}")
    print(f"AUROC answerable {roc_auc_score(a, p):.3f}   expected calibration error {ece:.3f}")
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
        said = p >= threshold
        good = (said & h) | (~said & ~a)
        print(
            f"threshold {threshold:.2f}: answers {said.mean():.2f}, right when it answers {h[said].mean():.2f},"
            f" declines rightly {(~said & ~a).sum() / max((~a).sum(), 1):.2f}, good in all {good.mean():.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--embedder", default="bundled")
    arguments = parser.parse_args()
    encoder = Remembering(load_encoder(Settings(embedder=arguments.embedder)))
    fit_rows, held_back = questions(arguments.data)
    contexts = dict.fromkeys(row["context"] for row in fit_rows + held_back)
    articles = {context: f"c{number}" for number, context in enumerate(contexts)}
    splitter = SentenceSplitter()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        index = stack.enter_context(Index(Path(folder) / "contexts", encoder, create=True))
        texts = list(articles.items())
        with index.writer(splitter.name):
            for begin in track(range(0, len(texts), 200), "indexing"):
                batch = [Article(id, text, lang=detect(text)) for text, id in texts[begin : begin + 200]]
                cut = [a.text[s:e] for a in batch for s, e in sentence_offsets(a.text, a.lang)]
                encoder.embed_documents(cut)
                index.put([(article, splitter.passages(article)) for article in batch])
        reader = SentenceReader(encoder)
        corpus = stack.enter_context(Index(Path(folder) / "corpus", encoder, create=True))
        ingest([CORPUS / "articles"], corpus, splitter)
        seen = [one for one in ask(fit_rows, index, reader, articles) if one.candidates]
        weights = fit(seen + ask_corpus("dev", corpus, reader))
        print("WEIGHTS =", json.dumps(weights, indent=4))
        print("\nencyclopedia and news questions, held back")
        report([one for one in ask(held_back, index, reader, articles) if one.candidates], weights)
        for split in ("dev", "test"):
            print(f"\ndemonstration corpus, {split}")
            report(ask_corpus(split, corpus, reader), weights)


if __name__ == "__main__":
    main()
