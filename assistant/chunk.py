"""Article -> passages: runs of whole sentences, with their offsets.

Sentences are found by sentencex; passages are packed from them by a LangChain `TextSplitter`. This module knows
nothing of models: a passage is measured in characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from langchain_core.documents import Document
from langchain_text_splitters import TextSplitter

from assistant.records import Article, Passage

Offsets = tuple[int, int]

# One question asks several times for the sentences of the same few articles.
KEPT_TEXTS = 64

# Abbreviations after which sentencex ends a sentence although Indonesian goes on: company forms, ranks, titles.
ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"])(?:PT|CV|UD|Tbk|Rp|No|Jl|Tn|Ny|Sdr|Kol|Letkol|Mayjen|Brigjen|Letjen|Jend|Irjen|Kombes|Laks|Mars"
    r"|Drs|Dra|Ir|Prof|Gen|Lt|Col|Maj|Adm|Sen|Rep)\.\s*$"
)


@lru_cache(maxsize=KEPT_TEXTS)
def sentence_offsets(text: str, lang: str = "en") -> tuple[Offsets, ...]:
    """Start and end of every sentence, white space around it left out; together they hold all other characters.

    >>> sentence_offsets("Kapal tiba. PT. PAL senang.", "id")
    ((0, 11), (12, 27))
    """
    from sentencex import segment

    merged: list[str] = []
    for piece in segment(lang if lang in ("en", "id") else "en", text):
        continues = piece[:1].islower() or (merged and ABBREVIATION.search(merged[-1]))
        if merged and continues and "\n" not in merged[-1][len(merged[-1].rstrip()) :]:
            merged[-1] += piece
        else:
            merged.append(piece)

    offsets = []
    position = 0
    for piece in merged:
        start = position + len(piece) - len(piece.lstrip())
        position += len(piece)
        if piece.strip():
            offsets.append((start, start + len(piece.strip())))
    return tuple(offsets)


def sentences_touching(article: Article, start: int, end: int) -> Offsets:
    """Start and end of the article's sentences that these offsets lie in; the offsets themselves between sentences."""
    touched = [
        offsets for offsets in sentence_offsets(article.text, article.lang) if offsets[0] < end and start < offsets[1]
    ]
    edges = [*touched, (start, end)]
    return min(first for first, _ in edges), max(last for _, last in edges)


def _cut(text: str, sentence: Offsets, limit: int) -> Iterator[Offsets]:
    """A sentence longer than `limit` in pieces that end at white space where there is some."""
    start, end = sentence
    while end - start > limit:
        space = text.rfind(" ", start + limit // 2, start + limit)
        stop = space if space > start else start + limit
        yield start, stop
        start = stop + 1 if stop == space else stop
    if start < end:
        yield start, end


class SentenceSplitter(TextSplitter):
    """Packs whole sentences into passages of at most `passage_chars` characters.

    A passage begins with the last `overlap_sentences` sentences of the one before, where they fit, so that a
    sentence is never without its neighbour. Only a single sentence longer than `passage_chars` is cut.

    >>> SentenceSplitter(passage_chars=24, overlap_sentences=0).split_text("Satu dua. Tiga empat. Lima enam tujuh.")
    ['Satu dua. Tiga empat.', 'Lima enam tujuh.']
    """

    def __init__(self, passage_chars: int = 600, overlap_sentences: int = 1) -> None:
        super().__init__(chunk_size=passage_chars, chunk_overlap=0)
        self.passage_chars = passage_chars
        self.overlap_sentences = overlap_sentences

    @property
    def name(self) -> str:
        """The way of cutting, as an index keeps it in its manifest."""
        return f"{self.passage_chars} characters, overlap {self.overlap_sentences}"

    def split_offsets(self, text: str, lang: str = "en") -> list[Offsets]:
        """Start and end of every passage of `text`, in order."""
        sentences = [
            piece for sentence in sentence_offsets(text, lang) for piece in _cut(text, sentence, self.passage_chars)
        ]
        passages: list[Offsets] = []
        first = 0
        while first < len(sentences):
            last = first
            while last + 1 < len(sentences) and sentences[last + 1][1] - sentences[first][0] <= self.passage_chars:
                last += 1
            passages.append((sentences[first][0], sentences[last][1]))
            if last + 1 == len(sentences):
                break
            first = self._next_first(sentences, first, last)
        return passages

    def _next_first(self, sentences: list[Offsets], first: int, last: int) -> int:
        """Where the next passage begins: as far back as the overlap allows, with room for one new sentence."""
        new_end = sentences[last + 1][1]
        begin = max(first + 1, last + 1 - self.overlap_sentences)
        while begin <= last and new_end - sentences[begin][0] > self.passage_chars:
            begin += 1
        return begin

    def split_text(self, text: str) -> list[str]:
        return [text[start:end] for start, end in self.split_offsets(text)]

    def create_documents(self, texts: list[str], metadatas: list[dict[Any, Any]] | None = None) -> list[Document]:
        """As LangChain's, with the exact `start_index` of every passage in its metadata."""
        return [
            Document(text[start:end], metadata={**metadata, "start_index": start})
            for text, metadata in zip(texts, metadatas or [{}] * len(texts), strict=True)
            for start, end in self.split_offsets(text)
        ]

    def passages(self, article: Article) -> list[Passage]:
        """The article's passages, in order; none when it is only white space."""
        return [Passage(article, start, end) for start, end in self.split_offsets(article.text, article.lang)]
