"""The facts that travel between the stages, each kept together in one frozen record.

Offsets are positions in `article.text`, counted in Unicode code points as Python counts them. A record never
stores a copy of quoted words: `Passage.text`, `Span.text` and `Citation.quote` are cut out of the article each
time, so a quotation cannot drift from its source.

This module knows nothing of files, models or databases.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

Lang = Literal["en", "id"]

LABEL_CHARS = 70


@dataclass(frozen=True, slots=True)
class Article:
    """One news article, cleaned. `id` is the source's own identity: the same id with other words is a new version.

    `lang` is an ISO 639-1 code, empty when nobody said; `extra` keeps whatever else the source told (JSON values).
    """

    id: str
    text: str
    title: str = ""
    date: dt.date | None = None
    lang: str = ""
    source: str = ""
    url: str = ""
    author: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What to call the article: its title, or its first words."""
        if self.title:
            return self.title
        words = " ".join(self.text[: LABEL_CHARS * 2].split())
        return words if len(words) <= LABEL_CHARS else words[:LABEL_CHARS].rsplit(" ", 1)[0] + "…"

    @property
    def metadata(self) -> dict[str, Any]:
        """All that is known beside id and text, as JSON values; what is empty is left out.

        >>> Article("a", "…", title="Gempa", date=dt.date(2022, 11, 21), extra={"place": "Cianjur"}).metadata
        {'title': 'Gempa', 'date': '2022-11-21', 'place': 'Cianjur'}
        """
        known = {
            "title": self.title,
            "date": self.date.isoformat() if self.date else "",
            "lang": self.lang,
            "source": self.source,
            "url": self.url,
            "author": self.author,
        }
        return {name: value for name, value in known.items() if value} | dict(self.extra)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article: what is embedded and retrieved."""

    article: Article
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.article.text):
            raise ValueError(f"passage {self.start}:{self.end} is not inside article {self.article.id!r}")

    @property
    def id(self) -> str:
        """The article's id, with the offsets where the passage is only a part of it."""
        whole = self.start == 0 and self.end == len(self.article.text)
        return self.article.id if whole else f"{self.article.id}#{self.start}-{self.end}"

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def searchable(self) -> str:
        """What is embedded and indexed: the passage under its article's title, which tells what it is about."""
        return f"{self.article.title}\n{self.text}" if self.article.title else self.text


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer: dated from `since` to `until`, both included, of one source, in one language.

    What is None or empty does not matter. An article without a date is in no span of dates.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    source: str = ""
    lang: str = ""

    def __bool__(self) -> bool:
        """Whether anything is left out at all."""
        return self != Filters()

    def as_dict(self) -> dict[str, str]:
        """What is chosen, as words; `filters_of` makes it filters again.

        >>> Filters(since=dt.date(2022, 7, 1), lang="id").as_dict()
        {'since': '2022-07-01', 'lang': 'id'}
        """
        given = {
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "source": self.source,
            "lang": self.lang,
        }
        return {name: value for name, value in given.items() if value}


ALL = Filters()


@dataclass(frozen=True, slots=True)
class Facets:
    """How many articles there are by month (`2021-04`), by source and by language, and in all."""

    months: Mapping[str, int]
    sources: Mapping[str, int]
    languages: Mapping[str, int]
    articles: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that retrieval found.

    `score` is the fused score, in 0..1; `vector_score` the cosine; `word_score` BM25 over the sum of the question's
    term weights: about the share of the question's words that the passage holds, rare words counting for more.
    `rank` counts from 1. `vector_rank` and `word_rank` are its places by cosine and by word score alone; 0 where it was
    not among the best looked at, or nobody noted it.
    """

    passage: Passage
    score: float
    rank: int
    vector_score: float = 0.0
    word_score: float = 0.0
    vector_rank: int = 0
    word_rank: int = 0

    def as_dict(self) -> dict[str, Any]:
        article = self.passage.article
        return {
            "rank": self.rank,
            "passage_id": self.passage.id,
            "article_id": article.id,
            "title": article.label,
            "start": self.passage.start,
            "end": self.passage.end,
            "score": round(self.score, 4),
            "vector_score": round(self.vector_score, 4),
            "word_score": round(self.word_score, 4),
            "vector_rank": self.vector_rank,
            "word_rank": self.word_rank,
        }


@dataclass(frozen=True, slots=True)
class Span:
    """Words of an article that may answer the question, with the probability that they do.

    `yes`: how surely they say yes to a question for yes or no, from 0 (no) to 1.
    """

    passage: Passage
    start: int
    end: int
    probability: float
    yes: float | None = None

    def __post_init__(self) -> None:
        if not self.passage.start <= self.start < self.end <= self.passage.end:
            raise ValueError(f"span {self.start}:{self.end} is not inside passage {self.passage.id!r}")
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"probability {self.probability} is not in 0..1")

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quotation: whole sentences of an article, from `start` to `end`, and in them the words that answer.

    Numbers count from 1 in the order of first use; `spans` holds at least one span, in the order of the text.
    """

    number: int
    start: int
    end: int
    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        if not self.spans or any(not self.start <= span.start < span.end <= self.end for span in self.spans):
            raise ValueError(f"citation {self.number} has no span, or one outside {self.start}:{self.end}")
        if not 0 <= self.start < self.end <= len(self.article.text):
            raise ValueError(f"citation {self.start}:{self.end} is not inside article {self.article.id!r}")

    @property
    def passage(self) -> Passage:
        return self.spans[0].passage

    @property
    def article(self) -> Article:
        return self.passage.article

    @property
    def quote(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def probability(self) -> float:
        return max(span.probability for span in self.spans)

    @property
    def short(self) -> str:
        """The words that answer, without the sentence around them."""
        return ", ".join(dict.fromkeys(" ".join(span.text.split()) for span in self.spans))

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The quotation cut at the edges of its spans; True marks the words that answer."""
        edges = sorted({self.start, self.end} | {edge for span in self.spans for edge in (span.start, span.end)})
        return [
            (self.article.text[start:end], any(span.start <= start and end <= span.end for span in self.spans))
            for start, end in pairwise(edges)
        ]

    def as_dict(self) -> dict[str, Any]:
        article = self.article
        return {
            "number": self.number,
            "article_id": article.id,
            "title": article.label,
            "date": article.date.isoformat() if article.date else None,
            "source": article.source,
            "url": article.url,
            "lang": article.lang,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "spans": [{"start": span.start, "end": span.end, "text": span.text} for span in self.spans],
            "probability": round(self.probability, 4),
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """One piece of an answer: an introduction in the asker's language, and the citations that carry it.

    `citations` are numbers into `Answer.citations`; a statement without any is the assistant speaking for itself.
    """

    lead: str
    citations: tuple[int, ...] = ()


Measure = Literal["amount", "date", "age", "speed"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two things that a question weighs against each other, in its own words, and what to ask about each of them.

    `least`: the smaller or earlier one is wanted, not the larger or later. `measure`: what of them is compared.
    """

    sides: tuple[str, str]
    questions: tuple[str, str]
    least: bool
    measure: Measure = "amount"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, made fit to be searched for; `notices` tell the asker what was changed.

    `about` is what earlier turns said that a follow-up leans on, `named` the names in it; both are empty where the
    question stands alone. `weighs` is what it compares, if it does; `filters` say which articles may answer.
    """

    text: str
    lang: Lang
    notices: tuple[str, ...] = ()
    about: str = ""
    named: str = ""
    weighs: Comparison | None = field(default=None, repr=False)
    filters: Filters = field(default=ALL, repr=False)

    @property
    def each(self) -> tuple[Question, ...]:
        """Of a comparison, the question about each side."""
        asked = self.weighs.questions if self.weighs else ()
        return tuple(replace(self, text=text, about="", named="", weighs=None) for text in asked)

    @property
    def searched(self) -> str:
        """The words to search with: of a follow-up, those of the turns before it come first."""
        return f"{self.about} {self.text}".strip()

    @property
    def whole(self) -> str:
        """The question for who reads a passage: a follow-up has the names behind it that it leaves out."""
        return f"{self.text} {self.named}".strip()


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer, or a piece of one: while it streams, pieces arrive that add up to the whole with `+`.

    `probability` is the calibrated chance that the most probable quotation answers the question; `seconds` tells how
    long each stage took. `chosen` is what it comes out at where no quotation says that in so many words: yes or no, or
    one of two that the question weighs.
    """

    question: Question
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    probability: float = 0.0
    seconds: Mapping[str, float] = field(default_factory=dict)
    chosen: str = ""

    @property
    def found(self) -> bool:
        """Whether anything in the articles supports the answer."""
        return bool(self.citations)

    @property
    def short(self) -> str:
        """What the answer comes out at, or the words of the first citation; empty when nothing was found."""
        return self.chosen or self._cited

    @property
    def told(self) -> str:
        """What a follow-up can lean on: a comparison's side, else the words of the first citation, not yes or no."""
        return self.short if self.question.weighs else self._cited

    @property
    def _cited(self) -> str:
        return self.citations[0].short if self.citations else ""

    @property
    def text(self) -> str:
        """The answer as plain text: each statement, its quotations in quotation marks, its numbers in brackets."""
        by_number = {citation.number: citation for citation in self.citations}
        lines = []
        for statement in self.statements:
            quotes = [f"“{' '.join(by_number[n].quote.split())}” [{n}]" for n in statement.citations]
            lines.append(" ".join([statement.lead, *quotes]).strip())
        return "\n\n".join(lines)

    def __add__(self, other: Answer) -> Answer:
        if not isinstance(other, Answer):
            return NotImplemented
        return replace(
            self,
            statements=self.statements + other.statements,
            citations=self.citations + other.citations,
            hits=self.hits or other.hits,
            probability=max(self.probability, other.probability),
            seconds={**self.seconds, **other.seconds},
            chosen=self.chosen or other.chosen,
        )

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON values, as `tanya ask --json` prints it."""
        return {
            "question": self.question.text,
            "lang": self.question.lang,
            "notices": list(self.question.notices),
            "filters": self.question.filters.as_dict(),
            "found": self.found,
            "probability": round(self.probability, 4),
            "short": self.short,
            "chosen": self.chosen,
            "answer": self.text,
            "statements": [{"lead": one.lead, "citations": list(one.citations)} for one in self.statements],
            "citations": [citation.as_dict() for citation in self.citations],
            "passages": [hit.as_dict() for hit in self.hits],
            "seconds": {stage: round(value, 4) for stage, value in self.seconds.items()},
        }
