"""A web page -> the facts it states and the text of its article.

trafilatura finds the article. Here is decided what is believed of the rest: only what stands where pages state
facts. This file does not know where the page came from; it fetches nothing and runs nothing.
"""

from __future__ import annotations

import copy
import logging
import re
from typing import Any

from assistant.read.encoding import tidy
from assistant.read.fields import one_line

DATE_META = re.compile(r"^(?!.*copyright).*(?:date|time|publi|creat|issued|modif)", re.IGNORECASE)

# The libraries report as warnings what is told by `read` as a ReadError; without a handler Python prints them.
for _library in ("trafilatura", "htmldate", "courlan"):
    logging.getLogger(_library).addHandler(logging.NullHandler())


def article_in(page: str) -> tuple[dict[str, str | None], str] | None:
    """The facts and the text, or nothing where the page has no article."""
    import trafilatura
    from trafilatura.settings import Document

    if not re.search(r"<(?:html|body|!doctype)\b", page[:2_000], re.IGNORECASE):
        page = f"<html><body>{page}</body></html>"  # trafilatura refuses a bare fragment
    tree = trafilatura.load_html(page)
    if tree is None:
        return None
    found = trafilatura.bare_extraction(tree, fast=True, include_comments=False, with_metadata=True)
    if not isinstance(found, Document):
        return None
    text = tidy(found.text or "").strip()
    if not _is_story(text):
        return None
    first, _, rest = text.partition("\n")
    if rest.strip() and first == one_line("title", found.title):
        text = rest.strip()
    facts = {
        "title": found.title,
        "date": _declared_date(tree, found.url),
        "lang": _declared_lang(tree),
        "source": found.sitename,
        "url": found.url,
        "author": found.author,
    }
    return facts, text


def _is_story(text: str) -> bool:
    """A menu is a list of words; a story has at least one line that ends as a sentence does."""
    return any(len(line.split()) >= 6 and line.rstrip("\"'”’)»")[-1:] in ".!?…:" for line in text.splitlines())


def _declared_date(tree: Any, url: str | None) -> str | None:
    """The date that the page states in its metadata, its first `time` element or its address.

    From a whole page, htmldate also takes dates out of the story or the footer. A wrong date is worse than none,
    so it is shown only the elements that exist to state one. The fixed latest date makes it repeatable.
    """
    import trafilatura

    page: Any = trafilatura.load_html("<html><head></head><body></body></html>")
    times = tree.xpath("(//article//time[@datetime] | //main//time[@datetime])[1]")
    for element in [*tree.xpath("//meta | //script[@type='application/ld+json']"), *times]:
        names = " ".join(element.get(name, "") for name in ("name", "property", "itemprop", "http-equiv"))
        if element.tag != "meta" or DATE_META.search(names):
            stated = copy.deepcopy(element)
            stated.tail = None
            page[element.tag == "time"].append(stated)
    search = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
    date: str | None = trafilatura.extract_metadata(page, url, search).date
    return date


def _declared_lang(tree: Any) -> str:
    stated: str = [*tree.xpath("/html/@lang"), *tree.xpath('//meta[@property="og:locale"]/@content'), ""][0]
    return stated if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_]\w{1,20})*", stated) else ""
