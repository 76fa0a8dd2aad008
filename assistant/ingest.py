"""Files -> index: read, clean, chunk, embed and store, a batch of articles at a time.

An article that is stored in this very version costs no embedding. A batch is one transaction, so that Ctrl-C or a
crash leaves the articles stored so far, and the same command goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from langchain_core.embeddings import Embeddings

from assistant.chunk import SentenceSplitter
from assistant.clean import clean
from assistant.errors import ReadError, StoreError
from assistant.language import detect
from assistant.read import read
from assistant.records import Article, Passage
from assistant.store import Index, rebuilding
from assistant.store.database import current_file

BATCH_PASSAGES = 128


@dataclass
class IngestReport:
    """What an ingest did, in articles; `failed` are the files that could not be read."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    failed: list[ReadError] = field(default_factory=list)
    prune_skipped: bool = False
    seconds: float = 0.0

    @property
    def articles(self) -> int:
        return self.added + self.changed + self.unchanged


class _Batch:
    """Articles that wait to be embedded together: long batches keep the model busy."""

    def __init__(self, index: Index, report: IngestReport, known: set[str]) -> None:
        self._index, self._report, self._known = index, report, known
        self._waiting: list[tuple[Article, list[Passage]]] = []

    def add(self, article: Article, passages: list[Passage]) -> None:
        self._waiting.append((article, passages))
        if sum(len(passages) for _, passages in self._waiting) >= BATCH_PASSAGES:
            self.flush()

    def flush(self) -> None:
        if not self._waiting:
            return
        self._index.put(self._waiting)
        for article, passages in self._waiting:
            self._report.passages += len(passages)
            self._report.changed += article.id in self._known
            self._report.added += article.id not in self._known
        self._waiting = []


def ingest(
    paths: Iterable[Path],
    index: Index,
    splitter: SentenceSplitter,
    prune: bool = False,
    progress: Callable[[IngestReport], None] = lambda _: None,
    report: IngestReport | None = None,
    follow_links: bool = False,
) -> IngestReport:
    """Brings the index up to date with these files and folders.

    With `prune`, articles of the index that these paths no longer hold are removed; not when a file could not be
    read, for then nobody knows what it held. Pass a `report` to see how far it came when interrupted.
    """
    return take(prepared(paths, follow_links), index, splitter, prune, progress, report)


def prepared(paths: Iterable[Path], follow_links: bool = False) -> Iterator[Article | ReadError]:
    """What is read from these files and folders, cleaned, and with its language."""
    for item in read(paths, follow_links):
        yield item if isinstance(item, ReadError) else _prepared(item)


def take(
    articles: Iterable[Article | ReadError],
    index: Index,
    splitter: SentenceSplitter,
    prune: bool = False,
    progress: Callable[[IngestReport], None] = lambda _: None,
    report: IngestReport | None = None,
) -> IngestReport:
    """As `ingest`, from articles that are clean already: those of another index."""
    report = report if report is not None else IngestReport()
    begun = time.perf_counter()
    with index.writer(splitter.name):
        known = index.database.ids()
        seen: set[str] = set()
        batch = _Batch(index, report, known)
        for item in articles:
            if isinstance(item, ReadError):
                report.failed.append(item)
            else:
                seen.add(item.id)
                if index.is_unchanged(item):
                    report.unchanged += 1
                else:
                    batch.add(item, splitter.passages(item))
            progress(report)
        batch.flush()
        report.prune_skipped = prune and bool(report.failed)
        if prune and not report.failed:
            report.removed = index.remove(sorted(known - seen))
        report.seconds = time.perf_counter() - begun
        progress(report)
    return report


def rebuild(
    paths: Sequence[Path],
    folder: Path,
    embeddings: Embeddings,
    splitter: SentenceSplitter,
    progress: Callable[[IngestReport], None] = lambda _: None,
    report: IngestReport | None = None,
    follow_links: bool = False,
) -> IngestReport:
    """Builds the index anew from these paths; the old one serves until the new one is whole.

    Raises `StoreError`, and keeps the old index, when a file could not be read or there is no article at all: what
    it held would be lost.
    """
    had_one = current_file(folder) is not None
    with rebuilding(folder, embeddings) as index:
        report = ingest(paths, index, splitter, progress=progress, report=report, follow_links=follow_links)
        if had_one and (report.failed or not report.articles):
            why = f"{len(report.failed)} could not be read" if report.failed else "no article was found"
            raise StoreError(f"The old index in {folder} was kept, because {why}. Mend that and rebuild again.")
    return report


def _prepared(article: Article) -> Article:
    cleaned = clean(article)
    return cleaned if cleaned.lang else replace(cleaned, lang=detect(cleaned.text))
