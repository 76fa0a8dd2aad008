from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluate.calibration import Bin, expected_calibration_error, reliability


def test_bins_by_hand() -> None:
    assert reliability([0.0, 0.4, 0.5, 1.0], [0.0, 1.0, 0.5, 1.0], bins=2) == [
        Bin(0.0, 0.5, 2, 0.2, 0.5),
        Bin(0.5, 1.0, 2, 0.75, 0.75),
    ]
    assert reliability([0.9], [1.0], bins=3)[:2] == [Bin(0.0, 1 / 3, 0, None, None), Bin(1 / 3, 2 / 3, 0, None, None)]


def test_the_error_by_hand() -> None:
    # 2 of 4 questions are 0.3 off, 2 are right.
    assert expected_calibration_error([0.0, 0.4, 0.5, 1.0], [0.0, 1.0, 0.5, 1.0], bins=2) == pytest.approx(0.15)
    assert expected_calibration_error([0.8] * 5, [1, 1, 1, 1, 0]) == pytest.approx(0)
    assert expected_calibration_error([1.0, 1.0], [0.0, 0.0]) == 1.0
    assert expected_calibration_error([], []) is None


@pytest.mark.parametrize("wrong", [-0.1, 1.1])
def test_what_is_no_probability_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"a probability is not in 0\.\.1"):
        reliability([0.5, wrong], [1.0, 1.0])
    with pytest.raises(ValueError, match="2 probabilities, but 1 scores"):
        reliability([0.5, 0.5], [1.0])


SHARES = st.floats(0, 1)


@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=30), st.integers(1, 20))
def test_every_question_is_in_the_bin_of_its_probability(rows: list[tuple[float, float]], bins: int) -> None:
    said, were = zip(*rows, strict=True)
    found = reliability(said, were, bins)
    assert sum(one.count for one in found) == len(rows)
    assert all(one.probability is None or one.low - 1e-9 <= one.probability <= one.high + 1e-9 for one in found)
    error = expected_calibration_error(said, were, bins)
    assert error is not None
    assert -1e-9 <= error <= 1 + 1e-9
    assert abs(sum(said) - sum(were)) / len(rows) <= error + 1e-9
