"""Right, or the first stage that went wrong: one word for each question, so that an editor knows what to mend."""

from __future__ import annotations

from assistant.evaluate.answers import agrees, answer_in
from assistant.evaluate.result import Outcome, Result


def outcome_of(result: Result) -> Outcome:
    """How the question ended; `Outcome` says what each word means."""
    if result.error:
        return Outcome.FAILED
    if not result.question.answerable:
        return Outcome.SHOULD_HAVE_ABSTAINED if result.found else Outcome.RIGHTLY_ABSTAINED
    if result.found and is_right(result):
        return Outcome.RIGHT
    if not any(passage.supports for passage in result.read):
        return Outcome.NOT_RETRIEVED
    if not result.found:
        return Outcome.WRONGLY_ABSTAINED
    return Outcome.READ_WRONG if any(quoted.supports for quoted in result.citations) else Outcome.NOT_READ


def is_right(result: Result) -> bool:
    """Whether the short answer agrees with a gold answer: token F1 of at least a half, and no other number.

    A short answer that is a whole quoted sentence is right when that supports the answer and holds it; one that no
    quotation says, such as yes or no, only where a quotation supports the answer. Where the set
    gives no answers but only articles or sentences, quoting one of them is right.
    """
    question = result.question
    if not question.answers:
        return any(quoted.supports for quoted in result.citations)
    if result.citations and result.short == " ".join(result.citations[0].quote.split()):
        holds = answer_in([result.short], question.answers, question.lang)
        return result.citations[0].supports and bool(holds)
    # Yes, no and a comparison's side stand in no quotation: right for a reason that is quoted, or by chance.
    quoted = answer_in([one.quote for one in result.citations], [result.short], question.lang)
    if not quoted and not any(one.supports for one in result.citations):
        return False
    return agrees(result.short, question.answers, question.lang)
