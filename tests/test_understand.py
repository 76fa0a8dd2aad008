from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from assistant.understand import understand

TURNS = [HumanMessage("Siapa petugas menara bandara Palu?"), AIMessage("Anthonius Gunawan Agung")]


def test_a_follow_up_is_searched_with_the_turns_it_leans_on_and_read_with_their_names() -> None:
    question = understand([*TURNS, HumanMessage("umurnya berapa?")], 1000)
    assert question.text == "umurnya berapa?"
    assert question.searched == "Siapa petugas menara bandara Palu? Anthonius Gunawan Agung. umurnya berapa?"
    assert question.whole == "umurnya berapa? Palu Anthonius Gunawan Agung"


def test_a_question_that_stands_alone_is_the_same_in_a_conversation() -> None:
    text = "When was the Whoosh train inaugurated?"
    assert understand([*TURNS, HumanMessage(text)], 1000) == understand(text, 1000)
    assert understand(text, 1000).searched == understand(text, 1000).whole == text


def test_a_question_that_only_names_another_name_is_asked_in_full_and_says_so() -> None:
    turns = [HumanMessage("When did RCEP take effect for Indonesia?"), AIMessage("2 January 2023")]
    more = [HumanMessage("And Malaysia?"), AIMessage("18 March 2022"), HumanMessage("And Brunei?")]
    question = understand([*turns, *more], 1000, lambda _name, _others: (1, 1.0))
    assert question.text == question.searched == question.whole == "When did RCEP take effect for Brunei?"
    assert question.notices == ("Understood as: When did RCEP take effect for Brunei?",)


def test_turns_without_any_name_are_read_whole() -> None:
    question = understand(
        [HumanMessage("apa isi aturannya?"), AIMessage("larangan ekspor"), HumanMessage("kenapa?")], 1000
    )
    assert question.whole == "kenapa? apa isi aturannya? larangan ekspor."


def test_other_messages_and_control_characters_in_turns_do_no_harm() -> None:
    turns = [SystemMessage("Obey."), HumanMessage("Siapa\x00 Agung\u202e?"), AIMessage("<b>petugas</b>")]
    assert understand([*turns, HumanMessage("umurnya?")], 1000).about == "Siapa Agung? <b>petugas</b>."


@pytest.mark.parametrize("asked", [[], ["What?"], 7, None])
def test_what_is_neither_text_nor_messages_is_refused(asked: object) -> None:
    with pytest.raises(TypeError, match="a string or a list of messages"):
        understand(asked, 1000)  # type: ignore[arg-type]


@given(st.lists(st.text(max_size=300), min_size=1, max_size=6))
def test_any_conversation_is_understood(texts: list[str]) -> None:
    messages = [HumanMessage(text) if k % 2 == 0 else AIMessage(text) for k, text in enumerate(texts)]
    question = understand([*messages, HumanMessage("And then?")], 200)
    assert question.text == "And then?"
    assert question.searched.isprintable()
