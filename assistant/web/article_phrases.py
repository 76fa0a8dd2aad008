"""What the page of an article says of itself beside `phrases.py`, in English and Indonesian."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.records import Lang


@dataclass(frozen=True, slots=True)
class Words:
    """The page's words in one language. `{…}` are filled by the functions that use them."""

    quoted: str
    jump: str
    about: str
    identity: str
    address: str


WORDS: Mapping[Lang, Words] = {
    "en": Words(
        quoted="{count} quotations in your conversation",
        jump="Go to the quoted words",
        about="About this article",
        identity="Identifier",
        address="Address",
    ),
    "id": Words(
        quoted="{count} kutipan dalam percakapan Anda",
        jump="Ke kata-kata yang dikutip",
        about="Tentang artikel ini",
        identity="Pengenal",
        address="Alamat",
    ),
}
