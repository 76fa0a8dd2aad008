"""What every test may use. Connections to other hosts are blocked for all of them (promise P3)."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from assistant.chunk import SentenceSplitter
from assistant.config import Settings
from assistant.embed import Encoder, load_encoder
from assistant.records import Article
from assistant.store import Index

ROOT = Path(__file__).resolve().parent.parent


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Before the fixtures are made, so that they too are blocked."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def no_variables_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TANYA_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model, loaded once."""
    return load_encoder(Settings())


@pytest.fixture(scope="session")
def articles() -> list[Article]:
    """Three short stories in two languages."""
    return [
        Article(
            "pantsir",
            "Myanmar membeli jet tempur Sukhoi Su-30 dari Rusia. Kesepakatan sistem rudal Pantsir S-1 menyusul."
            " Pertemuan digelar di Moskow pada 11 Juli.",
            title="Myanmar dan Rusia",
            date=dt.date(2022, 7, 13),
            lang="id",
            source="Contoh",
            url="https://news.example/pantsir",
        ),
        Article(
            "volcano",
            "Mount Semeru erupted on Saturday. Ash fell on eleven villages. The governor asked people to stay away.",
            title="Semeru erupts",
            date=dt.date(2021, 12, 4),
            lang="en",
        ),
        Article(
            "whoosh",
            "Kereta cepat Whoosh diresmikan pada 2 Oktober 2023. Kereta itu menghubungkan Jakarta dan Bandung.",
            title="Whoosh diresmikan",
            date=dt.date(2023, 10, 2),
            lang="id",
        ),
    ]


def fill(index: Index, articles: list[Article]) -> None:
    splitter = SentenceSplitter(100, 0)
    with index.writer(splitter.name):
        index.put([(article, splitter.passages(article)) for article in articles])


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, articles: list[Article]) -> Iterator[Index]:
    """An index of the three stories, for reading only."""
    with Index(tmp_path_factory.mktemp("indexes") / "stories", encoder, create=True) as opened:
        fill(opened, articles)
        yield opened
