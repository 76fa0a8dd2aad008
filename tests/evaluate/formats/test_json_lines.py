from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import QuestionsError
from assistant.evaluate.questions import Problem, Quote, TestQuestion, Turn, parse, read_questions
from tests.conftest import ROOT
from tests.evaluate.formats.helpers import complaints, only, written


def test_every_field_is_read(tmp_path: Path) -> None:
    facts = {
        "id": "q1",
        "question": "And how many jets?",
        "lang": "en",
        "answers": ["six", "enam"],
        "articles": ["b"],
        "quotes": [{"article": "a", "quote": "Enam jet dibeli."}],
        "answerable": True,
        "tags": ["how-many", "en-id"],
        "conversation": [{"question": "What did Myanmar buy?", "answer": "jets"}],
        "split": "dev",
    }
    path = written(tmp_path / "set.jsonl", "", json.dumps(facts))
    assert only(path) == TestQuestion(
        id="q1",
        question="And how many jets?",
        lang="en",
        answers=("six", "enam"),
        articles=("a", "b"),
        quotes=(Quote("a", "Enam jet dibeli."),),
        answerable=True,
        tags=("how-many", "en-id"),
        conversation=(Turn("What did Myanmar buy?", "jets"),),
        split="dev",
        place=f"{path}:2",
    )


def test_only_the_question_must_be_there(tmp_path: Path) -> None:
    question = only(written(tmp_path / "set.jsonl", '{"question": "Kapan gempa itu terjadi?", "answers": null}'))
    assert (question.lang, question.answerable, question.articles) == ("id", False, ())
    other = only(written(tmp_path / "two.jsonl", "", '{"question": "Kapan gempa itu terjadi?"}'))
    assert question.id == other.id
    assert len(question.id) == 10


def test_a_follow_up_of_other_words_before_it_gets_another_id(tmp_path: Path) -> None:
    turns = [{"question": f"Who is {name}?", "answer": "a minister"} for name in ("Sri", "Budi")]
    lines = [json.dumps({"question": "How old?", "conversation": [turn]}) for turn in turns]
    first, second = read_questions(written(tmp_path / "set.jsonl", *lines))
    assert first.id != second.id


def test_support_makes_a_question_answerable(tmp_path: Path) -> None:
    assert only(written(tmp_path / "set.jsonl", '{"question": "Who?", "articles": ["a"]}')).answerable is True
    refused = '{"question": "Who?", "articles": ["a"], "answerable": false}'
    assert only(written(tmp_path / "set.jsonl", refused)).answerable is False


def test_every_fault_names_file_line_and_field(tmp_path: Path) -> None:
    path = written(
        tmp_path / "set.jsonl",
        '{"question": " ", "answers": "six", "quotes": [{"article": "a"}], "answerable": "maybe", "lang": "english"}',
        '["question"]',
        '{"question": "Who?",',
        '{"question": "Who?", "articles": ["a"]}',
        '{"answers": [[]]}',
    )
    assert complaints(path) == [
        "set.jsonl:1: question: is empty",
        "set.jsonl:1: lang: must be a language code such as en or id, not 'english'",
        "set.jsonl:1: answers: input should be a valid list, not 'six'",
        "set.jsonl:1: quotes[0].quote: is missing",
        "set.jsonl:1: answerable: input should be a valid boolean, unable to interpret input, not 'maybe'",
        "set.jsonl:2: is not a JSON object; write {…} with a field `question`",
        "set.jsonl:3: is not JSON: Expecting property name enclosed in double quotes at column 21;"
        " write one object on each line",
        "set.jsonl:5: question: is missing",
        "set.jsonl:5: answers[0]: input should be a valid string, not '[]'",
    ]
    assert [question.place for question in parse(path)[0]] == [f"{path}:4"]
    with pytest.raises(QuestionsError) as caught:
        read_questions(path)
    assert len(caught.value.faults) == 9
    assert (
        str(caught.value).splitlines()[8].endswith("set.jsonl:5: answers[0]: input should be a valid string, not '[]'")
    )


def test_a_field_with_a_typing_error_is_a_warning(tmp_path: Path) -> None:
    path = written(tmp_path / "set.jsonl", '{"question": "Who?", "answer": ["Sri"], "note": 1}')
    assert parse(path)[1] == [
        Problem(f"{path}:1", "answer", "is no field of a question and is ignored; is `answers` meant?", is_error=False),
        Problem(f"{path}:1", "note", "is no field of a question and is ignored", is_error=False),
    ]
    assert read_questions(path)[0].question == "Who?"


def test_a_line_that_is_no_utf_8_does_not_hide_the_others(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"question": "Who?"}\r\n{"question": "caf\xe9?"}\r\n{"question": "What?"}')
    assert complaints(path) == ["set.jsonl:2: byte 18 of the line is not UTF-8; save the file as UTF-8"]
    assert [question.question for question in parse(path)[0]] == ["Who?", "What?"]


def test_utf_16_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Who?"}\n{"question": "What?"}\n', "utf-16")
    assert complaints(path) == ["set.jsonl:1: is UTF-16; save the file as UTF-8"]


@pytest.mark.parametrize("line", ["[" * 100_000, '{"question": "Who?", "answers": [' + "9" * 5_000 + "]}"])
def test_json_that_python_cannot_hold_is_a_fault_like_others(tmp_path: Path, line: str) -> None:
    (complaint,) = complaints(written(tmp_path / "set.jsonl", line))
    assert complaint.startswith("set.jsonl:1: is n")


def test_nothing_in_it_is_a_fault(tmp_path: Path) -> None:
    assert complaints(written(tmp_path / "set.jsonl", "", " ")) == [
        f"{tmp_path}/set.jsonl: holds no question; docs/evaluating.md shows how one is written".replace(
            f"{tmp_path}/", ""
        )
    ]


@pytest.mark.parametrize("name", ["none.jsonl", "none.csv", "none.json", "none.txt", "topics.none", "none"])
def test_what_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(QuestionsError, match=f"{name}: cannot be read: No such file or directory"):
        read_questions(tmp_path / name)


def test_what_is_no_question_set_is_told_what_would_be(tmp_path: Path) -> None:
    written(tmp_path / "notes.txt", "Who?")
    assert "is no file of test questions that is known; known are JSON Lines" in complaints(tmp_path / "notes.txt")[0]
    assert "is no folder of test questions that is known" in complaints(tmp_path)[0]


def test_many_faults_are_counted_not_all_printed() -> None:
    error = QuestionsError([f"set.jsonl:{line}: question: is missing" for line in range(1, 1_001)])
    assert len(str(error).splitlines()) == 51
    assert str(error).endswith("set.jsonl:50: question: is missing\n… and 950 more.")
    assert len(error.faults) == 1_000


def test_words_are_tidied_as_articles_are(tmp_path: Path) -> None:
    quote = {"article": "a", "quote": "Cafe\u0301 itu tutup.\u0007"}
    path = written(tmp_path / "set.jsonl", json.dumps({"question": "Apa?\ud800", "quotes": [quote]}))
    assert only(path).quotes == (Quote("a", "Café itu tutup."),)
    assert only(path).question == "Apa?"


def test_the_shipped_set_has_no_fault() -> None:
    questions, problems = parse(ROOT / "corpus" / "questions.jsonl")
    assert problems == []
    assert len({question.id for question in questions}) == len(questions) >= 683


def test_the_example_in_the_documentation_is_sound(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "evaluating.md").read_text("utf-8")
    _, _, rest = page.partition("```json\n")
    questions, problems = parse(written(tmp_path / "set.jsonl", rest.partition("```")[0]))
    assert problems == []
    assert [question.answerable for question in questions] == [True, False]
    shipped = {question.id: question for question in read_questions(ROOT / "corpus" / "questions.jsonl")}
    assert questions[0].quotes == shipped["q0002"].quotes


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["question", "id", "lang", "answers", "articles", "quotes", "answerable", "tags", "conversation", "split"]


@settings(max_examples=60, deadline=None)
@given(facts=st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_object_is_a_question_or_a_complaint(
    tmp_path_factory: pytest.TempPathFactory, facts: dict[str, object]
) -> None:
    path = written(tmp_path_factory.mktemp("any") / "set.jsonl", json.dumps(facts))
    questions, problems = parse(path)
    assert len(questions) == (0 if any(problem.is_error for problem in problems) else 1)
    assert all(problem.place == f"{path}:1" for problem in problems)


def test_a_candidate_is_left_out_with_a_warning(tmp_path: Path) -> None:
    path = written(
        tmp_path / "set.jsonl", '{"question": "Kapan gempa itu terjadi?", "answerable": null}', '{"question": "Where?"}'
    )
    questions, problems = parse(path)
    assert [question.question for question in questions] == ["Where?"]
    assert [(str(problem), problem.is_error) for problem in problems] == [
        (f"{path}:1: answerable: is null: the question is left out until it is true, with `quotes`, or false", False)
    ]


def test_a_candidate_with_a_wrong_field_is_an_error(tmp_path: Path) -> None:
    questions, problems = parse(written(tmp_path / "set.jsonl", '{"question": "", "answerable": null}'))
    assert questions == []
    assert [problem.is_error for problem in problems] == [True]
