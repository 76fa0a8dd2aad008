"""`tanya evaluate` on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from assistant.evaluate.ask import Asker
from assistant.evaluate.questions import TestQuestion
from assistant.evaluate.result import Result
from assistant.store import Index
from tests.test_cli import run

AS_BUILT = ("--set", "passage_chars=100", "--set", "overlap_sentences=0")


def test_a_run_is_scored_gated_and_written_down(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, set_file: Path, index: Index
) -> None:
    out_folder, junit = tmp_path / "r", tmp_path / "ci" / "junit.xml"
    code, out, err = run(
        capfd, "evaluate", set_file, "--index", index.folder, "--out", out_folder, *AS_BUILT,
        "--gate", "recall@10>=0.99, f1>=1.5", "--junit", junit,
    )  # fmt: skip
    assert code == 1
    assert "Traceback" not in err
    assert "All 4 questions" in out
    assert "held   recall@10>=0.99: recall@10 is 1.0000" in out
    assert "failed f1>=1.5: f1 is" in out
    assert {path.name for path in out_folder.iterdir()} >= {
        "run.json", "questions.jsonl", "run.trec", "qrels.trec", "report.html",
    }  # fmt: skip
    metrics = json.loads((out_folder / "run.json").read_text("utf-8"))["metrics"]
    assert metrics["overall"]["recall@10"]["value"] == 1.0
    assert [suite.get("failures") for suite in Xml.parse(junit).getroot()] == ["1", "0"]
    again = (
        "evaluate",
        "run",
        set_file,
        "-i",
        index.folder,
        "--out",
        out_folder,
        *AS_BUILT,
        "--gate",
        "recall@10>=0.99",
    )
    assert run(capfd, *again)[0] == 0


def test_ctrl_c_keeps_what_was_asked_and_says_how_to_go_on(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, set_file: Path, index: Index
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TANYA_RUNS", str(tmp_path / "runs"))
    ask = Asker.ask

    def stopped(self: Asker, question: TestQuestion) -> Result:
        if question.id == "q3":
            raise KeyboardInterrupt
        return ask(self, question)

    with monkeypatch.context() as patched:
        patched.setattr(Asker, "ask", stopped)
        code, _, err = run(capfd, "evaluate", set_file, "--index", index.folder, *AS_BUILT)
    assert code == 130
    assert "Stopped after 2 of 4 questions. Go on with:" in err
    again = err.split("Go on with:\n")[1].split()
    assert again[:2] == ["tanya", "evaluate"]
    (folder,) = (tmp_path / "runs").iterdir()
    assert again[-2:] == ["--out", str(folder)]
    assert run(capfd, *again[1:])[0] == 0
    assert len((folder / "questions.jsonl").read_text("utf-8").splitlines()) == 4


def test_two_runs_are_compared(capfd: pytest.CaptureFixture[str], tmp_path: Path, set_file: Path, index: Index) -> None:
    common = ("evaluate", set_file, "--index", index.folder, *AS_BUILT, "--out")
    assert run(capfd, *common, tmp_path / "a")[0] == 0
    assert run(capfd, *common, tmp_path / "b", "--set", "min_probability=1")[0] == 0
    page = tmp_path / "a-b.html"
    code, out, _ = run(
        capfd, "evaluate", "compare", tmp_path / "a", tmp_path / "b", "--html", page, "--gate", "no significant drop"
    )
    assert code == 0  # three questions are too few for a drop to be more than chance
    assert "4 questions in both" in out
    assert "settings.min_probability" in out
    assert "No longer right" in out
    assert "held   no significant drop: f1: " in out
    assert "min_probability" in page.read_text("utf-8")
    gated = run(capfd, "evaluate", "compare", tmp_path / "a", tmp_path / "b", "--gate", "right>=0.99")
    assert (gated[0], "failed right>=0.99: right is 0.2500" in gated[1]) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--gate", "nonsense>=1"], "'nonsense' is no measure"),
        (["--gate", "no significant drop"], "needs two runs"),
        (["--set", "top_q=1"], "names no setting"),
        (["--set", "top_k=many"], "TANYA_TOP_K is wrong"),
        (["--split", "train"], "no question of the split 'train'"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_asked(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, set_file: Path, index: Index, arguments: list[str], said: str
) -> None:
    folder = tmp_path / "r"
    code, _, err = run(capfd, "evaluate", set_file, "--index", index.folder, "--out", folder, *arguments)
    assert code == 1
    assert said in " ".join(err.split())
    assert not folder.exists()


def test_a_missing_file_and_a_missing_run_are_named(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "cannot be read" in run(capfd, "evaluate", tmp_path / "none.jsonl")[2]
    assert "There is no run in" in run(capfd, "evaluate", "compare", tmp_path / "a", tmp_path / "b")[2]


def test_wrong_usage_exits_with_2(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(capfd, "evaluate", "--nonsense")[0] == 2
    assert run(capfd, "evaluate", "compare", "a")[0] == 2
