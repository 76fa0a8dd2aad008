"""One test question -> its `Result`: asked through the chain as a reader would, and once more down a deep ranking.

Knows the chain and the index; knows nothing of files or metrics.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.chain import build, understand
from assistant.cite import is_exact
from assistant.config import Settings
from assistant.errors import AssistantError, EvaluateError
from assistant.evaluate.citations import Cited, supports
from assistant.evaluate.outcome import outcome_of
from assistant.evaluate.questions import TestQuestion
from assistant.evaluate.ranking import relevant_passages
from assistant.evaluate.result import Gold, Quoted, Ranked, Read, Result
from assistant.records import Answer, Article, Citation, Hit
from assistant.retrieve import HybridRetriever
from assistant.store import Index

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

# How far down the ranking a supporting passage is looked for.
DEPTH = 100
MOST_NAMED = 20


class Asker:
    """Asks test questions of one index. `EvaluateError` when the index lacks an article that they cite."""

    def __init__(
        self,
        settings: Settings,
        index: Index,
        questions: Sequence[TestQuestion],
        chain: Runnable[str, Answer] | None = None,
    ) -> None:
        """`chain` is one that was built already from these settings and this index."""
        self._index = index
        self._gold = _cited_articles(index, questions)
        self._chain = chain or build(settings, index)
        self._retriever = HybridRetriever(index=index, top_k=settings.top_k, vector_weight=settings.vector_weight)
        self._max_chars = settings.max_question_chars

    def ask(self, question: TestQuestion) -> Result:
        """What became of it. An error while asking is recorded; one that somebody has to mend first is raised.

        Such an `AssistantError` (the index is gone, a model cannot be loaded) would fail all other questions too.
        """
        gold = self._unasked(question)
        try:
            asked = self._asked(question, gold)
        except AssistantError:
            raise
        except Exception as error:
            asked = replace(gold, error=f"{type(error).__name__}: {error}")
        return replace(asked, outcome=outcome_of(asked))

    def _unasked(self, question: TestQuestion) -> Result:
        """The question with its gold alone."""
        articles = [self._gold[id] for id in question.articles]
        passages = [passage for article in articles for passage in self._index.passages_of(article.id)]
        return Result(
            question,
            gold=tuple(Gold(article.id, article.label, article.lang) for article in articles),
            gold_passages=tuple(relevant_passages(question, passages)),
        )

    def _asked(self, question: TestQuestion, gold: Result) -> Result:
        begun = time.perf_counter()
        answer = self._chain.invoke(question.question)
        seconds = time.perf_counter() - begun
        ranking = self._retriever.hits(understand(question.question, self._max_chars), DEPTH)
        return replace(
            gold,
            answer=answer.text,
            short=answer.short,
            found=answer.found,
            probability=answer.probability,
            citations=tuple(self._quoted(citation, question) for citation in answer.citations),
            statements=tuple(statement.citations for statement in answer.statements) if answer.found else (),
            read=tuple(_read(hit, gold) for hit in answer.hits),
            ranking=tuple(Ranked(hit.passage.id, hit.passage.article.id, hit.score) for hit in ranking),
            seconds={**answer.seconds, "total": seconds},
        )

    def _quoted(self, citation: Citation, question: TestQuestion) -> Quoted:
        article = citation.article
        return Quoted(
            number=citation.number,
            article=article.id,
            title=article.label,
            start=citation.start,
            end=citation.end,
            quote=citation.quote,
            exact=is_exact(citation, self._index.article(article.id)),
            supports=supports(question, Cited(article.id, citation.quote)),
            spans=tuple((span.start, span.end) for span in citation.spans),
        )


def _cited_articles(index: Index, questions: Sequence[TestQuestion]) -> dict[str, Article]:
    """The articles that the questions cite, by id."""
    wanted = list(dict.fromkeys(article for question in questions for article in question.articles))
    found = {id: article for id in wanted if (article := index.article(id))}
    missing = [id for id in wanted if id not in found]
    if missing:
        more = len(missing) - MOST_NAMED
        named = ", ".join(missing[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        raise EvaluateError(
            f"The index in {index.folder} lacks {len(missing)} of the {len(wanted)} articles that the questions cite:"
            f" {named}. Add them with: tanya index PATH --index {index.folder}"
        )
    return found


def _read(hit: Hit, gold: Result) -> Read:
    passage = hit.passage
    holds = passage.id in gold.gold_passages if gold.gold_passages else passage.article.id in gold.question.articles
    return Read(passage.id, passage.article.id, passage.article.label, passage.text, hit.score, holds)
