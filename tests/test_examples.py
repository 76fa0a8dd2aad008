"""The examples in the docstrings say what happens: each is run, over the demonstration corpus where it needs one."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import assistant
from assistant.chunk import SentenceSplitter
from assistant.config import Settings
from assistant.embed import Encoder, load_encoder
from assistant.ingest import ingest
from assistant.records import Question
from assistant.retrieve import HybridRetriever
from assistant.store import Index

ROOT = Path(__file__).resolve().parents[1]
MODULES = [
    "assistant",
    *(found.name for found in pkgutil.walk_packages(assistant.__path__, "assistant.") if "__main__" not in found.name),
]


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[dict[str, Any]]:
    """What the examples may use without saying where it comes from, in a folder that has the default index."""
    settings = Settings()
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("examples")
        (folder / "corpus").symlink_to(ROOT / "corpus")
        patch.chdir(folder)
        with Index(settings.index, encoder, create=True) as index:
            ingest([ROOT / "corpus" / "articles"], index, SentenceSplitter())
            hits = HybridRetriever(index=index).hits(Question("Kapan Whoosh diresmikan?", "id"))
            names = {"settings": settings, "index": index, "embeddings": encoder, "hits": hits}
            yield names | {"Path": Path, "load_encoder": load_encoder}


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_hold(name: str, given: dict[str, Any]) -> None:
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for test in doctest.DocTestFinder().find(module, extraglobs=given):
        said: list[str] = []
        runner.run(test, out=said.append)
        assert not said, "".join(said)
