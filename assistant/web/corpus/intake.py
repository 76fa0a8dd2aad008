"""Files that were sent -> articles in the index, and what became of each. One intake at a time; knows nothing of HTML.

The files are written into a folder inside the index's own and read from there as `tanya index` reads them. A file that
is bad in any way is told and passed over; the good ones go in and are kept (`uploads/`), so that a rebuilt index can
take them in again.
"""

from __future__ import annotations

import logging
import re
import secrets
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from assistant.chunk import SentenceSplitter
from assistant.errors import AssistantError, IndexBusyError, ReadError
from assistant.ingest import IngestReport, prepared, take
from assistant.read.formats import suffix
from assistant.records import Article
from assistant.store import Index
from assistant.store.database import digest
from assistant.store.index import locked
from assistant.web.corpus.uploads import Upload, plain_name

MOST_REASONS = 10
KEPT_INTAKES = 20
WAIT_SECONDS = 10  # somebody may be asking at this moment whether the index is free
FOLDER, KEPT = "incoming-", "uploads"
WEB_PAGE = re.compile(rb"\s*(?:<!doctype html|<html\b)", re.IGNORECASE)
OTHER_FILES = (b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")

log = logging.getLogger(__name__)

# Why a file was not read, where the reader of files does not say so itself.
Why = Literal["name", "type", "web-page", "other-file", "same-id", "unforeseen", "not-stored"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an article is not in the index: a reason of ours, or the words of the reader of files; and on which line."""

    why: Why | str
    line: int | None = None


@dataclass
class Sent:
    """One file that was sent, and what became of it, in articles."""

    name: str
    done: bool = False
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    reasons: list[Reason] = field(default_factory=list)
    _given: list[tuple[str, str, bool]] = field(default_factory=list, repr=False)

    @property
    def taken(self) -> int:
        """How many of its articles are in the index."""
        return self.added + self.changed + self.unchanged

    def refuse(self, why: str, line: int | None = None) -> None:
        self.failed += 1
        if len(self.reasons) < MOST_REASONS:
            self.reasons.append(Reason(why, line))


@dataclass
class Intake:
    """Files on their way into the index. Filled by one thread, shown by others; `problem` is what stopped it."""

    id: str
    files: list[Sent]
    finished: threading.Event = field(default_factory=threading.Event)
    problem: str = ""
    stored: int = 0

    @property
    def done(self) -> int:
        """How many files have been read."""
        return sum(file.done for file in self.files)


class Desk:
    """Takes in what is sent for one index; remembers the last intakes until the server stops."""

    def __init__(self, index: Index, splitter: SentenceSplitter) -> None:
        self._index, self._splitter = index, splitter
        self._intakes: OrderedDict[str, Intake] = OrderedDict()
        self._guard = threading.Lock()

    @property
    def at_work(self) -> Intake | None:
        with self._guard:
            return next((one for one in self._intakes.values() if not one.finished.is_set()), None)

    def intake(self, id: str) -> Intake | None:
        with self._guard:
            return self._intakes.get(id)

    def take(self, uploads: Sequence[Upload]) -> Intake:
        """Begins to take them in. Raises `IndexBusyError` while anybody else writes, this desk included."""
        with self._guard:
            if any(not one.finished.is_set() for one in self._intakes.values()):
                raise IndexBusyError(f"Articles are being taken into {self._index.folder}. Wait until that is done.")
            with locked(self._index.lock):
                pass  # told now, and not in a result that nobody looks at
            intake = Intake(secrets.token_urlsafe(8), [Sent(upload.name) for upload in uploads])
            self._intakes[intake.id] = intake
            while len(self._intakes) > KEPT_INTAKES:
                self._intakes.popitem(last=False)
        threading.Thread(target=self._run, args=(intake, uploads), name=f"intake {intake.id}", daemon=True).start()
        return intake

    def remove(self, ids: Sequence[str]) -> int:
        """Removes articles; returns how many were there. Raises `IndexBusyError` while anybody else writes."""
        with self._index.writer():
            removed = self._index.remove(ids)
        for id in ids:  # of an article that states no identity, it is the name of its file
            if id and id == plain_name(id):
                (self._index.folder / KEPT / id).unlink(missing_ok=True)
        return removed

    def _run(self, intake: Intake, uploads: Sequence[Upload]) -> None:
        def progress(report: IngestReport) -> None:
            intake.stored = report.added + report.changed

        folder = self._index.folder / f"{FOLDER}{intake.id}"
        try:
            with locked(self._index.lock, WAIT_SECONDS):
                for left in self._index.folder.glob(f"{FOLDER}*"):  # by a server that was killed
                    shutil.rmtree(left, ignore_errors=True)
                take(self._articles(intake, uploads, folder), self._index, self._splitter, progress=progress)
                self._keep(intake, folder)
        except AssistantError as error:
            self._stopped(intake, str(error))
        except Exception as error:
            log.exception("articles could not be taken in")
            self._stopped(intake, error.strerror or "unforeseen" if isinstance(error, OSError) else "unforeseen")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            intake.finished.set()

    def _articles(self, intake: Intake, uploads: Sequence[Upload], folder: Path) -> Iterator[Article]:
        """The articles of all files; what is wrong with one is written down at its file."""
        places: dict[str, Sent] = {}
        for number, (sent, upload) in enumerate(zip(intake.files, uploads, strict=True)):
            if why := refused(upload):
                sent.refuse(why)
            else:
                path = folder / str(number) / upload.name
                path.parent.mkdir(parents=True)
                path.write_bytes(upload.content)
                yield from self._of_file(sent, path, places)
            sent.done = True

    def _of_file(self, sent: Sent, path: Path, places: dict[str, Sent]) -> Iterator[Article]:
        found = prepared([path])
        while True:
            try:
                item = next(found, None)
                if item is None:
                    return
                if isinstance(item, ReadError):
                    sent.refuse(item.reason.replace(str(path), sent.name), item.line)
                    continue
                self._splitter.passages(item)  # what breaks it must not break the batch
            except Exception:
                log.exception("%s could not be read", sent.name)
                sent.refuse("unforeseen")
                continue
            if places.setdefault(item.id, sent) is not sent:
                sent.refuse("same-id")
                continue
            self._note(sent, item)
            yield item

    def _keep(self, intake: Intake, folder: Path) -> None:
        """What was good stays, in the place of an earlier file of its name; of two sent together, the first."""
        kept = self._index.folder / KEPT
        kept.mkdir(exist_ok=True)
        for number, sent in reversed(list(enumerate(intake.files))):
            if sent.taken:
                (folder / str(number) / sent.name).replace(kept / sent.name)

    def _note(self, sent: Sent, article: Article) -> None:
        before, now = self._index.database.digest(article.id), digest(article)
        if before == now:
            sent.unchanged += 1
            return
        sent.added += before is None
        sent.changed += before is not None
        sent._given.append((article.id, now, before is None))

    def _stopped(self, intake: Intake, problem: str) -> None:
        """What was read and is not in the index after all counts as failed."""
        intake.problem = problem
        for sent in intake.files:
            lost = [new for id, now, new in sent._given if not self._has(id, now)]
            sent.added -= sum(lost)
            sent.changed -= len(lost) - sum(lost)
            for _ in lost or ([] if sent.done else [True]):
                sent.refuse("not-stored")

    def _has(self, id: str, now: str) -> bool:
        try:
            return self._index.database.digest(id) == now
        except AssistantError:
            return False


def refused(upload: Upload) -> Why | None:
    """Why this is not even read: its name, or a content that is not what its name says."""
    if not upload.name:
        return "name"
    kind = suffix(upload.name)
    if not kind:
        return "type"
    if kind in (".md", ".markdown", ".txt") and WEB_PAGE.match(upload.content):
        return "web-page"
    if kind != ".jsonl.gz" and upload.content.startswith(OTHER_FILES):
        return "other-file"
    return None
