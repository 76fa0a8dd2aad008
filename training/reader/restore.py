"""Makes a bundled reader trainable again, to go on from it instead of from the encoder.

python -m training.reader.restore assistant/models/reader WORK/reader-3

`train.py` goes on from the last round whose result lies in WORK, so it then begins with the fourth one.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

from training.encoder.export import SCALE, write_json

ENCODER = Path(__file__).resolve().parents[2] / "assistant" / "models" / "encoder"


def restore(folder: Path, trained: Path) -> None:
    """Writes the weights as float32 under the names that transformers gives them, the scale of storage taken out."""
    trained.mkdir(parents=True, exist_ok=True)
    tensors = {}
    for name, stored in load_file(folder / "model.safetensors").items():
        tensor = stored.float()
        if name.startswith("embeddings.") and "LayerNorm" not in name:
            tensor = tensor / SCALE
        tensors[name if name.startswith(("qa_outputs", "verdict")) else f"bert.{name}"] = tensor
    save_file(tensors, trained / "model.safetensors", metadata={"format": "pt"})
    shutil.copy(folder / "tokenizer.json", trained)
    # Layers and sizes are the encoder's, but for the vocabulary, which may be that of an encoder before it.
    config = json.loads((ENCODER / "config.json").read_text(encoding="utf-8"))
    rows = len(tensors["bert.embeddings.word_embeddings.weight"])
    write_json(trained / "config.json", {**config, "vocab_size": rows})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("trained", type=Path)
    arguments = parser.parse_args()
    restore(arguments.folder, arguments.trained)
