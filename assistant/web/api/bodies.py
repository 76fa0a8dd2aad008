"""What is sent and received over HTTP. The server writes the OpenAPI document from these, the client reads into them.

Offsets are positions in the article's text, counted in Unicode code points from 0; `text[start:end]` is the quotation.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from assistant import records
from assistant.history import Feedback, Reason, Verdict

MOST_QUESTION_CHARS = 10_000
MOST_MESSAGES = 100
MOST_PASSAGES = 100
MOST_ON_A_PAGE = 200
MOST_COMMENT_CHARS = 2_000
MOST_TITLE_CHARS = 1_000


def _day(value: Any) -> Any:
    """A date as JSON has it; pydantic would take a number of seconds, too."""
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except TypeError:
        raise ValueError("a date is written as in 2022-07-13") from None


Day = Annotated[dt.date, BeforeValidator(_day)]
Probability = Annotated[float, Field(ge=0, le=1)]
ConversationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Body(BaseModel):
    """Frozen. What is sent with a field that nobody knows is refused, so that a slip of the pen is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Told(BaseModel):
    """What is received: frozen, and a field that a newer server adds does not hurt."""

    model_config = ConfigDict(frozen=True)


# Articles and passages


class ArticleFacts(Told):
    """What is known of an article, without its text."""

    id: str = Field(description="The article's identity in the index.", examples=["2022-07-13-rusia-myanmar"])
    title: str = Field(description="Its title, or its first words.", examples=["Rusia dan Myanmar Pererat Kerja Sama"])
    date: dt.date | None = Field(description="The day it was published, where known.", examples=["2022-07-13"])
    lang: str = Field(description="ISO 639-1 code; empty where nobody said.", examples=["id"])
    source: str = Field(description="Who published it.", examples=["Harian Contoh"])
    author: str = Field(description="Who wrote it.", examples=["Sri Wulandari"])
    url: str = Field(description="Where the original is, as the source has it.", examples=["https://news.example/1"])
    link: str = Field(
        description="Where this server shows the article, with the quoted words marked.",
        examples=["https://tanya.example/articles/2022-07-13-rusia-myanmar?start=12&end=70&lang=en#cited"],
    )

    @classmethod
    def of(cls, article: records.Article, link: str) -> ArticleFacts:
        return cls(**_facts(article), link=link)


class Article(ArticleFacts):
    """An article with its text."""

    text: str = Field(description="The cleaned text: what offsets count in.")
    extra: dict[str, Any] = Field(description="Whatever else its source told.", examples=[{"place": "Jakarta"}])

    @classmethod
    def of(cls, article: records.Article, link: str) -> Article:
        return cls(**_facts(article), link=link, text=article.text, extra=dict(article.extra))


def _facts(article: records.Article) -> dict[str, Any]:
    names = ("id", "date", "lang", "source", "author", "url")
    return {name: getattr(article, name) for name in names} | {"title": article.label}


class Articles(Told):
    """One page of the articles, newest first."""

    articles: list[ArticleFacts]
    total: int = Field(description="How many articles the index has.", examples=[141])
    offset: int = Field(description="How many come before this page.", examples=[0])


class Passage(Told):
    """A run of sentences that was found for a question."""

    rank: int = Field(description="From 1, the best first.", examples=[1])
    passage_id: str = Field(examples=["2022-07-13-rusia-myanmar#0-412"])
    article: ArticleFacts
    start: int = Field(examples=[0])
    end: int = Field(examples=[412])
    text: str = Field(description="The words from start to end.")
    score: float = Field(description="What the ranking goes by, from 0 to 1.", examples=[0.6312])
    vector_score: float = Field(description="Cosine of the question's vector and the passage's.", examples=[0.67])
    word_score: float = Field(description="About the share of the question's words in it.", examples=[0.31])

    @classmethod
    def of(cls, hit: records.Hit, link: str) -> Passage:
        passage = hit.passage
        return cls(
            rank=hit.rank,
            passage_id=passage.id,
            article=ArticleFacts.of(passage.article, link),
            start=passage.start,
            end=passage.end,
            text=passage.text,
            score=round(hit.score, 4),
            vector_score=round(hit.vector_score, 4),
            word_score=round(hit.word_score, 4),
        )


# Questions and answers

Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MOST_QUESTION_CHARS,
        description="In English or Indonesian.",
        examples=["What weapons did Myanmar buy from Russia?"],
    ),
]


class Message(Body):
    """One message of an earlier turn."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=MOST_QUESTION_CHARS, examples=["Where did Trump and Kim first meet?"])


_BOTH: JsonDict = {
    "properties": {"conversation": {"type": "string"}, "messages": {"minItems": 1}},
    "required": ["conversation", "messages"],
}


class Filters(Body):
    """Which articles may answer. What is left out does not matter."""

    since: Day | None = Field(default=None, description="The first day.", examples=["2022-01-01"])
    until: Day | None = Field(default=None, description="The last day.", examples=["2022-12-31"])
    source: str = Field(default="", max_length=MOST_TITLE_CHARS, description="Publisher.", examples=["Harian Contoh"])
    lang: str = Field(default="", max_length=MOST_TITLE_CHARS, description="ISO 639-1 code.", examples=["id"])

    def as_record(self) -> records.Filters:
        return records.Filters(self.since, self.until, self.source, self.lang)


class AskRequest(Body):
    """A question. What went before is named by `conversation`, or given in `messages`, or there is nothing."""

    model_config = ConfigDict(json_schema_extra={"not": _BOTH})

    question: Question
    conversation: ConversationId | None = Field(
        None, description="A conversation of the asker's to go on with; the turn is kept in it."
    )
    messages: list[Message] = Field(
        default_factory=list,
        max_length=MOST_MESSAGES,
        description="Earlier messages, oldest first, where the client keeps them; nothing is kept here then.",
    )
    filters: Filters = Field(default_factory=Filters, description="Which articles may answer.")
    stream: bool = Field(False, description="Answer as Server-Sent Events, as `accept: text/event-stream` does.")
    keep: bool = Field(
        True, description="Keep the turn among the asker's conversations, where they are known and send no messages."
    )

    @model_validator(mode="after")
    def _one_past(self) -> AskRequest:
        if self.conversation and self.messages:
            raise ValueError("send a conversation or messages, not both")
        return self


class Span(Told):
    """The words of a quotation that answer."""

    start: int = Field(examples=[94])
    end: int = Field(examples=[122])
    text: str = Field(examples=["enam jet tempur Sukhoi Su-30"])


class Citation(Told):
    """A quotation: `article.text[start:end] == quote`."""

    number: int = Field(description="As the answer's text has it in brackets, from 1.", examples=[1])
    article: ArticleFacts
    start: int = Field(examples=[78])
    end: int = Field(examples=[134])
    quote: str = Field(examples=["Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia."])
    spans: list[Span]
    probability: Probability = Field(description="The calibrated chance that it answers.", examples=[0.93])
    gone: bool = Field(
        False, description="Of a kept answer: these words are in no article any more, and offsets say nothing."
    )

    @classmethod
    def of(cls, citation: records.Citation, link: str, gone: bool = False) -> Citation:
        return cls(
            number=citation.number,
            article=ArticleFacts.of(citation.article, link),
            start=citation.start,
            end=citation.end,
            quote=citation.quote,
            spans=[Span(start=span.start, end=span.end, text=span.text) for span in citation.spans],
            probability=round(citation.probability, 4),
            gone=gone,
        )


class Statement(Told):
    """One piece of an answer: some words of Tanya's own, and the numbers of the citations behind them."""

    lead: str = Field(examples=["According to Rusia dan Myanmar Pererat Kerja Sama (13 July 2022):"])
    citations: list[int] = Field(description="Empty where Tanya speaks for itself.", examples=[[1]])


class Answer(Told):
    """A cited answer."""

    question: str = Field(description="The question as it was understood.")
    lang: Literal["en", "id"] = Field(description="The language of question and answer.", examples=["en"])
    notices: list[str] = Field(description="What was changed of the question.", examples=[[]])
    found: bool = Field(description="Whether anything in the articles supports the answer.", examples=[True])
    probability: Probability = Field(
        description="The calibrated chance that the best quotation answers the question.", examples=[0.93]
    )
    short: str = Field(
        description="The words that answer, yes or no, or the side that a comparison comes out at.",
        examples=["enam jet tempur Sukhoi Su-30"],
    )
    text: str = Field(description="The whole answer, its quotations numbered.")
    statements: list[Statement]
    citations: list[Citation]
    hits: list[Passage] = Field(description="The passages that were read for it.")
    seconds: dict[str, float] = Field(
        description="How long each stage took, and `whole`.", examples=[{"retrieve": 0.02, "read": 0.1, "whole": 0.13}]
    )
    articles: int = Field(description="How many articles were there to search.", examples=[141])
    conversation: str | None = Field(None, description="Where the turn is kept; null where it is not.")
    turn: int | None = Field(None, description="The kept turn's number, to give feedback on.", examples=[12])


class HitsEvent(Told):
    """First event of a stream, `hits`: the passages that are being read."""

    lang: Literal["en", "id"]
    probability: Probability
    hits: list[Passage]


class StatementEvent(Told):
    """An event `statement` of a stream: one more statement, the citations that are new with it, and it as text."""

    statement: Statement
    citations: list[Citation]
    text: str


class SearchRequest(Body):
    """What to rank passages for."""

    question: Question
    limit: int = Field(8, ge=1, le=MOST_PASSAGES, description="How many passages.")
    filters: Filters = Field(default_factory=Filters, description="Which articles to search.")


class SearchAnswer(Told):
    """Ranked passages."""

    question: str = Field(description="The question as it was understood.")
    lang: Literal["en", "id"]
    hits: list[Passage]
    seconds: float = Field(examples=[0.021])


# Conversations and feedback


class Opinion(Body):
    """What the asker thinks of an answer; a verdict of null takes it back."""

    verdict: Verdict | None = Field(examples=["down"])
    reason: Reason | Literal[""] = Field("", examples=["wrong-source"])
    comment: str = Field("", max_length=MOST_COMMENT_CHARS, examples=["The newer article has another figure."])


class GivenOpinion(Told):
    """What is kept of an opinion."""

    turn: int = Field(examples=[12])
    verdict: Verdict | None
    reason: Reason | Literal[""]
    comment: str

    @classmethod
    def of(cls, turn: int, feedback: Feedback | None) -> GivenOpinion:
        if feedback is None:
            return cls(turn=turn, verdict=None, reason="", comment="")
        return cls(turn=turn, verdict=feedback.verdict, reason=feedback.reason, comment=feedback.comment)


class NewTitle(Body):
    """What a conversation is to be called."""

    title: str = Field(max_length=MOST_TITLE_CHARS, pattern=r"\S", examples=["Arms for Myanmar"])


class Conversation(Told):
    """One conversation of the asker's."""

    id: str = Field(examples=["nUGm3d5yKx2Qf1aB"])
    title: str = Field(examples=["What weapons did Myanmar buy from Russia?"])
    created: dt.datetime
    updated: dt.datetime


class Conversations(Told):
    """One page of the asker's conversations, the last one touched first."""

    conversations: list[Conversation]
    total: int = Field(examples=[3])
    offset: int = Field(examples=[0])


class Turn(Told):
    """A kept question with its answer."""

    asked: str = Field(description="The question as it was asked.")
    answer: Answer
    feedback: GivenOpinion | None


class WholeConversation(Conversation):
    """A conversation with its turns, oldest first."""

    turns: list[Turn]


# Health


class Health(Told):
    """That the server runs, or is ready."""

    status: Literal["ok"] = "ok"
