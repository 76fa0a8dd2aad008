"""A question that weighs two things against each other: what to ask about each, and which one it wants. Rules.

"Which line is longer, the metro's or Whoosh?" is answered by no sentence. How long each is stands in two, which are
found and read one by one, quoted together, and compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.amounts import is_duration, more
from assistant.dates import is_date, later
from assistant.records import Comparison, Lang, Measure, Span

CHOICE = r"(?:which|whose|whom?|what|where|mana|siapa|apa)"
AUX = r"(?:did|does|do|was|were|is|are|has|have|had)"
ASKING = rf"\b(?:{CHOICE}|{AUX})\b"
# Some verbs that what is weighed ends in: "Did the tram or the bus cost less?"
VERBS = (
    r"(?:cost|get|win|have|last|come|happen|carry|receive|score|sell|serve|live|open|start|begin|weigh|run|stand|take"
    r"|kill|visit|buy|order|die)"
)
PREPOSITION = r"(?:in|at|for|from|on|to|by|with|under|during|before|after)"
COMPARATIVE = (
    r"(?:earlier|later|sooner|older|younger|newer|longer|shorter|faster|slower|quicker|larger|smaller|bigger|greater|higher"
    r"|lower|taller|deeper|heavier|lighter|wider|stronger|weaker|cheaper|deadlier|closer|farther|(?:more|less)\s\w+)"
)
# What leads in is no part of what is weighed: "In 2021, did …", *Pada 2021, mana …*
LEADS = r"(?!di (?:mana|antara))(?:in|at|on|during|after|before|last|earlier|this|pada|di|tahun|dalam|selama|setelah)\b"
LEAD = re.compile(rf"(?P<lead>{LEADS}(?:(?!{ASKING})[^,])*),\s+(?=\w)", re.IGNORECASE)
SIDE = r"(?P<one>.{1,150}?)\s+(?:or|atau)\s+(?P<other>.{1,150}?)"
SIDES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<stem>.+?)[,:]\s*(?P<one>[^,:]+?)\s+(?:or|atau)\s+(?P<other>[^,:]+)",
        rf"(?P<stem>{AUX}\s.*?\bmore)\s+(?P<one>.+?)\s+or\s+more\s+(?P<other>.+)",
        rf"(?P<stem>{AUX}\s(?:there\s)?(?:more|fewer|less)\s.*)\s(?P<one>{PREPOSITION}\s.+?)\s+or\s+(?P<other>.+)",
        rf"(?P<stem>{AUX}\s.+)\s(?P<one>{PREPOSITION}\s.+?)\s+or\s+(?P<other>{PREPOSITION}\s.+)",
        rf"(?P<stem>{AUX}\s.*?\b(?:earlier|sooner|first|later))\s+(?P<one>.+?)\s+or\s+(?P<other>.+)",
        rf"{AUX}\s{SIDE}\s+(?P<stem>{VERBS}\s.+|{COMPARATIVE})",
        rf"{AUX}\s(?P<one>.+?)\s(?P<stem>{COMPARATIVE})\s+or\s+(?P<other>.+)",
        r"(?:di\s)?(?:antara|between)\s+(?P<one>(?!\d)[^,]+?)\s+(?:dan|and)\s+(?P<other>[^,]+?),\s*(?P<stem>.+)",
        r"(?P<stem>.+?)\s(?:di\s)?antara\s+(?P<one>[^,]+?)\s+dan\s+(?P<other>[^,]+)",
        rf"{SIDE}[,:]\s*(?P<stem>.+)",
        rf"(?P<stem>lebih\s\w+\smana)\s{SIDE}",
        r"(?P<stem>.+\slebih\s\w+)\s(?P<one>(?:di|pada|saat)\s.+?)\s+atau\s+(?P<other>.+)",
    )
)
NO_SIDE = re.compile(rf"(?:{AUX}|{CHOICE})\b|{COMPARATIVE}$|{COMPARATIVE}\sthan\b|than\b", re.IGNORECASE)
# What looks as if it weighed: "at least ten", "no longer", "more than half", "the first round".
NO_WEIGHING = re.compile(
    r"\b(?:no longer|at (?:least|most|first|last)|(?:more|less|fewer|higher|lower|earlier|later) than|lebih dari"
    r"|most recent|(?:more|most) (?:popular|likely|important|democratic|powerful|often|common)|lebih dekat dengan"
    r"|(?:the|an?|his|her|its|their|in|of) (?:first|last|latest)(?! (?:to|place)\b)"
    r"|(?:last|first) (?:week|month|year|night|time))\b",
    re.IGNORECASE,
)
# "The older suspect": after an article it is told from what weighs where the question does not say "which".
ATTRIBUTE = re.compile(rf"\b(?:the|an?|do|want|wants)\s(?:{COMPARATIVE}|most|further)\b", re.IGNORECASE)


class _Asked(NamedTuple):
    """What is asked about a side, by which words that is known, and whether they ask for the lesser one.

    `rest` are the question's other words; those that weigh are left out of them, but how wide something is asks *berapa
    luas*.
    """

    question: str
    words: re.Pattern[str]
    least: bool
    measure: Measure


def _asked(question: str, words: str, least: bool, measure: Measure) -> _Asked:
    return _Asked(question, re.compile(rf"\b(?:{words})\b", re.IGNORECASE), least, measure)


LESSER = r"(?:sedikit|kecil|rendah|singkat|pendek|ringan|dangkal|sempit|sepi|dekat|tipis)\b"
GREATER = r"(?:banyak|besar|tinggi|panjang|lama|jauh|luas|berat|dalam|ramai|laku|tebal|kuat)\b"
# The first that fits counts: "fewer at first" asks how many.
ASKED: dict[Lang, tuple[_Asked, ...]] = {
    "en": (
        _asked("When: {rest} {side}?", r"earlie[rs]t?|sooner|longer ago|further back", True, "date"),
        _asked("When: {rest} {side}?", r"later|latest|more recent(?:ly)?|newer", False, "date"),
        _asked("How much does {rest} {side} cost?", r"cheap(?:er|est)|less expensive|costs? less", True, "amount"),
        _asked(
            "How much does {rest} {side} cost?",
            r"(?:more|most) expensive|costlier|dearer|costs? more|cost (?:the )?most|pricier",
            False,
            "amount",
        ),
        _asked("How old is {side} {rest}?", r"young(?:er|est)|lower (?:minimum )?age", True, "age"),
        _asked("How old is {side} {rest}?", r"old(?:er|est)|higher (?:minimum )?age", False, "age"),
        _asked("How long is {rest} {side}?", r"short(?:er|est)", True, "amount"),
        _asked("How long is {rest} {side}?", r"long(?:er|est)", False, "amount"),
        _asked("How fast is {rest} {side}?", r"slow(?:er|est)", True, "speed"),
        _asked("How fast is {rest} {side}?", r"fast(?:er|est)|quick(?:er|est)", False, "speed"),
        _asked("How deep is {rest} {side}?", r"shallow(?:er|est)", True, "amount"),
        _asked("How deep is {rest} {side}?", r"deep(?:er|est)", False, "amount"),
        _asked("How far is {side} {rest}?", r"closer|closest|near(?:er|est)", True, "amount"),
        _asked("How far is {side} {rest}?", r"farthe(?:r|st)|further (?:from|away|below)", False, "amount"),
        _asked("How strong is {rest} {side}?", r"weak(?:er|est)", True, "amount"),
        _asked("How strong is {rest} {side}?", r"strong(?:er|est)", False, "amount"),
        _asked("How heavy is {rest} {side}?", r"light(?:er|est)", True, "amount"),
        _asked("How heavy is {rest} {side}?", r"heavi(?:er|est)", False, "amount"),
        _asked("How many people died in {rest} {side}?", r"deadli(?:er|est)", False, "amount"),
        _asked("How tall is {rest} {side}?", r"tall(?:er|est)", False, "amount"),
        _asked("How wide is {rest} {side}?", r"wid(?:er|est)", False, "amount"),
        _asked(
            "How many {rest} {side}?", r"fewe(?:r|st)|less|least|small(?:er|est)|low(?:er|est)|narrower", True, "amount"
        ),
        _asked("How many {rest} {side}?", r"more|most|(?:larg|bigg|great|high|busi)(?:er|est)", False, "amount"),
        _asked("When: {rest} {side}?", r"first", True, "date"),
        _asked("When: {rest} {side}?", r"last", False, "date"),
    ),
    "id": (
        _asked("Kapan {rest} {side}?", r"lebih (?:dulu|dahulu|awal|pagi|lampau)|terdahulu|duluan", True, "date"),
        _asked("Kapan {rest} {side}?", r"lebih (?:baru|akhir|belakangan|belakang)|belakangan", False, "date"),
        _asked("Berapa harga {rest} {side}?", r"lebih murah|termurah|paling murah", True, "amount"),
        _asked("Berapa harga {rest} {side}?", r"lebih mahal|termahal|paling mahal", False, "amount"),
        _asked("Berapa umur {side} {rest}?", r"lebih muda|termuda|paling muda", True, "age"),
        _asked(
            "Berapa umur {side} {rest}?", r"lebih tua|tertua|paling tua|lebih lama ber(?:lalu|selang)", False, "age"
        ),
        _asked("Seberapa cepat {side} {rest}?", r"lebih (?:lambat|pelan)", True, "speed"),
        _asked("Seberapa cepat {side} {rest}?", r"lebih (?:cepat|kencang|laju)", False, "speed"),
        _asked("Berapa {rest} {side}?", rf"(?:lebih |paling )(?={LESSER})|ter{LESSER}", True, "amount"),
        _asked("Berapa {rest} {side}?", rf"(?:lebih |paling )(?={GREATER})|ter{GREATER}", False, "amount"),
        _asked("Berapa korban tewas {rest} {side}?", r"lebih mematikan|paling mematikan", False, "amount"),
        _asked("Kapan {rest} {side}?", r"(?<=yang )pertama|pertama kali", True, "date"),
        _asked("Kapan {rest} {side}?", r"(?<=yang )terakhir|terakhir kali", False, "date"),
    ),
}
# The words of a question that are not asked again about a side.
SMALL = re.compile(
    rf"\b(?:{CHOICE}|{AUX}|in|the|with|came|come|comes|happened|there|by|yang|di|pada|lebih|antara)\b|,(?=\s|$)",
    re.IGNORECASE,
)
# "'s in 2016", *pada Mei 2020*: when it was, and whose, is said in the question.
WHEN = re.compile(r"(?:['’]s)?(?:\s(?:in|of|on|pada)(?:\s[^\W\d_]+)?)?\s(?:1\d|20)\d\d$|['’]s$", re.IGNORECASE)
NO_NAME = re.compile(rf"(?:{PREPOSITION}|pada|di|tahun|bulan)?", re.IGNORECASE)


def compared(text: str, lang: Lang) -> Comparison | None:
    """What `text` weighs, if it asks which of two is more, earlier, cheaper, …; None where it does not.

    >>> compared("Which line is longer, the metro's or Whoosh?", "en").questions
    ("How long is line the metro's?", 'How long is line Whoosh?')
    """
    typed = text.rstrip(" ?")
    lead = LEAD.match(typed)
    if lead and (found := compared(typed[lead.end() :], lang)):
        when = lead["lead"][:1].lower() + lead["lead"][1:]
        one, other = (f"{question[:-1]} {when}?" for question in found.questions)
        return replace(found, questions=(one, other))
    if lead or not re.search(rf"{ASKING}|\blebih\b", typed, re.IGNORECASE):
        return None
    for pattern in SIDES:
        found_sides = pattern.fullmatch(typed)
        if found_sides and not any(NO_SIDE.match(found_sides[side].strip()) for side in ("one", "other")):
            return _weighed(found_sides, lang)
    return None


def _weighed(found: re.Match[str], lang: Lang) -> Comparison | None:
    stem = NO_WEIGHING.sub(" ", found["stem"])
    last = re.split("[,:]", stem)[-1]
    if last != stem and not re.search(ASKING, last, re.IGNORECASE):
        return None  # there are more than two
    if re.match(rf"{AUX}\b", stem, re.IGNORECASE) and ATTRIBUTE.search(stem):
        return None
    for asked in ASKED[lang]:
        if asked.words.search(stem):
            rest = " ".join(SMALL.sub(" ", asked.words.sub(" ", stem)).split())
            sides = found["one"].strip(), found["other"].strip()
            question = asked.question if rest else asked.question.replace("How many {rest}", "How big is")
            one, other = (" ".join(question.format(side=side, rest=rest).split()).replace(" ?", "?") for side in sides)
            return Comparison(sides, (one, other), asked.least, asked.measure)
    return None


def chosen(comparison: Comparison, spans: Sequence[Span]) -> str:
    """The side that is asked for, by what was read about each; empty where that cannot be compared.

    What is older has the earlier date, and what is faster that too, or takes less time.
    """
    one, other = (span.text for span in spans)
    dates = [is_date(one), is_date(other)]
    in_time = later(one, other, (spans[0].passage.article.date, spans[1].passage.article.date))
    if comparison.measure == "date":
        order = in_time
    elif any(dates):
        order = -in_time if all(dates) and comparison.measure in ("age", "speed") else 0
    else:
        order = more(one, other)
        if comparison.measure == "speed" and (is_duration(one) or is_duration(other)):
            order = -order
    wanted = -1 if comparison.least else 1
    return "" if not order else comparison.sides[0 if order == wanted else 1]


def briefly(comparison: Comparison, side: str) -> str:
    """The side without its year and without a possessive at its end, where that still tells it from the other.

    >>> briefly(Comparison(("Obama's in 2016", "Biden's in 2023"), ("", ""), True), "Obama's in 2016")
    'Obama'
    """
    one, other = (WHEN.sub("", each) for each in comparison.sides)
    return side if one == other or NO_NAME.fullmatch(one) or NO_NAME.fullmatch(other) else WHEN.sub("", side)
