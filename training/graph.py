"""Writes the graph that `assistant/bert.py` runs: BERT's layers in 8 bits, without their weights.

python -m training.graph     -> assistant/models/bert.onnx

The graph takes the embedded tokens of one text, (1, tokens, hidden), and gives their states, of the same shape. Its
weights are declared as lying elsewhere; `assistant/bert.py` hands them over from a model's `model.safetensors`, so one
graph serves every bundled model. Linear layers are `DynamicQuantizeMatMul` of ONNX Runtime's own operators: weights in
8 bits by output column, activations in 8 bits by text. One text at a time needs no padding and no mask.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper

LAYERS, HIDDEN, INNER, HEADS = 6, 384, 1536, 12
EPSILON = 1e-12
MICROSOFT = "com.microsoft"
FILE = Path(__file__).resolve().parent.parent / "assistant" / "models" / "bert.onnx"


class Graph:
    """Nodes and declared weights, in the order they are asked for."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, kind: int, *shape: int) -> str:
        tensor = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value="weights")
        self.weights.append(tensor)
        return name

    def node(self, op: str, inputs: list[str], outputs: list[str], domain: str = MICROSOFT, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, outputs, domain=domain, **attributes))
        return outputs[0]

    def linear(self, name: str, x: str, inputs: int, outputs: int) -> str:
        weight = self.weight(f"{name}.weight", TensorProto.INT8, inputs, outputs)
        scale = self.weight(f"{name}.scale", TensorProto.FLOAT, outputs)
        bias = self.weight(f"{name}.bias", TensorProto.FLOAT, outputs)
        return self.node("DynamicQuantizeMatMul", [x, weight, scale, "", bias], [f"{name}.out"])

    def norm(self, name: str, x: str, skip: str = "") -> str:
        scale = self.weight(f"{name}.weight", TensorProto.FLOAT, HIDDEN)
        bias = self.weight(f"{name}.bias", TensorProto.FLOAT, HIDDEN)
        if skip:
            x = self.node("Add", [x, skip], [f"{name}.sum"], "")
        return self.node("LayerNormalization", [x, scale, bias], [f"{name}.out"], "", epsilon=EPSILON, axis=-1)


def build() -> onnx.ModelProto:
    graph = Graph()
    x = graph.norm("embeddings.norm", "embedded")
    for layer in range(LAYERS):
        name = f"layer.{layer}"
        qkv = graph.linear(f"{name}.qkv", x, HIDDEN, 3 * HIDDEN)
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        graph.node("Split", [qkv], parts, "", axis=-1, num_outputs=3)
        mixed = graph.node("MultiHeadAttention", parts, [f"{name}.mixed"], num_heads=HEADS)
        x = graph.norm(f"{name}.norm1", graph.linear(f"{name}.attention", mixed, HIDDEN, HIDDEN), x)
        inner = graph.node("Gelu", [graph.linear(f"{name}.inner", x, HIDDEN, INNER)], [f"{name}.gelu"])
        x = graph.norm(f"{name}.norm2", graph.linear(f"{name}.outer", inner, INNER, HIDDEN), x)
    graph.nodes[-1].output[0] = "states"
    shape: list[str | int | None] = [1, "tokens", HIDDEN]
    made = helper.make_graph(
        graph.nodes,
        "bert",
        [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("states", TensorProto.FLOAT, shape)],
        graph.weights,
    )
    imports = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=imports, ir_version=9, producer_name="tanya")


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    FILE.write_bytes(build().SerializeToString())
    print(f"{FILE}: {FILE.stat().st_size / 1e3:.0f} kB")
