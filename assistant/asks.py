"""What a question asks for: yes or no, a list, money, a number, a date, a name. Rules over both languages' words."""

from __future__ import annotations

import re
from typing import Literal

Asked = Literal["yes-no", "list", "money", "number", "date", "name", "other"]

# A noun in the plural between "what" and the verb.
PLURAL = r"(?:what|which) (?:\w+ )?(?:\w+ies|people|\w{2,}(?<![isu])s (?:did|do|does|were|are|have|has|will|can))"

# The question word that comes first decides: "How many died when it erupted?" asks for a number. Where two patterns
# begin at the same word, the upper one counts.
WORDS: tuple[tuple[Asked, str], ...] = (
    (
        "yes-no",
        r"^(?:(?:and|but|so|or|dan|lalu|tapi|jadi|atau) )?"
        r"(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|benarkah|adakah|sudahkah|apakah"
        # *Apakah nama kapal itu* asks what.
        r"(?! (?:yang|nama|arti|makna|fungsi|tujuan|isi|judul|jenis|penyebab|perbedaan|ibu ?kota|mata uang)))",
    ),
    (
        "date",
        r"when|kapan(?:kah)?|(?:what|which) (?:year|date|day|month|time)"
        r"|(?:tahun|tanggal|bulan|jam|pukul) (?:berapa|apa)",
    ),
    (
        "money",
        r"how much(?=.*\b(?:pay|paid|cost|worth|spend|spent|price|sold)\b)"
        r"|berapa(?=.*\b(?:harga|biaya|nilai|anggaran|tarif|bayar|dibayar|membayar))",
    ),
    ("number", r"how (?:many|much|old|long|far|tall|big|large|deep|high|fast)|berapa(?:kah)?"),
    (
        "list",
        r"list|name (?:the|all|some|two|three)|sebutkan|(?:what|which|who) (?:are|were)|(?:siapa|apa) saja"
        rf"|\w+ (?:apa|mana) saja|(\w{{3,}})-\1 (?:apa|mana)|\w+ apa yang di\w+|{PLURAL}",
    ),
    ("name", r"who|whom|whose|siapa(?:kah)?"),
    ("other", r"what|which|where|why|how|apa(?:kah)?|mana|mengapa|kenapa|bagaimana(?:kah)?"),
)
PATTERNS = [(asked, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for asked, words in WORDS]
# "What did the WHO recommend?"
ABBREVIATION = re.compile(r"\bWHO\b(?=.*[a-z])")


def asked_for(question: str) -> Asked:
    """What kind of answer the question wants.

    >>> [asked_for(q) for q in ("What jets did it buy?", "Tahun berapa?", "Berapa korban?", "Siapa?", "Did it sink?")]
    ['list', 'date', 'number', 'name', 'yes-no']
    """
    text = ABBREVIATION.sub("_", question)
    found = [
        (match.start(), order, asked)
        for order, (asked, pattern) in enumerate(PATTERNS)
        if (match := pattern.search(text))
    ]
    return min(found)[2] if found else "other"


MONEY = re.compile(
    r"[$€£¥]|\b(?:rp|us|usd|idr|dollars?|dolar|euros?|rupiah|pesos?|baht|ringgit|won|yuan|yen|rubles?|rubel"
    r"|[mb]illion|trillion|juta|miliar|triliun)\b|\brp\d",
    re.IGNORECASE,
)


def can_answer(asked: Asked, words: str) -> bool:
    """Whether `words` can be such an answer at all: a sum of money names its currency, or at least its millions.

    >>> can_answer("money", "30 MiG"), can_answer("money", "Rp150 ribu"), can_answer("name", "30 MiG")
    (False, True, True)
    """
    return asked != "money" or MONEY.search(words) is not None
