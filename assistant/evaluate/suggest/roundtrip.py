"""A suggested question, asked through the chain: does Tanya find the answer it was made for?

Alberti et al. 2019 ("Synthetic QA Corpora Generation with Roundtrip Consistency") keep only the questions on which a
reader comes back to the answer. Here both kinds are shown: what the reader misses is a harder question, or a bad one,
and the editor sees which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from langchain_core.runnables import Runnable

from assistant.evaluate.answers import agrees
from assistant.evaluate.citations import Cited, supports
from assistant.evaluate.questions import TestQuestion
from assistant.records import Answer
from assistant.understand import Asked

READ, MISSED = "read", "missed"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question with what Tanya answers to it."""

    question: TestQuestion
    answer: Answer

    @property
    def is_open(self) -> bool:
        """Whether the question still has no answer, as one that a reader left."""
        return not self.question.answers and not self.question.articles

    @property
    def read(self) -> bool:
        """Whether Tanya quotes a supporting sentence and its short answer agrees with the proposed one."""
        question, answer = self.question, self.answer
        quoted = any(supports(question, Cited(one.article.id, one.quote)) for one in answer.citations)
        return quoted and agrees(answer.short, question.answers, question.lang)

    @property
    def tagged(self) -> TestQuestion:
        """The question with the tag `read` or `missed`; as it is while it has no answer."""
        if self.is_open:
            return self.question
        others = [tag for tag in self.question.tags if tag not in (READ, MISSED)]
        return replace(self.question, tags=(*others, READ if self.read else MISSED))


def suggest(chain: Runnable[Asked, Answer], question: TestQuestion) -> Suggestion:
    """The question, asked."""
    return Suggestion(question, chain.invoke(question.messages))
