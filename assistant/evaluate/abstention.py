"""Whether the assistant declines where it should, and whether its confidence tells right answers from wrong.

All functions take one entry for each question, in the same order. A ratio without a denominator is None: nobody
knows how precise declining is when nothing was declined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def abstention_accuracy(declined: Sequence[bool], answerable: Sequence[bool]) -> float | None:
    """The share of questions that were declined exactly when no article answers them."""
    return _share([gone != can for gone, can in zip(declined, answerable, strict=True)])


def abstention_precision(declined: Sequence[bool], answerable: Sequence[bool]) -> float | None:
    """Of the declined questions, the share that no article answers.

    >>> abstention_precision([True, True, False], [False, True, False])
    0.5
    """
    return _share([not can for gone, can in zip(declined, answerable, strict=True) if gone])


def abstention_recall(declined: Sequence[bool], answerable: Sequence[bool]) -> float | None:
    """Of the questions that no article answers, the share that was declined."""
    return _share([gone for gone, can in zip(declined, answerable, strict=True) if not can])


def _share(marks: Sequence[bool]) -> float | None:
    return sum(marks) / len(marks) if marks else None


def auroc(confidences: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The chance that a positive question has a higher confidence than a negative one; a tie counts half.

    The area under the receiver's curve as Mann and Whitney's U over the number of pairs (Hanley and McNeil 1982).
    None where all questions are of one kind.

    >>> auroc([0.9, 0.4, 0.4, 0.1], [True, True, False, False])
    0.875
    """
    from scipy.stats import rankdata

    marks = np.asarray(positive, bool)
    ups, downs = int(marks.sum()), int((~marks).sum())
    if not ups or not downs:
        return None
    ranks = rankdata(np.asarray(confidences, np.float64))
    return float((ranks[marks].sum() - ups * (ups + 1) / 2) / (ups * downs))


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering only at `threshold` and above answers the share `coverage`, with the mean loss `risk`."""

    threshold: float
    coverage: float
    risk: float


def risk_coverage(confidences: Sequence[float], losses: Sequence[float]) -> list[RiskPoint]:
    """The risk-coverage curve, one point for each confidence that occurs, from the highest down.

    El-Yaniv and Wiener 2010. A loss is what answering the question costs, in 0..1: one minus its F1, say.

    >>> risk_coverage([0.9, 0.5, 0.5], [0, 1, 0])[1]
    RiskPoint(threshold=0.5, coverage=1.0, risk=0.3333333333333333)
    """
    sure, lost = _falling(confidences, losses)
    if not sure.size:
        return []
    last = np.append(np.flatnonzero(np.diff(sure)), sure.size - 1)  # where a run of equal confidences ends
    risks = np.cumsum(lost)[last] / (last + 1)
    return [
        RiskPoint(float(sure[at]), float((at + 1) / sure.size), float(risk))
        for at, risk in zip(last, risks, strict=True)
    ]


def aurc(confidences: Sequence[float], losses: Sequence[float]) -> float | None:
    """The area under the risk-coverage curve: the mean over k of the mean loss of the k surest questions.

    Geifman, Uziel and El-Yaniv 2019; lower is better. Equally sure questions share their losses, which is the mean
    over all orders they could be in.

    >>> aurc([0.9, 0.5], [0.0, 1.0])
    0.25
    """
    sure, lost = _falling(confidences, losses)
    if not sure.size:
        return None
    _, group, sizes = np.unique(sure, return_inverse=True, return_counts=True)
    shared = (np.bincount(group, weights=lost) / sizes)[group]
    return float(np.mean(np.cumsum(shared) / np.arange(1, sure.size + 1)))


def _falling(confidences: Sequence[float], losses: Sequence[float]) -> tuple[Floats, Floats]:
    sure, lost = np.asarray(confidences, np.float64), np.asarray(losses, np.float64)
    if sure.shape != lost.shape:
        raise ValueError(f"{sure.size} confidences, but {lost.size} losses")
    order = np.argsort(-sure, kind="stable")
    return sure[order], lost[order]
