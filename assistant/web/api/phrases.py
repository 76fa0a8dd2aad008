"""What the page about the API says around the OpenAPI document, in both languages. The document itself is English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.records import Lang


@dataclass(frozen=True, slots=True)
class Words:
    """The page's words in one language."""

    title: str
    intro: str
    document: str
    other_doors: str
    completions: str
    tools: str
    sends: str
    answers: str
    parameters: str
    bodies: str
    problems: str
    problems_hint: str
    optional: str
    other: str


WORDS: Mapping[Lang, Words] = {
    "en": Words(
        title="The API",
        intro="Ask over HTTP, and get the answer with the exact passage behind every sentence.",
        document="The OpenAPI document",
        other_doors="Two other doors to the same answers",
        completions="OpenAI's chat completions, for Open WebUI and OpenAI's clients: the model is called tanya.",
        tools="an MCP server with the tools ask, search and get_article.",
        sends="sends",
        answers="answers",
        parameters="Parameters",
        bodies="Bodies",
        problems="Problems",
        problems_hint="An error is application/problem+json (RFC 9457); its type leads to one of these.",
        optional="optional",
        other="Bahasa Indonesia",
    ),
    "id": Words(
        title="API",
        intro="Bertanya lewat HTTP, dan jawabannya disertai kutipan persis di balik setiap kalimat.",
        document="Dokumen OpenAPI",
        other_doors="Dua pintu lain ke jawaban yang sama",
        completions="chat completions OpenAI, untuk Open WebUI dan klien OpenAI: nama modelnya tanya.",
        tools="server MCP dengan alat ask, search, dan get_article.",
        sends="mengirim",
        answers="menjawab",
        parameters="Parameter",
        bodies="Isi permintaan dan jawaban",
        problems="Galat",
        problems_hint="Galat berupa application/problem+json (RFC 9457); type-nya menunjuk ke salah satu di bawah ini.",
        optional="opsional",
        other="English",
    ),
}
