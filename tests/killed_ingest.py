"""Kills an ingest at its n-th SQL statement, for every n, and checks what is left: `killed_ingest.py WORK FOLDER`.

A process of its own, because it forks: a child works on a copy of the same index and dies by SIGKILL just before the
n-th statement; the parent then opens what is left. Prints how many kills there were.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import faiss
from langchain_core.embeddings import DeterministicFakeEmbedding

import assistant.ingest
from assistant.chunk import SentenceSplitter
from assistant.errors import IndexMissingError
from assistant.ingest import ingest, rebuild
from assistant.store import Index

FAKE = DeterministicFakeEmbedding(size=8)
SPLITTER = SentenceSplitter(200, 0)
ARTICLES = 8
assistant.ingest.BATCH_PASSAGES = 3
connect = sqlite3.connect


def write(folder: Path, version: str, articles: range) -> None:
    folder.mkdir(exist_ok=True)
    for n in articles:
        (folder / f"{n}.md").write_text(f"---\nid: a{n}\n---\nIni berita {version} nomor {n} dari kota.\n")


def state(place: Path) -> dict[str, str]:
    """The words of every article, after checking that the index is sound and its parts agree."""
    try:
        with Index(place, FAKE) as index:
            assert index.database.check() == []
            assert index.passage_count == index.article_count
            found = index.vectors.search(index.embed_question("kota"), 99)
            assert len(found) == index.passage_count
            return {article.id: article.text for article in index.articles()}
    except IndexMissingError:
        return {}


def do(work: str, folder: Path, place: Path) -> None:
    if work == "rebuild":
        rebuild([folder], place, FAKE, SPLITTER)
    else:
        with Index(place, FAKE, create=True) as index:
            ingest([folder], index, SPLITTER, prune=work == "prune")


def die_at(statement: int) -> None:
    """From now on this process kills itself before its n-th SQL statement."""
    left = statement

    def count(_: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_trace_callback(count)
        return connection

    sqlite3.connect = watched  # type: ignore[assignment]


def main(work: str, root: Path) -> int:
    before, after, folder = root / "before", root / "after", root / "news"
    if work != "first":
        write(folder, "lama", range(ARTICLES))
        do("first", folder, before)
    old = state(before)
    if work == "prune":
        for n in range(0, ARTICLES, 2):
            (folder / f"{n}.md").unlink()
    else:
        write(folder, "baru", range(ARTICLES))
    if before.exists():
        shutil.copytree(before, after)
    do(work, folder, after)
    new = state(after)
    assert new != old
    for kill in range(1, 1000):
        place = root / f"killed-{kill}"
        if before.exists():
            shutil.copytree(before, place)
        child = os.fork()
        if child == 0:
            die_at(kill)
            do(work, folder, place)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            return kill - 1
        left = state(place)
        # Each article is as it was or as it shall be, and a rebuild changes all at once.
        assert all(left.get(id) in (old.get(id), new.get(id)) for id in old | new), f"kill {kill}: {left}"
        if work in ("rebuild", "prune"):
            assert left in (old, new), f"kill {kill}: {left}"
        do(work, folder, place)
        assert state(place) == new, f"kill {kill}: not finished by the same command"
        shutil.rmtree(place)
    raise AssertionError("the work never ends")


if __name__ == "__main__":
    faiss.omp_set_num_threads(1)  # threads do not survive a fork
    print(main(sys.argv[1], Path(sys.argv[2])))
