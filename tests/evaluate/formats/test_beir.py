from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import AssistantError, QuestionsError
from assistant.evaluate.formats import articles_of
from assistant.evaluate.formats.articles import write_articles
from assistant.evaluate.questions import parse
from assistant.read import read
from assistant.records import Article
from tests.evaluate.formats.helpers import complaints, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(
        tmp_path / "corpus.jsonl",
        '{"_id": "d1", "title": "Semeru erupts", "text": "Ash fell on eleven villages."}',
        '{"_id": "d2", "title": "", "text": "Kereta cepat itu diresmikan di Jakarta."}',
        '{"_id": "d3", "title": "", "text": ""}',
    )
    written(
        tmp_path / "queries.jsonl",
        '{"_id": "7", "text": "Where did ash fall?", "metadata": {}}',
        '{"_id": "8", "text": "Kapan kereta itu diresmikan?"}',
        '{"_id": "9", "text": "Who?"}',
    )
    written(
        tmp_path / "qrels" / "test.tsv", "query-id\tcorpus-id\tscore", "7\td1\t2", "7\td2\t1", "7\td9\t0", "9\td1\t0"
    )
    written(tmp_path / "qrels" / "dev.tsv", "8\td2\t1")
    return tmp_path


def test_each_split_has_its_questions(folder: Path) -> None:
    dev, test = parse(folder)[0]
    assert (dev.id, dev.split, dev.lang, dev.qrels) == ("8", "dev", "id", {"d2": 1})
    assert (test.id, test.split, test.lang, test.qrels) == ("7", "test", "en", {"d1": 2, "d2": 1})
    assert (test.answerable, test.answers, test.quotes) == (True, (), ())
    assert test.place == f"{folder}/queries.jsonl:1"


def test_what_is_left_out_is_told(folder: Path) -> None:
    written(folder / "qrels" / "dev.tsv", "8\td2\t1", "77\td2\t1")
    assert complaints(folder) == [
        "qrels/dev.tsv:2: judges the question '77', which is not there",
        "qrels/dev.tsv: 2 of 3 questions have no relevant document here and are left out",
        "qrels/test.tsv: 2 of 3 questions have no relevant document here and are left out",
    ]
    assert not any(problem.is_error for problem in parse(folder)[1])


def test_faults_name_file_line_and_field(folder: Path) -> None:
    written(folder / "queries.jsonl", '{"_id": 7, "text": "Who?"}', "{", '{"_id": "8"}', '{"_id": "7", "text": "Who?"}')
    written(folder / "qrels" / "test.tsv", "query-id\tcorpus-id\tscore", "7\td1", "7\td1\thigh", "7\td1\t1")
    (folder / "qrels" / "dev.tsv").unlink()
    assert complaints(folder) == [
        "queries.jsonl:1: _id: must be a string",
        "queries.jsonl:2: is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        "queries.jsonl:3: text: must be a string",
        "qrels/test.tsv:2: has 2 columns; a line of qrels has 3",
        "qrels/test.tsv:3: column 3: the grade must be a whole number, not 'high'",
    ]


def test_without_qrels_nothing_is_known(folder: Path) -> None:
    for file in (folder / "qrels").iterdir():
        file.unlink()
    assert complaints(folder) == ["qrels: holds no .tsv; it says which articles are relevant to a question"]


def test_its_articles_keep_their_ids(folder: Path) -> None:
    assert [*articles_of(folder)] == [
        Article("d1", "Ash fell on eleven villages.", title="Semeru erupts", lang="en"),
        Article("d2", "Kereta cepat itu diresmikan di Jakarta.", lang="id"),
    ]


def test_written_articles_are_read_back_as_they_were(folder: Path) -> None:
    assert write_articles(folder, folder / "out.jsonl") == 2
    assert [*read([folder / "out.jsonl"])] == [*articles_of(folder)]
    with pytest.raises(AssistantError, match=r"out\.jsonl is there already"):
        write_articles(folder, folder / "out.jsonl")


def test_a_broken_corpus_leaves_no_file_behind(folder: Path) -> None:
    written(folder / "corpus.jsonl", '{"_id": "d1", "text": "Ash."}', json.dumps({"_id": "d2"}))
    with pytest.raises(QuestionsError, match=r"corpus\.jsonl:2: text: must be a string"):
        write_articles(folder, folder / "out.jsonl")
    assert not [path for path in folder.iterdir() if path.name.startswith("out")]


def test_a_set_without_articles_says_so(folder: Path) -> None:
    path = written(folder / "set.jsonl", '{"question": "Who?"}')
    with pytest.raises(AssistantError, match="brings no articles"):
        write_articles(path, folder / "out.jsonl")
    with pytest.raises(AssistantError, match="No such file or directory; nothing was written"):
        write_articles(folder, folder / "none" / "out.jsonl")
