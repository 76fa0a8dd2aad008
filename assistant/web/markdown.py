r"""Answers as Markdown, to be copied and downloaded. Pure functions; strangers' text is escaped and stays text.

Links are references with their addresses in lines of their own at the end, so that a reader sees sentences and a script
can tell our addresses from a stranger's words: no line of theirs begins with `[`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.records import Citation, Statement
from assistant.web.address import article_address
from assistant.web.conversation import Turn
from assistant.web.phrases import Phrases

MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
# What is markup only where a line begins: lists, and the underline of a heading.
LEADING = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+=]))")


def plain(text: str) -> str:
    r"""The text on one line, with a backslash before whatever Markdown would take for markup.

    >>> print(plain("1. *bold* [x](javascript:1)"))
    1\. \*bold\* \[x\](javascript:1)
    """
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return LEADING.sub(r"\1\\", MARKUP.sub(r"\\\1", words))


def turn_markdown(turn: Turn, base: str = "", prefix: str = "") -> str:
    """A turn with its whole answer: question, statements, how sure it is, and its sources with their addresses.

    `base` goes before the addresses of articles; `prefix` before the names of references, which are one document's.
    """
    answer, phrases = turn.answer, turn.phrases
    blocks = [f"**{plain(turn.asked) or plain(phrases.empty_question)}**"]
    if answer:
        by_number = {citation.number: citation for citation in answer.citations}
        links = {number: f"[{prefix}{number}]" for number in by_number if number not in turn.gone}
        blocks += [_statement(one, by_number, links) for one in answer.statements]
    if answer and answer.found:
        blocks.append(f"*{phrases.certainty(answer.probability)} ({round(answer.probability * 100)}%)*")
        blocks.append("\n".join(_source(one, phrases, links) for one in answer.citations))
        blocks.append("\n".join(f"{link}: <{base}{_address(by_number[n], phrases)}>" for n, link in links.items()))
    return "\n\n".join(block for block in blocks if block) + "\n"


def conversation_markdown(title: str, turns: Iterable[Turn], base: str) -> str:
    """A whole conversation under its title."""
    return f"# {plain(title)}\n\n" + "\n---\n\n".join(turn_markdown(one, base, f"{one.number}.") for one in turns)


def _statement(statement: Statement, by_number: dict[int, Citation], links: dict[int, str]) -> str:
    cited = [by_number[number] for number in statement.citations if number in by_number]
    quotes = [f"“{plain(one.quote)}” " + _linked(rf"\[{one.number}\]", one.number, links) for one in cited]
    return " ".join([plain(statement.lead), *quotes]).strip()


def _source(citation: Citation, phrases: Phrases, links: dict[int, str]) -> str:
    article = citation.article
    facts = [article.source, phrases.date(article.date) if article.date else "", phrases.language(article.lang)]
    known = ", ".join(plain(fact) for fact in facts if fact)
    title = _linked(plain(article.label), citation.number, links)
    return f"{citation.number}. {title}" + (f" · {known}" if known else "")


def _linked(text: str, number: int, links: dict[int, str]) -> str:
    """The text as a link; as it is where the quoted words are in no article any more."""
    return f"[{text}]{links[number]}" if number in links else text


def _address(citation: Citation, phrases: Phrases) -> str:
    return article_address(citation.article, citation.start, citation.end, phrases.lang)
