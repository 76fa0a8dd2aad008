"""Article -> test questions that its sentences answer. Rules alone, no model: the same article gives the same ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from assistant.chunk import sentence_offsets
from assistant.evaluate.answers import answer_in, normalise
from assistant.evaluate.fields import id_of
from assistant.evaluate.questions import Quote, TestQuestion
from assistant.evaluate.suggest import english, indonesian
from assistant.evaluate.suggest.fact import Fact
from assistant.evaluate.suggest.names import Names, names_of
from assistant.language import months
from assistant.records import Article

SUGGESTED = "suggested"
TEMPLATES: dict[str, Callable[[str, Names], Iterator[Fact]]] = {"en": english.facts, "id": indonesian.facts}
UNCLEAR = {"en": english.UNCLEAR, "id": indonesian.UNCLEAR}
WORDS = (4, 24)
SENTENCE_CHARS = 400
# A name or a year that tells which event is meant; a day alone does not.
MONTH = "|".join((*months("en"), *months("id")))
ANCHOR = re.compile(rf"(?<=\s)(?!(?:{MONTH})\b)[A-Z][\w-]+|\b(?:19|20)\d\d\b")
# Direct speech, several lines, a dateline that was not known as one.
UNFIT = re.compile(r"[“”\"?!\n]|^[A-Z][A-Z ,.]+ [-–—] ")


def candidates(article: Article) -> Iterator[TestQuestion]:
    """The questions that the article's sentences answer, in the order of the text; none in a third language."""
    facts = TEMPLATES.get(article.lang)
    if facts is None:
        return
    names = names_of(article)
    for start, end in sentence_offsets(article.text, article.lang):
        sentence = article.text[start:end]
        if len(sentence) <= SENTENCE_CHARS and not UNFIT.search(sentence):
            for fact in facts(sentence, names):
                if fact.answers[0] in sentence and sensible(fact, names, article.lang):
                    yield _question(fact, sentence, article)


def sensible(fact: Fact, names: Names, lang: str) -> bool:
    """Whether one who has not read the article would understand the question, and it does not give its answer away."""
    question = fact.question
    fits = WORDS[0] <= len(question.split()) <= WORDS[1] and question.count("(") == question.count(")")
    head, that, told = re.split(r"( that | bahwa |$)", question, maxsplit=1)
    if fact.kind == "when":  # "When did the air force say that it …?": who is meant was said before
        told = re.sub(r"\b(?:its?|his|her|she|he|ia)\b", "", told)
    anchored = any(word in names.known or word.isdigit() for word in ANCHOR.findall(question))
    clear = anchored and not UNCLEAR[lang].search(head + that + told)
    given_away = answer_in([question], fact.answers[:1], lang)
    return fits and clear and not given_away


def _question(fact: Fact, sentence: str, article: Article) -> TestQuestion:
    question = " ".join(fact.question.split()).replace(" ?", "?")
    return TestQuestion(
        id=id_of(question),
        question=question,
        lang=article.lang,
        answers=tuple(answer for answer in fact.answers if answer in sentence),
        articles=(article.id,),
        quotes=(Quote(article.id, sentence),),
        tags=(fact.kind, f"{article.lang}-{article.lang}", SUGGESTED),
    )


def in_turn(articles: Iterable[Article]) -> Iterator[TestQuestion]:
    """One question of each article, then a second of each and so on; of an article's, one of the rarest kind so far.

    No two ask the same. An article is read when its first turn comes.
    """
    used: Counter[str] = Counter()
    asked: set[str] = set()

    def draw(pool: list[TestQuestion]) -> Iterator[TestQuestion]:
        while pool:
            chosen = min(pool, key=lambda one: used[one.tags[0]])
            pool.remove(chosen)
            words = normalise(chosen.question, chosen.lang)
            if words not in asked:
                asked.add(words)
                used[chosen.tags[0]] += 1
                yield chosen
                return

    pools = []
    for article in articles:
        pool = list(candidates(article))
        yield from draw(pool)
        pools.append(pool)
    while pools := [pool for pool in pools if pool]:
        for pool in pools:
            yield from draw(pool)
