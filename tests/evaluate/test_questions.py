from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import QuestionsError
from assistant.evaluate.questions import TestQuestion, Turn, read_candidates, read_questions


def test_a_question_is_asked_after_the_turns_before_it() -> None:
    turns = (Turn("Siapa petugas menara?", "Agung"), Turn("umurnya?", "21"))
    question = TestQuestion("q1", "Bagaimana dia meninggal?", "id", conversation=turns)
    assert [(message.type, message.text) for message in question.messages] == [
        ("human", "Siapa petugas menara?"),
        ("ai", "Agung"),
        ("human", "umurnya?"),
        ("ai", "21"),
        ("human", "Bagaimana dia meninggal?"),
    ]
    assert [message.text for message in TestQuestion("q2", "Kapan?", "id").messages] == ["Kapan?"]


def test_candidates_are_read_where_an_editor_decides_and_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Kapan?", "answerable": null, "tags": ["feedback"]}\n{"question": "Where?"}\n')
    assert [question.question for question in read_questions(path)] == ["Where?"]
    assert [(q.question, q.is_candidate, q.tags) for q in read_candidates(path)] == [
        ("Kapan?", True, ("feedback",)),
        ("Where?", False, ()),
    ]
    path.write_text('{"question": ""}\n')
    with pytest.raises(QuestionsError, match="question"):
        read_candidates(path)
