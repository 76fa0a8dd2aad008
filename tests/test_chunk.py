from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chunk import SentenceSplitter, sentence_offsets, sentences_touching
from assistant.records import Article


def sentences(text: str, lang: str = "id") -> list[str]:
    return [text[start:end] for start, end in sentence_offsets(text, lang)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Satu. Dua! Tiga?", ["Satu.", "Dua!", "Tiga?"]),
        ("PT. PAL membuat kapal. Selesai.", ["PT. PAL membuat kapal.", "Selesai."]),
        (
            "Nilainya Rp1.500.000 (US$ 3,5 juta) dll. untuk itu.",
            ["Nilainya Rp1.500.000 (US$ 3,5 juta) dll. untuk itu."],
        ),
        ("Menurut Brigjen. Budi, aman.\nBaru.", ["Menurut Brigjen. Budi, aman.", "Baru."]),
        ("Judul\n\nIsi berita.", ["Judul", "Isi berita."]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_offsets_count_code_points_not_bytes() -> None:
    text = "“Damai — itu pilihan.” 😀 Kata Retno Marsudi. Selesai."
    assert sentences(text)[-1] == "Selesai."


@given(st.text(max_size=300), st.sampled_from(["en", "id", "", "xx"]))
def test_sentences_hold_every_character_but_white_space_once_and_in_order(text: str, lang: str) -> None:
    offsets = list(sentence_offsets(text, lang))
    assert all(start < end for start, end in offsets)
    assert all(before[1] <= after[0] for before, after in pairwise(offsets))
    joined = "".join(text[start:end] for start, end in offsets)
    assert "".join(joined.split()) == "".join(text.split())


@given(
    st.lists(
        st.sampled_from(["Kapal tiba. ", "Kata dia, begitu! ", "x" * 150 + " ", "\n\n", "Apa? ", "😀 "]), max_size=30
    ),
    st.integers(100, 300),
    st.integers(0, 3),
)
def test_passages_fit_cover_and_move_on(pieces: list[str], chars: int, overlap: int) -> None:
    text = "".join(pieces)
    offsets = SentenceSplitter(chars, overlap).split_offsets(text, "id")
    assert all(end - start <= chars for start, end in offsets)
    covered = {position for start, end in offsets for position in range(start, end)}
    assert all(character.isspace() or i in covered for i, character in enumerate(text))
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(offsets))


def test_a_passage_begins_with_the_last_sentence_of_the_one_before() -> None:
    text = "Satu dua tiga empat. Lima enam tujuh. Delapan sembilan sepuluh. Sebelas dua belas."
    parts = SentenceSplitter(45, 1).split_text(text)
    assert parts == [
        "Satu dua tiga empat. Lima enam tujuh.",
        "Lima enam tujuh. Delapan sembilan sepuluh.",
        "Delapan sembilan sepuluh. Sebelas dua belas.",
    ]


def test_a_sentence_too_long_is_cut_at_white_space() -> None:
    parts = SentenceSplitter(20, 0).split_text("satu dua tiga empat lima enam tujuh")
    assert parts == ["satu dua tiga empat", "lima enam tujuh"]


def test_documents_carry_the_exact_start() -> None:
    text = "Sama saja. Sama saja. Sama saja."
    documents = SentenceSplitter(12, 0).create_documents([text], [{"id": 7}])
    assert [(d.page_content, d.metadata) for d in documents] == [
        ("Sama saja.", {"id": 7, "start_index": start}) for start in (0, 11, 22)
    ]


def test_passages_point_into_their_article() -> None:
    article = Article("a", "Satu dua. Tiga empat.", lang="id")
    passages = SentenceSplitter(12, 0).passages(article)
    assert [(p.start, p.end, p.text) for p in passages] == [(0, 9, "Satu dua."), (10, 21, "Tiga empat.")]


def test_the_sentences_around_some_words() -> None:
    article = Article("a", "Satu dua tiga. Empat lima enam. Tujuh delapan.")
    assert sentences_touching(article, 5, 8) == (0, 14)
    assert sentences_touching(article, 9, 20) == (0, 31)
    assert sentences_touching(article, 14, 15) == (14, 15)
