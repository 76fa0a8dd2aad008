"""Measures an encoder on development tasks of the product's shapes, and prints the table.

python -m training.encoder.measure DATA FOLDER [--exact] [--json FILE]

A row is questions against a pool of passages: recall@10 (recall@1) by vectors alone, by BM25
alone, and by both. Pools hold the development passages and all training passages of the same
kind as distractors, of copies one. The questions of the cross-language rows are translations, kept beside this
file (dev.en-id.jsonl: English for Indonesian passages; dev.id-en.jsonl: the reverse).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from assistant.config import Settings
from assistant.embed import BundledEncoder, Encoder, SentenceEncoder
from assistant.records import Lang
from assistant.retrieve import fuse
from assistant.words import terms
from training.encoder.data import Question, bare, read_pairs, read_questions
from training.encoder.model import base_folder, use_threads

HERE = Path(__file__).parent
ENGLISH_POOL = ("squadshifts_new_wiki", "qed_nq")
SMALL_POOL = ("squadshifts_new_wiki", "qed_nq", "nq_open_oracle")
PROSE = {
    "desmond86+Indonesian-English-Bilingual-Corpus",
    "prasastoadi+parallel-corpora-en-id",
    "geovedi_news_ted",
    "gunnxx+indonesian-mt-data",
}


@dataclass(frozen=True)
class Task:
    """Questions in `asked`, the pool they search, each one's passage in it, and what is in another language."""

    name: str
    asked: Lang
    questions: list[str]
    pool: list[str]
    gold: np.ndarray
    foreign: np.ndarray

    @property
    def languages(self) -> list[Lang]:
        """Of each passage in the pool."""
        other: Lang = "id" if self.asked == "en" else "en"
        return [other if foreign else self.asked for foreign in self.foreign]


class BM25:
    """Okapi BM25 (Robertson and Zaragoza 2009), k1 = 1.2, b = 0.75, over the terms of the product's word index."""

    def __init__(self, passages: Sequence[str], languages: Sequence[Lang]) -> None:
        bags = [Counter(terms(p, lang)) for p, lang in zip(passages, languages, strict=True)]
        self.row = {w: k for k, w in enumerate(dict.fromkeys(w for bag in bags for w in bag))}
        lengths = np.array([sum(bag.values()) for bag in bags], float)
        frequency = Counter(w for bag in bags for w in bag)
        self.unseen_idf = float(np.log(1 + (len(bags) + 0.5) / 0.5))
        self.idf = {w: float(np.log(1 + (len(bags) - n + 0.5) / (n + 0.5))) for w, n in frequency.items()}
        values, columns, starts = [], [], [0]
        for bag, length in zip(bags, lengths, strict=True):
            norm = 1.2 * (0.25 + 0.75 * length / lengths.mean())
            for word, count in bag.items():
                values.append(self.idf[word] * count * 2.2 / (count + norm))
                columns.append(self.row[word])
            starts.append(len(values))
        self.matrix = csr_matrix((values, columns, starts), (len(bags), len(self.row))).T.tocsr()

    def scores(self, questions: Sequence[str], language: Lang) -> np.ndarray:
        """[questions, passages], each row over the most its words could give: 0 to about 1."""
        found = np.zeros((len(questions), self.matrix.shape[1]), np.float32)
        for k, question in enumerate(questions):
            asked = list(dict.fromkeys(terms(question, language)))
            rows = [self.row[w] for w in asked if w in self.row]
            most = sum(self.idf.get(w, self.unseen_idf) for w in asked) * 2.2
            if rows:
                found[k] = np.asarray(self.matrix[rows].sum(0)).ravel() / most
        return found


def recall(scores: np.ndarray, gold: np.ndarray) -> tuple[float, float]:
    """Recall at 10 and at 1; a tie counts as lost."""
    own = scores[np.arange(len(gold)), gold]
    rank = (scores >= own[:, None]).sum(1)
    return float((rank <= 10).mean()), float((rank <= 1).mean())


def fused(by_vectors: np.ndarray, by_words: np.ndarray, foreign: np.ndarray) -> np.ndarray:
    """[questions, passages], as the product fuses them."""
    weight = Settings().vector_weight
    return np.stack([fuse(*scores, foreign, weight) for scores in zip(by_vectors, by_words, strict=True)])


def distinct(questions: Sequence[Question]) -> list[str]:
    return list(dict.fromkeys(q.passage for q in questions))


def translated(file: Path, originals: Sequence[Question]) -> list[tuple[str, str]]:
    """(question in the other language, passage) of a file of translations."""
    passages = {q.id: q.passage for q in originals}
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [(r["question"], passages[r["id"]]) for r in rows]


def task(
    name: str, lang: Lang, asked: Sequence[tuple[str, str]], own: Sequence[str], other: Sequence[str] = ()
) -> Task:
    """`own` are the pool's passages in the questions' language `lang`, `other` those in the other one.

    A copy with other punctuation is the same passage: nobody could tell which of the two was meant.
    """
    foreign, native = ({bare(passage): passage for passage in passages} for passages in (other, own))
    pool = foreign | native
    where = {words: row for row, words in enumerate(pool)}
    gold = np.array([where[bare(passage)] for _, passage in asked])
    is_foreign = np.arange(len(pool)) < len(foreign)
    return Task(name, lang, [question for question, _ in asked], list(pool.values()), gold, is_foreign)


def development_tasks(data: Path) -> list[Task]:
    indonesian = read_questions(data, "id", "dev")
    english = read_questions(data, "en", "dev")
    id_pool = distinct([*indonesian, *read_questions(data, "id", "train")])
    en_all = [*english, *read_questions(data, "en", "train")]
    en_pool = distinct([q for q in en_all if q.source in ENGLISH_POOL])

    def own(questions: Sequence[Question], source: str) -> list[tuple[str, str]]:
        return [(q.question, q.passage) for q in questions if q.answerable and q.source == source]

    to_indonesian = translated(HERE / "dev.en-id.jsonl", indonesian)
    to_english = translated(HERE / "dev.id-en.jsonl", english)
    small = distinct([q for source in SMALL_POOL for q in english if q.source == source])[:75]
    pairs = [p for p in read_pairs(data, "dev") if p.source in PROSE]
    return [
        task("English question, Indonesian passages", "en", to_indonesian, [], id_pool),
        task("the same, both languages in the pool", "en", to_indonesian, en_pool, id_pool),
        task("Indonesian question, English passage, both in the pool", "id", to_english, id_pool, en_pool),
        task("Indonesian, IDK-MRC", "id", own(indonesian, "idk-mrc"), id_pool),
        task("Indonesian, news (FacQA)", "id", own(indonesian, "facqa"), id_pool),
        task("English, 75 passages", "en", own(english, "squadshifts_new_wiki"), small),
        task("English, whole pool", "en", own(english, "squadshifts_new_wiki"), en_pool),
        task("English sentence, its translation", "en", [(p.en, p.id) for p in pairs], [], [p.id for p in pairs]),
    ]


class Vectors:
    """Embeds each text once: as the product does, or in float32 through sentence-transformers."""

    def __init__(self, folder: Path, exact: bool) -> None:
        self.encoder: Encoder = SentenceEncoder(folder) if exact else BundledEncoder(folder=folder)
        self.known: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        new = [t for t in dict.fromkeys(texts) if t not in self.known]
        self.known.update(zip(new, self.encoder.encode(new), strict=True))
        return np.stack([self.known[t] for t in texts])


def measure(data: Path, folder: Path, exact: bool) -> list[dict[str, Any]]:
    vectors, rows = Vectors(folder, exact), []
    print(f"{'task':<56} {'n':>5} {'pool':>6}   vectors        BM25           fused")
    for t in development_tasks(data):
        by_vectors = vectors(t.questions) @ vectors(t.pool).T
        by_words = BM25(t.pool, t.languages).scores(t.questions, t.asked)
        columns = {
            "vectors": recall(by_vectors, t.gold),
            "bm25": recall(by_words, t.gold),
            "fused": recall(fused(by_vectors, by_words, t.foreign), t.gold),
        }
        shown = "  ".join(f"{ten:.3f} ({one:.3f})" for ten, one in columns.values())
        print(f"{t.name:<56} {len(t.gold):>5} {len(t.pool):>6}   {shown}", flush=True)
        rows.append({"task": t.name, "questions": len(t.gold), "pool": len(t.pool), **columns})
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", help="a sentence-transformers folder, or 'base' for MiniLM")
    parser.add_argument("--exact", action="store_true", help="in float32, through sentence-transformers")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    arguments = parser.parse_args()
    use_threads()
    chosen = base_folder() if arguments.folder == "base" else Path(arguments.folder)
    figures = measure(arguments.data, chosen, arguments.exact or arguments.folder == "base")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))
