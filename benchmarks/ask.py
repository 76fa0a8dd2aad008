"""Asking, on a warm process, at 10,000 passages: milliseconds by stage, and against one embedding of the question.

.venv/bin/python -m benchmarks.ask [--passages 10000] [--questions 60]

The passages are made of sentences of the demonstration corpus in random order, with vectors of the right size drawn at
random for all but the corpus itself, so that the index is built in seconds; what is measured, from the question's text
to the whole answer, is all real.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from assistant.chain import build
from assistant.chunk import SentenceSplitter, sentence_offsets
from assistant.clean import clean
from assistant.config import Settings
from assistant.embed import Encoder, load_encoder
from assistant.errors import ReadError
from assistant.ingest import ingest
from assistant.read import read
from assistant.records import Article
from assistant.store import Index
from assistant.words import terms

CORPUS = Path(__file__).resolve().parent.parent / "corpus" / "articles"
QUESTIONS = [
    "what weapons did Myanmar buy from Russia?",
    "Senjata apa yang dibeli Myanmar dari Rusia?",
    "How many people died in the Cianjur earthquake?",
    "Kapan kereta cepat Whoosh diresmikan?",
    "How much is the Philippine contract for BrahMos missiles worth?",
    "Berapa umur lukisan gua di Leang Karampuang?",
]


def fill_up(index: Index, encoder: Encoder, passages: int) -> None:
    """Adds made-up articles until the index holds that many passages."""
    dice = random.Random(1)
    noise = np.random.default_rng(1)
    sentences = [
        article.text[start:end]
        for article in (clean(item) for item in read([CORPUS]) if not isinstance(item, ReadError))
        for start, end in sentence_offsets(article.text, article.lang)
    ]
    splitter = SentenceSplitter()
    number = 0
    while index.passage_count < passages:
        batch = []
        for _ in range(200):
            number += 1
            article = Article(f"made-{number}", " ".join(dice.choices(sentences, k=20)), lang="id")
            parts = splitter.passages(article)
            vectors = noise.normal(size=(len(parts), encoder.dimension)).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            batch.append((article, parts, vectors, [" ".join(terms(p.text, "id")) for p in parts]))
        index.database.replace(batch)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=60)
    arguments = parser.parse_args()
    encoder = load_encoder(Settings())
    with tempfile.TemporaryDirectory() as name, Index(Path(name), encoder, create=True) as index:
        ingest([CORPUS], index, SentenceSplitter())
        fill_up(index, encoder, arguments.passages)
        chain = build(Settings(), index)
        for question in QUESTIONS:
            chain.invoke(question)
        whole, stages, embedding = [], [], []
        for number in range(arguments.questions):
            question = QUESTIONS[number % len(QUESTIONS)]
            begun = time.perf_counter()
            answer = chain.invoke(question)
            whole.append(1000 * (time.perf_counter() - begun))
            stages.append({stage: 1000 * seconds for stage, seconds in answer.seconds.items()})
            begun = time.perf_counter()
            encoder.embed_query(question)
            embedding.append(1000 * (time.perf_counter() - begun))
        print(f"{torch.get_num_threads()} threads, {index.passage_count} passages, {len(whole)} questions")
    p50, p95 = statistics.median(whole), statistics.quantiles(whole, n=20)[-1]
    print(f"whole answer   p50 {p50:6.1f} ms   p95 {p95:6.1f} ms   {p50 / statistics.median(embedding):.1f} embeddings")
    for stage in stages[0]:
        print(f"{stage:<14} p50 {statistics.median(s[stage] for s in stages):6.1f} ms")


if __name__ == "__main__":
    main()
