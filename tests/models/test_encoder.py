"""The bundled encoder's folder: its size, what it does with bad input, and that it translates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assistant

FOLDER = Path(assistant.__file__).parent / "models" / "encoder"
MAX_BYTES = 45_000_000
DIMENSIONS = 384


@pytest.fixture(scope="module")
def encoder() -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(FOLDER), device="cpu", local_files_only=True)


def test_the_folder_is_small_enough_for_the_repository() -> None:
    assert sum(f.stat().st_size for f in FOLDER.rglob("*") if f.is_file()) <= MAX_BYTES


def test_the_folder_holds_no_code_and_no_pickle() -> None:
    suffixes = {f.suffix for f in FOLDER.rglob("*") if f.is_file()}
    assert suffixes <= {".json", ".md", ".safetensors"}


def test_it_loads_as_float32(encoder: Any) -> None:
    assert {str(p.dtype) for p in encoder.parameters()} == {"torch.float32"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        ".",
        "kata " * 20_000,
        "a" * 100_000,
        "Россия продала Мьянме истребители",
        "缅甸从俄罗斯购买了什么武器？",
        "ما هي الأسلحة",
        "\x00\x01\x07\x1b[31m",
        "\ufffe\uffff\u202e",
        "🛩️" * 50,
        "e\u0301" * 1_000,
    ],
    ids=lambda text: f"{text[:12]!r}x{len(text)}",
)
def test_any_text_becomes_a_finite_unit_vector(encoder: Any, text: str) -> None:
    vector = encoder.encode(text)
    assert vector.shape == (DIMENSIONS,)
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_a_lone_surrogate_is_a_type_error_and_no_vector(encoder: Any) -> None:
    # No UTF-8 exists for it, so the tokenizer refuses; assistant/embed.py cleans before it calls.
    with pytest.raises(TypeError):
        encoder.encode("\ud800")


def test_the_same_text_gives_the_same_vector(encoder: Any) -> None:
    text = "Menteri Luar Negeri Retno Marsudi bertemu Sergei Lavrov di Jakarta."
    assert np.array_equal(encoder.encode(text), encoder.encode(text))


def test_a_text_does_not_depend_on_its_neighbours_in_a_batch(encoder: Any) -> None:
    text = "Harga beras naik."
    alone = encoder.encode(text)
    among = encoder.encode([text, "Pemerintah menaikkan harga bahan bakar minyak. " * 30])[0]
    assert float(alone @ among) > 0.9999


PAIRS = [
    ("The president signed the law on Tuesday.", "Presiden menandatangani undang-undang itu pada hari Selasa."),
    ("Rice prices rose sharply this month.", "Harga beras naik tajam bulan ini."),
    ("The earthquake destroyed hundreds of houses.", "Gempa bumi itu menghancurkan ratusan rumah."),
    ("The national team won the final match.", "Tim nasional memenangkan pertandingan final."),
    ("Doctors warn of a new virus.", "Dokter memperingatkan adanya virus baru."),
    ("The airline cancelled all its flights.", "Maskapai itu membatalkan semua penerbangannya."),
]


def test_each_sentence_is_nearest_to_its_translation(encoder: Any) -> None:
    english = encoder.encode([en for en, _ in PAIRS])
    indonesian = encoder.encode([indonesian for _, indonesian in PAIRS])
    likeness = english @ indonesian.T
    assert likeness.argmax(1).tolist() == list(range(len(PAIRS)))
    assert likeness.argmax(0).tolist() == list(range(len(PAIRS)))


def test_an_english_question_finds_the_indonesian_passage_before_an_english_one(
    encoder: Any,
) -> None:
    question = "What weapons did Myanmar buy from Russia?"
    passages = [
        "Myanmar membeli enam jet tempur Sukhoi dan sistem rudal dari Rusia, kata menteri itu.",
        "Thailand's tourism industry expects a record number of visitors from China this year.",
        "Rusia dan Ukraina kembali berunding di Istanbul mengenai pertukaran tawanan.",
    ]
    assert int((encoder.encode(question) @ encoder.encode(passages).T).argmax()) == 0
