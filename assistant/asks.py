"""What a question asks for: yes or no, money, a name and so on. Rules over both languages' words."""

from __future__ import annotations

import re
from typing import Literal

from assistant.dates import without_dates
from assistant.words import WORD, plain

Asked = Literal["yes-no", "list", "money", "number", "date", "name", "place", "other"]

# A noun in the plural between "what" and the verb.
PLURAL = r"(?:what|which) (?:\w+ )?(?:\w+ies|people|\w{2,}(?<![isu])s (?:did|do|does|were|are|have|has|will|can))"

# The question word that comes first decides: "How many died when it erupted?" asks for a number. Where two patterns
# begin at the same word, the upper one counts.
WORDS: tuple[tuple[Asked, str], ...] = (
    (
        "yes-no",
        r"^(?:(?:and|but|so|or|dan|lalu|tapi|jadi|atau) )?(?:[^,?]{1,60}, )?"
        r"(?:(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would)"
        r"|(?:benar|betul|ada|sudah|pernah|masih|bisa|dapat|boleh|akan|harus|perlu|mungkin)kah|apakah"
        # *Apakah nama kapal itu* asks what.
        r"(?! (?:yang|nama|arti|makna|fungsi|tujuan|isi|judul|jenis|penyebab|sebab|alasan|akibat|dampak|hasil|perbedaan"
        r"|ibu ?kota|mata uang)))",
    ),
    (
        "date",
        r"when|kapan(?:kah)?|(?:what|which) (?:year|date|day|month|time)"
        r"|(?:tahun|tanggal|thn|tgl|bulan|jam|pukul)(?:nya| \w+nya)? (?:berapa|apa)(?:kah)?"
        r"|berapa (?:tanggal|tgl)\w*|berapa tahun (?:lahir|berdiri)\w*",
    ),
    (
        "money",
        r"how much(?=.*\b(?:pay|paid|cost|worth|spend|spent|price|sold)\b)"
        # What a mistake costs somebody is no money.
        r"|what (?:did|does|do|will|would) (?:\w+ ){1,8}cost\b(?! (?:him|her|them|the|in|\w+ (?:his|her|their))\b)"
        r"|what (?:is|was|are|were) the (?:\w+ ){0,2}costs?"
        r"|berapa(?! (?:persen|kali|lama|orang|banyak)\b)(?="
        r".*\b(?:harga|biaya|nilai|anggaran|tarif|bayar|dibayar|membayar))",
    ),
    (
        "number",
        r"how (?:many|much|old|long|far|tall|big|large|deep|high|fast|heavy|wide|strong)|berapa(?:kah)?"
        r"|what (?:age|percentage|proportion)",
    ),
    (
        "list",
        r"list|name (?:the|all|some|two|three)|sebutkan|(?:what|which|who) (?:are|were)|(?:siapa|apa) saja"
        rf"|\w+ (?:apa|mana) saja|(\w{{3,}})-\1 (?:apa|mana)|\w+ apa yang di\w+|{PLURAL}",
    ),
    ("name", r"who|whom|whose|siapa(?:kah)?"),
    (
        "place",
        r"where|(?:di|ke|dari) ?mana(?:kah)?|(?:di|ke|dari) (?!antara|tahun|bulan|tanggal|hari)\w+ mana(?! saja)"
        r"|(?:in|at|from|to|near) (?:what|which)"
        r" (?:city|town|village|district|province|state|region|country|island|port)",
    ),
    ("other", r"what|which|why|how|apa(?:kah)?|mana|mengapa|kenapa|bagaimana(?:kah)?"),
)
PATTERNS = [(asked, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for asked, words in WORDS]
EITHER = re.compile(r"(?<!['’])\b(?:or|atau)\b(?! (?:not|no|tidak|belum|bukan)\b)")
POLITE = re.compile(
    r"^(?:do you know|(?:can|could) you (?:please )?tell me|(?:apakah|tahukah) (?:anda|kamu)(?: tahu)?)\s+",
    re.IGNORECASE,
)
RANK = re.compile(r"\b(?:rank(?:s|ed|ing)?|peringkat|posisi)\b", re.IGNORECASE)
# "What did the WHO recommend?"
ABBREVIATION = re.compile(r"\bWHO\b(?=.*[a-z])")


def asked_for(question: str) -> Asked:
    """What kind of answer the question wants.

    >>> [asked_for(q) for q in ("What jets did it buy?", "Tahun berapa?", "What did it cost?", "Siapa?", "Di mana?")]
    ['list', 'date', 'money', 'name', 'place']
    """
    text = ABBREVIATION.sub("_", POLITE.sub("", question))
    found = [
        (match.start(), order, asked)
        for order, (asked, pattern) in enumerate(PATTERNS)
        if (match := pattern.search(text))
    ]
    asked = min(found)[2] if found else "other"
    # "In Palu, where the tsunami struck, how many died?", "Where does it rank?"
    if asked == "place" and (any(kind in ("date", "money", "number") for _, _, kind in found) or RANK.search(text)):
        asked = "other"
    # "Was it built in Japan or Korea?" asks which of them.
    return "other" if asked == "yes-no" and EITHER.search(question) else asked


MONEY = re.compile(
    r"[$€£¥]|\b(?:rp|us|usd|idr|dollars?|dolar|euros?|rupiah|pesos?|baht|ringgit|won|yuan|yen|rubles?|rubel|pounds?"
    r"|rupees?|kroner|[mb]illion|trillion|bn|ribu|juta|miliar|milyar|triliun|free|gratis)\b|\brp\d|\d(?:bn|m|k|jt|rb)\b",
    re.IGNORECASE,
)


# Of both languages; "a week" and *sebulan* are one of them.
NUMERAL = re.compile(
    r"\d|\b(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|(?:hundred|thousand|million|billion|trillion|dozen)s?|half|both|all|single"
    r"|once|twice|first|second|third|fourth|fifth|quarters?|several"
    r"|an? (?:second|minute|hour|day|night|week|month|year|decade|century|couple|score)"
    r"|nol|(?:ke)?(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)|\w*(?:belas|puluh|ratus|ribu)|(?:se)?juta"
    r"|(?:puluh|ratus|ribu|juta)an|milyar|miliar|triliun|semua|beberapa|tidak ada|tak ada|pertama|separuh|setengah"
    r"|se(?:pertiga|perempat|kali|orang|ekor|buah|unit|detik|menit|jam|hari|malam|minggu|pekan|bulan|tahun|abad|kitar)"
    r"|\w+(?:-\w+)? kali)\b",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\d|\b(?:jan|feb|mar|apr|may|mei|jun|jul|aug|agu|sep|oct|okt|nov|dec|des)[a-z]*"
    r"|\b(?:(?:sun|mon|tues|wednes|thurs|fri|satur)day|senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)\b"
    r"|\b(?:century|decade|year|month|week|week-?end|day|night|hour|minute|abad|dekade|tahun|bulan|pekan|hari|malam|jam|menit)"
    r"|\b(?:yesterday|today|tomorrow|morning|noon|afternoon|evening|kemarin|besok|pagi|siang|sore|petang|subuh|dini"
    r"|lebaran|christmas|easter|ramadh?an|natal|idul|spring|summer|autumn|winter)\b"
    r"|\b(?:after|before|since|until|during|when|while|as soon as|setelah|sesudah|usai|sebelum|sejak|hingga|sampai"
    r"|selama|ketika|saat|waktu|begitu) \w",
    re.IGNORECASE,
)
# Beside a date, what says nothing of a place.
NO_PLACE = re.compile(
    r"[\W\d_]|\b(?:(?:sun|mon|tues|wednes|thurs|fri|satur)day|senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|pukul"
    r"|tanggal|tahun|bulan|hari|in|on|at|the|of|pada|since|sejak|until|hingga|sampai|early|late|awal|akhir)\b",
    re.IGNORECASE,
)
# Where a year may answer all the same, or what is as high as one: "How old is the treaty?", *Angkatan berapa?*
OR_A_YEAR = re.compile(
    r"\b(?:how (?:old|long|far|high|tall|deep|fast|large|big)|(?:ber)?(?:umur|usia)|berapa lama|lamanya"
    r"|tinggi|kapasitas|daya|angkatan|lulusan|keluaran|kelahiran|pemilu|musim|edisi)",
    re.IGNORECASE,
)
# "32 years" says how long, not when.
HOW_LONG = re.compile(
    r"\W*(?:(?:sekitar|selama|hampir|lebih dari|about|for|nearly|almost|more than) )*\d+[ -]"
    r"(?:tahun|years?|bulan|months?|minggu|pekan|weeks?|hari|days?|jam|hours?|menit|minutes?)\W*",
    re.IGNORECASE,
)
# Who asks for another one does not want what the turn before said.
ANOTHER = re.compile(
    r"\b(?:before|after|else|other|another|next|previous|lain(?:nya)?|lagi|sebelum\w*|sesudah\w*|setelah\w*|berikut\w*)\b",
    re.IGNORECASE,
)
CHOICE = re.compile(r"\b(?:or|atau)\b", re.IGNORECASE)
# What is asked for so closely that its answer has it: a date has a day and is no month alone, a share no count.
CLOSER: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            r"\b(?:(?:tanggal|tgl)(?:nya)? (?:berapa|apa)|berapa (?:tanggal|tgl)|(?:what|which|exact) (?:date|day)\b)",
            re.IGNORECASE,
        ),
        re.compile(
            r"(?<!\d)(?<!\d[.,])(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b(?![.,]?\d)|\b(?:hari|\w*day|kemarin|besok|tomorrow"
            r"|senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|natal|christmas|easter|lebaran|idul \w+|new year)\b",
            re.IGNORECASE,
        ),
    ),
    (
        re.compile(r"\b(?:berapa(?:kah)? persen|(?:what|which) (?:per\s?cent|share of))", re.IGNORECASE),
        re.compile(
            r"%|\bpersen|\bper\s?cent|\b(?:pct|half|thirds?|quarters?|\w{2,}ths?|separuh|setengah|\w*seper\w+|all|semua)\b"
            r"|^\W*(?:\w+ ){0,2}\d{1,2}(?:[.,]\d+)?(?:-\d{1,2})?\W*$",
            re.IGNORECASE,
        ),
    ),
)


def can_answer(asked: Asked, words: str, question: str, before: str = "") -> bool:
    """Whether `words` can be such an answer to the question at all; `before` is what it leans on.

    A sum of money names its currency, or at least its millions; a number has a numeral beside its date, unless a year
    will do; a time has something of clock or calendar and is no duration; a date has a day, a share percent or a
    fraction; a place is more than a date. The question's own words are no answer, nor those of the turns before it
    where it asks for another one, unless it leaves a choice.

    >>> can_answer("money", "30 MiG", "Berapa harganya?"), can_answer("number", "banyak peserta", "Berapa negara?")
    (False, False)
    >>> can_answer("list", "weapons", "What weapons?"), can_answer("other", "Tokyo", "Tokyo atau Paris?")
    (False, True)
    """
    if asked == "yes-no":
        return True
    said = f"{before} {question}" if ANOTHER.search(question) else question
    own = set(WORD.findall(plain(words))) <= set(WORD.findall(plain(said)))
    if own and not CHOICE.search(question):
        return False
    if asked == "place":
        return NO_PLACE.sub("", without_dates(words)) != ""
    if asked == "date" and HOW_LONG.fullmatch(words):
        return False
    if asked == "number" and not OR_A_YEAR.search(question):
        words = without_dates(words)
    needed = {"money": MONEY, "number": NUMERAL, "date": TIME}.get(asked)
    if needed and not needed.search(words):
        return False
    return all(has.search(words) for closely, has in CLOSER if closely.search(question))


# The start of one answer and the end of another, "46 dead and 826 hurt", "2 May 2023, Japan on 3 June"; but neither
# "between 40 and 60" nor "2 hours and 5 minutes".
NO_RANGE = r"(?!(?:(?:sekitar|about) )?(?:antara|between|from|dari)\b)"
AND_ANOTHER = r",?\s(?:dan|and|sementara|sedangkan|while|but|tetapi)\s(?:[^\W\d]+\s)*\d"
JOINED = re.compile(
    rf"{NO_RANGE}(?P<first>[^\d]*\d[\w.,]*?(?:\s[^\W\d]+){{0,4}}?)"
    rf"(?<!jam)(?<!hour)(?<!hours)(?<!tahun)(?<!year)(?<!years){AND_ANOTHER}",
    re.IGNORECASE,
)
JOINED_DATES = re.compile(
    rf"{NO_RANGE}(?P<first>.*?\b(?:19|20)\d\d)(?:{AND_ANOTHER}|,\s(?:[^\W\d]+\s)+\d)", re.IGNORECASE
)
SEVERAL = re.compile(
    r"\b(?:saja|masing-masing|antara|between|both|each|respectively|(?:what|which) (?:years|dates|months))\b",
    re.IGNORECASE,
)


def first_of(asked: Asked, words: str, question: str) -> str:
    """Where one number, sum or date is asked for, and `words` join two: the words as far as the first goes.

    >>> first_of("date", "1970 dan Yohanes Paulus II pada 1989", "Kapan paus pertama datang?")
    '1970'
    """
    if asked not in ("number", "money", "date") or SEVERAL.search(question):
        return words
    joined = JOINED.match(words) or (asked == "date" and JOINED_DATES.match(words))
    return joined["first"] if joined else words
