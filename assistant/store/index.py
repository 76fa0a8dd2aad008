"""One index: a folder with the database, the vectors derived from it and the writer's lock.

Any number of processes may read while one writes, and readers see new articles without a restart.
"""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout
from langchain_core.embeddings import Embeddings

from assistant.embed import Vectors, fingerprint
from assistant.errors import IndexBusyError, IndexMismatchError, StoreError
from assistant.records import ALL, Article, Facets, Filters, Passage
from assistant.store.database import FIRST_FILE, Database, current_file, digest, identity, missing, next_file
from assistant.store.vectors import VectorCache
from assistant.words import terms

# A question has few words; a pasted page must not become a thousand searches.
MOST_TERMS = 64
# SQLite scores about a million passages a second. A term held by more than these tells next to nothing beside rarer
# ones, and is passed over when there are some.
COMMON = 50_000


class Index:
    """One index folder, and the two ways to search it.

    `embeddings` may be None for what needs no vectors: listing, showing and removing articles. With one, its
    fingerprint must be the one the index was built with (`IndexMismatchError`).

    >>> index = Index(Path("indexes/default"), load_encoder(settings))
    >>> number, cosine = index.vectors.search(index.embed_question("gempa Cianjur"), k=1)[0]
    >>> index.passages([number])[number].article.title
    'Gempa Cianjur, Angka Korban Hari Pertama Masih Berbeda'
    """

    def __init__(
        self, folder: Path, embeddings: Embeddings | None = None, create: bool = False, file: Path | None = None
    ) -> None:
        """Opens the index; `file` names one of its files instead of the current one, for a rebuild."""
        self.folder = folder.absolute()
        self.embeddings = embeddings
        self.lock = FileLock(self.folder / "writer.lock")
        self._file = file
        self._swap = threading.RLock()
        self._vectors: VectorCache | None = None
        self._database = self._opened(file or current_file(self.folder) or self.folder / FIRST_FILE, create)

    def _opened(self, file: Path, create: bool = False) -> Database:
        database = Database(file, create)
        try:
            self._check_embedder(database)
        except IndexMismatchError:
            database.close()
            raise
        return database

    def _check_embedder(self, database: Database) -> None:
        if self.embeddings is None:
            return
        built_with = database.manifest().get("embedder")
        if built_with and built_with != fingerprint(self.embeddings):
            raise IndexMismatchError(
                f"The index in {self.folder} was built with another embedder ({built_with}, now"
                f" {fingerprint(self.embeddings)}). Set TANYA_EMBEDDER back, or build the index anew with:"
                f" tanya index PATH --index {self.folder} --rebuild"
            )

    @property
    def database(self) -> Database:
        """The current file: a rebuild by another process is noticed here, at the next use."""
        file = self._file or current_file(self.folder)
        if file is None:
            raise missing(self.folder)
        if identity(file) != self._database.identity:
            with self._swap:
                if identity(file) != self._database.identity:
                    before, self._database = self._database, self._opened(file)
                    before.close()
        return self._database

    @property
    def vectors(self) -> VectorCache:
        database = self.database
        with self._swap:
            if self._vectors is None or self._vectors.database is not database:
                self._vectors = VectorCache(database)
            return self._vectors

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What is in it

    def article(self, id: str) -> Article | None:
        return self.database.article(id)

    def articles(self, limit: int = -1, offset: int = 0) -> list[Article]:
        """The articles, newest first; with a `limit` so many of them, after the first `offset`."""
        return self.database.articles(limit, offset)

    def passages_of(self, article: str) -> list[Passage]:
        """The passages of the article of that id, in its order; none of an unknown one."""
        return self.database.passages_of(article)

    def facets(self, filters: Filters = ALL) -> Facets:
        """How many articles the filters let through, by month, by source and by language."""
        return self.database.facets(filters)

    @property
    def contents(self) -> str:
        """A hash of all that decides what a search finds: the embedder, the way of cutting, and every article."""
        return self.database.contents()

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
    def writer(self, chunker: str | None = None, wait_seconds: float = 0) -> Iterator[None]:
        """The right to write, for one process at a time; at the end the vectors are cached on disk.

        `chunker` names how passages are cut; an index keeps to one way. Raises `IndexBusyError` when another
        process writes, `IndexMismatchError` when the index was cut another way.
        """
        with locked(self.lock, wait_seconds):
            self._check_chunker(chunker)
            yield
            self.vectors.save()

    def _check_chunker(self, chunker: str | None) -> None:
        if chunker is None:
            return
        built_with = self.database.manifest().get("chunker")
        if built_with and built_with != chunker and self.passage_count:
            raise IndexMismatchError(
                f"The index in {self.folder} has passages of {built_with}, the settings say {chunker}."
                f" Set them back, or build the index anew with: tanya index PATH --index {self.folder} --rebuild"
            )
        if built_with != chunker:
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
        known = {name: value for name, value in self.database.manifest().items() if name in facts}
        if known and known != facts:
            raise IndexMismatchError(f"The index in {self.folder} was built with {known}, now it is {facts}.")
        if not known:
            self.database.set_manifest(facts)
        return vectors

    def remove(self, ids: Sequence[str]) -> int:
        """Removes articles; returns how many were there."""
        return self.database.delete(ids)

    # Searching

    def embed_question(self, question: str) -> Vectors:
        """The question's unit vector, shape `(dimension,)`."""
        if self.embeddings is None:
            raise ValueError("an index opened without an embedder cannot search by vectors")
        return _unit(np.asarray(self.embeddings.embed_query(question), np.float32))

    def allowed(self, filters: Filters) -> npt.NDArray[np.int64] | None:
        """The numbers of the passages that the filters let through, in order; None for all of them."""
        return np.sort(self.database.passage_numbers(filters)) if filters else None

    def search_words(
        self, question_terms: Sequence[str], k: int, among: npt.NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """Passage number and word score of the best `k` passages, or of the best of those `among` (sorted) numbers.

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
        for rank, (holding, term) in enumerate(sorted((holding, term) for term, holding in held.items())):
            if rank and holding > COMMON:
                break
            factor = _weight(holding, total) / _sqlite_weight(holding, total)
            for number, score in self.database.match_term(term):
                scores[number] += score * factor
        if among is not None:
            found = np.fromiter(scores, np.int64, len(scores))
            scores = defaultdict(float, {int(n): scores[int(n)] for n in found[np.isin(found, among)]})
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:k]
        return [(number, min(score / sum_of_weights, 1.0)) for number, score in best]

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        return self.database.passages(numbers)

    def articles_of(self, numbers: Iterable[int]) -> dict[int, tuple[int, str]]:
        return self.database.articles_of(numbers)


@contextmanager
def locked(lock: FileLock, wait_seconds: float = 0) -> Iterator[None]:
    """Holds the writer's lock. Raises `IndexBusyError` when another process does, for longer than `wait_seconds`."""
    try:
        Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        folder = Path(lock.lock_file).parent
        raise IndexBusyError(
            f"Another process is writing to {folder}. Wait until it is done, then run the command again."
        ) from error
    except OSError as error:
        raise StoreError(f"{lock.lock_file} cannot be made: {error.strerror}.") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def rebuilding(folder: Path, embeddings: Embeddings) -> Iterator[Index]:
    """An empty index that takes the place of the one in `folder`, at once and whole, when the block ends well.

    Until then, and whatever happens in the block, the old index stays as it was; nobody else can write to it.
    """
    fresh = next_file(folder.absolute())
    part = fresh.with_suffix(".part")
    lock = FileLock(folder.absolute() / "writer.lock")
    with locked(lock):
        try:
            _remove(part)
            with Index(folder, embeddings, create=True, file=part) as index:
                index.lock = lock
                yield index
            if part.with_name(f"{part.name}-wal").exists():
                raise StoreError(f"{part} is still in use; the old index was kept.")
            part.replace(fresh)
            for old in folder.absolute().glob("tanya-*.sqlite3"):
                if old != fresh:
                    _remove(old)
        finally:
            _remove(part)


def _remove(file: Path) -> None:
    """A database file with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


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
