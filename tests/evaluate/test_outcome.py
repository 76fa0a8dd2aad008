from __future__ import annotations

from typing import Any

import pytest

from assistant.evaluate.result import Outcome
from tests.evaluate.conftest import RIGHT, WHOOSH, make


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (RIGHT, Outcome.RIGHT),
        ({"short": "Oktober 2023", "quotes": (WHOOSH,)}, Outcome.RIGHT),
        ({"short": WHOOSH, "quotes": (WHOOSH,)}, Outcome.RIGHT),
        ({"short": "Bandung", "quotes": (WHOOSH,)}, Outcome.READ_WRONG),
        ({"short": "3 Oktober 2023", "quotes": (WHOOSH,)}, Outcome.READ_WRONG),
        ({"short": "Bandung", "quotes": ("Ke Bandung.",)}, Outcome.NOT_READ),
        ({"short": "Bandung", "quotes": ("Ke Bandung.",), "read": False}, Outcome.NOT_RETRIEVED),
        ({}, Outcome.WRONGLY_ABSTAINED),
        ({"read": False}, Outcome.NOT_RETRIEVED),
        ({"answerable": False}, Outcome.RIGHTLY_ABSTAINED),
        ({"answerable": False, "short": "2023", "quotes": (WHOOSH,)}, Outcome.SHOULD_HAVE_ABSTAINED),
        ({"error": "ValueError: no"}, Outcome.FAILED),
        ({"answerable": False, "error": "ValueError: no"}, Outcome.FAILED),
    ],
)
def test_the_first_stage_that_went_wrong_names_the_outcome(facts: dict[str, Any], outcome: Outcome) -> None:
    assert make(**facts).outcome is outcome


@pytest.mark.parametrize(
    ("quote", "outcome"), [(WHOOSH, Outcome.RIGHT), ("Ke Bandung.", Outcome.NOT_READ), ("Tidak.", Outcome.RIGHT)]
)
def test_yes_or_no_is_right_only_with_a_reason_that_is_quoted(quote: str, outcome: Outcome) -> None:
    asked: dict[str, Any] = {"question": "Apakah Whoosh mogok?", "answers": ("Tidak",)}
    assert make(short="Tidak", quotes=(quote,), asked=asked).outcome is outcome


def test_without_gold_answers_quoting_what_supports_is_right() -> None:
    unanswered: dict[str, Any] = {"asked": {"answers": ()}}
    assert make(short="2023", quotes=(WHOOSH,), **unanswered).outcome is Outcome.RIGHT
    assert make(short="2023", quotes=("Ke Bandung.",), **unanswered).outcome is Outcome.NOT_READ


def test_only_two_outcomes_are_good_and_each_has_a_meaning() -> None:
    assert [outcome for outcome in Outcome if outcome.good] == [Outcome.RIGHT, Outcome.RIGHTLY_ABSTAINED]
    assert all(outcome.meaning for outcome in Outcome)
