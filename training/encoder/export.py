"""Writes the bundled model: a sentence-transformers folder of less than 45 MB.

python -m training.encoder.export WORK/ranked assistant/models/encoder

Storage: vocabulary rows as 8-bit floats (e4m3), the rest as 16-bit floats; both become float32
when the folder is loaded, because its config says so. The rows, positions and token types are
first scaled together so that few rows fall below e4m3's normal range (2^-6): the layer norm that
follows takes the scale out again, so nothing changes but the rounding.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

SCALE = 16.0
MAX_BYTES = 45_000_000
ROWS = "embeddings.word_embeddings.weight"

MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]
POOLING = {"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True}
TOKENIZER = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "model_max_length": 512,
    "unk_token": "[UNK]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
}


def compress(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors as they are stored."""
    stored = {}
    for name, tensor in tensors.items():
        if name.endswith("position_ids"):
            continue
        if name.startswith("embeddings.") and "LayerNorm" not in name:
            tensor = tensor * SCALE
        stored[name] = tensor.to(torch.float8_e4m3fn if name == ROWS else torch.float16)
        if not stored[name].float().isfinite().all():
            raise SystemExit(f"{name} does not fit its storage type")
    return stored


def write_json(file: Path, content: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def export(trained: Path, folder: Path) -> None:
    """Writes all files of the folder but its card, README.md, which is written by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    stored = compress(load_file(trained / "model.safetensors"))
    save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})

    (folder / "model.safetensors").chmod(0o644)

    config = json.loads((trained / "config.json").read_text(encoding="utf-8"))
    config.pop("_name_or_path", None)
    write_json(folder / "config.json", {**config, "dtype": "float32"})
    tokenizer = json.loads((trained / "tokenizer.json").read_text(encoding="utf-8"))
    (folder / "tokenizer.json").write_text(
        json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    write_json(folder / "tokenizer_config.json", TOKENIZER)
    write_json(folder / "modules.json", MODULES)
    write_json(folder / "1_Pooling" / "config.json", POOLING)
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": 256, "do_lower_case": False})
    write_json(
        folder / "config_sentence_transformers.json",
        {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"},
    )
    check_size(folder)


def check_size(folder: Path) -> None:
    """Prints the folder's size; ends the program where it is more than the repository takes."""
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    print(f"{folder}: {size / 1e6:.1f} MB")
    if size > MAX_BYTES:
        raise SystemExit(f"larger than {MAX_BYTES / 1e6:.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trained", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    export(arguments.trained, arguments.folder)
