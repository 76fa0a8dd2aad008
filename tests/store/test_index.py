from __future__ import annotations

import datetime as dt
import multiprocessing
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from assistant.errors import IndexBusyError, IndexDamagedError, IndexMismatchError, IndexMissingError, StoreError
from assistant.records import Article, Facets, Filters
from assistant.store import Index
from assistant.store.database import FIRST_FILE, digest
from tests.conftest import fill

FAKE = DeterministicFakeEmbedding(size=8)


@pytest.fixture
def index(tmp_path: Path, articles: list[Article]) -> Iterator[Index]:
    with Index(tmp_path / "index", FAKE, create=True) as opened:
        fill(opened, articles)
        yield opened


def found(index: Index, question: str) -> list[str]:
    vector = index.embed_question(question)
    numbers = [number for number, _ in index.vectors.search(vector, 100)]
    return sorted(passage.text for passage in index.passages(numbers).values())


def test_articles_come_back_as_they_were_stored(index: Index, articles: list[Article]) -> None:
    assert {article.id: article for article in index.articles()} == {article.id: article for article in articles}
    assert [article.id for article in index.articles()] == ["whoosh", "pantsir", "volcano"]
    assert [article.id for article in index.articles(1, 1)] == ["pantsir"]
    assert index.articles(5, 3) == []
    assert index.article("nobody") is None
    assert index.article_count == 3


def test_a_changed_article_replaces_its_passages_and_words(index: Index, articles: list[Article]) -> None:
    before = index.passage_count
    fill(index, [replace(articles[1], text="Mount Merapi erupted.")])
    assert index.article_count == 3
    assert index.passage_count == before - 1
    assert "Mount Merapi erupted." in found(index, "x")
    assert not any("Semeru erupted" in text for text in found(index, "x"))
    assert index.search_words(["governor"], 10) == []
    assert len(index.search_words(["merapi"], 10)) == 1


def test_removing_takes_everything_along(index: Index) -> None:
    assert index.remove(["pantsir", "nobody"]) == 1
    assert index.search_words(["rusia"], 10) == []
    assert not any("Myanmar" in text for text in found(index, "x"))
    assert index.database.check() == []


def test_passages_of_one_article_come_in_its_order(index: Index) -> None:
    found = index.passages_of("pantsir")
    assert [passage.start for passage in found] == sorted(passage.start for passage in found)
    assert " ".join(passage.text for passage in found) == found[0].article.text
    assert index.passages_of("nobody") == []


def test_facets_count_what_choosing_otherwise_would_give(index: Index) -> None:
    months = {"2021-12": 1, "2022-07": 1, "2023-10": 1}
    assert index.facets() == Facets(months, {"": 2, "Contoh": 1}, {"en": 1, "id": 2}, 3)
    chosen = index.facets(Filters(since=dt.date(2022, 1, 1), lang="id"))
    assert chosen == Facets({"2022-07": 1, "2023-10": 1}, {"": 1, "Contoh": 1}, {"id": 2}, 2)


def test_an_article_without_a_date_is_in_no_span_of_dates(index: Index, articles: list[Article]) -> None:
    undated = replace(articles[0], id="undated", date=None)
    fill(index, [undated])
    assert index.facets(Filters(until=dt.date(2100, 1, 1))).articles == 3
    assert index.facets().articles == 4
    assert sum(index.facets().months.values()) == 3


def test_contents_tell_what_is_in_it_not_how_it_came(index: Index, tmp_path: Path, articles: list[Article]) -> None:
    before = index.contents
    with Index(tmp_path / "other", FAKE, create=True) as other:
        for article in reversed(articles):
            fill(other, [article])
        assert other.contents == before
        fill(other, [replace(articles[1], text="Mount Merapi erupted.")])
        assert other.contents != before


def test_unchanged_means_every_field(index: Index, articles: list[Article]) -> None:
    assert index.is_unchanged(articles[0])
    assert not index.is_unchanged(replace(articles[0], author="Someone"))
    assert not index.is_unchanged(replace(articles[0], extra={"k": 1}))
    assert digest(articles[0]) != digest(articles[1])


def test_readers_see_new_articles_without_reopening(index: Index, articles: list[Article]) -> None:
    with Index(index.folder, FAKE) as reader:
        assert len(found(reader, "x")) == index.passage_count
        fill(index, [Article("new", "Berita baru saja tiba.", lang="id")])
        assert "Berita baru saja tiba." in found(reader, "x")
        index.remove(["new"])
        assert "Berita baru saja tiba." not in found(reader, "x")


def test_vectors_come_from_the_database_when_the_cache_is_gone_stale_or_damaged(index: Index) -> None:
    expected = found(index, "x")
    cache = next(index.folder.glob("vectors-*.faiss"))
    cache.write_bytes(b"not a faiss file")
    with Index(index.folder, FAKE) as reader:
        assert found(reader, "x") == expected
    cache.unlink()
    with Index(index.folder, FAKE) as reader:
        assert found(reader, "x") == expected
        assert reader.vectors.behind() == 0


def test_saved_and_rebuilt_vectors_give_the_same_ranking(index: Index) -> None:
    vector = index.embed_question("Semeru")
    saved = index.vectors.search(vector, 5)
    for cache in index.folder.glob("vectors-*.faiss"):
        cache.unlink()
    with Index(index.folder, FAKE) as reader:
        assert reader.vectors.search(vector, 5) == saved


def test_only_one_cache_file_is_kept(index: Index) -> None:
    fill(index, [Article("n1", "Satu.", lang="id")])
    fill(index, [Article("n2", "Dua.", lang="id")])
    assert len(list(index.folder.glob("vectors-*"))) == 1


def test_the_word_score_is_near_one_when_a_passage_holds_every_word(index: Index) -> None:
    ((number, score), *_) = index.search_words(["semeru", "erupt"], 5)
    assert "Mount Semeru erupted" in index.passages([number])[number].text
    assert 0.7 < score <= 1.0
    ((_, diluted), *_) = index.search_words(["semeru", "erupt", "unheard", "of"], 5)
    assert diluted < score / 1.5


def test_word_search_takes_any_terms(index: Index) -> None:
    assert index.search_words([], 5) == []
    assert index.search_words(['"', "OR", "NEAR(", "*", "a" * 1000], 5) == []
    assert len(index.search_words(["ash"] * 5000, 5)) == 1


def test_no_index_no_embedder_no_match(tmp_path: Path, index: Index) -> None:
    with pytest.raises(IndexMissingError, match=r"Make one with: tanya index PATH --index .*nowhere"):
        Index(tmp_path / "nowhere", FAKE)
    assert not (tmp_path / "nowhere").exists()

    class Other(DeterministicFakeEmbedding):
        pass

    with pytest.raises(IndexMismatchError, match=r"another embedder .* --rebuild"):
        Index(index.folder, Other(size=8))
    with Index(index.folder) as reader:
        assert reader.article_count == 3


def test_passages_cut_another_way_are_refused(index: Index) -> None:
    with (
        pytest.raises(IndexMismatchError, match=r"passages of 100 characters, overlap 0, the settings say 600"),
        index.writer("600 characters, overlap 1"),
    ):
        pass


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / FIRST_FILE).write_bytes(b"this is not a database" * 100)
    with pytest.raises(IndexDamagedError, match=r"tanya-1\.sqlite3 is damaged"):
        Index(folder, FAKE)


def test_another_version_of_the_schema_is_refused(index: Index) -> None:
    with sqlite3.connect(index.folder / FIRST_FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(IndexMismatchError, match="has schema 99"):
        Index(index.folder, FAKE)


def _hold_the_lock(folder: Path, held: object, done: object) -> None:
    with Index(folder, FAKE) as index, index.writer():
        held.set()  # type: ignore[attr-defined]
        done.wait(60)  # type: ignore[attr-defined]


def test_two_processes_cannot_write_at_once(index: Index) -> None:
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    process = context.Process(target=_hold_the_lock, args=(index.folder, held, done))
    process.start()
    try:
        assert held.wait(60)
        with pytest.raises(IndexBusyError, match="Another process is writing"), index.writer():
            pass
        assert len(found(index, "x")) == index.passage_count
    finally:
        done.set()
        process.join(60)
    with index.writer():
        pass


def test_many_threads_search_while_one_writes(index: Index) -> None:
    def search(_: int) -> int:
        return len(found(index, "Semeru"))

    with ThreadPoolExecutor(8) as pool:
        searches = [pool.submit(search, i) for i in range(40)]
        for i in range(5):
            fill(index, [Article(f"t{i}", f"Cerita nomor {i}.", lang="id")])
        assert all(search.result() >= 5 for search in searches)
    assert len(found(index, "x")) == index.passage_count


def test_vectors_of_any_length_become_cosines(tmp_path: Path) -> None:
    class Long(DeterministicFakeEmbedding):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[3.0 * x for x in v] for v in super().embed_documents(texts)]

    with Index(tmp_path / "long", Long(size=8), create=True) as index:
        fill(index, [Article("a", "Satu.", lang="id")])
        ((_, cosine),) = index.vectors.search(index.embed_question("Satu."), 3)
        assert cosine == pytest.approx(1.0, abs=1e-3)
        assert np.isfinite(cosine)


def test_a_database_put_back_from_a_copy_never_meets_later_vectors(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    file = folder / FIRST_FILE
    with Index(folder, FAKE, create=True) as index:
        fill(index, [Article("a", "Satu kapal.", lang="id")])
    copy = file.read_bytes()
    with Index(folder, FAKE) as index:
        fill(index, [Article("b", "Dua kapal.", lang="id")])
    file.write_bytes(copy)
    with Index(folder, FAKE) as index:
        fill(index, [Article("c", "Tiga pesawat.", lang="id")])
        ((number, cosine), *_) = index.vectors.search(index.embed_question("Tiga pesawat."), 3)
        assert index.passages([number])[number].text == "Tiga pesawat."
        assert cosine == pytest.approx(1.0, abs=1e-3)
        assert index.passage_count == 2


def test_threads_that_come_and_go_leave_no_connection_behind(index: Index) -> None:
    for _ in range(20):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: index.passage_count, range(8)))
    assert index.database._idle.qsize() <= 5


def test_an_index_that_may_only_be_read_is_read(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = found(index, "x")
    index.close()
    monkeypatch.setattr("os.access", lambda *_: False)
    with Index(index.folder, FAKE) as reader:
        assert found(reader, "x") == expected
        with pytest.raises(StoreError, match="readonly"):
            reader.remove(["pantsir"])


def test_another_size_of_vectors_is_refused_before_anything_is_stored(index: Index) -> None:
    before = index.passage_count
    with Index(index.folder, DeterministicFakeEmbedding(size=16)) as other, pytest.raises(IndexMismatchError):
        fill(other, [Article("n", "Baru.", lang="id")])
    assert index.passage_count == before
    assert len(found(index, "x")) == before


def test_a_very_common_word_is_passed_over_beside_rarer_ones(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    rare = dict(index.search_words(["governor"], 10))
    both = dict(index.search_words(["semeru", "governor"], 10))
    assert both.keys() > rare.keys()
    monkeypatch.setattr("assistant.store.index.COMMON", 0)
    without = dict(index.search_words(["semeru", "governor"], 10))
    assert without.keys() == rare.keys()
    assert all(0 < without[number] < both[number] for number in without)


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_place_that_cannot_be_a_folder_is_a_clear_error(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError):
        Index(tmp_path / place, FAKE, create=True)
