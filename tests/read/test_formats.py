"""Where text and facts stand in Markdown and JSON Lines, and that a bad line stops nothing."""

from __future__ import annotations

import codecs
import datetime as dt
import gzip
import json
import os
from pathlib import Path

import pytest

from assistant.errors import ReadError
from assistant.read import read
from assistant.records import Article
from tests.read.helpers import SAMPLES, STORY, article, articles, error


@pytest.mark.parametrize("heading", ["# Hujan di Desa", "#  Hujan di Desa  #"])
def test_a_heading_on_the_first_line_becomes_the_title(tmp_path: Path, heading: str) -> None:
    found = article(tmp_path / "a.md", f"{heading}\n\n{STORY}\n\n## Besok\n\nCerah.")
    assert (found.title, found.text) == ("Hujan di Desa", f"{STORY}\n\n## Besok\n\nCerah.")


def test_a_heading_that_repeats_the_title_goes_and_another_stays(tmp_path: Path) -> None:
    found = article(tmp_path / "a.md", f"---\ntitle: Hujan\n---\n# Hujan\n\n{STORY}")
    assert (found.title, found.text) == ("Hujan", STORY)
    found = article(tmp_path / "b.md", f"---\ntitle: Hujan\n---\n# Pagi\n\n{STORY}")
    assert (found.title, found.text) == ("Hujan", f"# Pagi\n\n{STORY}")


@pytest.mark.parametrize("text", ["# Hujan", f"#Hujan\n{STORY}", f"## Hujan\n{STORY}", f"#\n{STORY}"])
def test_what_is_no_title_line_stays_in_the_text(tmp_path: Path, text: str) -> None:
    found = article(tmp_path / "a.md", text)
    assert (found.title, found.text) == ("", text)


def test_front_matter_without_text_is_an_error(tmp_path: Path) -> None:
    assert "no text" in error(tmp_path / "a.md", "---\nid: a\n---\n \n").reason


def test_json_lines_give_one_article_a_line() -> None:
    assert articles(SAMPLES / "stories.jsonl") == [
        Article(
            "12",
            "Air sungai naik dua meter.",
            title="Banjir",
            date=dt.date(2024, 1, 31),
            lang="id",
            extra={"rainfall_mm": 210},
        ),
        Article(
            "https://portal.example/b",
            "The bridge opened on Tuesday.",
            lang="en",
            url="https://portal.example/b",
        ),
        Article("stories.jsonl:4", "Harga beras turun.", extra={"scores": [1, None]}),
    ]


def test_compressed_json_lines_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "stories.jsonl.gz").write_bytes(gzip.compress((SAMPLES / "stories.jsonl").read_bytes()))
    plain, compressed = articles(SAMPLES / "stories.jsonl"), articles(tmp_path)
    assert compressed[:2] == plain[:2]
    assert compressed[2].id == "stories.jsonl.gz:4"


def test_json_lines_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert article(tmp_path / "a.jsonl", codecs.BOM_UTF8 + b'{"text": "Hujan."}').text == "Hujan."


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[1, 2]", "not a JSON object"),
        ('"Hujan"', "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"text": ', "not valid JSON"),
        ("Hujan turun.", "not valid JSON"),
        ('{"title": "Hujan"}', "has no text"),
        ('{"text": "  "}', "has no text"),
        ('{"text": "\\u0000\\ud800"}', "has no text"),
        ('{"text": ["Hujan"]}', "has no text"),
        ('{"text": "Hujan", "title": {"id": "Hujan"}}', "`title` must be words"),
        ('{"text": "Hujan", "id": true}', "`id` must be words"),
        ('{"text": "Hujan", "author": [1]}', "`author` must be words"),
        ('{"text": "Hujan", "lang": "??"}', "not a language code"),
        ('{"text": "Hujan", "n": ' + "9" * 5_000 + "}", "not valid JSON"),
        ('{"text": "Hujan", "n": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ('{"text": "Hujan", "n": ' + "[" * 600 + "]" * 600 + "}", "nested too deeply"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "Pagi."}}\n{line}\n{{"text": "Malam."}}\n', "utf-8")
    before, bad, after = read([path])
    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert isinstance(bad, ReadError)
    assert (before.text, after.text, bad.line) == ("Pagi.", "Malam.", 2)
    assert says in bad.reason


def test_a_line_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    found = error(tmp_path / "a.jsonl", '{"text": "José"}'.encode("latin-1"))
    assert (found.line, found.reason) == (1, "is not UTF-8; save the file as UTF-8")


@pytest.mark.parametrize(
    "content", ['{"text": "Hujan"}'.encode("utf-16"), b"\x89PNG\r\n\0\n\0"], ids=["utf-16", "binary"]
)
def test_json_lines_that_are_not_utf_8_at_all_are_one_error(tmp_path: Path, content: bytes) -> None:
    assert "is not JSON Lines in UTF-8" in error(tmp_path / "a.jsonl", content).reason


def test_a_damaged_gzip_file_keeps_what_could_be_read(tmp_path: Path) -> None:
    rows = b"".join(b'{"id": "%d", "text": "%s"}\n' % (n, os.urandom(500).hex().encode()) for n in range(200))
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(rows)[:-20_000])
    *good, bad = read([path])
    assert len(good) > 10
    assert all(isinstance(found, Article) for found in good)
    assert isinstance(bad, ReadError)
    assert (bad.line, "is damaged" in bad.reason) == (len(good) + 1, True)


def test_a_gzip_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    assert "is damaged" in error(tmp_path / "a.jsonl.gz", b'{"text": "Hujan"}').reason


def test_a_line_too_long_for_memory_is_named_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.read.formats.MAX_LINE_BYTES", 100)
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "a" * 350}) + '\n{"text": "Malam."}\n', "utf-8")
    bad, good = read([path])
    assert isinstance(bad, ReadError)
    assert isinstance(good, Article)
    assert (bad.line, "is longer than" in bad.reason) == (1, True)
    assert (good.id, good.text) == ("a.jsonl:2", "Malam.")


def test_a_file_that_unpacks_to_a_thousand_times_its_size_is_given_up(tmp_path: Path) -> None:
    line = json.dumps({"text": "Gempa. " * 1_000}).encode() + b"\n"
    bomb, long_line = tmp_path / "bomb.jsonl.gz", tmp_path / "line.jsonl.gz"
    with gzip.open(bomb, "wb") as stream:
        for _ in range(4_000):
            stream.write(line)
    with gzip.open(long_line, "wb") as stream:
        for _ in range(40):
            stream.write(b" " * 1_000_000)
    for path in (bomb, long_line):
        assert path.stat().st_size < 200_000
        *before, last = read([path])
        assert isinstance(last, ReadError)
        assert "unpacks to more than 100 times its size" in last.reason
        assert len(before) < 3_000
