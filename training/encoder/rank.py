"""Question to passage once more, with the reader for a teacher: how well does each of some like passages answer?

python -m training.encoder.rank DATA WORK READER     -> WORK/ranked/

Beside each passage stand those that the encoder itself puts first for its questions, in either language. The reader
reads each question with all of them, and the encoder is to order them as it does, as Ren et al. (2021, "RocketQAv2")
learn from a cross-encoder. What is not the question's own passage and answers it all the same is then no wrong answer,
and what nearly answers is told from what is merely alike. Twins with other names (questions.py) are told apart here as
well. Interrupted, it goes on from its checkpoint.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from rich.progress import track

from assistant.config import Settings
from assistant.embed import load_encoder
from assistant.reader import SpanReader
from assistant.records import Article, Hit, Question
from assistant.records import Passage as Part
from training.encoder.contrast import SCALE, forward, kept_in_place
from training.encoder.distil import PairBatches
from training.encoder.model import SEED, Encoder, use_threads
from training.encoder.optimise import Run
from training.encoder.questions import (
    GLOSS_SHARE,
    GROUPS_PER_LANGUAGE,
    PASSAGE_TOKENS,
    QUESTION_TOKENS,
    TWIN_SHARE,
    Passage,
    QuestionBatches,
    with_twin,
)

STEPS = 450
GROUPS = 8
BESIDE = 7
OWN, TRANSLATED = 2, 1  # questions of a passage
# Half of the target is the question's own passage, half the reader's opinion, at this temperature.
OPINION, TEMPERATURE = 0.5, 3.0


@dataclass(frozen=True)
class Group:
    """A passage, those beside it, its questions, and the reader's margins [questions, passages]."""

    passages: list[Passage]
    questions: list[str]
    margins: np.ndarray


@dataclass(frozen=True)
class Batch:
    """Passages, questions in either language, and of each question the share of every passage in what answers it."""

    passages: list[str]
    questions: list[str]
    shares: torch.Tensor


class RankedBatches:
    """Batches by step; the same step gives the same batch. The reader's margins are kept in WORK."""

    def __init__(self, data: Path, work: Path, encoder: Encoder, reader: Path) -> None:
        needed = STEPS * GROUPS
        pools = QuestionBatches(data, work, -(-needed // (2 * GROUPS_PER_LANGUAGE)), SEED + 3, encoder)
        assert pools.mined is not None, "an encoder mines passages"
        self.glossary, self.names = pools.glossary, pools.names
        random = np.random.default_rng([SEED + 3, 5])
        chosen: list[tuple[list[Passage], list[str]]] = []
        for row in random.permutation(pools.seeds.ravel())[:needed].tolist():
            passage, beside = pools.pool[row], pools.mined[row][pools.mined[row] >= 0]
            passages = [passage, *(pools.pool[k] for k in random.permutation(beside)[:BESIDE])]
            asked = [passage.questions[k] for k in random.permutation(len(passage.questions))[:OWN]]
            asked += [passage.translations[k] for k in random.permutation(len(passage.translations))[:TRANSLATED]]
            chosen.append((passages, asked))
        self.groups = [Group(*one, m) for one, m in zip(chosen, margins(chosen, reader, work), strict=True)]

    def __getitem__(self, step: int) -> Batch:
        random = np.random.default_rng([SEED + 3, 6, step])
        groups = [
            one for group in self.groups[step * GROUPS : (step + 1) * GROUPS] for one in self._with_twin(group, random)
        ]
        texts = dict.fromkeys(passage.text for group in groups for passage in group.passages)
        row = {text: k for k, text in enumerate(texts)}
        questions, shares = [], []
        for group in groups:
            language = group.passages[0].language
            columns = [row[passage.text] for passage in group.passages]
            for number, (question, read) in enumerate(zip(group.questions, group.margins, strict=True)):
                share = torch.zeros(len(row)).index_add(0, torch.tensor(columns), target(torch.from_numpy(read)))
                is_glossed = number < OWN and random.random() < GLOSS_SHARE
                asked = [question, self.glossary.gloss(question, language, random)] if is_glossed else [question]
                asked = [q for q in asked if group.passages[0].is_told_by(q)]
                questions += asked
                shares += [share] * len(asked)
        return Batch(list(row), questions, torch.stack(shares))

    def _with_twin(self, group: Group, random: np.random.Generator) -> list[Group]:
        """The group, and one of its passage's twin alone, asked with the twin's names."""
        passage = replace(group.passages[0], questions=tuple(group.questions[:OWN]), translations=())
        made = with_twin(passage, self.names, random) if random.random() < TWIN_SHARE else [passage]
        if len(made) == 1:
            return [group]
        own, twin = made
        alone = Group([twin], list(twin.questions), np.zeros((len(twin.questions), 1), np.float32))
        return [replace(group, passages=[own, *group.passages[1:]]), alone]


def target(margins: torch.Tensor) -> torch.Tensor:
    """The share of each passage in what answers, the question's own one first: it has its half whatever is read."""
    opinion = torch.softmax(margins / TEMPERATURE, 0) * OPINION
    opinion[0] += 1 - OPINION
    return opinion


def margins(chosen: list[tuple[list[Passage], list[str]]], folder: Path, work: Path) -> list[np.ndarray]:
    """For each, [questions, passages]: how much better the best span of a passage scores than "not here"."""
    texts = [[[passage.text for passage in passages], asked] for passages, asked in chosen]
    weights = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    file = work / f"margins-{hashlib.sha256(json.dumps([weights, texts]).encode()).hexdigest()[:12]}.npz"
    if not file.exists():
        reader = SpanReader(folder, load_encoder(Settings()))
        read = [
            _margins(reader, question, passages)
            for passages, asked in track(chosen, "the reader reads")
            for question in asked
        ]
        np.savez(file, margins=np.concatenate(read))
    ends = np.cumsum([len(passages) * len(asked) for passages, asked in chosen])
    parts = np.split(np.load(file)["margins"], ends[:-1])
    return [part.reshape(len(asked), len(passages)) for part, (passages, asked) in zip(parts, chosen, strict=True)]


def _margins(reader: SpanReader, question: str, passages: list[Passage]) -> np.ndarray:
    articles = [Article(str(k), passage.text, lang=passage.language) for k, passage in enumerate(passages)]
    hits = [Hit(Part(article, 0, len(article.text)), 1.0, 1) for article in articles]
    best = np.full(len(passages), -np.inf, np.float32)
    for span in reader.spans(Question(question, "id"), hits):
        place = int(span.hit.passage.article.id)
        best[place] = max(best[place], span.margin)
    return best


def rank(data: Path, work: Path, reader: Path) -> None:
    encoder = Encoder(work / "contrasted")
    batches = RankedBatches(data, work, encoder, reader)
    sentences = PairBatches(data, work, STEPS, SEED + 3)
    run = Run(
        encoder, work / "rank.checkpoint.pt", STEPS, rows_rate=2e-4, rate=7e-5, falling=0.85, warm_up=40, dropout=True
    )
    for step in run:
        batch = batches[step]
        questions = forward(encoder, batch.questions, QUESTION_TOKENS)
        passages = forward(encoder, batch.passages, PASSAGE_TOKENS)
        loss = torch.nn.functional.cross_entropy(SCALE * questions @ passages.T, batch.shares)
        run.learn(loss + kept_in_place(encoder, *sentences[step]))
    encoder.save(work / "ranked")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("reader", type=Path)
    arguments = parser.parse_args()
    use_threads()
    rank(arguments.data, arguments.work, arguments.reader)
