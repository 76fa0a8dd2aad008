"""Where the application shows an article, and how a link names the words that a browser shall look for in a page."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from assistant.records import Article

CITED = "cited"
# Up to this length the words are named whole; of more the first and the last few.
WHOLE_CHARS = 100
EDGE_WORDS = 5


def article_address(article: Article, start: int, end: int, lang: str, conversation: str = "") -> str:
    """Where the page shows the article with these words marked; relative to the page's own base.

    With a `conversation`, its other quotations of the article are marked as well.

    >>> article_address(Article("a/b", "…"), 0, 1, "en")
    'articles/a%2Fb?start=0&end=1&lang=en#cited'
    """
    query: dict[str, object] = {"start": start, "end": end, "lang": lang}
    if conversation:
        query["conversation"] = conversation
    return f"articles/{quote(article.id, safe='')}?{urlencode(query)}#{CITED}"


def quotation_address(article: Article, start: int, end: int, lang: str) -> str:
    """The same for a link to follow now: it names the words, too, in case the article changes under an open page."""
    return article_address(article, start, end, lang) + text_directive(article.text[start:end])


def text_directive(text: str) -> str:
    r"""The end of an address that has browsers look for words in the page, show and mark them; no server is told.

    The format is the WICG's Scroll To Text Fragment, https://wicg.github.io/scroll-to-text-fragment/.

    >>> text_directive("Su-30, kata dia.")
    ':~:text=Su%2D30%2C%20kata%20dia.'
    >>> text_directive("Kapal itu tiba\nhari Senin di Surabaya, lalu berlayar lagi.")
    ':~:text=Kapal%20itu%20tiba,di%20Surabaya%2C%20lalu%20berlayar%20lagi.'
    """
    lines = [line.split() for line in text.split("\n") if line.strip()]
    if not lines:
        return ""
    if len(lines) == 1 and len(text) <= WHOLE_CHARS:
        return f":~:text={_encoded(lines[0])}"
    return f":~:text={_encoded(lines[0][:EDGE_WORDS])},{_encoded(lines[-1][-EDGE_WORDS:])}"


def _encoded(words: list[str]) -> str:
    """Words as the format has them; a comma, a dash and an ampersand would mean something there."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
