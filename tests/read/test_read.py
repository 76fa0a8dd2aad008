"""One identity, once; and whatever a file holds, an article or an error comes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ReadError
from assistant.read import read
from assistant.read.formats import FORMATS
from assistant.records import Article
from tests.read.helpers import SAMPLES, STORY, article, articles, fill


def test_identity_is_the_id_else_the_address_else_the_path(tmp_path: Path) -> None:
    url = "https://portal.example/a"
    assert article(tmp_path / "a.md", f"---\nid: satu\nurl: {url}\n---\n{STORY}").id == "satu"
    assert article(tmp_path / "a.md", f"---\nurl: {url}\n---\n{STORY}").id == url
    assert article(tmp_path / "a.md", STORY).id == "a.md"


def test_the_same_words_under_two_paths_are_two_articles(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(STORY, "utf-8")
    assert [found.id for found in articles(tmp_path)] == ["a.txt", "b.txt"]


def test_an_id_used_twice_is_an_error_that_names_both_places(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\nid: banjir\n---\n{STORY}", "utf-8")
    (tmp_path / "b.jsonl").write_text('{"id": "hujan", "text": "a"}\n{"id": "banjir", "text": "b"}\n', "utf-8")
    first, second, third = read([tmp_path])
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert isinstance(third, ReadError)
    assert (first.id, second.id, third.path, third.line) == ("banjir", "hujan", tmp_path / "b.jsonl", 2)
    assert third.reason == f"has the id 'banjir', and so has {tmp_path / 'a.md'}; give each article an id of its own"


def test_an_id_repeated_in_one_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"id": "a", "text": "a"}\n{"id": "a", "text": "b"}\n', "utf-8")
    _, second = read([tmp_path])
    assert isinstance(second, ReadError)
    assert f"so has {tmp_path / 'b.jsonl'}:1" in second.reason


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    fill(tmp_path, "x/a.txt")
    assert [found.id for found in articles(tmp_path, tmp_path / "x", tmp_path / "x" / "a.txt")] == ["x/a.txt"]


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    fill(tmp_path, "c.txt", "a/b.md", "a.txt")
    paths = [tmp_path, SAMPLES / "page.html", SAMPLES / "stories.jsonl"]
    assert articles(*paths) == articles(*paths)


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != ".jsonl.gz"])
@settings(deadline=None)  # the first page also waits for trafilatura to load
@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_any_bytes_give_articles_or_errors_and_never_an_exception(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    for start in (b"", b"---\n", b"<p>", b'{"text": "'):
        path.write_bytes(start + content)
        for found in read([path]):
            assert isinstance(found, ReadError) or (found.text.strip() and found.text.encode("utf-8"))
