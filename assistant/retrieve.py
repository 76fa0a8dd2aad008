"""Question -> ranked hits: vectors and words, fused.

Fusion is a convex combination of the two scores (Bruch, Gai and Ingber 2022, "An Analysis of Fusion Functions for
Hybrid Retrieval"), not of the ranks. A passage in the other language than the question's shares few words with it,
however well it answers; on top of its own it is credited with the words that passages of about its cosine have in the
question's language, so that words can count for much and neither language buries the other. Passages in the question's
language then change places among themselves, with words counting twice: between these they tell more.

The passages of an article stand by each other: what the question is about is often named in one of them and answered in
the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np
import numpy.typing as npt
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.language import detect
from assistant.records import Hit, Lang, Question
from assistant.store import Index
from assistant.store.vectorstore import as_document
from assistant.words import terms

Floats = npt.NDArray[np.floating]

CANDIDATES = 100
# What looks like a follow-up may be a question of its own: its own best passages are read, too.
OF_ITS_OWN = 2
# So many passages in the question's language tell what words one in the other language would have shared.
NEAR = 5
# A passage is lifted by this share of what it lacks of the best score in its article.
LIFT = 0.4


class HybridRetriever(BaseRetriever):
    """The best `top_k` passages by `vector_weight * cosine + (1 - vector_weight) * word score`; see `fuse`, `lifted`.

    As a LangChain retriever it returns documents with their scores in the metadata; `hits` returns records.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    top_k: int = 8
    vector_weight: float = 0.7

    def hits(self, question: Question, top_k: int | None = None) -> tuple[Hit, ...]:
        """Ranked passages that its filters let through; none for a question without words or an empty index."""
        top_k = top_k or self.top_k
        if not question.text:
            return ()
        among = self.index.allowed(question.filters)
        if question.weighs:
            return self._of_both_sides(question, top_k, among)
        found = self._ranked(question.searched, question.lang, top_k, among)
        if question.about:
            known = {hit.passage.id for hit in found}
            own = [
                hit
                for hit in self._ranked(question.text, question.lang, OF_ITS_OWN, among)
                if hit.passage.id not in known
            ]
            found = [*found[: max(top_k - len(own), 1)], *own][:top_k]
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate(found, start=1))

    def _of_both_sides(self, question: Question, top_k: int, among: npt.NDArray[np.int64] | None) -> tuple[Hit, ...]:
        """The best passages for each side of a comparison, by turns."""
        each = (self._ranked(one.text, one.lang, top_k, among) for one in question.each)
        distinct: dict[str, Hit] = {}
        for hit in (hit for place in zip_longest(*each) for hit in place if hit):
            distinct.setdefault(hit.passage.id, hit)
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate([*distinct.values()][:top_k], start=1))

    def _ranked(self, text: str, lang: Lang, top_k: int, among: npt.NDArray[np.int64] | None) -> list[Hit]:
        vector = self.index.embed_question(text)
        depth = max(CANDIDATES, top_k)
        vectors = self.index.vectors
        cosines = dict(vectors.search(vector, depth, among))
        words = dict(self.index.search_words(terms(text, lang), depth, among))
        by_vectors, by_words = _places(cosines), _places(words)
        for number in words.keys() - cosines.keys():
            cosines[number] = vectors.cosine(vector, number)

        # What was taken out of the index since it was searched stands alone.
        known = self.index.articles_of(cosines)
        found = [known.get(number, (-number, "")) for number in cosines]
        foreign = np.array([language not in ("", lang) for _, language in found], bool)
        heard = np.array([words.get(number, 0.0) for number in cosines])
        scores = lifted(
            fuse(np.array(list(cosines.values())), heard, foreign, self.vector_weight),
            [article for article, _ in found],
        )
        fused = dict(zip(cosines, scores.tolist(), strict=True))
        # Equal scores keep the order of the numbers: the same index always gives the same ranking.
        best = sorted(fused, key=lambda number: (-fused[number], number))[:top_k]
        passages = self.index.passages(best)
        return [
            Hit(
                passages[number],
                fused[number],
                rank,
                cosines[number],
                words.get(number, 0.0),
                by_vectors.get(number, 0),
                by_words.get(number, 0),
            )
            for rank, number in enumerate((n for n in best if n in passages), start=1)
        ]

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
        top_k: int | None = None,
    ) -> list[Document]:
        documents = []
        for hit in self.hits(Question(query, detect(query)), top_k):
            document = as_document(hit.passage)
            scores = {"score": hit.score, "vector_score": hit.vector_score, "word_score": hit.word_score}
            documents.append(document.model_copy(update={"metadata": document.metadata | scores}))
        return documents


def fuse(cosines: Floats, words: Floats, foreign: npt.NDArray[np.bool_], vector_weight: float) -> Floats:
    """The fused scores, in 0..1, of one question's passages; `foreign`: in another language than the question's.

    >>> fuse(np.array([0.6, 0.6]), np.array([0.4, 0.0]), np.array([False, True]), 0.5).round(2)
    array([0.5 , 0.34])

    Of the question's own language, the one with the better words takes the other's place:

    >>> fuse(np.array([0.9, 0.6]), np.array([0.0, 0.2]), np.array([False, False]), 0.5).round(2)
    array([0.4 , 0.45])
    """
    heard = words.copy()
    heard[foreign] = np.minimum(1.0, words[foreign] + _words_near(cosines[foreign], cosines[~foreign], words[~foreign]))
    fused: Floats = vector_weight * np.maximum(cosines, 0.0) + (1 - vector_weight) * heard
    own = np.flatnonzero(~foreign)
    order = np.argsort(fused[own] + (1 - vector_weight) * words[own])
    fused[own[order]] = np.sort(fused[own])
    return fused


def lifted(scores: Floats, articles: Sequence[int]) -> Floats:
    """The scores, each nearer to the best one of its article; the best of all stay as they are.

    >>> lifted(np.array([0.5, 0.3, 0.2]), [7, 8, 7]).round(2)
    array([0.5 , 0.3 , 0.32])
    """
    best: dict[int, float] = {}
    for article, score in zip(articles, scores.tolist(), strict=True):
        best[article] = max(score, best.get(article, score))
    near: Floats = scores + LIFT * (np.array([best[article] for article in articles]) - scores)
    return near


def _words_near(wanted: Floats, cosines: Floats, words: Floats) -> Floats:
    """For each wanted cosine, the mean word score of the few passages whose cosines lie around it.

    Where there are fewer, the missing ones count as 0: one passage that has all the words says little of the others.
    """
    some = min(NEAR, len(cosines))
    order = np.argsort(cosines, kind="stable")
    places = np.searchsorted(cosines[order], wanted)
    begin = np.clip(places - some // 2, 0, len(cosines) - some)
    sums = np.concatenate([[0.0], np.cumsum(words[order])])
    near: Floats = (sums[begin + some] - sums[begin]) / NEAR
    return near


def _places(scores: Mapping[int, float]) -> dict[int, int]:
    """The place of each number, from 1, in scores that are listed best first."""
    return {number: place for place, number in enumerate(scores, start=1)}
