from __future__ import annotations

from typing import Any

import pytest

from assistant.evaluate.agreement import cohen_kappa, judging_of
from assistant.evaluate.result import Judged, Opinion
from tests.evaluate.conftest import RIGHT, WHOOSH, make

YES, NO = True, False


@pytest.mark.parametrize(
    ("both", "first_only", "second_only", "neither", "kappa"),
    [
        (20, 5, 10, 15, 0.4),  # p = 35/50, e = 25/50 * 30/50 + 25/50 * 20/50 = 0.5
        (45, 15, 25, 15, 0.13043478),  # p = 0.6, e = 0.6 * 0.7 + 0.4 * 0.3 = 0.54
        (5, 0, 0, 5, 1.0),
        (0, 5, 5, 0, -1.0),  # p = 0, e = 0.5
        (4, 0, 1, 0, 0.0),  # the second always says yes: p = 0.8 is what chance brings, e = 0.8
    ],
)
def test_kappa_by_hand(both: int, first_only: int, second_only: int, neither: int, kappa: float) -> None:
    one = [YES] * both + [YES] * first_only + [NO] * second_only + [NO] * neither
    other = [YES] * both + [NO] * first_only + [YES] * second_only + [NO] * neither
    assert cohen_kappa(one, other) == pytest.approx(kappa)
    assert cohen_kappa(other, one) == pytest.approx(kappa)


def test_kappa_is_unknown_where_chance_alone_agrees_on_everything() -> None:
    assert cohen_kappa([], []) is None
    assert cohen_kappa([YES], [YES]) is None
    assert cohen_kappa([NO, NO], [NO, NO]) is None
    assert cohen_kappa([YES, YES], [NO, NO]) == 0.0


def test_agreement_counts_every_opinion_and_leaves_out_only_what_has_no_verdict() -> None:
    wrong: dict[str, Any] = {"short": "Bandung", "quotes": (WHOOSH,)}
    judging = judging_of([
        make("a", **RIGHT, judged=Judged(Opinion.CORRECT)),
        make("b", **RIGHT, judged=Judged(Opinion.PARTLY)),
        make("c", **wrong, judged=Judged(Opinion.WRONG)),
        make("d", **wrong, judged=Judged(Opinion.CORRECT)),
        make("e", **wrong, judged=Judged(Opinion.NONE, reply="Hm.")),
        make("f"),
    ])  # fmt: skip
    assert judging is not None
    assert judging.opinions == {Opinion.CORRECT: 2, Opinion.PARTLY: 1, Opinion.WRONG: 1, Opinion.NONE: 1}
    assert judging.example == "it replied 'Hm.'"
    right, f1 = judging.agreements
    assert (right.name, f1.name) == ("right", "f1>=0.5")
    assert right.counts == {Opinion.CORRECT: (1, 1), Opinion.PARTLY: (1, 0), Opinion.WRONG: (0, 1)}
    assert (right.raw.value, right.raw.count) == (0.5, 4)
    assert right.kappa.value == 0.0  # p = e = 0.5


def test_a_whole_quoted_sentence_may_be_right_with_a_low_f1() -> None:
    whole = make("a", short=WHOOSH, quotes=(WHOOSH,), judged=Judged(Opinion.CORRECT), asked={"answers": ("2023",)})
    judging = judging_of([whole])
    assert judging is not None
    assert [one.counts[Opinion.CORRECT] for one in judging.agreements] == [(1, 0), (0, 1)]
    assert judging.agreements[1].kappa.value == 0.0


def test_without_a_verdict_nothing_agrees_and_nothing_is_nan() -> None:
    judging = judging_of([make("a", **RIGHT, judged=Judged(Opinion.NONE, error="TimeoutError: 60 s"))])
    assert judging is not None
    assert judging.opinions == {Opinion.CORRECT: 0, Opinion.PARTLY: 0, Opinion.WRONG: 0, Opinion.NONE: 1}
    assert judging.example == "TimeoutError: 60 s"
    assert (judging.agreements[0].raw.value, judging.agreements[0].kappa.value) == (None, None)


def test_a_run_without_a_judge_has_no_agreement() -> None:
    assert judging_of([make("a", **RIGHT)]) is None
