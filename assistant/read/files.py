"""Paths -> the files to read, in a fixed order, each once.

Here is decided what is passed over, which links are followed and what a file is called below the folder that was
named. Links that lead out of it are not followed unasked, for whoever fills a folder could have any file shown. This
file opens none of them and does not know what the formats are, only which names have one.
"""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.errors import ReadError
from assistant.read.formats import FORMATS, File, suffix, unreadable


def files(paths: Iterable[Path], follow_links: bool = False) -> Iterator[File | ReadError]:
    """The files; with `follow_links` also those that links lead to from below a folder to elsewhere."""
    seen: set[str] = set()
    for path in paths:
        for file in _named(Path(path), follow_links):
            if isinstance(file, File):
                real = os.path.realpath(file.path)
                if real in seen:
                    continue
                seen.add(real)
            yield file


def _named(path: Path, follow_links: bool) -> Iterator[File | ReadError]:
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except OSError as error:
        yield unreadable(path, error)
        return
    if is_folder:
        yield from _below(path, follow_links)
    elif suffix(path.name):
        yield File(path, path.name)
    else:
        yield ReadError(path, f"is of a format that cannot be read; these can: {', '.join(FORMATS)}")


def _below(folder: Path, follow_links: bool) -> list[File | ReadError]:
    """All files below a folder, sorted.

    Links to folders are entered last, and only where they lead somewhere new: so a circle of links ends, and an
    article keeps the path under its real folder.
    """
    found: list[File | ReadError] = []
    real = os.path.realpath(folder)
    entered: set[tuple[int, int]] = set()
    waiting = deque([folder])
    while waiting:
        here = waiting.popleft()
        try:
            info = here.stat()
            if (info.st_dev, info.st_ino) in entered:
                continue
            entered.add((info.st_dev, info.st_ino))
            with os.scandir(here) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            found.append(unreadable(here, error))
            continue
        for entry in entries:
            path = here / entry.name
            if entry.name.startswith("."):
                continue
            is_folder = _is_folder(entry)
            if not is_folder and (not suffix(entry.name) or _is_about_folder(entry.name)):
                continue
            if entry.is_symlink() and not follow_links and not _is_within(path, real):
                found.append(
                    ReadError(path, f"is a link that leads out of {folder}; --follow-links reads it all the same")
                )
            elif is_folder:
                add = waiting.append if entry.is_symlink() else waiting.appendleft
                add(path)
            else:
                found.append(File(path, path.relative_to(folder).as_posix()))
    return sorted(found, key=lambda file: file.path.as_posix())


def _is_within(path: Path, real: str) -> bool:
    return os.path.commonpath([os.path.realpath(path), real]) == real


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself; opened as a file, it says so
        return False


def _is_about_folder(name: str) -> bool:
    """README.md and readme.txt, but not `sources-say.md`, which is a story."""
    about = ("README", "SOURCES", "LICENSE")
    return name.startswith(about) or name.split(".")[0].upper() in about
