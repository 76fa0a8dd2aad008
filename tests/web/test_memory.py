"""What is kept of a conversation comes back as it was, also where its articles have changed."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.history import Feedback, History, history_url
from assistant.web.conversation import Kept, Turn, ask
from assistant.web.memory import Memory, conversation_of, restored
from assistant.web.render import conversation, sources
from tests.fakes import ARMS, DELIVERY, HOSTILE, LIBRARY, QUAKE, FakeChain, FakeLibrary, answer_to

WEAPONS = "what weapons did Myanmar buy from Russia?"


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(history_url(Settings(history=str(tmp_path / "history.sqlite3")))) as history:
        yield history


def asked(memory: Memory, question: str, earlier: tuple[Turn, ...] = (), owner: str = "me") -> tuple[Turn, ...]:
    return memory.keep(owner, list(ask(FakeChain().runnable(), LIBRARY, earlier, question))[-1])


@pytest.mark.parametrize("question", [WEAPONS, "what is the price of rice?", "apa itu?", "hostile", "Myanmar " * 500])
def test_a_kept_answer_looks_as_it_looked_when_it_came(history: History, question: str) -> None:
    memory = Memory(history, LIBRARY)
    turns = asked(memory, question)
    again = memory.recall("me", conversation_of(turns))
    assert conversation(again) == conversation(turns)
    assert sources(again) == sources(turns)


def test_a_conversation_grows_and_comes_back_in_order(history: History) -> None:
    memory = Memory(history, LIBRARY, lambda: {"tanya": "9"})
    turns = asked(memory, "and now?", asked(memory, WEAPONS))
    first, second = memory.recall("me", conversation_of(turns))
    assert [first.asked, second.asked] == [WEAPONS, "and now?"]
    assert [first.number, second.number] == [1, 2]
    assert first.kept == turns[0].kept
    assert len(history.conversations("me")) == 1
    assert history.turns("me", conversation_of(turns))[0].versions == {"tanya": "9"}


def test_a_changed_question_takes_the_place_of_the_old_one_in_what_is_kept(history: History) -> None:
    memory = Memory(history, LIBRARY)
    turns = asked(memory, "and nwo?", asked(memory, WEAPONS))
    changed = memory.keep("me", list(ask(FakeChain().runnable(), LIBRARY, turns, "and now?", instead=2))[-1])
    assert changed[1].kept != turns[1].kept
    assert changed[1].instead is None
    assert [turn.asked for turn in memory.recall("me", conversation_of(turns))] == [WEAPONS, "and now?"]


def test_the_first_question_changed_stays_in_its_conversation_also_after_a_failure(history: History) -> None:
    memory = Memory(history, LIBRARY)
    turns = asked(memory, "waepons?")
    failed = memory.keep("me", list(ask(FakeChain().runnable(), LIBRARY, turns, "crash", instead=1))[-1])
    assert failed[0].kept is None
    assert [turn.asked for turn in memory.recall("me", conversation_of(failed))] == ["waepons?"], "nothing is lost"
    changed = memory.keep("me", list(ask(FakeChain().runnable(), LIBRARY, failed, WEAPONS, instead=1))[-1])
    assert [turn.asked for turn in memory.recall("me", conversation_of(turns))] == [WEAPONS]
    assert conversation_of(changed) == conversation_of(turns)


def test_why_a_passage_was_found_comes_back(history: History) -> None:
    answer = answer_to(WEAPONS)
    ranked = replace(answer, hits=tuple(replace(hit, vector_rank=2, word_rank=7) for hit in answer.hits))
    again, _ = restored(ranked.as_dict(), LIBRARY.article)
    assert [(hit.vector_rank, hit.word_rank) for hit in again.hits] == [(2, 7)] * 3
    old = ranked.as_dict()
    for passage in old["passages"]:
        del passage["vector_rank"], passage["word_rank"]
    again, _ = restored(old, LIBRARY.article)
    assert [(hit.vector_rank, hit.word_rank) for hit in again.hits] == [(0, 0)] * 3


def test_the_side_that_a_comparison_came_out_at_comes_back() -> None:
    weighed = replace(answer_to(WEAPONS), chosen="Su-30")
    assert restored(weighed.as_dict(), LIBRARY.article)[0].short == "Su-30"
    old = {name: value for name, value in weighed.as_dict().items() if name != "chosen"}
    assert restored(old, LIBRARY.article)[0].short == answer_to(WEAPONS).short


def test_a_shared_turn_is_shown_without_its_asker(history: History) -> None:
    memory = Memory(history, LIBRARY)
    turns = asked(memory, "and now?", asked(memory, WEAPONS))
    assert turns[0].kept is not None
    link, _ = history.share("me", turns[0].kept.turn)
    shared = memory.shared(link)
    assert shared is not None
    assert (shared.asked, shared.kept) == (WEAPONS, None)
    assert shared.answer is not None
    assert [one.quote for one in shared.answer.citations] == [one.quote for one in answer_to(WEAPONS).citations]
    assert memory.shared("no") is None


def test_another_owner_recalls_nothing(history: History) -> None:
    memory = Memory(history, LIBRARY)
    turns = asked(memory, WEAPONS)
    assert memory.recall("you", conversation_of(turns)) == ()
    assert memory.recall("", conversation_of(turns)) == ()
    assert memory.judged("you", turns)[0].kept == turns[0].kept


@pytest.mark.parametrize(("question", "owner"), [("break", "me"), ("crash", "me"), (WEAPONS, "")])
def test_what_failed_and_what_is_nobodys_is_not_kept(history: History, question: str, owner: str) -> None:
    turns = asked(Memory(history, LIBRARY), question, owner=owner)
    assert turns[-1].kept is None
    assert history.conversations("me") == history.conversations("") == []


def test_an_empty_question_is_not_kept(history: History) -> None:
    turn = Turn(1, "", 4, answer_to(""), 0.1)
    assert Memory(history, LIBRARY).keep("me", (turn,)) == (turn,)


def test_what_was_thought_of_an_answer_meanwhile_is_shown(history: History) -> None:
    memory = Memory(history, LIBRARY)
    turns = asked(memory, WEAPONS)
    assert turns[0].kept is not None
    history.rate("me", turns[0].kept.turn, Feedback("up"))
    (judged,) = memory.judged("me", turns)
    assert judged.kept == replace(turns[0].kept, feedback=Feedback("up"))
    assert 'data-verdict="up" aria-pressed="true"' in conversation((judged,))


def test_where_an_article_is_gone_its_words_stand_for_themselves() -> None:
    answer, gone = restored(answer_to(WEAPONS).as_dict(), FakeLibrary(DELIVERY, QUAKE).article)
    original = answer_to(WEAPONS)
    assert gone == {1, 2}
    assert [one.quote for one in answer.citations] == [one.quote for one in original.citations]
    assert [one.short for one in answer.citations] == [one.short for one in original.citations]
    assert answer.citations[0].article.title == ARMS.title
    assert answer.citations[2].article is DELIVERY
    assert [hit.passage.article.id for hit in answer.hits] == ["delivery", "quake"]
    html = sources((Turn(1, WEAPONS, 4, answer, 0.1, kept=Kept("c", 1), gone=gone),))
    assert html.count("This article has been changed or removed since.") == 2
    assert html.count('class="open"') == 1
    assert 'data-number="2">Rusia juga memasok sistem pertahanan rudal Pantsir S-1 kepada Myanmar.</mark>' in html


def test_where_the_words_have_moved_they_are_found() -> None:
    moved = replace(ARMS, text="Kalimat baru di depan. " + ARMS.text)
    answer, gone = restored(answer_to(WEAPONS).as_dict(), FakeLibrary(moved, DELIVERY).article)
    assert gone == frozenset()
    first = answer.citations[0]
    assert first.article is moved
    assert first.passage.text == first.quote, "the old passage's edges mean nothing in the new text"
    assert moved.text[first.start : first.end] == first.quote == answer_to(WEAPONS).citations[0].quote
    assert first.short == answer_to(WEAPONS).citations[0].short


def test_where_the_words_have_changed_the_old_ones_are_shown() -> None:
    changed = replace(ARMS, text=ARMS.text.replace("enam jet", "delapan jet"))
    answer, gone = restored(answer_to(WEAPONS).as_dict(), FakeLibrary(changed, DELIVERY).article)
    assert gone == {1}
    assert answer.citations[0].quote == "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia."
    assert answer.citations[1].article is changed


def test_a_hostile_article_that_is_gone_is_still_text() -> None:
    answer, gone = restored(answer_to("hostile").as_dict(), FakeLibrary().article)
    html = sources((Turn(1, "hostile", 4, answer, 0.1, gone=gone),))
    assert gone == {1}
    assert "<script" not in html
    assert HOSTILE.url not in html


def test_a_database_that_fails_costs_nobody_an_answer(
    history: History, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    memory = Memory(history, LIBRARY)
    turns = asked(memory, WEAPONS)
    with sqlite3.connect(tmp_path / "history.sqlite3") as connection:
        connection.execute("DROP TABLE turns")
    connection.close()
    with caplog.at_level(logging.ERROR):
        more = asked(memory, "and now?", memory.judged("me", turns))
    assert more[-1].answer is not None
    assert more[-1].kept is None
    assert memory.recall("me", conversation_of(turns)) == ()
    assert "a turn could not be kept" in caplog.text
    assert "a conversation could not be read" in caplog.text
