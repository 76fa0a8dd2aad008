from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import EvaluateError
from assistant.evaluate.compare import Run, compare, load
from assistant.evaluate.folder import RunFolder
from assistant.evaluate.result import Result
from assistant.evaluate.statistics import Difference
from tests.evaluate.conftest import RIGHT, make


def run_of(name: str, *results: Result, **facts: object) -> Run:
    return Run(name, dict(facts), results)


def test_differences_and_flips_by_hand() -> None:
    before = run_of("a", make("1", **RIGHT), make("2"), make("3"), make("4"))
    after = run_of("b", make("1"), make("2", **RIGHT), make("3", **RIGHT), make("4", rank=3))
    found = compare(before, after)
    rows = {row.measure.name: row for row in found.rows}
    assert (rows["right"].before, rows["right"].after, rows["right"].change) == (0.25, 0.5, 0.25)
    assert rows["right"].difference.p == 1.0  # of the eight signs of -1, 1, 1 all have a mean at least as far from 0
    assert rows["mrr"].change == pytest.approx((3 + 1 / 3) / 4 - 1)
    assert rows["seconds_p50"].difference == Difference(0.0, 0.0, 0.0, None, 4)
    assert rows["auroc"].difference.value is None  # every question has an answer
    risk = rows["aurc"].difference
    assert risk.value == pytest.approx((rows["aurc"].after or 0) - (rows["aurc"].before or 0))
    assert (risk.low or 0.0) <= (risk.value or 0.0) <= (risk.high or 0.0)
    assert [flip.after.id for flip in found.gains] == ["2", "3"]
    assert [flip.after.id for flip in found.losses] == ["1"]


def test_no_significant_drop() -> None:
    right = [make(str(n), **RIGHT) for n in range(8)]
    wrong = [make(str(n)) for n in range(8)]
    dropped = [verdict for verdict in compare(run_of("a", *right), run_of("b", *wrong)).drops() if not verdict.passed]
    assert "no significant drop: right" in [verdict.gate for verdict in dropped]
    assert dropped[0].found == "1.0000 before, 0.0000 after (-1.0000, p = 0.0078)"
    assert all(verdict.passed for verdict in compare(run_of("a", *wrong), run_of("b", *right)).drops())
    # Two questions of eight: a drop, but one that chance brings.
    assert all(verdict.passed for verdict in compare(run_of("a", *right), run_of("b", *right[:6], *wrong[6:])).drops())


def test_only_what_both_asked_is_compared() -> None:
    changed = make("2", asked={"question": "Berapa?"})
    before = run_of("a", make("1"), make("2"), make("3"))
    after = run_of("b", make("1", asked={"tags": ("when",)}, **RIGHT), changed, make("4"))
    found = compare(before, after)
    assert (found.scores_before.count, found.only_before, found.only_after) == (1, ("2", "3"), ("2", "4"))
    with pytest.raises(EvaluateError, match="no question in common"):
        compare(run_of("a", make("1")), run_of("b", make("2")))


def test_what_was_changed_is_told() -> None:
    before = run_of("a", make("1"), settings={"top_k": 8, "threads": 0}, program="x")
    after = run_of("b", make("1"), settings={"top_k": 4, "threads": 0}, program="y")
    assert compare(before, after).changed_settings == (("settings.top_k", "8", "4"), ("program", "x", "y"))


def test_a_precision_is_compared_where_both_have_one() -> None:
    """A run that declines cites nothing wrong: the measure says something about one run only."""
    wrong = make("1", answerable=False, short="x", quotes=("Ke Bandung.",))
    found = compare(
        run_of("a", wrong, make("2", **RIGHT)), run_of("b", make("1", answerable=False), make("2", **RIGHT))
    )
    row = next(row for row in found.rows if row.measure.name == "citation_precision")
    assert (row.before, row.after) == (1.0, 1.0)


def test_only_finished_runs_are_loaded(tmp_path: Path, finished: RunFolder) -> None:
    assert load(finished.path).results == tuple(finished.results())
    with pytest.raises(EvaluateError, match="There is no run in"):
        load(tmp_path / "none")
    stopped = RunFolder(tmp_path)
    stopped.write_facts({"finished": None})
    with pytest.raises(EvaluateError, match="stopped before its end"):
        load(tmp_path)
