from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluate.questions import parse
from tests.evaluate.formats.helpers import complaints, written

CLASSIC = """<top>
<num> Number: 301
<title> Volcano &amp; ash

<desc> Description:
Where did ash fall?
</top>

<top>
<num> Number: 302
<desc> Description: Who opened
the railway?
</top>"""
NUMBERED = """<topics>
<topic number="301"><query>volcano ash</query><question>Where did ash fall?</question></topic>
<topic number="302"><query>railway</query></topic>
</topics>"""
PLAIN = "301\tWhere did ash fall?\n\n302\tWho opened  the railway?"


@pytest.mark.parametrize(
    ("topics", "questions", "lines"),
    [
        (CLASSIC, ["Volcano & ash", "Who opened the railway?"], [1, 9]),
        (NUMBERED, ["Where did ash fall?", "railway"], [2, 3]),
        (PLAIN, ["Where did ash fall?", "Who opened the railway?"], [1, 3]),
    ],
)
def test_all_forms_of_topics(tmp_path: Path, topics: str, questions: list[str], lines: list[int]) -> None:
    path = written(tmp_path / "topics.301-302.txt", topics)
    written(tmp_path / "qrels.txt", "301 0 d1 1", "301 0 d2 -2", "302\t0\td2\t3", "302 Q0 d1 1")
    for place in (tmp_path, path):
        found, problems = parse(place)
        assert problems == []
        assert [question.id for question in found] == ["301", "302"]
        assert [question.question for question in found] == questions
        assert [question.qrels for question in found] == [{"d1": 1}, {"d2": 3, "d1": 1}]
        assert [question.place for question in found] == [f"{path}:{line}" for line in lines]


def test_faults_name_file_and_line(tmp_path: Path) -> None:
    written(tmp_path / "topics.txt", "<top>", "<num> 1", "</top>", "<top>", "<title> ash", "</top>")
    written(tmp_path / "qrels.txt", "1 0 d1", "1 0 d1 yes", "9 0 d1 1")
    assert complaints(tmp_path) == [
        "topics.txt:1: title: is missing",
        "topics.txt:4: num: is missing",
        "qrels.txt:1: has 3 columns; a line of qrels has 4",
        "qrels.txt:2: column 4: the grade must be a whole number, not 'yes'",
        "qrels.txt:3: judges the question '9', which is not there",
    ]


def test_a_plain_line_without_a_tab_is_a_fault(tmp_path: Path) -> None:
    written(tmp_path / "topics.tsv", "1\tWho?", "Where did ash fall?")
    written(tmp_path / "qrels", "1 0 d1 1")
    assert complaints(tmp_path) == ["topics.tsv:2: must be a number, a tab and the topic; or use <top> tags"]


def test_topics_without_qrels_are_a_fault(tmp_path: Path) -> None:
    path = written(tmp_path / "topics.tsv", "1\tWho?")
    assert complaints(path)[0].endswith("holds no qrels*; it says which articles are relevant to a topic")
