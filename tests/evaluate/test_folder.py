from __future__ import annotations

import errno
import math
import os
from pathlib import Path

import ir_measures
import pytest

from assistant.errors import EvaluateError
from assistant.evaluate.folder import RunFolder, write_text
from assistant.evaluate.result import Ranked, from_line, to_line
from assistant.evaluate.score import score
from tests.evaluate.conftest import RIGHT, make


def test_a_result_comes_back_from_its_line() -> None:
    result = make("a", asked={"question": "Apa “itu”?\u2028"}, **RIGHT)
    assert to_line(result).count(b"\n") == 1
    assert from_line(to_line(result), "x") == result


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_bytes(to_line(make("a")) + b'{"question": 1}\n')
    with pytest.raises(EvaluateError, match=r"questions.jsonl:2: question"):
        RunFolder(tmp_path).results()


def test_a_folder_without_a_run_is_empty(tmp_path: Path) -> None:
    assert RunFolder(tmp_path / "none").facts() == {}
    assert RunFolder(tmp_path / "none").results() == []


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_damaged_run_file_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(EvaluateError, match=r"run\.json"):
        RunFolder(tmp_path).facts()


def test_one_process_writes(tmp_path: Path) -> None:
    with (
        RunFolder(tmp_path).writer(),
        pytest.raises(EvaluateError, match="Another process"),
        RunFolder(tmp_path).writer(),
    ):
        pass


def test_a_full_disk_is_an_error_that_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    folder = RunFolder(tmp_path)
    with folder.appending() as lines:
        lines.add(make("a"))
    with pytest.raises(EvaluateError, match="No space left on device"), folder.appending() as lines:
        monkeypatch.setattr(os, "write", full)
        lines.add(make("b"))
    assert [result.id for result in folder.results()] == ["a"]


def test_a_file_where_the_folder_should_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluateError, match="cannot be written"):
        write_text(tmp_path / "file" / "run.json", "")


def test_trec_files_give_ir_measures_the_same_figures(tmp_path: Path) -> None:
    results = [make("a b", **RIGHT), make("c", rank=4), make("d", rank=None)]
    RunFolder(tmp_path).write_trec(results, "my run")
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "qrels.trec")))  # type: ignore[no-untyped-call]
    ranked = list(ir_measures.read_trec_run(str(tmp_path / "run.trec")))  # type: ignore[no-untyped-call]
    assert {one.query_id for one in qrels} == {"a%20b", "c", "d"}
    found = ir_measures.calc_aggregate([ir_measures.RR, ir_measures.R @ 10], qrels, ranked)
    overall = score(results).overall
    assert math.isclose(found[ir_measures.RR], overall["passage_mrr"].value or 0)
    assert found[ir_measures.R @ 10] == overall["passage_recall@10"].value == 2 / 3


def test_names_with_white_space_stay_one_word(tmp_path: Path) -> None:
    RunFolder(tmp_path).write_trec([make("q", ranking=(Ranked("my news/a b.md#0-9", "x", 0.5),))], "r")
    assert (tmp_path / "run.trec").read_text() == "q Q0 my%20news/a%20b.md#0-9 1 0 r\n"
