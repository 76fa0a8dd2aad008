"""The training loop's bookkeeping: optimisers, rate schedule, checkpoints, progress.

The embedding rows are most of the parameters and few of them occur in a batch, so they get
sparse gradients and a lazy Adam that touches only those rows; dense AdamW over all rows would
cost a sixth of every step.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import torch

LAST_RATE = 0.02
CHECKPOINT_STEPS = 100
REPORT_STEPS = 20


class Trained(Protocol):
    """What is trained: an encoder, a reader."""

    model: Any


class Run:
    """Iterate over it for the steps still to do, and call ``learn(loss)`` in each.

    The rate is constant, then falls to almost nothing over the last ``falling`` share of the
    steps: a run still in its constant part can be made shorter or longer by starting it again
    with another number of steps, with the same result as a new one.
    """

    def __init__(
        self,
        encoder: Trained,
        checkpoint: Path,
        steps: int,
        rows_rate: float,
        rate: float,
        falling: float,
        warm_up: int,
        dropout: bool = False,
    ) -> None:
        """With `dropout`, of the layers' outputs as in BERT; attention's would draw a number a pair of tokens."""
        self.encoder, self.checkpoint, self.steps = encoder, checkpoint, steps
        self.falling, self.warm_up, self.dropout = falling, warm_up, dropout
        rows = encoder.model.get_input_embeddings()
        rows.sparse = True
        self.rest = [p for p in encoder.model.parameters() if p is not rows.weight]
        self.optimisers = [
            torch.optim.SparseAdam([rows.weight], lr=rows_rate),
            torch.optim.AdamW(self.rest, lr=rate, weight_decay=0.01),
        ]
        self.rates = [rows_rate, rate]
        self.step, self.seconds = 0, 0.0
        self.losses: list[float] = []
        if checkpoint.exists():
            self._load()

    def __iter__(self) -> Iterator[int]:
        for name, module in self.encoder.model.named_modules():
            if name.endswith("attention.self.dropout"):
                module.p = 0.0
        self.encoder.model.train(self.dropout)
        begun, before = time.monotonic(), self.seconds
        while self.step < self.steps:
            torch.manual_seed(self.step)
            yield self.step
            self.step += 1
            self.seconds = before + time.monotonic() - begun
            if self.step % REPORT_STEPS == 0:
                self._report()
            if self.step % CHECKPOINT_STEPS == 0 or self.step == self.steps:
                self._save()

    def learn(self, loss: torch.Tensor) -> None:
        factor = min(1.0, (self.step + 1) / self.warm_up)
        factor *= max(LAST_RATE, min(1.0, (1 - self.step / self.steps) / self.falling))
        for optimiser, rate in zip(self.optimisers, self.rates, strict=True):
            optimiser.param_groups[0]["lr"] = rate * factor
            optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.rest, 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
        self.losses.append(loss.item())

    def _report(self) -> None:
        loss = sum(self.losses) / len(self.losses)
        left = self.seconds / self.step * (self.steps - self.step) / 60
        print(
            f"step {self.step}/{self.steps}  loss {loss:.4f}  {self.seconds / 60:.1f} min so far, {left:.0f} min left",
            flush=True,
        )
        self.losses = []

    def _save(self) -> None:
        state = {
            "step": self.step,
            "steps": self.steps,
            "seconds": self.seconds,
            "model": self.encoder.model.state_dict(),
            "optimisers": [o.state_dict() for o in self.optimisers],
        }
        part = self.checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.checkpoint)

    def _load(self) -> None:
        state = torch.load(self.checkpoint, weights_only=True)
        constant = (1 - self.falling) * min(self.steps, state["steps"])
        if state["steps"] != self.steps and state["step"] > constant:
            raise SystemExit(
                f"{self.checkpoint} is of a run of {state['steps']} steps whose rate is already "
                f"falling, not of {self.steps}: delete it to begin anew"
            )
        self.step, self.seconds = state["step"], state["seconds"]
        self.encoder.model.load_state_dict(state["model"])
        for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        print(f"going on from step {self.step}", flush=True)
