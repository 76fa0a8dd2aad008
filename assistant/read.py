"""Files and folders -> `Article`s; what cannot become one comes out as a `ReadError` among them.

    .md .markdown   YAML front matter, then text; without a title there, a first line `# Title` is the title
    .txt            text, and nothing else is known
    .html .htm      the article of a web page, found by trafilatura
    .jsonl          one object a line with `text` (or `body`, `content`); `.jsonl.gz` too

Front matter and JSON objects may say id, title, date, lang, source, url, author; all else goes into `extra`.
An article's identity is its `id`, else its URL, else its path below the folder that was named: never its words,
so that a corrected article replaces the one it corrects.

This module does not know what in a text is clutter (that is clean.py), opens no network connection and keeps
one article in memory at a time.
"""

from __future__ import annotations

import codecs
import copy
import datetime as dt
import gzip
import io
import json
import logging
import math
import os
import re
import stat
import unicodedata
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import ReadError
from assistant.records import Article

MAX_FILE_BYTES = 50_000_000
MAX_FRONT_MATTER_DEPTH = 20
MAX_ENCODING_NOISE = 0.05

KNOWN_FIELDS = ("id", "title", "date", "lang", "source", "url", "author")
TEXT_FIELDS = ("text", "body", "content")
DATE_META = re.compile(r"^(?!.*copyright).*(?:date|time|publi|creat|issued|modif)", re.IGNORECASE)
LANG_NAMES = {"english": "en", "eng": "en", "indonesian": "id", "bahasa indonesia": "id", "ind": "id", "in": "id"}

# The libraries report as warnings what is told here as a ReadError; without a handler Python prints them.
for _library in ("trafilatura", "htmldate", "courlan", "charset_normalizer"):
    logging.getLogger(_library).addHandler(logging.NullHandler())


def read(paths: Iterable[Path]) -> Iterator[Article | ReadError]:
    r"""Every article in files and folders, in a fixed order, and a ReadError in the place of each that is unusable.

    Folders are read with all below them, sorted by path. In a folder, hidden files, files of other formats and the
    files about the folder itself (README*, SOURCES*, LICENSE*) are passed over; a path named directly is always
    read. A file reached twice, through a link or a second path, is read once.

    >>> from tempfile import mkdtemp
    >>> folder = Path(mkdtemp())
    >>> _ = (folder / "gempa.md").write_text("# Gempa di Cianjur\n\nTanah bergeser hari Senin.", "utf-8")
    >>> _ = (folder / "kosong.txt").write_text("")
    >>> for found in read([folder]):
    ...     print(found.reason if isinstance(found, ReadError) else (found.id, found.title, found.text))
    ('gempa.md', 'Gempa di Cianjur', 'Tanah bergeser hari Senin.')
    is empty; delete it or write the article into it

    Errors: none is raised; a ReadError is a value here, with the path and, where there is one, the line.
    """
    places: dict[str, str] = {}
    for file in _files(paths):
        if isinstance(file, ReadError):
            yield file
            continue
        for found in _parse(file):
            yield _once(found, places) if isinstance(found, _Found) else found


def count(paths: Iterable[Path]) -> int:
    """How many files `read` would open, without opening one: the length of a progress bar.

    >>> count([Path("no/such/folder")])
    0
    """
    return sum(isinstance(file, _File) for file in _files(paths))


# --- which files ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    id: str


@dataclass(frozen=True, slots=True)
class _Found:
    """An article and where it stood."""

    article: Article
    path: Path
    line: int | None = None


def _files(paths: Iterable[Path]) -> Iterator[_File | ReadError]:
    seen: set[str] = set()
    for path in paths:
        for file in _named(Path(path)):
            if isinstance(file, _File):
                real = os.path.realpath(file.path)
                if real in seen:
                    continue
                seen.add(real)
            yield file


def _named(path: Path) -> Iterator[_File | ReadError]:
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except OSError as error:
        yield ReadError(path, _reason(error))
        return
    if is_folder:
        yield from _below(path)
    elif _suffix(path.name):
        yield _File(path, path.name)
    else:
        yield ReadError(path, f"is of a format that cannot be read; these can: {', '.join(FORMATS)}")


def _below(folder: Path) -> list[_File | ReadError]:
    """All files below a folder, sorted.

    Links to folders are entered last, and only where they lead somewhere new: so a circle of links ends, and an
    article keeps the path under its real folder.
    """
    found: list[_File | ReadError] = []
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
            found.append(ReadError(here, _reason(error)))
            continue
        for entry in entries:
            path = here / entry.name
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                add = waiting.append if entry.is_symlink() else waiting.appendleft
                add(path)
            elif _suffix(entry.name) and not _is_about_folder(entry.name):
                found.append(_File(path, path.relative_to(folder).as_posix()))
    return sorted(found, key=lambda file: file.path.as_posix())


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself; opened as a file, it says so
        return False


def _is_about_folder(name: str) -> bool:
    """README.md and readme.txt, but not `sources-say.md`, which is a story."""
    return name.startswith(("README", "SOURCES", "LICENSE")) or name.split(".")[0].lower() in (
        "readme",
        "sources",
        "license",
    )


def _suffix(name: str) -> str:
    return next((suffix for suffix in FORMATS if name.lower().endswith(suffix)), "")


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist; check the spelling, or the link that leads here"
    if isinstance(error, PermissionError):
        return "may not be read by this user; change its permissions"
    return f"cannot be read: {error.strerror or error}"


# --- formats ----------------------------------------------------------------------------------------------------


def _parse(file: _File) -> Iterator[_Found | ReadError]:
    try:
        if not stat.S_ISREG(file.path.stat().st_mode):  # opening a pipe would wait for ever
            raise ReadError(file.path, "is not a regular file; copy its content into one")
        yield from FORMATS[_suffix(file.path.name)](file)
    except ReadError as error:
        yield error
    except OSError as error:
        yield ReadError(file.path, _reason(error))


def _text(file: _File) -> Iterator[_Found]:
    yield _Found(Article(id=_tidy(file.id), text=_words(file)), file.path)


def _markdown(file: _File) -> Iterator[_Found]:
    facts, lines, body = _front_matter(_words(file), file.path)
    if not body:
        raise ReadError(file.path, "has front matter but no text; write the article below the second ---")
    try:
        title, body = _split_title(_one_line("title", facts.get("title")), body)
        yield _Found(_article({**facts, "title": title}, body, file.id), file.path)
    except _FieldError as error:
        raise ReadError(file.path, str(error), lines.get(error.field)) from error


def _split_title(title: str, body: str) -> tuple[str, str]:
    """A first line `# Title` is the title, or repeats it; in both cases it is not part of the text."""
    first, _, rest = body.partition("\n")
    heading = re.fullmatch(r"#[ \t]+([^\n]*[^\s#])[ \t#]*", first)
    if heading is None or not rest.strip() or (title and title != heading[1]):
        return title, body
    return heading[1], rest.strip()


def _json_lines(file: _File) -> Iterator[_Found | ReadError]:
    """One line at a time, so that a file may be larger than memory."""
    path = file.path
    number = 0
    empty = True
    with _open(path) as stream:
        try:
            if _is_wide_or_binary(stream.peek(1_000)[:1_000]):
                raise ReadError(path, "is not JSON Lines in UTF-8; save it as UTF-8 text")
            for number, raw in enumerate(_raw_lines(stream), start=1):
                line = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
                if line.strip():
                    empty = False
                    yield _json_article(line, _File(path, f"{file.id}:{number}"), number)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ReadError(path, f"is damaged: {error}; compress it anew", number + 1) from error
    if empty:
        raise ReadError(path, "is empty; delete it or write an object into it")


def _open(path: Path) -> gzip.GzipFile | io.BufferedReader:
    return gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb")


def _raw_lines(stream: gzip.GzipFile | io.BufferedReader) -> Iterator[bytes]:
    """Lines of at most MAX_FILE_BYTES + 1 bytes; the rest of a longer one is read and dropped."""
    while line := stream.readline(MAX_FILE_BYTES + 1):
        yield line
        while len(line) > MAX_FILE_BYTES and not line.endswith(b"\n"):
            line = stream.readline(MAX_FILE_BYTES + 1)


def _is_wide_or_binary(start: bytes) -> bool:
    return start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in start


def _json_article(line: bytes, file: _File, number: int) -> _Found | ReadError:
    try:
        if len(line) > MAX_FILE_BYTES:
            raise _FieldError("", f"is longer than {MAX_FILE_BYTES // 1_000_000} MB; split it")
        facts = json.loads(line.decode("utf-8"))
        if not isinstance(facts, dict):
            raise _FieldError("", "is not a JSON object; write {…} with a field `text`")
        for name in TEXT_FIELDS:
            if not facts.get(name):
                facts.pop(name, None)
        text = next((facts.pop(name) for name in TEXT_FIELDS if name in facts), None)
        if not isinstance(text, str) or not _tidy(text).strip():
            raise _FieldError("", "has no text; give it a string field `text` (or `body`, or `content`)")
        return _Found(_article(facts, _tidy(text).strip(), file.id), file.path, number)
    except _FieldError as error:
        return ReadError(file.path, str(error), number)
    except UnicodeDecodeError:
        return ReadError(file.path, "is not UTF-8; save the file as UTF-8", number)
    except RecursionError:
        return ReadError(file.path, "is nested too deeply; write a flat object", number)
    except ValueError as error:  # json.JSONDecodeError, and integers of thousands of digits
        return ReadError(file.path, f"is not valid JSON ({error}); write one object on each line", number)


def _html(file: _File) -> Iterator[_Found]:
    page = _words(file)  # first, so that an empty file costs no import
    import trafilatura
    from trafilatura.settings import Document

    if not re.search(r"<(?:html|body|!doctype)\b", page[:2_000], re.IGNORECASE):
        page = f"<html><body>{page}</body></html>"  # trafilatura refuses a bare fragment
    tree = trafilatura.load_html(page)
    found = None
    if tree is not None:
        found = trafilatura.bare_extraction(tree, fast=True, include_comments=False, with_metadata=True)
    text = _tidy(found.text or "").strip() if isinstance(found, Document) else ""
    if not isinstance(found, Document) or not _is_story(text):
        raise ReadError(file.path, "has no article in it; save the page of one article, or its text as .txt")
    facts = {
        "title": found.title,
        "date": _declared_date(tree, found.url),
        "lang": _declared_lang(tree),
        "source": found.sitename,
        "url": found.url,
        "author": found.author,
    }
    title = _one_line("title", found.title)
    first, _, rest = text.partition("\n")
    yield _Found(_article(facts, rest.strip() if rest.strip() and first == title else text, file.id), file.path)


def _is_story(text: str) -> bool:
    """A menu is a list of words; a story has at least one line that ends as a sentence does."""
    return any(len(line.split()) >= 6 and line.rstrip("\"'”’)»")[-1:] in ".!?…:" for line in text.splitlines())


def _declared_date(tree: Any, url: str | None) -> str | None:
    """The date that the page states in its metadata, its first `time` element or its address.

    From a whole page, htmldate also takes dates out of the story or the footer. A wrong date is worse than none,
    so it is shown only the elements that exist to state one. The fixed latest date makes it repeatable.
    """
    import trafilatura

    page: Any = trafilatura.load_html("<html><head></head><body></body></html>")
    times = tree.xpath("(//article//time[@datetime] | //main//time[@datetime])[1]")
    for element in [*tree.xpath("//meta | //script[@type='application/ld+json']"), *times]:
        names = " ".join(element.get(name, "") for name in ("name", "property", "itemprop", "http-equiv"))
        if element.tag != "meta" or DATE_META.search(names):
            stated = copy.deepcopy(element)
            stated.tail = None
            page[element.tag == "time"].append(stated)
    search = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
    date: str | None = trafilatura.extract_metadata(page, url, search).date
    return date


def _declared_lang(tree: Any) -> str:
    stated: str = [*tree.xpath("/html/@lang"), *tree.xpath('//meta[@property="og:locale"]/@content'), ""][0]
    return stated if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_]\w{1,20})*", stated) else ""


FORMATS: dict[str, Callable[[_File], Iterator[_Found | ReadError]]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _text,
    ".html": _html,
    ".htm": _html,
    ".jsonl": _json_lines,
    ".jsonl.gz": _json_lines,
}


# --- front matter -----------------------------------------------------------------------------------------------


def _front_matter(text: str, path: Path) -> tuple[dict[str, Any], dict[str, int], str]:
    """The fields, the line in the file on which each stands, and the text below.

    What is written counts, not what YAML 1.1 makes of it: an id `007` is not the number 7, a title `No` is not False.
    """
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    start = text.lstrip()
    if handler.FM_BOUNDARY is None or (opening := handler.FM_BOUNDARY.match(start)) is None:
        return {}, {}, text.strip()
    first_line = text[: len(text) - len(start) + opening.end()].count("\n") + 1
    try:
        yaml_text, body = handler.split(start)
    except ValueError:
        raise ReadError(path, "opens front matter that never ends; close it with a line ---", first_line) from None
    facts, lines = _yaml_fields(yaml_text, path, first_line)
    return facts, lines, body.strip()


def _yaml_fields(yaml_text: str, path: Path, first_line: int) -> tuple[dict[str, Any], dict[str, int]]:
    import yaml

    facts: dict[str, Any] = {}
    lines: dict[str, int] = {}
    line = first_line
    try:
        for name, node, loader in _yaml_nodes(yaml_text):
            line = first_line + node.start_mark.line
            if name in facts:
                raise _FieldError(name, f"`{name}` stands twice in the front matter; remove one")
            is_known_scalar = name in KNOWN_FIELDS and isinstance(node, yaml.ScalarNode)
            facts[name] = _scalar(node) if is_known_scalar else loader.construct_object(node, deep=True)
            lines[name] = line
    except _FieldError as error:
        raise ReadError(path, str(error), first_line + error.line if error.line else line) from error
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
        line = first_line + mark.line if mark else line
        raise ReadError(path, f"front matter is not valid YAML: {problem}", line) from error
    except ValueError as error:  # a date in `extra` such as 2024-02-31, a number of thousands of digits
        raise ReadError(path, f"front matter has a value that cannot be: {error}; put it in quotes", line) from error
    return facts, lines


def _yaml_nodes(yaml_text: str) -> Iterator[tuple[str, Any, Any]]:
    """Name, value node and loader of each field.

    Aliases and deep nesting are refused before anything is built: a few lines of them can stand for gigabytes.
    """
    import yaml

    safe_loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    depth = 0
    event: Any
    for event in yaml.parse(yaml_text, Loader=safe_loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > MAX_FRONT_MATTER_DEPTH:
            raise _FieldError("", "front matter may not use aliases (*name) or deep nesting", event.start_mark.line)
    loader = safe_loader(yaml_text)
    node = loader.get_single_node()
    if node is not None and not isinstance(node, yaml.MappingNode):
        raise _FieldError("", "front matter is not a mapping; write `name: value` lines", node.start_mark.line)
    for key, value in node.value if node is not None else []:
        yield str(key.value), value, loader


def _scalar(node: Any) -> str | None:
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)


# --- fields -----------------------------------------------------------------------------------------------------


class _FieldError(ValueError):
    """A field that cannot be used. `line` counts from 0 inside the front matter, 0 where it is not known."""

    def __init__(self, field: str, message: str, line: int = 0) -> None:
        self.field = field
        self.line = line
        super().__init__(message)


def _article(facts: Mapping[str, Any], text: str, path_id: str) -> Article:
    known = {name: _one_line(name, facts.get(name)) for name in KNOWN_FIELDS}
    return Article(
        id=known["id"] or known["url"] or _tidy(path_id),
        text=text,
        title=known["title"],
        date=_date(known["date"]),
        lang=_lang(known["lang"]),
        source=known["source"],
        url=known["url"],
        author=known["author"],
        extra={_tidy(str(name)): _json_value(value) for name, value in facts.items() if name not in KNOWN_FIELDS},
    )


def _one_line(field: str, value: object) -> str:
    if value is None:
        return ""
    if field == "author" and isinstance(value, list) and all(isinstance(name, str) for name in value):
        value = ", ".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _FieldError(field, f"`{field}` must be words, not {json.dumps(_json_value(value))[:60]}")
    return " ".join(_tidy(str(value)).split())


def _date(written: str) -> dt.date | None:
    """The day as written, whatever its time zone: the day in the newspaper, not the day in Greenwich.

    >>> _date("2022-07-13T23:30:00+07:00")
    datetime.date(2022, 7, 13)
    """
    if not written:
        return None
    try:  # YAML allows a space before the time zone, Python does not
        return dt.datetime.fromisoformat(re.sub(r" (?=[+-]\d\d:?\d\d$|Z$)", "", written)).date()
    except ValueError:
        good = "2024-01-31, 2024-01-31 18:30 and 2024-01-31T18:30:00+07:00"
        raise _FieldError("date", f"date {written[:60]!r} cannot be read; good are {good}") from None


def _lang(written: str) -> str:
    """The language without its region.

    >>> _lang("id-ID"), _lang("EN_us"), _lang("Bahasa Indonesia")
    ('id', 'en', 'id')
    """
    name = written.lower()
    code = re.split("[-_]", name)[0]
    code = LANG_NAMES.get(name) or LANG_NAMES.get(code) or code
    if code and not re.fullmatch("[a-z]{2,3}", code):
        raise _FieldError("lang", f"lang {written[:60]!r} is not a language code; write en or id")
    return code


def _json_value(value: object) -> Any:
    """The value as JSON can keep it: a date as its ISO form, a number that is none as null."""
    if isinstance(value, str):
        return _tidy(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_tidy(str(name)): _json_value(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_json_value(item) for item in value]
    return _tidy(str(value))


def _once(found: _Found, places: dict[str, str]) -> Article | ReadError:
    article = found.article
    place = f"{found.path}:{found.line}" if found.line is not None else str(found.path)
    first = places.setdefault(article.id, place)
    if first == place:
        return article
    reason = f"has the id {article.id!r}, and so has {first}; give each article an id of its own"
    return ReadError(found.path, reason, found.line)


# --- bytes to words ---------------------------------------------------------------------------------------------


def _words(file: _File) -> str:
    """The tidied text of a whole file."""
    if file.path.stat().st_size > MAX_FILE_BYTES:
        limit = f"{MAX_FILE_BYTES // 1_000_000} MB"
        raise ReadError(
            file.path, f"is larger than {limit}; split it, or write JSON Lines, which are read line by line"
        )
    raw = file.path.read_bytes()
    if not raw:
        raise ReadError(file.path, "is empty; delete it or write the article into it")
    text = _tidy(_decode(raw, file.path))
    if not text.strip():
        raise ReadError(file.path, "holds nothing but white space; delete it or write the article into it")
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


# Line ends of all kinds become \n; control characters, lone surrogates and byte order marks go.
_TIDIED: dict[int, str | None] = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFEFF])
_TIDIED |= {ord("\t"): "\t", **dict.fromkeys(map(ord, "\n\v\f\r\x85\u2028\u2029"), "\n")}


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_TIDIED))
