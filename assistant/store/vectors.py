"""The vectors in memory, for search: a FAISS index derived from the database and cached beside it.

The database's manifest names the file and the generation it was built from. A file that is missing, stale or damaged
costs time, never an answer: what it lacks is taken from the database.
"""

from __future__ import annotations

import logging
import os
import threading
import uuid
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.embed import Vectors
from assistant.store.database import Database

logger = logging.getLogger(__name__)


class VectorCache:
    """Exact cosine search over the unit vectors of a database. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._folder = database.path.parent
        self._lock = threading.RLock()
        self._generation = -1
        self._saved_generation = -1
        self._faiss: Any = None
        self._load()

    def _load(self) -> None:
        """The cached file that the manifest names, where it can be read.

        A database put back from a copy names the file of its own time, so that numbers given out anew never meet
        the vectors of other words.
        """
        import faiss

        manifest = self.database.manifest()
        path = self._folder / manifest.get("vectors", "none")
        if not path.exists():
            return
        try:
            self._faiss = faiss.read_index(str(path))
            self._generation = self._saved_generation = int(manifest["vectors_generation"])
        except RuntimeError as error:
            logger.warning("%s cannot be read, so the vectors come from the database: %s", path, error)

    def refresh(self) -> None:
        """Takes in what the database has gained or lost since; costs one small query when nothing has."""
        if self.database.generation == self._generation:
            return
        with self._lock:
            # Read before the numbers: if a writer comes in between, the next question looks again.
            generation = self.database.generation
            wanted = self.database.passage_numbers()
            held = self._held()
            stale = np.setdiff1d(held, wanted, assume_unique=True)
            if len(stale):
                self._faiss.remove_ids(stale)
            for numbers, vectors in self.database.vectors(np.setdiff1d(wanted, held, assume_unique=True)):
                self._faiss = self._faiss if self._faiss is not None else _empty(vectors.shape[1])
                self._faiss.add_with_ids(vectors, numbers)
            self._generation = generation

    def behind(self) -> int:
        """How many passages of the database are not in memory yet."""
        return len(np.setdiff1d(self.database.passage_numbers(), self._held()))

    def differing(self) -> int:
        """How many passages are in the database alone or in memory alone."""
        return len(np.setxor1d(self.database.passage_numbers(), self._held()))

    def _held(self) -> npt.NDArray[np.int64]:
        import faiss

        if self._faiss is None:
            return np.zeros(0, np.int64)
        return np.asarray(faiss.vector_to_array(self._faiss.id_map), np.int64)

    def search(self, vector: Vectors, k: int, among: npt.NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """Passage number and cosine of the `k` nearest (of those `among`), best first; equals by number."""
        import faiss

        self.refresh()
        with self._lock:
            if self._faiss is None or not self._faiss.ntotal or k < 1:
                return []
            chosen = None if among is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
            cosines, numbers = self._faiss.search(vector[None], min(k, self._faiss.ntotal), params=chosen)
        found = zip(numbers[0].tolist(), cosines[0].tolist(), strict=True)
        # Where fewer than `k` are allowed, FAISS fills up with the number -1.
        return sorted((pair for pair in found if pair[0] >= 0), key=lambda pair: (-pair[1], pair[0]))

    def cosine(self, vector: Vectors, number: int) -> float:
        """The cosine of `vector` with one passage; 0 when the passage is gone."""
        with self._lock:
            try:
                return float(self._faiss.reconstruct(number) @ vector)
            except (RuntimeError, AttributeError):
                return 0.0

    def save(self) -> None:
        """Caches the vectors on disk: written beside, flushed to the disk, renamed, then named in the manifest.

        A cache that cannot be written is only logged: the articles are safe without it.
        """
        import faiss

        with self._lock:
            self.refresh()
            if self._faiss is None or self._saved_generation == self._generation:
                return
            path = self._folder / f"vectors-{uuid.uuid4().hex[:12]}.faiss"
            temporary = path.with_suffix(".part")
            try:
                faiss.write_index(self._faiss, str(temporary))
                with temporary.open("rb+") as file:
                    os.fsync(file.fileno())
                temporary.replace(path)
            except (RuntimeError, OSError) as error:
                logger.warning("The vectors could not be cached in %s: %s", self._folder, error)
                return
            self.database.set_manifest({"vectors": path.name, "vectors_generation": str(self._generation)})
            self._saved_generation = self._generation
            for other in self._folder.glob("vectors-*"):
                if other != path:
                    other.unlink(missing_ok=True)


def _empty(dimension: int) -> Any:
    import faiss

    return faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
