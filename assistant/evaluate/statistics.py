"""How sure a figure is: bootstrap intervals, the paired randomisation test, percentiles.

All of it is deterministic: the same numbers give the same interval. SciPy does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

RESAMPLES = 2_000
PERMUTATIONS = 9_999
SEED = 20_240
AT_ONCE = 250  # resamples held in memory


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
    low, high = _edges(_resampled((numbers,), np.mean, resamples, seed, vectorized=True))
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

    def number(*drawn: Any) -> float:
        found = statistic(*drawn)
        return float("nan") if found is None else found

    low, high = _edges(_resampled(arrays, number, resamples, seed, vectorized=False))
    return Estimate(value, low, high, arrays[0].size)


def _resampled(
    columns: tuple[np.ndarray, ...], statistic: Callable[..., Any], resamples: int, seed: int, vectorized: bool
) -> np.ndarray:
    from scipy.stats import bootstrap

    drawn = bootstrap(
        columns,
        statistic,
        n_resamples=resamples,
        batch=AT_ONCE,
        vectorized=vectorized,
        paired=len(columns) > 1,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    return np.asarray(drawn.bootstrap_distribution)


def _edges(distribution: np.ndarray) -> tuple[float | None, float | None]:
    known = distribution[~np.isnan(distribution)]
    if not known.size:
        return None, None
    low, high = np.percentile(known, [2.5, 97.5])
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


def _randomisation_p(differences: np.ndarray, seed: int) -> float | None:
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
