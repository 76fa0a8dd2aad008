from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.bert import E4M3, GRAPH, Bert
from assistant.embed import bundled_encoder
from assistant.reader import bundled_reader


def test_bytes_are_the_eight_bit_floats_that_pytorch_means() -> None:
    expected = torch.arange(256, dtype=torch.uint8).view(torch.float8_e4m3fn).float().numpy()
    assert np.array_equal(E4M3, expected, equal_nan=True)


@pytest.mark.parametrize("folder", [bundled_encoder(), bundled_reader()], ids=["encoder", "reader"])
def test_states_are_near_those_of_transformers(folder: Path) -> None:
    from transformers import BertConfig, BertModel

    bert = Bert(folder)
    weights = {
        name: torch.tensor(bert.weight(name))
        for name in bert.weights
        if not name.startswith(("qa_outputs", "verdict."))
    }
    weights["embeddings.word_embeddings.weight"] = torch.tensor(E4M3[bert.weights["embeddings.word_embeddings.weight"]])
    # The reader's layers are as the encoder's; its vocabulary may be of an encoder before it.
    rows = len(weights["embeddings.word_embeddings.weight"])
    config = BertConfig.from_pretrained(bundled_encoder(), vocab_size=rows)
    model = BertModel(config, add_pooling_layer=False).eval()
    model.load_state_dict({name: w for name, w in weights.items() if not name.startswith("pooler")})
    ids = bert.tokenizer.encode("Kapan Whoosh diresmikan?", "Kereta cepat itu diresmikan pada 2 Oktober 2023.")
    with torch.inference_mode():
        exact = model(torch.tensor([ids.ids]), token_type_ids=torch.tensor([ids.type_ids])).last_hidden_state[0].numpy()
    states = bert.states(ids.ids, np.array(ids.type_ids))
    cosines = (states * exact).sum(1) / np.linalg.norm(states, axis=1) / np.linalg.norm(exact, axis=1)
    assert states.shape == exact.shape
    assert cosines.min() > 0.95


def test_states_are_the_same_where_the_processor_has_to_be_careful(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = Bert(bundled_encoder()).tokenizer.encode("Kapan Whoosh diresmikan?").ids
    quick = Bert(bundled_encoder()).states(ids)
    (tmp_path / "cpuinfo").write_text("flags : avx2")
    for place in (tmp_path / "cpuinfo", tmp_path / "missing"):
        monkeypatch.setattr("assistant.bert.CPU_INFO", place)
        assert Bert(bundled_encoder()).states(ids) == pytest.approx(quick, abs=0.05)


def test_texts_read_side_by_side_come_back_in_their_order_and_unchanged() -> None:
    bert = Bert(bundled_encoder(), threads=2)
    texts = [bert.tokenizer.encode("kereta cepat " * n).ids for n in (60, 1, 30, 2)]
    together = bert.side_by_side(bert.states, texts)
    assert [len(states) for states in together] == [len(ids) for ids in texts]
    assert all(np.array_equal(states, bert.states(ids)) for states, ids in zip(together, texts, strict=True))


def test_the_committed_graph_is_the_one_its_program_writes() -> None:
    onnx = pytest.importorskip("onnx")
    from training.graph import build

    assert onnx.load(GRAPH, load_external_data=False) == build()
