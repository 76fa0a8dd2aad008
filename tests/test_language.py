from __future__ import annotations

import datetime as dt
import string

import pytest

from assistant.language import SENTENCES, detect, long_date, say


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("what weapons did Myanmar buy from Russia?", "en"),
        ("Senjata apa yang dibeli Myanmar dari Rusia?", "id"),
        ("Kapan Whoosh diresmikan?", "id"),
        ("Who is Retno Marsudi?", "en"),
        ("berapa korban gempa Cianjur", "id"),
        ("What did Indonesia buy in 2023?", "en"),
        ("Apa The Jakarta Post itu?", "id"),
    ],
)
def test_detect(text: str, lang: str) -> None:
    assert detect(text) == lang


def test_detect_takes_any_text() -> None:
    assert detect("") in ("en", "id")
    assert detect("😀") in ("en", "id")


def test_both_languages_say_the_same_things_with_the_same_places() -> None:
    def places(sentence: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    assert SENTENCES["en"].keys() == SENTENCES["id"].keys()
    for key, sentence in SENTENCES["en"].items():
        assert places(sentence) == places(SENTENCES["id"][key]), key


def test_a_title_with_braces_is_only_text() -> None:
    assert say("en", "according", title="{0} {x}") == "According to {0} {x}:"


def test_dates_are_written_out() -> None:
    assert long_date(dt.date(2021, 5, 1), "id") == "1 Mei 2021"
    assert long_date(dt.date(2021, 5, 1), "en") == "1 May 2021"
