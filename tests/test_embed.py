from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_tests.integration_tests import EmbeddingsIntegrationTests

from assistant.config import Settings
from assistant.embed import (
    BundledEncoder,
    Encoder,
    SentenceEncoder,
    bundled_encoder,
    encodable,
    fingerprint,
    load_encoder,
    nearest,
)
from assistant.errors import EmbedError


class TestBundled(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[BundledEncoder]:
        return BundledEncoder


class TestSentenceTransformers(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[SentenceEncoder]:
        return SentenceEncoder

    @property
    def embedding_model_params(self) -> dict[str, object]:
        return {"name": str(bundled_encoder())}


HARD = ["", " ", "\x00\x07", "\ud800 lone", "x" * 100_000, "кириллица 中文 العربية", "😀" * 50, "a\u202eb"]


def test_hard_texts_give_finite_unit_vectors(encoder: Encoder) -> None:
    vectors = encoder.encode(HARD)
    assert vectors.shape == (len(HARD), encoder.dimension)
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-3)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_the_nearest_text_is_the_one_most_like_it(encoder: Encoder) -> None:
    place, cosine = nearest(encoder, "Malaysia", ["Boeing", "Indonesia", "RCEP"])
    assert place == 1
    assert 0.5 < cosine < 0.9
    assert nearest(encoder, "2019", ["2019"])[1] == pytest.approx(1.0, abs=0.01)


def test_promise_6_the_same_text_gives_the_same_vector(encoder: Encoder) -> None:
    assert encoder.embed_query("gempa Cianjur") == encoder.embed_query("gempa Cianjur")


def test_near_texts_are_nearer_than_others(encoder: Encoder) -> None:
    one, near, far = encoder.encode(
        ["A volcano erupted.", "Lava flowed from the mountain.", "He won the tennis match."]
    )
    assert one @ near > one @ far + 0.1


def test_lone_surrogates_are_replaced() -> None:
    assert encodable("a\ud800b") == "a?b"
    assert encodable("apa—“ya”") == "apa—“ya”"


def test_in_eight_bits_a_text_is_where_sentence_transformers_puts_it(encoder: Encoder) -> None:
    texts = ["What weapons did Myanmar buy from Russia?", "Harga beras naik. " * 30, "Sukhoi Su-30", "a" * 2_000]
    exact = SentenceEncoder(bundled_encoder()).encode(texts)
    assert (encoder.encode(texts) * exact).sum(axis=1) == pytest.approx(np.ones(4), abs=0.02)


def test_a_text_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    alone = encoder.encode(["Harga beras naik."])[0]
    assert np.array_equal(encoder.encode(["Hujan turun. " * 40, "Harga beras naik."])[1], alone)


@pytest.mark.parametrize("kind", ["bundled", str(bundled_encoder())])
def test_prefixes_are_put_before_questions_and_passages(kind: str) -> None:
    encoder = load_encoder(Settings(embedder=kind))
    prefixed = load_encoder(Settings(embedder=kind, query_prefix="query: ", passage_prefix="passage: "))
    assert prefixed.embed_query("apa") == encoder.embed_query("query: apa")
    assert prefixed.embed_documents(["apa"]) == encoder.embed_documents(["passage: apa"])
    assert prefixed.fingerprint != encoder.fingerprint


@pytest.mark.parametrize(
    ("folder_name", "prompts", "prefixes"),
    [
        ("multilingual-e5-small", {}, ("query: ", "passage: ")),
        ("some-model", {}, ("", "")),
        ("some-model", {"query": "Q: ", "document": "D: "}, ("Q: ", "D: ")),
        ("my-e5-base", {"query": "Q: ", "passage": "P: "}, ("Q: ", "P: ")),
    ],
)
def test_a_models_own_prompts_and_e5_names_are_respected(
    tmp_path: Path, folder_name: str, prompts: dict[str, str], prefixes: tuple[str, str]
) -> None:
    folder = tmp_path / folder_name
    folder.mkdir()
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
    encoder = SentenceEncoder(folder)
    assert (encoder.query_prefix, encoder.passage_prefix) == prefixes


def test_the_fingerprint_is_of_the_files_and_not_of_the_place(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(b"weights")
        (tmp_path / name / "README.md").write_text(name)
    one, two = SentenceEncoder(tmp_path / "one"), SentenceEncoder(tmp_path / "two")
    assert one.fingerprint == two.fingerprint
    (tmp_path / "two" / "model.safetensors").write_bytes(b"other weights")
    assert SentenceEncoder(tmp_path / "two").fingerprint != one.fingerprint


def test_other_embeddings_are_told_apart_by_class() -> None:
    assert fingerprint(DeterministicFakeEmbedding(size=8)).endswith("DeterministicFakeEmbedding")


def test_a_model_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(EmbedError, match="The embedder 'nobody/nothing' cannot be loaded"):
        load_encoder(Settings(embedder="nobody/nothing"))


def test_a_broken_folder_is_a_clear_error(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(bundled_encoder(), folder)
    (folder / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(EmbedError, match="broken' cannot be loaded"):
        SentenceEncoder(folder).embed_query("apa")
