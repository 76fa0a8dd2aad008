"""What one could ask next: questions that sentences of the retrieved articles answer, made by rules.

The rules are those that propose test questions to an editor (`evaluate/suggest`). They pass over most sentences, and
where they make nothing good, nothing is suggested. No model is asked: it takes a few milliseconds.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.evaluate.questions import TestQuestion
from assistant.evaluate.suggest.candidates import in_turn
from assistant.follow_up import names
from assistant.records import Answer, Article
from assistant.web.conversation import Turn
from assistant.words import plain, terms

log = logging.getLogger(__name__)

MOST = 3
QUESTION_CHARS = 90
# Of the best articles so many, and of a longer one only the passage that was found: this bounds the time.
ARTICLES = 8
ARTICLE_CHARS = 6_000
# Of the best passage's score; what is further off is about something else.
NEAR = 0.5
# Two questions that share so much of their words ask much the same.
ALIKE = 0.6


def suggested(turns: Sequence[Turn]) -> tuple[str, ...]:
    """At most three short questions to follow the last turn, in its language; none while its answer is on its way.

    None repeats what was asked, none is answered by a sentence that the answer quotes already, no two by the same one,
    and each is about something that question or answer name. A rule that fails on an odd article is logged: it must not
    cost anybody the answer.
    """
    try:
        return _suggested(turns)
    except Exception:
        log.exception("no question to go on with could be made")
        return ()


def _suggested(turns: Sequence[Turn]) -> tuple[str, ...]:
    turn = turns[-1] if turns else None
    if turn is None or turn.answer is None or not turn.done or turn.stopped:
        return ()
    lang = turn.answer.question.lang
    topics = _topics(turn.answer)
    told = [citation.quote for citation in turn.answer.citations]
    known = [_words(one.asked, lang) for one in turns]
    chosen: list[str] = []
    for question in in_turn(_near(turn.answer)):
        words = _words(question.question, lang)
        sentence = question.quotes[0].quote
        repeats = any(_alike(words, other) for other in known) or any(sentence in q or q in sentence for q in told)
        if not repeats and len(question.question) <= QUESTION_CHARS and _on_topic(question, turn.answer, topics):
            known.append(words)
            told.append(sentence)
            chosen.append(question.question)
            if len(chosen) == MOST:
                break
    return tuple(chosen)


def _near(answer: Answer) -> Iterator[Article]:
    """The articles to ask about, in the asker's language: those quoted first, then those found, the nearest first."""
    best = max((hit.score for hit in answer.hits), default=0.0)
    found = [hit.passage for hit in answer.hits if hit.score >= NEAR * best]
    passages = {passage.article.id: passage for passage in [*reversed(found), *(c.passage for c in answer.citations)]}
    quoted = [citation.article.id for citation in answer.citations]
    ordered = dict.fromkeys([*quoted, *(passage.article.id for passage in found)])
    near = [passages[id] for id in ordered if passages[id].article.lang == answer.question.lang]
    for passage in near[:ARTICLES]:
        article = passage.article
        yield article if len(article.text) <= ARTICLE_CHARS else replace(article, text=passage.text)


def _topics(answer: Answer) -> frozenset[str]:
    """The names in the question and in what is quoted, as the word index writes them."""
    said = [answer.question.whole, *(text for one in answer.citations for text in (one.article.title, one.quote))]
    return frozenset(plain(name) for text in said for name in names(text))


def _on_topic(question: TestQuestion, answer: Answer, topics: frozenset[str]) -> bool:
    quoted = any(citation.article.id in question.articles for citation in answer.citations)
    return quoted or any(plain(name) in topics for name in names(question.question))


def _words(question: str, lang: str) -> frozenset[str]:
    return frozenset(terms(question, lang))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two questions share most of their words, by Jaccard's index."""
    return len(one & other) >= ALIKE * len(one | other)
