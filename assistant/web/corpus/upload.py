"""Files that a visitor sends -> articles of the index, with what became of each. Knows nothing of HTTP or HTML.

The files are kept in the index's folder (`uploads/`), so that a rebuilt index can take them in again, and nothing is
written anywhere else. What is not an article is thrown away; a file that fails never harms the others.
"""

from __future__ import annotations

import queue
import re
import shutil
import tempfile
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.chunk import SentenceSplitter
from assistant.errors import AssistantError, ReadError, StoreError
from assistant.ingest import prepared, take
from assistant.records import Article
from assistant.store import Index

FOLDER = "uploads"
MOST_NAME_CHARS = 120
Outcome = Literal["added", "changed", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Became:
    """What became of an article, or of a file without any; `told` is its title, or the reason why not."""

    file: str
    outcome: Outcome
    told: str
    article: str = ""


def safe_name(name: str) -> str:
    r"""The name under which a file is kept: no folders, nothing hidden, letters and digits as they are.

    >>> safe_name("../../etc/pass wd.md"), safe_name(".hidden.txt"), safe_name("C:\\x\\berita é.HTML")
    ('pass wd.md', 'hidden.txt', 'berita é.HTML')
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: MOST_NAME_CHARS - len(ending)]}{dot}{ending}" if stem else kept[:MOST_NAME_CHARS]


def put_down(files: Mapping[str, bytes], index: Index) -> list[Path]:
    """Writes the files into a folder of their own below the index's uploads. Raises `StoreError` where the disk fails.

    Only `take_in` puts them in the place of earlier ones, once they were read.
    """
    folder = index.folder / FOLDER
    paths = []
    try:
        folder.mkdir(exist_ok=True)
        waiting = Path(tempfile.mkdtemp(prefix=".", dir=folder))
        for name, content in files.items():
            path = waiting / (safe_name(name) or "upload")
            path.write_bytes(content)
            paths.append(path)
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written to: {error.strerror}. Look at its room and permissions."
        ) from error
    return paths


def take_in(paths: Sequence[Path], index: Index, splitter: SentenceSplitter) -> Iterator[Became]:
    """Reads what `put_down` wrote into the index, in a thread of its own: it goes on when nobody listens any more.

    Yields what becomes of each as soon as it is known. Raises `IndexBusyError` when another process writes.
    """
    told: queue.SimpleQueue[Became | AssistantError | None] = queue.SimpleQueue()

    good: set[Path] = set()

    def articles() -> Iterator[Article | ReadError]:
        known = index.database.ids()
        for path in paths:
            for item in prepared([path]):
                if isinstance(item, ReadError):
                    told.put(Became(path.name, "failed", item.reason))
                else:
                    good.add(path)
                    old: Outcome = "unchanged" if index.is_unchanged(item) else "changed"
                    told.put(Became(path.name, old if item.id in known else "added", item.label, item.id))
                yield item

    def work() -> None:
        try:
            take(articles(), index, splitter)
            for path in good:
                path.replace(index.folder / FOLDER / path.name)
        except AssistantError as error:
            told.put(error)
        finally:
            for folder in {path.parent for path in paths}:
                shutil.rmtree(folder, ignore_errors=True)
            told.put(None)

    threading.Thread(target=work, daemon=True).start()
    while (item := told.get()) is not None:
        if isinstance(item, AssistantError):
            raise item
        yield item
