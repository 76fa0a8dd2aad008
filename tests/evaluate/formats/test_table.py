from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluate.questions import Quote, Turn, parse
from tests.evaluate.formats.helpers import complaints, only, written


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_row_is_a_question(tmp_path: Path, separator: str) -> None:
    header = ["ID", "Question", "Answer", "article", "quote", "answerable", "tags"]
    row = ["q1", "Berapa jet?", "enam | six", "a", "Enam jet dibeli.", "yes", "how-many|id-id"]
    question = only(written(tmp_path / "set.csv", separator.join(header), separator.join(row)))
    assert (question.id, question.question, question.lang) == ("q1", "Berapa jet?", "id")
    assert question.answers == ("enam", "six")
    assert question.quotes == (Quote("a", "Enam jet dibeli."),)
    assert question.tags == ("how-many", "id-id")
    assert question.answerable is True
    assert question.place == f"{tmp_path}/set.csv:2"


def test_as_excel_saves_it(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_bytes('\ufeffquestion;answers\r\n"Who said ""no""?";Sri\r\n;\r\n'.encode())
    assert only(path).question == 'Who said "no"?'


def test_each_quote_has_its_article(tmp_path: Path) -> None:
    path = written(tmp_path / "set.csv", "question,quotes,articles", "Who?,One. | Two.,a | b", "What?,One. | Two.,a")
    questions, problems = parse(path)
    assert problems == []
    assert questions[0].quotes == (Quote("a", "One."), Quote("b", "Two."))
    assert questions[1].quotes == (Quote("a", "One."), Quote("a", "Two."))


def test_quotes_that_fit_no_article_are_a_fault(tmp_path: Path) -> None:
    path = written(tmp_path / "set.csv", "question,quotes,articles", "Who?,One. | Two. | Three.,a | b", "What?,One.,")
    assert complaints(path) == [
        "set.csv:2: quotes: there are 3 quotes, but 2 articles; name one article, or one for each quote",
        "set.csv:3: quotes: there are 1 quotes, but 0 articles; name one article, or one for each quote",
    ]


def test_a_cell_may_be_a_json_list(tmp_path: Path) -> None:
    turns = '"[{""question"": ""Who?"", ""answer"": ""Sri""}]"'
    quotes = '"[{""article"": ""a"", ""quote"": ""One | two.""}]"'
    path = written(tmp_path / "set.csv", "question,conversation,quotes", f"How old?,{turns},{quotes}")
    assert only(path).conversation == (Turn("Who?", "Sri"),)
    assert only(path).quotes == (Quote("a", "One | two."),)


def test_faults_name_the_line_where_the_row_begins(tmp_path: Path) -> None:
    path = written(
        tmp_path / "set.csv",
        "question,answers,answerable",
        '"Who',
        'said it?",Sri,yes',
        ",Sri,yes",
        "Who?,[1,yes",
        "Who?,Sri,perhaps,more",
        "Who?,Sri,perhaps",
    )
    found = complaints(path)
    assert found[0] == "set.csv:4: question: is missing"
    assert found[1].startswith("set.csv:5: answers: begins with [ but is no JSON list: ")
    assert found[2] == "set.csv:6: has 4 cells, but there are 3 columns"
    assert found[3].startswith("set.csv:7: answerable: input should be a valid boolean")
    assert len(found) == 4
    assert [question.question for question in parse(path)[0]] == ["Who\nsaid it?"]


@pytest.mark.parametrize("content", ["", "id,text\n1,Who?\n", "Who?,Sri\n"])
def test_a_table_without_a_column_of_questions_is_a_fault(tmp_path: Path, content: str) -> None:
    (tmp_path / "set.csv").write_text(content)
    assert complaints(tmp_path / "set.csv") == ["set.csv:1: question: is no column; name the columns in the first row"]


def test_what_is_not_csv_is_a_fault_with_its_line(tmp_path: Path) -> None:
    (complaint,) = complaints(written(tmp_path / "set.csv", "question", "What?", 'Who "said it?', '"said" it?'))
    assert complaint.startswith("set.csv:4: is not CSV: ")
