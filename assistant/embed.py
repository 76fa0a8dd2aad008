"""Text -> unit vectors, behind LangChain's `Embeddings`: the bundled model, or any of sentence-transformers.

Knows nothing of articles or stores. The bundled model is loaded from this package and never from the network; it is a
sentence-transformers folder too, but runs in 8 bits without PyTorch (`bert.py`).
"""

from __future__ import annotations

import hashlib
import json
import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from assistant import bert
from assistant.config import Settings
from assistant.errors import EmbedError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

# E5 was trained with these words before every text and is poor without them, but its files do not say so.
E5_NAME = re.compile(r"(^|[-_/])e5([-_]|$)", re.IGNORECASE)
E5_PREFIXES = {"query": "query: ", "passage": "passage: "}

BATCH = 32
BUNDLED_TOKENS = 256


class Encoder(Embeddings):
    """A model in a folder that makes unit vectors: float32, of length 1, so that a dot product is a cosine.

    The weights are read when the first text comes: to know the fingerprint, the folder's bytes are enough.
    """

    def __init__(self, name: str, folder: Path, query_prefix: str = "", passage_prefix: str = "") -> None:
        self.name = name
        self.folder = folder
        self.query_prefix = query_prefix
        self.passage_prefix = passage_prefix

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all that decides a vector: the model's files and the prefixes, not the folder's name."""
        digest = hashlib.sha256(json.dumps([self.query_prefix, self.passage_prefix]).encode())
        for relative, path in self._deciding_files():
            digest.update(relative.encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()[:16]

    def _deciding_files(self) -> Iterator[tuple[str, Path]]:
        for path in sorted(self.folder.rglob("*")):
            relative = path.relative_to(self.folder)
            if path.is_file() and path.suffix != ".md" and not any(part.startswith(".") for part in relative.parts):
                yield relative.as_posix(), path

    @property
    @abstractmethod
    def dimension(self) -> int:
        """How many numbers a vector has."""

    @abstractmethod
    def _vectors(self, texts: list[str]) -> Vectors:
        """Unit vectors of shape `(len(texts), dimension)`; `texts` is not empty."""

    def encode(self, texts: Sequence[str], prefix: str = "") -> Vectors:
        """Unit vectors of shape `(len(texts), dimension)`, float32, in the order of `texts`.

        Raises `EmbedError` when the model cannot be loaded or returns something that is not a finite number.
        """
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = np.asarray(self._vectors([prefix + encodable(text) for text in texts]), np.float32)
        if not np.isfinite(vectors).all():
            raise EmbedError(f"The embedder {self.name!r} gave numbers that are not finite; choose another one.")
        return vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return cast("list[list[float]]", self.encode(texts, self.passage_prefix).tolist())

    def embed_query(self, text: str) -> list[float]:
        return cast("list[float]", self.encode([text], self.query_prefix)[0].tolist())


class BundledEncoder(Encoder):
    """The model that comes with Tanya: the mean of its tokens' states. What is longer than 256 tokens is cut."""

    def __init__(
        self, query_prefix: str = "", passage_prefix: str = "", threads: int = 0, folder: Path | None = None
    ) -> None:
        super().__init__("bundled", folder or bundled_encoder(), query_prefix, passage_prefix)
        self._threads = threads

    def _deciding_files(self) -> Iterator[tuple[str, Path]]:
        yield from super()._deciding_files()
        yield bert.GRAPH.name, bert.GRAPH

    @property
    def _bert(self) -> bert.Bert:
        try:
            return bert.load(self.folder, self._threads)
        except ValueError as error:
            raise EmbedError(f"The bundled encoder cannot be loaded ({error}). Install Tanya anew.") from error

    @property
    def dimension(self) -> int:
        return len(self._bert.weight("embeddings.LayerNorm.bias"))

    def _vectors(self, texts: list[str]) -> Vectors:
        model = self._bert
        means = np.stack(model.side_by_side(lambda text: model.states(self._ids(model, text)).mean(axis=0), texts))
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)

    @staticmethod
    def _ids(model: bert.Bert, text: str) -> list[int]:
        ids = model.tokenizer.encode(text).ids
        return ids if len(ids) <= BUNDLED_TOKENS else ids[: BUNDLED_TOKENS - 1] + ids[-1:]


class SentenceEncoder(Encoder):
    """A sentence-transformers model in a folder, or one named on the Hugging Face hub.

    A prefix that is None is taken from the model's own prompts (`query`, and `document` or `passage`), and from the
    name for E5.
    """

    def __init__(
        self,
        name: str | Path,
        query_prefix: str | None = None,
        passage_prefix: str | None = None,
        threads: int = 0,
    ) -> None:
        super().__init__(str(name), model_folder(str(name)))
        self._threads = threads
        self.query_prefix = self._prefix(("query",), query_prefix, E5_PREFIXES["query"])
        self.passage_prefix = self._prefix(("document", "passage"), passage_prefix, E5_PREFIXES["passage"])

    def _prefix(self, prompts: Sequence[str], given: str | None, e5: str) -> str:
        if given is not None:
            return given
        config = self.folder / "config_sentence_transformers.json"
        own = json.loads(config.read_text("utf-8")).get("prompts") or {} if config.exists() else {}
        found = next((own[prompt] for prompt in prompts if own.get(prompt)), "")
        return found or (e5 if E5_NAME.search(self.name) else "")

    @cached_property
    def _model(self) -> SentenceTransformer:
        import torch
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer

        if self._threads:
            torch.set_num_threads(self._threads)
        try:
            with _quiet():
                return SentenceTransformer(str(self.folder), local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
            raise _cannot_load(self.name, error) from error

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    def _vectors(self, texts: list[str]) -> Vectors:
        vectors = self._model.encode(
            texts, batch_size=BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)


def fingerprint(embeddings: Embeddings) -> str:
    """What tells one embedder from another: its own fingerprint, else its class and model name."""
    own = getattr(embeddings, "fingerprint", None)
    if own:
        return str(own)
    kind = f"{type(embeddings).__module__}.{type(embeddings).__qualname__}"
    model = getattr(embeddings, "model_name", None) or getattr(embeddings, "model", None)
    return f"{kind}:{model}" if isinstance(model, str) else kind


def cosines(vectors: Vectors, vector: Vectors) -> Vectors:
    """Of each row with the vector, whatever their lengths."""
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(vector)
    found: Vectors = vectors @ vector / np.maximum(lengths, 1e-9)
    return found


def nearest(embeddings: Embeddings, text: str, others: Sequence[str]) -> tuple[int, float]:
    """Which of the `others` is most like the text: its place among them, and the cosine."""
    vectors = np.asarray(embeddings.embed_documents([text, *others]), np.float32)
    likeness = cosines(vectors[1:], vectors[0])
    best = int(np.argmax(likeness))
    return best, float(likeness[best])


def encodable(text: str) -> str:
    r"""`text` without lone surrogates, which no tokenizer takes.

    >>> encodable("a\ud800b")
    'a?b'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def bundled_encoder() -> Path:
    """The folder of the model that comes with Tanya; its card says how it was made."""
    return Path(__file__).parent / "models" / "encoder"


def load_encoder(settings: Settings) -> Encoder:
    """The embedder that the settings name."""
    if settings.embedder == "bundled":
        return BundledEncoder(settings.query_prefix or "", settings.passage_prefix or "", settings.threads)
    return SentenceEncoder(settings.embedder, settings.query_prefix, settings.passage_prefix, settings.threads)


def model_folder(name: str) -> Path:
    """The folder of the model: `name` itself, or what the hub has under that name. Never a pickle."""
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.txt", "*.model", "*.safetensors"]))
    except (OSError, ValueError, HFValidationError) as error:
        raise _cannot_load(name, error) from error


def _cannot_load(name: str, error: Exception) -> EmbedError:
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return EmbedError(
        f"The embedder {name!r} cannot be loaded ({reason}). Set TANYA_EMBEDDER to 'bundled', to a folder that holds"
        " a sentence-transformers model, or to the name of one on the hub that this machine can reach."
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the progress bars that transformers draws while it reads weights."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
