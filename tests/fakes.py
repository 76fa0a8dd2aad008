"""A chain that answers without models: a real LangChain `Runnable` over fixed articles.

`FakeChain` is for what stands on top of the chain. It streams like the real one: first the hits, then the
statements one by one. Tell it to `hold` to look at an answer that is still coming.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator
from pydantic import Field

from assistant.errors import IndexDamagedError
from assistant.records import (
    ALL,
    Answer,
    Article,
    Citation,
    Facets,
    Filters,
    Hit,
    Lang,
    Passage,
    Question,
    Span,
    Statement,
)
from assistant.understand import Asked

WAIT_SECONDS = 30

ARMS = Article(
    id="arms/2022-07-13",
    title="Rusia dan Myanmar Pererat Kerja Sama Militer",
    date=dt.date(2022, 7, 13),
    lang="id",
    source="Harian Contoh",
    author="Sri Wulandari",
    url="https://news.example/rusia-myanmar?id=1&lang=id",
    text=(
        "JAKARTA - Rusia dan Myanmar kembali menegaskan kerja sama militer kedua negara.\n\n"
        "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia. "
        "Rusia juga memasok sistem pertahanan rudal Pantsir S-1 kepada Myanmar. "
        "Kedua kesepakatan itu diumumkan sebelum kudeta.\n\n"
        "Harga pembelian itu tidak disebutkan."
    ),
)
DELIVERY = Article(
    id="delivery",
    title="Myanmar has received two of six Su-30 fighters",
    date=dt.date(2023, 9, 10),
    lang="en",
    source="The Example Times",
    text="Two of six Su-30 fighters have been delivered to Myanmar, a minister said.",
)
QUAKE = Article(id="quake", title="Gempa Cianjur", lang="id", text="Gempa mengguncang Cianjur pada 21 November 2022.")
# Of this one a question to go on with can be made.
VISIT = Article(
    id="visit",
    lang="id",
    text="Presiden Joko Widodo mengunjungi Cianjur pada 22 November 2022. Banyak rumah di Cianjur rusak.",
)
# What a stranger might put into a feed.
HOSTILE = Article(
    id="<img src=x onerror=alert(1)>",
    title='<script>alert("title")</script>',
    lang='"><b>xx</b>',
    source="<b>Bold Source</b>",
    author="[click](javascript:alert(1))",
    url="javascript:alert(document.domain)",
    text=(
        "<script>alert('text')</script> <img src=x onerror=\"alert('img')\"> ${alert('template')} {{alert}} "
        "[a link](javascript:alert(2)) **bold** `code` \u202edesrever\u202c </mark></blockquote><h1>Breaking</h1>"
    ),
)


def span(article: Article, quote: str, probability: float = 0.93) -> Span:
    """The span of these words; its passage is the whole article."""
    start = article.text.index(quote)
    return Span(Passage(article, 0, len(article.text)), start, start + len(quote), probability)


def quoted(number: int, whole: Span) -> Citation:
    """A citation of which every word answers."""
    return Citation(number, whole.start, whole.end, (whole,))


def answer_to(text: str, lang: Lang = "en") -> Answer:
    """What the fake says: arms for Myanmar, hostile text for "hostile", nothing otherwise (near Cianjur, though)."""
    question = Question(text[:1_000], lang, ("Your question was shortened.",) if len(text) > 1_000 else ())
    if "hostile" in text:
        hostile = quoted(1, span(HOSTILE, HOSTILE.text[:60], 0.6))
        lead = Statement(f"According to {HOSTILE.source}:", (1,))
        return Answer(question, (lead,), (hostile,), _hits(HOSTILE), probability=0.6)
    if "Myanmar" in text:
        citations = (
            quoted(1, span(ARMS, "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia.")),
            quoted(2, span(ARMS, "Rusia juga memasok sistem pertahanan rudal Pantsir S-1 kepada Myanmar.", 0.9)),
            quoted(3, span(DELIVERY, DELIVERY.text, 0.7)),
        )
        statements = (
            Statement("According to Harian Contoh, 13 July 2022:", (1, 2)),
            Statement("The Example Times, 10 September 2023, adds:", (3,)),
        )
        return Answer(question, statements, citations, _hits(ARMS, DELIVERY, QUAKE), probability=0.93)
    nothing = (
        "I find nothing about this in the articles." if lang == "en" else "Saya tidak menemukan apa pun tentang ini."
    )
    return Answer(question, (Statement(nothing),), (), _hits(VISIT if "Cianjur" in text else QUAKE), probability=0.1)


def _hits(*articles: Article) -> tuple[Hit, ...]:
    return tuple(
        Hit(Passage(article, 0, len(article.text)), score=1 / rank, rank=rank)
        for rank, article in enumerate(articles, 1)
    )


class FakeChain:
    """Builds the chain; `held` waits after the first statement until `go` is set."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.earlier: list[list[str]] = []  # of each question the turns before it
        self.go = threading.Event()
        self.go.set()

    def runnable(self) -> Runnable[Asked, Answer]:
        return RunnableGenerator(self._stream)  # type: ignore[arg-type]  # LangChain hands the config to who asks for it

    def hold(self) -> None:
        """From now on answers stop after their first statement, until `go.set()`."""
        self.go.clear()

    def _stream(self, given: Iterator[Asked], config: RunnableConfig) -> Iterator[Answer]:
        (asked,) = given
        *earlier, text = [asked] if isinstance(asked, str) else [str(message.text) for message in asked]
        self.asked.append(text)
        self.earlier.append(earlier)
        if text == "break":
            raise IndexDamagedError("The index is damaged. Build it anew with: tanya index PATH --rebuild")
        if text == "crash":
            raise RuntimeError("secret detail of the machine")
        whole = answer_to(text, "id" if "apa" in text.split() else "en")
        filters = config.get("configurable", {}).get("filters", ALL)
        whole = replace(whole, question=replace(whole.question, filters=filters))
        yield Answer(whole.question, hits=whole.hits, probability=whole.probability)
        for place, statement in enumerate(whole.statements):
            if place == 1:
                assert self.go.wait(WAIT_SECONDS), "nobody let the answer go on"
            cited = tuple(one for one in whole.citations if one.number in statement.citations)
            yield Answer(whole.question, (statement,), cited)


class FakeLibrary:
    """A handful of articles in memory."""

    def __init__(self, *articles: Article) -> None:
        self.by_id = {article.id: article for article in articles}

    def article(self, id: str, /) -> Article | None:
        return self.by_id.get(id)

    def articles(self, limit: int = -1, offset: int = 0) -> list[Article]:
        found = list(self.by_id.values())[offset:]
        return found if limit < 0 else found[:limit]

    @property
    def article_count(self) -> int:
        return len(self.by_id)

    def facets(self, filters: Filters = ALL, /) -> Facets:
        """Only languages and dates are looked at, and no count leaves its own filter out."""
        chosen = [
            article
            for article in self.by_id.values()
            if filters.lang in ("", article.lang)
            and (not filters.since or (article.date and article.date >= filters.since))
            and (not filters.until or (article.date and article.date <= filters.until))
        ]
        months = Counter(article.date.isoformat()[:7] for article in chosen if article.date)
        languages = Counter(article.lang for article in chosen)
        return Facets(months, Counter(article.source for article in chosen), languages, len(chosen))


LIBRARY = FakeLibrary(ARMS, DELIVERY, QUAKE, HOSTILE)


class FakeJudge(BaseChatModel):
    """A chat model that replies with these in turn, raises those that are errors, and keeps what it was sent."""

    replies: list[Any]
    sent: list[list[BaseMessage]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "fake-judge"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        self.sent.append(messages)
        reply = self.replies[len(self.sent) - 1]
        if isinstance(reply, Exception):
            raise reply
        return ChatResult(generations=[ChatGeneration(message=AIMessage(reply))])
