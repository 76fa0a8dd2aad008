"""What was typed -> a question fit to be searched for, with what earlier turns say that it leans on."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from assistant.comparison import compared
from assistant.follow_up import Alike, filled_in, leant_on, names, only_names
from assistant.language import detect, say
from assistant.records import Question

# A question, or a conversation whose last message is the question.
Asked = str | Sequence[BaseMessage]


def understand(asked: Asked, max_chars: int, alike: Alike | None = None) -> Question:
    """White space collapsed, control characters gone, not too long.

    Text without a letter or digit is no question: its `text` is empty. Of a conversation the last message is the
    question. Where it is a follow-up, what it leans on goes along; where it only names another name and `alike` can
    choose which one gives way, it is asked in full, with a notice. Raises `TypeError` for anything else.

    >>> understand("  Kapan   Whoosh diresmikan? ", 1000)
    Question(text='Kapan Whoosh diresmikan?', lang='id', notices=(), about='', named='')
    >>> understand([HumanMessage("Siapa menjaga menara di Palu?"), AIMessage("Agung"), HumanMessage("Umurnya?")], 1000)
    Question(text='Umurnya?', lang='id', notices=(), about='Siapa menjaga menara di Palu? Agung.', named='Palu Agung')
    """
    text, turns = _conversation(asked)
    question = _question(text, max_chars)
    turns = [(_typed(before, max_chars), _typed(answer, max_chars)) for before, answer in turns]
    if alike and (full := _in_full([*(before for before, _ in turns), question.text], alike)):
        filled = _question(full, max_chars)
        return replace(filled, notices=(say(filled.lang, "taken_as", question=filled.text), *filled.notices))
    about = leant_on(question.text, turns)
    return replace(question, about=about, named=" ".join(names(about)) or about)


def _in_full(questions: Sequence[str], alike: Alike) -> str:
    """The last question, filled in from the one before it that says more than names; empty where it is that one."""
    begin = len(questions) - 1
    while begin > 0 and only_names(questions[begin]):
        begin -= 1
    full = questions[begin]
    for question in questions[begin + 1 :]:
        full = filled_in(question, full, alike)
    return full if begin < len(questions) - 1 else ""


def _conversation(asked: Asked) -> tuple[str, list[tuple[str, str]]]:
    """The question, and the turns before it: what was asked and answered."""
    if isinstance(asked, str):
        return asked, []
    messages = [message for message in asked if isinstance(message, BaseMessage)] if isinstance(asked, Sequence) else []
    if not messages or len(messages) < len(asked):
        raise TypeError(f"a question is a string or a list of messages, not {type(asked).__name__}")
    turns: list[tuple[str, str]] = []
    for message in messages[:-1]:
        if isinstance(message, HumanMessage):
            turns.append((str(message.text), ""))
        elif isinstance(message, AIMessage) and turns:
            turns[-1] = (turns[-1][0], str(message.text))
    return str(messages[-1].text), turns


def _question(text: str, max_chars: int) -> Question:
    words = _typed(text, max_chars)
    if not any(character.isalnum() for character in words):
        return Question("", "en")
    lang = detect(words[:max_chars])
    if len(words) <= max_chars and len(text) <= max_chars * 10:
        return Question(words, lang, weighs=compared(words, lang))
    cut = words[:max_chars]
    shortened = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return Question(shortened, lang, (say(lang, "shortened", limit=len(shortened)),))


def _typed(text: str, max_chars: int) -> str:
    """The words of the text's beginning, one space between each two."""
    return " ".join("".join(_visible(character) for character in text[: max_chars * 10]).split())


def _visible(character: str) -> str:
    """The character, a space for what separates or controls, nothing for what is invisible, such as a soft hyphen."""
    category = unicodedata.category(character)
    return "" if category == "Cf" else " " if category[0] in "CZ" else character
