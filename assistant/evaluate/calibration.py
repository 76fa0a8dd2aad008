"""Whether a probability is one: of the answers given at 0.8, are eight in ten right?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability diagram: the questions whose probability is in `low`..`high`.

    `probability` is their mean probability and `right` their mean score; both None where there are none.
    """

    low: float
    high: float
    count: int
    probability: float | None
    right: float | None


def reliability(probabilities: Sequence[float], right: Sequence[float], bins: int = 10) -> list[Bin]:
    """Probabilities in bins of equal width, each with how right its questions were (Niculescu-Mizil and Caruana 2005).

    A bin holds its lower edge, the last one both. `right` is in 0..1.

    >>> reliability([0.2, 0.9], [0.0, 1.0], bins=2)[1]
    Bin(low=0.5, high=1.0, count=1, probability=0.9, right=1.0)
    """
    said, were = np.asarray(probabilities, np.float64), np.asarray(right, np.float64)
    if said.shape != were.shape:
        raise ValueError(f"{said.size} probabilities, but {were.size} scores")
    if said.size and not (said.min() >= 0 and said.max() <= 1):
        raise ValueError(f"a probability is not in 0..1: {said.min()} to {said.max()}")
    place = np.minimum((said * bins).astype(int), bins - 1)
    return [_bin(said[place == at], were[place == at], at / bins, (at + 1) / bins) for at in range(bins)]


def _bin(said: np.ndarray, were: np.ndarray, low: float, high: float) -> Bin:
    if not said.size:
        return Bin(low, high, 0, None, None)
    return Bin(low, high, int(said.size), float(said.mean()), float(were.mean()))


def expected_calibration_error(probabilities: Sequence[float], right: Sequence[float], bins: int = 10) -> float | None:
    """The mean distance between probability and score over the bins, each weighted by its questions.

    Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017. None where there is no question.

    >>> round(expected_calibration_error([0.2, 0.9], [0.0, 1.0]), 3)
    0.15
    """
    if not len(probabilities):
        return None
    parts = [
        one.count * abs(one.probability - one.right)
        for one in reliability(probabilities, right, bins)
        if one.probability is not None and one.right is not None
    ]
    return sum(parts) / len(probabilities)
