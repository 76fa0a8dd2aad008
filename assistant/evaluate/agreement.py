"""How far the judge and the exact figures agree, so that one knows what the judge's opinion is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.evaluate.answers import RIGHT_F1, token_f1
from assistant.evaluate.result import Opinion, Outcome, Result
from assistant.evaluate.statistics import Estimate, estimate_of, mean_of

VERDICTS = (Opinion.CORRECT, Opinion.PARTLY, Opinion.WRONG)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The judge beside one exact figure that says yes or no. `counts`: opinion -> how many are yes, how many no.

    For `raw` and `kappa` the judge says yes where it says correct.
    """

    name: str
    counts: Mapping[Opinion, tuple[int, int]]
    raw: Estimate
    kappa: Estimate


@dataclass(frozen=True, slots=True)
class Judging:
    """What a judge made of a run; `example` is why one answer has no verdict, empty where all have one."""

    opinions: Mapping[Opinion, int]
    agreements: tuple[Agreement, ...]
    example: str = ""


def judging_of(results: Sequence[Result]) -> Judging | None:
    """The opinions and how they agree with `right` and with a token F1 of a half; None where nothing was judged."""
    judged = [(result, result.judged) for result in results if result.judged]
    if not judged:
        return None
    counted = Counter(one.opinion for _, one in judged)
    known = [(result, one.opinion) for result, one in judged if one.opinion in VERDICTS]
    exact = {
        "right": [result.outcome is Outcome.RIGHT for result, _ in known],
        f"f1>={RIGHT_F1}": [_f1(result) >= RIGHT_F1 for result, _ in known],
    }
    opinions = [opinion for _, opinion in known]
    return Judging(
        {opinion: counted[opinion] for opinion in Opinion if opinion in VERDICTS or counted[opinion]},
        tuple(_agreement(name, opinions, marks) for name, marks in exact.items()),
        next((one.error or f"it replied {one.reply!r}" for _, one in judged if one.opinion is Opinion.NONE), ""),
    )


def _f1(result: Result) -> float:
    return token_f1(result.short, result.question.answers, result.question.lang)


def _agreement(name: str, opinions: Sequence[Opinion], marks: Sequence[bool]) -> Agreement:
    correct = [opinion is Opinion.CORRECT for opinion in opinions]
    pairs = Counter(zip(opinions, marks, strict=True))
    return Agreement(
        name,
        {opinion: (pairs[opinion, True], pairs[opinion, False]) for opinion in VERDICTS},
        mean_of([float(one == other) for one, other in zip(correct, marks, strict=True)]),
        estimate_of(cohen_kappa, correct, marks, resamples=1_000),
    )


def cohen_kappa(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """(p - e) / (1 - e): p is the share on which two judges agree, e what two with their habits would by chance.

    Cohen 1960, "A Coefficient of Agreement for Nominal Scales". With a and b the shares to which each says yes,
    e = a b + (1 - a)(1 - b). None where e is 1 (both say always the same one thing) or there is nothing to judge.

    >>> cohen_kappa([True, True, False, False], [True, False, False, False])
    0.5
    """
    count = len(one)
    if not count:
        return None
    agree = sum(bool(mine) == bool(yours) for mine, yours in zip(one, other, strict=True)) / count
    mine, yours = sum(map(bool, one)) / count, sum(map(bool, other)) / count
    chance = mine * yours + (1 - mine) * (1 - yours)
    return None if chance == 1 else (agree - chance) / (1 - chance)
