from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import QuestionsError
from assistant.evaluate.check import check
from assistant.evaluate.formats import articles_of
from assistant.evaluate.questions import Quote, parse
from tests.evaluate.formats.helpers import complaints

CONTEXT = "Mount Semeru erupted on Saturday. Ash fell on eleven villages. Saturday was a holiday."


def asked(id: str, question: str, *answers: tuple[str, int], **more: Any) -> dict[str, Any]:
    return {"id": id, "question": question, "answers": [{"text": t, "answer_start": at} for t, at in answers], **more}


def saved(path: Path, *questions: dict[str, Any], context: str = CONTEXT) -> Path:
    other = {"context": "Lava.", "qas": []}
    entry = {"title": "Mount_Semeru", "paragraphs": [other, {"context": context, "qas": [*questions]}]}
    path.write_text(json.dumps({"version": "v2.0", "data": [entry]}))
    return path


def test_answers_become_quoted_sentences(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "squad.json",
        asked("1", "When did it erupt?", ("Saturday", 24), ("on Saturday", 21), ("Saturday", 24)),
        asked("2", "Which day was a holiday?", ("Saturday", CONTEXT.rindex("Saturday"))),
        asked("3", "Who was hurt?", is_impossible=True, plausible_answers=[{"text": "Ash", "answer_start": 34}]),
    )
    (when, day, hurt), problems = parse(path)
    assert problems == []
    assert (when.id, when.answers, when.answerable) == ("1", ("Saturday", "on Saturday"), True)
    assert when.quotes == (Quote("Mount_Semeru#2", "Mount Semeru erupted on Saturday."),)
    assert day.quotes == (Quote("Mount_Semeru#2", "Saturday was a holiday."),)
    assert (hurt.answerable, hurt.answers, hurt.articles, hurt.quotes) == (False, (), (), ())
    assert when.place == f"{path}: data[0].paragraphs[1].qas[0]"


def test_its_articles_have_the_ids_and_words_that_its_questions_name(tmp_path: Path) -> None:
    path = saved(tmp_path / "squad.json", asked("1", "When?", ("Saturday", 24)), context=f" {CONTEXT} \r\n")
    articles = {article.id: article for article in articles_of(path)}
    assert [*articles] == ["Mount_Semeru#1", "Mount_Semeru#2"]
    assert articles["Mount_Semeru#2"].title == "Mount Semeru"
    assert articles["Mount_Semeru#2"].text == CONTEXT
    assert check(parse(path)[0], articles.get) == []


def test_an_answer_that_the_paragraph_lacks_is_a_warning(tmp_path: Path) -> None:
    path = saved(tmp_path / "squad.json", asked("1", "When?", ("Sunday", 24)))
    assert complaints(path) == ["squad.json: data[0].paragraphs[1].qas[0]: answers: 'Sunday' is not in the paragraph"]
    assert parse(path)[0][0].quotes == ()


def test_a_wrong_form_names_each_field(tmp_path: Path) -> None:
    path = tmp_path / "squad.json"
    paragraphs = [{"qas": []}, {"context": CONTEXT, "qas": [{"id": "1"}, {"question": "When?"}]}]
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))
    assert complaints(path) == [
        "squad.json: data[0].paragraphs[0].context: is missing",
        "squad.json: data[0].paragraphs[1].qas[0].question: is missing",
        "squad.json: data[0].paragraphs[1].qas[1].id: is missing",
    ]
    with pytest.raises(QuestionsError, match="context: is missing"):
        [*articles_of(path)]


def test_broken_json_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "squad.json").write_text('{"data":\n[\n}')
    assert complaints(tmp_path / "squad.json") == ["squad.json:3: is not JSON: Expecting value"]
    (tmp_path / "squad.json").write_bytes(b'{"data": "\xff"}')
    assert complaints(tmp_path / "squad.json") == ["squad.json: is not UTF-8; save the file as UTF-8"]
