"""The fields of one test question -> a `TestQuestion`, or everything that is wrong with them.

The reader of JSON Lines and that of tables share it. It does not know which of them the facts came from.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.evaluate.questions import Found, Problem, Quote, TestQuestion, Turn
from assistant.language import detect
from assistant.read.encoding import tidy

# Articles are stored tidied; a quote must have had the same done to it to be found in one.
Words = Annotated[str, AfterValidator(lambda text: tidy(text).strip()), Field(min_length=1)]
Remark = Annotated[str, AfterValidator(tidy)]
LangCode = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")]


class _Model(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True, hide_input_in_errors=True)


class _Quote(_Model):
    article: Words
    quote: Words


class _Turn(_Model):
    question: Words
    answer: Remark


class _Fields(_Model):
    """The schema; docs/evaluating.md says it in words."""

    question: Words
    id: Words = ""
    lang: LangCode = ""
    answers: list[Words] = Field(default_factory=list)
    articles: list[Words] = Field(default_factory=list)
    quotes: list[_Quote] = Field(default_factory=list)
    answerable: bool | None = None
    tags: list[Words] = Field(default_factory=list)
    conversation: list[_Turn] = Field(default_factory=list)
    split: Remark = ""


def question_from(facts: Mapping[str, Any], place: str) -> Iterator[Found]:
    """The question, after a warning for each field that means nothing here; or a problem for each wrong field.

    A question whose `answerable` is `null` is a candidate: nobody has said yet what would be right. A warning says that
    it will not be asked. Any other field that is `null` counts as left out itself. Without an `id` the question gets
    one made from its words, which stays the same wherever in the file it stands.
    """
    undecided = "answerable" in facts and facts["answerable"] is None
    facts = {name: value for name, value in facts.items() if value is not None}
    for name in facts:
        if name not in _Fields.model_fields:
            reason = f"is no field of a question and is ignored{_meant(name)}"
            yield Problem(place, tidy(name)[:60], reason, is_error=False)
    try:
        fields = _Fields.model_validate(facts)
    except ValidationError as error:
        yield from problems_in(error, place)
        return
    if undecided:
        reason = "is null: the question is left out until it is true, with `quotes`, or false"
        yield Problem(place, "answerable", reason, is_error=False)
    yield replace(_question(fields, place), is_candidate=undecided)


def problems_in(error: ValidationError, place: str) -> Iterator[Problem]:
    """Everything that pydantic found wrong, each with its field."""
    for fault in error.errors():
        yield Problem(place, _path(fault["loc"]), _reason(fault["msg"], fault["input"], fault["type"]))


def _meant(name: str) -> str:
    close = difflib.get_close_matches(name, _Fields.model_fields, n=1, cutoff=0.75)
    return f"; is `{close[0]}` meant?" if close else ""


def _path(parts: tuple[int | str, ...]) -> str:
    """The field as one would write it.

    >>> _path(("quotes", 1, "article"))
    'quotes[1].article'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")


def _reason(message: str, value: object, kind: str) -> str:
    if kind == "missing":
        return "is missing"
    if kind in ("string_too_short", "too_short"):
        return "is empty"
    if kind == "string_pattern_mismatch":
        return f"must be a language code such as en or id, not {str(value)[:60]!r}"
    return f"{message[:1].lower()}{message[1:]}, not {str(value)[:60]!r}"


def _question(fields: _Fields, place: str) -> TestQuestion:
    quotes = tuple(Quote(quote.article, quote.quote) for quote in fields.quotes)
    articles = tuple(dict.fromkeys([*(quote.article for quote in quotes), *fields.articles]))
    conversation = tuple(Turn(turn.question, turn.answer) for turn in fields.conversation)
    return TestQuestion(
        id=fields.id or id_of(fields.question, conversation),
        question=fields.question,
        lang=fields.lang or detect(fields.question),
        answers=tuple(fields.answers),
        articles=articles,
        quotes=quotes,
        answerable=bool(fields.answers or articles) if fields.answerable is None else fields.answerable,
        tags=tuple(fields.tags),
        conversation=conversation,
        split=fields.split,
        place=place,
    )


def id_of(question: str, conversation: tuple[Turn, ...] = ()) -> str:
    """An id for a question that has none: a short hash of its words and of what was asked before it."""
    words = "\n".join([*(turn.question for turn in conversation), question])
    return hashlib.sha256(words.encode()).hexdigest()[:10]
