"""What people thought of their answers -> a file of test questions, in the form that docs/evaluating.md describes.

A good answer becomes a question with its gold: the short answer and the quoted sentences, or that there is none. A bad
one becomes a candidate, `"answerable": null`: somebody has to look what would have been right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from assistant.evaluate.answers import normalise
from assistant.history import KeptTurn, Rated
from assistant.records import Article

TAG = "feedback"

Articles = Callable[[str], Article | None]


def as_json_lines(rated: Iterable[Rated], article: Articles) -> Iterator[str]:
    """One question a line, in the order of the feedback; of a question that was judged twice, the last judgement.

    `article` gives the article of an id, or None: what is quoted must still stand in it letter for letter.
    """
    latest: dict[tuple[str, ...], dict[str, Any]] = {}
    for one in rated:
        facts = _facts(one, article)
        words = [text for turn in facts["conversation"] for text in (turn["question"], turn["answer"])]
        asked = tuple(normalise(text, facts["lang"], keep_articles=True) for text in [*words, facts["question"]])
        latest.pop(asked, None)
        latest[asked] = facts
    for facts in latest.values():
        yield json.dumps(facts, ensure_ascii=False)


def _facts(rated: Rated, article: Articles) -> dict[str, Any]:
    turn, feedback = rated.turn, rated.feedback
    return {
        "id": f"{TAG}-{turn.id}",
        "question": turn.question,
        "lang": turn.lang,
        **(_gold(turn, article) if feedback.verdict == "up" else {"answerable": None}),
        "tags": [TAG, *([feedback.reason] if feedback.reason else [])],
        "conversation": [{"question": one.question, "answer": _said(one)} for one in rated.before],
    }


def _gold(turn: KeptTurn, article: Articles) -> dict[str, Any]:
    """What was right about a good answer; nothing where its articles have changed since and say it no more."""
    if not turn.answer["found"]:
        return {"answerable": False}
    quotes = [
        {"article": one["article_id"], "quote": one["quote"]}
        for one in turn.answer["citations"]
        if (source := article(one["article_id"])) and one["quote"] in source.text
    ]
    first = turn.answer["citations"][0]
    if not any(quote["quote"] == first["quote"] for quote in quotes):
        return {"answerable": None}
    return {"answers": [turn.answer["short"]], "quotes": quotes, "answerable": True}


def _said(turn: KeptTurn) -> str:
    return str(turn.answer["short"] or turn.answer["answer"])
