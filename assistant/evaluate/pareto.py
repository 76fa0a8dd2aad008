"""Which choices are worth having when two things count: the Pareto front. Knows numbers only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A choice: more quality is better, less cost is better."""

    quality: float
    cost: float

    @property
    def is_known(self) -> bool:
        return math.isfinite(self.quality) and math.isfinite(self.cost)

    def dominates(self, other: Point) -> bool:
        """Whether it is as good in both and better in one."""
        return self != other and self.quality >= other.quality and self.cost <= other.cost


def front(points: Sequence[Point]) -> list[int]:
    """The places of the points that no other dominates, cheapest first; equal points are in it together.

    >>> front([Point(0.6, 2.0), Point(0.5, 1.0), Point(0.5, 1.5)])
    [1, 0]
    """
    kept = [place for place, one in enumerate(points) if not any(other.dominates(one) for other in points)]
    return sorted(kept, key=lambda place: points[place].cost)
