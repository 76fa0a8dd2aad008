"""Batches for the question-to-passage step: passages in groups of neighbours, with questions.

A batch holds both languages, and passages beside the ones most like them, so that each passage
is a hard negative for its neighbours' questions at no extra cost. Questions come as asked, and
as a word-for-word gloss in the other language (IBM Model 1's lexicon), which makes
cross-language questions from one-language data.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from training.encoder.data import Question, read_questions, words

HERE = Path(__file__).parent
NEIGHBOURS = 3
GROUPS_PER_LANGUAGE = 4
QUESTIONS_PER_PASSAGE = 3
GLOSS_SHARE = 0.5
MAX_OVERLAP = 0.5
# News is what the product searches, and the smallest part: it comes by twice as often.
TIMES = {"facqa": 2, "ester_news": 2}
# Share of each English source's passages that is used: wiki-like ones whole, reviews in part.
ENGLISH_SOURCES = {
    "squadshifts_new_wiki": 1.0,
    "nq_open_oracle": 1.0,
    "qed_nq": 1.0,
    "timeqa_human": 1.0,
    "ester_news": 1.0,
    "squadshifts_reddit": 0.3,
    "squadshifts_amazon": 0.2,
    "covid_qa": 0.3,
}


@dataclass(frozen=True)
class Passage:
    """A passage with its answerable questions, and their human translations where there are."""

    text: str
    language: str
    questions: tuple[str, ...]
    translations: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True)
class Batch:
    """``owner[k]`` is the row in ``passages`` that answers ``questions[k]``."""

    passages: list[str]
    questions: list[str]
    owner: np.ndarray


def read_translations(name: str) -> dict[str, str]:
    file = HERE / name
    if not file.exists():
        return {}
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["question"] for row in rows}


def collect(data: Path, language: str) -> list[Passage]:
    translations = read_translations("train.en-id.jsonl" if language == "id" else "train.id-en.jsonl")
    by_text: dict[str, list[Question]] = defaultdict(list)
    random = np.random.default_rng(0)
    for q in read_questions(data, language, "train"):
        if q.answerable and (language == "id" or q.source in ENGLISH_SOURCES):
            by_text[q.passage].append(q)
    found = []
    for text, asked in by_text.items():
        if language == "en" and random.random() >= ENGLISH_SOURCES[asked[0].source]:
            continue
        own = tuple(dict.fromkeys(q.question for q in asked))
        other = tuple(translations[q.id] for q in asked if q.id in translations)
        found.append(Passage(text, language, own, other, asked[0].source))
    return found


def neighbours(passages: Sequence[Passage]) -> np.ndarray:
    """[passages, NEIGHBOURS] rows most like each by TF-IDF, near-copies left out."""
    bags = [set(words(p.text)) for p in passages]
    row = {w: k for k, w in enumerate(sorted({w for bag in bags for w in bag}))}
    columns = [sorted(row[w] for w in bag) for bag in bags]
    starts = np.cumsum([0, *map(len, columns)])
    ones = np.ones(starts[-1], np.float32)
    matrix = csr_matrix((ones, np.concatenate(columns), starts), (len(bags), len(row)))
    frequency = np.asarray(matrix.sum(0)).ravel()
    frequency[frequency > len(bags) * 0.1] = len(bags)
    weighted = matrix.multiply(np.log(len(bags) / frequency)[None]).tocsr().astype(np.float32)
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(1)).ravel()) + 1e-6
    weighted = weighted.multiply(1 / norms[:, None]).tocsr()
    found = np.empty((len(bags), NEIGHBOURS), np.int64)
    for begin in range(0, len(bags), 500):
        block = (weighted[begin : begin + 500] @ weighted.T).toarray()
        for offset, likeness in enumerate(block):
            k, chosen = begin + offset, []
            for other in np.argsort(-likeness)[: 10 * NEIGHBOURS]:
                overlap = len(bags[k] & bags[other]) / min(len(bags[k]), len(bags[other]))
                if other != k and overlap < MAX_OVERLAP:
                    chosen.append(other)
            found[k] = (chosen + [k] * NEIGHBOURS)[:NEIGHBOURS]
    return found


class Glossary:
    """Word-for-word translation by drawing from IBM Model 1's lexicon."""

    def __init__(self, work: Path) -> None:
        self.lexicons = json.loads((work / "lexicon.json").read_text(encoding="utf-8"))

    def gloss(self, text: str, language: str, random: np.random.Generator) -> str:
        lexicon = self.lexicons["id-en" if language == "id" else "en-id"]

        def other(match: re.Match[str]) -> str:
            entries = lexicon.get(match[0])
            if not entries:
                return match[0]
            shares = np.array([share for _, share in entries])
            return str(entries[random.choice(len(entries), p=shares / shares.sum())][0])

        return re.sub(r"[a-z]+", other, text.lower())


class QuestionBatches:
    """Batches by step; the same step gives the same batch."""

    def __init__(self, data: Path, work: Path, steps: int, seed: int) -> None:
        self.pools = {language: collect(data, language) for language in ("id", "en")}
        self.near = {language: neighbours(pool) for language, pool in self.pools.items()}
        self.glossary, self.seed = Glossary(work), seed
        random = np.random.default_rng(seed)
        self.seeds: dict[str, np.ndarray] = {}
        for language, pool in self.pools.items():
            needed = steps * GROUPS_PER_LANGUAGE
            rows = np.repeat(np.arange(len(pool)), [TIMES.get(p.source, 1) for p in pool])
            passes = -(-needed // len(rows))
            order = np.concatenate([random.permutation(rows) for _ in range(passes)])
            self.seeds[language] = order[:needed].reshape(steps, GROUPS_PER_LANGUAGE)
            print(f"{language}: {len(pool)} passages, {sum(len(p.questions) for p in pool)} questions")

    def __getitem__(self, step: int) -> Batch:
        random = np.random.default_rng([self.seed, step])
        members: list[Passage] = []
        for language, pool in self.pools.items():
            seeds = self.seeds[language][step]
            rows = np.concatenate([seeds, self.near[language][seeds].ravel()])
            members += [pool[k] for k in dict.fromkeys(rows.tolist())]
        questions, owner = [], []
        for k, passage in enumerate(members):
            asked = self._questions(passage, random)
            questions += asked
            owner += [k] * len(asked)
        return Batch([p.text for p in members], questions, np.array(owner))

    def _questions(self, passage: Passage, random: np.random.Generator) -> list[str]:
        chosen = random.permutation(len(passage.questions))[:QUESTIONS_PER_PASSAGE]
        found = [passage.questions[k] for k in chosen]
        glossed = [self.glossary.gloss(q, passage.language, random) for q in found if random.random() < GLOSS_SHARE]
        human = list(passage.translations)[:QUESTIONS_PER_PASSAGE]
        return found + glossed + human
