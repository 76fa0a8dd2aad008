"""Whether a question leans on the turns before it, and what it leans on. Rules over both languages' words.

"And Malaysia?" and *umurnya berapa?* cannot be searched for as they stand. Without a language model nobody rewrites
them; the words of the turns that they lean on go along instead, into the search and before the reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.language import ENGLISH, INDONESIAN

CONTINUES = re.compile(
    r"(?:and|but|so|then|what about|how about|dan|lalu|lantas|terus|kalau|tapi|tetapi|jadi|kok|bagaimana dengan"
    r"|gimana dengan)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W_][\w'’.-]*")
# A first word with a capital may be a name, but not with these endings: *alasannya*, *berapakah*.
NO_NAME = re.compile(r"(?:nya|kah|lah)$")
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
    found = []
    for word in WORD.findall(text):
        kept = word.strip(".-")
        small = kept.casefold()
        plain = small in ENGLISH or small in INDONESIAN or NO_NAME.search(small) is not None
        if not plain and (kept[:1].isupper() or any(character.isdigit() for character in kept)):
            found.append(kept)
    return list(dict.fromkeys(found))


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
