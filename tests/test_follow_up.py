from __future__ import annotations

import pytest

from assistant.follow_up import MOST_CHARS, leans, leant_on, names


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
