from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluate.abstention import (
    RiskPoint,
    abstention_accuracy,
    abstention_precision,
    abstention_recall,
    aurc,
    auroc,
    risk_coverage,
)

DECLINED = [True, True, True, False, False]
ANSWERABLE = [False, True, True, False, True]


def test_declining_by_hand() -> None:
    assert abstention_accuracy(DECLINED, ANSWERABLE) == pytest.approx(2 / 5)
    assert abstention_precision(DECLINED, ANSWERABLE) == pytest.approx(1 / 3)
    assert abstention_recall(DECLINED, ANSWERABLE) == pytest.approx(1 / 2)


def test_what_cannot_be_known_is_none() -> None:
    assert abstention_accuracy([], []) is None
    assert abstention_precision([False], [False]) is None
    assert abstention_recall([True], [True]) is None
    assert auroc([0.5, 0.6], [True, True]) is None
    assert auroc([], []) is None
    assert aurc([], []) is None
    assert risk_coverage([], []) == []


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="longer than argument 1"):
        abstention_accuracy([True], [True, False])
    with pytest.raises(ValueError, match="2 confidences, but 1 losses"):
        aurc([0.1, 0.2], [1.0])


def test_auroc_by_hand() -> None:
    assert auroc([0.9, 0.8, 0.3, 0.1], [True, True, False, False]) == 1.0
    assert auroc([0.9, 0.8, 0.3, 0.1], [False, False, True, True]) == 0.0
    assert auroc([0.9, 0.4, 0.4, 0.1], [True, False, True, False]) == pytest.approx(3.5 / 4)
    assert auroc([0.5] * 5, [True, False, True, False, False]) == 0.5


def test_the_risk_coverage_curve_by_hand() -> None:
    assert risk_coverage([0.2, 0.9, 0.5, 0.5], [1.0, 0.0, 1.0, 0.5]) == [
        RiskPoint(0.9, 0.25, 0.0),
        RiskPoint(0.5, 0.75, 0.5),
        RiskPoint(0.2, 1.0, 0.625),
    ]


def test_the_area_by_hand() -> None:
    # Mean losses of the 1, 2 and 3 surest: 0, 1/2, 1/3.
    assert aurc([0.9, 0.5, 0.1], [0.0, 1.0, 0.0]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert aurc([0.9, 0.5, 0.1], [0.0, 0.0, 0.0]) == 0.0
    assert aurc([0.1], [1.0]) == 1.0


SURE = st.sampled_from([0.0, 0.25, 0.5, 1.0])


@given(st.lists(st.tuples(SURE, st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=5))
def test_ties_count_as_the_mean_of_all_their_orders(rows: list[tuple[float, float]]) -> None:
    areas = []
    for order in itertools.permutations(rows):
        ranked = [loss for _, loss in sorted(order, key=lambda row: -row[0])]
        areas.append(sum(sum(ranked[:k]) / k for k in range(1, len(ranked) + 1)) / len(ranked))
    assert aurc(*zip(*rows, strict=True)) == pytest.approx(sum(areas) / len(areas))


@given(st.lists(st.tuples(SURE, st.booleans()), max_size=12))
def test_auroc_is_the_share_of_pairs_in_order(rows: list[tuple[float, bool]]) -> None:
    ups, downs = [c for c, positive in rows if positive], [c for c, positive in rows if not positive]
    pairs = [(up > down) + (up == down) / 2 for up in ups for down in downs]
    expected = sum(pairs) / len(pairs) if pairs else None
    assert auroc([c for c, _ in rows], [p for _, p in rows]) == (None if expected is None else pytest.approx(expected))


@given(st.lists(st.tuples(SURE, SURE), min_size=1, max_size=12))
def test_the_curve_ends_with_every_question_answered(rows: list[tuple[float, float]]) -> None:
    curve = risk_coverage(*zip(*rows, strict=True))
    assert curve[-1].coverage == 1.0
    assert curve[-1].risk == pytest.approx(sum(loss for _, loss in rows) / len(rows))
    assert [point.threshold for point in curve] == sorted({sure for sure, _ in rows}, reverse=True)
