"""Runs an encoder's linear layers in 8 bits, for processors: weights once, activations per call.

The folder stays as it is: this changes a loaded model, in place and in under a second. Weights
are symmetric by output channel, activations by tensor. PyTorch's own dynamically quantised
Linear keeps activations to 7 bits for the sake of processors without VNNI, which costs accuracy;
this one uses all 8 where the engine sums without overflow.
"""

from __future__ import annotations

from typing import Any

import torch


class Int8Linear(torch.nn.Module):  # type: ignore[misc]
    """A drop-in for ``torch.nn.Linear`` in inference, float32 in and out."""

    def __init__(self, linear: torch.nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach().float()
        scales = weight.abs().amax(1).clamp_min(1e-8).double() / 127
        zeros = torch.zeros(len(weight), dtype=torch.long)
        quantised = torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
        self.packed = torch.ops.quantized.linear_prepack(quantised, linear.bias.detach().float())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.ops.quantized.linear_dynamic(x, self.packed, False)


def quantise(model: Any) -> None:
    """Changes a loaded SentenceTransformer of a BERT in place."""
    torch.backends.quantized.engine = "onednn"
    for module in list(model[0].auto_model.encoder.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, torch.nn.Linear):
                setattr(module, name, Int8Linear(child))
