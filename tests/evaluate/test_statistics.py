from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluate.abstention import auroc
from assistant.evaluate.statistics import Difference, Estimate, estimate_of, mean_of, paired_difference, percentile


def test_an_interval_by_theory() -> None:
    # 400 tosses of a fair coin: the mean's standard error is 0.025.
    found = mean_of([0.0, 1.0] * 200)
    assert found.value == 0.5
    assert found.low == pytest.approx(0.5 - 1.96 * 0.025, abs=0.005)
    assert found.high == pytest.approx(0.5 + 1.96 * 0.025, abs=0.005)
    assert found.count == 400


def test_few_questions_have_no_interval() -> None:
    assert mean_of([]) == Estimate(None, None, None, 0)
    assert mean_of([0.5]) == Estimate(0.5, None, None, 1)
    assert mean_of([0.5, 0.5]) == Estimate(0.5, 0.5, 0.5, 2)


def test_the_same_numbers_have_the_same_interval() -> None:
    values = [number**0.5 for number in range(50)]
    assert mean_of(values) == mean_of(values)
    assert mean_of(values) != mean_of(values, seed=1)


def test_an_interval_of_what_is_no_mean() -> None:
    sure = [0.9, 0.8, 0.7, 0.4, 0.6, 0.3, 0.2, 0.1]
    positive = [True] * 4 + [False] * 4
    found = estimate_of(auroc, sure, positive)
    assert found.value == pytest.approx(15 / 16)
    assert found.low is not None
    assert found.high == 1.0
    assert 0.5 < found.low < 15 / 16
    assert found == estimate_of(auroc, sure, positive)


def test_what_does_not_exist_has_no_interval() -> None:
    assert estimate_of(auroc, [0.5, 0.6], [True, True]) == Estimate(None, None, None, 2)
    assert estimate_of(auroc, [], []) == Estimate(None, None, None, 0)
    # Half of the draws from two questions hold one kind only; they are left out.
    assert estimate_of(auroc, [0.9, 0.1], [True, False]) == Estimate(1.0, 1.0, 1.0, 2)


def test_all_signs_are_tried_for_few_questions() -> None:
    # Of the 16 ways to sign 1, 2, 3, 4 two have a sum as far from 0 as 10.
    assert paired_difference([0, 0, 0, 0], [1, 2, 3, 4]).p == pytest.approx(2 / 16)
    # Sums of at least 8 or at most -8: all plus, and minus the 1, each both ways.
    assert paired_difference([0, 0, 0, 0], [-1, 2, 3, 4]).p == pytest.approx(4 / 16)


def test_a_difference_is_after_less_before() -> None:
    assert paired_difference([0.0, 0.5, 1.0], [0.5, 1.0, 1.5]) == Difference(0.5, 0.5, 0.5, 2 / 8, 3)
    assert paired_difference([1.0], [0.0]) == Difference(-1.0, None, None, 1.0, 1)
    assert paired_difference([], []) == Difference(None, None, None, None, 0)
    assert paired_difference([0.2, 0.3], [0.2, 0.3]) == Difference(0.0, 0.0, 0.0, 1.0, 2)


def test_many_questions_are_sampled() -> None:
    before = [0.0] * 100
    clear = paired_difference(before, [1.0] * 60 + [0.0] * 40)
    assert clear.p == pytest.approx(2 / 10_000, abs=1e-9)  # no sample is as far from 0: the test adds one to each side
    # 30 up and 20 down: the exact binomial test of 30 of 50 heads has p = 0.203.
    noise = paired_difference(before, [1.0] * 30 + [-1.0] * 20 + [0.0] * 50)
    assert noise.p == pytest.approx(0.203, abs=0.02)
    assert noise == paired_difference(before, [1.0] * 30 + [-1.0] * 20 + [0.0] * 50)


def test_runs_of_other_lengths_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="1 questions before, 2 after"):
        paired_difference([1.0], [1.0, 2.0])


def test_percentiles() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([0.0, 1.0], 0.95) == pytest.approx(0.95)
    assert percentile([], 0.5) is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=40))
def test_the_mean_is_inside_its_interval_and_that_inside_the_values(values: list[float]) -> None:
    found = mean_of(values, resamples=200)
    assert found.value == pytest.approx(np.mean(values))
    assert found.low is not None
    assert found.high is not None
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
