from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.comparison import briefly, chosen, compared
from assistant.records import Article, Comparison, Lang, Passage, Span


def span(words: str, date: dt.date | None = None) -> Span:
    return Span(Passage(Article(words, words, date=date), 0, len(words)), 0, len(words), 0.9)


@pytest.mark.parametrize(
    ("text", "lang", "sides", "about_the_first", "least"),
    [
        ("Which happened earlier, the fire or the flood?", "en", ("the fire", "the flood"), "When: the fire?", True),
        (
            "Between the fire and the flood, which came later?",
            "en",
            ("the fire", "the flood"),
            "When: the fire?",
            False,
        ),
        (
            "Which costs more, the tram or the bus?",
            "en",
            ("the tram", "the bus"),
            "How much does the tram cost?",
            False,
        ),
        ("Which bridge is shorter, Ampera or Barito?", "en", ("Ampera", "Barito"), "How long is bridge Ampera?", True),
        (
            "Did Bali get more buses or more trams?",
            "en",
            ("buses", "trams"),
            "How many Bali get buses?",
            False,
        ),
        (
            "Did the pact start earlier for Manila or for Jakarta?",
            "en",
            ("for Manila", "for Jakarta"),
            "When: pact start for Manila?",
            True,
        ),
        ("Mana yang lebih dulu, banjir atau kebakaran?", "id", ("banjir", "kebakaran"), "Kapan banjir?", True),
        ("Lebih murah mana, trem atau bus?", "id", ("trem", "bus"), "Berapa harga trem?", True),
        (
            "Kota mana yang penduduknya lebih banyak: Palu atau Solo?",
            "id",
            ("Palu", "Solo"),
            "Berapa Kota penduduknya banyak Palu?",
            False,
        ),
        (
            "Antara Palu dan Solo, mana yang lebih luas?",
            "id",
            ("Palu", "Solo"),
            "Berapa luas Palu?",
            False,
        ),
        (
            "Did more people die in Palu or in Solo?",
            "en",
            ("in Palu", "in Solo"),
            "How many people die in Palu?",
            False,
        ),
        (
            "In 2021, did more people die in Palu or in Solo?",
            "en",
            ("in Palu", "in Solo"),
            "How many people die in Palu in 2021?",
            False,
        ),
        ("Which was deadlier, Palu or Solo?", "en", ("Palu", "Solo"), "How many people died in Palu?", False),
        ("Is Semeru or Merapi higher?", "en", ("Semeru", "Merapi"), "How big is Semeru?", False),
        ("Di antara Palu dan Solo, mana yang lebih luas?", "id", ("Palu", "Solo"), "Berapa luas Palu?", False),
        ("Mana yang lebih mahal antara trem dan bus?", "id", ("trem", "bus"), "Berapa harga trem?", False),
        ("Ani atau Budi, siapa yang lebih tua?", "id", ("Ani", "Budi"), "Berapa umur Ani?", False),
        ("Did the tram or the bus cost less?", "en", ("the tram", "the bus"), "How much does the tram cost?", True),
        (
            "Siapa yang lebih muda ketika dilantik, Ani atau Budi?",
            "id",
            ("Ani", "Budi"),
            "Berapa umur Ani ketika dilantik?",
            True,
        ),
        (
            "Where did fewer candidates run at first, in Palu or in Solo?",
            "en",
            ("in Palu", "in Solo"),
            "How many candidates run in Palu?",
            True,
        ),
    ],
)
def test_a_question_that_weighs_two_things_is_asked_about_each(
    text: str, lang: Lang, sides: tuple[str, str], about_the_first: str, least: bool
) -> None:
    found = compared(text, lang)
    assert found is not None
    assert (found.sides, found.questions[0], found.least) == (sides, about_the_first, least)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Who is older?", "en"),
        ("Which ship sank, the Nanggala or the Cakra?", "en"),  # not more of anything
        ("Did more than 100 people die in Java or in Bali?", "en"),
        ("Does Java want closer ties with Bali or with Solo?", "en"),
        ("Is the older suspect from Java or from Bali?", "en"),
        ("Was the first case found in March or in April?", "en"),
        ("Do most people live in Java or in Bali?", "en"),
        ("Who is no longer president, Ani or Budi?", "en"),
        ("Who won the first round, Ani or Budi?", "en"),
        ("Who is more popular, Ani or Budi?", "en"),
        ("In the last election, did Ani or Budi win?", "en"),
        ("Is inflation higher or lower than last year?", "en"),
        ("Which is bigger, Java, Bali or Lombok?", "en"),
        ("Between 2014 and 2019, which president saw more countries?", "en"),
        ("Siapa presiden pertama, Ani atau Budi?", "id"),
        ("Solo lebih dekat dengan siapa, Ani atau Budi?", "id"),
        ("How many articles, books or films did it win?", "en"),
        ("Di mana emas itu: Tokyo atau Paris?", "id"),
        ("", "en"),
        (", or ?", "en"),
    ],
)
def test_other_questions_weigh_nothing(text: str, lang: Lang) -> None:
    assert compared(text, lang) is None


def test_the_side_that_is_asked_for_follows_from_what_was_read() -> None:
    more = Comparison(("Palu", "Solo"), ("Berapa korban Palu?", "Berapa korban Solo?"), least=False)
    fewer = Comparison(more.sides, more.questions, least=True)
    toll = [span("2.113 orang"), span("515 orang")]
    assert chosen(more, toll) == "Palu"
    assert chosen(fewer, toll) == "Solo"
    assert chosen(more, [span("35 persen"), span("515 orang")]) == ""
    first = Comparison(("fire", "flood"), ("When: fire?", "When: flood?"), least=True, measure="date")
    assert chosen(first, [span("5 May", dt.date(2020, 6, 1)), span("3 May 2019")]) == "flood"


@pytest.mark.parametrize(
    ("text", "lang", "one", "other", "side"),
    [
        ("Who was younger, Ani or Budi?", "en", "27", "25 tahun", "Budi"),
        ("Which pact is older, Ani's or Budi's?", "en", "1979", "1985", "Ani's"),  # the earlier year, not the smaller
        ("Mana yang lebih cepat selesai, trem atau bus?", "id", "Mei 2020", "3 March 2019", "bus"),
        ("Which journey was slower, Ani's or Budi's?", "en", "40 minutes", "2 jam", "Budi's"),
        ("Who was younger, Ani or Budi?", "en", "43, in 1961", "69, in 1981", "Ani"),
        ("Which bridge is older, Ani's or Budi's?", "en", "1965", "27 tahun", ""),  # a year against an age
        ("Which jet is faster, Ani's or Budi's?", "en", "1200 km/h", "1900 km/h", "Budi's"),
        ("Which train is faster, Ani's or Budi's?", "en", "350 kilometres an hour", "220 km per jam", "Ani's"),
    ],
)
def test_age_and_speed_turn_dates_and_durations_round(text: str, lang: Lang, one: str, other: str, side: str) -> None:
    comparison = compared(text, lang)
    assert comparison is not None
    assert chosen(comparison, [span(one), span(other)]) == side


@pytest.mark.parametrize(
    ("sides", "names"),
    [
        (("Obama's in 2016", "Biden's in 2023"), ("Obama", "Biden")),
        (("the order of January 2020", "the vote"), ("the order", "the vote")),
        (("rangkaian Lombok 2018", "pemilu Malaysia pada Mei 2018"), ("rangkaian Lombok", "pemilu Malaysia")),
        (("2018", "2022"), ("2018", "2022")),
        (("kudeta 1991", "kudeta 2006"), ("kudeta 1991", "kudeta 2006")),
        (("Whoosh", "MRT 2"), ("Whoosh", "MRT 2")),
        (("in 2004", "in the 2018 tsunami"), ("in 2004", "in the 2018 tsunami")),
    ],
)
def test_a_side_is_named_without_its_year_where_that_is_enough(sides: tuple[str, str], names: tuple[str, str]) -> None:
    comparison = Comparison(sides, ("", ""), least=True)
    assert tuple(briefly(comparison, side) for side in sides) == names


@given(st.text(), st.sampled_from(["en", "id"]))
def test_any_text_can_be_looked_at(text: str, lang: Lang) -> None:
    found = compared(text, lang)
    assert found is None or all(side in text for side in found.sides)
