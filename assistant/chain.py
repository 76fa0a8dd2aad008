"""The table of contents: how a question becomes an answer.

    understand -> retrieve -> read -> answer

Each stage is a LangChain runnable of that name, so that `invoke`, `stream`, `batch`, their async twins and
callbacks work as everywhere in LangChain.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator, RunnableLambda

from assistant.answer import compose, compose_comparison
from assistant.config import Settings
from assistant.embed import load_encoder, nearest
from assistant.reader import load_reader
from assistant.records import ALL, Answer, Hit, Question, Span
from assistant.retrieve import HybridRetriever
from assistant.store import Index
from assistant.understand import Asked, understand


@dataclass(frozen=True, slots=True)
class State:
    """What the stages hand on: each adds its own part and the seconds it took.

    `sides` are what was read about each side of a comparison.
    """

    question: Question
    hits: tuple[Hit, ...] = ()
    spans: tuple[Span, ...] = ()
    sides: tuple[Span, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


def build(settings: Settings | None = None, index: Index | None = None) -> Runnable[Asked, Answer]:
    """The chain over the index that the settings name, or over one that is open already.

    It takes a question, or a conversation whose last message is the question. Which articles may answer is said in
    LangChain's way: `chain.invoke(question, {"configurable": {"filters": Filters(lang="id")}})`.

    >>> build().invoke("How many gold medals did Indonesia win at the SEA Games in Cambodia?").short
    '87'

    Raises `IndexMissingError` when there is no index, `IndexMismatchError` when it is another embedder's.
    """
    settings = settings or Settings()
    index = index or Index(settings.index, load_encoder(settings))
    return reading(settings, index) | answering(settings)


def reading(settings: Settings, index: Index) -> Runnable[Asked, State]:
    """The stages up to the spans that may answer: nearly all of the work, and nothing of it shown yet."""
    assert index.embeddings is not None, "a chain needs an index that was opened with an embedder"
    retriever = HybridRetriever(index=index, top_k=settings.top_k, vector_weight=settings.vector_weight)
    reader = load_reader(settings, index.embeddings)
    alike = partial(nearest, index.embeddings)

    def understand_stage(asked: Asked, config: RunnableConfig) -> State:
        question = reader.fit(understand(asked, settings.max_question_chars, alike))
        return State(replace(question, filters=config.get("configurable", {}).get("filters", ALL)))

    def retrieve_stage(state: State) -> State:
        return replace(state, hits=retriever.hits(state.question))

    def read_stage(state: State) -> State:
        sides = reader.read_sides(state.question, state.hits) if state.question.weighs else ()
        if sides and min(span.probability for span in sides) >= settings.min_probability:
            return replace(state, sides=sides)
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
            if state.sides:
                pieces = compose_comparison(state.question, state.hits, state.sides)
            else:
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
