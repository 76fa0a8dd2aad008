"""The vectors in memory, for search: a FAISS index derived from the database and cached beside it.

The file's name says which index and which generation of it the vectors come from. A file that is missing, stale
or damaged costs time, never an answer: what it lacks is taken from the database.
"""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.store.database import Database

logger = logging.getLogger(__name__)

Vector = npt.NDArray[np.float32]


class VectorCache:
    """Exact cosine search over the unit vectors of a database. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._folder = database.path.parent
        self._name = database.manifest()["index"]
        self._lock = threading.RLock()
        self._generation = -1
        self._saved_generation = -1
        self._faiss: Any = None
        self._load()

    def _file(self, generation: int) -> Path:
        return self._folder / f"vectors-{self._name}-{generation}.faiss"

    def _load(self) -> None:
        """The newest cached file, where one can be read."""
        import faiss

        for path in sorted(self._folder.glob(f"vectors-{self._name}-*.faiss"), key=_generation_of, reverse=True):
            try:
                self._faiss = faiss.read_index(str(path))
                self._generation = self._saved_generation = _generation_of(path)
                return
            except RuntimeError as error:
                logger.warning("%s cannot be read, so the vectors come from the database: %s", path, error)

    def refresh(self) -> None:
        """Takes in what the database has gained or lost since; costs one small query when nothing has."""
        generation = self._database.generation
        if generation == self._generation:
            return
        with self._lock:
            if generation == self._generation:
                return
            wanted = self._database.passage_numbers()
            held = self._held()
            stale = np.setdiff1d(held, wanted, assume_unique=True)
            if len(stale):
                self._faiss.remove_ids(stale)
            for numbers, vectors in self._database.vectors(np.setdiff1d(wanted, held, assume_unique=True)):
                self._faiss = self._faiss if self._faiss is not None else _empty(vectors.shape[1])
                self._faiss.add_with_ids(vectors, numbers)
            self._generation = generation

    def behind(self) -> int:
        """How many passages of the database are not in memory yet."""
        return len(np.setdiff1d(self._database.passage_numbers(), self._held()))

    def _held(self) -> npt.NDArray[np.int64]:
        import faiss

        if self._faiss is None:
            return np.zeros(0, np.int64)
        return np.asarray(faiss.vector_to_array(self._faiss.id_map), np.int64)

    def search(self, vector: Vector, k: int) -> list[tuple[int, float]]:
        """Passage number and cosine of the `k` nearest, best first; equals by number."""
        self.refresh()
        with self._lock:
            if self._faiss is None or not self._faiss.ntotal:
                return []
            cosines, numbers = self._faiss.search(vector[None], min(k, self._faiss.ntotal))
        found = zip(numbers[0].tolist(), cosines[0].tolist(), strict=True)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def cosine(self, vector: Vector, number: int) -> float:
        """The cosine of `vector` with one passage; 0 when the passage is gone."""
        with self._lock:
            try:
                return float(self._faiss.reconstruct(number) @ vector)
            except (RuntimeError, AttributeError):
                return 0.0

    def save(self) -> None:
        """Caches the vectors on disk: written beside, flushed to the disk, then renamed."""
        import faiss

        with self._lock:
            self.refresh()
            if self._faiss is None or self._saved_generation == self._generation:
                return
            path = self._file(self._generation)
            temporary = path.with_suffix(".tmp")
            faiss.write_index(self._faiss, str(temporary))
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
            self._saved_generation = self._generation
            for other in self._folder.glob("vectors-*"):
                if other != path:
                    other.unlink(missing_ok=True)


def _generation_of(path: Path) -> int:
    return int(path.stem.rsplit("-", 1)[1])


def _empty(dimension: int) -> Any:
    import faiss

    return faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
