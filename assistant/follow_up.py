"""Whether a question leans on the turns before it, and what it leans on. Rules over both languages' words.

"And Malaysia?" and *umurnya berapa?* cannot be searched for as they stand. The first only names another name and is
asked in full: the last question with Malaysia in it. Without a language model nobody rewrites the second; the words of
the turns that it leans on go along instead, into the search and before the reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.language import ENGLISH, INDONESIAN

CONTINUES = re.compile(
    r"(?:and|but|so|then|what about|how about|dan|lalu|lantas|terus|kalau|tapi|tetapi|jadi|kok|bagaimana dengan"
    r"|gimana dengan)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W_][\w'’.-]*")
# A first word with a capital may be a name, but not with these endings: *alasannya*, *berapakah*.
NO_NAME = re.compile(r"(?:nya|kah|lah)$")
PREPOSITION = re.compile(
    r"\b(?:in|on|at|of|for|from|to|by|with|about|di|ke|dari|pada|untuk|buat|bagi|oleh|dengan|soal|tentang|tahun)\b",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"^the\b", re.IGNORECASE)
MOST_NAME_WORDS = 4
# Which of several texts a text is most like: its place among them.
Alike = Callable[[str, Sequence[str]], int]
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


def filled_in(question: str, before: str, alike: Alike) -> str:
    """What `question` asks in full, where it only names other names: `before` with each in the place of its like.

    Empty where it is another kind of question. A number takes the place of a number; of several names `alike` chooses.

    >>> filled_in("And Malaysia?", "When did RCEP come into force for Indonesia?", lambda name, others: 1)
    'When did RCEP come into force for Malaysia?'
    """
    full = before
    for name in _only_names(question):
        places = [place for place in _name_places(full) if _is_number(full[slice(*place)]) == _is_number(name)]
        if not places or name in before:
            return ""
        begin, end = places[alike(name, [full[slice(*place)] for place in places])]
        kept = full[:begin]
        if ARTICLE.match(name) or full[:end].endswith("s"):  # "the Philippines"
            kept = re.sub(r"\bthe $", "", kept)
        full = kept + name + full[end:]
    return full if full != before else ""


def _only_names(question: str) -> list[str]:
    """The names that are all of the question but for small words before them: "And in the Philippines?" names them."""
    rest = question.rstrip("?!. ")
    if continues := CONTINUES.match(rest):
        rest = rest[continues.end() :].lstrip(", ")
    found = [name for part in PREPOSITION.split(rest) if (name := part.strip(" ,;:.-"))]
    words = [word.strip(".-") for name in found for word in WORD.findall(ARTICLE.sub("", name))]
    return found if len(words) <= MOST_NAME_WORDS and all(map(_is_name, words)) else []


def _is_number(name: str) -> bool:
    return name.isdecimal()


def _name_places(text: str) -> list[tuple[int, int]]:
    """Where names stand, those of several words as one; but the first word alone: its capital may mean nothing."""
    places: list[tuple[int, int]] = []
    for match in WORD.finditer(text):
        begin, end = match.start(), match.start() + len(match[0].rstrip(".-"))
        if not _is_name(text[begin:end]):
            continue
        if places and places[-1][0] > 0 and text[places[-1][1] : begin] == " ":
            places[-1] = (places[-1][0], end)
        else:
            places.append((begin, end))
    return places


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
