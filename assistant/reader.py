"""Question and hits -> the spans that answer, each with the probability that it does.

This reader ranks whole sentences by a logistic model over a few signals, and so needs no model beside the embedder.
Its weights were fitted, and its probabilities calibrated, by `training/sentences`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.chunk import sentence_offsets
from assistant.embed import Vectors
from assistant.records import Hit, Question, Span
from assistant.words import terms

SIGNALS = (
    "sentence_cosine",
    "neighbour_cosine",
    "passage_cosine",
    "passage_words",
    "shared_terms",
    "kind",
    "news",
    "length",
)
WEIGHTS = {
    "bias": -4.46,
    "sentence_cosine": 6.065,
    "neighbour_cosine": -1.795,
    "passage_cosine": 1.635,
    "passage_words": -0.558,
    "shared_terms": 2.765,
    "kind": 0.441,
    "news": -0.512,
    "length": 0.254,
}

MONTH = r"(?:jan|feb|mar|apr|ma[yi]|jun|jul|aug|agu|sep|o[ck]t|nov|de[cs])[a-z]*"  # both languages' names begin alike
DATE = rf"\b(?:\d{{1,2}} {MONTH}(?: \d{{4}})?|{MONTH} \d{{1,2}}|{MONTH} \d{{4}}|(?:1[89]|20)\d\d)\b"
NUMBER_WORD = (
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|[mb]illion|half"
    r"|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|se(?:puluh|belas|ratus|ribu)|puluh|ratus|ribu|juta|miliar)\b"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question, and what a sentence that answers it contains: must contain, where it is `needed`."""

    asks: re.Pattern[str]
    gives: re.Pattern[str]
    without_dates: bool = False
    needed: bool = True


# The first that fits counts. What the words of a question ask for tells an answer from a sentence near the subject.
KINDS = (
    Kind(
        re.compile(
            r"\b(?:when|kapan|(?:what|which) (?:year|date|day|month)|tahun berapa|tanggal berapa)\b", re.IGNORECASE
        ),
        re.compile(DATE, re.IGNORECASE),
    ),
    Kind(
        re.compile(
            r"\bhow much\b.*\b(?:pay|paid|cost|worth|spend|spent|price)\b|\b(?:price|cost|worth|value) of\b"
            r"|\b(?:harga|biaya|nilai|anggaran)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\d.{0,20}\b(?:dollars?|dolar|euros?|rupiah|pesos?|baht|ringgit|won|yuan|yen|US)\b|(?:[$€£]|Rp) ?\d",
            re.IGNORECASE,
        ),
    ),
    Kind(
        re.compile(
            r"\b(?:how (?:many|much|old|long|far|tall|big|large|deep|high|fast)|what (?:percent\w*|share)|berapa)\b",
            re.IGNORECASE,
        ),
        re.compile(rf"(?<![\w-])\d|{NUMBER_WORD}", re.IGNORECASE),
        without_dates=True,
    ),
    Kind(
        re.compile(r"\b(?:where|di ?mana|ke ?mana|dari mana)\b", re.IGNORECASE),
        re.compile(r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]ff|[Tt]o|[Oo]f|[Ff]rom|[Dd]i|[Kk]e|[Dd]ari) (?:the )?[A-Z]"),
        needed=False,
    ),
    Kind(
        re.compile(r"\b(?:who|whom|whose|siapa)\b", re.IGNORECASE),
        re.compile(r"\b[A-Z][\w'-]+(?: (?:bin|van|de|al|[A-Z][\w'.-]*))+"),
        needed=False,
    ),
    Kind(
        re.compile(r"\b(?:why|mengapa|kenapa|what caused|apa penyebab|apa alasan)\b", re.IGNORECASE),
        re.compile(
            r"\b(?:because|due to|so that|in order|reasons?|caused?|since|as a result"
            r"|karena|sebab|penyebab\w*|agar|supaya|akibat|alasan\w*|lantaran)\b",
            re.IGNORECASE,
        ),
        needed=False,
    ),
    Kind(
        re.compile(r"\b(?:what|which|apa|mana)\b", re.IGNORECASE),
        re.compile(r"(?<=[\w,;“\"] )[A-Z0-9]"),
        without_dates=True,
        needed=False,
    ),
)
DATES = re.compile(DATE, re.IGNORECASE)
WORD = re.compile(r"[\w-]+")
NAME_OR_NUMBER = re.compile(r"\b(?=[^\s\d]*\d|[A-Z])[\w-]+")
ENOUGH_FACTS = 4
# A passage whose score is below this share of the best one's is not read.
HOPELESS = 0.5
# How far a sentence without a number is from an answer to "how many"; the weights know only 1 and -1.
MISSING = -3.0
LONG_SENTENCE_CHARS = 250


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit with its signals, in the order of `SIGNALS`."""

    hit: Hit
    start: int
    end: int
    signals: tuple[float, ...]

    @property
    def probability(self) -> float:
        weighted = sum(WEIGHTS[name] * signal for name, signal in zip(SIGNALS, self.signals, strict=True))
        return 1 / (1 + math.exp(-(WEIGHTS["bias"] + weighted)))


class SentenceReader:
    """Reads the hits' sentences.

    >>> SentenceReader(embeddings).read(Question("Kapan Whoosh diresmikan?", "id"), hits)[0].text
    'Presiden Joko Widodo meresmikan kereta cepat Whoosh pada 2 Oktober 2023.'
    """

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        """One span for every sentence of the hits, most probable first; none without hits."""
        spans = [
            Span(candidate.hit.passage, candidate.start, candidate.end, candidate.probability)
            for candidate in self.candidates(question, hits)
        ]
        return sorted(spans, key=lambda span: (-span.probability, span.passage.article.id, span.start))

    def candidates(self, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
        """Every sentence of the hits once, with its signals."""
        sentences = list(_sentences(hits))
        if not sentences:
            return []
        texts = [hit.passage.article.text[start:end] for hit, start, end in sentences]
        # Under its article's title a sentence says what "it" and "the deal" are.
        titled = [replace(hit.passage, start=start, end=end).searchable for hit, start, end in sentences]
        vectors = np.asarray(self._embeddings.embed_documents(titled), np.float32)
        asked = np.asarray(self._embeddings.embed_query(question.text), np.float32)
        cosines = (vectors @ asked) / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(asked) + 1e-9)
        shared = _shared_terms(question, sentences, texts)
        kind = next((kind for kind in KINDS if kind.asks.search(question.text)), None)
        asked_words = {word.casefold() for word in WORD.findall(question.text)}
        candidates = []
        beside = _neighbours(sentences, cosines)
        for (hit, start, end), text, cosine, near, share in zip(sentences, texts, cosines, beside, shared, strict=True):
            fit = _fits(kind, text, asked_words) if kind else 0.0
            news = len(_facts(text) - _facts(question.text)) / ENOUGH_FACTS
            length = len(text) / LONG_SENTENCE_CHARS
            signals = (
                float(cosine),
                near,
                hit.vector_score,
                hit.word_score,
                share,
                fit,
                min(news, 1.0),
                min(length, 1.0),
            )
            candidates.append(Candidate(hit, start, end, signals))
        return candidates


def _fits(kind: Kind, sentence: str, asked_words: set[str]) -> float:
    """1 where the sentence contains what this kind of question asks for, else -1; what the question says is none."""
    if kind.without_dates:
        sentence = DATES.sub(" ", sentence)
    sentence = WORD.sub(lambda word: "_" if word[0].casefold() in asked_words else word[0], sentence)
    if kind.gives.search(sentence):
        return 1.0
    return MISSING if kind.needed else -1.0


def _facts(text: str) -> set[str]:
    """Names and numbers: words with a capital letter or a digit. A sentence that answers brings some of its own.

    >>> sorted(_facts("Dari Rusia, Myanmar membeli jet Su-30"))
    ['dari', 'myanmar', 'rusia', 'su-30']
    """
    return {word.casefold() for word in NAME_OR_NUMBER.findall(text)}


def _neighbours(sentences: Sequence[tuple[Hit, int, int]], cosines: Vectors) -> list[float]:
    """For each sentence the best cosine of those beside it in its passage: what they speak of, it speaks of too."""
    beside = []
    for i, (hit, _, _) in enumerate(sentences):
        near = [j for j in (i - 1, i + 1) if 0 <= j < len(sentences) and sentences[j][0] is hit]
        beside.append(max((float(cosines[j]) for j in near), default=0.0))
    return beside


def _shared_terms(question: Question, sentences: Sequence[tuple[Hit, int, int]], texts: Sequence[str]) -> list[float]:
    """For each sentence the share of the question's words it holds; a word counts less the more sentences hold it.

    So among sentences that all speak of Myanmar and Russia, the one that also says "buy" stands out.
    """
    wanted = set(terms(question.text, question.lang))
    held = [
        wanted & set(terms(text, hit.passage.article.lang)) for (hit, _, _), text in zip(sentences, texts, strict=True)
    ]
    holding = Counter(term for shared in held for term in shared)
    weight = {term: math.log(1 + len(texts) / (1 + holding[term])) for term in wanted}
    total = sum(weight.values()) or 1.0
    return [sum(weight[term] for term in sorted(shared)) / total for shared in held]


def _sentences(hits: Sequence[Hit]) -> list[tuple[Hit, int, int]]:
    """The sentences of all hits worth reading; one that several passages share belongs to the best of them."""
    found: dict[tuple[str, int], tuple[Hit, int, int]] = {}
    best = max((hit.score for hit in hits), default=0.0)
    for hit in hits:
        if hit.score < HOPELESS * best:
            continue
        passage = hit.passage
        for start, end in sentence_offsets(passage.text, passage.article.lang):
            key = (passage.article.id, passage.start + start)
            found.setdefault(key, (hit, passage.start + start, passage.start + end))
    return list(found.values())
