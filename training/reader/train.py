"""Trains the reader from the bundled encoder.

python -m training.reader.train DATA WORK     -> WORK/reader/

WORK holds the lexicon of the encoder's recipe (python -m training.encoder.vocabulary DATA WORK). Interrupted, it goes
on from WORK/reader.checkpoint.pt.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.encoder.model import SEED, use_threads
from training.encoder.optimise import Run
from training.reader.batches import Batches
from training.reader.model import Reader

ENCODER = Path(__file__).resolve().parents[2] / "assistant" / "models" / "encoder"
PASSES = 1.0
STEPS = 2_000


def train(data: Path, work: Path, start: Path, passes: float, steps: int) -> None:
    reader = Reader(start)
    batches = Batches(data, work, reader, start, passes, SEED)
    run = Run(
        reader,
        work / "reader.checkpoint.pt",
        min(len(batches), steps),
        rows_rate=3e-4,
        rate=1.5e-4,
        falling=0.85,
        warm_up=80,
    )
    for step in run:
        run.learn(reader.loss(batches[step]))
    reader.save(work / "reader")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--start", type=Path, default=ENCODER, help="a folder with a BERT and its tokenizer")
    parser.add_argument("--passes", type=float, default=PASSES)
    parser.add_argument("--steps", type=int, default=STEPS, help="no more than these")
    arguments = parser.parse_args()
    use_threads()
    train(arguments.data, arguments.work, arguments.start, arguments.passes, arguments.steps)
