from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import QuestionsError
from assistant.evaluate.questions import Quote, TestQuestion, Turn, read_questions
from assistant.evaluate.suggest.decisions import Decisions

ONE = TestQuestion(
    "one", "Kapan “Whoosh”\tdiresmikan?", "id", ("2 Oktober 2023",), ("whoosh", "b"), (Quote("whoosh", "Satu."),),
    tags=("when", "id-id"), conversation=(Turn("Apa itu?", "Kereta"),), split="dev",
)  # fmt: skip
OPEN = TestQuestion("two", "Who painted it?", "en", answerable=False)


def test_what_is_accepted_is_read_back_as_it_was(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path / "new" / "set.jsonl")
    decisions.accept(ONE)
    decisions.accept(OPEN)
    assert [replace(one, place="") for one in read_questions(decisions.path)] == [ONE, OPEN]


def test_decisions_are_remembered_by_the_next_session(tmp_path: Path) -> None:
    first = Decisions(tmp_path / "set.jsonl")
    first.accept(ONE)
    first.refuse(OPEN)
    again = Decisions(tmp_path / "set.jsonl")
    for decisions in (first, again):
        assert decisions.knows(ONE)
        assert decisions.knows(OPEN)
        assert decisions.knows(replace(OPEN, id="other", question="who painted it"))
        assert decisions.knows(replace(ONE, question="Edited?"))
        assert not decisions.knows(replace(OPEN, id="other", question="Who painted that?"))
        assert not decisions.knows(replace(OPEN, id="other", conversation=(Turn("a", "b"),)))
    assert len(read_questions(tmp_path / "set.jsonl")) == 1
    assert (tmp_path / "set.jsonl.refused").read_text("utf-8").count("\n") == 1


def test_a_set_of_ones_own_is_added_to_and_its_last_line_may_lack_its_end(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Mine?"}', "utf-8")
    Decisions(path).accept(OPEN)
    assert [one.question for one in read_questions(path)] == ["Mine?", "Who painted it?"]


def test_a_broken_set_is_named_and_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": ', "utf-8")
    with pytest.raises(QuestionsError, match=r"set\.jsonl:1: is not JSON"):
        Decisions(path)
    with pytest.raises(QuestionsError, match=r"set\.csv .* ends in \.jsonl"):
        Decisions(tmp_path / "set.csv")


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(QuestionsError, match=r"set\.jsonl cannot be written: File exists"):
        Decisions(tmp_path / "file" / "set.jsonl").accept(OPEN)
