"""What is wrong with a set of test questions, held against the articles they speak of.

An error makes a figure wrong: support that is not there, a question counted twice. A warning is odd and may be
meant. Nothing here knows where the articles are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from assistant.evaluate.answers import answer_in, normalise
from assistant.evaluate.questions import Problem, Quote, TestQuestion
from assistant.records import Article

# "Yes", and the name of the one that wins, need not be said in the words of any article.
ANSWERED_IN_OWN_WORDS = frozenset({"yes-no", "comparison"})
QUOTE_CHARS = 60

Articles = Callable[[str], Article | None]


def check(questions: Iterable[TestQuestion], articles: Articles | None = None) -> list[Problem]:
    """All problems, in the order of the questions.

    `articles` gives the article of an id, or None: `Index.article` does. Without it, only what the questions say of
    themselves is looked at.
    """
    article = cache(articles) if articles else None
    by_id: dict[str, TestQuestion] = {}
    by_words: dict[tuple[str, ...], TestQuestion] = {}
    problems: list[Problem] = []
    for question in questions:
        problems += _twice(question, by_id.setdefault(question.id, question), "id", "is")
        problems += _twice(question, by_words.setdefault(asked(question), question), "question", "asks the same as")
        problems += _answerable(question)
        if article:
            problems += _support(question, article)
        problems += _answer_found(question, article)
    return problems


def asked(question: TestQuestion) -> tuple[str, ...]:
    """What makes two questions the same: their words, and what was said before them."""
    turns = [words for turn in question.conversation for words in (turn.question, turn.answer)]
    return tuple(normalise(words, question.lang, keep_articles=True) for words in [*turns, question.question])


def _twice(question: TestQuestion, first: TestQuestion, field: str, does: str) -> Iterator[Problem]:
    if first is not question:
        yield Problem(question.place, field, f"{does} that of {first.place}; change or remove one of them")


def _answerable(question: TestQuestion) -> Iterator[Problem]:
    if question.answerable and not question.articles:
        reason = "is true, but nothing supports an answer; name `quotes` or `articles`, or set it to false"
        yield Problem(question.place, "answerable", reason)
    if not question.answerable:
        for field in ("answers", "quotes", "articles"):
            if getattr(question, field) and not (field == "articles" and question.quotes):
                yield Problem(question.place, field, "must be empty, as `answerable` is false")


def _support(question: TestQuestion, article: Articles) -> Iterator[Problem]:
    quoted = {quote.article for quote in question.quotes}
    for number, quote in enumerate(question.quotes):
        yield from _quote(quote, f"quotes[{number}]", question, article)
    for id in question.articles:
        if id not in quoted and article(id) is None:
            yield _unknown(id, "articles", question)


def _quote(quote: Quote, field: str, question: TestQuestion, article: Articles) -> Iterator[Problem]:
    found = article(quote.article)
    if found is None:
        yield _unknown(quote.article, f"{field}.article", question)
    elif quote.quote not in found.text:
        yield Problem(question.place, f"{field}.quote", _not_there(quote, found))


def _unknown(id: str, field: str, question: TestQuestion) -> Problem:
    return Problem(question.place, field, f"the index has no article {id!r}; `tanya articles list` shows what it has")


def _not_there(quote: Quote, article: Article) -> str:
    shown = quote.quote if len(quote.quote) <= QUOTE_CHARS else f"{quote.quote[:QUOTE_CHARS]}…"
    reason = f"“{shown}” is not letter for letter in {quote.article!r}"
    if " ".join(quote.quote.split()) in " ".join(article.text.split()):
        return f"{reason}: line breaks or spaces differ"
    if normalise(quote.quote, keep_articles=True) in normalise(article.text, keep_articles=True):
        return f"{reason}: capitals or punctuation differ"
    return reason


def _answer_found(question: TestQuestion, article: Articles | None) -> Iterator[Problem]:
    if not question.answers or not question.answerable or ANSWERED_IN_OWN_WORDS & {*question.tags}:
        return
    texts = [quote.quote for quote in question.quotes]
    where = "quote"
    if not texts and article:
        texts = [found.text for id in question.articles if (found := article(id))]
        where = "article"
    if texts and not answer_in(texts, question.answers, question.lang):
        yield Problem(question.place, "answers", f"none is said in any {where} of the question", is_error=False)
