"""Files and folders -> `Article`s; what cannot become one comes out as a `ReadError` among them.

    .md .markdown   YAML front matter, then text; without a title there, a first line `# Title` is the title
    .txt            text, and nothing else is known
    .html .htm      the article of a web page, found by trafilatura
    .jsonl          one object a line with `text` (or `body`, `content`); `.jsonl.gz` too

Front matter and JSON objects may say id, title, date, lang, source, url, author; all else goes into `extra`.
An article's identity is its `id`, else its URL, else its path below the folder that was named: never its words,
so that a corrected article replaces the one it corrects. An identity is given out once.

This room does not know what in a text is clutter (that is clean.py), opens no network connection and keeps
one article in memory at a time. Inside it, each file imports only from those below it here:

    files.py          which files there are
    formats.py        a file of each format -> articles
    page.py           the article in a web page
    front_matter.py   the facts above a text
    fields.py         facts -> Article
    encoding.py       bytes -> tidy words
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.errors import ReadError
from assistant.read.files import files
from assistant.read.formats import File, Found, parse
from assistant.records import Article

__all__ = ["count", "read"]


def read(paths: Iterable[Path], follow_links: bool = False) -> Iterator[Article | ReadError]:
    r"""Every article in files and folders, in a fixed order, and a ReadError in the place of each that is unusable.

    Folders are read with all below them, sorted by path. In a folder, hidden files, files of other formats and the
    files about the folder itself (README*, SOURCES*, LICENSE*) are passed over; a path named directly is always
    read. A file reached twice, through a link or a second path, is read once. A link that leads out of its folder is an
    error, unless `follow_links`.

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
    for file in files(paths, follow_links):
        if isinstance(file, ReadError):
            yield file
            continue
        for found in parse(file):
            yield _once(found, places) if isinstance(found, Found) else found


def count(paths: Iterable[Path], follow_links: bool = False) -> int:
    """How many files `read` would open, without opening one: the length of a progress bar.

    >>> count([Path("no/such/folder")])
    0
    """
    return sum(isinstance(file, File) for file in files(paths, follow_links))


def _once(found: Found, places: dict[str, str]) -> Article | ReadError:
    article = found.article
    place = f"{found.path}:{found.line}" if found.line is not None else str(found.path)
    first = places.setdefault(article.id, place)
    if first == place:
        return article
    reason = f"has the id {article.id!r}, and so has {first}; give each article an id of its own"
    return ReadError(found.path, reason, found.line)
