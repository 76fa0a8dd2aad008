from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from assistant.embed import Encoder
from assistant.records import Article, Comparison, Filters, Lang, Question
from assistant.retrieve import HybridRetriever, fuse, lifted
from assistant.store import Index
from tests.conftest import fill


def hits(index: Index, text: str, lang: Lang = "en", vector_weight: float = 0.8) -> list[tuple[str, float]]:
    retriever = HybridRetriever(index=index, vector_weight=vector_weight)
    return [(hit.passage.article.id, hit.score) for hit in retriever.hits(Question(text, lang))]


def test_the_best_passage_comes_first_in_either_search(index: Index) -> None:
    for weight in (0.0, 0.8, 1.0):
        assert hits(index, "Which villages did ash fall on?", vector_weight=weight)[0][0] == "volcano"


def test_scores_fall_and_ranks_count_from_one(index: Index) -> None:
    found = HybridRetriever(index=index, top_k=4).hits(Question("Kapan Whoosh diresmikan?", "id"))
    assert [hit.rank for hit in found] == [1, 2, 3, 4]
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert {hit.passage.article.lang for hit in found} == {"en", "id"}
    best = {hit.passage.article.id: hit for hit in reversed(found)}
    for hit in found:
        assert 0 <= hit.word_score <= 1
        alone = 0.7 * max(hit.vector_score, 0) + 0.3 * hit.word_score
        if hit.passage.article.lang == "id":
            first = best[hit.passage.article.id].score
            assert hit.score == pytest.approx(alone + 0.4 * (first - alone))
        else:
            assert hit.score > alone


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4)), max_size=20))
def test_a_passage_is_lifted_towards_the_best_of_its_article_and_never_past_it(scored: list[tuple[float, int]]) -> None:
    scores, articles = np.array([score for score, _ in scored]), [article for _, article in scored]
    after = lifted(scores, articles)
    for k, article in enumerate(articles):
        best = max(score for score, other in scored if other == article)
        assert after[k] == pytest.approx(0.6 * scores[k] + 0.4 * best)
        assert scores[k] - 1e-9 <= after[k] <= best + 1e-9


def test_a_passage_of_the_other_language_is_credited_with_the_words_it_cannot_share() -> None:
    cosines = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.7, 0.1, 0.9, -0.2])
    words = np.array([0.8, 0.6, 0.4, 0.2, 0.0, 0.0, 0.0, 0.1, 0.0, 0.7, 0.0])
    foreign = np.arange(11) > 6
    fused = fuse(cosines, words, foreign, 0.5)
    assert fused[:7] == pytest.approx((cosines + words)[:7] / 2)
    credit = [0.4, 0.12, 0.3, 0.12]  # the means of the five best and the five last; words are at most 1
    assert fused[7:] == pytest.approx((np.maximum(cosines, 0) + words)[7:] / 2 + np.array(credit) / 2)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1), st.booleans()), max_size=30), st.floats(0, 1))
def test_among_passages_of_the_questions_language_words_count_twice_and_no_other_place_changes(
    scored: list[tuple[float, float, bool]], weight: float
) -> None:
    cosines, words, foreign = (
        np.array([one[k] for one in scored], kind) for k, kind in enumerate((float, float, bool))
    )
    fused = fuse(cosines, words, foreign, weight)
    once = weight * np.maximum(cosines, 0) + (1 - weight) * words
    twice = once + (1 - weight) * words
    assert np.sort(fused[~foreign]) == pytest.approx(np.sort(once[~foreign]))
    for better in np.flatnonzero(~foreign):
        behind = ~foreign & (twice < twice[better] - 1e-9)
        assert (fused[behind] <= fused[better] + 1e-9).all()


def test_few_passages_in_the_questions_language_tell_little_and_none_nothing() -> None:
    one_own, none = np.array([False, True]), np.array([True, True])
    cosines, words = np.array([0.5, 0.5]), np.array([0.5, 0.2])
    assert fuse(cosines, words, one_own, 0.5) == pytest.approx([0.5, (0.5 + 0.2 + 0.5 / 5) / 2])
    assert fuse(cosines, words, none, 0.5) == pytest.approx([0.5, 0.35])


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1), st.booleans()), min_size=1, max_size=30), st.floats(0, 1))
def test_a_fused_score_is_between_0_and_1_and_never_lowered_for_a_language(
    scored: list[tuple[float, float, bool]], weight: float
) -> None:
    cosines, words, foreign = (np.array(column) for column in zip(*scored, strict=True))
    fused = fuse(cosines, words, foreign, weight)
    alone = weight * np.maximum(cosines, 0) + (1 - weight) * words
    assert (fused[foreign] >= alone[foreign] - 1e-9).all()
    assert (fused <= 1 + 1e-9).all()
    assert np.sort(fused[~foreign]) == pytest.approx(np.sort(alone[~foreign]))


def test_each_hit_knows_its_place_by_vectors_and_by_words(index: Index) -> None:
    found = HybridRetriever(index=index, top_k=4).hits(Question("Kapan Whoosh diresmikan?", "id"))
    by_vectors = sorted(found, key=lambda hit: -hit.vector_score)
    ranks = [hit.vector_rank for hit in by_vectors]
    assert ranks[0] == 1
    assert ranks == sorted(set(ranks))
    by_words = sorted((hit for hit in found if hit.word_score > 0), key=lambda hit: -hit.word_score)
    assert [hit.word_rank for hit in by_words] == sorted(hit.word_rank for hit in by_words)
    assert by_words[0].word_rank == 1
    assert all(hit.word_rank == 0 for hit in found if hit.word_score == 0)


def test_a_rare_name_finds_its_passage_by_words(index: Index) -> None:
    assert hits(index, "Pantsir", "id", vector_weight=0.0)[0][0] == "pantsir"


def test_forms_of_a_word_find_each_other(index: Index) -> None:
    found = HybridRetriever(index=index).hits(Question("pembelian jet", "id"))
    assert "membeli jet tempur" in found[0].passage.text


def test_the_same_question_gives_the_same_ranking(index: Index) -> None:
    assert hits(index, "Semeru") == hits(index, "Semeru")


def test_a_follow_up_is_searched_with_what_it_leans_on(index: Index) -> None:
    asked = Question("berapa harganya?", "id", about="Kapan Whoosh diresmikan? 2 Oktober 2023.")
    found = HybridRetriever(index=index, top_k=4).hits(asked)
    assert found[0].passage.article.id == "whoosh"
    assert [hit.rank for hit in found] == [1, 2, 3, 4]


def test_what_only_looks_like_a_follow_up_still_finds_its_own_passage(index: Index) -> None:
    asked = Question("which villages did ash fall on?", "en", about="Kapan Whoosh diresmikan? 2 Oktober 2023.")
    for top_k in (2, 4):
        found = HybridRetriever(index=index, top_k=top_k).hits(asked)
        assert len(found) == top_k
        assert "volcano" in [hit.passage.article.id for hit in found]


@pytest.mark.parametrize(
    ("filters", "allowed"),
    [
        (Filters(lang="id"), {"pantsir", "whoosh"}),
        (Filters(source="Contoh"), {"pantsir"}),
        (Filters(since=dt.date(2022, 7, 13)), {"pantsir", "whoosh"}),
        (Filters(until=dt.date(2022, 7, 13)), {"pantsir", "volcano"}),
        (Filters(since=dt.date(2022, 1, 1), until=dt.date(2022, 12, 31)), {"pantsir"}),
        (Filters(lang="en", source="Contoh"), set()),
        (Filters(), {"pantsir", "volcano", "whoosh"}),
    ],
)
def test_only_what_the_filters_let_through_is_found(index: Index, filters: Filters, allowed: set[str]) -> None:
    found = HybridRetriever(index=index, top_k=20).hits(Question("Kapan Whoosh diresmikan?", "id", filters=filters))
    assert {hit.passage.article.id for hit in found} == allowed


def test_a_follow_ups_own_passages_are_filtered_too(index: Index) -> None:
    asked = Question("which villages?", "en", about="Kapan Whoosh diresmikan?", filters=Filters(lang="id"))
    assert {hit.passage.article.lang for hit in HybridRetriever(index=index).hits(asked)} == {"id"}


def test_nothing_comes_from_nothing(index: Index, tmp_path: Path, encoder: Encoder) -> None:
    assert hits(index, "") == []
    with Index(tmp_path / "empty", encoder, create=True) as empty:
        assert hits(empty, "Semeru") == []


def test_a_passage_found_by_words_alone_still_has_its_cosine(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.retrieve.CANDIDATES", 1)
    with Index(tmp_path / "many", encoder, create=True) as many:
        fill(
            many, [Article("a", "Zxqvornak appeared.", lang="en"), Article("b", "A strange word was seen.", lang="en")]
        )
        found = HybridRetriever(index=many, top_k=1, vector_weight=0.0).hits(Question("strange word zxqvornak", "en"))
        assert found[0].passage.article.id in {"a", "b"}
        assert found[0].vector_score != 0.0


class TestStandard(RetrieversIntegrationTests):
    """LangChain's own suite for retrievers."""

    opened: Index

    @pytest.fixture(autouse=True)
    def _index(self, index: Index) -> None:
        type(self).opened = index

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return HybridRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, object]:
        return {"index": self.opened, "top_k": 3}

    @property
    def retriever_query_example(self) -> str:
        return "Kapan Whoosh diresmikan?"

    @property
    def num_results_arg_name(self) -> str:
        return "top_k"


def test_both_sides_of_a_comparison_are_found_by_turns(index: Index) -> None:
    question = Question("Which came first, Whoosh or Semeru?", "en")
    weighs = Comparison(("Whoosh", "Semeru"), ("When: Whoosh inaugurated?", "When: Semeru erupted?"), least=True)
    found = HybridRetriever(index=index, top_k=4).hits(replace(question, weighs=weighs))
    assert [hit.passage.article.id for hit in found[:2]] == ["whoosh", "volcano"]
    assert [hit.rank for hit in found] == [1, 2, 3, 4]
    assert len({hit.passage.id for hit in found}) == 4
