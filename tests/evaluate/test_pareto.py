from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluate.pareto import Point, front

# Few values, so that ties are common.
POINTS = st.lists(st.builds(Point, st.integers(0, 4).map(float), st.integers(0, 4).map(float)), max_size=12)


def test_nothing_and_one() -> None:
    assert front([]) == []
    assert front([Point(0.0, 9.0)]) == [0]


def test_by_hand() -> None:
    slow_best, quick, beaten, middle, worst = (
        Point(0.9, 3.0),
        Point(0.5, 1.0),
        Point(0.5, 2.0),
        Point(0.7, 2.0),
        Point(0.4, 4.0),
    )
    assert front([slow_best, quick, beaten, middle, worst]) == [1, 3, 0]


def test_ties() -> None:
    assert front([Point(0.5, 1.0), Point(0.5, 1.0)]) == [0, 1]
    assert front([Point(0.5, 1.0), Point(0.6, 1.0)]) == [1]  # as quick, but worse
    assert front([Point(0.5, 2.0), Point(0.5, 1.0)]) == [1]  # as good, but slower


def test_a_point_never_dominates_its_like() -> None:
    assert not Point(0.5, 1.0).dominates(Point(0.5, 1.0))
    assert not Point(-math.inf, 1.0).is_known
    assert not Point(0.5, math.inf).is_known


@given(POINTS)
def test_no_kept_point_is_dominated_and_every_dropped_one_is(points: list[Point]) -> None:
    kept = front(points)
    assert len(set(kept)) == len(kept)
    for place, point in enumerate(points):
        better = [
            other
            for other in points
            if other.quality >= point.quality
            and other.cost <= point.cost
            and (other.quality > point.quality or other.cost < point.cost)
        ]
        assert (place in kept) == (not better)
    costs = [points[place].cost for place in kept]
    assert costs == sorted(costs)
