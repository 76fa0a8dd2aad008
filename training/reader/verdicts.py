"""Questions for yes or no with the sentences that decide them, batch by batch: the same step gives the same batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.reader import evidence
from assistant.records import Article
from training.encoder.questions import Glossary
from training.reader.data import Example

PAIRS_PER_BATCH = 12
GLOSSED = 0.2


@dataclass(frozen=True)
class Pair:
    """A question for yes or no, the sentences that decide it, and whether they say yes."""

    question: str
    evidence: str
    yes: bool


class Verdicts:
    """Endless batches over labelled examples, reshuffled each time they have all come by."""

    def __init__(self, examples: Sequence[Example], glossary: Glossary, seed: int) -> None:
        self.glossary, self.seed = glossary, seed
        labelled = [e for e in examples if e.yes is not None and e.spans]
        self.asked = [example.asked for example in labelled]
        self.pairs = [Pair(e.question, deciding(e.passage, e.language, e.spans[0]), bool(e.yes)) for e in labelled]
        print(f"{len(self.pairs)} questions for yes or no, {np.mean([pair.yes for pair in self.pairs]):.2f} yes")

    def __getitem__(self, step: int) -> list[Pair]:
        """Some of the questions come as a gloss in the other language."""
        per_pass = -(-len(self.pairs) // PAIRS_PER_BATCH)
        order = np.random.default_rng([self.seed, 3, step // per_pass]).permutation(len(self.pairs))
        random = np.random.default_rng([self.seed, 4, step])
        begin = step % per_pass * PAIRS_PER_BATCH
        return [self._varied(int(k), random) for k in order[begin : begin + PAIRS_PER_BATCH]]

    def _varied(self, k: int, random: np.random.Generator) -> Pair:
        pair = self.pairs[k]
        if random.random() >= GLOSSED:
            return pair
        return Pair(self.glossary.gloss(pair.question, self.asked[k], random), pair.evidence, pair.yes)


def deciding(passage: str, language: str, span: tuple[int, int]) -> str:
    """What the product would read for a verdict on words of this passage."""
    return evidence(Article("passage", passage, lang=language), *span)
