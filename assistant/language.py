"""Which language a text is in, and what Tanya says in each: English or Indonesian.

The sentences Tanya speaks for itself all stand here, so that a translator reads one file.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, cast

from assistant.records import Lang

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SENTENCES: dict[Lang, dict[str, str]] = {
    "en": {
        "nothing": "I find nothing about this in the articles.",
        "no_articles": "There are no articles in this index yet.",
        "no_question": "I can't find a question there. Ask me something about the articles.",
        "shortened": "Your question was long: I searched for its first {limit} characters.",
        "taken_as": "Understood as: {question}",
        "disagree": "The articles give different answers.",
        "disagree_dated": "The articles give different answers; the newest comes first.",
        "according": "According to {title}:",
        "according_dated": "According to {title} ({date}):",
        "yes": "Yes, according to {title}:",
        "yes_dated": "Yes, according to {title} ({date}):",
        "no": "No, according to {title}:",
        "no_dated": "No, according to {title} ({date}):",
        "yes_alone": "Yes",
        "no_alone": "No",
        "closest": "I am not sure. The closest is in {title}:",
        "closest_dated": "I am not sure. The closest is in {title} ({date}):",
        "also": "Also in {title}:",
        "also_dated": "Also in {title} ({date}):",
        "see": "See also {title}:",
        "see_dated": "See also {title} ({date}):",
        "same_article": "The article also says:",
        "chosen": "{side}, going by these articles.",
        "chosen_unsure": "I am not sure. Going by these articles, it may be: {side}.",
        "undecided": "I can't decide between the two. This is what the articles say.",
        "about": "{side}, in {title}:",
        "about_dated": "{side}, in {title} ({date}):",
    },
    "id": {
        "nothing": "Saya tidak menemukan apa pun tentang ini dalam artikel-artikel yang ada.",
        "no_articles": "Belum ada artikel dalam indeks ini.",
        "no_question": "Saya tidak menemukan pertanyaan di situ. Tanyakan sesuatu tentang artikel-artikelnya.",
        "shortened": "Pertanyaan Anda panjang: saya mencari dengan {limit} karakter pertamanya.",
        "taken_as": "Dipahami sebagai: {question}",
        "disagree": "Artikel-artikel memberi jawaban yang berbeda.",
        "disagree_dated": "Artikel-artikel memberi jawaban yang berbeda; yang terbaru lebih dulu.",
        "according": "Menurut {title}:",
        "according_dated": "Menurut {title} ({date}):",
        "yes": "Ya, menurut {title}:",
        "yes_dated": "Ya, menurut {title} ({date}):",
        "no": "Tidak, menurut {title}:",
        "no_dated": "Tidak, menurut {title} ({date}):",
        "yes_alone": "Ya",
        "no_alone": "Tidak",
        "closest": "Saya kurang yakin. Yang paling mendekati ada dalam {title}:",
        "closest_dated": "Saya kurang yakin. Yang paling mendekati ada dalam {title} ({date}):",
        "also": "Juga dalam {title}:",
        "also_dated": "Juga dalam {title} ({date}):",
        "see": "Lihat juga {title}:",
        "see_dated": "Lihat juga {title} ({date}):",
        "same_article": "Artikel itu juga menulis:",
        "chosen": "{side}, menurut artikel-artikel ini.",
        "chosen_unsure": "Saya kurang yakin. Menurut artikel-artikel ini, mungkin: {side}.",
        "undecided": "Saya tidak dapat memutuskan yang mana. Inilah yang ditulis artikel-artikelnya.",
        "about": "{side}, dalam {title}:",
        "about_dated": "{side}, dalam {title} ({date}):",
    },
}

ENGLISH = frozenset(
    """
    what who whom whose when where why which how is are was were did does do has have
    had will would can could the of to from for with and or that this these those it
    its they he she by on as not many much there any yes no
    """.split()
)
INDONESIAN = frozenset(
    """
    apa apakah siapa kapan mana dimana kemana mengapa kenapa bagaimana berapa yang di ke dari untuk dengan dan atau itu
    ini tersebut adalah telah sudah akan tidak bukan pada oleh dalam saja para mereka dia ia bisa dapat
    juga setelah saat ya
    """.split()
)


def say(lang: Lang, key: str, **values: object) -> str:
    """A sentence of Tanya's own.

    >>> say("id", "according", title="“Gempa Cianjur”")
    'Menurut “Gempa Cianjur”:'
    """
    return SENTENCES[lang][key].format(**values)


@cache
def months(lang: Lang) -> tuple[str, ...]:
    """The names of the months, January first.

    >>> months("id")[4]
    'Mei'
    """
    from babel.dates import get_month_names

    return tuple(get_month_names("wide", locale=lang).values())


def long_date(date: dt.date, lang: Lang) -> str:
    """The date written out as both languages write it.

    >>> long_date(dt.date(2022, 7, 13), "id")
    '13 Juli 2022'
    """
    from babel.dates import format_date

    return format_date(date, "d MMMM y", locale=lang)


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["en", "id"])
    return identifier


def detect(text: str) -> Lang:
    """Whether `text` is rather English or rather Indonesian.

    The small words of the two languages decide; where there are none or as many, py3langid does, which alone is misled
    by names in a short question: "What did Indonesia buy?"

    >>> detect("Senjata apa yang dibeli Myanmar dari Rusia?")
    'id'
    """
    words = text[:2_000].casefold().split()
    english, indonesian = (
        sum(word.strip("?!.,:;\"'()“”") in small for word in words) for small in (ENGLISH, INDONESIAN)
    )
    if english != indonesian:
        return "en" if english > indonesian else "id"
    return cast("Lang", _identifier().classify(text)[0])
