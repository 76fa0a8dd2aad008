"""Writes the bundled reader: a folder of less than 45 MB, stored as the encoder is.

python -m training.reader.export WORK/reader assistant/models/reader
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

from training.encoder.export import check_size, compress


def export(trained: Path, folder: Path) -> None:
    """Writes model and tokenizer; the card is written by hand, `calibration.json` by calibrate.py."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name.removeprefix("bert."): t for name, t in load_file(trained / "model.safetensors").items()}
    save_file(compress(tensors), folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
    shutil.copy(trained / "tokenizer.json", folder)
    check_size(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trained", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    export(arguments.trained, arguments.folder)
