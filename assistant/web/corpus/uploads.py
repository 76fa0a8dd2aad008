"""The body of a form -> the files in it, in memory and within limits. Nothing here touches the disk."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from assistant.read.encoding import tidy

MOST_BYTES = 20_000_000  # a little less than `limits.py` lets in
MOST_FILES = 500
# What is too much is read to its end all the same, so that the browser shows the answer and not a broken line; but an
# endless body is not.
MOST_DISCARDED_BYTES = 100_000_000
LONGEST_NAME_BYTES = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it was sent; its name without any folders."""

    name: str
    content: bytes


class TooMuchError(Exception):
    """More than `MOST_BYTES` or `MOST_FILES`."""


class NoFormError(Exception):
    """A body that is no form with files."""


class _Parser(MultiPartParser):
    spool_max_size = MOST_BYTES + 1  # larger ones would go to a temporary file


async def uploads(request: Request) -> list[Upload]:
    """The files of the form; fields without a file are passed over."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise NoFormError
    sent = 0

    async def within_limit() -> AsyncGenerator[bytes, None]:
        nonlocal sent
        async for chunk in request.stream():
            sent += len(chunk)
            if sent > MOST_DISCARDED_BYTES:
                raise TooMuchError
            if sent <= MOST_BYTES:
                yield chunk

    stream = within_limit()
    try:
        form = await _Parser(request.headers, stream, max_files=MOST_FILES, max_fields=10).parse()
    except MultiPartException as error:
        too_much = sent > MOST_BYTES or "Too many" in error.message
        async for _ in stream:
            pass
        raise (TooMuchError if too_much else NoFormError) from error
    if sent > MOST_BYTES:
        raise TooMuchError
    files = [value for _, value in form.multi_items() if not isinstance(value, str) and value.filename]
    taken = [Upload(plain_name(file.filename or ""), await file.read()) for file in files]
    await form.close()
    return taken


def plain_name(sent: str) -> str:
    r"""A name for one file in a folder of its own, whatever the browser says; empty where nothing is left.

    >>> plain_name("../../etc/passwd.md"), plain_name(r"C:\news\..\berita.txt"), plain_name("..")
    ('passwd.md', 'berita.txt', '')
    """
    name = re.split(r"[/\\]", tidy(sent))[-1].strip().lstrip(".").replace("\n", " ").replace("\t", " ")
    stem, dot, suffix = name.partition(".")
    while len(name.encode()) > LONGEST_NAME_BYTES and stem:
        stem = stem[:-1]
        name = f"{stem}{dot}{suffix}"
    return name if len(name.encode()) <= LONGEST_NAME_BYTES else ""
