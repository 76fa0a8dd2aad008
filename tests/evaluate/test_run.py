from __future__ import annotations

import datetime as dt
import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.errors import EvaluateError, StoreError
from assistant.evaluate.ask import Asker
from assistant.evaluate.folder import RunFolder
from assistant.evaluate.questions import TestQuestion
from assistant.evaluate.result import Outcome, Result
from assistant.evaluate.run import default_folder, questions_of, run
from assistant.store import Index
from tests.conftest import ROOT
from tests.evaluate.conftest import WHOOSH
from tests.evaluate.formats.helpers import written

KILLED = Path(__file__).with_name("killed_run.py")


def told(results: list[Result]) -> list[Result]:
    """All but what differs from run to run: the seconds."""
    return [replace(result, seconds={}) for result in results]


def test_a_result_carries_the_answer_its_gold_and_the_rankings(finished: RunFolder, index: Index) -> None:
    first, _, jets, paintings = finished.results()
    assert first.outcome is Outcome.RIGHT
    assert (first.pair, first.gold_passages) == ("id-id", ("whoosh",))
    assert first.citations[0].quote == WHOOSH
    assert first.citations[0].exact
    assert first.citations[0].supports
    assert first.statements == ((1,),)
    assert {read.article for read in first.read if read.supports} == {"whoosh"}
    assert {"retrieve", "read", "total"} <= set(first.seconds)
    assert first.seconds["total"] >= first.seconds["retrieve"] + first.seconds["read"]
    assert (jets.pair, jets.gold_passages) == ("en-id", ())
    assert any(read.supports for read in jets.read)  # no sentence is known: its article is enough
    assert not any(read.supports for read in paintings.read)
    assert len(first.ranking) == index.passage_count


def test_the_folder_says_what_was_run(finished: RunFolder, index: Index) -> None:
    facts = finished.facts()
    assert facts["finished"]
    assert facts["questions"]["count"] == 4
    assert facts["index"]["contents"] == index.contents
    assert facts["settings"]["top_k"] == 8
    assert "index" not in facts["settings"]
    assert str(ROOT) not in json.dumps(facts)


def test_same_questions_same_results(
    tmp_path: Path, finished: RunFolder, questions: list[TestQuestion], settings: Settings, index: Index
) -> None:
    again = run(questions, Path("x"), None, settings, index, RunFolder(tmp_path / "r"))
    assert told(again) == told(finished.results())


@pytest.mark.parametrize("count", [0, 2])
def test_a_killed_run_goes_on_where_it_stopped(
    tmp_path: Path,
    set_file: Path,
    questions: list[TestQuestion],
    settings: Settings,
    index: Index,
    finished: RunFolder,
    count: int,
) -> None:
    out = RunFolder(tmp_path / "r")
    command = [sys.executable, str(KILLED), str(set_file), str(index.folder), str(out.path), str(count)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert len(out.results()) == count
    lines = out.path / "questions.jsonl"
    before = lines.read_bytes() if count else b""
    with lines.open("ab") as file:
        file.write(b'{"question": {"id": "q3"')  # a line cut off in the middle
    asked = []
    results = run(questions, set_file, None, settings, index, out, lambda done, total: asked.append((done, total)))
    assert asked == [(done, 4) for done in range(count, 5)]
    assert lines.read_bytes().startswith(before)
    assert told(results) == told(finished.results()) == told(out.results())


def test_a_finished_run_asks_nothing_again(
    finished: RunFolder, questions: list[TestQuestion], settings: Settings, index: Index
) -> None:
    facts = finished.facts()
    asked: list[int] = []
    run(questions, Path("stories.jsonl"), None, settings, index, finished, lambda done, _: asked.append(done))
    assert asked == [4]
    assert finished.facts() == facts


def test_another_run_of_the_same_folder_is_refused(
    finished: RunFolder, questions: list[TestQuestion], settings: Settings, index: Index
) -> None:
    other = settings.model_copy(update={"top_k": 3})
    with pytest.raises(EvaluateError, match=r"other settings \(top_k was 8, is 3\)"):
        run(questions, Path("stories.jsonl"), None, other, index, finished)
    with pytest.raises(EvaluateError, match="other questions"):
        run([replace(questions[0], answers=("x",))], Path("stories.jsonl"), None, settings, index, finished)


def test_missing_articles_are_named(tmp_path: Path, settings: Settings, index: Index) -> None:
    lost = TestQuestion("q", "Kapan?", "id", answers=("x",), articles=("whoosh", "nobody", "no one"))
    with pytest.raises(EvaluateError, match="lacks 2 of the 3 articles that the questions cite: nobody, no one"):
        run([lost], Path("x"), None, settings, index, RunFolder(tmp_path / "r"))


def test_settings_that_belie_the_index_are_refused(tmp_path: Path, questions: list[TestQuestion], index: Index) -> None:
    with pytest.raises(EvaluateError, match="passage_chars"):
        run(questions, Path("x"), None, Settings(index=index.folder), index, RunFolder(tmp_path / "r"))


def test_a_question_that_fails_is_recorded_and_the_next_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, questions: list[TestQuestion], settings: Settings, index: Index
) -> None:
    ask = Asker._asked

    def fails_on_the_second(self: Asker, question: TestQuestion, gold: Result) -> Result:
        if question.id == "q2":
            raise ValueError("the model gave no number")
        return ask(self, question, gold)

    monkeypatch.setattr(Asker, "_asked", fails_on_the_second)
    folder = RunFolder(tmp_path / "r")
    results = run(questions[:3], Path("x"), None, settings, index, folder)
    assert [result.outcome is Outcome.FAILED for result in results] == [False, True, False]
    assert results[1].error == "ValueError: the model gave no number"
    assert folder.results()[1] == results[1]


def test_a_broken_index_stops_the_run_and_records_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, questions: list[TestQuestion], settings: Settings, index: Index
) -> None:
    def breaks(self: Asker, question: TestQuestion, gold: Result) -> Result:
        raise StoreError("gone")

    monkeypatch.setattr(Asker, "_asked", breaks)
    folder = RunFolder(tmp_path / "r")
    with pytest.raises(StoreError, match="gone"):
        run(questions, Path("x"), None, settings, index, folder)
    assert folder.results() == []


def test_halves_and_double_ids(tmp_path: Path, set_file: Path) -> None:
    assert [question.id for question in questions_of(set_file, "dev")] == ["q1", "q2"]
    with pytest.raises(EvaluateError, match="no question of the split 'train'; there are dev, test"):
        questions_of(set_file, "train")
    twice = tmp_path / "twice.jsonl"
    twice.write_text(set_file.read_text("utf-8") * 2, "utf-8")
    with pytest.raises(EvaluateError, match=r"two questions with the id 'q1': .*:1 and .*:5"):
        questions_of(twice)


def test_a_file_of_candidates_alone_cannot_be_asked(tmp_path: Path) -> None:
    path = written(tmp_path / "set.jsonl", '{"question": "Where?", "answerable": null}')
    with pytest.raises(EvaluateError, match="has no question that can be asked"):
        questions_of(path)


def test_a_folder_is_named_after_the_file_and_the_time() -> None:
    now = dt.datetime(2024, 5, 1, 9, 30, 5)
    assert default_folder(Path("runs"), Path("corpus/set.jsonl"), now) == Path("runs/set-2024-05-01-093005")
