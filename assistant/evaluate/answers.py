"""How right a short answer is: exact match, token F1, and whether the quoted words hold it.

Rajpurkar et al. 2016 (SQuAD) define both, Rajpurkar, Jia and Liang 2018 (SQuAD 2.0) extend them to questions without
an answer, and Lewis et al. 2020 (MLQA) to other languages: punctuation is what Unicode calls so, and only English
loses its articles. On ASCII text in English the figures are those of SQuAD 2.0.

Every function takes the right answers of one question and counts the best of them. No answer at all means that the
question has none, and saying nothing is right.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache

# Half of the words: "1995" for "pada 1995" and "100 Boeing aircraft" for "100" are right.
RIGHT_F1 = 0.5
ENGLISH_ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalise(text: str, lang: str = "en", keep_articles: bool = False) -> str:
    """Lower case, without punctuation, English articles and superfluous white space.

    Punctuation is Unicode's category P and what ASCII counts as such ($, +, <, …). It vanishes without leaving a
    space, as in SQuAD. `keep_articles` is for figures in which *the* counts.

    >>> normalise("The  Su-30s, “Flankers”!"), normalise("Rp1,5 triliun.", "id")
    ('su30s flankers', 'rp15 triliun')
    """
    kept = "".join(character for character in unicodedata.normalize("NFC", text).lower() if not _punctuates(character))
    if lang == "en" and not keep_articles:
        kept = ENGLISH_ARTICLES.sub(" ", kept)
    return " ".join(kept.split())


@cache
def _punctuates(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")


def exact_match(given: str, answers: Sequence[str], lang: str = "en", keep_articles: bool = False) -> float:
    """1 where the answer is, normalised, one of the right ones, else 0.

    >>> exact_match("the Sunda Strait.", ["Sunda Strait"])
    1.0
    """
    words = normalise(given, lang, keep_articles)
    return float(words in _right(answers, lang, keep_articles))


def token_f1(given: str, answers: Sequence[str], lang: str = "en", keep_articles: bool = False) -> float:
    """2PR / (P + R) with P the share of the given words that are right and R of the right words that are given.

    Words count as often as they occur. Where one side is empty, the other must be.

    >>> round(token_f1("enam jet tempur", ["enam jet", "enam"], "id"), 2)
    0.8
    """
    words = normalise(given, lang, keep_articles).split()
    return max(_f1(words, right.split()) for right in _right(answers, lang, keep_articles))


def _f1(given: Sequence[str], right: Sequence[str]) -> float:
    if not given or not right:
        return float(given == right)
    common = (Counter(given) & Counter(right)).total()
    return 2 * common / (len(given) + len(right))  # equals 2PR / (P + R), without dividing by zero


def _right(answers: Sequence[str], lang: str, keep_articles: bool) -> list[str]:
    """The right answers, normalised; as in SQuAD 2.0, no answer is the empty answer."""
    return [words for answer in answers if (words := normalise(answer, lang, keep_articles))] or [""]


def agrees(given: str, answers: Sequence[str], lang: str = "en") -> bool:
    """Whether half of the words are a right answer's, by token F1, and no number is another one.

    Of the numbers in digits one side may have more than the other: "July 2020" agrees with "5 July 2020".

    >>> agrees("pada 1995", ["1995"], "id"), agrees("105 dead", ["89 dead"]), agrees("6 July 2020", ["5 July 2020"])
    (True, False, False)
    """
    return any(
        token_f1(given, [answer], lang) >= RIGHT_F1 and same_numbers(given, answer, lang) for answer in answers or [""]
    )


def same_numbers(one: str, other: str, lang: str = "en") -> bool:
    """Whether all of one side's numbers in digits, which may be none, are among the other's."""
    a, b = (set(re.findall(r"\d+", normalise(text, lang))) for text in (one, other))
    return a <= b or b <= a


def answer_in(texts: Sequence[str], answers: Sequence[str], lang: str = "en") -> float:
    """1 where any of the texts holds any right answer as whole words, normalised, else 0.

    Words are also those that punctuation parts: *Anwar* is in *Anwar's*, *Bandung* in *Jakarta-Bandung*, but *5* is
    not in *1.5*. Without a right answer, 1 where there is no text. The match of Chen et al. 2017 (DrQA) for open
    questions.

    >>> answer_in(["Enam jet tempur dibeli dari Rusia."], ["enam jet"], "id"), answer_in(["1995"], ["99"])
    (1.0, 0.0)
    """
    if _right(answers, lang, keep_articles=False) == [""]:
        return float(not any(normalise(text, lang) for text in texts))
    wanted = [_forms(answer, lang) for answer in answers]
    given = [_forms(text, lang) for text in texts]
    return float(any(_holds(text, answer) for text in given for answer in wanted))


def _forms(text: str, lang: str) -> tuple[str, str]:
    return normalise(text, lang), normalise(_parted(text), lang)


def _holds(text: tuple[str, str], answer: tuple[str, str]) -> bool:
    return any(words and f" {words} " in f" {whole} " for whole, words in zip(text, answer, strict=True))


def _parted(text: str) -> str:
    """The text with a space for each punctuation mark that does not stand between two digits."""
    around = f" {text} "
    return "".join(
        " " if _punctuates(character) and not (before.isdigit() and after.isdigit()) else character
        for before, character, after in zip(around, text, around[2:], strict=False)
    )
