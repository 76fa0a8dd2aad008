"""Bytes to words: which encodings are read, and what is made one in all of them."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest

from tests.read.helpers import STORY, article, articles, error

QUOTED = "“Hujan turun,” kata José — “sejak pagi.”"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_the_encodings_of_english_and_indonesian_are_read(tmp_path: Path, encoding: str) -> None:
    assert article(tmp_path / "a.txt", QUOTED.encode(encoding)).text == QUOTED


def test_latin_1_is_read(tmp_path: Path) -> None:
    assert article(tmp_path / "a.txt", "José di São Paulo".encode("latin-1")).text == "José di São Paulo"


@pytest.mark.parametrize(
    "content",
    [
        "ミャンマーはロシアから武器を購入した。".encode("shift_jis"),
        "Мьянма купила оружие у России.".encode("cp1251"),
        "缅甸从俄罗斯购买武器。".encode("gbk"),
        f"{QUOTED}\n".encode() * 3 + b"\xff rusak",
        f"{QUOTED}\n".encode() + "José".encode("latin-1"),
        codecs.BOM_UTF16_LE + b"H\0u\0j",
        b"kotak \x81 kosong",
    ],
    ids=["shift_jis", "cp1251", "gbk", "utf-8 damaged", "two encodings", "half a letter", "unused byte"],
)
def test_what_cannot_be_decoded_for_sure_is_an_error(tmp_path: Path, content: bytes) -> None:
    assert "save it as UTF-8" in error(tmp_path / "a.txt", content).reason


def test_a_wrong_byte_is_named_by_its_line(tmp_path: Path) -> None:
    assert error(tmp_path / "a.txt", f"{QUOTED}\n{QUOTED}\n".encode() + b"rusak \xff").line == 3


@pytest.mark.parametrize(
    "content", [b"GIF89a\0\1\2", b"Hujan\0turun", bytes(range(1, 9)) * 9], ids=["gif", "nul", "controls"]
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_a_binary_file_is_an_error(tmp_path: Path, name: str, content: bytes) -> None:
    assert error(tmp_path / name, content).reason == "is a binary file; only text can be read"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("satu\r\ndua\rtiga\n", "satu\ndua\ntiga\n"),
        ("satu\u2028dua\x0ctiga", "satu\ndua\ntiga"),
        ("ha\x07lo\x1b[0m\x7f\x9f", "halo[0m"),
        ("kolom\tdua", "kolom\tdua"),
        ("cafe\u0301 \ufeffu\ufeff", "café u"),
    ],
)
def test_line_ends_controls_and_accents_are_made_one(tmp_path: Path, written: str, read_as: str) -> None:
    assert article(tmp_path / "a.txt", f"{written}{STORY}").text == f"{read_as}{STORY}"
    assert article(tmp_path / "a.jsonl", json.dumps({"text": f"{written}{STORY}"})).text == f"{read_as}{STORY}"


def test_lone_surrogates_go_everywhere(tmp_path: Path) -> None:
    found = article(tmp_path / "a.jsonl", '{"text": "a\\ud800b", "title": "\\udfffc", "x": [{"\\ud800k": "\\ud800v"}]}')
    assert (found.text, found.title, found.extra) == ("ab", "c", {"x": [{"k": "v"}]})


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl", "a.jsonl.gz"])
def test_an_empty_file_is_an_error(tmp_path: Path, name: str) -> None:
    assert error(tmp_path / name, b"").reason.startswith("is empty")


@pytest.mark.parametrize("content", [" \n\t\r\n ", "\ufeff\n", "\x07\n"])
def test_a_file_of_white_space_is_an_error(tmp_path: Path, content: str) -> None:
    assert "nothing but white space" in error(tmp_path / "a.txt", f" {content} \n ").reason


def test_a_very_large_file_is_an_error_unless_it_is_json_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.read.encoding.MAX_FILE_BYTES", 200)
    monkeypatch.setattr("assistant.read.formats.MAX_LINE_BYTES", 200)
    assert "is larger than" in error(tmp_path / "a.txt", "a" * 201).reason
    assert article(tmp_path / "b.txt", "a" * 200).text == "a" * 200
    (tmp_path / "c.jsonl").write_text('{"text": "Hujan."}\n' * 20, "utf-8")
    assert len(articles(tmp_path / "c.jsonl")) == 20
