"""Trains the reader from the bundled encoder, in two rounds.

python -m training.reader.train DATA WORK     -> WORK/reader-1/, WORK/reader/

The second round starts from the first one's result, with a rate that rises and falls anew, and brings what a reader
that knows nothing yet would learn little from: passages that do not answer as a search finds them, and questions to be
read closely. What is kept is the mean of both rounds' weights, the second's counting for more (Wortsman et al. 2022,
"Robust fine-tuning of zero-shot models"): it reads better than either.

WORK holds the lexicon of the encoder's recipe (python -m training.encoder.vocabulary DATA WORK). Interrupted, it goes
on from the round's checkpoint.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from training.encoder.model import SEED, use_threads
from training.encoder.optimise import Run
from training.reader.batches import Batches
from training.reader.model import Reader

ENCODER = Path(__file__).resolve().parents[2] / "assistant" / "models" / "encoder"
PASSES = 1.0
STEPS = (2_400, 2_800)  # of each round, at most
SECOND_SHARE = 0.6


def train(data: Path, work: Path, encoder: Path, steps: tuple[int, int] = STEPS) -> None:
    first, last = work / "reader-1", work / "reader"
    if not first.exists():
        reader = Reader(encoder)
        learn(reader, Batches(data, work, reader, PASSES, SEED), work / "reader-1.checkpoint.pt", steps[0], 1.5e-4)
        reader.save(first)
    reader = Reader(first)
    batches = Batches(data, work, reader, PASSES, SEED + 1, encoder)
    learn(reader, batches, work / "reader.checkpoint.pt", steps[1], 1.2e-4)
    mix(reader, Reader(first), 1 - SECOND_SHARE)
    reader.save(last)


def mix(reader: Reader, other: Reader, share: float) -> None:
    """Takes this share of the other's weights into the reader's."""
    weights = other.model.state_dict()
    with torch.no_grad():
        for name, weight in reader.model.state_dict().items():
            if weight.is_floating_point():
                weight.lerp_(weights[name], share)


def learn(reader: Reader, batches: Batches, checkpoint: Path, steps: int, rate: float) -> None:
    run = Run(reader, checkpoint, min(len(batches), steps), rows_rate=2 * rate, rate=rate, falling=0.85, warm_up=80)
    for step in run:
        run.learn(reader.loss(batches[step]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--encoder", type=Path, default=ENCODER, help="where to start, and what searches")
    parser.add_argument("--steps", type=int, nargs=2, default=STEPS, help="of each round, at most")
    arguments = parser.parse_args()
    use_threads()
    train(arguments.data, arguments.work, arguments.encoder, tuple(arguments.steps))
