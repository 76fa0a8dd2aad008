"""Question to passage: contrastive training of the distilled encoder, in both languages.

python -m training.encoder.contrast DATA WORK     -> WORK/contrasted/

Each question is to find its passage among the batch's, hard negatives included (questions.py). A
distillation batch goes along in every step, so that sentences stay where they were.
Interrupted, it goes on from WORK/contrast.checkpoint.pt.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from training.encoder.data import batches_by_tokens
from training.encoder.distil import MAX_TOKENS, PairBatches, distillation_loss
from training.encoder.model import SEED, Encoder, use_threads
from training.encoder.optimise import Run
from training.encoder.questions import Batch, QuestionBatches

STEPS = 700
QUESTION_TOKENS = 48
PASSAGE_TOKENS = 144
SENTENCES = 24
SCALE = 20.0
DISTILLATION_WEIGHT = 1.0


def forward(encoder: Encoder, texts: list[str], max_tokens: int) -> torch.Tensor:
    """Unit vectors of texts of unlike length, in sub-batches of like length to save padding."""
    ids = encoder.token_ids(texts, max_tokens)
    lengths = [len(i) for i in ids]
    batches = batches_by_tokens(lengths, max(1, sum(lengths) // 2))
    vectors = torch.cat([encoder.forward([ids[k] for k in batch]) for batch in batches])
    return vectors[torch.from_numpy(np.argsort(np.concatenate(batches)))]


def contrastive_loss(questions: torch.Tensor, passages: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Cross entropy of each question's passage, and of each passage's questions."""
    owner = torch.from_numpy(batch.owner)
    scores = SCALE * questions @ passages.T
    to_passage = torch.nn.functional.cross_entropy(scores, owner)
    # A passage has several questions: each in turn against the questions of other passages.
    own = owner[:, None] == torch.arange(len(passages))
    others = scores.masked_fill(own, -torch.inf).logsumexp(0)
    score = scores[torch.arange(len(owner)), owner]
    to_question = torch.nn.functional.softplus(others[owner] - score).mean()
    return to_passage + 0.3 * to_question


def contrast(data: Path, work: Path, steps: int) -> None:
    encoder = Encoder(work / "distilled")
    sentences = PairBatches(data, work, steps, SEED + 1)
    batches = QuestionBatches(data, work, steps, SEED + 1)
    checkpoint = work / "contrast.checkpoint.pt"
    run = Run(encoder, checkpoint, steps, rows_rate=3e-4, rate=1e-4, falling=0.5, warm_up=40)
    for step in run:
        batch = batches[step]
        questions = forward(encoder, batch.questions, QUESTION_TOKENS)
        passages = forward(encoder, batch.passages, PASSAGE_TOKENS)
        texts, targets = sentences[step]
        vectors = encoder.forward(encoder.token_ids(texts[:SENTENCES], MAX_TOKENS))
        loss = contrastive_loss(questions, passages, batch)
        run.learn(loss + DISTILLATION_WEIGHT * distillation_loss(vectors, targets[:SENTENCES]))
    encoder.save(work / "contrasted")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    use_threads()
    contrast(arguments.data, arguments.work, arguments.steps)
