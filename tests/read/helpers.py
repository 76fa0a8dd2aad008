"""Reading one file or several, in one line."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import ReadError
from assistant.read import read
from assistant.records import Article

SAMPLES = Path(__file__).parent.parent / "samples"
STORY = "Hujan turun sejak pagi di desa itu."


def articles(*paths: Path) -> list[Article]:
    """The articles in files that have no error."""
    found = list(read(paths))
    assert not [str(error) for error in found if isinstance(error, ReadError)]
    return [article for article in found if isinstance(article, Article)]


def article(path: Path, content: str | bytes) -> Article:
    """The one article of a file with this content."""
    _write(path, content)
    (found,) = articles(path)
    return found


def error(path: Path, content: str | bytes | None = None) -> ReadError:
    """The one error of a file, with this content or what it has."""
    if content is not None:
        _write(path, content)
    (found,) = read([path])
    assert isinstance(found, ReadError)
    assert found.path == path
    return found


def fill(folder: Path, *names: str) -> None:
    """A story in each of these files."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{STORY} {name}", "utf-8")


def _write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
