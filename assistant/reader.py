"""Question and hits -> the spans that answer, each with the probability that it does.

This reader ranks whole sentences by a logistic model over a few signals, and so needs no model beside the embedder.
Its weights were fitted, and its probabilities calibrated, by `training/sentences`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.chunk import sentence_offsets
from assistant.records import Hit, Question, Span
from assistant.words import terms

SIGNALS = ("sentence_cosine", "passage_cosine", "passage_words", "shared_terms", "kind", "news", "length")
WEIGHTS = {
    "bias": -4.0,
    "sentence_cosine": 4.0,
    "passage_cosine": 2.0,
    "passage_words": 2.0,
    "shared_terms": 1.0,
    "kind": 0.5,
    "news": 1.0,
    "length": 0.0,
}

ASKS_NUMBER = re.compile(
    r"\b(how (many|much|old|long|far|tall|big|large)|when|what (year|date|day|time|percentage)|which year"
    r"|berapa|kapan|tahun berapa|tanggal berapa|jam berapa)\b",
    re.IGNORECASE,
)
HAS_NUMBER = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|billion"
    r"|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|puluh|ratus|ribu|juta|miliar|triliun)\b",
    re.IGNORECASE,
)
NAME_OR_NUMBER = re.compile(r"\b(?=[^\s\d]*\d|[A-Z])[\w-]+")
ENOUGH_FACTS = 4
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
        vectors = np.asarray(self._embeddings.embed_documents(texts), np.float32)
        asked = np.asarray(self._embeddings.embed_query(question.text), np.float32)
        cosines = (vectors @ asked) / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(asked) + 1e-9)
        shared = _shared_terms(question, sentences, texts)
        asks_number = ASKS_NUMBER.search(question.text)
        candidates = []
        for (hit, start, end), text, cosine, share in zip(sentences, texts, cosines, shared, strict=True):
            kind = (1.0 if HAS_NUMBER.search(text) else -1.0) if asks_number else 0.0
            news = len(_facts(text) - _facts(question.text)) / ENOUGH_FACTS
            length = len(text) / LONG_SENTENCE_CHARS
            signals = (float(cosine), hit.vector_score, hit.word_score, share, kind, min(news, 1.0), min(length, 1.0))
            candidates.append(Candidate(hit, start, end, signals))
        return candidates


def _facts(text: str) -> set[str]:
    """Names and numbers: words with a capital letter or a digit. A sentence that answers brings some of its own.

    >>> sorted(_facts("Dari Rusia, Myanmar membeli jet Su-30"))
    ['dari', 'myanmar', 'rusia', 'su-30']
    """
    return {word.casefold() for word in NAME_OR_NUMBER.findall(text)}


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
    """The sentences of all hits; one that several passages share belongs to the best of them."""
    found: dict[tuple[str, int], tuple[Hit, int, int]] = {}
    for hit in hits:
        passage = hit.passage
        for start, end in sentence_offsets(passage.text, passage.article.lang):
            key = (passage.article.id, passage.start + start)
            found.setdefault(key, (hit, passage.start + start, passage.start + end))
    return list(found.values())
