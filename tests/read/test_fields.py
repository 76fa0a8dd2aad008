"""Dates and languages: what they may look like, and that nothing is guessed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.read.helpers import STORY, article, error


@pytest.mark.parametrize(
    "written",
    [
        "2024-01-31",
        "2024-01-31 23:30",
        "2024-01-31 23:30:00 +07:00",
        "2024-01-31T23:30:00Z",
        "2024-01-31T00:30:00.123456+07:00",
        "20240131",
    ],
)
def test_a_date_is_the_day_as_written(tmp_path: Path, written: str) -> None:
    assert article(tmp_path / "a.md", f"---\ndate: {written}\n---\n{STORY}").date == dt.date(2024, 1, 31)
    assert article(tmp_path / "a.jsonl", json.dumps({"text": STORY, "date": written})).date == dt.date(2024, 1, 31)


@pytest.mark.parametrize("written", ["10/19/2025 16:00", "kemarin", "2024-1-5", "2024", "1712012800", 1712012800, 1.5])
def test_a_date_that_could_mean_several_days_is_an_error(tmp_path: Path, written: object) -> None:
    found = error(tmp_path / "a.jsonl", json.dumps({"text": STORY, "date": written}))
    assert (found.line, "2024-01-31T18:30:00+07:00" in found.reason) == (1, True)


@pytest.mark.parametrize(
    ("written", "lang"),
    [("id-ID", "id"), ("EN_us", "en"), ("in", "id"), ("Indonesian", "id"), ("Bahasa Indonesia", "id"), ("jv", "jv")],
)
def test_a_language_loses_its_region(tmp_path: Path, written: str, lang: str) -> None:
    assert article(tmp_path / "a.jsonl", json.dumps({"text": STORY, "lang": written})).lang == lang
