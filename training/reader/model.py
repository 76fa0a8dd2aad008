"""A span reader in a form that is quick to train on CPU cores: tokenizer, BERT, two scores a token, yes or no.

The score of a span is its start's plus its end's; that of "not here" is the first token's, [CLS] (Devlin et al. 2019,
section 4.3). Whether sentences say yes to a question comes from the state of [CLS] over both.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Encoding, Tokenizer
from transformers import AutoModelForQuestionAnswering

from assistant.reader import EVIDENCE_TOKENS, QUESTION_TOKENS, TITLE_TOKENS
from training.encoder.data import batches_by_tokens
from training.encoder.model import SEED, faster_products
from training.reader.verdicts import Pair

TOGETHER_WEIGHT = 0.3


@dataclass(frozen=True)
class Window:
    """Token ids of [CLS] question [SEP] title passage [SEP], and the answer's first and last (0, 0: none).

    The second segment begins at token `second`, with the title if there is one, the passage at `begin`; `offsets` are
    its tokens' (start, end) in its text. Windows of one `question` have its number.
    """

    ids: list[int]
    second: int
    begin: int
    start: int
    end: int
    offsets: list[tuple[int, int]]
    question: int = 0


class Reader:
    """Questions and passages to scores, with gradients where the caller wants them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model: Any = AutoModelForQuestionAnswering.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager"
        )
        self.model.verdict = _verdict(folder, self.model.config.hidden_size)
        self.model.eval()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.cls, self.sep = (self.tokenizer.token_to_id(t) or 0 for t in ("[CLS]", "[SEP]"))

    def encode(self, text: str) -> Encoding:
        return self.tokenizer.encode(text, add_special_tokens=False)

    def title(self, text: str) -> list[int]:
        """A title's tokens, as they stand before a passage."""
        return self.encode(f"{text}.").ids[:TITLE_TOKENS]

    def window(
        self,
        question: Encoding,
        passage: Encoding,
        span: tuple[int, int] | None,
        max_question: int,
        max_passage: int,
        random: np.random.Generator,
        title: Sequence[int] = (),
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
        second = len(asked) + 2
        begin = second + len(title)
        start = end = 0
        if span:
            # Of an answer longer than the window, what is in it.
            start, end = (begin + k - left for k in (max(first, left), min(last, left + max_passage - 1)))
        return Window(
            [self.cls, *asked, self.sep, *title, *ids, self.sep],
            second,
            begin,
            start,
            end,
            offsets[left : left + max_passage],
        )

    def scores(self, windows: Sequence[Window]) -> tuple[torch.Tensor, torch.Tensor]:
        """Start and end scores [windows, longest]; padding and question tokens are at minus 10,000."""
        states = self._states([w.ids for w in windows], [w.second for w in windows])
        open_ = torch.zeros(states.shape[:2], dtype=torch.bool)
        for row, w in enumerate(windows):
            open_[row, w.begin : len(w.ids) - 1] = True
            open_[row, 0] = True
        with faster_products():
            logits = self.model.qa_outputs(states)
        start, end = logits.float().masked_fill(~open_[:, :, None], -1e4).unbind(2)
        return start, end

    def loss(self, windows: Sequence[Window]) -> torch.Tensor:
        """Each window's own loss, and that of telling the passage that answers from others asked the same.

        The second is shared normalisation over the passages (Clark and Gardner 2018, section 3.4), of what the product
        compares: a span's score less that of "not here".
        """
        lengths = [len(w.ids) for w in windows]
        batches = batches_by_tokens(lengths, max(1, sum(lengths) // 2))
        parts = [self._judged([windows[k] for k in batch]) for batch in batches]
        back = torch.from_numpy(np.argsort(np.concatenate(batches)))
        own, right, all_ = (torch.cat(part)[back] for part in zip(*parts, strict=True))
        rows: dict[int, list[int]] = {}
        for row, w in enumerate(windows):
            rows.setdefault(w.question, []).append(row)
        together = [
            all_[same].logsumexp(0) - right[next(row for row in same if windows[row].start)]
            for same in rows.values()
            if len(same) > 1
        ]
        loss = own.mean()
        return loss + TOGETHER_WEIGHT * torch.stack(together).sum() / len(rows) if together else loss

    def _judged(self, windows: Sequence[Window]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Of each window: its loss, the margin of its answer, and the log of the sum over all its spans' margins."""
        start, end = self.scores(windows)
        first, last = (torch.tensor(places) for places in zip(*((w.start, w.end) for w in windows), strict=True))
        cross_entropy = torch.nn.functional.cross_entropy
        own = (cross_entropy(start, first, reduction="none") + cross_entropy(end, last, reduction="none")) / 2
        row, nothing = torch.arange(len(windows)), start[:, 0] + end[:, 0]
        return (
            own,
            start[row, first] + end[row, last] - nothing,
            start[:, 1:].logsumexp(1) + end[:, 1:].logsumexp(1) - nothing,
        )

    def verdicts(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Logits of yes against no [pairs]."""
        texts = [
            (self.encode(pair.question).ids[:QUESTION_TOKENS], self.encode(pair.evidence).ids[-EVIDENCE_TOKENS:])
            for pair in pairs
        ]
        rows = [[self.cls, *asked, self.sep, *read, self.sep] for asked, read in texts]
        seconds = [len(asked) + 2 for asked, _ in texts]
        return self.model.verdict(self._states(rows, seconds)[:, 0].float())[:, 0]

    def verdict_loss(self, pairs: Sequence[Pair]) -> torch.Tensor:
        wanted = torch.tensor([float(pair.yes) for pair in pairs])
        return torch.nn.functional.binary_cross_entropy_with_logits(self.verdicts(pairs), wanted)

    def _states(self, rows: Sequence[Sequence[int]], seconds: Sequence[int]) -> torch.Tensor:
        """States [rows, longest, hidden] of token ids whose second segments begin at `seconds`."""
        longest = max(map(len, rows))
        ids = torch.zeros(len(rows), longest, dtype=torch.long)
        types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
        for k, (row, second) in enumerate(zip(rows, seconds, strict=True)):
            ids[k, : len(row)] = torch.tensor(row)
            mask[k, : len(row)] = 1
            types[k, second : len(row)] = 1
        with faster_products():
            return self.model.bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state

    def save(self, folder: Path) -> None:
        building = folder.with_name(folder.name + ".part")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        shutil.copy(self.folder / "tokenizer.json", building)
        self.model.save_pretrained(building)
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)


def _verdict(folder: Path, size: int) -> torch.nn.Sequential:
    """The layers that tell yes from no, as the folder has them; new ones where it has none."""
    stored = load_file(folder / "model.safetensors")
    torch.manual_seed(SEED)
    head = torch.nn.Sequential(torch.nn.Linear(size, size), torch.nn.Tanh(), torch.nn.Linear(size, 1))
    with torch.no_grad():
        for part, tensor in head.named_parameters():
            tensor.copy_(stored.get(f"verdict.{part}", tensor))
    return head
