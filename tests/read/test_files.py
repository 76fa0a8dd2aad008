"""Which files are read: folders, links, what is passed over and what may not be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.errors import ReadError
from assistant.read import count, read
from assistant.read.formats import FORMATS
from assistant.records import Article
from tests.read.helpers import STORY, articles, error, fill


def test_a_folder_is_read_with_all_below_it_in_order(tmp_path: Path) -> None:
    fill(tmp_path, "b.txt", "a.MD", "2024/z.txt", "2024/01/y.txt", "foto.jpg", "c.pdf", "tanpa-akhiran")
    assert [found.id for found in articles(tmp_path)] == ["2024/01/y.txt", "2024/z.txt", "a.MD", "b.txt"]


def test_files_about_the_folder_and_hidden_ones_are_passed_over(tmp_path: Path) -> None:
    fill(
        tmp_path, "README.md", "readme.txt", "SOURCES.md", "LICENSE-CC.txt", ".hidden.md", ".git/a.md", "x/README.id.md"
    )
    fill(tmp_path, "sources-say.md", "license_to_fish.txt")
    assert [found.id for found in articles(tmp_path)] == ["license_to_fish.txt", "sources-say.md"]


@pytest.mark.parametrize("name", ["README.md", ".hidden.txt", "LICENSE.txt"])
def test_a_file_named_directly_is_read(tmp_path: Path, name: str) -> None:
    fill(tmp_path, name)
    assert [found.id for found in articles(tmp_path / name)] == [name]


def test_another_format_named_directly_is_an_error_that_lists_the_formats(tmp_path: Path) -> None:
    reason = error(tmp_path / "a.pdf", b"%PDF-1.7").reason
    assert all(suffix in reason for suffix in FORMATS)


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert list(read([tmp_path])) == []
    assert list(read([])) == []


def test_a_missing_path_is_an_error_and_the_next_is_read(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt")
    missing, found = read([tmp_path / "tidak-ada", tmp_path / "a.txt"])
    assert isinstance(missing, ReadError)
    assert isinstance(found, Article)
    assert "does not exist" in missing.reason


def test_one_bad_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "c.txt")
    (tmp_path / "b.md").write_text("---\nid: [\n---\n", "utf-8")
    found = list(read([tmp_path]))
    assert [type(each) for each in found] == [Article, ReadError, Article]


def test_count_tells_how_many_files_are_read(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "x/b.md", "foto.jpg", "README.md")
    assert count([tmp_path]) == 2
    assert count([tmp_path, tmp_path / "a.txt", tmp_path / "README.md", tmp_path / "foto.jpg", tmp_path / "?"]) == 3


def test_a_circle_of_links_ends(tmp_path: Path) -> None:
    fill(tmp_path, "x/a.txt", "y/b.txt")
    (tmp_path / "x" / "up").symlink_to(tmp_path)
    (tmp_path / "x" / "y").symlink_to(tmp_path / "y")
    (tmp_path / "y" / "self.txt").symlink_to(tmp_path / "y" / "self.txt")
    (tmp_path / "y" / "self").symlink_to(tmp_path / "y" / "self")
    found = list(read([tmp_path]))
    assert [each.id for each in found if isinstance(each, Article)] == ["x/a.txt", "y/b.txt"]
    (bad,) = (each for each in found if isinstance(each, ReadError))
    assert (bad.path, "cannot be read" in bad.reason) == (tmp_path / "y" / "self.txt", True)


def test_a_link_that_leads_out_of_the_folder_is_followed_only_when_asked(tmp_path: Path) -> None:
    fill(tmp_path, "here/a.txt", "there/b.txt", "here/below/c.txt")
    here = tmp_path / "here"
    (here / "more").symlink_to(tmp_path / "there")
    (here / "one.txt").symlink_to("../there/b.txt")
    (here / "same.txt").symlink_to(here / "below" / "c.txt")
    found = list(read([here]))
    assert [each.id for each in found if isinstance(each, Article)] == ["a.txt", "below/c.txt"]
    refused = [each for each in found if isinstance(each, ReadError)]
    assert [each.path.name for each in refused] == ["more", "one.txt"]
    assert all(f"leads out of {here}; --follow-links" in each.reason for each in refused)
    followed = [each.id for each in read([here], follow_links=True) if isinstance(each, Article)]
    assert followed == ["a.txt", "below/c.txt", "more/b.txt"]


def test_a_folder_next_door_with_a_longer_name_is_outside(tmp_path: Path) -> None:
    fill(tmp_path, "news/a.txt", "news-secret/b.txt")
    (tmp_path / "news" / "more").symlink_to(tmp_path / "news-secret")
    assert [type(each) for each in read([tmp_path / "news"])] == [Article, ReadError]


def test_a_folder_may_itself_be_named_by_a_link(tmp_path: Path) -> None:
    fill(tmp_path, "there/b.txt")
    (tmp_path / "here").symlink_to(tmp_path / "there")
    assert [found.id for found in articles(tmp_path / "here")] == ["b.txt"]


def test_a_broken_link_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "hilang.txt")
    assert "does not exist" in error(tmp_path / "a.txt").reason
    (found,) = read([tmp_path])
    assert isinstance(found, ReadError)


def test_a_pipe_is_an_error_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert "not a regular file" in error(tmp_path / "a.txt").reason


@contextmanager
def as_nobody() -> Iterator[None]:
    """A user without rights: where the tests run as root, permissions would stop nothing."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_what_this_user_may_not_read_is_named_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "a.txt", "b.txt", "x/c.txt")
    tmp_path.chmod(0o755)
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "x").chmod(0)
    monkeypatch.chdir(tmp_path)  # the folders above are closed to nobody too
    with as_nobody():
        found = list(read([Path()]))
    (tmp_path / "x").chmod(0o700)
    assert [str(each) if isinstance(each, ReadError) else each.id for each in found] == [
        "a.txt: may not be read by this user; change its permissions",
        "b.txt",
        "x: may not be read by this user; change its permissions",
    ]


def test_a_file_name_that_is_no_text_is_read(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff.txt")).write_text(STORY, "utf-8")
    (found,) = articles(tmp_path)
    assert found.id == "a.txt"
