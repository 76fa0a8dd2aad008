"""Writes the graph that `assistant/bert.py` runs: BERT's layers in 8 bits, without their weights.

python -m training.graph     -> assistant/models/bert.onnx

The graph takes the embedded tokens of one text, (1, tokens, hidden), and gives their states, of the same shape. Its
weights are declared as lying elsewhere; `assistant/bert.py` hands them over from a model's `model.safetensors`, so one
graph serves every bundled model. Linear layers are `DynamicQuantizeMatMul` of ONNX Runtime's own operators: weights in
8 bits by output column, activations in 8 bits by text. One text at a time needs no padding and no mask.

The first token, [CLS], is quantised by itself, and the others together. In the first layers one of its values is six to
ten times as large as the largest of most others: with it on one scale, these would keep five of their eight bits.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper

LAYERS, HIDDEN, INNER, HEADS = 6, 384, 1536, 12
EPSILON = 1e-12
END = 2**31 - 1  # beyond any text
MICROSOFT = "com.microsoft"
FILE = Path(__file__).resolve().parent.parent / "assistant" / "models" / "bert.onnx"

Layer = Callable[[str], str]  # from a tensor's name to that of what is made of it


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

    def linear(self, name: str, inputs: int, outputs: int) -> Layer:
        weight = self.weight(f"{name}.weight", TensorProto.INT8, inputs, outputs)
        scale = self.weight(f"{name}.scale", TensorProto.FLOAT, outputs)
        bias = self.weight(f"{name}.bias", TensorProto.FLOAT, outputs)
        return lambda x: self.node("DynamicQuantizeMatMul", [x, weight, scale, "", bias], [f"{x}.{name}"])

    def gelu(self, x: str) -> str:
        return self.node("Gelu", [x], [f"{x}.gelu"])

    def apart(self, name: str, x: str, *layers: Layer) -> str:
        """The layers, one after the other, over the first token and over the others."""
        parts = []
        for part, begin, end in (("first", 0, 1), ("others", 1, END)):
            bounds = [self.number(begin), self.number(end), self.number(1)]
            y = self.node("Slice", [x, *bounds], [f"{name}.{part}"], "")
            for layer in layers:
                y = layer(y)
            parts.append(y)
        return self.node("Concat", parts, [f"{name}.both"], "", axis=1)

    def number(self, value: int) -> str:
        name = f"number.{value}"
        if not any(name in node.output for node in self.nodes):
            self.node("Constant", [], [name], "", value_ints=[value])
        return name

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
        qkv = graph.apart(f"{name}.qkv", x, graph.linear(f"{name}.qkv", HIDDEN, 3 * HIDDEN))
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        graph.node("Split", [qkv], parts, "", axis=-1, num_outputs=3)
        mixed = graph.node("MultiHeadAttention", parts, [f"{name}.mixed"], num_heads=HEADS)
        x = graph.norm(f"{name}.norm1", graph.linear(f"{name}.attention", HIDDEN, HIDDEN)(mixed), x)
        inner, outer = graph.linear(f"{name}.inner", HIDDEN, INNER), graph.linear(f"{name}.outer", INNER, HIDDEN)
        x = graph.norm(f"{name}.norm2", graph.apart(f"{name}.outer", x, inner, graph.gelu, outer), x)
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
