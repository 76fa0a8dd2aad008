"""A question that weighs two things against each other: what to ask about each, and which one it wants. Rules.

"Which line is longer, the metro's or Whoosh?" is answered by no sentence. How long each is stands in two, which are
found and read one by one, quoted together, and compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.amounts import is_duration, later, more
from assistant.asks import asked_for
from assistant.records import Comparison, Lang, Span

AUX = r"(?:did|does|do|was|were|is|are|has|have)"
VERBS = (
    r"(?:cost|get|win|have|last|come|happen|carry|receive|score|sell|serve|live|open|start|begin|weigh|run|stand|take)"
)
PREPOSITION = r"(?:in|at|for|from|on|to|by|with|under|during|before|after)"
SIDES = (
    r"(?P<stem>.+?)[,:]\s*(?P<one>[^,:]+?)\s+(?:or|atau)\s+(?P<other>[^,:]+)",
    rf"(?P<stem>{AUX}\s.*?\bmore)\s+(?P<one>.+?)\s+or\s+more\s+(?P<other>.+)",
    rf"(?P<stem>{AUX}\s(?:there\s)?(?:more|fewer|less)\s.*?)\s(?P<one>{PREPOSITION}\s.+?)\s+or\s+(?P<other>.+)",
    rf"(?P<stem>{AUX}\s.+?)\s(?P<one>{PREPOSITION}\s.+?)\s+or\s+(?P<other>{PREPOSITION}\s.+)",
    rf"(?P<stem>{AUX}\s.*?\b(?:earlier|sooner|first|later))\s+(?P<one>.+?)\s+or\s+(?P<other>.+)",
    rf"{AUX}\s(?P<one>.+?)\s+or\s+(?P<other>.+?)\s+(?P<stem>{VERBS}\s.+)",
    rf"{AUX}\s(?P<one>.+?)\s(?P<stem>\w+er|more\s\w+)\s+or\s+(?P<other>.+)",
    r"(?:antara|between)\s+(?P<one>[^,]+?)\s+(?:dan|and)\s+(?P<other>[^,]+?),\s*(?P<stem>.+)",
)
CHOOSES = re.compile(rf"\b(?:which|whose|whom?|what|{AUX}|mana|siapa|apa)\b", re.IGNORECASE)
LESSER = r"(?:sedikit|kecil|rendah|singkat|pendek|ringan|dangkal|sempit|sepi|dekat|tipis)\b"
GREATER = r"(?:banyak|besar|tinggi|panjang|lama|jauh|luas|berat|dalam|ramai|laku|tebal|kuat)\b"
# What is asked about a side, by which words that is known, and whether they ask for the lesser one. `rest` are the
# question's other words: those that weigh are left out of them, but how wide something is asks *berapa luas*. The first
# that fits counts: "fewer at first" asks how many.
ASKED: dict[Lang, tuple[tuple[str, str, bool], ...]] = {
    "en": (
        ("When: {rest} {side}?", r"earlie[rs]t?|sooner|longer ago|further back", True),
        ("When: {rest} {side}?", r"later|latest|more recent(?:ly)?|newer", False),
        ("How much does {side} cost?", r"cheaper|less expensive|costs? less|cost less", True),
        ("How much does {side} cost?", r"more expensive|costlier|dearer|costs? more|cost more|pricier", False),
        ("How old is {side}?", r"younger|lower (?:minimum )?age", True),
        ("How old is {side}?", r"older|higher (?:minimum )?age", False),
        ("How long is {side}?", r"shorter", True),
        ("How long is {side}?", r"longer", False),
        ("How fast: {rest} {side}?", r"slower", True),
        ("How fast: {rest} {side}?", r"faster|quicker", False),
        ("How deep is {side}?", r"shallower", True),
        ("How deep is {side}?", r"deeper", False),
        ("How far is {side} {rest}?", r"closer|nearer", True),
        ("How far is {side} {rest}?", r"farther|further", False),
        ("How many {rest} {side}?", r"fewer|fewest|less|least|smaller|lower|lighter|narrower", True),
        (
            "How many {rest} {side}?",
            r"more|(?<!at )most|larger|bigger|greater|higher|heavier|deadlier|taller|wider|busier|stronger",
            False,
        ),
        ("When: {rest} {side}?", r"first", True),
        ("When: {rest} {side}?", r"last", False),
    ),
    "id": (
        ("Kapan {rest} {side}?", r"lebih (?:dulu|dahulu|awal|pagi|lampau)|terdahulu|duluan", True),
        ("Kapan {rest} {side}?", r"lebih (?:baru|akhir|belakangan|belakang)|terbaru|belakangan", False),
        ("Berapa harga {side}?", r"lebih murah|termurah", True),
        ("Berapa harga {side}?", r"lebih mahal|termahal", False),
        ("Berapa umur {side} {rest}?", r"lebih muda|termuda", True),
        ("Berapa umur {side} {rest}?", r"lebih tua|tertua|lebih lama ber(?:lalu|selang)", False),
        ("Seberapa cepat {side} {rest}?", r"lebih (?:lambat|pelan)", True),
        ("Seberapa cepat {side} {rest}?", r"lebih (?:cepat|kencang|laju)", False),
        ("Berapa {rest} {side}?", rf"lebih (?={LESSER})|paling sedikit", True),
        ("Berapa {rest} {side}?", rf"lebih (?={GREATER})|paling banyak", False),
        ("Kapan {rest} {side}?", r"pertama", True),
        ("Kapan {rest} {side}?", r"terakhir", False),
    ),
}
# What is older has the earlier date, and what is faster that too, or takes less time.
AGE, SPEED = r"How old\b|Berapa umur\b", r"How fast\b|Seberapa cepat\b"
# The words of a question that are not asked again about a side.
SMALL = re.compile(
    r"\b(?:which|whose|whom?|what|where|did|does|do|was|were|is|are|has|have|in|the|with|came|come|comes|happened|there|by"
    r"|mana|yang|siapa|apa|di|pada|lebih|antara)\b",
    re.IGNORECASE,
)


def compared(text: str, lang: Lang) -> Comparison | None:
    """What `text` weighs, if it asks which of two is more, earlier, cheaper, …; None where it does not.

    >>> compared("Which line is longer, the metro's or Whoosh?", "en").questions
    ("How long is the metro's?", 'How long is Whoosh?')
    """
    typed = text.rstrip(" ?")
    found = next((found for sides in SIDES if (found := re.fullmatch(sides, typed, re.IGNORECASE))), None)
    if not found or not CHOOSES.search(typed):
        return None
    for question, words, least in ASKED[lang]:
        weighing = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
        if weighing.search(found["stem"]):
            rest = " ".join(SMALL.sub(" ", weighing.sub(" ", found["stem"])).split())
            sides = found["one"].strip(), found["other"].strip()
            one, other = (" ".join(question.format(side=side, rest=rest).split()) for side in sides)
            return Comparison(sides, (one.replace(" ?", "?"), other.replace(" ?", "?")), least)
    return None


# "'s in 2016", *pada Mei 2020*: when it was, and whose, is said in the question.
WHEN = re.compile(r"(?:['’]s)?(?:\s(?:in|of|on|pada)(?:\s[^\W\d_]+)?)?\s(?:1\d|20)\d\d$|['’]s$", re.IGNORECASE)


def briefly(comparison: Comparison, side: str) -> str:
    """The side without its year and without a possessive at its end, where that still tells it from the other.

    >>> briefly(Comparison(("Obama's in 2016", "Biden's in 2023"), ("", ""), True), "Obama's in 2016")
    'Obama'
    """
    one, other = (WHEN.sub("", each) for each in comparison.sides)
    return WHEN.sub("", side) if one and other and one != other else side


def chosen(comparison: Comparison, spans: Sequence[Span]) -> str:
    """The side that is asked for, by what was read about each; empty where that cannot be compared."""
    one, other = (span.text for span in spans)
    asked, order = comparison.questions[0], more(one, other)
    in_time = later(one, other, (spans[0].passage.article.date, spans[1].passage.article.date))
    if asked_for(asked) == "date":
        order = in_time
    elif re.match(SPEED, asked) and is_duration(one):
        order = -order
    elif re.match(rf"{AGE}|{SPEED}", asked) and in_time and not is_duration(one):
        order = -in_time
    wanted = -1 if comparison.least else 1
    return "" if not order else comparison.sides[0 if order == wanted else 1]
