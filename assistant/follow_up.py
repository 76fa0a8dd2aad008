"""Whether a question leans on the turns before it, and what it leans on. Rules over both languages' words.

"And Malaysia?" and *umurnya berapa?* cannot be searched for as they stand. The first only names another name and is
asked in full: the last question with Malaysia in it. Without a language model nobody rewrites the second; the words of
the turns that it leans on go along instead, into the search and before the reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from assistant.language import ENGLISH, INDONESIAN, months

CONTINUES = re.compile(
    r"(?:and|but|so|then|what about|how about|dan|lalu|lantas|terus|kalau|tapi|tetapi|jadi|kok|bagaimana dengan"
    r"|gimana dengan)\b",
    re.IGNORECASE,
)
ENDS = re.compile(r"\b(?:bagaimana|gimana|then|too|juga)$", re.IGNORECASE)
WORD = re.compile(r"[^\W_][\w'’.-]*")
POSSESSIVE = re.compile(r"['’]s$")
# A first word with a capital may be a name, but not with these endings, *alasannya*, *berapakah*, nor one of these.
NO_NAME = re.compile(r"(?:nya|kah|lah)$")
OPENS = frozenset(
    """
    according after before between besides during except give instead list may might name never often please say since
    should tell until
    berdasarkan jelaskan ketika menjelang menurut namun sebelum sebutkan sejak selain selama sesudah
    setelah tolong waktu
    """.split()
)
PREPOSITION = re.compile(
    r"\b(in|on|at|of|for|from|to|by|with|about|di|ke|dari|pada|untuk|buat|bagi|oleh|dengan|soal|tentang|tahun)\s",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"the\s+", re.IGNORECASE)
WITH_ARTICLE = re.compile(r"(?:Philippines|Netherlands|Maldives|Solomons|US|UK|EU|UN|United \w+|European Union)$")
YEAR = re.compile(r"(?:19|20)\d\d")
MOST_NAME_WORDS = 4
# Which of several texts a text is most like: its place among them, and how much (cosine).
Alike = Callable[[str, Sequence[str]], tuple[int, float]]
# How much a name must be like the one whose place it takes; more where nothing else says that the question goes on.
LIKE, LIKE_ALONE = 0.2, 0.5
# Of long turns so much: the topic at their beginning, and the last answer.
MOST_CHARS = 400


def leans(question: str) -> bool:
    """Whether the question goes on from another: it begins so, or it names nobody and nothing.

    >>> [leans(question) for question in ("And Malaysia?", "umurnya berapa?", "RCEP berlaku kapan?")]
    [True, True, False]
    """
    return CONTINUES.match(question) is not None or not names(question)


def names(text: str) -> list[str]:
    """Words with a capital letter or a digit, each once; the small words that begin a sentence are none.

    >>> names("Siapa yang ditemui Lavrov di Jakarta pada 2022?")
    ['Lavrov', 'Jakarta', '2022']
    """
    words = (word.strip(".-") for word in WORD.findall(text))
    return list(dict.fromkeys(word for word in words if _is_name(word)))


def _is_name(word: str) -> bool:
    small = word.casefold()
    plain = small in ENGLISH or small in INDONESIAN or NO_NAME.search(small) is not None
    return not plain and (word[:1].isupper() or any(character.isdigit() for character in word))


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in a question, where it stands, and the preposition before it."""

    text: str
    begin: int
    end: int
    preposition: str = ""

    @property
    def kind(self) -> str:
        if self.text.isdecimal():
            return "year" if YEAR.fullmatch(self.text) else "number"
        return "month" if self.text.casefold() in _months() else "name"


@cache
def _months() -> frozenset[str]:
    return frozenset(name.casefold() for name in (*months("en"), *months("id")))


def filled_in(question: str, before: str, alike: Alike) -> str:
    """What `question` asks in full, where it only names other names: `before` with each in the place of its like.

    Empty where it is another kind of question. A year takes the place of a year, a month of a month, a number of a
    number; what has a preposition that of what has the same one. Of several names `alike` chooses.

    >>> filled_in("And Malaysia?", "When did RCEP come into force for Indonesia?", lambda name, others: (1, 0.7))
    'When did RCEP come into force for Malaysia?'
    """
    goes_on, named = _names_alone(question)
    places = _names_in(before)
    changes: list[tuple[_Name, str]] = []
    for name in named:
        if any(place.text == name.text for place in places):
            continue  # as it was
        fit = [place for place in places if place.kind == name.kind and place not in (taken for taken, _ in changes)]
        fit = [place for place in fit if place.preposition == name.preposition != ""] or fit
        if not fit:
            return ""
        chosen, likeness = alike(name.text, [place.text for place in fit])
        if name.kind == "name" and likeness < (LIKE if goes_on or name.preposition else LIKE_ALONE):
            return ""
        changes.append((fit[chosen], name.text))
    full = before
    for place, text in sorted(changes, key=lambda change: -change[0].begin):
        kept = full[: place.begin]
        if ARTICLE.match(text) or WITH_ARTICLE.match(place.text):
            kept = re.sub(r"\bthe $", "", kept, flags=re.IGNORECASE)
        full = kept + text + full[place.end :]
    return full if changes else ""


def only_names(question: str) -> bool:
    """Whether the question names something and says no more.

    >>> only_names("And Malaysia in 2019?"), only_names("And Malaysia's king?")
    (True, False)
    """
    return bool(_names_alone(question)[1])


def _names_alone(question: str) -> tuple[bool, list[_Name]]:
    """Whether the question says that it goes on, and the names that are all the rest of it; none where more is said."""
    rest, goes_on = question.strip(" ?!.…"), False
    while continues := CONTINUES.match(rest):
        rest, goes_on = rest[continues.end() :].lstrip(", "), True
    if ends := ENDS.search(rest):
        rest, goes_on = rest[: ends.start()].rstrip(", "), True
    named = _names_in(rest, first_is_plain=False)
    between = rest
    for name in reversed(named):
        between = between[: name.begin] + between[name.end :]
    left = [word for word in WORD.findall(between) if not PREPOSITION.match(f"{word} ") and word.casefold() != "the"]
    few = sum(len(name.text.split()) for name in named) <= MOST_NAME_WORDS
    named = [replace(name, text=_with_article(rest, name)) for name in named]
    return goes_on, named if few and not left else []


def _with_article(text: str, name: _Name) -> str:
    return f"the {name.text}" if re.search(r"\bthe\s+$", text[: name.begin], re.IGNORECASE) else name.text


def _names_in(text: str, first_is_plain: bool = True) -> list[_Name]:
    """The names, those of several words as one; numbers and months by themselves.

    The first word of a sentence has its capital in any case: it is a name unless it is one of those that open one.
    """
    found: list[_Name] = []
    for match in WORD.finditer(text):
        word = POSSESSIVE.sub("", match[0].rstrip(".-"))
        begin, end = match.start(), match.start() + len(word)
        opens = first_is_plain and begin == 0 and word.casefold() in OPENS
        if opens or not _is_name(word):
            continue
        name = _Name(word, begin, end, _preposition_before(text[:begin]))
        last = found[-1] if found else None
        if last and last.end + 1 == begin and text[last.end] == " " and last.kind == name.kind == "name":
            found[-1] = replace(last, text=text[last.begin : end], end=end)
        else:
            found.append(name)
    return found


def _preposition_before(text: str) -> str:
    """The preposition that `text` ends with, an article after it aside."""
    found = re.search(rf"{PREPOSITION.pattern}(?:the\s)?$", text, re.IGNORECASE)
    return found[1].casefold() if found else ""


def leant_on(question: str, turns: Sequence[tuple[str, str]]) -> str:
    """What the earlier `turns` (question, answer) say that `question` leans on; empty where it stands alone.

    It goes back to the last question that did stand alone.

    >>> leant_on("And how old was he?", [("Who stayed in the tower?", "Agung"), ("Where is it?", "Palu")])
    'Who stayed in the tower? Agung. Where is it? Palu.'
    """
    if not turns or not leans(question):
        return ""
    first = next((k for k in range(len(turns) - 1, 0, -1) if not leans(turns[k][0])), 0)
    words = " ".join(f"{asked} {answer}." if answer else asked for asked, answer in turns[first:])
    words = " ".join(words.split())
    return words if len(words) <= MOST_CHARS else f"{words[: MOST_CHARS // 2]} … {words[-MOST_CHARS // 2 :]}"
