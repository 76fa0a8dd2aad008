"""What the encoder learns from: sentences, rare words, passages that are nearly right, and the reader's opinion."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.encoder.data import Pair, read_dictionary, read_to_distil
from training.encoder.measure import task
from training.encoder.questions import YEARS_APART, Glossary, Passage, with_twin
from training.encoder.rank import GROUPS, TEMPERATURE, Group, RankedBatches, target
from training.encoder.vocabulary import add_entries


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
    batches.groups, batches.names = groups, ["Cilacap"]
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


def test_the_reader_judges_a_passage_and_its_twin_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    flood = Passage("Banjir di Blora.", "id", (), ())
    group = Group([flood, Passage("Kereta.", "id", (), ())], ["Apa di Blora?", "Apa?"], np.zeros((2, 2), np.float32))
    batches = RankedBatches.__new__(RankedBatches)
    batches.groups, batches.names = [group], ["Blora", "Cilacap"]
    batches.glossary = Glossary.__new__(Glossary)
    batches.glossary.lexicons = {"id-en": {}}
    monkeypatch.setattr("training.encoder.rank.TWIN_SHARE", 1.0)
    batch = batches[0]
    assert batch.passages == ["Banjir di Blora.", "Kereta.", "Banjir di Cilacap."]
    told = {question.lower(): shares for question, shares in zip(batch.questions, batch.shares.tolist(), strict=True)}
    assert told == {"apa di blora?": [0.75, 0.25, 0.0], "apa di cilacap?": [0.0, 0.0, 1.0]}


def write_rows(file: Path, rows: Iterable[dict[str, str]]) -> None:
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))


def test_the_dictionary_teaches_what_the_sentences_seldom_have(tmp_path: Path) -> None:
    often = [{"en": "an egg", "id": "putih telur", "source": "news"}] * 20
    write_rows(tmp_path / "parallel.en-id.train.jsonl.gz", often)
    entries = [{"en": "white", "id": "putih telur"}, {"en": "corvette", "id": "korvet"}, {"en": "2", "id": "2"}]
    write_rows(tmp_path / "dictionary.en-id.jsonl.gz", entries)
    assert len(read_dictionary(tmp_path)) == 3
    assert read_to_distil(tmp_path)[20:] == [Pair("corvette", "korvet", "dictionary")]


def test_the_dictionary_adds_single_words_that_the_lexicon_lacks() -> None:
    lexicon = {"weapon": [("senjata", 1.0)]}
    entries = [("weapon", "alat"), ("rivulet", "anak sungai"), ("rivulet", "kali"), ("globe artichoke", "articok")]
    add_entries(lexicon, entries)
    assert lexicon == {"weapon": [("senjata", 1.0)], "rivulet": [("anak sungai", 0.5), ("kali", 0.5)]}


def test_a_twin_has_other_names_and_each_is_asked_with_its_own() -> None:
    passage = Passage(
        "Pada 1998 Kota Blora rusak, kata Bupati Basuki di Blora, 250 km dari Jakarta.",
        "id",
        ("Siapa bupati Blora?", "Seberapa jauh kota itu?", "Apa yang rusak pada tahun 1998?"),
        ("Who is the regent of blora?", "How far is it?"),
    )
    own, twin = with_twin(passage, ["Blora", "Cilacap"], np.random.default_rng(1))
    year = twin.names[0]
    assert (own.text, own.names, int(year) - 1998 in YEARS_APART) == (passage.text, ("1998", "blora"), True)
    assert own.questions == ("Siapa bupati Blora?", "Apa yang rusak pada tahun 1998?")
    assert own.translations == ("Who is the regent of blora?",)
    assert twin.names == (year, "cilacap")
    assert twin.text == f"Pada {year} Kota Cilacap rusak, kata Bupati Basuki di Cilacap, 250 km dari Jakarta."
    assert twin.questions == ("Siapa bupati Cilacap?", f"Apa yang rusak pada tahun {year}?")
    assert twin.translations == ("Who is the regent of Cilacap?",)


@pytest.mark.parametrize("question", ["Siapa bupatinya?", "Di mana Jakarta?", "Apa itu Blorawati?"])
def test_what_is_not_asked_about_by_a_known_name_has_no_twin(question: str) -> None:
    passage = Passage("Banjir di Blora dan Jakarta.", "id", (question,), ())
    assert with_twin(passage, ["Blora", "Cilacap"], np.random.default_rng(1)) == [passage]


def test_a_name_that_is_spelt_with_another_letter_stays() -> None:
    passage = Passage("Banjir di Istanbul (İstanbul).", "id", ("Apa di Istanbul?",), ())
    _, twin = with_twin(passage, ["Istanbul", "Blora"], np.random.default_rng(1))
    assert twin.text == "Banjir di Blora (İstanbul)."


@given(
    words=st.lists(st.sampled_from(["Blora", "Cilacap", "1998", "2004", "banjir", "di", "Di"]), min_size=1),
    asked=st.lists(st.sampled_from(["Blora", "blora", "Cilacap", "1998", "banjir"]), min_size=1),
    seed=st.integers(0, 99),
)
def test_a_twin_differs_by_its_names_alone(words: list[str], asked: list[str], seed: int) -> None:
    passage = Passage(" ".join(words), "id", tuple(asked), ())
    made = with_twin(passage, ["Blora", "Cilacap", "Tuban", "Lamongan"], np.random.default_rng(seed))
    for one in made[1:]:
        back = dict(zip(one.names, made[0].names, strict=True))
        assert [back.get(word.lower(), word.lower()) for word in one.text.split()] == passage.text.lower().split()
        assert len(one.questions) == len(made[0].questions) > 0


def test_a_copy_with_other_punctuation_is_the_same_passage() -> None:
    own = [
        "Juru bicara Polda Papua: kapal sudah tiba.",
        "Kapal itu tenggelam.",
        "Juru bicara Polda Papua, kapal sudah tiba",
    ]
    measured = task("news", "id", [("Apa yang tiba?", own[0]), ("Apa yang tenggelam?", own[1])], own, ["It sank."])
    assert [measured.pool[row] for row in measured.gold] == [own[2], own[1]]
    assert (len(measured.pool), measured.languages) == (3, ["en", "id", "id"])
