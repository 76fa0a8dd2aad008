from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.config import Settings
from assistant.embed import load_encoder, nearest
from assistant.follow_up import MOST_CHARS, filled_in, leans, leant_on, names


@pytest.mark.parametrize(
    "question",
    [
        "And Malaysia?",
        "what about Malaysia?",
        "kalau Malaysia?",
        "Lalu kapan RCEP berlaku di sana?",
        "umurnya berapa?",
        "Alasannya apa?",
        "Who lent most of the money?",
        "Why were they kept apart?",
        "Bagaimana dia meninggal?",
    ],
)
def test_a_question_that_goes_on_from_another_leans_on_it(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "What weapons did Myanmar buy from Russia?",
        "RCEP berlaku kapan?",
        "Kapan kereta cepat Whoosh diresmikan?",
        "who won in 2022?",
        "Jokowi lahir di mana?",
    ],
)
def test_a_question_that_names_what_it_is_about_stands_alone(question: str) -> None:
    assert not leans(question)


def test_names_are_capitals_and_numbers_but_not_the_first_small_word() -> None:
    assert names("Where did Kim Jong Un meet Trump in 2018, and did Trump pay $20m?") == [
        *("Kim", "Jong", "Un", "Trump", "2018", "20m"),
    ]
    assert names("alasannya apa?") == []


def test_it_goes_back_to_the_last_question_that_stood_alone() -> None:
    turns = [
        ("Who won the Thomas Cup?", "Indonesia"),
        ("Siapa petugas menara bandara Palu?", "Anthonius Gunawan Agung"),
        ("umurnya berapa?", "21"),
    ]
    assert leant_on("Bagaimana dia meninggal?", turns) == (
        "Siapa petugas menara bandara Palu? Anthonius Gunawan Agung. umurnya berapa? 21."
    )
    assert leant_on("Bagaimana Habibie meninggal?", turns) == ""
    assert leant_on("Bagaimana dia meninggal?", []) == ""


def test_a_turn_without_an_answer_and_turns_that_all_lean_are_taken_as_they_are() -> None:
    assert leant_on("and then?", [("umurnya?", ""), ("kenapa?", "sakit")]) == "umurnya? kenapa? sakit."


def test_of_long_turns_the_beginning_and_the_end_are_kept() -> None:
    kept = leant_on("and then?", [("Who is Agung? " + "word " * 500, "in Palu")])
    assert len(kept) <= MOST_CHARS + 3
    assert kept.startswith("Who is Agung?")
    assert kept.endswith("in Palu.")


@pytest.mark.parametrize(
    ("question", "before", "full"),
    [
        ("And Malaysia?", "When did RCEP take effect for Indonesia?", "When did RCEP take effect for Malaysia?"),
        ("kalau Malaysia?", "RCEP berlaku buat Indonesia kapan?", "RCEP berlaku buat Malaysia kapan?"),
        ("And Malaysia?", "What did Myanmar buy from Russia?", "What did Malaysia buy from Russia?"),
        ("and from Ukraine?", "What did Myanmar buy from Russia?", "What did Myanmar buy from Ukraine?"),
        ("Di Palu?", "Berapa korban gempa di Lombok?", "Berapa korban gempa di Palu?"),
        ("What about Palu?", "How many died in the Lombok quake?", "How many died in the Palu quake?"),
        ("And the Philippines?", "When did Indonesia sign?", "When did the Philippines sign?"),
        ("And Indonesia?", "When did the Philippines sign?", "When did Indonesia sign?"),
        ("And in 2023?", "What did Obama say in Hanoi in 2016?", "What did Obama say in Hanoi in 2023?"),
        ("And Biden in 2023?", "What did Obama say in Hanoi in 2016?", "What did Biden say in Hanoi in 2023?"),
        ("Thailand?", "Indonesia membeli apa?", "Thailand membeli apa?"),
    ],
)
def test_a_question_that_only_names_another_name_is_the_last_one_with_it(question: str, before: str, full: str) -> None:
    assert filled_in(question, before, partial(nearest, load_encoder(Settings()))) == full


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("And then?", "When did Obama visit Hanoi?"),
        ("umurnya berapa?", "Siapa menjaga menara di Palu?"),
        ("And who won in Aarhus?", "When did Obama visit Hanoi?"),
        ("And Malaysia?", "who came first?"),  # no name to give way
        ("And in 2019?", "When did Obama visit Hanoi?"),  # nor a number
        ("And Hanoi?", "When did Obama visit Hanoi?"),
        ("And Malaysia?", ""),
        ("", "When did Obama visit Hanoi?"),
    ],
)
def test_any_other_question_is_not_filled_in(question: str, before: str) -> None:
    assert filled_in(question, before, lambda _name, _others: 0) == ""


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_questions_can_be_filled_in(question: str, before: str) -> None:
    def last(_name: str, others: Sequence[str]) -> int:
        return len(others) - 1

    full = filled_in(question, before, last)
    assert full != before or full == ""
