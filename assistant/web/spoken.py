"""Which language the page speaks to this visitor: the one they chose, else the one their browser prefers.

What an answer says is in the language of its question; this is about everything around it.
"""

from __future__ import annotations

from typing import Any

from assistant.records import Lang
from assistant.web.phrases import Phrases, phrases_for, preferred

COOKIE = "tanya_language"


def spoken(request: Any) -> Lang:
    """The language of the address (`?language=id`), of the visitor's choice, or of the browser. Any request with
    headers, cookies and query_params will do, Starlette's or Gradio's.
    """
    for chosen in (request.query_params.get("language"), request.cookies.get(COOKIE)):
        if chosen in ("en", "id"):
            return "id" if chosen == "id" else "en"
    return preferred(request.headers.get("accept-language", ""))


def phrases_of(request: Any) -> Phrases:
    """The page's words in that language."""
    return phrases_for(spoken(request))
