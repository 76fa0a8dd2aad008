from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.words import terms


@pytest.mark.parametrize("form", ["membeli", "dibeli", "pembelian", "BELI"])
def test_forms_of_one_indonesian_word_are_one_term(form: str) -> None:
    assert terms(form, "id") == ["beli"]


@pytest.mark.parametrize(("form", "term"), [("weapons", "weapon"), ("bought", "buy"), ("countries", "country")])
def test_forms_of_one_english_word_are_one_term(form: str, term: str) -> None:
    assert terms(form, "en") == [term]


def test_names_and_numbers_stay() -> None:
    assert terms("Sukhoi Su-30 Pantsir S-1 2022", "id") == ["sukhoi", "su", "30", "pantsir", "s", "1", "2022"]


def test_accents_go_and_other_languages_are_only_split() -> None:
    assert terms("Café à_côté", "fr") == ["cafe", "a", "cote"]


@given(st.text(max_size=200), st.sampled_from(["en", "id", "de"]))
def test_terms_are_lower_case_and_without_white_space(text: str, lang: str) -> None:
    assert all(term and term == term.casefold() and not any(c.isspace() for c in term) for term in terms(text, lang))
