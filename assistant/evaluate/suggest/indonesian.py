"""An Indonesian sentence -> the questions it answers, by templates. What they do not fit is passed over.

Verbs do not bend: "kapan" and "di mana" go before the clause, "siapa yang" takes the subject's place, and "berapa …
yang" that of a number, for which an active verb becomes passive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.evaluate.suggest.fact import Fact, up_to_comma
from assistant.evaluate.suggest.names import Names
from assistant.language import months

MONTH = "|".join(months("id"))
DAY = r"(?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu)(?: (?:pagi|siang|sore|malam|dini hari))?"
DATE = rf"(?:\d{{1,2}}/\d{{1,2}}/\d{{4}}|\d{{1,2}} (?:{MONTH})(?: \d{{4}})?|(?:{MONTH}) \d{{4}}|(?:19|20)\d\d)"
WHEN = rf"(?P<whole>(?:{DAY},? )?\(?(?:tanggal |tahun |bulan )?(?P<date>{DATE})\)?)"
LED = re.compile(rf"Pada {WHEN},? (?P<clause>.+)")
DATED = re.compile(rf" pada {WHEN}(?=[,.]|$| (?!dan\b|hingga\b|sampai\b|\d))")
NUMBER_WORDS = "|".join(
    f"[{word[0].upper()}{word[0]}]{word[1:]}"
    for word in "dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()
)
NUMBER = (
    r"(?:(?:[Ss]ebanyak|[Ll]ebih dari|[Ss]ekitar|[Hh]ampir|[Ss]etidaknya|[Ss]edikitnya|[Pp]aling sedikit) )*"
    rf"(?:\d[\d.,]*\d|\d|(?:{NUMBER_WORDS})\b(?: (?:belas|puluh|ratus|ribu))?)(?: (?:juta|ribu|miliar|triliun))?"
)
NO_NOUN = r"(?!(?:tahun|persen|kali|bulan|hari|jam|menit|kilometer|meter)\b)"
PREPOSITION = r"(?:di|ke|dari|pada|dalam|untuk|dengan|oleh|dan|yang|serta|hingga|sampai|tanpa)\b"
COUNTED = re.compile(rf"(?P<number>{NUMBER}) (?P<noun>{NO_NOUN}[a-z].*)")
OBJECT = re.compile(
    rf"(?P<number>{NUMBER}) (?P<noun>{NO_NOUN}[a-z-]+(?: (?!{PREPOSITION})[a-zA-Z-]+){{0,4}})(?=$| {PREPOSITION})"
)
SUM = rf"(?:Rp ?)?{NUMBER}(?: (?:orang|jiwa|meter|kilometer|hektare|dolar AS|dolar|rupiah))?"
AMOUNT = re.compile(
    r"(?P<what>(?:[Jj]umlah|[Hh]arga|[Nn]ilai|[Bb]iaya|[Ll]uas|[Pp]anjang|[Tt]inggi|[Kk]edalaman|[Kk]ecepatan) .+?),?"
    r"(?: (?:bertambah|naik|turun|meningkat|berkurang|dikurangi))? (?:mencapai|sebesar|adalah|berjumlah|menjadi)"
    rf" (?P<amount>{SUM})(?=[,. ]|$)"
)
WORTH = re.compile(rf"(?P<amount>(?:sekitar |lebih dari |hampir )?{SUM})(?=[,. ]|$)")
PLACE = re.compile(
    r" (?P<phrase>di (?P<place>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*(?:, [A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)*))(?=$| pada )"
)
BECAUSE = re.compile(r"(?P<clause>.+?),? karena (?P<reason>[^,;]+?)\.?$")
SAID = re.compile(r".* bahwa (?P<clause>.+)")

VERB = re.compile(
    r"(?:me(?!nteri$|reka$|nurut$|lalui$|dia$|dali$|lainkan$|njelang$|ngenai$|teran$)[a-z]{4,}"
    r"|di(?!ri$|ni$|nas$|nding$|gital$|rektur$|rgantara$|strik$|plomat|antara)[a-z]{4,}"
    r"|ber(?!as$|ita$|at$|bagai$|sama$|ikut$|apa$|sih$|lian$|kat$|ikutnya$|bahaya$)[a-z]{4,}"
    r"|terjadi|terbakar|tercatat|terletak|terpilih|terbang|terdapat|terungkap|terbit|tewas|meninggal|tiba|jatuh|hilang"
    r"|menang|kalah|ada|lahir|datang|masuk|keluar|naik|turun|pergi|mulai|akan|telah|sudah|dapat|bisa|tidak|belum"
    r"|masih|kembali|tenggelam|adalah|hadir|tetap|gagal|menjadi|sempat|pernah|ikut)"
)
PASSIVE = {
    "melibatkan": "dilibatkan", "membangun": "dibangun", "membawa": "dibawa", "membebaskan": "dibebaskan",
    "membeli": "dibeli", "membunuh": "dibunuh", "memesan": "dipesan", "memiliki": "dimiliki",
    "memperoleh": "diperoleh", "mempunyai": "dimiliki", "memulangkan": "dipulangkan", "menahan": "ditahan",
    "menampung": "ditampung", "menangkap": "ditangkap", "mencatat": "dicatat", "mencetak": "dicetak",
    "menerima": "diterima", "mengangkut": "diangkut", "mengerahkan": "dikerahkan", "mengevakuasi": "dievakuasi",
    "mengirim": "dikirim", "mengirimkan": "dikirimkan", "mengumpulkan": "dikumpulkan", "menyelamatkan": "diselamatkan",
    "menyita": "disita", "meraih": "diraih", "merebut": "direbut", "merusak": "dirusak", "melantik": "dilantik",
    "menemukan": "ditemukan", "menyumbang": "disumbangkan", "menyumbangkan": "disumbangkan", "membuka": "dibuka",
}  # fmt: skip
DEAD = frozenset("meninggal tewas hilang".split())
# What is done at a place: after other verbs "di Myanmar" may belong to a noun.
LOCATED = frozenset(
    "berada berlangsung berlatih bertanding bertemu bertugas diadakan dibangun dibuka diluncurkan dilantik dimakamkan"
    " dipamerkan dirawat diresmikan disambut ditahan ditandatangani ditangkap ditemukan diterima ditutup digelar jatuh"
    " lahir melantik meluncurkan memimpin menandatangani menang mendarat menerima mengadakan mengucapkan menggelar"
    " mengungsi meninggal menginap menjuarai menyaksikan menyambut menyampaikan meresmikan terjadi terletak tewas tiba"
    " tinggal tenggelam".split()
)
NO_SUBJECT = frozenset(
    "yang karena ketika saat jika meskipun walaupun setelah sesudah sebelum sejak sampai hingga sementara sedangkan"
    " namun tetapi juga dan atau menurut selama seusai".split()
)
MANY = frozenset("Puluhan Ratusan Ribuan Jutaan Sejumlah Banyak Para Pemerintah".split())
NOT_FIRST = frozenset(
    "Di Ke Dari Pada Dalam Untuk Dengan Oleh Bagi Menurut Selain Akibat Sebagai Atas Tidak Bersama Lewat".split()
)
NO_END = frozenset("di ke dari pada dalam untuk dengan oleh dan atau yang para seorang sebuah bagi serta".split())
UNCLEAR = re.compile(
    r"\b(?:itu|ini|tersebut|ia|dia|mereka|keduanya|begitu|demikian|lalu|kemudian|lain|lainnya|tadi|kini|sana|sini|kemarin"
    r"|(?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu)\b(?!(?: pagi| siang| sore| malam)?,? \d)"
    r"|(?!hanya\b|punya\b|Surabaya\b|raya\b)[a-z]+nya)\b",
    re.IGNORECASE,
)
NEW_CLAUSE = re.compile(
    r" (?:dan|tetapi|sehingga|sedangkan|ketika|saat|setelah|sesudah|sebelum|sejak|karena|lalu|serta|hingga"
    r"|meskipun|walaupun|agar|supaya|sambil|yakni|yaitu|termasuk|seusai|menyusul|menggantikan)\b.*"
)
APPOSITION = re.compile(r"^([A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*), [^,]+, (?=(?!dan\b|atau\b|serta\b)[a-z])")
# A verb without what it is done to, where the sentence was cut.
UNFINISHED = re.compile(r"\bme\w+(?:kan|i)\??$")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in its parts: the verb with what goes before it, "akan" or "tidak", and all after it."""

    subject: str
    verb: str
    rest: str


def facts(sentence: str, names: Names) -> Iterator[Fact]:
    """The questions that a sentence answers."""
    text = APPOSITION.sub(r"\1 ", re.sub(r" juga ", " ", sentence.rstrip(".")))
    yield from (fact for fact in _facts(text, names) if not UNFINISHED.search(fact.question))


def _facts(text: str, names: Names) -> Iterator[Fact]:
    if because := BECAUSE.match(text):
        told = SAID.match(because["clause"])
        if clause := _clause(told["clause"] if told else because["clause"], names):
            yield Fact("why", f"Mengapa {clause.subject} {clause.verb} {clause.rest}?", (because["reason"],))
        return
    amount = AMOUNT.match(text)
    if amount and not any(VERB.fullmatch(word) and word not in DEAD for word in amount["what"].split()):
        yield Fact("how-many", f"Berapa {names.lowered(amount['what'])}?", (amount["amount"],))
    led = LED.match(text)
    clause = _clause(led["clause"] if led else text, names)
    if clause is None:
        return
    if led:
        yield Fact("when", f"Kapan {clause.subject} {clause.verb} {_cut(clause.rest)}?", _dates(led))
    yield from _when(clause)
    yield from _who(clause, names)
    yield from _how_many(clause)
    if clause.verb == "bernilai" and (worth := WORTH.match(clause.rest)):
        yield Fact("how-many", f"Berapa nilai {clause.subject}?", (worth["amount"],))
    yield from _where(clause)


def _clause(text: str, names: Names) -> Clause | None:
    """The first clause of the text, where its subject is plain to see."""
    words = text.split()
    for at, word in enumerate(words[:10]):
        if at and VERB.fullmatch(word):
            subject = " ".join(words[:at])
            unfit = "," in subject or words[0] in NOT_FIRST or words[at - 1].lower() in NO_END
            if unfit or NO_SUBJECT & {word.lower() for word in words[:at]}:
                return None
            subject = names.lowered(subject)
            # "Keputusan" alone says not which.
            is_known = any(word[:1].isupper() for word in subject.split()) or COUNTED.match(text) or words[0] in MANY
            return Clause(subject, word, " ".join(words[at + 1 :])) if is_known else None
    return None


def _cut(rest: str) -> str:
    """The rest up to where something new begins."""
    return NEW_CLAUSE.sub("", up_to_comma(rest))


def _dates(match: re.Match[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((match["date"], match["whole"])))


def _when(clause: Clause) -> Iterator[Fact]:
    rest = f" {clause.rest}"
    if match := DATED.search(rest):
        before, after = rest[: match.start()], rest[match.end() :]
        after = "" if after.startswith(",") else _cut(after)
        is_of_clause = up_to_comma(before) == before and not NEW_CLAUSE.search(before)
        if is_of_clause and not re.search(r"\byang \w+$", before):
            yield Fact("when", f"Kapan {clause.subject} {clause.verb}{before}{after}?", _dates(match))


def _who(clause: Clause, names: Names) -> Iterator[Fact]:
    name = names.person(clause.subject)
    rest = _cut(clause.rest)
    lacks_object = UNFINISHED.search(clause.verb) and re.match(r"(?:pada|di) (?!.*\bbahwa\b)", rest)
    if name and len(rest.split()) > 1 and not lacks_object:
        answers = tuple(dict.fromkeys((name, clause.subject)))
        is_named = clause.verb == "adalah"
        yield Fact("who", f"Siapa {rest}?" if is_named else f"Siapa yang {clause.verb} {rest}?", answers)


def _how_many(clause: Clause) -> Iterator[Fact]:
    rest = _cut(clause.rest)
    subject = clause.subject[:1].upper() + clause.subject[1:]
    if counted := COUNTED.fullmatch(subject):
        yield Fact("how-many", f"Berapa {counted['noun']} yang {clause.verb} {rest}?", _numbers(counted))
    elif clause.verb in PASSIVE and (counted := OBJECT.match(rest)):
        passive = PASSIVE[clause.verb]
        question = f"Berapa {counted['noun']} yang {passive} {clause.subject}{rest[counted.end() :]}?"
        yield Fact("how-many", question, _numbers(counted))


def _numbers(match: re.Match[str]) -> tuple[str, ...]:
    number = match["number"]
    bare = re.sub(r"^[Ss]ebanyak ", "", number)
    return tuple(dict.fromkeys((bare, f"{number} {match['noun']}")))


def _where(clause: Clause) -> Iterator[Fact]:
    rest = f" {_cut(clause.rest)}"
    place = PLACE.search(rest) if clause.verb in LOCATED else None
    if place and not re.search(r"\byang\b|\b(?:dan|dengan|dari)$", rest[: place.start()]):
        question = f"Di mana {clause.subject} {clause.verb}{rest[: place.start()]}{rest[place.end() :]}?"
        yield Fact("where", question, (place["place"], place["phrase"]))
