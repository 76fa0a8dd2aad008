from __future__ import annotations

from assistant.evaluate.questions import TestQuestion, Turn


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
