"""`tanya questions` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from assistant.chunk import SentenceSplitter
from assistant.ingest import ingest
from assistant.store import Index
from tests.conftest import ROOT
from tests.evaluate.formats.helpers import written
from tests.test_cli import run


def test_a_good_set_is_counted(capfd: pytest.CaptureFixture[str], tmp_path: Path, index: Index) -> None:
    quote = {"article": "volcano", "quote": "Ash fell on eleven villages."}
    path = written(
        tmp_path / "set.jsonl",
        json.dumps({"question": "How many villages?", "answers": ["eleven"], "quotes": [quote]}),
        '{"question": "Who won the cup?"}',
    )
    code, out, err = run(capfd, "questions", "check", path, "--index", index.folder)
    assert (code, out, err) == (0, "2 questions, 1 with an answer: nothing is wrong.\n", "")


def test_every_problem_is_printed_and_an_error_exits_with_1(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, index: Index
) -> None:
    quote = {"article": "volcano", "quote": "Ash fell on [red]twelve[/] villages."}
    path = written(
        tmp_path / "set.jsonl",
        "{",
        json.dumps({"question": "How many villages?", "answers": ["twelve"], "quotes": [quote]}),
        json.dumps({"question": "What fell?", "answers": ["snow"], "articles": ["volcano"]}),
    )
    code, out, _ = run(capfd, "questions", "check", path, "--index", index.folder)
    assert code == 1
    lines = out.splitlines()
    assert lines[0].startswith(f"error   {path}:1: is not JSON: ")
    wrong = "quotes[0].quote: “Ash fell on [red]twelve[/] villages.” is not letter for letter in 'volcano'"
    assert lines[1] == f"error   {path}:2: {wrong}"
    assert lines[2] == f"warning {path}:3: answers: none is said in any article of the question"
    assert lines[3:] == ["2 questions, 2 with an answer: 2 errors, 1 warning."]


def test_a_warning_alone_is_no_failure(capfd: pytest.CaptureFixture[str], tmp_path: Path, index: Index) -> None:
    path = written(tmp_path / "set.jsonl", '{"question": "What fell?", "answers": ["snow"], "articles": ["volcano"]}')
    code, out, _ = run(capfd, "questions", "check", path, "-i", index.folder)
    assert code == 0
    assert out.endswith("1 question, 1 with an answer: 0 errors, 1 warning.\n")


def test_a_set_or_an_index_that_is_not_there_is_said(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, index: Index
) -> None:
    code, out, _ = run(capfd, "questions", "check", tmp_path / "none.jsonl", "-i", index.folder)
    assert (code, "none.jsonl: cannot be read: No such file or directory" in out) == (1, True)
    path = written(tmp_path / "set.jsonl", '{"question": "Who?"}')
    code, _, err = run(capfd, "questions", "check", path, "-i", tmp_path / "none")
    assert (code, "There is no index in" in err) == (1, True)


def test_articles_of_a_public_set_can_be_indexed(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    answer = {"text": "Saturday", "answer_start": 24}
    asked = {"id": "1", "question": "When did Mount Semeru erupt?", "answers": [answer]}
    paragraph = {"context": "Mount Semeru erupted on Saturday. Ash fell.", "qas": [asked]}
    path = written(tmp_path / "squad.json", json.dumps({"data": [{"title": "Semeru", "paragraphs": [paragraph]}]}))
    code, out, _ = run(capfd, "questions", "articles", path, tmp_path / "articles.jsonl")
    assert (code, out.startswith("1 article written. Index them with: tanya index ")) == (0, True)
    assert run(capfd, "index", tmp_path / "articles.jsonl", "-i", tmp_path / "i")[0] == 0
    code, out, _ = run(capfd, "questions", "check", path, "-i", tmp_path / "i")
    assert (code, out) == (0, "1 question, 1 with an answer: nothing is wrong.\n")


def test_the_shipped_set_is_sound(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    splitter = SentenceSplitter(1_000, 0)
    with Index(tmp_path / "i", DeterministicFakeEmbedding(size=8), create=True) as stored:  # only the texts matter
        ingest([ROOT / "corpus" / "articles"], stored, splitter)
    code, out, _ = run(capfd, "questions", "check", ROOT / "corpus" / "questions.jsonl", "-i", tmp_path / "i")
    assert (code, out.endswith("with an answer: nothing is wrong.\n"), len(out.splitlines())) == (0, True, 1)
