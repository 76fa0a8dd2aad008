"""Question to passage: contrastive training of the distilled encoder, in both languages.

python -m training.encoder.contrast DATA WORK     -> WORK/contrasted-1/, WORK/contrasted/

Each question is to find its passage among the batch's, hard negatives included (questions.py). A
distillation batch goes along in every step, so that sentences stay where they were. The second
round's hard negatives are those that the first round's result falls for.
Interrupted, it goes on from the round's checkpoint.
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
from training.encoder.questions import PASSAGE_TOKENS, QUESTION_TOKENS, Batch, QuestionBatches

STEPS = 400, 450
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


def contrast(data: Path, work: Path) -> None:
    first, last = work / "contrasted-1", work / "contrasted"
    if not first.exists():
        encoder = Encoder(work / "distilled")
        batches = QuestionBatches(data, work, STEPS[0], SEED + 1)
        learn(encoder, batches, PairBatches(data, work, STEPS[0], SEED + 1), work / "contrast-1.checkpoint.pt", 1.0)
        encoder.save(first)
    encoder = Encoder(first)
    batches = QuestionBatches(data, work, STEPS[1], SEED + 2, encoder)
    learn(encoder, batches, PairBatches(data, work, STEPS[1], SEED + 2), work / "contrast.checkpoint.pt", 0.8)
    encoder.save(last)


def learn(encoder: Encoder, batches: QuestionBatches, sentences: PairBatches, checkpoint: Path, rate: float) -> None:
    """One round; `rate` is its share of the highest learning rates."""
    steps = len(batches.seeds)
    run = Run(
        encoder, checkpoint, steps, rows_rate=3e-4 * rate, rate=1e-4 * rate, falling=0.6, warm_up=40, dropout=True
    )
    for step in run:
        batch = batches[step]
        questions = forward(encoder, batch.questions, QUESTION_TOKENS)
        passages = forward(encoder, batch.passages, PASSAGE_TOKENS)
        run.learn(contrastive_loss(questions, passages, batch) + kept_in_place(encoder, *sentences[step]))


def kept_in_place(encoder: Encoder, texts: list[str], targets: torch.Tensor) -> torch.Tensor:
    """The distillation loss of some sentences, so that they stay where they were."""
    vectors = encoder.forward(encoder.token_ids(texts[:SENTENCES], MAX_TOKENS))
    return DISTILLATION_WEIGHT * distillation_loss(vectors, targets[:SENTENCES])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    arguments = parser.parse_args()
    use_threads()
    contrast(arguments.data, arguments.work)
