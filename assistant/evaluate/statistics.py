"""How sure a figure is: bootstrap intervals, the paired randomisation test, percentiles.

All of it is deterministic: the same numbers give the same interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 2_000
PERMUTATIONS = 9_999
SEED = 20_240
AT_ONCE = 250  # resamples held in memory

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over `count` questions with its 95% interval; what cannot be known is None."""

    value: float | None
    low: float | None
    high: float | None
    count: int


def mean_of(values: Sequence[float], resamples: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """The mean of one number a question, with its interval.

    The percentile bootstrap over questions (Efron and Tibshirani 1993, chapter 13). One question has no interval.

    >>> mean_of([1.0, 1.0, 1.0])
    Estimate(value=1.0, low=1.0, high=1.0, count=3)
    """
    numbers = np.asarray(values, np.float64)
    if not numbers.size:
        return Estimate(None, None, None, 0)
    value = float(numbers.mean())
    if numbers.size == 1:
        return Estimate(value, None, None, 1)
    means = np.concatenate([numbers[drawn].mean(axis=1) for drawn in _draws(numbers.size, resamples, seed)])
    low, high = _edges(means)
    return Estimate(value, low, high, numbers.size)


def estimate_of(
    statistic: Callable[..., float | None],
    *columns: Sequence[float],
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """A figure that is no mean (AUROC, AURC, ECE, a precision), with its interval.

    The columns have one entry a question, and questions are drawn whole. A draw for which the figure does not exist
    (all questions of one kind) is left out of the interval.

    >>> estimate_of(np.median, [3.0, 1.0, 2.0]).value
    2.0
    """
    arrays = tuple(np.asarray(column) for column in columns)
    value = statistic(*arrays)
    value = None if value is None else float(value)
    if value is None or arrays[0].size < 2:
        return Estimate(value, None, None, arrays[0].size)

    drawn = [row for rows in _draws(arrays[0].size, resamples, seed) for row in rows]
    known = [found for row in drawn if (found := statistic(*(array[row] for array in arrays))) is not None]
    low, high = _edges(np.asarray(known, np.float64))
    return Estimate(value, low, high, arrays[0].size)


def _draws(count: int, resamples: int, seed: int) -> Iterator[npt.NDArray[np.int64]]:
    """Questions drawn with replacement, by number: arrays of shape `(AT_ONCE, count)`."""
    generator = np.random.default_rng(seed)
    for done in range(0, resamples, AT_ONCE):
        yield generator.integers(0, count, (min(AT_ONCE, resamples - done), count))


def _edges(figures: Floats) -> tuple[float | None, float | None]:
    if not figures.size:
        return None, None
    low, high = np.percentile(figures, [2.5, 97.5])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much `after` is above `before`, with its 95% interval and the chance of as much by chance alone."""

    value: float | None
    low: float | None
    high: float | None
    p: float | None
    count: int


def paired_difference(before: Sequence[float], after: Sequence[float], seed: int = SEED) -> Difference:
    """Compares two runs over the same questions, in the same order.

    The interval is the bootstrap's over the differences. `p` is of the two-sided paired randomisation test: were the
    runs alike, each question's difference could as well have had the other sign (Fisher 1935; Smucker, Allan and
    Carterette 2007). Up to 13 questions all signs are tried, else 9,999 random ones.

    >>> paired_difference([0, 0, 0, 0], [1, 1, 1, 1]).p
    0.125
    """
    if len(before) != len(after):
        raise ValueError(f"{len(before)} questions before, {len(after)} after: they cannot be paired")
    differences = np.asarray(after, np.float64) - np.asarray(before, np.float64)
    mean = mean_of(list(differences), seed=seed)
    return Difference(mean.value, mean.low, mean.high, _randomisation_p(differences, seed), mean.count)


def _randomisation_p(differences: Floats, seed: int) -> float | None:
    from scipy.stats import permutation_test

    if not differences.size:
        return None
    if differences.size == 1 or not differences.any():
        return 1.0
    test = permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=AT_ONCE,
        rng=np.random.default_rng(seed),
    )
    return float(test.pvalue)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which `share` (in 0..1) of the values lie, between two of them where need be.

    >>> percentile([1.0, 2.0, 3.0], 0.5)
    2.0
    """
    return float(np.percentile(values, share * 100)) if len(values) else None
