"""Bytes -> tidy words: Unicode in one form, one kind of line end, no invisible characters.

What cannot be decoded for sure is an error, for a wrong letter in a quotation is worse than a file left out. This
file does not know what the words mean: a page, an object and a story are the same to it.
"""

from __future__ import annotations

import codecs
import logging
import re
import unicodedata
from pathlib import Path

from assistant.errors import ReadError

MAX_FILE_BYTES = 5_000_000
MAX_ENCODING_NOISE = 0.05

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BINARY_BYTES = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
# Letters of two and more bytes do not come about by chance: a file with some and an error is damaged UTF-8.
UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
UNUSED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")

# Line ends of all kinds become \n; control characters, lone surrogates and byte order marks go.
TIDIED: dict[int, str | None] = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFEFF])
TIDIED |= {ord("\t"): "\t", **dict.fromkeys(map(ord, "\n\v\f\r\x85\u2028\u2029"), "\n")}

# The library reports as warnings what is told here as a ReadError; without a handler Python prints them.
logging.getLogger("charset_normalizer").addHandler(logging.NullHandler())


def tidy(text: str) -> str:
    r"""The same words, written in the one way that all of Tanya relies on.

    >>> tidy("cafe\u0301\r\n\x07tutup")
    'café\ntutup'
    """
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(TIDIED))


def text_of(path: Path) -> str:
    """The tidied text of a whole file."""
    if path.stat().st_size > MAX_FILE_BYTES:
        limit = f"{MAX_FILE_BYTES // 1_000_000} MB"
        raise ReadError(path, f"is larger than {limit}; split it, or write JSON Lines, which are read line by line")
    raw = path.read_bytes()
    if not raw:
        raise ReadError(path, "is empty; delete it or write the article into it")
    text = tidy(_decode(raw, path))
    if not text.strip():
        raise ReadError(path, "holds nothing but white space; delete it or write the article into it")
    return text


def _decode(raw: bytes, path: Path) -> str:
    """UTF-8, or what the byte order mark says, or else Windows-1252 where that makes sense."""
    marked = next((name for mark, name in BYTE_ORDER_MARKS if raw.startswith(mark)), "")
    if not marked and (b"\0" in raw or len(raw.translate(None, BINARY_BYTES)) < 0.7 * len(raw)):
        raise ReadError(path, "is a binary file; only text can be read")
    try:
        return raw.decode(marked or "utf-8")
    except UnicodeDecodeError as error:
        if not marked and _is_windows_1252(raw):
            return raw.decode("cp1252")
        line = raw[: error.start].count(b"\n") + 1
        raise ReadError(path, f"is not sound {marked or 'UTF-8'} text; save it as UTF-8", line) from None


def _is_windows_1252(raw: bytes) -> bool:
    """Whether the text reads well as Windows-1252, which holds all letters of Latin-1.

    It is the only legacy encoding that English and Indonesian are written in. Shown others as well,
    charset-normalizer takes a page of curly quotation marks for Czech or Chinese, so it is asked about this one,
    and only about the lines that matter: it looks at samples of a long text.
    """
    import charset_normalizer

    if UTF8_SEQUENCE.search(raw) or UNUSED_1252.search(raw):
        return False
    lines = b"\n".join(line for line in raw.splitlines() if not line.isascii())[:50_000]
    return bool(charset_normalizer.from_bytes(lines, cp_isolation=["cp1252"], threshold=MAX_ENCODING_NOISE))
