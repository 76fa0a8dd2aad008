"""`tanya evaluate sweep` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluate.ask import Asker
from assistant.evaluate.questions import TestQuestion
from assistant.evaluate.result import Result
from assistant.store import Index
from tests.test_cli import run


@pytest.fixture(autouse=True)
def as_built(monkeypatch: pytest.MonkeyPatch, no_variables_of_ours: None) -> None:
    monkeypatch.setenv("TANYA_PASSAGE_CHARS", "100")
    monkeypatch.setenv("TANYA_OVERLAP_SENTENCES", "0")


def test_a_sweep_tells_what_was_tried_and_what_to_do_next(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, set_file: Path, index: Index
) -> None:
    out_folder = tmp_path / "s"
    command = ("evaluate", "sweep", set_file, "-i", index.folder, "--out", out_folder)
    code, out, err = run(capfd, *command, "--set", "min_probability=0,0.12,1")
    assert code == 0
    assert "Traceback" not in err
    lines = [line.split() for line in out.splitlines()]
    assert ["3", "settings,", "4", "questions", "each"] in lines
    assert any("base" in line and "0.12" in line and "1.000" in line for line in lines)
    assert any(line[:6] == ["1.0", "0.250", "0.000–0.750", "-0.750", "0.250", "0.250"] for line in lines)
    assert "with --split dev" in out
    assert "Nothing that was tried is better" in out
    assert "Nothing that was tried is better" in (out_folder / "sweep.html").read_text("utf-8")
    code, out, _ = run(capfd, "evaluate", "compare", out_folder / "baseline", out_folder / "min_probability=1.0")
    assert (code, "settings.min_probability: 0.12 → 1.0" in out) == (0, True)


def test_ctrl_c_says_how_to_go_on(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, set_file: Path, index: Index
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TANYA_RUNS", str(tmp_path / "runs"))
    ask = Asker.ask

    def stopped(self: Asker, question: TestQuestion) -> Result:
        if question.id == "q2":
            raise KeyboardInterrupt
        return ask(self, question)

    with monkeypatch.context() as patched:
        patched.setattr(Asker, "ask", stopped)
        code, _, err = run(
            capfd, "evaluate", "sweep", set_file, "-i", index.folder, "--split", "dev", "--set", "top_k=4"
        )
    assert code == 130
    again = err.split("go on with:\n")[1].split()
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("stories-sweep-")
    assert again[-2:] == ["--out", str(folder)]
    code, out, _ = run(capfd, *again[1:])
    assert code == 0
    assert "2 settings, 2 questions each" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "Missing option '--set'"),
        (["--set", "top_k"], 1, "names no setting"),
        (["--set", "top_q=1,2"], 1, "names no setting"),
        (["--set", "top_k=4,many"], 1, "TANYA_TOP_K is wrong"),
        (["--set", "port=1,2"], 1, "changes no answer"),
        (["--set", "top_k=4", "--figure", "rigth"], 1, "'rigth' is no measure of a run. Is right meant?"),
        (["--set", "top_k=4", "--split", "train"], 1, "no question of the split 'train'"),
        (["--set", "top_k=4", "--random", "0"], 2, "--random"),
        (["--set", "top_k=4", "--articles", "x"], 2, "not both"),
        (
            ["--set", f"top_k={','.join(map(str, range(1, 101)))}", "--set", "max_quotes=1,2,3"],
            1,
            "These are 300 combinations, more than 200",
        ),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_asked(
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    set_file: Path,
    index: Index,
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    folder = tmp_path / "s"
    found, _, err = run(capfd, "evaluate", "sweep", set_file, "-i", index.folder, "--out", folder, *arguments)
    assert found == code
    assert said in " ".join(err.split())
    assert not folder.exists()


def test_an_index_of_other_passages_than_the_settings_say_is_refused(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, set_file: Path, index: Index
) -> None:
    monkeypatch.setenv("TANYA_PASSAGE_CHARS", "300")
    code, _, err = run(
        capfd, "evaluate", "sweep", set_file, "-i", index.folder, "--out", tmp_path / "s", "--set", "top_k=4"
    )
    assert code == 1
    assert "passages of 100 characters, overlap 0, the settings say 300" in " ".join(err.split())
