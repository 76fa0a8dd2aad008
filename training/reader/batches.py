"""What the reader learns from, batch by batch: the same step always gives the same batch.

Each time an example comes by it is varied: asked in its own words, in a person's translation or in a word-for-word
gloss (IBM Model 1's lexicon), over its passage, over a gloss of it, or over one that does not answer: another of its
article, a passage much like its own, or one that a search for the question finds, in either language. So a model that
saw only one-language data learns to read across languages, and to say "not here" where the product needs it. More
often than not such passages come beside the one that answers, to be told from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.embed import BundledEncoder
from training.encoder.questions import Glossary, Passage, neighbours, read_translations
from training.reader.data import Example, read_examples, written_examples
from training.reader.model import Reader, Window
from training.written import read_titles

# How often the examples of a source come by in one pass; sources without an entry are left out.
PASSES = {
    "idk-mrc": 1.4,
    "facqa": 2.5,
    "translated-squad2-dev": 0.8,
    "squadshifts_new_wiki": 1.5,
    "nq_open_oracle": 0.7,
    "qed_nq": 0.7,
    "timeqa_human": 0.6,
    "quoref_contrast": 0.3,
    "ester_news": 1.5,
    "news": 3.0,
    "close": 2.5,
    "twins": 2.5,
    "yesno": 3.0,
    "articles": 12.0,
    "squadshifts_reddit": 0.2,
}
# Sources with unanswerable questions of their own need fewer swapped passages.
SWAPPED = {"idk-mrc": 0.1, "translated-squad2-dev": 0.1, "timeqa_human": 0.15}
SWAPPED_ELSE = 0.2
PAIRED = 0.6  # share of the answered readings that come with passages that do not answer
OTHERS = 3  # at most so many of them
RETRIEVED = 6  # passages that the encoder finds for a question
RETRIEVED_SHARE = 0.5
SIBLING_SHARE = 0.5
TRANSLATED = 0.6
GLOSSED_QUESTION = 0.3
GLOSSED_PASSAGE = 0.12
TITLED = 0.8
ANY = 3
MAX_QUESTION_TOKENS = 48
MAX_PASSAGE_TOKENS = 144
TOKENS_PER_BATCH = 2_300  # before the passages beside
BATCHES_SORTED_TOGETHER = 40


@dataclass(frozen=True)
class Varied:
    """One way an example was asked: the words, the passage, its title, and the answer's span in it, if it answers."""

    question: str
    passage: str
    title: str
    span: tuple[int, int] | None


class Batches:
    """`len()` batches of windows, about one pass over the examples; `self[step]` is deterministic."""

    def __init__(
        self,
        data: Path,
        work: Path,
        reader: Reader,
        passes: float,
        seed: int,
        sets: Sequence[str],
        encoder: Path | None = None,
    ) -> None:
        """With these `sets` of the written questions, and the questions of DATA.

        With an `encoder` many of the passages that do not answer are such as it finds, and most have headlines.
        """
        self.reader, self.seed = reader, seed
        self.glossary = Glossary(work)
        rows = [e for lang in ("id", "en") for e in read_examples(data, lang, "train")]
        rows += [e for set_ in sets for e in written_examples(data, set_)]
        self.examples = [e for e in rows if e.source in PASSES]
        self.translations = read_translations("train.en-id.jsonl") | read_translations("train.id-en.jsonl")
        self.titles = read_titles(data) if encoder else {}
        self.titled = list(self.titles)
        self.alike = _alike(self.examples)
        self.retrieved = _retrieved(self.examples, encoder, work) if encoder else None
        order = self._order(passes)
        sizes = np.array([len(e.passage) / 4.2 for e in self.examples])  # about how many tokens
        sizes = np.minimum(sizes, MAX_PASSAGE_TOKENS) + 22
        self.batches = _batches(order, sizes[order], np.random.default_rng(seed))
        asked = sum(self.examples[k].id in self.translations for k in order)
        print(f"{len(self.examples)} examples, {len(order)} readings ({asked} translated), {len(self)} steps")

    def __len__(self) -> int:
        return len(self.batches)

    def _order(self, passes: float) -> np.ndarray:
        random = np.random.default_rng([self.seed, 1])
        wanted = np.array([PASSES[e.source] * passes for e in self.examples])
        # Questions a person translated are worth most: they come by twice as often.
        wanted *= np.array([2.0 if e.id in self.translations else 1.0 for e in self.examples])
        times = np.floor(wanted + random.random(len(wanted))).astype(int)
        return random.permutation(np.repeat(np.arange(len(wanted)), times))

    def __getitem__(self, step: int) -> list[Window]:
        random = np.random.default_rng([self.seed, 2, step])
        windows = []
        for number, k in enumerate(self.batches[step]):
            for varied in self.vary(int(k), random):
                question, passage = self.reader.encode(varied.question), self.reader.encode(varied.passage)
                title = self.reader.title(varied.title) if varied.title else []
                window = self.reader.window(
                    question, passage, varied.span, MAX_QUESTION_TOKENS, MAX_PASSAGE_TOKENS, random, title
                )
                windows.append(replace(window, question=number))
        return windows

    def vary(self, k: int, random: np.random.Generator) -> list[Varied]:
        """One reading of the example, and maybe the same question over passages that do not answer it.

        All of them have their titles or none has, and a title is no sign of an answer: passages beside a titled one are
        drawn from those with a title.
        """
        example = self.examples[k]
        passage, span = example.passage, None
        others: list[str] = []
        titles = self.titles if passage in self.titles and random.random() < TITLED else {}
        if example.spans:
            span = example.spans[random.integers(len(example.spans))]
            chance = random.random()
            swapped = SWAPPED.get(example.source, SWAPPED_ELSE)
            if chance < swapped + PAIRED:
                most = 1 if chance < swapped else int(random.integers(1, OTHERS + 1))
                others = self._others(k, most, random, titles)
            if others and chance < swapped:
                passage, span, others = others[0], None, []
        asked, read, span = self._asked(example, passage, span, random)
        return [
            Varied(asked, read, titles.get(passage, ""), span),
            *(Varied(asked, other, titles.get(other, ""), None) for other in others),
        ]

    def _asked(
        self, example: Example, passage: str, span: tuple[int, int] | None, random: np.random.Generator
    ) -> tuple[str, str, tuple[int, int] | None]:
        """The question in its own words, translated or glossed, or the passage glossed."""
        if example.id in self.translations and random.random() < TRANSLATED:
            return self.translations[example.id], passage, span
        chance = random.random()
        if chance < GLOSSED_QUESTION:
            return self.glossary.gloss(example.question, example.asked, random), passage, span
        if chance < GLOSSED_QUESTION + GLOSSED_PASSAGE:
            return example.question, *self._glossed(passage, example.language, span, random)
        return example.question, passage, span

    def _others(self, k: int, most: int, random: np.random.Generator, titles: Mapping[str, str]) -> list[str]:
        """Passages of the same article, much like the example's or found for its question, without its answers.

        Where there are `titles`, passages that have one; any, if need be.
        """
        example = self.examples[k]
        answers = [answer.lower() for answer in example.answers]
        found: list[str] = []
        for _ in range(most):
            if example.siblings and random.random() < SIBLING_SHARE:
                pool: Sequence[str] = example.siblings
            elif self.retrieved is not None and random.random() < RETRIEVED_SHARE:
                pool = self.retrieved[k]
            else:
                pool = self.alike[k]
            order = [pool[n] for n in random.permutation(len(pool))]
            if titles:
                order = [text for text in order if text in titles]
                order += [self.titled[n] for n in random.integers(len(self.titled), size=ANY)]
            for text in order:
                if text not in found and not any(answer in text.lower() for answer in answers):
                    found.append(text)
                    break
        return found

    def _glossed(
        self, passage: str, language: str, span: tuple[int, int] | None, random: np.random.Generator
    ) -> tuple[str, tuple[int, int] | None]:
        """The passage word for word in the other language, with the answer's new place."""
        if span is None:
            return self.glossary.gloss(passage, language, random), None
        before, answer, after = (
            self.glossary.gloss(text, language, random)
            for text in (passage[: span[0]], passage[span[0] : span[1]], passage[span[1] :])
        )
        return before + answer + after, (len(before), len(before) + len(answer))


def _alike(examples: Sequence[Example]) -> dict[int, list[str]]:
    """For each example the passages most like its own, of its own language."""
    found: dict[int, list[str]] = {}
    for language in ("id", "en"):
        rows = [k for k, e in enumerate(examples) if e.language == language]
        texts = list(dict.fromkeys(examples[k].passage for k in rows))
        near = neighbours([Passage(text, language, (), ()) for text in texts])
        number = {text: i for i, text in enumerate(texts)}
        for k in rows:
            own = number[examples[k].passage]
            found[k] = [texts[i] for i in near[own] if i != own]
    return found


def _retrieved(examples: Sequence[Example], encoder: Path, work: Path) -> list[list[str]]:
    """For each example the passages of either language that the encoder puts first for its question, its own left out.

    They are kept in `work`, since embedding them all takes some minutes.
    """
    texts = list(dict.fromkeys(example.passage for example in examples))
    number = {text: i for i, text in enumerate(texts)}
    asked = [example.question for example in examples]
    model = BundledEncoder(folder=encoder)  # in 8 bits, as the product searches; and in half the time
    key = hashlib.sha256(json.dumps([model.fingerprint, texts, asked]).encode()).hexdigest()[:12]
    file = work / f"retrieved-{key}.npz"
    if file.exists():
        nearest = np.load(file)["nearest"]
    else:
        passages, questions = model.encode(texts), model.encode(asked)
        nearest = np.concatenate(
            [
                np.argpartition(-questions[begin : begin + 1000] @ passages.T, RETRIEVED + 1, axis=1)[
                    :, : RETRIEVED + 1
                ]
                for begin in range(0, len(examples), 1000)
            ]
        )
        np.savez(file, nearest=nearest)
    return [
        [texts[i] for i in np.sort(row) if i != number[example.passage]]
        for example, row in zip(examples, nearest, strict=True)
    ]


def _batches(order: np.ndarray, sizes: np.ndarray, random: np.random.Generator) -> list[np.ndarray]:
    """`order` cut into batches of like size, each at most TOKENS_PER_BATCH once padded, in random order."""
    chunk = int(TOKENS_PER_BATCH / sizes.mean() * BATCHES_SORTED_TOGETHER)
    batches = []
    for begin in range(0, len(order), chunk):
        rows = order[begin : begin + chunk]
        longest_first = np.argsort(-sizes[begin : begin + chunk], kind="stable")
        rows, lengths = rows[longest_first], sizes[begin : begin + chunk][longest_first]
        while len(rows):
            n = max(1, int(TOKENS_PER_BATCH / lengths[0]))
            batches.append(rows[:n])
            rows, lengths = rows[n:], lengths[n:]
    return [batches[k] for k in random.permutation(len(batches))]
