"""The table of contents: how a question becomes an answer.

    understand -> retrieve -> read -> answer

Each stage is a LangChain runnable of that name, so that `invoke`, `stream`, `batch`, their async twins and
callbacks work as everywhere in LangChain.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda

from assistant.answer import compose
from assistant.config import Settings
from assistant.embed import load_encoder
from assistant.language import detect, say
from assistant.reader import load_reader
from assistant.records import Answer, Hit, Question, Span
from assistant.retrieve import HybridRetriever
from assistant.store import Index


@dataclass(frozen=True, slots=True)
class State:
    """What the stages hand on: each adds its own part and the seconds it took."""

    question: Question
    hits: tuple[Hit, ...] = ()
    spans: tuple[Span, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


def build(settings: Settings | None = None, index: Index | None = None) -> Runnable[str, Answer]:
    """The chain over the index that the settings name, or over one that is open already.

    >>> build().invoke("How many gold medals did Indonesia win at the SEA Games in Cambodia?").short
    '87'

    Raises `IndexMissingError` when there is no index, `IndexMismatchError` when it is another embedder's.
    """
    settings = settings or Settings()
    index = index or Index(settings.index, load_encoder(settings))
    return reading(settings, index) | answering(settings)


def reading(settings: Settings, index: Index) -> Runnable[str, State]:
    """The stages up to the spans that may answer: nearly all of the work, and nothing of it shown yet."""
    assert index.embeddings is not None, "a chain needs an index that was opened with an embedder"
    retriever = HybridRetriever(index=index, top_k=settings.top_k, vector_weight=settings.vector_weight)
    reader = load_reader(settings, index.embeddings)

    def understand_stage(text: str) -> State:
        if not isinstance(text, str):
            raise TypeError(f"the chain takes the question as a string, not {type(text).__name__}")
        return State(reader.fit(understand(text, settings.max_question_chars)))

    def retrieve_stage(state: State) -> State:
        return replace(state, hits=retriever.hits(state.question))

    def read_stage(state: State) -> State:
        return replace(state, spans=tuple(reader.read(state.question, state.hits)))

    return (
        RunnableLambda(understand_stage, name="understand")
        | RunnableLambda(_timed("retrieve", retrieve_stage), name="retrieve")
        | RunnableLambda(_timed("read", read_stage), name="read")
    )


def answering(settings: Settings) -> Runnable[State, Answer]:
    """The last stage: what of the spans is shown."""

    def answer_stage(states: Iterator[State]) -> Iterator[Answer]:
        for state in states:
            pieces = compose(state.question, state.hits, state.spans, settings.min_probability, settings.max_quotes)
            for piece in pieces:
                yield replace(piece, seconds=state.seconds)

    async def answer_stage_async(states: AsyncIterator[State]) -> AsyncIterator[Answer]:
        async for state in states:
            for piece in answer_stage(iter([state])):
                yield piece

    return RunnableGenerator(answer_stage, answer_stage_async, name="answer")


def _timed(name: str, stage: Callable[[State], State]) -> Callable[[State], State]:
    def timed(state: State) -> State:
        begun = time.perf_counter()
        done = stage(state)
        return replace(done, seconds={**state.seconds, name: time.perf_counter() - begun})

    return timed


def understand(text: str, max_chars: int) -> Question:
    """What was typed, made fit to be searched for: white space collapsed, control characters gone, not too long.

    Text without a letter or digit is no question: its `text` is empty.

    >>> understand("  Kapan   Whoosh diresmikan? ", 1000)
    Question(text='Kapan Whoosh diresmikan?', lang='id', notices=())
    """
    kept = "".join(_typed(character) for character in text[: max_chars * 10])
    words = " ".join(kept.split())
    if not any(character.isalnum() for character in words):
        return Question("", "en")
    lang = detect(words[:max_chars])
    if len(words) <= max_chars and len(text) <= max_chars * 10:
        return Question(words, lang)
    cut = words[:max_chars]
    shortened = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return Question(shortened, lang, (say(lang, "shortened", limit=len(shortened)),))


def _typed(character: str) -> str:
    """The character, a space for what separates or controls, nothing for what is invisible, such as a soft hyphen."""
    category = unicodedata.category(character)
    return "" if category == "Cf" else " " if category[0] in "CZ" else character
