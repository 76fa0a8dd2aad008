"""A span reader in a form that is quick to train on CPU cores: tokenizer, BERT, two scores a token.

The score of a span is its start's plus its end's; that of "not here" is the first token's, [CLS] (Devlin et al. 2019,
section 4.3).
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer
from transformers import AutoModelForQuestionAnswering

from training.encoder.model import faster_products


@dataclass(frozen=True)
class Window:
    """Token ids of [CLS] question [SEP] passage [SEP], where the passage begins, and the answer's tokens (0, 0: none).

    `offsets` are the passage tokens' (start, end) in the passage's text.
    """

    ids: list[int]
    begin: int
    start: int
    end: int
    offsets: list[tuple[int, int]]


class Reader:
    """Questions and passages to scores, with gradients where the caller wants them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model: Any = AutoModelForQuestionAnswering.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager"
        )
        self.model.eval()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.cls, self.sep = (self.tokenizer.token_to_id(t) or 0 for t in ("[CLS]", "[SEP]"))

    def encode(self, text: str) -> Encoding:
        return self.tokenizer.encode(text, add_special_tokens=False)

    def window(
        self,
        question: Encoding,
        passage: Encoding,
        span: tuple[int, int] | None,
        max_question: int,
        max_passage: int,
        random: np.random.Generator,
    ) -> Window:
        """The whole passage, or `max_passage` tokens of it that hold the answer, from a random place."""
        offsets = passage.offsets
        first = last = -1
        if span:
            inside = [k for k, (a, z) in enumerate(offsets) if a < span[1] and z > span[0]]
            first, last = inside[0], inside[-1]
        left = 0
        if len(offsets) > max_passage:
            low, high = 0, len(offsets) - max_passage
            if span:
                low, high = max(low, last + 1 - max_passage), min(high, first)
            left = int(random.integers(low, max(low, high) + 1))
        ids = passage.ids[left : left + max_passage]
        asked = question.ids[:max_question]
        begin = len(asked) + 2
        start = end = 0
        if span:
            # Of an answer longer than the window, what is in it.
            start, end = (begin + k - left for k in (max(first, left), min(last, left + max_passage - 1)))
        return Window(
            [self.cls, *asked, self.sep, *ids, self.sep], begin, start, end, offsets[left : left + max_passage]
        )

    def scores(self, windows: Sequence[Window]) -> tuple[torch.Tensor, torch.Tensor]:
        """Start and end scores [windows, longest]; padding and question tokens are at minus 10,000."""
        longest = max(len(w.ids) for w in windows)
        ids = torch.zeros(len(windows), longest, dtype=torch.long)
        types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
        open_ = torch.zeros(len(windows), longest, dtype=torch.bool)
        for row, w in enumerate(windows):
            ids[row, : len(w.ids)] = torch.tensor(w.ids)
            mask[row, : len(w.ids)] = 1
            types[row, w.begin : len(w.ids)] = 1
            open_[row, w.begin : len(w.ids) - 1] = True
            open_[row, 0] = True
        with faster_products():
            out = self.model(input_ids=ids, attention_mask=mask, token_type_ids=types)
        return tuple(logits.float().masked_fill(~open_, -1e4) for logits in (out.start_logits, out.end_logits))

    def loss(self, windows: Sequence[Window]) -> torch.Tensor:
        start, end = self.scores(windows)
        cross_entropy = torch.nn.functional.cross_entropy
        return (
            cross_entropy(start, torch.tensor([w.start for w in windows]))
            + cross_entropy(end, torch.tensor([w.end for w in windows]))
        ) / 2

    def save(self, folder: Path) -> None:
        building = folder.with_name(folder.name + ".part")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        shutil.copy(self.folder / "tokenizer.json", building)
        self.model.save_pretrained(building)
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
