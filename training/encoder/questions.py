"""Batches for the question-to-passage step: passages in groups of neighbours, with questions.

A batch holds both languages, and passages beside the ones most like them, so that each passage
is a hard negative for its neighbours' questions at no extra cost. In the second round most
neighbours are those that the first round's encoder takes for the answer, in either language.
Questions come as asked, in a person's translation, as a word-for-word gloss in the other language
(IBM Model 1's lexicon), and as a few rare words of the passage, as people type them into a search
box. Some passages stand beside their twin: the same with other names, asked with these. So names count, those that
training never saw as well.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from assistant.words import WORD
from training.encoder.data import read_questions, words
from training.encoder.model import Encoder

HERE = Path(__file__).parent
QUESTION_TOKENS = 48
PASSAGE_TOKENS = 144
NEIGHBOURS = 3
GROUPS_PER_LANGUAGE = 6
QUESTIONS_PER_PASSAGE = 2
GLOSS_SHARE = 0.5
KEYWORDS_SHARE = 0.4
TWIN_SHARE = 0.6
YEARS_APART = (-7, -3, -2, -1, 1, 2, 3, 7)
KEYWORDS_FROM = 18  # words in a row, of which the rarest are taken
MAX_OVERLAP = 0.5
MINED = 12  # of so many passages that the encoder puts first, the hard negatives are drawn
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
    names: tuple[str, ...] = ()  # in lower case, what tells it from its twin, if it has one

    def is_told_by(self, question: str) -> bool:
        """Whether it is this passage and not its twin that the question is about."""
        return not self.names or not set(self.names).isdisjoint(WORD.findall(question.lower()))


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
    asked: dict[str, tuple[list[str], list[str], str]] = {}
    random = np.random.default_rng(0)
    for q in read_questions(data, language, "train"):
        if q.answerable and (language == "id" or q.source in ENGLISH_SOURCES):
            own, other, _ = asked.setdefault(q.passage, ([], [], q.source))
            own.append(q.question)
            other += [translations[q.id]] if q.id in translations else []
    found = []
    for text, (own, other, source) in asked.items():
        if language == "en" and random.random() >= ENGLISH_SOURCES[source]:
            continue
        found.append(Passage(text, language, tuple(dict.fromkeys(own)), tuple(other), source))
    return found


# Capitalised inside a sentence, and years.
NAME = re.compile(r"""(?<=[\w,;)] )[A-Z][a-z]{3,}(?![\w-])|(?<![\w.,/-])(?:1[5-9]|20)\d\d(?![\w/-]|[.,]\d)""")


def with_twin(passage: Passage, names: Sequence[str], random: np.random.Generator) -> list[Passage]:
    """A passage, and the same with others of `names`, if it is asked about with one of them or with a year.

    Both are left with the questions that tell one from the other.
    """
    asked = set(WORD.findall(" ".join(passage.questions + passage.translations).lower()))
    known, taken = frozenset(names), set(WORD.findall(passage.text.lower()))
    shared: dict[str, str] = {}
    for name in dict.fromkeys(NAME.findall(passage.text)):
        is_asked = name.lower() in asked and (name.isdigit() or name in known)
        free = [one for one in others(name, names, random) if one.lower() not in taken] if is_asked else []
        if free:
            shared[name.lower()] = free[0]
            taken.add(free[0].lower())
    if not shared:
        return [passage]
    telling = re.compile(rf"\b({'|'.join(shared)})\b", re.IGNORECASE)

    def renamed(text: str) -> str:
        # What is not the name itself in lower case stays: "İstanbul".
        return telling.sub(lambda match: shared.get(match[0].lower(), match[0]), text)

    questions, translations = (
        tuple(filter(telling.search, texts)) for texts in (passage.questions, passage.translations)
    )
    own = replace(passage, questions=questions, translations=translations, names=tuple(shared))
    twin = replace(
        own,
        text=renamed(passage.text),
        questions=tuple(map(renamed, questions)),
        translations=tuple(map(renamed, translations)),
        names=tuple(name.lower() for name in shared.values()),
    )
    return [own, twin]


def others(name: str, names: Sequence[str], random: np.random.Generator) -> list[str]:
    """Some other years near a year, some other names for a name."""
    if name.isdigit():
        return [str(int(name) + apart) for apart in random.permutation(YEARS_APART)]
    return [names[k] for k in random.integers(len(names), size=len(YEARS_APART))]


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


def mined(passages: Sequence[Passage], encoder: Encoder) -> np.ndarray:
    """[passages, MINED] rows of either language that the encoder puts first for each one's questions; -1 for none.

    What has most of a passage's words is a copy and no wrong answer.
    """
    bags = [set(words(p.text)) for p in passages]
    vectors = encoder.embed([p.text for p in passages], PASSAGE_TOKENS)
    questions = [(k, q) for k, p in enumerate(passages) for q in [*p.questions[:2], *p.translations[:2]]]
    asked = encoder.embed([q for _, q in questions], QUESTION_TOKENS)
    found: list[list[int]] = [[] for _ in passages]
    for begin in range(0, len(questions), 500):
        scores = asked[begin : begin + 500] @ vectors.T
        for (k, _), row in zip(questions[begin : begin + 500], scores, strict=True):
            best = np.argpartition(-row, MINED)[:MINED]
            for other in best[np.argsort(-row[best])].tolist():
                overlap = len(bags[k] & bags[other]) / max(1, min(len(bags[k]), len(bags[other])))
                if other != k and overlap < MAX_OVERLAP and other not in found[k]:
                    found[k].append(other)
    return np.array([(row + [-1] * MINED)[:MINED] for row in found])


class QuestionBatches:
    """Batches by step; the same step gives the same batch."""

    def __init__(self, data: Path, work: Path, steps: int, seed: int, encoder: Encoder | None = None) -> None:
        """With an `encoder`, two of three neighbours are passages that it takes for the answer."""
        pools = {language: collect(data, language) for language in ("id", "en")}
        self.pool = [passage for pool in pools.values() for passage in pool]
        self.glossary, self.seed = Glossary(work), seed
        counts = Counter(word for passage in self.pool for word in set(words(passage.text)))
        self.frequency = dict(counts)
        capitalised = Counter(name for passage in self.pool for name in set(NAME.findall(passage.text)))
        self.names = sorted(n for n, times in capitalised.items() if n.isalpha() and times > counts[n.lower()] / 2)
        self.mined = mined(self.pool, encoder) if encoder else None
        random = np.random.default_rng(seed)
        near, seeds, first = [], [], 0
        for language, pool in pools.items():
            near.append(neighbours(pool) + first)
            rows = np.repeat(np.arange(len(pool)), [TIMES.get(p.source, 1) for p in pool])
            needed = steps * GROUPS_PER_LANGUAGE
            order = np.concatenate([random.permutation(rows) for _ in range(-(-needed // len(rows)))])
            seeds.append(order[:needed].reshape(steps, GROUPS_PER_LANGUAGE) + first)
            first += len(pool)
            print(f"{language}: {len(pool)} passages, {sum(len(p.questions) for p in pool)} questions")
        self.near, self.seeds = np.concatenate(near), np.concatenate(seeds, axis=1)

    def __getitem__(self, step: int) -> Batch:
        random = np.random.default_rng([self.seed, step])
        rows = [row for seed in self.seeds[step] for row in [int(seed), *self._neighbours(int(seed), random)]]
        members = [self.pool[k] for k in dict.fromkeys(rows)]
        seeds = {self.pool[seed] for seed in self.seeds[step] if random.random() < TWIN_SHARE}
        members = [one for p in members for one in (with_twin(p, self.names, random) if p in seeds else [p])]
        questions, owner = [], []
        for k, passage in enumerate(members):
            asked = self._questions(passage, random)
            questions += asked
            owner += [k] * len(asked)
        return Batch([p.text for p in members], questions, np.array(owner))

    def _neighbours(self, seed: int, random: np.random.Generator) -> list[int]:
        near: list[int] = self.near[seed].tolist()
        if self.mined is None:
            return near
        hard = self.mined[seed][self.mined[seed] >= 0]
        chosen = random.permutation(hard)[: NEIGHBOURS - 1].tolist()
        return [*chosen, *near][:NEIGHBOURS]

    def _questions(self, passage: Passage, random: np.random.Generator) -> list[str]:
        chosen = random.permutation(len(passage.questions))[:QUESTIONS_PER_PASSAGE]
        found = [passage.questions[k] for k in chosen]
        glossed = [self.glossary.gloss(q, passage.language, random) for q in found if random.random() < GLOSS_SHARE]
        human = [passage.translations[k] for k in random.permutation(len(passage.translations))]
        typed = [self._keywords(passage, random)] if random.random() < KEYWORDS_SHARE else []
        asked = found + glossed + human[:QUESTIONS_PER_PASSAGE] + typed
        return [q for q in asked if passage.is_told_by(q)]

    def _keywords(self, passage: Passage, random: np.random.Generator) -> str:
        """The rarest few of some words in a row, in their order; a third of the time in the other language."""
        text = passage.text.split()
        begin = int(random.integers(max(1, len(text) - KEYWORDS_FROM)))
        part = list(dict.fromkeys(words(" ".join(text[begin : begin + KEYWORDS_FROM]))))
        rarest = sorted(part, key=lambda word: self.frequency.get(word, 0))[: int(random.integers(3, 7))]
        typed = " ".join(word for word in part if word in rarest)
        return self.glossary.gloss(typed, passage.language, random) if random.random() < 1 / 3 else typed
