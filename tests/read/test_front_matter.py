"""The facts above a text: read as written, refused where harmful, and blamed by their line."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from assistant.records import Article
from tests.read.helpers import SAMPLES, STORY, article, articles, error


def test_markdown_carries_its_front_matter() -> None:
    (found,) = articles(SAMPLES / "front_matter.md")
    assert found == Article(
        id="007",
        text="Warga Lembah Sari mulai memakai jembatan gantung sepanjang 120 meter.\n\nBiayanya **Rp 4,5 miliar**.",
        title="No",
        date=dt.date(2023, 5, 9),
        lang="id",
        source="Portal Contoh",
        url="https://portal.example/berita/jembatan-gantung",
        author="Budi Santoso, Rina Wijaya",
        extra={"tags": ["jembatan", "desa"], "edition": 3, "first_print": "2023-05-10"},
    )
    assert json.loads(json.dumps(found.metadata)) == found.metadata


@pytest.mark.parametrize(
    ("written", "kept"), [("007", "007"), ("0x10", "0x10"), ("2024-01-31", "2024-01-31"), ("1_0", "1_0")]
)
def test_an_id_is_what_is_written_and_not_what_yaml_makes_of_it(tmp_path: Path, written: str, kept: str) -> None:
    assert article(tmp_path / "a.md", f"---\nid: {written}\n---\n{STORY}").id == kept


@pytest.mark.parametrize("empty", ["", " ~", " null", ' ""', " '  '"])
def test_an_empty_field_is_as_good_as_none(tmp_path: Path, empty: str) -> None:
    found = article(tmp_path / "a.md", f"---\nid:{empty}\ntitle:{empty}\ndate:{empty}\nlang:{empty}\n---\n{STORY}")
    assert found == Article("a.md", STORY)


def test_markdown_without_front_matter_is_read(tmp_path: Path) -> None:
    assert article(tmp_path / "a.markdown", f"{STORY}\n\n---\n\nBesok cerah.").text == f"{STORY}\n\n---\n\nBesok cerah."


def test_empty_front_matter_and_blank_lines_above_it_are_fine(tmp_path: Path) -> None:
    assert article(tmp_path / "a.md", f"\n\n---\n---\n{STORY}").text == STORY


@pytest.mark.parametrize(
    ("front_matter", "line", "says"),
    [
        ("id: a\ntitle: [satu, dua", 4, "not valid YAML"),
        ("id: a\n\ttitle: b", 3, "not valid YAML"),
        ("id: a\ntitle: Gempa: besar", 3, "mapping values are not allowed"),
        ("- satu\n- dua", 2, "not a mapping"),
        ("sebuah kalimat", 2, "not a mapping"),
        ("id: a\ndate: 31 Januari 2024", 3, "'31 Januari 2024' cannot be read; good are 2024-01-31, 2024-01-31 18:30"),
        ("id: a\ndate: 2024-02-31", 3, "'2024-02-31' cannot be read"),
        ("id: a\nlang: bahasa", 3, "'bahasa' is not a language code; write en or id"),
        ("id: a\ntitle:\n  id: Gempa", 4, "`title` must be words"),
        ("id: a\nid: b", 3, "`id` stands twice"),
        ("id: a\nprinted: 2024-02-31", 3, "cannot be"),
        ("id: a\nnumber: " + "9" * 5_000, 3, "cannot be"),
        ("id: a\nrun: !!python/object/apply:os.system [ls]", 3, "not valid YAML"),
        ("a: &a [1]\nb: *a", 3, "aliases"),
        ("id: a\nb: " + "[" * 30 + "]" * 30, 3, "deep nesting"),
        ("id: a\nb: " + "[" * 50_000, 3, "deep nesting"),
    ],
)
def test_bad_front_matter_names_the_file_and_the_line(tmp_path: Path, front_matter: str, line: int, says: str) -> None:
    path = tmp_path / "a.md"
    found = error(path, f"---\n{front_matter}\n---\n{STORY}")
    assert (found.line, str(found).startswith(f"{path}:{line}: ")) == (line, True)
    assert says in found.reason


def test_lines_are_counted_in_the_file_and_not_in_the_front_matter(tmp_path: Path) -> None:
    assert error(tmp_path / "a.md", f"\r\n\r\n---\r\n\r\nid: a\r\ndate: besok\r\n---\r\n{STORY}").line == 6


def test_front_matter_that_never_ends_is_an_error(tmp_path: Path) -> None:
    found = error(tmp_path / "a.md", f"\n---\nid: a\n\n{STORY}")
    assert (found.line, "never ends" in found.reason) == (2, True)
