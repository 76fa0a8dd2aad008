"""Where the application shows an article: an address relative to the page's own base."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from assistant.records import Article


def article_address(article: Article, start: int, end: int, lang: str) -> str:
    """Where the page shows the article with these words marked.

    >>> article_address(Article("a/b", "…"), 0, 1, "en")
    'articles/a%2Fb?start=0&end=1&lang=en#cited'
    """
    query = urlencode({"start": start, "end": end, "lang": lang})
    return f"articles/{quote(article.id, safe='')}?{query}#cited"
