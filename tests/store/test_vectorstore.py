"""LangChain's own suite for vector stores, and what it does not ask."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.vectorstores import VectorStore
from langchain_tests.integration_tests import VectorStoreIntegrationTests

from assistant.records import Article
from assistant.store import Index, PassageStore
from tests.conftest import fill


class TestStandard(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self, tmp_path: Path) -> Iterator[VectorStore]:
        with Index(tmp_path / "index", self.get_embeddings(), create=True) as index:
            yield PassageStore(index)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassageStore]:
    with Index(tmp_path / "index", DeterministicFakeEmbedding(size=8), create=True) as index:
        yield PassageStore(index)


def test_scores_are_cosines_and_higher_is_nearer(store: PassageStore) -> None:
    store.add_texts(["same words", "other words"], ids=["same", "other"])
    (first, top), (second, low) = store.similarity_search_with_score("same words", k=2)
    assert (first.id, second.id) == ("same", "other")
    assert top == pytest.approx(1.0, abs=1e-3)
    assert low < 0.99


def test_metadata_comes_back_as_it_was_given(store: PassageStore) -> None:
    metadata = {"title": "Semeru", "date": "2021-12-04", "tags": ["a", "b"], "lang": 7, "n": 1}
    store.add_documents([Document("Abu turun.", id="x", metadata=metadata)])
    assert store.get_by_ids(["x"])[0].metadata == metadata
    article = store.index.article("x")
    assert article is not None
    assert article.title == "Semeru"
    assert str(article.date) == "2021-12-04"


def test_a_date_written_another_way_is_kept_as_it_was(store: PassageStore) -> None:
    store.add_documents([Document("Abu.", id="x", metadata={"date": "20211204"})])
    assert store.get_by_ids(["x"])[0].metadata == {"date": "20211204"}


def test_passages_of_articles_say_where_they_stand(store: PassageStore, articles: list[Article]) -> None:
    fill(store.index, articles)
    documents = {d.id: d for d in store.similarity_search("Semeru", k=50)}
    document = next(d for d in documents.values() if d.metadata.get("article_id") == "volcano")
    start, end = document.metadata["start"], document.metadata["end"]
    assert document.page_content == articles[1].text[start:end]
    assert document.id == f"volcano#{start}-{end}"
    assert document.id is not None
    assert store.get_by_ids([document.id, "volcano#5-2", "volcano#0-99999", "nobody#0-3"]) == [document]


def test_delete_without_ids_empties_the_store(store: PassageStore) -> None:
    store.add_texts(["a", "b"])
    assert store.delete()
    assert store.similarity_search("a", k=5) == []


def test_an_empty_document_is_refused_and_nothing_is_stored(store: PassageStore) -> None:
    with pytest.raises(ValueError, match="document 'e' is empty"):
        store.add_documents([Document("good", id="g"), Document("", id="e")])
    assert store.index.article_count == 0


def test_from_texts_makes_a_store(tmp_path: Path) -> None:
    store = PassageStore.from_texts(
        ["satu", "dua"], DeterministicFakeEmbedding(size=8), ids=["1", "2"], folder=tmp_path
    )
    assert store.similarity_search("dua", k=1)[0].id == "2"
    assert store.as_retriever(search_kwargs={"k": 1}).invoke("satu")[0].page_content == "satu"
    store.index.close()


def test_a_filter_is_refused_and_no_documents_are_no_error(store: PassageStore) -> None:
    store.add_texts(["a"])
    with pytest.raises(ValueError, match="does not know filter"):
        store.similarity_search("a", filter={"lang": "en"})
    assert store.similarity_search("a", k=0) == []


async def test_documents_added_at_once_wait_for_each_other(store: PassageStore) -> None:
    await asyncio.gather(*(store.aadd_documents([Document(f"text {n}", id=str(n))]) for n in range(6)))
    assert store.index.article_count == 6
