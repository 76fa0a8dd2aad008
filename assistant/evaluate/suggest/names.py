"""What capital letters tell in one article: which words are names, and which of the names are people's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.chunk import sentence_offsets
from assistant.records import Article

NAME = r"[A-Z][\w'’-]*(?:[A-Z]\.)?"
# What stands before a name and says that it is a person's.
TITLES = {
    "en": (
        "President|Vice-President|Minister|Secretary|Senator|Governor|Mayor|General|Admiral|Captain|Colonel|Commander"
        "|Chairman|Chairwoman|Director|Ambassador|Justice|Judge|King|Queen|Prince|Princess|Pope|Sultan|Professor|Dr|Mr"
        "|Mrs|Ms|president|minister|secretary|chairman|general|governor|captain|coach|singer|king|queen|aunt|wife"
        "|husband|son|daughter|brother|sister|father|mother"
    ),
    # Not "Menteri" alone: what they are minister of comes next, in capitals too.
    "id": "Presiden|Perdana Menteri|Paus|Jenderal|Marsekal|Laksamana|Raja",
}
PERSON = {lang: re.compile(rf"\b(?:{titles}),? (?P<name>{NAME}(?: {NAME}){{0,3}})") for lang, titles in TITLES.items()}
AGE = re.compile(rf"(?P<name>{NAME}(?: {NAME}){{0,3}})(?:, | \(| berusia )(?P<age>[1-9]\d)(?:,| tahun\b|\))")
SMALL = frozenset(
    "The A An Police Troops Officials Trade Talks Two Three Four Five Six Seven Eight Nine Ten"
    " Para Sebuah Seorang Sejumlah Puluhan Ratusan Ribuan Jutaan Banyak Pemerintah Pesawat Kapal Gempa"
    " Banjir Korban Warga Tim Pendukung Polisi Tentara Pasukan Latihan Rencana Kontrak".split()
)
# Between a title and a name: "Presiden Rusia Vladimir Putin".
COUNTRIES = frozenset(
    "Amerika AS Australia Brunei Cina Filipina India Indonesia Inggris Jepang Kamboja Korea Laos Malaysia Myanmar"
    " Prancis RI Rusia Selatan Serikat Singapura Thailand Timor-Leste Tiongkok Turki Ukraina Utara Vietnam"
    " America Britain Cambodia China France Japan Philippines Russia Singapore Ukraine".split()
)


@dataclass(frozen=True, slots=True)
class Names:
    """What an article's words are: names as they stand inside its sentences, the names of people among them, and
    `common` words that only begin a sentence.
    """

    known: frozenset[str]
    common: frozenset[str]
    people: frozenset[str]

    def lowered(self, text: str) -> str:
        """The text as it stands inside a sentence: its first word small unless it is a name or begins one."""
        first, _, others = text.partition(" ")
        if first in SMALL or (first in self.common and not others[:1].isupper()):
            return text[:1].lower() + text[1:]
        return text

    def person(self, text: str) -> str:
        """The name of the person that the text is, without what they are; empty where it is no person."""
        words = text.split()
        for start in range(len(words)):
            name = " ".join(words[start:])
            if name in self.people:
                return name
        return ""


def _is_common(word: str, lang: str) -> bool:
    """Whether a dictionary has the word; the English one has names too, but not their plural."""
    import simplemma

    if lang == "en":
        return word.isalpha() and simplemma.lemmatize(word, lang).lower() != word
    return simplemma.is_known(word, lang)


def names_of(article: Article) -> Names:
    """The names of an article; of people are those that a title or an age says so of, and their parts."""
    firsts, inside = set(), set()
    for start, end in sentence_offsets(article.text, article.lang):
        first, _, others = article.text[start:end].partition(" ")
        firsts.add(first)
        inside |= set(re.findall(r"[^\W_][\w-]*", others))
    common = {w for w in firsts - inside if w.lower() in inside or _is_common(w.lower(), article.lang)}
    known = {word for word in inside if word[:1].isupper()}
    people: set[str] = set()
    for pattern in (PERSON.get(article.lang, PERSON["en"]), AGE):
        for match in pattern.finditer(article.text):
            name = re.sub(r"['’]s?$", "", match["name"])
            words = [word for word in name.split() if word not in COUNTRIES]
            people |= {" ".join(words), *words[:1], *words[-1:]} - {""}
    return Names(frozenset(known), frozenset(common), frozenset(people))
