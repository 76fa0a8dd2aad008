"""Text -> the terms of the word index: lower-case, in their dictionary form.

Indonesian says *membeli*, *dibeli* and *pembelian* where the dictionary says *beli*; simplemma knows the forms of
both languages. Names and numbers stay as they are.
"""

from __future__ import annotations

import re
import unicodedata

# Letters and digits, as SQLite's own tokenizer splits them.
WORD = re.compile(r"[^\W_]+")


def terms(text: str, lang: str) -> list[str]:
    """The terms of `text` in order, repeated as they are repeated.

    >>> terms("Senjata yang dibeli: Su-30", "id")
    ['senjata', 'yang', 'beli', 'su', '30']
    """
    import simplemma

    words = WORD.findall(plain(text))
    if lang not in ("en", "id"):
        return words
    return [plain(simplemma.lemmatize(word, lang=lang)) for word in words]


def plain(text: str) -> str:
    """Lower-case and without accents, as the word index keeps them."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    # Decomposing may bring capitals back: 𝐀 becomes A.
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()
