"""Records -> bodies: an answer as it is told over HTTP, each article with the address where this server shows it."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request

from assistant import records
from assistant.web.address import article_address
from assistant.web.api import bodies
from assistant.web.conversation import Turn


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells answers to whoever asked at `base`, the address of the whole application as they wrote it."""

    base: str

    def article(self, article: records.Article) -> str:
        """Where the article is shown.

        >>> Teller("http://localhost:7860").article(records.Article("a/b", "…"))
        'http://localhost:7860/articles/a%2Fb'
        """
        return f"{self.base}/articles/{quote(article.id, safe='')}"

    def cited(self, article: records.Article, start: int, end: int, lang: str) -> str:
        """Where the article is shown with these words marked."""
        return f"{self.base}/{article_address(article, start, end, lang)}"

    def hits(self, hits: Iterable[records.Hit], lang: str) -> list[bodies.Passage]:
        return [
            bodies.Passage.of(hit, self.cited(hit.passage.article, hit.passage.start, hit.passage.end, lang))
            for hit in hits
        ]

    def citations(
        self, citations: Iterable[records.Citation], lang: str, gone: Set[int] = frozenset()
    ) -> list[bodies.Citation]:
        """The citations; those whose numbers are in `gone` lead nowhere."""
        return [
            bodies.Citation.of(one, "", gone=True)
            if one.number in gone
            else bodies.Citation.of(one, self.cited(one.article, one.start, one.end, lang))
            for one in citations
        ]

    def answer(self, turn: Turn) -> bodies.Answer:
        """The answer of a turn that is done."""
        answer = turn.answer
        assert answer is not None, "a turn without an answer is a problem and told as one"
        lang = answer.question.lang
        return bodies.Answer(
            question=answer.question.text,
            lang=lang,
            notices=list(answer.question.notices),
            found=answer.found,
            probability=round(answer.probability, 4),
            short=answer.short,
            text=answer.text,
            statements=[statement(one) for one in answer.statements],
            citations=self.citations(answer.citations, lang, turn.gone),
            hits=self.hits(answer.hits, lang),
            seconds={stage: round(took, 4) for stage, took in {**answer.seconds, "whole": turn.seconds or 0.0}.items()},
            articles=turn.articles,
            conversation=turn.kept.conversation if turn.kept else None,
            turn=turn.kept.turn if turn.kept else None,
        )


def statement(one: records.Statement) -> bodies.Statement:
    return bodies.Statement(lead=one.lead, citations=list(one.citations))


def teller(request: Request) -> Teller:
    """A dependency: tells answers to whoever sends this request."""
    return Teller(str(request.base_url).rstrip("/"))
