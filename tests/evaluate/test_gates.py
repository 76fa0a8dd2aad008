from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest

from assistant.errors import EvaluateError
from assistant.evaluate.gates import Gate, Verdict, gates_of, judge
from assistant.evaluate.junit import junit
from assistant.evaluate.score import score
from tests.evaluate.conftest import RIGHT, make


def test_gates_are_read_as_people_write_them() -> None:
    gates, no_drop = gates_of("recall@10 >= 0.9,f1>.6 , f1[who]<=1,  No significant  drop")
    assert gates == [Gate("recall@10", ">=", 0.9), Gate("f1", ">", 0.6), Gate("f1", "<=", 1.0, "who")]
    assert no_drop
    assert gates_of("") == ([], False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("recall@10", "cannot be read"),
        ("f1 = 0.5", "cannot be read"),
        ("f1 >= much", "cannot be read"),
        ("recal@10>=0.9", "Is recall@10 meant?"),
        ("aurc[who]<=0.1", "no measure of a group"),
    ],
)
def test_a_gate_that_means_nothing_is_an_error(text: str, said: str) -> None:
    with pytest.raises(EvaluateError, match=said.replace("?", r"\?")):
        gates_of(text)


def test_bars_are_cleared_or_not() -> None:
    scores = score([make("a", asked={"tags": ("who",)}, **RIGHT), make("b")])
    gates, _ = gates_of("f1>=0.5, f1>0.5, f1[who]>=1, f1[id-id]>=0.6, f1[when]>=0, abstention_recall>=0")
    assert [(verdict.gate, verdict.passed) for verdict in judge(gates, scores)] == [
        ("f1>=0.5", True),
        ("f1>0.5", False),
        ("f1[who]>=1", True),
        ("f1[id-id]>=0.6", False),
        ("f1[when]>=0", False),  # no question has that tag
        ("abstention_recall>=0", False),  # every question has an answer: there is no figure
    ]


def test_junit_holds_gates_and_questions_whatever_characters_they_have() -> None:
    verdicts = [Verdict("f1>=0.5", True, "f1 is 0.6"), Verdict("em>=0.5", False, "em is <0.1>")]
    results = [make("a", asked={"question": "<b>\x00 & \ud800"}), make("b", error="ValueError: ]]>")]
    root = Xml.fromstring(junit("run <1>", verdicts, results))
    gates, asked = root
    assert (gates.get("name"), gates.get("tests"), gates.get("failures")) == ("run <1>: gates", "2", "1")
    assert [case.get("name") for case in gates if case.find("failure") is not None] == ["em>=0.5"]
    assert (asked.get("tests"), asked.get("errors")) == ("2", "1")
    assert asked[0].findtext("system-out") == "wrongly abstained: <b>� & �"
    assert asked[0].get("time") == "0.300"
    assert asked[1].find("error") is not None
