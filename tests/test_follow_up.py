from __future__ import annotations

from collections.abc import Sequence

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


RCEP, OBAMA = "When did RCEP take effect for Indonesia?", "What did Obama say in Hanoi in 2016?"
RUSSIA, LOMBOK = "What did Myanmar buy from Russia?", "Berapa korban gempa di Lombok?"


def alike(name: str, others: Sequence[str]) -> tuple[int, float]:
    return nearest(load_encoder(Settings()), name, others)


@pytest.mark.parametrize(
    ("question", "before", "full"),
    [
        ("And Malaysia?", RCEP, "When did RCEP take effect for Malaysia?"),
        ("Malaysia?", RCEP, "When did RCEP take effect for Malaysia?"),
        ("And what about Malaysia?", RCEP, "When did RCEP take effect for Malaysia?"),
        ("And (Malaysia)…", RCEP, "When did RCEP take effect for Malaysia?"),
        ("kalau Malaysia gimana?", "RCEP berlaku buat Indonesia kapan?", "RCEP berlaku buat Malaysia kapan?"),
        ("And Malaysia?", RUSSIA, "What did Malaysia buy from Russia?"),
        ("and from Ukraine?", RUSSIA, "What did Myanmar buy from Ukraine?"),
        ("And from Thailand?", RUSSIA, "What did Myanmar buy from Thailand?"),
        ("Di Palu?", LOMBOK, "Berapa korban gempa di Palu?"),
        ("What about Palu?", "How many died in the Lombok quake?", "How many died in the Palu quake?"),
        ("And the Philippines?", "When did Indonesia sign?", "When did the Philippines sign?"),
        ("And Indonesia?", "When did the Philippines sign?", "When did Indonesia sign?"),
        ("And the US in the Philippines?", OBAMA, "What did the US say in the Philippines in 2016?"),
        ("And Malaysia?", "Who is Indonesia's president?", "Who is Malaysia's president?"),
        ("And in 2023?", OBAMA, "What did Obama say in Hanoi in 2023?"),
        ("And Biden in 2023?", OBAMA, "What did Biden say in Hanoi in 2023?"),
        ("And Biden in Hanoi?", OBAMA, "What did Biden say in Hanoi in 2016?"),
        ("Kalau 2022?", "Siapa juara Piala Dunia 2018?", "Siapa juara Piala Dunia 2022?"),
        ("kalau Oktober?", "Berapa inflasi September 2023?", "Berapa inflasi Oktober 2023?"),
        ("Thailand?", "Indonesia membeli apa?", "Thailand membeli apa?"),
        ("And Prabowo?", "Joko Widodo lahir kapan?", "Prabowo lahir kapan?"),
    ],
)
def test_a_question_that_only_names_another_name_is_the_last_one_with_it(question: str, before: str, full: str) -> None:
    assert filled_in(question, before, alike) == full


@pytest.mark.parametrize(
    ("question", "before"),
    [
        *(("Dimana?", OBAMA), ("Thanks!", OBAMA), ("Sumber?", OBAMA), ("Yes", OBAMA), ("Penyebab?", LOMBOK)),
        *(("Prabowo Subianto", RUSSIA), ("And Hanoi?", OBAMA), ("And…?", OBAMA), ("And 😀?", OBAMA), ("", OBAMA)),
        *(("And then?", OBAMA), ("And who won in Aarhus?", OBAMA), ("umurnya berapa?", LOMBOK)),
        ("And in 2023?", "How many of the 20 countries signed?"),
        ("And in May 2023?", OBAMA),
        ("And Malaysia?", "who came first?"),
        ("And Malaysia?", ""),
    ],
)
def test_any_other_question_is_not_filled_in(question: str, before: str) -> None:
    assert filled_in(question, before, alike) == ""


@given(
    st.lists(
        st.sampled_from(["Palu", "Joko Widodo", "2019", "May", "7", "the US"]), min_size=1, max_size=3, unique=True
    )
)
def test_what_is_filled_in_has_every_name_once_and_the_rest_of_the_question(names: list[str]) -> None:
    before = "Did Obama see the Philippines' 20 ships in March 2016?"

    def last(_name: str, others: Sequence[str]) -> tuple[int, float]:
        return len(others) - 1, 1.0

    full = filled_in("And " + " for ".join(names), before, last)
    if full:
        assert all(full.count(name) == 1 for name in names)
        assert full.startswith("Did ")
        assert full.endswith("?")
        assert " see " in full
