"""Questions in both languages that were written for the recipes. Knows nothing of models.

Each file names passages of the training files by source and id, and holds questions and the words that answer; the
passages themselves stay in DATA. A row without an answer is a question that its article does not answer.

train.news.jsonl     over news: who, what, when, where, how many, why, how, lists, yes or no, what somebody said
train.close.jsonl    to be read closely, over news and encyclopedia: nearly a third are near misses, and of the rest
                     many have other names and numbers beside the right ones
train.twins.jsonl    over both again, and more of the encyclopedia: two in five are near misses, most of them an
                     answered question with one thing changed; of the rest a third ask how, why, whether or which of two
train.yesno.jsonl    over both: each passage says yes to one question and no to another
train.titles.jsonl   headlines, for passages that the training files have without theirs

A question for yes or no has "yes": true or false, unless its passage leaves it open.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.chunk import SentenceSplitter
from assistant.config import Settings
from assistant.records import Article
from training.encoder.data import read_rows

SETS = ("news", "close", "twins", "yesno")
# The yes-or-no questions of every tenth article are not trained on: the reader's are measured by them.
HELD_OUT = 10
LANGUAGES = {"facqa": "id", "ester_news": "en", "squadshifts_new_wiki": "en", "idk-mrc": "id"}


Row = dict[str, Any]


@dataclass(frozen=True)
class WrittenQuestion:
    """A question in `asked` over a passage in `language`; `siblings` are the other passages of its article.

    `start` is the answer's offset in the passage; an empty answer is none. `yes` is whether the answer means yes.
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
    yes: bool | None = None


@cache
def read_written(data: Path, set_: str) -> tuple[WrittenQuestion, ...]:
    """A set's questions, but for those whose answer stands in no single passage, and those that are held out."""
    rows, texts = [*enumerate(_rows(set_))], _texts(data)
    return tuple(found for k, row in rows if not is_held_out(row) and (found := _placed(f"{set_}-{k}", row, texts)))


def read_held_out(data: Path) -> list[WrittenQuestion]:
    """The yes-or-no questions that are not trained on."""
    rows, texts = [row for set_ in SETS for row in _rows(set_) if is_held_out(row)], _texts(data)
    return [found for k, row in enumerate(rows) if (found := _placed(f"held-out-{k}", row, texts))]


def is_held_out(row: Row) -> bool:
    return "yes" in row and int(hashlib.sha256(row["article"].encode()).hexdigest(), 16) % HELD_OUT == 0


@cache
def read_titles(data: Path) -> dict[str, str]:
    """Passages with the headlines that were written for their articles; of a long article, each of its passages."""
    texts = _texts(data)
    titles: dict[str, str] = {}
    for row in _rows("titles"):
        article, title = row["article"], row["title"]
        text = texts[article]
        parts = [part for _, part in _passages(article, text)] if article.startswith("news.id:") else [text]
        titles |= {part: str(title) for part in parts}
    return titles


def _rows(set_: str) -> list[Row]:
    lines = Path(__file__).with_name(f"train.{set_}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def _texts(data: Path) -> dict[str, str]:
    """Article ids as the questions name them, with their texts."""
    return dict(_named(data))


def _named(data: Path) -> Iterator[tuple[str, str]]:
    for k, row in enumerate(read_rows(data / "news.id.jsonl.gz")):
        if row["source"] == "berita":
            yield f"news.id:{k}", row["text"]
    for source, language in LANGUAGES.items():
        seen: set[str] = set()
        for row in read_rows(data / f"qa.{language}.train.jsonl.gz"):
            if row["source"] == source and row["context"] not in seen:
                seen.add(row["context"])
                yield f"{source}:{row['id']}", row["context"]


def _placed(id: str, row: Row, texts: dict[str, str]) -> WrittenQuestion | None:
    """The question with the passage that holds its answer; None where no single passage does."""
    article, answer = row["article"], row["answer"]
    text, source = texts[article], article.partition(":")[0]
    found = re.search(rf"{re.escape(row.get('before', '').strip())}\s*({re.escape(answer)})", text)
    if found is None:
        return None
    at = found.start(1)
    if source != "news.id":
        language = LANGUAGES[source]
        kind, yes = row["kind"], row.get("yes")
        return WrittenQuestion(id, row["question"], row["lang"], text, language, source, answer, at, kind, yes=yes)
    passages = _passages(article, text)
    holding = [p for p in passages if p[0] <= at and at + len(answer) <= p[0] + len(p[1])] if answer else passages
    if not holding:
        return None
    begin, passage = holding[0] if answer else max(holding, key=lambda p: _shared(row["question"], p[1]))
    others = tuple(p for b, p in passages if b != begin)
    return WrittenQuestion(
        id,
        row["question"],
        row["lang"],
        passage,
        "id",
        "berita",
        answer,
        at - begin,
        row["kind"],
        others,
        row.get("yes"),
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
