"""One index: a folder with the database, the vectors derived from it and the writer's lock.

Any number of processes may read while one writes, and readers see new articles without a restart.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from langchain_core.embeddings import Embeddings

from assistant.embed import fingerprint
from assistant.errors import IndexBusyError, IndexMismatchError
from assistant.records import Article, Passage
from assistant.store.database import Database, Vectors, digest
from assistant.store.vectors import VectorCache
from assistant.words import terms

# A question has few words; a pasted page must not become a thousand searches.
MOST_TERMS = 64


class Index:
    """The articles of one folder, and the two ways to search them.

    `embeddings` may be None for what needs no vectors: listing, showing and removing articles. With one, its
    fingerprint must be the one the index was built with (`IndexMismatchError`).

    >>> index = Index(Path("indexes/default"), load_encoder(settings))
    >>> index.search_vectors("gempa Cianjur", k=3)
    [(12, 0.71), (13, 0.64), (40, 0.38)]
    """

    def __init__(self, folder: Path, embeddings: Embeddings | None = None, create: bool = False) -> None:
        self.folder = folder
        self.embeddings = embeddings
        self.database = Database(folder, create)
        self._vectors: VectorCache | None = None
        try:
            self._check_embedder()
        except IndexMismatchError:
            self.close()
            raise

    def _check_embedder(self) -> None:
        if self.embeddings is None:
            return
        built_with = self.database.manifest().get("embedder")
        if built_with and built_with != fingerprint(self.embeddings):
            raise IndexMismatchError(
                f"The index in {self.folder} was built with another embedder ({built_with}, now"
                f" {fingerprint(self.embeddings)}). Set TANYA_EMBEDDER back, or build the index anew with:"
                f" tanya index PATH --index {self.folder} --rebuild"
            )

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What is in it

    def article(self, id: str) -> Article | None:
        return self.database.article(id)

    def articles(self) -> Iterator[Article]:
        """All articles, newest first."""
        return self.database.articles()

    @property
    def article_count(self) -> int:
        return self.database.counts()[0]

    @property
    def passage_count(self) -> int:
        return self.database.counts()[1]

    def is_unchanged(self, article: Article) -> bool:
        """Whether this very version of the article is stored."""
        return self.database.digest(article.id) == digest(article)

    # Writing

    @contextmanager
    def writer(self, chunker: str | None = None) -> Iterator[None]:
        """The right to write, for one process at a time; at the end the vectors are cached on disk.

        `chunker` names how passages are cut; an index keeps to one way. Raises `IndexBusyError` when another
        process writes, `IndexMismatchError` when the index was cut another way.
        """
        lock = FileLock(self.folder / "writer.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexBusyError(
                f"Another process is writing to {self.folder}. Wait until it is done, then run the command again."
            ) from error
        try:
            self._check_chunker(chunker)
            yield
            self.vectors.save()
        finally:
            lock.release()

    def _check_chunker(self, chunker: str | None) -> None:
        built_with = self.database.manifest().get("chunker")
        if chunker and built_with and built_with != chunker:
            raise IndexMismatchError(
                f"The index in {self.folder} has passages of {built_with}, the settings say {chunker}."
                f" Set them back, or build the index anew with: tanya index PATH --index {self.folder} --rebuild"
            )
        if chunker and not built_with:
            self.database.set_manifest({"chunker": chunker})

    def put(self, batch: Sequence[tuple[Article, Sequence[Passage]]]) -> None:
        """Embeds and stores articles with their passages, in one transaction; a known id is replaced."""
        vectors = self._embed([passage.searchable for _, passages in batch for passage in passages])
        rows = []
        position = 0
        for article, passages in batch:
            words = [" ".join(terms(passage.searchable, article.lang)) for passage in passages]
            rows.append((article, passages, vectors[position : position + len(passages)], words))
            position += len(passages)
        self.database.replace(rows)

    def _embed(self, texts: list[str]) -> Vectors:
        if self.embeddings is None:
            raise ValueError("an index opened without an embedder cannot take articles")
        if not texts:
            return np.zeros((0, 0), np.float32)
        vectors = _unit(np.asarray(self.embeddings.embed_documents(texts), np.float32))
        facts = {"embedder": fingerprint(self.embeddings), "dimension": str(vectors.shape[1])}
        if not facts.items() <= self.database.manifest().items():
            self._check_embedder()
            self.database.set_manifest(facts)
        return vectors

    def remove(self, ids: Sequence[str]) -> int:
        """Removes articles; returns how many were there."""
        return self.database.delete(ids)

    # Searching

    @property
    def vectors(self) -> VectorCache:
        if self._vectors is None:
            self._vectors = VectorCache(self.database)
        return self._vectors

    def embed_question(self, question: str) -> Vectors:
        """The question's unit vector, shape `(dimension,)`."""
        if self.embeddings is None:
            raise ValueError("an index opened without an embedder cannot search by vectors")
        return _unit(np.asarray(self.embeddings.embed_query(question), np.float32))

    def search_words(self, question_terms: Sequence[str], k: int) -> list[tuple[int, float]]:
        """Passage number and word score of the best `k` passages.

        The word score is Okapi BM25 (Robertson and Zaragoza 2009; k1 = 1.2, b = 0.75) over the sum of the terms'
        weights: a passage of average length that holds every term once scores 1. It is cut off at 1.
        """
        wanted = list(dict.fromkeys(question_terms))[:MOST_TERMS]
        total = self.passage_count
        if not wanted or not total:
            return []
        held = self.database.passages_with(wanted)
        sum_of_weights = sum(_weight(held.get(term, 0), total) for term in wanted)
        scores: defaultdict[int, float] = defaultdict(float)
        for term, holding in held.items():
            # A term that most passages hold tells nothing and costs the most time.
            if holding <= max(total / 2, 20):
                factor = _weight(holding, total) / _sqlite_weight(holding, total)
                for number, score in self.database.match_term(term):
                    scores[number] += score * factor
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:k]
        return [(number, min(score / sum_of_weights, 1.0)) for number, score in best]

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        return self.database.passages(numbers)


def _weight(holding: int, total: int) -> float:
    """A term's weight (idf) as Lucene has it: positive however small the index is."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def _sqlite_weight(holding: int, total: int) -> float:
    """A term's weight inside SQLite's bm25(), which is almost nothing for a term that half the passages hold."""
    return max(math.log((total - holding + 0.5) / (holding + 0.5)), 1e-6)


def _unit(vectors: Vectors) -> Vectors:
    """Vectors of length 1 along the last axis; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), np.float32)
