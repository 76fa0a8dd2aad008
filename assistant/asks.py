"""What a question asks for: a list, a number, a date, a name. Rules over the words of both languages."""

from __future__ import annotations

import re
from typing import Literal

Asked = Literal["list", "number", "date", "name", "other"]

NO_VERB = r"(?!(?:was|is|has|does|did|do|the|causes|happens|means|makes|says|status|process)\b)"
# The first that fits counts: "berapa negara saja" is a number, "tahun berapa" a date.
PATTERNS: tuple[tuple[Asked, re.Pattern[str]], ...] = tuple(
    (asked, re.compile(pattern, re.IGNORECASE))
    for asked, pattern in (
        (
            "date",
            r"\b(?:when|kapan|(?:what|which) (?:year|date|day|month)|(?:tahun|tanggal|bulan|hari) (?:berapa|apa))\b",
        ),
        ("number", r"\b(?:how (?:many|much|old|long|far|tall|big|large|deep|high|fast)|berapa|jumlah)\b"),
        (
            "list",
            # A plural right after "what" or "which", with an adjective between them or not.
            r"\b(?:list|name (?:the|all|some|two|three)|sebutkan|saja|(?:what|which|who) (?:are|were)"
            rf"|(?:what|which) people|apa yang di\w+|(?:what|which) (?:{NO_VERB}\w+ )?{NO_VERB}\w{{2,}}(?<![isu])s)\b",
        ),
        ("name", r"\b(?:who|whom|whose|siapa|siapakah)\b"),
    )
)


def asked_for(question: str) -> Asked:
    """What kind of answer the question wants.

    >>> [asked_for(q) for q in ("What jets did it buy?", "Tahun berapa?", "Berapa korban?", "Siapa dia?", "Why?")]
    ['list', 'date', 'number', 'name', 'other']
    """
    return next((asked for asked, pattern in PATTERNS if pattern.search(question)), "other")
