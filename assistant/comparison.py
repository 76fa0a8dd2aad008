"""A question that weighs two things against each other: what to ask about each, and which one it wants. Rules.

"Which line is longer, the metro's or Whoosh?" is answered by no sentence. How long each is stands in two, which are
found and read one by one, quoted together, and compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.amounts import later, more
from assistant.asks import asked_for
from assistant.records import Comparison, Lang, Span

SIDES = (
    r"(?P<stem>.+?)[,:]\s*(?P<one>[^,:]+?)\s+(?:or|atau)\s+(?P<other>[^,:]+)",
    r"(?P<stem>(?:did|does|do|was|were|is|are|has|have)\s.*?\bmore)\s+(?P<one>.+?)\s+or\s+more\s+(?P<other>.+)",
    r"(?P<stem>(?:did|does|do|was|were|is|are|has|have)\s.*?\b(?:earlier|sooner|first|later))\s+(?P<one>.+?)\s+or\s+(?P<other>.+)",
    r"(?:antara|between)\s+(?P<one>[^,]+?)\s+(?:dan|and)\s+(?P<other>[^,]+?),\s*(?P<stem>.+)",
)
CHOOSES = re.compile(r"\b(?:which|whose|who|what|did|does|mana|siapa|apa)\b", re.IGNORECASE)
# What is asked about a side, by which words that is known, and whether they ask for the lesser one. `rest` are the
# question's other words. The first that fits counts.
ASKED: dict[Lang, tuple[tuple[str, str, bool], ...]] = {
    "en": (
        ("When: {rest} {side}?", r"earlie[rs]t?|first|sooner|longer ago", True),
        ("When: {rest} {side}?", r"later|latest|more recent(?:ly)?|newer|last", False),
        ("How much does {side} cost?", r"cheaper|less expensive|costs? less|cost less", True),
        ("How much does {side} cost?", r"more expensive|costlier|dearer|costs? more|cost more", False),
        ("How old is {side}?", r"younger|lower (?:minimum )?age", True),
        ("How old is {side}?", r"older|higher (?:minimum )?age", False),
        ("How long is {side}?", r"shorter", True),
        ("How long is {side}?", r"longer", False),
        ("How many {rest} {side}?", r"fewer|fewest|less|least|smaller|lower", True),
        ("How many {rest} {side}?", r"more|most|larger|bigger|greater|higher|heavier|deadlier", False),
    ),
    "id": (
        ("Kapan {rest} {side}?", r"lebih (?:dulu|dahulu|awal)|(?:pertama|duluan|terdahulu)", True),
        ("Kapan {rest} {side}?", r"lebih (?:baru|akhir|belakangan)|(?:terakhir|belakangan|terbaru)", False),
        ("Berapa harga {side}?", r"lebih murah|termurah", True),
        ("Berapa harga {side}?", r"lebih mahal|termahal", False),
        ("Berapa {rest} {side}?", r"lebih (?:sedikit|kecil|rendah|singkat|pendek|ringan|muda)|paling sedikit", True),
        (
            "Berapa {rest} {side}?",
            r"lebih (?:banyak|besar|tinggi|panjang|lama|jauh|luas|berat|tua)|paling banyak",
            False,
        ),
    ),
}
# The words of a question that are not asked again about a side.
SMALL = re.compile(
    r"\b(?:which|whose|who|what|did|does|do|was|were|is|are|has|have|in|the|with|came|come|comes|happened|larger|bigger"
    r"|more|fewer|earlier|sooner|first|later|mana|yang|siapa|apa|di|pada|lebih|antara|dulu|dahulu|duluan|awal)\b",
    re.IGNORECASE,
)


def compared(text: str, lang: Lang) -> Comparison | None:
    """What `text` weighs, if it asks which of two is more, earlier, cheaper, …; None where it does not.

    >>> compared("Which line is longer, the metro's or Whoosh?", "en").questions
    ("How long is the metro's?", 'How long is Whoosh?')
    """
    typed = text.rstrip(" ?")
    found = next((found for sides in SIDES if (found := re.fullmatch(sides, typed, re.IGNORECASE))), None)
    if not found or not CHOOSES.search(found["stem"]):
        return None
    for question, words, least in ASKED[lang]:
        if re.search(rf"\b(?:{words})\b", found["stem"], re.IGNORECASE):
            rest = " ".join(SMALL.sub(" ", found["stem"]).split())
            sides = found["one"].strip(), found["other"].strip()
            one, other = (" ".join(question.format(side=side, rest=rest).split()) for side in sides)
            return Comparison(sides, (one, other), least)
    return None


def chosen(comparison: Comparison, spans: Sequence[Span]) -> str:
    """The side that is asked for, by what was read about each; empty where that cannot be compared."""
    one, other = (span.text for span in spans)
    if asked_for(comparison.questions[0]) == "date":
        first, second = (span.passage.article.date for span in spans)
        order = later(one, other, (first, second))
    else:
        order = more(one, other)
    wanted = -1 if comparison.least else 1
    return "" if not order else comparison.sides[0 if order == wanted else 1]
