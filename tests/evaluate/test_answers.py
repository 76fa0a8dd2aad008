"""Exact match and F1 by hand, from the definitions of SQuAD 2.0 and MLQA."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.evaluate.answers import agrees, answer_in, exact_match, normalise, same_numbers, token_f1


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("The  Su-30s,\n“Flankers”!", "en", "su30s flankers"),
        ("A theatre; an atlas... the a", "en", "theatre atlas"),
        ("a.n. an", "id", "an an"),
        ("Rp1,5 triliun", "id", "rp15 triliun"),
        ("$375 million + tax", "en", "375 million tax"),
        ("Jakarta–Bandung", "id", "jakartabandung"),
        ("cafe\u0301 3°", "en", "café 3°"),
        ("the-end", "en", "theend"),
        ("", "en", ""),
        ("?!…", "en", ""),
    ],
)
def test_normalised(text: str, lang: str, words: str) -> None:
    assert normalise(text, lang) == words


def test_articles_may_be_kept() -> None:
    assert normalise("The Hague", keep_articles=True) == "the hague"
    assert exact_match("Hague", ["The Hague"]) == 1.0
    assert exact_match("Hague", ["The Hague"], keep_articles=True) == 0.0
    assert token_f1("Hague", ["The Hague"], keep_articles=True) == pytest.approx(2 / 3)
    assert exact_match("Hague", ["The Hague"], lang="id") == 0.0


@pytest.mark.parametrize(
    ("given", "answers", "exact", "f1"),
    [
        ("Denver Broncos", ["Denver Broncos", "The Denver Broncos"], 1, 1),
        ("the denver broncos.", ["Denver Broncos"], 1, 1),
        ("Broncos", ["Denver Broncos"], 0, 2 / 3),  # P 1, R 1/2
        ("in the city of Denver", ["Denver"], 0, 2 / 5),  # P 1/4, R 1
        ("Denver Denver", ["Denver"], 0, 2 / 3),  # the second one is not in the answer
        ("la la land", ["la la la"], 0, 2 / 3),  # two of three words each way
        ("Carolina Panthers", ["Denver Broncos"], 0, 0),
        ("1995", ["in 1995", "nineteen ninety-five"], 0, 2 / 3),  # the best of the answers
        ("", ["Denver"], 0, 0),
        ("Denver", [], 0, 0),
        ("", [], 1, 1),
        ("the", [], 1, 1),  # nothing is left of it, as in SQuAD 2.0
        ("", ["?"], 1, 1),
        ("Denver", ["the", "Denver"], 1, 1),
        ("", ["the", "Denver"], 0, 0),
    ],
)
def test_by_hand(given: str, answers: list[str], exact: float, f1: float) -> None:
    assert exact_match(given, answers) == exact
    assert token_f1(given, answers) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("texts", "answers", "lang", "holds"),
    [
        (["Enam jet tempur dibeli dari Rusia."], ["six", "enam"], "id", 1),
        (["Enam jet.", "Dibeli dari Rusia."], ["rusia"], "id", 1),
        (["Enam jet.", "Dibeli dari Rusia."], ["jet dibeli"], "id", 0),
        (["In 1995 they met."], ["99"], "en", 0),
        (["It grew by 1.5 per cent."], ["5"], "en", 0),
        (["It grew by 1.5 per cent."], ["1,5 per cent"], "id", 1),
        (["Anwar's wife"], ["Anwar"], "en", 1),
        (["Jalur Jakarta–Bandung"], ["Bandung"], "id", 1),
        (["The U.S. lifted it"], ["US"], "en", 1),
        (["the Hague"], ["Hague"], "en", 1),
        ([], ["Rusia"], "id", 0),
        ([""], ["Rusia"], "id", 0),
        (["Rusia"], [], "id", 0),
        ([], [], "id", 1),
        ([" … "], [], "id", 1),
        (["Rusia"], ["?", "Cina"], "id", 0),
    ],
)
def test_an_answer_in_quoted_words(texts: list[str], answers: list[str], lang: str, holds: float) -> None:
    assert answer_in(texts, answers, lang) == holds


WORDS = st.text(st.sampled_from("aAbe thé.,'-12 “") | st.characters(), max_size=20)


@given(given=WORDS, answers=st.lists(WORDS, max_size=3))
def test_exact_is_at_most_f1_and_both_are_shares(given: str, answers: list[str]) -> None:
    assert 0 <= exact_match(given, answers) <= token_f1(given, answers) <= 1
    if exact_match(given, answers):
        assert answer_in([given], answers) == 1


@given(WORDS, WORDS)
def test_f1_is_symmetric_and_an_answer_is_its_own(one: str, other: str) -> None:
    assert token_f1(one, [other]) == token_f1(other, [one])
    assume(normalise(one))  # of several answers the empty ones do not count
    assert exact_match(one, [other, one]) == token_f1(one, [other, one]) == answer_in([one], [one]) == 1


@given(WORDS, st.sampled_from(["en", "id"]))
def test_normalising_ascii_leaves_words_alone(text: str, lang: str) -> None:
    words = normalise(text, lang)
    assert not set(words) & {*string.punctuation}
    assert words == " ".join(words.split())


@pytest.mark.parametrize(
    ("given", "answers", "is_right"),
    [
        ("pada 1995", ["1995"], True),
        ("100 Boeing aircraft", ["100"], True),
        ("4,75 detik", ["4.75 seconds", "4.75 detik"], True),
        ("Oktober 2023", ["2 Oktober 2023"], True),
        ("105 dead", ["89 dead"], False),
        ("105 dead", ["89 dead", "105"], True),
        ("6 July 2020", ["5 July 2020"], False),
        ("six dead", ["6 dead"], True),
        ("Bandung", ["Jakarta"], False),
        ("", [], True),
    ],
)
def test_another_number_is_another_answer(given: str, answers: list[str], is_right: bool) -> None:
    assert agrees(given, answers) is is_right


@given(st.text(), st.text())
def test_numbers_are_the_same_either_way_round(one: str, other: str) -> None:
    assert same_numbers(one, one)
    assert same_numbers(one, other) == same_numbers(other, one)
