"""An English sentence -> the questions it answers, by templates. What they do not fit is passed over.

A clause is subject, verb and rest; "when" and its like invert it ("did … sign"), "who" and "how many" take the
subject's place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.evaluate.suggest.fact import Fact, up_to_comma
from assistant.evaluate.suggest.names import Names
from assistant.language import months

MONTH = "|".join(months("en"))
DATE = rf"(?:\d{{1,2}} (?:{MONTH})(?: \d{{4}})?|(?:{MONTH}) \d{{1,2}}(?:, \d{{4}})?|(?:{MONTH}) \d{{4}}|(?:19|20)\d\d)"
LED = re.compile(rf"(?:On|In) (?P<date>{DATE}),? (?P<clause>.+)")
DATED = re.compile(rf" (?:on|in) (?P<date>{DATE})(?=[,.]| (?!to\b|and\b|or\b|\d)|$)")
WHOLE_DATE = re.compile(DATE)

NUMBER_WORDS = "|".join(
    f"[{word[0].upper()}{word[0]}]{word[1:]}"
    for word in "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty".split()
)
NUMBER = (
    r"(?:(?:[Mm]ore than|[Aa]bout|[Aa]t least|[Nn]early|[Aa]lmost|[Ss]ome|[Uu]p to|[Aa]round|[Oo]ver) )?"
    rf"(?:\d[\d,.]*\d|\d|(?:{NUMBER_WORDS})\b|a hundred|a thousand)(?: (?:million|thousand|billion))?"
)
PLURAL = r"(?:[a-z-]+ ){0,2}(?:[a-z-]{2,}(?<!s)s|people|women|men|children|aircraft|troops)"
COUNTED = re.compile(rf"(?P<number>{NUMBER}) (?P<noun>{PLURAL})")
MONEY = (
    r"(?:(?:more than|about|at least|nearly|almost|some|up to|around|over) )?"
    r"(?:(?:US)?[$€£]\d[\d.,]*(?: (?:million|billion|trillion))?"
    r"|\d[\d.,]*(?: (?:million|billion|trillion))? (?:US |Singapore |Australian )?"
    r"(?:dollars|euros|rupiah|baht|pesos|ringgit|pounds|yen|yuan))"
)
WORTH = re.compile(rf"worth (?P<money>{MONEY})\b")
PAID = re.compile(rf"(?P<money>{MONEY}) for (?P<what>.+)")
PLACE = re.compile(
    r" (?P<phrase>(?:in|at|near|outside|off) (?P<place>(?:the )?[A-Z][\w'’-]*(?:(?: of(?: the)?)? [A-Z][\w'’-]*)*"
    r"(?:, [A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)?))(?=$| (?:on|in) \d| on the )"
)

IRREGULAR = {
    "became": "become", "began": "begin", "bought": "buy", "broke": "break", "brought": "bring", "built": "build",
    "came": "come", "caught": "catch", "chose": "choose", "cut": "cut", "died": "die", "drew": "draw", "drove": "drive",
    "fell": "fall", "felt": "feel", "flew": "fly", "fought": "fight", "found": "find", "gave": "give", "got": "get",
    "grew": "grow", "held": "hold", "hit": "hit", "kept": "keep", "knew": "know", "laid": "lay", "led": "lead",
    "left": "leave", "lost": "lose", "made": "make", "met": "meet", "paid": "pay", "put": "put", "ran": "run",
    "rose": "rise", "said": "say", "sank": "sink", "saw": "see", "sent": "send", "set": "set", "shot": "shoot",
    "sold": "sell", "spent": "spend", "spoke": "speak", "stood": "stand", "struck": "strike", "swore": "swear",
    "swept": "sweep", "took": "take", "told": "tell", "went": "go", "withdrew": "withdraw", "won": "win",
    "wrote": "write",
}  # fmt: skip
PRESENT = {
    "borders": "border", "carries": "carry", "connects": "connect", "costs": "cost", "covers": "cover",
    "employs": "employ", "exports": "export", "follows": "follow", "holds": "hold", "includes": "include",
    "lies": "lie", "operates": "operate", "owns": "own", "plans": "plan", "produces": "produce",
    "remains": "remain", "uses": "use", "wants": "want",
}  # fmt: skip
AUXILIARIES = frozenset("is are was were will would can could must should may might".split())
HAVE = {"has": "does", "have": "do", "had": "did"}
PARTICIPLES = frozenset(
    "been become begun bought broken brought built come chosen cut fallen flown found given gone grown held hit kept"
    " known led left lost made met paid put risen run said seen sent shot sold spent spoken struck sunk sworn taken"
    " told won written".split()
)
# Words that no subject of one clause holds, and words after which it does not end.
NO_SUBJECT = frozenset("who which that because when while if although as after before until since whose where".split())
NO_END = frozenset("the a an of in on at to by for from with and or its his her their newly more than".split())
NOT_FIRST = frozenset("In On At By For From With To Of Under During Over According But And".split())
# What a question cannot say without its article.
UNCLEAR = re.compile(
    r"\b(?:this|these|those|such|there|here|former|latter|same|others?|another|then|however|later|earlier|next|previous"
    r"|following|instead|both|too|again|so|ago|today|now|he|she|they|it|his|her|their|its|them|him"
    r"|that (?:day|night|week|month|year|time)|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b",
    re.IGNORECASE,
)
# What is done at a place: after other verbs "in Myanmar" may belong to a noun.
LOCATED = frozenset(
    "arrest attend bear begin build bury close crash detain die discover display find hold kill land launch live meet"
    " open perish play receive shoot sign speak start stay study swear take train unveil welcome win work".split()
)
NEW_CLAUSE = re.compile(
    r" (?:and|but|or|so|while|where|which|who|when|although|because|since|until|saying|ending|making)\b.*"
)
APPOSITION = re.compile(r"^([A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*), [^,]+, (?=(?!and\b|or\b)[a-z])")
ATTRIBUTED = re.compile(r", [^,]*\b(?:said|says|say|announced|reported|told)\b[^,]*$")
BECAUSE = re.compile(r"(?P<clause>.+?),? because (?!of\b)(?P<reason>[^,;]+?)\.?$")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in its parts; `auxiliary` goes before the subject in a question, `bare` stays behind it."""

    subject: str
    verb: str
    auxiliary: str
    bare: str
    rest: str

    def inverted(self, rest: str) -> str:
        return " ".join(f"{self.auxiliary} {self.subject} {self.bare} {rest}".split())


def facts(sentence: str, names: Names) -> Iterator[Fact]:
    """The questions that a sentence answers."""
    text = APPOSITION.sub(r"\1 ", re.sub(r" (?:also|already|then|however) ", " ", sentence.rstrip(".")))
    if ATTRIBUTED.search(text):
        return
    if because := BECAUSE.match(text):
        if " that " not in because["clause"] and (clause := _clause(because["clause"], names)):
            yield Fact("why", f"Why {clause.inverted(clause.rest)}?", (because["reason"],))
        return
    led = LED.match(text)
    clause = _clause(led["clause"] if led else text, names)
    if clause is None:
        return
    if led:
        yield Fact("when", f"When {clause.inverted(_cut(clause.rest))}?", (led["date"],))
    yield from _when(clause)
    yield from _who(clause, names)
    yield from _how_many(clause)
    yield from _how_much(clause)
    yield from _where(clause)


def _clause(text: str, names: Names) -> Clause | None:
    """The first clause of the text, where its subject is plain to see."""
    words = text.split()
    for at, word in enumerate(words[:9]):
        if at and word.endswith(",") and _verb(word[:-1], ""):
            words[at : at + 1] = [word[:-1], ","]
            word = word[:-1]
        if at and (verb := _verb(word, words[at + 1] if at + 1 < len(words) else "")):
            auxiliary, bare = verb
            subject = " ".join(words[:at])
            if not _is_subject(subject):
                return None
            if word == "had" and auxiliary == word:  # "When did he go", not "When had he gone"
                participle = words.pop(at + 1)
                word, auxiliary, bare = f"had {participle}", "did", _base(participle)
                if bare == "be":
                    return None
            rest = " ".join(words[at + 1 :])
            return Clause(names.lowered(subject), word, auxiliary, bare, rest)
    return None


def _verb(word: str, following: str) -> tuple[str, str] | None:
    """What goes before the subject and what stays behind it; None where the word is no finite verb."""
    if word in AUXILIARIES:
        return word, ""
    if word in HAVE:
        is_auxiliary = following.endswith("ed") or following in PARTICIPLES
        return (word, "") if is_auxiliary else (HAVE[word], "have")
    if word in PRESENT:
        return "does", PRESENT[word]
    if word in IRREGULAR:
        return "did", IRREGULAR[word]
    if word.endswith("ed") and word.islower() and (base := _base(word)) != word:
        return "did", base
    return None


def _base(form: str) -> str:
    import simplemma

    return IRREGULAR.get(form) or simplemma.lemmatize(form, lang="en")


def _is_subject(subject: str) -> bool:
    words = subject.split()
    last = words[-1]
    if "," in subject or last.lower() in NO_END or last.endswith("ly") or NO_SUBJECT & {word.lower() for word in words}:
        return False
    if words[0] in NOT_FIRST:
        return False
    # "The deal" alone says not which.
    is_known = words[0] not in ("The", "the") or any(word[:1].isupper() for word in words[1:])
    return is_known and not UNCLEAR.search(subject)


def _cut(rest: str) -> str:
    """The rest up to where something new begins."""
    return NEW_CLAUSE.sub("", up_to_comma(rest))


def _when(clause: Clause) -> Iterator[Fact]:
    for match in DATED.finditer(f" {clause.rest}"):
        before, after = f" {clause.rest}"[: match.start()], f" {clause.rest}"[match.end() :]
        after = "" if after.startswith(",") else _cut(after)
        if up_to_comma(before) != before or NEW_CLAUSE.search(before) or not (before or after or not clause.bare):
            return
        yield Fact("when", f"When {clause.inverted(before + after)}?", (match["date"],))
        return


def _who(clause: Clause, names: Names) -> Iterator[Fact]:
    name = names.person(clause.subject)
    rest = _cut(clause.rest)
    if name and len(rest.split()) > 2:
        yield Fact("who", f"Who {clause.verb} {rest}?", tuple(dict.fromkeys((name, clause.subject))))


def _how_many(clause: Clause) -> Iterator[Fact]:
    rest = _cut(clause.rest)
    subject = clause.subject[:1].upper() + clause.subject[1:]
    if counted := COUNTED.fullmatch(subject):
        yield Fact("how-many", f"How many {counted['noun']} {clause.verb} {rest}?", (counted["number"],))
    elif (counted := COUNTED.match(rest)) and (clause.bare or clause.auxiliary in HAVE):
        after = rest[counted.end() :]
        if after[:1] in ("", " ") and not re.match(r" (?:[a-z]+ed|[a-z]+s|dead|old)\b", after):
            question = f"How many {counted['noun']} {clause.inverted(after)}?"
            yield Fact("how-many", question, (counted["number"], counted[0]))


def _how_much(clause: Clause) -> Iterator[Fact]:
    if (worth := WORTH.match(clause.rest)) and clause.auxiliary in ("is", "was", "are", "were"):
        yield Fact("how-many", f"How much {clause.auxiliary} {clause.subject} worth?", (worth["money"],))
    if clause.bare == "pay" and (paid := PAID.match(clause.rest)):
        yield Fact("how-many", f"How much {clause.inverted('for ' + _cut(paid['what']))}?", (paid["money"],))


def _where(clause: Clause) -> Iterator[Fact]:
    rest = _cut(clause.rest)
    if not rest or not {clause.bare, _base(rest.split()[0])} & LOCATED:
        return
    rest = f" {rest}"
    place = PLACE.search(rest)
    if place and not WHOLE_DATE.fullmatch(place["place"]) and place["place"].split()[0] not in months("en"):
        before = rest[: place.start()]
        if len(before.split()) > (0 if clause.bare else 1) and before.split()[-1] not in NO_END:
            yield Fact(
                "where", f"Where {clause.inverted(before + rest[place.end() :])}?", (place["place"], place["phrase"])
            )
