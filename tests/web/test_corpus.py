"""The pages about the collection over HTTP: figures and list, files taken in, articles taken out, who may, how fast."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import fields
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from assistant.audit import Audit
from assistant.chunk import SentenceSplitter
from assistant.embed import Encoder
from assistant.records import Article, Filters
from assistant.store import Index
from assistant.store.catalogue import Entry, listed
from assistant.store.database import Database
from assistant.store.index import locked
from assistant.web.app import create_app
from assistant.web.asker import Asker, Role, introduce
from assistant.web.corpus import uploads as limits
from assistant.web.corpus.intake import Desk, refused
from assistant.web.corpus.overview import PAGE_ARTICLES
from assistant.web.corpus.phrases import WORDS
from assistant.web.corpus.routes import Shelf, corpus_pages
from assistant.web.corpus.uploads import Upload, plain_name
from assistant.web.security import FORM_POLICY
from tests.conftest import fill
from tests.evaluate.test_report import Elements
from tests.fakes import HOSTILE, LIBRARY, FakeChain
from tests.runs import settings_of

OWN = {"sec-fetch-site": "same-origin"}
WAIT_SECONDS = 60
STORY = "---\nid: {id}\ntitle: {title}\ndate: 2024-02-03\nlang: en\n---\n{text}\n"
RICE = STORY.format(id="rice", title="Rice is cheap", text="Rice was cheap on Monday. It may not stay so.")


@pytest.fixture
def shelf(tmp_path: Path, encoder: Encoder, articles: list[Article]) -> Iterator[Index]:
    """The three stories and what a stranger wrote, to change."""
    with Index(tmp_path / "index", encoder, create=True) as opened:
        fill(opened, [*articles, HOSTILE])
        yield opened


def visitor(index: Index, role: Role = "curate", root_path: str = "", audit: Audit | None = None) -> TestClient:
    """A browser of somebody who may so much."""
    app = FastAPI()
    app.include_router(corpus_pages(Shelf(settings_of(index), index)))

    class Introduced(BaseHTTPMiddleware):
        async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
            introduce(request.scope, Asker(role=role))
            request.state.audit = audit
            return await call_next(request)

    app.add_middleware(Introduced)
    return TestClient(app, root_path=root_path, headers=OWN)


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def titles(page: str) -> list[str]:
    return [unescape(title) for title in re.findall(r"<li>(?:<input[^>]*>)?<div><a [^>]*>(.*?)</a>", page)]


def send(client: TestClient, *files: tuple[str, bytes]) -> Any:
    return client.post("/corpus/articles", files=[("files", file) for file in files], follow_redirects=False)


def results(client: TestClient, answer: Any) -> dict[str, str]:
    """What became of each file, when all is done."""
    assert answer.status_code == 303, text(answer.text)
    for thread in threading.enumerate():
        if thread.name.startswith("intake "):
            thread.join(WAIT_SECONDS)
    page = client.get(answer.headers["location"]).text
    assert "http-equiv" not in page
    Elements(page)
    return {
        unescape(name): text(told)
        for name, told in re.findall(r'<th scope="row"><bdi>(.*?)</bdi></th><td>(.*?)</td></tr>', page)
    }


# What is indexed


def test_the_figures_of_the_collection(shelf: Index) -> None:
    page = visitor(shelf, "ask").get("/corpus")
    told = text(page.text)
    assert f"4 articles in {shelf.passage_count} passages, dated December 2021 to October 2023." in told
    assert "1 article without a date." in told
    assert re.findall(r'aria-label="([^"]*: \d+ article)"', page.text) == [
        "December 2021: 1 article", "July 2022: 1 article", "October 2023: 1 article",
    ]  # fmt: skip
    table = re.search(r"<th scope=\"col\">Month.*?</table>", page.text)
    assert table
    assert text(table[0]) == "Month Articles December 2021 1 July 2022 1 October 2023 1"
    bars = [text(row) for row in re.findall(r"<tr><th scope=\"row\" dir=\"auto\">.*?</tr>", page.text)]
    assert bars == [
        "no source named 2",
        "<b>Bold Source</b> 1",
        "Contoh 1",
        "Indonesian 2",
        '"><b>xx</b> 1',
        "English 1",
    ]
    assert page.headers["content-security-policy"] == FORM_POLICY
    assert "<script" not in page.text
    Elements(page.text)


def test_an_indonesian_browser_reads_indonesian_and_may_choose(shelf: Index) -> None:
    client = visitor(shelf)
    page = client.get("/corpus?source=Contoh", headers={"accept-language": "id"}).text
    assert "bertanggal Desember 2021 sampai Oktober 2023" in text(page)
    assert 'href="/corpus?source=Contoh&amp;language=en" lang="en"' in page
    english = client.get("/corpus?source=Contoh&language=en", headers={"accept-language": "id"}).text
    assert "The collection" in english
    chosen = [unescape(link) for link in re.findall(r'href="(\?since[^"]*|/corpus[^"]*)"', english)]
    assert chosen
    assert all("language=en" in link or "language=id" in link for link in chosen)


def test_both_languages_fill_the_same_blanks() -> None:
    blanks = re.compile(r"\{\w+\}")
    for one in fields(WORDS["en"]):
        english, indonesian = (getattr(WORDS[lang], one.name) for lang in ("en", "id"))
        if isinstance(english, str):
            assert sorted(blanks.findall(english)) == sorted(blanks.findall(indonesian)), one.name
        else:
            assert english.keys() == indonesian.keys()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Whoosh diresmikan", "Myanmar dan Rusia", "Semeru erupts", HOSTILE.title]),
        ("lang=id", ["Whoosh diresmikan", "Myanmar dan Rusia"]),
        ("source=Contoh", ["Myanmar dan Rusia"]),
        ("since=2021-12-01&until=2022-12-31", ["Myanmar dan Rusia", "Semeru erupts"]),
        ("words=RUSIA+contoh", ["Myanmar dan Rusia"]),
        ("words=whoo", ["Whoosh diresmikan"]),
        ("words=volcano", ["Semeru erupts"]),
        ("words=%25", []),
        ("words=nothing", []),
        ("words=%00%F0%9F%92%A5", []),
        ("page=2", []),
        ("page=0", ["Whoosh diresmikan", "Myanmar dan Rusia", "Semeru erupts", HOSTILE.title]),
        ("page=-1&since=never", ["Whoosh diresmikan", "Myanmar dan Rusia", "Semeru erupts", HOSTILE.title]),
    ],
)
def test_the_list_by_address(shelf: Index, query: str, expected: list[str]) -> None:
    answer = visitor(shelf, "ask").get(f"/corpus?{query}")
    assert answer.status_code == 200
    assert titles(answer.text) == expected


def test_a_bar_chooses_and_the_chosen_one_leads_back(shelf: Index) -> None:
    client = visitor(shelf, "ask", root_path="/ask")
    page = client.get("/ask/corpus").text
    assert 'href="/ask/corpus?source=Contoh#articles"' in page
    chosen = client.get("/ask/corpus?source=Contoh").text
    assert '<a href="/ask/corpus#articles" aria-current="true">Contoh</a>' in chosen
    assert 'href="/ask/articles/pantsir?lang=en"' in chosen


def test_an_empty_index_says_so(tmp_path: Path, encoder: Encoder) -> None:
    with Index(tmp_path / "index", encoder, create=True) as index:
        page = visitor(index).get("/corpus")
    assert page.status_code == 200
    assert "There are no articles yet." in page.text
    assert 'type="file"' in page.text


def test_a_hundred_thousand_articles_are_listed_from_the_index_alone(tmp_path: Path) -> None:
    """No text is touched: SQLite says which index each query goes through. Pages are turned to the last."""
    database = Database(tmp_path / "many" / "tanya-1.sqlite3", create=True)
    with database.transaction() as connection:
        connection.executemany(
            "INSERT INTO articles (id, text, title, date, lang, source, url, author, extra, digest)"
            " VALUES (?, 'x', ?, ?, ?, ?, '', '', '{}', '')",
            (
                (f"{n:06}", f"Title {n}", f"{2000 + n % 20}-0{1 + n % 9}-01", ("id", "en")[n % 2], f"Source {n % 30}")
                for n in range(100_000)
            ),
        )
    found, total = listed(database, Filters(lang="en", source="Source 7"), "TITLE 997", 2, 3)
    numbers = [n for n in range(7, 100_000, 30) if "997" in f"{n}"]
    assert total == len(numbers)
    newest = sorted(numbers, key=lambda n: (-(n % 20), -(n % 9), n))
    assert [entry.title for entry in found] == [f"Title {n}" for n in newest[2:5]]
    last, every = listed(database, first=99_999)
    assert (last, every) == ([Entry("099900", "Title 99900", dt.date(2000, 1, 1), "Source 0", "id")], 100_000)
    for query in (
        "SELECT a.id, a.title, a.date, a.source, a.lang FROM articles a ORDER BY a.date DESC, a.id LIMIT 50 OFFSET 9",
        "SELECT count(*) FROM articles a WHERE a.source = 'x'",
        "SELECT substr(a.date, 1, 7) AS k, count(*) FROM articles a GROUP BY k ORDER BY k",
    ):
        plan = " ".join(row[3] for row in database.rows(f"EXPLAIN QUERY PLAN {query}"))
        assert "USING COVERING INDEX articles_listed" in plan
    database.close()


def test_an_older_index_gets_the_list_with_its_next_article(shelf: Index, articles: list[Article]) -> None:
    with shelf.database.transaction() as connection:
        connection.execute("DROP INDEX articles_listed")
    assert titles(visitor(shelf).get("/corpus").text)[0] == "Whoosh diresmikan"
    fill(shelf, articles[:1])
    assert shelf.database.rows("SELECT name FROM sqlite_master WHERE name = 'articles_listed'") == [
        ("articles_listed",)
    ]


def test_pages_are_turned(tmp_path: Path, encoder: Encoder) -> None:
    with Index(tmp_path / "index", encoder, create=True) as index:
        fill(index, [Article(f"{n:03}", "Short.", title=f"T{n}", lang="en") for n in range(PAGE_ARTICLES + 1)])
        client = visitor(index)
        first, second = (client.get(f"/corpus?lang=en&page={page}").text for page in (1, 2))
    assert "1–50 of 51" in first
    assert '<a rel="next" href="/corpus?lang=en&amp;page=2#articles">Next</a>' in first
    assert "Previous" not in first
    assert "51–51 of 51" in second
    assert titles(second) == ["T50"]
    assert "Next" not in second


# Files taken in


def test_what_becomes_of_each_file(shelf: Index) -> None:
    client = visitor(shelf)
    lines = [{"id": "a", "text": "One. Two."}, {"id": "a", "text": "The same id."}, {"id": "b", "text": ""}]
    changed = STORY.format(id="volcano", title="Semeru erupts", text="Mount Semeru is quiet again.")
    same = "---\nid: whoosh\ntitle: Whoosh diresmikan\ndate: 2023-10-02\nlang: id\n---\n" + shelf.article("whoosh").text  # type: ignore[union-attr]
    told = results(
        client,
        send(
            client,
            ("rice.md", RICE.encode()),
            ("volcano.md", changed.encode()),
            ("whoosh.md", same.encode()),
            ("empty.txt", b""),
            ("binary.txt", b"\x00\x01\x02" * 100),
            ("story.html", b"<p>Menu</p>"),
            ("page.md", b"  <!DOCTYPE html><html>"),
            ("letter.txt", b"%PDF-1.7 words"),
            ("photo.jpg", b"\xff\xd8\xff"),
            ("lines.jsonl", "\n".join(map(json.dumps, lines)).encode()),
            ("torn.jsonl.gz", gzip.compress(b'{"text": "x"}')[:-4]),
            ("again.md", RICE.encode()),
            ("rice.md", RICE.encode()),
        ),
    )  # fmt: skip
    same_id = "1 failed " + WORDS["en"].reasons["same-id"]
    assert told == {
        "rice.md": same_id,  # the second of that name is listed last
        "volcano.md": "1 changed",
        "whoosh.md": "1 unchanged",
        "empty.txt": "1 failed is empty; delete it or write the article into it",
        "binary.txt": "1 failed is a binary file; only text can be read",
        "story.html": "1 failed has no article in it; save the page of one article, or its text as .txt",
        "page.md": "1 failed This is a web page; give it a name that ends in .html.",
        "letter.txt": "1 failed This is no text, whatever its name says.",
        "photo.jpg": "1 failed Files of this type cannot be read.",
        "lines.jsonl": "1 new , 2 failed line 2: has the id 'a', and so has lines.jsonl:1; give each article an id of"
        " its own line 3: has no text; give it a string field `text` (or `body`, or `content`)",
        "torn.jsonl.gz": told["torn.jsonl.gz"],
        "again.md": same_id,
    }
    assert told["torn.jsonl.gz"].startswith("1 failed line 1: is damaged")
    stored = shelf.article("rice")
    assert stored
    assert stored.text == "Rice was cheap on Monday. It may not stay so."
    assert shelf.article("volcano").text == "Mount Semeru is quiet again."  # type: ignore[union-attr]
    assert shelf.article_count == 6
    assert shelf.vectors.behind() == 0
    assert not list(shelf.folder.glob("incoming-*"))
    kept = shelf.folder / "uploads"
    assert sorted(path.name for path in kept.iterdir()) == ["lines.jsonl", "rice.md", "volcano.md", "whoosh.md"]
    assert (kept / "rice.md").read_bytes() == RICE.encode()
    assert shelf.search_words(["rice"], 1), "it can be found at once"


def test_a_bad_file_never_takes_the_place_of_a_good_one(shelf: Index) -> None:
    client = visitor(shelf)
    results(client, send(client, ("ship.txt", b"A ship came. It left.")))
    results(client, send(client, ("ship.txt", b"\x00\x01" * 100)))
    assert (shelf.folder / "uploads" / "ship.txt").read_bytes() == b"A ship came. It left."
    assert shelf.article("ship.txt")
    client.post("/corpus/remove", data={"id": "ship.txt"})
    assert not (shelf.folder / "uploads" / "ship.txt").exists()


def test_names_do_not_lead_out_of_the_index(shelf: Index, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if shelf.folder not in path.parents}
    client = visitor(shelf)
    names = ["../../../outside.md", "/etc/passwd.txt", r"C:\x\..\y.md", "..", ".md", "a\x00b.md", "n" * 400 + ".md"]
    told = results(client, send(client, *((name, f"Story {n}. Told.".encode()) for n, name in enumerate(names))))
    assert {path for path in tmp_path.rglob("*") if shelf.folder not in path.parents} == before
    assert sum(result == "1 new" for result in told.values()) == 5
    assert {name for name, result in told.items() if "failed" in result} == {"—", "md"}
    assert shelf.article("outside.md")
    assert not (tmp_path / "outside.md").exists()


def test_a_name_is_plain() -> None:
    assert plain_name("a/b/berita.jsonl.gz") == "berita.jsonl.gz"
    assert len(plain_name("é" * 300 + ".md").encode()) <= 200
    assert plain_name("é" * 300 + ".md").endswith("é.md")
    assert plain_name("x." + "y" * 300) == ""


def test_hostile_files_stay_text(shelf: Index) -> None:
    client = visitor(shelf)
    evil = "<img src=x onerror=alert(1)>"
    answer = send(client, (f"{evil}.md", f"# {evil}\n\n{HOSTILE.text}".encode()), (f"{evil}.exe", b""))
    told = results(client, answer)
    page = client.get(answer.headers["location"]).text + client.get("/corpus").text
    assert told[f"{evil}.md"] == "1 new"
    assert "<img" not in page
    assert "<script" not in page


def test_what_a_name_promises_is_looked_at() -> None:
    assert refused(Upload("a.jsonl", gzip.compress(b"x"))) == "other-file"
    assert refused(Upload("a.jsonl.gz", gzip.compress(b"x"))) is None


def test_a_bomb_is_not_unpacked_without_end(shelf: Index) -> None:
    client = visitor(shelf)
    bomb = gzip.compress(b'{"text": "' + b"a" * 100_000_000)
    told = results(client, send(client, ("bomb.jsonl.gz", bomb), ("rice.md", RICE.encode())))
    assert "failed" in told["bomb.jsonl.gz"]
    assert told["rice.md"] == "1 new"


def test_too_much_at_once_is_told(shelf: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", 100_000)
    monkeypatch.setattr(limits, "MOST_FILES", 3)
    client = visitor(shelf)
    for files in ([("a.txt", b"x" * 200_000)], [(f"{n}.txt", b"One.") for n in range(4)]):
        answer = send(client, *files)
        assert answer.status_code == 413
        assert "That is more than can be taken at once" in answer.text
    assert shelf.article_count == 4


@pytest.mark.parametrize(
    "options",
    [
        {"data": {"files": "no file"}},
        {"content": b"torn", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"torn", "headers": {"content-type": "multipart/form-data"}},
        {"json": {}},
        {"files": {"files": ("", b"")}},
    ],
)
def test_a_form_without_files_is_told(shelf: Index, options: dict[str, object]) -> None:
    answer = visitor(shelf).post("/corpus/articles", **options)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert "Choose files first. Nothing was added." in answer.text


def test_one_writer_at_a_time(shelf: Index) -> None:
    """Another process, here another handle on its lock, writes: nothing is taken in and nothing taken out."""
    client = visitor(shelf)
    with Index(shelf.folder) as other, locked(other.lock):
        for answer in (send(client, ("a.txt", b"One.")), client.post("/corpus/remove", data={"id": "volcano"})):
            assert answer.status_code == 409
            assert "Somebody else is changing the index" in answer.text
        assert client.get("/corpus").status_code == 200
    assert shelf.article_count == 4


class SlowEncoder:
    """Waits before it embeds, until it is let go; breaks when told to."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder, self.go, self.begun, self.broken = encoder, threading.Event(), threading.Event(), ""
        self.fingerprint = encoder.fingerprint

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.begun.set()
        assert self.go.wait(WAIT_SECONDS)
        if self.broken:
            raise RuntimeError(self.broken)
        return self.encoder.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self.encoder.embed_query(text)


def test_while_it_works_the_page_looks_again_and_others_wait(shelf: Index, encoder: Encoder) -> None:
    slow = SlowEncoder(encoder)
    shelf.embeddings = slow  # type: ignore[assignment]
    client = visitor(shelf)
    answer = send(client, ("rice.md", RICE.encode()), ("empty.txt", b""))
    assert slow.begun.wait(WAIT_SECONDS)
    page = client.get(answer.headers["location"]).text
    assert '<meta http-equiv="refresh" content="2">' in page
    assert "2 of 2 files read, 0 articles stored so far." in page
    assert '<progress value="2" max="2"' in page
    refused = send(client, ("other.md", RICE.encode()))
    assert refused.status_code == 409
    assert "Articles are being added just now" in client.get("/corpus").text
    slow.go.set()
    assert results(client, answer)["rice.md"] == "1 new"
    assert 'type="file"' in client.get("/corpus").text


def test_what_was_not_stored_is_not_called_stored(shelf: Index, encoder: Encoder) -> None:
    slow = SlowEncoder(encoder)
    slow.broken = "secret detail of the machine"
    slow.go.set()
    shelf.embeddings = slow  # type: ignore[assignment]
    client = visitor(shelf)
    answer = send(client, ("rice.md", RICE.encode()), ("empty.txt", b""))
    told = results(client, answer)
    assert told["rice.md"] == "1 failed Not stored, because the work was stopped."
    page = client.get(answer.headers["location"]).text
    assert "It was stopped before the end." in page
    assert WORDS["en"].reasons["unforeseen"] in unescape(page)
    assert "secret" not in page
    assert shelf.article("rice") is None
    assert not list(shelf.folder.glob("incoming-*"))


def test_passages_cut_another_way_stop_it_with_the_way_out(shelf: Index) -> None:
    desk = Desk(shelf, SentenceSplitter(300, 1))
    taken = desk.take([Upload("rice.md", RICE.encode())])
    assert taken.finished.wait(WAIT_SECONDS)
    assert "--rebuild" in taken.problem
    assert [reason.why for reason in taken.files[0].reasons] == ["not-stored"]


def test_what_a_killed_server_left_is_swept(shelf: Index) -> None:
    left = shelf.folder / "incoming-old" / "0"
    left.mkdir(parents=True)
    (left / "a.md").write_text("left")
    client = visitor(shelf)
    results(client, send(client, ("rice.md", RICE.encode())))
    assert not left.parent.exists()
    assert shelf.article("a.md") is None


# Articles taken out


def test_removal_asks_first(shelf: Index) -> None:
    client = visitor(shelf)
    page = client.get("/corpus").text
    assert page.count('type="checkbox"') == 4
    asked = client.get("/corpus/remove", params={"id": ["volcano", "gone", HOSTILE.id, "volcano"]}).text
    assert "Remove these articles?" in asked
    assert [unescape(id) for id in re.findall(r'type="hidden" name="id" value="([^"]*)"', asked)] == [
        "volcano",
        HOSTILE.id,
    ]
    assert "<img" not in asked
    assert shelf.article_count == 4

    done = client.post("/corpus/remove", data={"id": ["volcano", HOSTILE.id]})
    assert "2 articles removed" in done.text
    assert shelf.article("volcano") is None
    assert shelf.article_count == 2
    assert shelf.vectors.behind() == 0
    assert client.get("/corpus/remove").status_code == 400
    assert "0 articles removed" in client.post("/corpus/remove", data={"id": "volcano"}).text


def test_what_was_done_is_written_down(shelf: Index, tmp_path: Path) -> None:
    client = visitor(shelf, audit=Audit(tmp_path / "audit.jsonl"))
    results(client, send(client, ("rice.md", RICE.encode())))
    client.post("/corpus/remove", data={"id": ["rice", "gone"]})
    client.post("/corpus/remove", data={"id": "volcano"}, headers={"sec-fetch-site": "cross-site"})
    written = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text("utf-8").splitlines()]
    assert [(line["event"], line.get("files"), line.get("ids")) for line in written] == [
        ("articles-uploaded", "rice.md", None),
        ("articles-removed", None, "rice"),
    ]


# Who may


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/corpus/articles"),
        ("GET", "/corpus/remove?id=volcano"),
        ("POST", "/corpus/remove"),
        ("GET", "/corpus/intake/x"),
        ("GET", "/corpus/health"),
        ("POST", "/corpus/health"),
    ],
)
def test_only_curators_may_change_or_examine(shelf: Index, method: str, path: str) -> None:
    answer = visitor(shelf, "ask").request(method, path)
    assert answer.status_code == 403
    assert "You may not change the collection" in answer.text
    assert shelf.article_count == 4


def test_others_are_not_shown_what_they_may_not_do(shelf: Index) -> None:
    page = visitor(shelf, "ask").get("/corpus").text
    assert 'type="file"' not in page
    assert 'type="checkbox"' not in page
    assert "/corpus/health" not in page


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "none"}]
)
@pytest.mark.parametrize("path", ["articles", "remove", "health"])
def test_a_form_of_another_site_is_refused(shelf: Index, path: str, headers: dict[str, str]) -> None:
    answer = visitor(shelf).post(f"/corpus/{path}", data={"id": "volcano"}, headers=headers)
    assert answer.status_code == 403
    assert "This was not asked from a page of Tanya" in answer.text
    assert shelf.article_count == 4


def test_an_intake_that_is_forgotten_is_civil(shelf: Index) -> None:
    answer = visitor(shelf).get("/corpus/intake/none")
    assert answer.status_code == 404
    assert "Results are remembered until the server stops." in answer.text


# Health


def test_the_health_of_the_index(shelf: Index) -> None:
    page = visitor(shelf).get("/corpus/health").text
    told = text(page)
    assert f"Its fingerprint in the index {shelf.embeddings.fingerprint}" in told  # type: ignore[union-attr]
    assert "bundled, 384 dimensions" in told
    assert f"agree: {shelf.passage_count} passages, each with its vector" in told
    assert "Schema 1 Generation 1 Database" in told
    assert re.search(r"Vectors on disk \d+ kB", told)
    assert "What tanya doctor says" not in told
    assert shelf.database.path.as_posix() not in page


def test_vectors_that_lag_behind_are_told(shelf: Index) -> None:
    shelf.vectors.refresh()
    client = visitor(shelf)
    with shelf.database.transaction() as connection:
        connection.execute("DELETE FROM words WHERE rowid = 1")
        connection.execute("DELETE FROM passages WHERE number = 1")
    told = text(client.get("/corpus/health").text)
    assert "1 passages differ" in told
    checked = text(client.post("/corpus/health").text)
    assert "What tanya doctor says" in checked
    assert re.search(r"database good sound", checked)


def test_the_masthead_leads_to_the_collection(shelf: Index) -> None:
    app = create_app(FakeChain().runnable(), LIBRARY, shelf=Shelf(settings_of(shelf), shelf))
    with TestClient(app) as client:
        assert 'href=\\"corpus\\"' in client.get("/config").text
        assert client.get("/corpus").status_code == 200
    with TestClient(create_app(FakeChain().runnable(), LIBRARY)) as client:
        assert 'href=\\"corpus\\"' not in client.get("/config").text
        assert client.get("/corpus").status_code == 404
