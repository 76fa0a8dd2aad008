"""What the page of an article says of itself beside `phrases.py`, in English and Indonesian."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.records import Lang


@dataclass(frozen=True, slots=True)
class Words:
    """The page's words in one language. `{…}` are filled by the functions that use them."""

    lang: Lang
    quoted: str
    place: str
    before: str
    after: str
    back: str
    about: str
    identity: str
    address: str


WORDS: Mapping[Lang, Words] = {
    "en": Words(
        lang="en",
        quoted="{count} quotations in your conversation",
        place="{number} of {count}",
        before="Previous quotation",
        after="Next quotation",
        back="Back to the conversation",
        about="About this article",
        identity="Identifier",
        address="Address",
    ),
    "id": Words(
        lang="id",
        quoted="{count} kutipan dalam percakapan Anda",
        place="{number} dari {count}",
        before="Kutipan sebelumnya",
        after="Kutipan berikutnya",
        back="Kembali ke percakapan",
        about="Tentang artikel ini",
        identity="Pengenal",
        address="Alamat",
    ),
}
