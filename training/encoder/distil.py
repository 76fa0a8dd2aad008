"""Multilingual distillation: both languages' sentences go to the teacher's English vector.

python -m training.encoder.distil DATA WORK     -> WORK/distilled/

Reimers and Gurevych 2020, with an in-batch contrastive term added. A quarter of each batch are
English sentences, so that English stays where the teacher has it. Interrupted, it goes on from
WORK/distil.checkpoint.pt.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from training.encoder.data import Pair, read_to_distil
from training.encoder.model import SEED, Encoder, use_threads
from training.encoder.optimise import Run

STEPS = 2_400
BATCH = 64
MAX_TOKENS = 96
ENGLISH_SHARE = 0.25
SCALE = 20.0
# Menus, command help and other text far from news are seen at this rate, the rest at 1.
RARE_SOURCES = {
    "react_docs": 0.4,
    "tldr_pages": 0.3,
    "gnome_user_docs": 0.4,
    "git_ui": 0.2,
    "openstreetmap_ui": 0.3,
    "python_docs": 0.4,
    "flutter_gallery": 0.3,
    "bitcoin_org": 0.5,
    "sts_indo_mt": 0.7,
}


def sample_pairs(pairs: Sequence[Pair], random: np.random.Generator) -> np.ndarray:
    """Indices of one pass over the pairs, far-off sources thinned out, shuffled."""
    rate = np.array([RARE_SOURCES.get(pair.source, 1.0) for pair in pairs])
    return random.permutation(np.flatnonzero(random.random(len(pairs)) < rate))


def plan_batches(pairs: Sequence[Pair], steps: int, seed: int) -> list[np.ndarray]:
    """``steps`` batches of pair indices, each of sentences of like length; a pure function."""
    random = np.random.default_rng(seed)
    lengths = np.array([len(pair.id) for pair in pairs])
    batches: list[np.ndarray] = []
    while len(batches) < steps:
        order = sample_pairs(pairs, random)
        found = []
        for begin in range(0, len(order) - BATCH, BATCH * 20):
            block = order[begin : begin + BATCH * 20]
            block = block[np.argsort(lengths[block], kind="stable")]
            found += [block[k : k + BATCH] for k in range(0, len(block) - BATCH + 1, BATCH)]
        batches += [found[k] for k in random.permutation(len(found))]
    return batches[:steps]


def distillation_loss(vectors: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Twice the squared distance to the teacher, and telling the batch's sentences apart."""
    distance = (vectors - targets).pow(2).sum(1).mean()
    apart = cross_entropy(SCALE * vectors @ targets.T, torch.arange(len(vectors)))
    return 2 * distance + 0.3 * apart


class PairBatches:
    """Sentences of the parallel data, and words of the dictionary, with their teacher vectors, by step."""

    def __init__(self, data: Path, work: Path, steps: int, seed: int) -> None:
        self.pairs = read_to_distil(data)
        self.targets = np.load(work / "teacher.npy", mmap_mode="r")
        self.batches = plan_batches(self.pairs, steps, seed)
        self.seed = seed

    def __getitem__(self, step: int) -> tuple[list[str], torch.Tensor]:
        batch = self.batches[step]
        english = np.random.default_rng([self.seed, step]).random(len(batch)) < ENGLISH_SHARE
        texts = [self.pairs[k].en if e else self.pairs[k].id for k, e in zip(batch, english, strict=True)]
        return texts, torch.from_numpy(self.targets[batch].astype(np.float32))


def distil(data: Path, work: Path, steps: int) -> None:
    encoder = Encoder(work / "start")
    batches = PairBatches(data, work, steps, SEED)
    checkpoint = work / "distil.checkpoint.pt"
    run = Run(encoder, checkpoint, steps, rows_rate=5e-4, rate=2e-4, falling=0.2, warm_up=100)
    for step in run:
        texts, targets = batches[step]
        vectors = encoder.forward(encoder.token_ids(texts, MAX_TOKENS))
        run.learn(distillation_loss(vectors, targets))
    encoder.save(work / "distilled")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    use_threads()
    distil(arguments.data, arguments.work, arguments.steps)
