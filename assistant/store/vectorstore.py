"""The index behind LangChain's `VectorStore`, for everything in LangChain that takes one.

A `Document` added here is an article of one passage; a passage found is a `Document` whose metadata are the
article's, with `article_id`, `start` and `end` where the passage is only a part of it.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from assistant.records import Article, Passage
from assistant.store.index import Index

# LangChain adds documents from several threads at once; they wait for each other.
WAIT_SECONDS = 30

ARTICLE_FIELDS = ("title", "lang", "source", "url", "author")


class PassageStore(VectorStore):
    """An index as a LangChain vector store; scores are cosines, higher is nearer.

    >>> store = PassageStore(index)
    >>> store.similarity_search("gempa Cianjur", k=1)[0].metadata["title"]
    'Gempa Cianjur, Angka Korban Hari Pertama Masih Berbeda'
    """

    def __init__(self, index: Index) -> None:
        self.index = index

    @property
    def embeddings(self) -> Embeddings | None:
        return self.index.embeddings

    def add_documents(self, documents: list[Document], ids: list[str] | None = None, **_: Any) -> list[str]:
        """Stores each document as an article of one passage; a known id is replaced. Returns the ids.

        Raises `ValueError` when there are not as many ids as documents or a document is empty.
        """
        chosen = ids if ids is not None else [document.id or uuid.uuid4().hex for document in documents]
        articles = [_article(id, document) for id, document in zip(chosen, documents, strict=True)]
        latest = {article.id: article for article in articles}
        with self.index.writer(wait_seconds=WAIT_SECONDS):
            self.index.put([(article, [Passage(article, 0, len(article.text))]) for article in latest.values()])
        return chosen

    def delete(self, ids: list[str] | None = None, **_: Any) -> bool:
        """Removes articles by id, all of them when `ids` is None; unknown ids are passed over."""
        with self.index.writer(wait_seconds=WAIT_SECONDS):
            self.index.remove(sorted(self.index.database.ids()) if ids is None else ids)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        return [document for document in map(self._document_of, dict.fromkeys(ids)) if document]

    def _document_of(self, id: str) -> Document | None:
        article = self.index.article(id)
        if article:
            return as_document(Passage(article, 0, len(article.text)))
        head, _, offsets = id.rpartition("#")
        article = self.index.article(head)
        start, _, end = offsets.partition("-")
        if not article or not (start.isdecimal() and end.isdecimal() and int(start) < int(end) <= len(article.text)):
            return None
        return as_document(Passage(article, int(start), int(end)))

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        return [document for document, _ in self.similarity_search_with_score(query, k, **kwargs)]

    def similarity_search_with_score(self, query: str, k: int = 4, **kwargs: Any) -> list[tuple[Document, float]]:
        """The `k` nearest documents with their cosines. Raises `ValueError` for a filter: there is none yet."""
        _refuse(kwargs)
        return self._search(self.index.embed_question(query), k)

    def similarity_search_by_vector(self, embedding: list[float], k: int = 4, **kwargs: Any) -> list[Document]:
        _refuse(kwargs)
        return [document for document, _ in self._search(np.asarray(embedding, np.float32), k)]

    def _search(self, vector: Any, k: int) -> list[tuple[Document, float]]:
        found = self.index.vectors.search(vector, k)
        passages = self.index.passages([number for number, _ in found])
        return [(as_document(passages[number]), cosine) for number, cosine in found if number in passages]

    def _select_relevance_score_fn(self) -> Any:
        # LangChain wants 0..1; a cosine below zero means as little as zero.
        return lambda cosine: max(0.0, cosine)

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        folder: Path | str | None = None,
        **kwargs: Any,
    ) -> PassageStore:
        """A store over `texts`, in `folder` or in a new temporary folder."""
        place = Path(folder) if folder is not None else Path(tempfile.mkdtemp(prefix="tanya-"))
        store = cls(Index(place, embedding, create=True))
        store.add_texts(texts, metadatas, ids=ids, **kwargs)
        return store


def _refuse(unknown: dict[str, Any]) -> None:
    """A filter that is silently passed over would return what it was to keep out."""
    if unknown:
        raise ValueError(f"PassageStore does not know {', '.join(unknown)}")


def as_document(passage: Passage) -> Document:
    """The passage as LangChain hands documents around."""
    article = passage.article
    part = {} if passage.id == article.id else {"article_id": article.id, "start": passage.start, "end": passage.end}
    return Document(passage.text, id=passage.id, metadata=article.metadata | part)


def _article(id: str, document: Document) -> Article:
    """The document as an article whose `metadata` are the document's again."""
    if not document.page_content:
        raise ValueError(f"document {id!r} is empty")
    extra = dict(document.metadata)
    fields = {name: extra.pop(name) for name in ARTICLE_FIELDS if isinstance(extra.get(name), str) and extra[name]}
    return Article(id, document.page_content, date=_date(extra), extra=extra, **fields)


def _date(extra: dict[str, Any]) -> dt.date | None:
    """Takes the date out of the metadata, where it is one that reads the same when written again."""
    try:
        date = dt.date.fromisoformat(str(extra.get("date")))
    except ValueError:
        return None
    if extra["date"] != date.isoformat():
        return None
    del extra["date"]
    return date
