"""Trains the reader from the bundled encoder, in four rounds.

python -m training.reader.train DATA WORK     -> WORK/reader-1/, WORK/reader-2/, WORK/reader-3/, WORK/reader/

Each round starts from the one before, with a rate that rises and falls anew, and brings what a reader that knows less
would learn little from: passages that do not answer as a search finds them, questions to be read closely, twins of
answered questions that are not answered, articles such as Tanya is asked about; in the last, yes and no. What a round
leaves is the mean of its weights and those before, its own counting for more (Wortsman et al. 2022, "Robust fine-tuning
of zero-shot models"): it reads better than either.

WORK holds the lexicon of the encoder's recipe (python -m training.encoder.vocabulary DATA WORK). Interrupted, it goes
on from the round's checkpoint.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from training.encoder.model import SEED, use_threads
from training.encoder.optimise import Run
from training.reader.batches import Batches
from training.reader.model import Reader
from training.reader.verdicts import Verdicts

ENCODER = Path(__file__).resolve().parents[2] / "assistant" / "models" / "encoder"
PASSES = 1.0


@dataclass(frozen=True)
class Round:
    """Which of the written questions come along, steps at most, highest rate, and the round's share in the mean.

    With `verdicts` it learns yes and no.
    """

    sets: tuple[str, ...]
    steps: int
    rate: float
    share: float
    verdicts: bool = False


ROUNDS = (
    Round(("news",), 2_400, 1.5e-4, 1.0),
    Round(("news", "close"), 2_400, 1.2e-4, 0.6),
    Round(("news", "close", "twins", "yesno"), 1_600, 1.0e-4, 0.7),
    Round(("news", "close", "twins", "yesno", "articles"), 2_800, 1.0e-4, 0.5, verdicts=True),
)


def train(data: Path, work: Path, encoder: Path, steps: Sequence[int]) -> None:
    results = [work / f"reader-{number}" for number in range(1, len(ROUNDS))] + [work / "reader"]
    done = max((number for number, folder in enumerate(results, start=1) if folder.exists()), default=0)
    for number in range(done, len(ROUNDS)):
        one, before = ROUNDS[number], results[number - 1] if number else encoder
        reader = Reader(before)
        batches = Batches(data, work, reader, PASSES, SEED + number, one.sets, encoder if number else None)
        verdicts = Verdicts(batches.examples, batches.glossary, SEED + number) if one.verdicts else None
        learn(reader, batches, verdicts, work / f"reader-{number + 1}.checkpoint.pt", steps[number], one.rate)
        if number:
            mix(reader, Reader(before), 1 - one.share)
        reader.save(results[number])


def mix(reader: Reader, other: Reader, share: float) -> None:
    """Takes this share of the other's weights into the reader's, but for those of verdicts, which one round makes."""
    weights = other.model.state_dict()
    with torch.no_grad():
        for name, weight in reader.model.state_dict().items():
            if weight.is_floating_point() and not name.startswith("verdict."):
                weight.lerp_(weights[name], share)


def learn(
    reader: Reader, batches: Batches, verdicts: Verdicts | None, checkpoint: Path, steps: int, rate: float
) -> None:
    run = Run(reader, checkpoint, min(len(batches), steps), rows_rate=2 * rate, rate=rate, falling=0.85, warm_up=80)
    for step in run:
        loss = reader.loss(batches[step])
        run.learn(loss + reader.verdict_loss(verdicts[step]) if verdicts else loss)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--encoder", type=Path, default=ENCODER, help="where to start, and what searches")
    default = [one.steps for one in ROUNDS]
    parser.add_argument("--steps", type=int, nargs=len(ROUNDS), default=default, help="of each round, at most")
    arguments = parser.parse_args()
    use_threads()
    train(arguments.data, arguments.work, arguments.encoder, arguments.steps)
