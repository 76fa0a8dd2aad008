from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import Runnable

from assistant.chain import build
from assistant.cite import is_exact
from assistant.config import Settings
from assistant.records import Answer
from assistant.store import Index
from assistant.understand import Asked, understand

QUESTION = "Kapan kereta cepat Whoosh diresmikan?"


@pytest.fixture(scope="module")
def chain(index: Index) -> Runnable[Asked, Answer]:
    return build(Settings(min_probability=0.0, max_quotes=2), index)


def same(one: Answer, other: Answer) -> bool:
    """Equal but for the seconds."""
    return one.text == other.text and one.citations == other.citations and one.hits == other.hits


def test_invoke_quotes_the_articles(chain: Runnable[Asked, Answer], index: Index) -> None:
    answer = chain.invoke(QUESTION)
    assert answer.citations[0].quote == "Kereta cepat Whoosh diresmikan pada 2 Oktober 2023."
    assert answer.text.startswith("Menurut Whoosh diresmikan (2 Oktober 2023): “Kereta cepat Whoosh")
    assert all(is_exact(citation, index.article(citation.article.id)) for citation in answer.citations)
    assert set(answer.seconds) == {"retrieve", "read"}


def test_a_follow_up_is_understood_from_the_turns_before_it(chain: Runnable[Asked, Answer]) -> None:
    turns = [HumanMessage(QUESTION), AIMessage("2 Oktober 2023"), HumanMessage("di mana?")]
    assert chain.invoke(turns).hits[0].passage.article.id == chain.invoke(QUESTION).hits[0].passage.article.id
    assert same(chain.invoke([HumanMessage(QUESTION)]), chain.invoke(QUESTION))
    pieces = list(chain.stream(turns))
    assert sum((len(piece.statements) for piece in pieces), 0) == len(chain.invoke(turns).statements)


def test_stream_gives_pieces_that_add_up_to_the_answer(chain: Runnable[Asked, Answer]) -> None:
    pieces = list(chain.stream(QUESTION))
    assert [len(piece.statements) for piece in pieces] == [0, 1]
    whole = pieces[0]
    for piece in pieces[1:]:
        whole += piece
    assert same(whole, chain.invoke(QUESTION))


def test_batch_answers_each_question(chain: Runnable[Asked, Answer]) -> None:
    one, two = chain.batch([QUESTION, "Which villages did ash fall on?"])
    assert same(one, chain.invoke(QUESTION))
    assert two.citations[0].article.id == "volcano"


async def test_the_async_twins_say_the_same(chain: Runnable[Asked, Answer]) -> None:
    expected = chain.invoke(QUESTION)
    assert same(await chain.ainvoke(QUESTION), expected)
    assert same((await chain.abatch([QUESTION]))[0], expected)
    assert [len(piece.statements) async for piece in chain.astream(QUESTION)] == [0, 1]


def test_callbacks_see_every_stage(chain: Runnable[Asked, Answer]) -> None:
    class Seen(BaseCallbackHandler):
        def __init__(self) -> None:
            self.names: list[str] = []

        def on_chain_start(self, serialized: Any, inputs: Any, *, name: str = "", **kwargs: Any) -> None:
            self.names.append(name)

    seen = Seen()
    chain.invoke(QUESTION, config={"callbacks": [seen]})
    assert [name for name in seen.names if name in {"understand", "retrieve", "read", "answer"}] == [
        "understand",
        "retrieve",
        "read",
        "answer",
    ]


@pytest.mark.parametrize("question", ["", "   ", "😀🎉", "?!", "\x00\x01", "\u202e\u200b"])
def test_what_is_no_question_gets_a_civil_answer(chain: Runnable[Asked, Answer], question: str) -> None:
    answer = chain.invoke(question)
    assert answer.text == "I can't find a question there. Ask me something about the articles."
    assert not answer.found


def test_a_question_of_100_000_characters_is_shortened_with_a_notice(chain: Runnable[Asked, Answer]) -> None:
    answer = chain.invoke("Kapan Whoosh diresmikan? " * 4000)
    assert len(answer.question.text) <= 1000
    assert answer.question.notices == (
        f"Pertanyaan Anda panjang: saya mencari dengan {len(answer.question.text)} karakter pertamanya.",
    )
    assert answer.citations[0].article.id == "whoosh"


def test_one_word_of_100_000_characters_is_cut(chain: Runnable[Asked, Answer]) -> None:
    assert len(chain.invoke("a" * 100_000).question.text) == 1000


@given(st.text(max_size=400))
def test_understand_takes_any_text(text: str) -> None:
    question = understand(text, 200)
    assert len(question.text) <= 200
    assert question.text == " ".join(question.text.split())
    assert question.lang in ("en", "id")


@pytest.mark.parametrize(
    "hostile", ['" OR 1=1 --', "NEAR(a b)", "words MATCH 'x'", "{title} {0}", "<script>alert(1)</script>"]
)
def test_promise_7_a_question_is_only_text(chain: Runnable[Asked, Answer], hostile: str) -> None:
    assert chain.invoke(hostile).question.text == hostile


def test_what_weighs_two_things_is_answered_from_what_is_read_about_each(chain: Runnable[Asked, Answer]) -> None:
    answer = chain.invoke("Which came first, the opening of Whoosh or the eruption of Semeru?")
    assert answer.short == answer.citations[0].short  # one date without a year cannot be compared
    assert {citation.article.id for citation in answer.citations} == {"volcano", "whoosh"}
    assert len(answer.statements) == 3
