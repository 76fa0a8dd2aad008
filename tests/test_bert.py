from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assistant.bert import E4M3, GRAPH, Bert, _quantised
from assistant.embed import bundled_encoder
from assistant.reader import bundled_reader
from training.graph import HIDDEN, INNER, MICROSOFT, build

NUMBERS = st.floats(-3, 3, width=32)


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
    assert cosines.min() > 0.99


@given(arrays(np.float32, st.tuples(st.integers(1, 8).map(lambda n: 2 * n), st.integers(1, 4)), elements=NUMBERS))
def test_two_weights_in_a_row_never_overflow_16_bits_with_the_largest_inputs(matrix: npt.NDArray[np.float32]) -> None:
    weights, scale = _quantised(matrix)
    assert weights.astype(int) * scale == pytest.approx(matrix, abs=float(scale.max()) * 0.51)
    products = 255 * weights.astype(int)
    sums = products[::2] + products[1::2]
    assert -(2**15) <= sums.min() <= sums.max() < 2**15


@pytest.mark.parametrize("tokens", [1, 2, 3, 7, 40])
def test_a_linear_layer_sums_integers_exactly_on_this_processor(tokens: int) -> None:
    """With weights and inputs near their limits, which overflow without care where there is no VNNI."""
    random = np.random.default_rng(tokens)
    weights, scale = _quantised(random.normal(1.0, 0.3, (HIDDEN, INNER)).astype(np.float32))
    constants: dict[str, npt.NDArray[Any]] = {"w": weights, "scale": scale, "bias": np.zeros(INNER, np.float32)}
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("DynamicQuantizeMatMul", ["x", "w", "scale", "", "bias"], ["y"], domain=MICROSOFT)],
        "one",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [tokens, HIDDEN])],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [tokens, INNER])],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    opsets = [onnx.helper.make_opsetid("", 18), onnx.helper.make_opsetid(MICROSOFT, 1)]
    model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    inputs = random.choice([0, 254, 255], (tokens, HIDDEN), p=[0.1, 0.1, 0.8])
    inputs[:, :2] = 0, 255  # so that a step is 1
    (found,) = session.run(["y"], {"x": inputs.astype(np.float32)})
    assert found == pytest.approx((inputs @ weights.astype(int)) * scale, rel=1e-5)


def test_texts_read_side_by_side_come_back_in_their_order_and_unchanged() -> None:
    bert = Bert(bundled_encoder(), threads=2)
    texts = [bert.tokenizer.encode("kereta cepat " * n).ids for n in (60, 1, 30, 2)]
    together = bert.side_by_side(bert.states, texts)
    assert [len(states) for states in together] == [len(ids) for ids in texts]
    assert all(np.array_equal(states, bert.states(ids)) for states, ids in zip(together, texts, strict=True))


def test_the_committed_graph_is_the_one_its_program_writes() -> None:
    assert onnx.load(GRAPH, load_external_data=False) == build()
