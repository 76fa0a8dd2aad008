"""Questions in both languages that were written for the recipes. Knows nothing of models.

Each file but one names passages of the training files by source and id, and holds questions and the words that answer;
the passages themselves stay in DATA. A row without an answer is a question that its article does not answer.

train.news.jsonl     over news: who, what, when, where, how many, why, how, lists, yes or no, what somebody said
train.close.jsonl    to be read closely, over news and encyclopedia: nearly a third are near misses, and of the rest
                     many have other names and numbers beside the right ones
train.twins.jsonl    over both again, and more of the encyclopedia: two in five are near misses, most of them an
                     answered question with one thing changed; of the rest a third ask how, why, whether or which of two
train.yesno.jsonl    over both: each passage says yes to one question and no to another
train.articles.jsonl over articles in the same file: news of other times and places than the corpus has, in pairs about
                     like events; written from memory to practise on, not to be relied on
train.titles.jsonl   headlines, for passages that the training files have without theirs

A question for yes or no has "yes": true or false, unless its passage leaves it open. A follow-up has "after", the
question and the answer that it comes after. A pair of articles may have "comparisons", questions over both: for each
side, in the question's order, the article and the words that say how much or when, and which side is wanted.
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

from langchain_core.messages import AIMessage, HumanMessage

from assistant.chunk import SentenceSplitter
from assistant.comparison import compared
from assistant.config import Settings
from assistant.records import Article
from assistant.understand import understand
from training.encoder.data import read_rows

SETS = ("news", "close", "twins", "yesno", "articles")
# The verdicts on every tenth article are not trained on: the reader is measured by them.
HELD_OUT = 10
LANGUAGES = {"facqa": "id", "ester_news": "en", "squadshifts_new_wiki": "en", "idk-mrc": "id"}
LONG = {"news.id": "berita", "articles": "articles"}  # articles of several passages, and what they are called


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
    """The questions for yes or no whose verdicts are not trained on."""
    rows, texts = [row for set_ in SETS for row in _rows(set_) if is_held_out(row)], _texts(data)
    return [found for k, row in enumerate(rows) if (found := _placed(f"held-out-{k}", row, texts))]


def is_held_out(row: dict[str, Any]) -> bool:
    return "yes" in row and int(hashlib.sha256(row["article"].encode()).hexdigest(), 16) % HELD_OUT == 0


@cache
def read_titles(data: Path) -> dict[str, str]:
    """Passages with the headlines that were written for their articles; of a long article, each of its passages."""
    texts = _texts(data)
    titles: dict[str, str] = {}
    headlines = {row["article"]: row["title"] for row in _rows("titles")} | {
        id: article["title"] for id, article in _articles().items()
    }
    for article, title in headlines.items():
        text = texts[article]
        parts = [part for _, part in _passages(article, text)] if _source(article) in LONG else [text]
        titles |= {part: str(title) for part in parts}
    return titles


def _rows(set_: str) -> list[dict[str, Any]]:
    if set_ == "articles":
        articles = _articles()
        asked = [{**q, "article": id} for id, article in articles.items() for q in article["questions"]]
        return asked + [row for id, article in articles.items() for row in _about_sides(id, article)]
    return _read(set_)


def _about_sides(id: str, article: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the product asks about each side of the article's comparisons."""
    for comparison in article.get("comparisons", ()):
        if weighs := compared(comparison["question"], comparison["lang"]):
            for question, side in zip(weighs.questions, comparison["sides"], strict=True):
                row = {"lang": comparison["lang"], "question": question, "kind": "comparison"}
                yield {**row, **side, "article": id[:-1] + side["article"]}


def _read(name: str) -> list[dict[str, Any]]:
    lines = Path(__file__).with_name(f"train.{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def _articles() -> dict[str, dict[str, Any]]:
    """The articles that were written for the recipe, by id."""
    return {f"articles:{row['id']}": row for row in _read("articles")}


def _source(article: str) -> str:
    return article.partition(":")[0]


@cache
def _texts(data: Path) -> dict[str, str]:
    """Article ids as the questions name them, with their texts."""
    return dict(_named(data))


def _named(data: Path) -> Iterator[tuple[str, str]]:
    for id, article in _articles().items():
        yield id, article["text"]
    for k, row in enumerate(read_rows(data / "news.id.jsonl.gz")):
        if row["source"] == "berita":
            yield f"news.id:{k}", row["text"]
    for source, language in LANGUAGES.items():
        seen: set[str] = set()
        for row in read_rows(data / f"qa.{language}.train.jsonl.gz"):
            if row["source"] == source and row["context"] not in seen:
                seen.add(row["context"])
                yield f"{source}:{row['id']}", row["context"]


def _placed(id: str, row: dict[str, Any], texts: dict[str, str]) -> WrittenQuestion | None:
    """The question with the passage that holds its answer; None where no single passage does."""
    article, answer = row["article"], row["answer"]
    text, source = texts[article], _source(article)
    found = re.search(rf"{re.escape(row.get('before', '').strip())}\s*({re.escape(answer)})", text)
    if found is None:
        return None
    at = found.start(1)
    passages = _passages(article, text) if source in LONG else ((0, text),)
    holding = [p for p in passages if p[0] <= at and at + len(answer) <= p[0] + len(p[1])] if answer else passages
    if not holding:
        return None
    begin, passage = holding[0] if answer else max(holding, key=lambda p: _shared(row["question"], p[1]))
    others = [p for b, p in passages if b != begin]
    twin = _twin(article)
    others += [p for _, p in _passages(twin, texts[twin])] if twin in texts else []
    return WrittenQuestion(
        id,
        _asked(row),
        row["lang"],
        passage,
        _language(article),
        LONG.get(source, source),
        answer,
        at - begin,
        row["kind"],
        tuple(others),
        row.get("yes"),
    )


def _asked(row: dict[str, Any]) -> str:
    """The question as the reader is given it: a follow-up with what it leans on of the turn before."""
    if "after" not in row:
        return str(row["question"])
    before, answer = row["after"]
    turns = [HumanMessage(before), AIMessage(answer), HumanMessage(row["question"])]
    return understand(turns, Settings().max_question_chars).whole


def _language(article: str) -> str:
    source = _source(article)
    return str(_articles()[article]["lang"]) if source == "articles" else LANGUAGES.get(source, "id")


def _twin(article: str) -> str:
    """The article beside it, about a like event: of 7a it is 7b."""
    return article[:-1] + {"a": "b", "b": "a"}.get(article[-1], "") if _source(article) == "articles" else ""


def _shared(question: str, passage: str) -> int:
    return len(set(question.lower().split()) & set(passage.lower().split()))


@cache
def _passages(id: str, text: str) -> tuple[tuple[int, str], ...]:
    """Offset and text of the passages that the product would make."""
    article = Article(id, text, lang=_language(id))
    settings = Settings()
    splitter = SentenceSplitter(settings.passage_chars, settings.overlap_sentences)
    return tuple((passage.start, passage.text) for passage in splitter.passages(article))
