"""A small BERT in 8 bits on ONNX Runtime: token ids -> states, one text at a time. What the bundled models run on.

A model's folder holds `tokenizer.json` and `model.safetensors`, as transformers writes them; rows of the vocabulary may
be stored as 8-bit floats. The weights of linear layers become 8-bit integers when they are loaded (symmetric, a scale
for each output), activations when they come. Their products' sums overflow on no processor (`_quantised`). PyTorch is
not needed, and not imported.

A text is one thread's work, and several texts are read side by side: that is quicker than a batch or than several
threads for each text, needs no padding, and what a text becomes never depends on its neighbours.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]
Weights = Mapping[str, npt.NDArray[np.generic]]
Given = TypeVar("Given")
Made = TypeVar("Made")

GRAPH = Path(__file__).parent / "models" / "bert.onnx"
TYPES = {"F32": "<f4", "F16": "<f2", "F8_E4M3": "u1"}
MAX_HEADER_BYTES = 10_000_000


def _e4m3() -> Floats:
    """What the 256 bytes of an 8-bit float mean: sign, 4 bits of exponent (bias 7), 3 bits of mantissa; no infinity."""
    byte = np.arange(256)
    exponent, mantissa = (byte >> 3) & 15, byte & 7
    normal = (1 + mantissa / 8) * 2.0 ** (exponent - 7)
    value = np.where(exponent == 0, mantissa * 2.0**-9, normal)
    value[(byte & 127) == 127] = np.nan
    return np.where(byte < 128, value, -value).astype(np.float32)


E4M3 = _e4m3()


class Bert:
    """The model in a folder, loaded. Several threads may use it at once. `ValueError` when it cannot be loaded."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        try:
            self.tokenizer = _tokenizer(folder / "tokenizer.json")
            self.weights = _tensors(folder / "model.safetensors")
            self._session = _session(_initializers(self.weight, self.layers))
            self._positions = self.weight("embeddings.position_embeddings.weight")
            self._types = self.weight("embeddings.token_type_embeddings.weight")
            self._rows = self.weights["embeddings.word_embeddings.weight"]
        except Exception as error:  # the libraries' own errors have no common root
            raise ValueError(f"{type(error).__name__}: {error}") from error
        self._workers = ThreadPoolExecutor(threads or os.cpu_count(), "bert")

    def weight(self, name: str) -> Floats:
        return np.asarray(self.weights[name], np.float32)

    @property
    def layers(self) -> int:
        return len({name.split(".")[2] for name in self.weights if name.startswith("encoder.layer.")})

    def states(self, ids: list[int], types: npt.NDArray[np.int64] | None = None) -> Floats:
        """The last layer's states of at most 512 tokens, (tokens, hidden); `types` are 0 or 1 for each."""
        rows = self._rows[ids]
        words = E4M3[rows] if rows.dtype == np.uint8 else np.asarray(rows, np.float32)
        kinds = self._types[0] if types is None else self._types[types]
        embedded = words + self._positions[: len(ids)] + kinds
        (states,) = self._session.run(["states"], {"embedded": embedded[None]})
        return np.asarray(states[0], np.float32)

    def side_by_side(self, read: Callable[[Given], Made], texts: Iterable[Given]) -> list[Made]:
        """`read(text)` for each of the texts, in their order, on as many threads as the model was given."""
        return list(self._workers.map(read, texts))


_loading = Lock()


def load(folder: Path, threads: int = 0) -> Bert:
    """The model in the folder, loaded once in this process, however many threads ask for it first."""
    with _loading:
        return _loaded(folder, threads)


@cache
def _loaded(folder: Path, threads: int) -> Bert:
    return Bert(folder, threads)


def _tokenizer(file: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(file.read_text("utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _tensors(file: Path) -> Weights:
    """The tensors by name, without the prefix of a model that wraps a BERT; mapped into memory, not read."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        header = json.loads(opened.read(min(length, MAX_HEADER_BYTES)))
    data = np.memmap(file, np.uint8, "r", offset=8 + length)
    tensors = {}
    for name, tensor in header.items():
        if name != "__metadata__":
            begin, end = tensor["data_offsets"]
            typed = data[begin:end].view(TYPES[tensor["dtype"]])
            tensors[name.removeprefix("bert.")] = typed.reshape(tensor["shape"])
    return tensors


def _session(initializers: Mapping[str, npt.NDArray[np.generic]]) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    # The graph is written as it shall run; fusing its sums into its norms would cost a sixth of the speed.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in initializers.values()]
    options.add_external_initializers(list(initializers), values)
    return onnxruntime.InferenceSession(GRAPH, options, providers=["CPUExecutionProvider"])


def _quantised(matrix: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Weights [inputs, outputs] as 8-bit integers, and the scale of each output.

    x86 processors without VNNI add the products of two inputs in a row in 16 bits, up to 255 times the sum of their
    weights. So the sums stay in 8 bits as the weights do: that makes a step 1.28 times as large, where to give up a bit
    makes it twice as large. ONNX Runtime's `session.x64quantprecision` does nothing where its optimisations are off.
    """
    pairs = np.abs(matrix[::2] + matrix[1::2])
    scale = np.maximum(np.abs(matrix).max(axis=0), pairs.max(axis=0)).clip(1e-8) / 127
    return np.ascontiguousarray(np.rint(matrix / scale), np.int8), scale.astype(np.float32)


def _initializers(weight: Callable[[str], Floats], layers: int) -> dict[str, npt.NDArray[np.generic]]:
    """The graph's weights under its own names (`training/graph.py`)."""
    found: dict[str, npt.NDArray[np.generic]] = {}

    def linear(name: str, *sources: str) -> None:
        matrix = np.concatenate([weight(f"{source}.weight") for source in sources]).T
        found[f"{name}.weight"], found[f"{name}.scale"] = _quantised(matrix)
        found[f"{name}.bias"] = np.concatenate([weight(f"{source}.bias") for source in sources])

    def norm(name: str, source: str) -> None:
        found[f"{name}.weight"], found[f"{name}.bias"] = (weight(f"{source}.{part}") for part in ("weight", "bias"))

    norm("embeddings.norm", "embeddings.LayerNorm")
    for number in range(layers):
        name, source = f"layer.{number}", f"encoder.layer.{number}"
        linear(f"{name}.qkv", *(f"{source}.attention.self.{part}" for part in ("query", "key", "value")))
        linear(f"{name}.attention", f"{source}.attention.output.dense")
        norm(f"{name}.norm1", f"{source}.attention.output.LayerNorm")
        linear(f"{name}.inner", f"{source}.intermediate.dense")
        linear(f"{name}.outer", f"{source}.output.dense")
        norm(f"{name}.norm2", f"{source}.output.LayerNorm")
    return found
