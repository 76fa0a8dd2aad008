from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import cli
from tests.conftest import ROOT


def run(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `tanya …`, in this process."""
    before = sys.argv
    sys.argv = ["tanya", *map(str, arguments)]
    code: object = 0
    try:
        cli.main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.argv = before
    captured = capfd.readouterr()
    assert code is None or isinstance(code, int)
    return code or 0, captured.out, captured.err


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("news")
    (folder / "whoosh.md").write_text(
        "---\nid: whoosh\ntitle: Whoosh diresmikan\ndate: 2023-10-02\nlang: id\nsource: Contoh\n---\n"
        "Kereta cepat Whoosh diresmikan pada 2 Oktober 2023. Kereta itu menghubungkan Jakarta dan Bandung.\n"
    )
    (folder / "semeru.txt").write_text("Mount Semeru erupted on Saturday. Ash fell on eleven villages.")
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, news: Path) -> Path:
    place = tmp_path_factory.mktemp("indexes") / "news"
    subprocess.run([sys.executable, "-m", "assistant", "index", news, "--index", place], check=True, cwd=ROOT)
    return place


def test_index_counts_and_the_second_run_changes_nothing(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, news: Path
) -> None:
    code, out, _ = run(capfd, "index", news, "--index", tmp_path / "i")
    assert code == 0
    assert out.startswith("2 added, 0 changed, 0 unchanged (")
    assert "holds 2 articles in 2 passages" in out
    assert run(capfd, "index", news, "-i", tmp_path / "i")[1].startswith("0 added, 0 changed, 2 unchanged (")


def test_index_names_bad_files_counts_both_and_exits_with_1(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.txt").write_text("Kapal tiba di pelabuhan.")
    (folder / "empty.txt").write_text("")
    (folder / "binary.txt").write_bytes(b"\x00\x01\x02\x03")
    (folder / "front.md").write_text("---\nid: x\ndate: yesterday\n---\nteks\n")
    code, out, err = run(capfd, "index", folder, "--index", tmp_path / "i")
    assert code == 1
    assert out.startswith("1 added, 0 changed, 0 unchanged, 3 skipped (")
    assert "empty.txt" in err
    assert "binary.txt" in err
    assert "front.md:3" in err


def test_ask_prints_the_answer_with_its_citation(capfd: pytest.CaptureFixture[str], place: Path) -> None:
    code, out, _ = run(capfd, "ask", "Kapan kereta cepat Whoosh diresmikan?", "--index", place)
    assert code == 0
    assert out.splitlines()[:2] == [
        "Menurut Whoosh diresmikan (2 Oktober 2023):",
        "  “Kereta cepat Whoosh diresmikan pada 2 Oktober 2023.” [1]",
    ]
    assert "[1] Whoosh diresmikan\n    2023-10-02 · Contoh · whoosh, characters 0–51" in out


def test_ask_as_json(capfd: pytest.CaptureFixture[str], place: Path) -> None:
    code, out, _ = run(capfd, "ask", "Kapan kereta cepat Whoosh diresmikan?", "--index", place, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["found"] is True
    assert answer["citations"][0]["quote"] == "Kereta cepat Whoosh diresmikan pada 2 Oktober 2023."
    assert answer["citations"][0]["start"] == 0


@pytest.mark.parametrize("question", ["", "😀", "a" * 100_000])
def test_odd_questions_get_a_civil_answer(capfd: pytest.CaptureFixture[str], place: Path, question: str) -> None:
    code, out, err = run(capfd, "ask", question, "--index", place)
    assert code == 0
    assert out.strip()
    assert "Traceback" not in out + err


def test_search_shows_both_scores(capfd: pytest.CaptureFixture[str], place: Path) -> None:
    code, out, _ = run(capfd, "search", "Which villages did ash fall on?", "--index", place, "-k", 1, "--json")
    (hit,) = json.loads(out)
    assert code == 0
    assert hit["article_id"] == "semeru.txt"
    assert hit["text"] == "Mount Semeru erupted on Saturday. Ash fell on eleven villages."
    assert 0 < hit["vector_score"] <= 1
    assert 0 < hit["word_score"] <= 1
    shown = run(capfd, "search", "Which villages did ash fall on?", "--index", place)[1]
    assert "Ash fell on eleven villages" in " ".join(shown.split())


def test_only_chosen_articles_are_asked_and_searched(capfd: pytest.CaptureFixture[str], place: Path) -> None:
    whoosh = "Kapan kereta cepat Whoosh diresmikan?"
    assert "2 Oktober 2023" in run(capfd, "ask", whoosh, "--index", place, "--since", "2023")[1]
    assert "2 Oktober 2023" not in run(capfd, "ask", whoosh, "--index", place, "--until", "2022-12")[1]
    found = json.loads(run(capfd, "search", whoosh, "--index", place, "--lang", "en", "--json")[1])
    assert {hit["article_id"] for hit in found} == {"semeru.txt"}
    code, _, error = run(capfd, "ask", whoosh, "--index", place, "--since", "yesterday")
    assert code == 1
    assert "since is 'yesterday'" in error


def test_articles_are_listed_shown_and_removed(capfd: pytest.CaptureFixture[str], tmp_path: Path, news: Path) -> None:
    place = tmp_path / "i"
    run(capfd, "index", news, "--index", place)
    assert "2023-10-02  id  Whoosh diresmikan  whoosh" in run(capfd, "articles", "list", "-i", place)[1]
    assert "Kereta itu menghubungkan" in run(capfd, "articles", "show", "whoosh", "-i", place)[1]
    shown = json.loads(run(capfd, "articles", "show", "whoosh", "-i", place, "--json")[1])
    assert shown["date"] == "2023-10-02"
    code, _, err = run(capfd, "articles", "remove", "whoosh", "nobody", "-i", place)
    assert (code, "nobody" in err) == (1, True)
    assert run(capfd, "articles", "remove", "whoosh", "-i", place)[1] == "1 removed.\n"
    assert run(capfd, "articles", "show", "whoosh", "-i", place)[0] == 1


def test_a_vanished_article_goes_with_prune(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder, place = tmp_path / "f", tmp_path / "i"
    folder.mkdir()
    (folder / "a.txt").write_text("Satu berita.")
    (folder / "b.txt").write_text("Dua berita.")
    run(capfd, "index", folder, "-i", place)
    (folder / "b.txt").unlink()
    assert "1 removed" in run(capfd, "index", folder, "-i", place, "--prune")[1]


def test_doctor_is_content_with_a_good_index_and_names_what_is_wrong(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, place: Path
) -> None:
    code, out, _ = run(capfd, "doctor", "--index", place)
    assert code == 0
    assert "2 articles, 2 passages" in out
    assert "database: sound" in out
    code, out, _ = run(capfd, "doctor", "--index", tmp_path / "none")
    assert code == 1
    assert "bad index: There is no index in" in out


def test_a_missing_index_is_an_error_that_says_what_to_do(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for command in (["ask", "x"], ["search", "x"], ["articles", "list"], ["articles", "show", "x"]):
        code, _, err = run(capfd, *command, "--index", tmp_path / "none")
        assert code == 1
        assert "Make one with: tanya index PATH --index" in err


def test_a_wrong_setting_is_named(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TANYA_TOP_K", "many")
    code, _, err = run(capfd, "articles", "list", "--index", tmp_path)
    assert code == 1
    assert "TANYA_TOP_K" in err
    assert "many" in err


@pytest.mark.parametrize("arguments", [["ask"], ["nonsense"], ["search", "x", "-k", "0"], ["serve", "--port", "99999"]])
def test_wrong_usage_exits_with_2(capfd: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(capfd, *arguments)[0] == 2


def test_markup_in_a_title_is_only_text(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "a.md").write_text(
        "---\nid: '[red]id[/]'\ntitle: '[bold]Judul[/bold] [/nope]'\n---\nIsi [link]berita[/].\n"
    )
    run(capfd, "index", folder, "-i", tmp_path / "i")
    assert "[bold]Judul[/bold] [/nope]" in run(capfd, "articles", "list", "-i", tmp_path / "i")[1]
    assert "Isi [link]berita[/]." in run(capfd, "articles", "show", "[red]id[/]", "-i", tmp_path / "i")[1]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; import assistant.cli;"
        "print([m for m in ('torch', 'gradio', 'langchain_core', 'faiss', 'numpy', 'pydantic') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.check_output([sys.executable, "-c", code], text=True, env=environment) == "[]\n"
