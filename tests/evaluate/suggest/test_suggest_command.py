"""`tanya questions suggest` on the command line, on a real terminal where it needs one."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from assistant.embed import Encoder
from assistant.evaluate.questions import read_questions
from assistant.records import Article
from assistant.store import Index
from tests.conftest import ROOT, fill
from tests.test_cli import run

STORY = (
    "Pelabuhan dibangun untuk Jakarta dan Presiden Joko Widodo."
    " Presiden Joko Widodo meresmikan pelabuhan Patimban pada 20 Desember 2020."
)
ENGLISH = "A bridge was built in Manila. Malaysia opened the Patimban bridge in Manila on 3 May 2021."


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    place = tmp_path_factory.mktemp("indexes") / "ports"
    with Index(place, encoder, create=True) as opened:
        fill(opened, [Article("port", STORY, title="Patimban", lang="id"), Article("bridge", ENGLISH, lang="en")])
    return place


def test_without_a_terminal_all_are_written_as_json_lines(capfd: pytest.CaptureFixture[str], place: Path) -> None:
    code, out, err = run(capfd, "questions", "suggest", "-i", place)
    assert (code, err.strip()) == (0, "4 questions.")
    lines = [json.loads(line) for line in out.splitlines()]
    assert {line["tags"][0] for line in lines} == {"when", "who", "where"}
    assert all(line["tags"][-1] in ("read", "missed") and "suggested" in line["tags"] for line in lines)
    assert run(capfd, "questions", "suggest", "-i", place)[1] == out


@pytest.mark.parametrize(
    ("arguments", "count"),
    [(("--lang", "en"), 2), (("--lang", "id"), 2), (("--article", "port"), 2), (("--count", "1"), 1)],
)
def test_fewer_can_be_asked_for(
    capfd: pytest.CaptureFixture[str], place: Path, arguments: tuple[str, ...], count: int
) -> None:
    out = run(capfd, "questions", "suggest", "-i", place, *arguments)[1]
    assert len(out.splitlines()) == count


def test_a_file_is_added_to_and_passes_the_check(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, place: Path
) -> None:
    path = tmp_path / "set.jsonl"
    command = ("questions", "suggest", "--all", "-i", place, "--out", path)
    assert "1 question added to" in run(capfd, *command, "--count", "1")[2]
    assert "3 questions added to" in run(capfd, *command)[2]
    assert "0 questions added to" in run(capfd, *command)[2]
    code, out, _ = run(capfd, "questions", "check", path, "-i", place)
    assert (code, out) == (0, "4 questions, 4 with an answer: nothing is wrong.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--lang", "fr"), "--lang 'fr' is no language of questions"),
        (("--article", "port", "--article", "lost"), "There is no article lost."),
        (("--from", "set.jsonl"), "needs a terminal"),
        (("--all", "--out", "set.csv"), "ends in .jsonl"),
    ],
)
def test_what_cannot_be_is_said(
    capfd: pytest.CaptureFixture[str], place: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = run(capfd, "questions", "suggest", "-i", place, *arguments)
    assert (code, out, said in " ".join(err.split())) == (1, "", True)


class Terminal:
    """`tanya questions suggest …` behind a terminal of its own."""

    def __init__(self, *arguments: object) -> None:
        self._here, there = pty.openpty()
        command = [sys.executable, "-m", "assistant", "questions", "suggest", *map(str, arguments)]
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
        self._process = subprocess.Popen(
            command, stdin=there, stdout=there, stderr=there, cwd=ROOT, env=environment, start_new_session=True
        )
        os.close(there)
        self.seen = ""

    def wait_for(self, words: str) -> None:
        begun = len(self.seen)
        while words not in self.seen[begun:]:
            self.seen += os.read(self._here, 4096).decode(errors="replace")

    def type(self, text: str) -> None:
        """Once single keys are heard: what was typed before is thrown away."""
        while termios.tcgetattr(self._here)[3] & termios.ICANON:
            select.select([], [], [], 0.01)
        os.write(self._here, text.encode())

    def end(self) -> int:
        try:
            while more := os.read(self._here, 4096):
                self.seen += more.decode(errors="replace")
        except OSError:  # how Linux says that the other side is closed
            pass
        os.close(self._here)
        return self._process.wait()


def test_an_editor_at_a_terminal(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "set.jsonl"
    terminal = Terminal("-i", place, "--out", path, "--lang", "id")
    terminal.wait_for("quit")
    terminal.type("e")
    terminal.wait_for("Patimban")  # the question stands there to be changed
    terminal.type(" Ya?\n")
    terminal.wait_for("quit")
    terminal.type("a")
    terminal.wait_for("quit")
    assert len(read_questions(path)) == 1  # written at once
    terminal.type("r")
    assert terminal.end() == 0
    assert "1 accepted, 1 refused, 0 skipped." in terminal.seen
    assert read_questions(path)[0].question.endswith("? Ya?")
    assert (tmp_path / "set.jsonl.refused").exists()


def test_ctrl_c_ends_it_and_questions_of_readers_are_taken(tmp_path: Path, place: Path) -> None:
    left = tmp_path / "left.jsonl"
    left.write_text('{"question": "Kapan pelabuhan Patimban diresmikan?", "tags": ["feedback"]}\n', "utf-8")
    terminal = Terminal("-i", place, "--out", tmp_path / "set.jsonl", "--from", left)
    terminal.wait_for("no article answers it")
    terminal.type("\x03")
    assert terminal.end() == 0
    assert "0 accepted, 0 refused, 0 skipped." in terminal.seen
