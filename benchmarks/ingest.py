"""Indexing, against LangChain's stock pipeline, with the same model, threads and passages in number.

.venv/bin/python -m benchmarks.ingest [--passages 2000] [--rounds 3]

Stock is RecursiveCharacterTextSplitter, HuggingFaceEmbeddings and FAISS.from_documents with save_local: vectors in a
file and a pickle beside it. Tanya also stores the articles and their words in SQLite, transaction by transaction. The
two take turns; the ratio of each pair counts, for a shared machine's speed drifts. The model is loaded before.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, cycle
from pathlib import Path

import torch
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.chunk import SentenceSplitter
from assistant.clean import clean
from assistant.config import Settings
from assistant.embed import BundledEncoder, Encoder, bundled_encoder
from assistant.errors import ReadError
from assistant.ingest import ingest
from assistant.read import read
from assistant.records import Article
from assistant.store import Index

CORPUS = Path(__file__).resolve().parent.parent / "corpus" / "articles"


def articles(passages: int) -> list[Article]:
    """Articles of the demonstration corpus, repeated under new ids until they make that many passages."""
    splitter = SentenceSplitter()
    own = [clean(item) for item in read([CORPUS]) if not isinstance(item, ReadError)]
    chosen: list[Article] = []
    total = 0
    for number, article in zip(count(), cycle(own), strict=False):
        if total >= passages:
            return chosen
        chosen.append(replace(article, id=f"a{number}"))
        total += len(splitter.passages(article))
    return chosen


def write(chosen: list[Article], folder: Path) -> None:
    folder.mkdir()
    for article in chosen:
        (folder / f"{article.id}.txt").write_text(article.text, "utf-8")


def tanya(folder: Path, place: Path, encoder: Encoder) -> int:
    with Index(place, encoder, create=True) as index:
        ingest([folder], index, SentenceSplitter())
        return index.passage_count


def stock(folder: Path, place: Path, embeddings: HuggingFaceEmbeddings) -> int:
    documents = [Document(path.read_text("utf-8"), metadata={"source": str(path)}) for path in sorted(folder.iterdir())]
    splitter = RecursiveCharacterTextSplitter(chunk_size=Settings().passage_chars, chunk_overlap=100)
    parts = splitter.split_documents(documents)
    FAISS.from_documents(parts, embeddings).save_local(str(place))
    return len(parts)


def rounds(chosen: list[Article], times: int) -> Iterator[tuple[float, float]]:
    """Passages per second of Tanya and of the stock pipeline, a pair a round."""
    encoder = BundledEncoder()
    embeddings = HuggingFaceEmbeddings(model_name=str(bundled_encoder()), encode_kwargs={"normalize_embeddings": True})
    encoder.embed_query("warm")
    embeddings.embed_query("warm")
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            write(chosen, place / "articles")
            begun = time.perf_counter()
            ours = tanya(place / "articles", place / "tanya", encoder) / (time.perf_counter() - begun)
            begun = time.perf_counter()
            theirs = stock(place / "articles", place / "stock", embeddings) / (time.perf_counter() - begun)
            yield ours, theirs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{torch.get_num_threads()} threads, {arguments.passages} passages")
    ratios = []
    for ours, theirs in rounds(articles(arguments.passages), arguments.rounds):
        ratios.append(ours / theirs)
        print(f"tanya {ours:6.1f}   stock {theirs:6.1f} passages/s   ratio {ours / theirs:.2f}", flush=True)
    print(f"ratio tanya/stock: median {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    main()
