"""What is installed, which model is used and whether the index is sound: for `tanya doctor`."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from assistant.config import Settings
from assistant.embed import Encoder, load_encoder
from assistant.errors import AssistantError
from assistant.reader import load_reader
from assistant.records import Article, Hit, Passage, Question
from assistant.store import Index

PACKAGES = (
    "tanya",
    "onnxruntime",
    "torch",
    "sentence-transformers",
    "transformers",
    "langchain",
    "faiss-cpu",
    "gradio",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at, what was found, and whether that is good."""

    name: str
    finding: str
    good: bool = True


def examine(settings: Settings) -> list[Check]:
    """All checks, in the order a person would make them. Never raises for what it finds."""
    encoder, model_check = _model(settings)
    return [*_versions(), model_check, *_reader(settings, encoder), *_index(settings, encoder)]


def _versions() -> Iterator[Check]:
    yield Check("Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield Check("SQLite", sqlite3.sqlite_version)
    for package in PACKAGES:
        try:
            yield Check(package, version(package))
        except PackageNotFoundError:
            yield Check(package, "not installed; run scripts/install", good=False)


def _model(settings: Settings) -> tuple[Encoder | None, Check]:
    try:
        encoder = load_encoder(settings)
        dimension = len(encoder.embed_query("tanya"))
    except AssistantError as error:
        return None, Check("model", str(error), good=False)
    return encoder, Check("model", f"{settings.embedder}, {dimension} dimensions, fingerprint {encoder.fingerprint}")


def _reader(settings: Settings, encoder: Encoder | None) -> Iterator[Check]:
    if encoder is None:
        return
    article = Article("doctor", "Kereta cepat Whoosh diresmikan pada 2 Oktober 2023.", lang="id")
    hit = Hit(Passage(article, 0, len(article.text)), score=1.0, rank=1, vector_score=1.0)
    try:
        spans = load_reader(settings, encoder).read(Question("When was Whoosh inaugurated?", "en"), [hit])
    except AssistantError as error:
        yield Check("reader", str(error), good=False)
    else:
        yield Check("reader", f"bundled; it reads “{spans[0].text}” in a sentence about Whoosh")


def _index(settings: Settings, encoder: Encoder | None) -> Iterator[Check]:
    try:
        with Index(settings.index, encoder) as index:
            manifest = index.database.manifest()
            yield Check("index", f"{settings.index}: {index.article_count} articles, {index.passage_count} passages")
            built_with = f"embedder {manifest.get('embedder', 'none yet')}, passages of {manifest.get('chunker', '-')}"
            yield Check("built with", built_with)
            problems = index.database.check()
            yield Check("database", "; ".join(problems) or "sound", good=not problems)
            behind = index.vectors.behind()
            yield Check("cached vectors", f"{behind} to be added from the database" if behind else "up to date")
    except AssistantError as error:
        yield Check("index", str(error), good=False)
