"""Embeds the English side of the parallel data and the dictionary once with the teacher (all-MiniLM-L6-v2).

python -m training.encoder.teacher DATA WORK     -> WORK/teacher.npy, float16 [pairs, 384]

Interrupted, it goes on from the last finished chunk.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from training.encoder.data import read_to_distil
from training.encoder.model import Encoder, base_folder, use_threads

CHUNK = 16_384
MAX_TOKENS = 128


def embed_pairs(data: Path, work: Path) -> None:
    target, done_file = work / "teacher.npy", work / "teacher.done"
    texts = [pair.en for pair in read_to_distil(data)]
    done = int(done_file.read_text()) if done_file.exists() else 0
    mode = "r+" if done else "w+"
    vectors = np.lib.format.open_memmap(target, mode, np.float16, (len(texts), 384))
    teacher = Encoder(base_folder())
    begun, first = time.monotonic(), done
    while done < len(texts):
        chunk = texts[done : done + CHUNK]
        with torch.inference_mode():
            vectors[done : done + len(chunk)] = teacher.embed(chunk, MAX_TOKENS)
        vectors.flush()
        done += len(chunk)
        done_file.write_text(str(done))
        rate = (done - first) / (time.monotonic() - begun)
        print(
            f"teacher {done}/{len(texts)}  {rate:.0f} sentences/s  {(len(texts) - done) / rate / 60:.1f} min left",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    use_threads()
    embed_pairs(arguments.data, arguments.work)
