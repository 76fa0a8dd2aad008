"""What happens when somebody asks, without a browser."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from langchain_core.runnables import RunnableGenerator

from assistant.records import Answer
from assistant.understand import Asked
from assistant.web.conversation import KEPT_QUESTION_CHARS, KEPT_TURNS, Kept, Turn, ask, stopped
from tests.fakes import LIBRARY, FakeChain, FakeLibrary


def whole(chain: FakeChain, earlier: tuple[Turn, ...], question: str, instead: int = 0) -> tuple[Turn, ...]:
    return list(ask(chain.runnable(), LIBRARY, earlier, question, instead))[-1]


def test_the_question_is_there_before_the_answer() -> None:
    turns = [turns[-1] for turns in ask(FakeChain().runnable(), LIBRARY, (), "what did Myanmar buy?")]
    assert turns[0].answer is None
    assert turns[0].asked == "what did Myanmar buy?"
    assert turns[0].articles == 4


def test_the_answer_grows_statement_by_statement() -> None:
    turns = [turns[-1] for turns in ask(FakeChain().runnable(), LIBRARY, (), "what did Myanmar buy?")]
    answers = [turn.answer for turn in turns if turn.answer]
    assert [len(answer.statements) for answer in answers] == [0, 1, 2, 2]
    assert [len(answer.citations) for answer in answers] == [0, 2, 3, 3]
    assert [turn.done for turn in turns] == [False, False, False, False, True]


def test_turns_are_kept_and_numbered() -> None:
    chain = FakeChain()
    one = whole(chain, (), "What did Myanmar buy?")
    two = whole(chain, one, "second")
    assert [(turn.number, turn.asked) for turn in two] == [(1, "What did Myanmar buy?"), (2, "second")]
    # Of an answer the chain gets the words that answer.
    assert chain.earlier == [[], ["What did Myanmar buy?", "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia."]]


def test_a_question_takes_the_place_of_the_last_one() -> None:
    chain = FakeChain()
    turns = whole(chain, whole(chain, (), "first"), "secnod")
    turns = (turns[0], replace(turns[1], kept=Kept("c", 7)))
    changed = whole(chain, turns, "second", instead=2)
    assert [(turn.number, turn.asked) for turn in changed] == [(1, "first"), (2, "second")]
    assert changed[1].instead == Kept("c", 7)
    assert chain.earlier[-1] == ["first", ""], "the chain hears nothing of the question that was taken back"
    assert whole(chain, changed, "third", instead=2)[1].instead == Kept("c", 7), "also where that was not kept"


@pytest.mark.parametrize("instead", [1, 3, -1])
def test_no_other_turn_can_be_replaced(instead: int) -> None:
    turns = whole(FakeChain(), whole(FakeChain(), (), "first"), "second")
    assert [turn.asked for turn in whole(FakeChain(), turns, "third", instead)] == ["first", "second", "third"]


def test_a_stopped_answer_stays_as_it_stands() -> None:
    coming = next(
        turns for turns in ask(FakeChain().runnable(), LIBRARY, (), "What did Myanmar buy?") if turns[0].answer
    )
    (halted,) = stopped(coming)
    assert halted.done
    assert halted.stopped
    assert halted.answer == coming[0].answer
    assert stopped((halted,)) == (halted,)
    assert stopped(()) == ()
    after = whole(FakeChain(), coming, "and now?")
    assert after[0] == halted, "who asks on while an answer is on its way has stopped it"
    assert [turn.number for turn in after] == [1, 2]


def test_a_long_conversation_forgets_its_oldest_turns_and_never_repeats_a_number() -> None:
    turns: tuple[Turn, ...] = ()
    for count in range(KEPT_TURNS + 2):
        turns = whole(FakeChain(), turns, f"question {count}")
    assert len(turns) == KEPT_TURNS
    assert [turn.number for turn in turns] == list(range(3, KEPT_TURNS + 3))


def test_the_chain_gets_the_whole_question_and_the_page_repeats_its_beginning() -> None:
    chain = FakeChain()
    turns = whole(chain, (), "long " * 20_000)
    assert chain.asked == ["long " * 20_000]
    assert len(turns[0].asked) <= KEPT_QUESTION_CHARS + 1
    assert turns[0].asked.endswith("…")


@pytest.mark.parametrize("question", ["", "   \n", "🦏🦏🦏", "\u202e\u0000"])
def test_what_is_no_question_still_gets_an_answer(question: str) -> None:
    turn = whole(FakeChain(), (), question)[0]
    assert turn.answer is not None
    assert not turn.problem


def test_half_a_surrogate_pair_does_no_harm() -> None:
    chain = FakeChain()
    whole(chain, (), "what\ud83d?")
    assert chain.asked == ["what??"]


def test_an_error_of_ours_tells_what_to_do() -> None:
    turn = whole(FakeChain(), (), "break")[0]
    assert turn.problem == "The index is damaged. Build it anew with: tanya index PATH --rebuild"
    assert turn.done


def test_any_other_error_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        turn = whole(FakeChain(), (), "crash")[0]
    assert "Something went wrong" in turn.problem
    assert "Ada yang salah" in turn.problem
    assert "secret" not in turn.problem
    assert "secret detail of the machine" in caplog.text


def test_a_library_that_fails_is_a_problem_of_the_turn(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeLibrary):
        @property
        def article_count(self) -> int:
            raise RuntimeError("disk")

    turns = list(ask(FakeChain().runnable(), Broken(), (), "what?"))
    assert "Something went wrong" in turns[-1][0].problem
    assert "disk" in caplog.text


def test_a_chain_that_says_nothing_is_a_problem_of_the_turn() -> None:
    def silent(asked: Iterator[Asked]) -> Iterator[Answer]:
        list(asked)
        yield from ()

    turns = list(ask(RunnableGenerator(silent), LIBRARY, (), "what?"))
    assert "Something went wrong" in turns[-1][0].problem
