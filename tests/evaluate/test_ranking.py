from __future__ import annotations

import math

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluate.questions import Quote, TestQuestion
from assistant.evaluate.ranking import MEASURES, articles_in, measure, ranking_scores, relevant_passages
from assistant.records import Article, Passage


def scores(relevant: dict[str, int], ranked: list[str], *names: str) -> list[float]:
    found = ranking_scores({"q": relevant}, {"q": ranked}, names)
    return [found[name]["q"] for name in names]


def test_by_hand() -> None:
    # Relevant at ranks 2 and 4 of 3 relevant ones, one of grade 2.
    found = scores({"a": 2, "b": 1, "c": 1}, ["x", "a", "y", "b"], "recall@1", "recall@2", "recall@10", "mrr", "map")
    assert found == pytest.approx([0, 1 / 3, 2 / 3, 1 / 2, (1 / 2 + 2 / 4) / 3])
    gain = 2 / math.log2(3) + 1 / math.log2(5)
    best = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert scores({"a": 2, "b": 1, "c": 1}, ["x", "a", "y", "b"], "ndcg@10") == pytest.approx([gain / best])


def test_a_perfect_ranking_scores_1_and_a_wrong_one_0() -> None:
    assert scores({"a": 1}, ["a", "b"], *MEASURES) == [1.0] * len(MEASURES)
    assert scores({"a": 1}, ["b", "c"], *MEASURES) == [0.0] * len(MEASURES)


def test_a_question_that_found_nothing_scores_0_and_stays() -> None:
    found = ranking_scores({"lost": {"a": 1}, "empty": {"a": 1}, "good": {"a": 1}}, {"empty": [], "good": ["a"]})
    for name in MEASURES:
        assert found[name] == {"lost": 0.0, "empty": 0.0, "good": 1.0}
        assert [*found[name]] == ["lost", "empty", "good"]


def test_where_there_is_nothing_to_find_there_is_no_value() -> None:
    found = ranking_scores({"none": {}, "judged": {"a": 0}}, {"none": ["a"], "judged": ["a"], "unasked": ["a"]})
    assert found == {name: {} for name in MEASURES}
    assert ranking_scores({}, {}) == {name: {} for name in MEASURES}


def test_the_order_given_is_the_order_scored() -> None:
    # trec_eval would order equal scores by id.
    ids = [f"d{number:03}" for number in range(200)]
    for ranked in (ids, ids[::-1]):
        assert scores({ranked[149]: 1}, ranked, "mrr") == pytest.approx([1 / 150])


def test_only_what_stands_before_k_counts() -> None:
    ranked = [f"x{number}" for number in range(10)]
    assert scores({"a": 1}, [*ranked, "a"], "recall@10", "recall@11", "mrr@10", "mrr") == pytest.approx(
        [0, 1, 0, 1 / 11]
    )


@pytest.mark.parametrize("name", ["recall", "recall@0", "f1", "", "recall@ten", "nDCG@10", "mrr@"])
def test_what_is_no_measure_is_said(name: str) -> None:
    with pytest.raises(ValueError, match="is no ranking measure; good are recall@1, "):
        measure(name)


IDS = st.sampled_from([f"d{number}" for number in range(12)])
RANKED = st.lists(IDS, unique=True, max_size=12)


@settings(max_examples=80, deadline=None)
@given(
    qrels=st.dictionaries(st.sampled_from("abcd"), st.dictionaries(IDS, st.integers(1, 3), min_size=1), min_size=1),
    ranked=st.dictionaries(st.sampled_from("abcd"), RANKED),
)
def test_equal_to_ir_measures_and_to_the_formulas(
    qrels: dict[str, dict[str, int]], ranked: dict[str, list[str]]
) -> None:
    found = ranking_scores(qrels, ranked)
    run = [
        ir_measures.ScoredDoc(question, id, 100.0 - place)
        for question, ids in ranked.items()
        for place, id in enumerate(ids)
    ]
    judged = [ir_measures.Qrel(question, id, grade) for question, ids in qrels.items() for id, grade in ids.items()]
    for name in MEASURES:
        theirs = {metric.query_id: metric.value for metric in ir_measures.iter_calc([measure(name)], judged, run)}
        assert found[name] == pytest.approx({question: theirs.get(question, 0.0) for question in qrels})
    for question, relevant in qrels.items():
        ids = ranked.get(question, [])
        ranks = [place for place, id in enumerate(ids, start=1) if id in relevant]
        assert found["recall@5"][question] == pytest.approx(sum(rank <= 5 for rank in ranks) / len(relevant))
        assert found["mrr"][question] == pytest.approx(1 / ranks[0] if ranks else 0)
        precisions = [count / rank for count, rank in enumerate(ranks, start=1)]
        assert found["map"][question] == pytest.approx(sum(precisions) / len(relevant))
        gains = [relevant.get(id, 0) / math.log2(place + 1) for place, id in enumerate(ids[:10], start=1)]
        best = sorted(relevant.values(), reverse=True)[:10]
        ideal = sum(grade / math.log2(place + 1) for place, grade in enumerate(best, start=1))
        assert found["ndcg@10"][question] == pytest.approx(sum(gains) / ideal)


FIRST = Article("first", "Satu dua. Tiga empat. Lima enam.")
SECOND = Article("second", "Tiga empat.")
PASSAGES = [Passage(FIRST, 0, 21), Passage(FIRST, 10, 32), Passage(SECOND, 0, 11)]


def test_articles_stand_where_their_first_passage_stood() -> None:
    assert articles_in([PASSAGES[1], PASSAGES[2], PASSAGES[0]]) == ["first", "second"]
    assert articles_in([]) == []


@pytest.mark.parametrize(
    ("article", "quote", "relevant"),
    [
        ("first", "Satu dua.", ["first#0-21"]),
        ("first", "Satu dua. Tiga", ["first#0-21"]),
        ("first", "Tiga empat.", ["first#0-21", "first#10-32"]),
        ("second", "Tiga empat.", ["second"]),
        ("first", "Satu dua. Tiga empat. Lima enam.", ["first#0-21", "first#10-32"]),
        ("first", "Tujuh.", []),
        ("third", "Tiga empat.", []),
    ],
)
def test_passages_that_hold_a_quote_are_relevant(article: str, quote: str, relevant: list[str]) -> None:
    question = TestQuestion("q", "Apa?", "id", articles=(article,), quotes=(Quote(article, quote),))
    assert relevant_passages(question, PASSAGES) == dict.fromkeys(relevant, 1)


def test_without_quotes_no_passage_is_known() -> None:
    assert relevant_passages(TestQuestion("q", "Apa?", "id", articles=("first",)), PASSAGES) == {}
