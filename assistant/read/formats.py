"""One file -> its articles: a function for each format, and the table that says which names it reads.

A format says where in a file the text and the facts stand. It does not know which files there are, what a date or
a language may look like, or whether another file has the same id.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
import stat
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ReadError
from assistant.read.encoding import MAX_FILE_BYTES, text_of, tidy
from assistant.read.fields import FieldError, article_from, one_line
from assistant.read.front_matter import split_front_matter
from assistant.read.page import article_in
from assistant.records import Article

MAX_LINE_BYTES = MAX_FILE_BYTES  # of JSON Lines, where a line is what a file is elsewhere
# Compressed text unpacks to ten or twenty times its size; what was made to fill a disk, to a thousand times.
MAX_UNPACKED_RATIO = 100
ANY_UNPACKED_BYTES = 10_000_000
TEXT_FIELDS = ("text", "body", "content")


@dataclass(frozen=True, slots=True)
class File:
    """A file to read, and the id of its article where that states none."""

    path: Path
    id: str


@dataclass(frozen=True, slots=True)
class Found:
    """An article and where it stood."""

    article: Article
    path: Path
    line: int | None = None


def parse(file: File) -> Iterator[Found | ReadError]:
    try:
        if not stat.S_ISREG(file.path.stat().st_mode):  # opening a pipe would wait for ever
            raise ReadError(file.path, "is not a regular file; copy its content into one")
        yield from FORMATS[suffix(file.path.name)](file)
    except ReadError as error:
        yield error
    except OSError as error:
        yield unreadable(file.path, error)


def suffix(name: str) -> str:
    """The format a file's name claims, or nothing.

    >>> suffix("Berita.JSONL.gz"), suffix("foto.jpg")
    ('.jsonl.gz', '')
    """
    return next((suffix for suffix in FORMATS if name.lower().endswith(suffix)), "")


def unreadable(path: Path, error: OSError) -> ReadError:
    if isinstance(error, FileNotFoundError):
        return ReadError(path, "does not exist; check the spelling, or the link that leads here")
    if isinstance(error, PermissionError):
        return ReadError(path, "may not be read by this user; change its permissions")
    return ReadError(path, f"cannot be read: {error.strerror or error}")


def _text(file: File) -> Iterator[Found]:
    yield Found(Article(id=tidy(file.id), text=text_of(file.path)), file.path)


def _markdown(file: File) -> Iterator[Found]:
    facts, lines, body = split_front_matter(text_of(file.path), file.path)
    if not body:
        raise ReadError(file.path, "has front matter but no text; write the article below the second ---")
    try:
        title, body = _split_title(one_line("title", facts.get("title")), body)
        yield Found(article_from({**facts, "title": title}, body, file.id), file.path)
    except FieldError as error:
        raise ReadError(file.path, str(error), lines.get(error.field)) from error


def _split_title(title: str, body: str) -> tuple[str, str]:
    """A first line `# Title` is the title, or repeats it; in both cases it is not part of the text."""
    first, _, rest = body.partition("\n")
    heading = re.fullmatch(r"#[ \t]+([^\n]*[^\s#])[ \t#]*", first)
    if heading is None or not rest.strip() or (title and title != heading[1]):
        return title, body
    return heading[1], rest.strip()


def _html(file: File) -> Iterator[Found]:
    found = article_in(text_of(file.path))
    if found is None:
        raise ReadError(file.path, "has no article in it; save the page of one article, or its text as .txt")
    facts, text = found
    yield Found(article_from(facts, text, file.id), file.path)


def _json_lines(file: File) -> Iterator[Found | ReadError]:
    """One line at a time, so that a file may be larger than memory."""
    path = file.path
    number = 0
    empty = True
    with _open(path) as stream:
        try:
            if _is_wide_or_binary(stream.peek(1_000)[:1_000]):
                raise ReadError(path, "is not JSON Lines in UTF-8; save it as UTF-8 text")
            for number, raw in enumerate(_raw_lines(stream, _most_bytes(path)), start=1):
                line = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
                if line.strip():
                    empty = False
                    yield _json_article(line, file, number)
        except OverflowError:
            reason = f"unpacks to more than {MAX_UNPACKED_RATIO} times its size; if that is right, unpack it yourself"
            raise ReadError(path, reason, number + 1) from None
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ReadError(path, f"is damaged: {error}; compress it anew", number + 1) from error
    if empty:
        raise ReadError(path, "is empty; delete it or write an object into it")


def _open(path: Path) -> gzip.GzipFile | io.BufferedReader:
    return gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb")


def _most_bytes(path: Path) -> float:
    """How much may come out of the file. A short one may unpack to many times its size and be harmless."""
    is_packed = path.name.lower().endswith(".gz")
    return max(ANY_UNPACKED_BYTES, MAX_UNPACKED_RATIO * path.stat().st_size) if is_packed else float("inf")


def _raw_lines(stream: gzip.GzipFile | io.BufferedReader, most_bytes: float) -> Iterator[bytes]:
    """Lines of at most MAX_LINE_BYTES + 1 bytes; the rest of a longer one is read and dropped.

    Raises `OverflowError` where more than `most_bytes` come out.
    """
    taken = 0

    def next_piece() -> bytes:
        nonlocal taken
        piece = stream.readline(MAX_LINE_BYTES + 1)
        taken += len(piece)
        if taken > most_bytes:
            raise OverflowError
        return piece

    while line := next_piece():
        yield line
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = next_piece()


def _is_wide_or_binary(start: bytes) -> bool:
    return start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in start


def _json_article(line: bytes, file: File, number: int) -> Found | ReadError:
    try:
        if len(line) > MAX_LINE_BYTES:
            raise FieldError(f"is longer than {MAX_LINE_BYTES // 1_000_000} MB; split it")
        facts = json.loads(line.decode("utf-8"))
        if not isinstance(facts, dict):
            raise FieldError("is not a JSON object; write {…} with a field `text`")
        facts = {name: value for name, value in facts.items() if value or name not in TEXT_FIELDS}
        written = next((facts.pop(name) for name in TEXT_FIELDS if name in facts), None)
        text = tidy(written).strip() if isinstance(written, str) else ""
        if not text:
            raise FieldError("has no text; give it a string field `text` (or `body`, or `content`)")
        return Found(article_from(facts, text, f"{file.id}:{number}"), file.path, number)
    except FieldError as error:
        return ReadError(file.path, str(error), number)
    except UnicodeDecodeError:
        return ReadError(file.path, "is not UTF-8; save the file as UTF-8", number)
    except RecursionError:
        return ReadError(file.path, "is nested too deeply; write a flat object", number)
    except ValueError as error:  # json.JSONDecodeError, and integers of thousands of digits
        return ReadError(file.path, f"is not valid JSON ({error}); write one object on each line", number)


FORMATS: dict[str, Callable[[File], Iterator[Found | ReadError]]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _text,
    ".html": _html,
    ".htm": _html,
    ".jsonl": _json_lines,
    ".jsonl.gz": _json_lines,
}
