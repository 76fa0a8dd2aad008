"""Questions over news, written for the recipes in both languages. Knows nothing of models.

`train.news.jsonl` names passages of the training files by source and id, and holds questions and the words that answer;
the passages themselves stay in DATA. A row without an answer is a question that its article does not answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.chunk import SentenceSplitter
from assistant.config import Settings
from assistant.records import Article
from training.encoder.data import read_rows

FILE = Path(__file__).with_name("train.news.jsonl")
LANGUAGES = {"facqa": "id", "ester_news": "en"}


@dataclass(frozen=True)
class NewsQuestion:
    """A question in `asked` over a passage in `language`; `siblings` are the other passages of its article.

    `start` is the answer's offset in the passage; an empty answer is none.
    """

    id: str
    question: str
    asked: str
    passage: str
    language: str
    source: str
    answer: str
    start: int
    kind: str
    siblings: tuple[str, ...] = ()


@cache
def read_news(data: Path) -> tuple[NewsQuestion, ...]:
    """The questions whose passages are in the training files; none without the file."""
    if not FILE.exists():
        return ()
    texts = dict(_texts(data))
    rows = map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
    return tuple(found for k, row in enumerate(rows) if (found := _placed(f"news-{k}", row, texts)))


def _texts(data: Path) -> Iterator[tuple[str, str]]:
    """Article ids as the questions name them, with their texts."""
    for k, row in enumerate(read_rows(data / "news.id.jsonl.gz")):
        if row["source"] == "berita":
            yield f"news.id:{k}", row["text"]
    for source, language in LANGUAGES.items():
        seen: set[str] = set()
        for row in read_rows(data / f"qa.{language}.train.jsonl.gz"):
            if row["source"] == source and row["context"] not in seen:
                seen.add(row["context"])
                yield f"{source}:{row['id']}", row["context"]


def _placed(id: str, row: dict[str, str], texts: dict[str, str]) -> NewsQuestion | None:
    """The question with the passage that holds its answer; None where no single passage does."""
    article, answer = row["article"], row["answer"]
    text, source = texts[article], article.partition(":")[0]
    found = re.search(rf"{re.escape(row.get('before', '').strip())}\s*({re.escape(answer)})", text)
    if found is None:
        return None
    at = found.start(1)
    if source != "news.id":
        language = LANGUAGES[source]
        return NewsQuestion(id, row["question"], row["lang"], text, language, source, answer, at, row["kind"])
    passages = _passages(article, text)
    holding = [p for p in passages if p[0] <= at and at + len(answer) <= p[0] + len(p[1])] if answer else passages
    if not holding:
        return None
    begin, passage = holding[0] if answer else max(holding, key=lambda p: _shared(row["question"], p[1]))
    others = tuple(p for b, p in passages if b != begin)
    return NewsQuestion(
        id, row["question"], row["lang"], passage, "id", "berita", answer, at - begin, row["kind"], others
    )


def _shared(question: str, passage: str) -> int:
    return len(set(question.lower().split()) & set(passage.lower().split()))


@cache
def _passages(id: str, text: str) -> tuple[tuple[int, str], ...]:
    """Offset and text of the passages that the product would make."""
    article = Article(id, text, lang="id")
    settings = Settings()
    splitter = SentenceSplitter(settings.passage_chars, settings.overlap_sentences)
    return tuple((passage.start, passage.text) for passage in splitter.passages(article))
