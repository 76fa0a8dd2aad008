"""The pages about the articles over a real index: what they tell, what may be added and removed, and by whom."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.embeddings import DeterministicFakeEmbedding
from starlette.testclient import TestClient

from assistant.config import Settings
from assistant.records import Article, Filters
from assistant.store import Index
from assistant.web.app import create_app
from assistant.web.corpus.routes import LIMITS, Shelf
from assistant.web.corpus.upload import FOLDER, safe_name
from assistant.web.visitor import Visitor
from tests.fakes import FakeChain

OWN = {"sec-fetch-site": "same-origin"}
STORY = b"---\ntitle: Kapal tiba\ndate: 2024-05-01\nlang: id\nsource: Kantor\n---\n\nKapal tiba di Surabaya pada Senin."


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index(tmp_path / "index", DeterministicFakeEmbedding(size=8), create=True) as opened:
        yield opened


@pytest.fixture
def client(index: Index, articles: list[Article]) -> Iterator[TestClient]:
    app = create_app(FakeChain().runnable(), index, shelf=Shelf(Settings(), index))
    app.add_middleware(Visitor)  # on this machine everybody may curate
    with TestClient(app, raise_server_exceptions=False) as client:
        post = [("files", (f"{one.id}.md", _file(one))) for one in articles]
        assert client.post("/corpus", files=post, headers=OWN).status_code == 200
        yield client


def _file(article: Article) -> bytes:
    facts = "\n".join(f"{name}: {value}" for name, value in article.metadata.items())
    return f"---\nid: {article.id}\n{facts}\n---\n\n{article.text}".encode()


def lines(page: str) -> list[tuple[str, str]]:
    """What the page of an upload says became of each: outcome and file."""
    return re.findall(r'<li class="(\w+)">.*?<bdi>(.*?)</bdi></li>', page)


def titles(page: str) -> list[str]:
    return re.findall(r'<li><a href="/articles/[^"]*" dir="auto" lang="\w*">(.*?)</a>', page)


def test_the_page_counts_and_lists_newest_first(client: TestClient) -> None:
    page = client.get("/corpus").text
    assert "3 articles, cut into 3 passages" in page
    assert titles(page) == ["Whoosh diresmikan", "Myanmar dan Rusia", "Semeru erupts"]
    assert re.findall(r'value="(\d)" aria-hidden="true"></meter> (\d)', page) == [("2", "2"), ("1", "1")] * 2


def test_filters_and_words_narrow_the_list(client: TestClient) -> None:
    assert titles(client.get("/corpus?lang=id&until=2022").text) == ["Myanmar dan Rusia"]
    assert titles(client.get("/corpus?words=ERUPTS semeru").text) == ["Semeru erupts"]
    for words in ("%", "_", "'; DROP TABLE articles; --", "\x00", "x" * 10_000):
        page = client.get("/corpus", params={"words": words})
        assert page.status_code == 200
        assert titles(page.text) == []
    assert "<script" not in client.get("/corpus?words=%3Cscript%3E").text


@pytest.mark.parametrize("page", ["0", "-1", "99999999999", "x", "²"])
def test_a_page_that_is_none_is_a_page_all_the_same(client: TestClient, page: str) -> None:
    assert client.get("/corpus", params={"page": page}).status_code == 200


def test_the_page_speaks_the_visitors_language(client: TestClient) -> None:
    assert "3 artikel, dipotong menjadi 3 potongan" in client.get("/corpus", headers={"accept-language": "id"}).text
    client.cookies.set("tanya_language", "id")
    assert "Menurut bahasa" in client.get("/corpus").text
    client.cookies.clear()


def test_each_file_tells_what_became_of_it(client: TestClient, index: Index) -> None:
    files = {
        "kapal.md": STORY,
        "bad.txt": bytes(range(256)) * 10,
        "picture.png": b"\x89PNG",
        "empty.md": b"",
        "two.jsonl": b'{"id": "a", "text": "Satu."}\nnot json\n{"id": "b", "text": "Dua."}\n',
    }
    post = [("files", file) for file in files.items()]
    first = client.post("/corpus", files=post, headers=OWN).text
    assert sorted(lines(first)) == [
        ("added", "kapal.md"),
        ("added", "two.jsonl"),
        ("added", "two.jsonl"),
        ("failed", "bad.txt"),
        ("failed", "empty.md"),
        ("failed", "picture.png"),
        ("failed", "two.jsonl"),
    ]
    assert "Done: 3 new, 0 changed, 0 as they were, 4 that could not be read." in first
    assert index.article("kapal.md") is not None
    changed = [("files", ("kapal.md", STORY + b" Awaknya dua belas.")), ("files", ("two.jsonl", files["two.jsonl"]))]
    again = client.post("/corpus", files=changed, headers=OWN).text
    assert [outcome for outcome, _ in lines(again)] == ["changed", "unchanged", "failed", "unchanged"]
    kept = index.folder / FOLDER
    assert sorted(path.name for path in kept.iterdir()) == [
        "kapal.md",
        "pantsir.md",
        "two.jsonl",
        "volcano.md",
        "whoosh.md",
    ]


def test_a_bad_file_never_takes_the_place_of_a_good_one(client: TestClient, index: Index) -> None:
    client.post("/corpus", files=[("files", ("kapal.md", STORY))], headers=OWN)
    client.post("/corpus", files=[("files", ("kapal.md", b"\x00\x01" * 100))], headers=OWN)
    assert (index.folder / FOLDER / "kapal.md").read_bytes() == STORY
    assert index.article("kapal.md") is not None


def test_nothing_is_written_outside_the_index(client: TestClient, index: Index, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    names = ["../../out.md", "/etc/out2.md", "..\\out3.md", "a/b/c/out4.md", ".out5.md", "\x00.md"]
    client.post("/corpus", files=[("files", (name, STORY)) for name in names], headers=OWN)
    made = {path for path in set(tmp_path.rglob("*")) - before if path.is_file()}
    assert {path.parent for path in made} <= {index.folder / FOLDER, index.folder}
    assert not Path("/etc/out2.md").exists()


@given(st.text(max_size=300))
def test_a_safe_name_is_a_name(name: str) -> None:
    safe = safe_name(name)
    assert "/" not in safe
    assert "\\" not in safe
    assert not safe.startswith(".")
    assert "\x00" not in safe
    assert len(safe) <= 130
    assert safe_name(safe) == safe


def test_a_bomb_is_not_unpacked_without_end(client: TestClient) -> None:
    bomb = gzip.compress(b'{"text": "' + b"a" * 300_000_000)
    page = client.post("/corpus", files=[("files", ("bomb.jsonl.gz", bomb))], headers=OWN).text
    assert set(lines(page)) == {("failed", "bomb.jsonl.gz")}


def test_what_comes_from_elsewhere_or_from_who_may_not_changes_nothing(index: Index) -> None:
    app = create_app(FakeChain().runnable(), index, shelf=Shelf(Settings(), index))
    app.add_middleware(Visitor, role="ask")
    with TestClient(app) as client:
        post = [("files", ("kapal.md", STORY))]
        assert client.post("/corpus", files=post, headers=OWN).status_code == 403
        assert "not change them" in client.get("/corpus").text
        assert client.get("/corpus/remove?id=kapal.md").status_code == 403
    app = create_app(FakeChain().runnable(), index, shelf=Shelf(Settings(), index))
    app.add_middleware(Visitor)
    with TestClient(app) as client:
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}, {}):
            assert client.post("/corpus", files=post, headers=headers).status_code == 403
            assert client.post("/corpus/remove", data={"id": "kapal.md"}, headers=headers).status_code == 403
    assert index.article_count == 0


def test_too_much_is_refused_before_it_is_read(client: TestClient, index: Index) -> None:
    many = [("files", (f"{n}.md", STORY)) for n in range(LIMITS.files + 1)]
    assert client.post("/corpus", files=many, headers=OWN).status_code == 413
    large = [("files", ("large.txt", b"a" * (LIMITS.megabytes * 1_000_000)))]
    assert client.post("/corpus", files=large, headers=OWN).status_code == 413
    assert client.post("/corpus", content=iter([b"x"]), headers=OWN).status_code == 413, "no length, no upload"
    assert client.post("/corpus", files=[("other", ("a.md", STORY))], headers=OWN).status_code == 400
    assert index.article_count == 3


def test_somebody_else_at_work_is_told(client: TestClient, index: Index) -> None:
    with FileLock(index.folder / "writer.lock"):
        page = client.post("/corpus", files=[("files", ("kapal.md", STORY))], headers=OWN)
        assert "Somebody else is adding articles" in page.text
        assert client.post("/corpus/remove", data={"id": "whoosh"}, headers=OWN).status_code == 409
    assert index.article("whoosh") is not None


def test_an_article_is_removed_after_asking(client: TestClient, index: Index) -> None:
    asked = client.get("/corpus/remove?id=whoosh").text
    assert "Remove this article?" in asked
    assert index.article("whoosh") is not None
    answer = client.post("/corpus/remove", data={"id": "whoosh"}, headers=OWN, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/corpus")
    assert index.article("whoosh") is None
    assert client.get("/corpus/remove?id=whoosh").status_code == 404


def test_the_index_is_examined_when_asked(client: TestClient) -> None:
    assert "The database is sound." not in client.get("/corpus").text
    assert "The database is sound." in client.get("/corpus?check=1").text


def test_hostile_titles_are_text(client: TestClient) -> None:
    story = b'---\ntitle: "<script>alert(1)</script>"\nsource: "<img src=x onerror=alert(2)>"\n---\n\nKapal tiba.'
    told = client.post("/corpus", files=[("files", ("<b>x.md", story))], headers=OWN).text
    for page in (told, client.get("/corpus").text, client.get("/corpus/remove?id=bx.md").text):
        assert "<script" not in page
        assert "<img" not in page
        assert "<b>x" not in page


def test_long_lists_come_in_pages(client: TestClient, index: Index) -> None:
    many = b"\n".join(b'{"id": "n%d", "text": "Kapal ke-%d tiba."}' % (n, n) for n in range(60))
    client.post("/corpus", files=[("files", ("many.jsonl", many))], headers=OWN)
    first, second = (client.get(f"/corpus?page={n}").text for n in (1, 2))
    assert (len(titles(first)), len(titles(second))) == (50, 13)
    assert 'href="?page=2" rel="next"' in first
    assert "Page 2 of 2" in second
    assert index.database.listed(Filters(), "", 60, 50)[1] == 63
