"""What the encoder learns from: the reader's opinion never takes a question's own passage its half."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from training.encoder.questions import Glossary, Passage
from training.encoder.rank import GROUPS, TEMPERATURE, Group, RankedBatches, target


@pytest.mark.parametrize(
    ("margins", "shares"),
    [
        ([0.0, 0.0], [0.75, 0.25]),
        ([TEMPERATURE * math.log(3), 0.0], [0.875, 0.125]),
        ([-30.0, 60.0], [0.5, 0.5]),
        ([5.0], [1.0]),
    ],
)
def test_half_is_the_own_passage_and_half_what_the_reader_thinks(margins: list[float], shares: list[float]) -> None:
    assert target(torch.tensor(margins)).tolist() == pytest.approx(shares)


def test_a_passage_of_two_groups_is_one_row_and_no_wrong_answer() -> None:
    gempa, banjir, kereta = (Passage(text, "id", (), ()) for text in ("gempa", "banjir", "kereta"))
    groups = [
        Group([gempa, banjir], ["Kapan gempa?"], np.zeros((1, 2), np.float32)),
        Group([kereta, gempa], ["Kapan kereta?"], np.zeros((1, 2), np.float32)),
    ]
    batches = RankedBatches.__new__(RankedBatches)
    batches.groups = groups
    batches.glossary = Glossary.__new__(Glossary)
    batches.glossary.lexicons = {"id-en": {"kapan": [["when", 1.0]]}}
    batch = batches[0]
    assert batch.passages == ["gempa", "banjir", "kereta"]
    shares = dict(zip(batch.questions, batch.shares.tolist(), strict=True))
    assert shares["Kapan gempa?"] == [0.75, 0.25, 0.0]
    assert shares["Kapan kereta?"] == [0.25, 0.0, 0.75]
    assert len(groups) < GROUPS
    assert {"when gempa?": [0.75, 0.25, 0.0], "when kereta?": [0.25, 0.0, 0.75]}.items() >= {
        question: share for question, share in shares.items() if question.startswith("when")
    }.items()
