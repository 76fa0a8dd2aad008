"""Where the application shows an article: an address relative to the page's own base."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from assistant.records import Article


def article_address(article: Article, start: int, end: int, lang: str, conversation: str = "") -> str:
    """Where the page shows the article with these words marked; with a conversation, all that it quotes of it.

    >>> article_address(Article("a/b", "…"), 0, 1, "en")
    'articles/a%2Fb?start=0&end=1&lang=en#cited'
    """
    query = {"start": start, "end": end, "lang": lang} | ({"conversation": conversation} if conversation else {})
    return f"articles/{quote(article.id, safe='')}?{urlencode(query)}#cited"
