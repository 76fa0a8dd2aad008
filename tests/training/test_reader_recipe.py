"""What the reader learns from: answers stay where they are, whatever is done to question and passage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.config import Settings
from assistant.embed import load_encoder
from assistant.reader import bundled_reader, load_reader
from assistant.records import Article, Passage, Question, Span
from training.encoder.questions import Glossary
from training.reader import data
from training.reader.batches import TOKENS_PER_BATCH, Batches, _batches
from training.reader.measure import f1, normalised
from training.reader.model import TOGETHER_WEIGHT, Reader
from training.reader.restore import restore
from training.reader.train import ENCODER, mix
from training.reader.verdicts import PAIRS_PER_BATCH, Pair, Verdicts, deciding

PASSAGE = "Kapal tiba di Surabaya pada 3 Mei 2021 dengan 12 awak. " * 30


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ENCODER)


@pytest.mark.parametrize(
    ("answer", "start", "found"),
    [
        ("Surabaya", 14, (14, 22)),
        ("Surabaya", 3, (14, 22)),
        (" di Surabaya ", 10, (11, 22)),
        ("Jakarta", 14, None),
        (" ", 4, None),
    ],
)
def test_an_answer_is_found_where_it_stands(answer: str, start: int, found: tuple[int, int] | None) -> None:
    assert data._found(PASSAGE, answer, start) == found


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 29), st.integers(16, 64), st.integers(0, 10_000))
def test_a_window_holds_its_answer(repeat: int, size: int, seed: int) -> None:
    reader = SHARED
    start = repeat * (len(PASSAGE) // 30) + 14
    question, passage = reader.encode("Di mana kapal tiba?"), reader.encode(PASSAGE)
    window = reader.window(question, passage, (start, start + 8), 48, size, np.random.default_rng(seed))
    assert len(window.ids) == len(question.ids) + 3 + size
    first, last = window.start - window.begin, window.end - window.begin
    assert PASSAGE[window.offsets[first][0] : window.offsets[last][1]] == "Surabaya"
    assert window.offsets[first][0] == start
    assert reader.tokenizer.decode(window.ids[window.start : window.end + 1]) == "surabaya"


@pytest.mark.parametrize("seed", range(5))
def test_of_an_answer_longer_than_the_window_the_part_inside_is_the_answer(reader: Reader, seed: int) -> None:
    span = (0, len(PASSAGE) - 1)
    random = np.random.default_rng(seed)
    window = reader.window(reader.encode("Apa?"), reader.encode(PASSAGE), span, 48, 32, random)
    assert (window.start, window.end) == (window.begin, window.begin + 31)


def test_a_title_stands_before_the_passage_and_holds_no_answer(reader: Reader) -> None:
    question, passage = reader.encode("Di mana kapal tiba?"), reader.encode(PASSAGE)
    bare, titled = (
        reader.window(
            question, passage, (14, 22), 48, 64, np.random.default_rng(0), reader.title(title) if title else ()
        )
        for title in ("", "Kapal di Surabaya")
    )
    assert reader.tokenizer.decode(titled.ids[titled.second : titled.begin]) == "kapal di surabaya."
    assert (bare.second, bare.begin) == (titled.second, titled.second)
    moved = titled.begin - titled.second
    assert (titled.start, titled.end) == (bare.start + moved, bare.end + moved)
    assert titled.ids[titled.begin :] == bare.ids[bare.begin :]
    assert titled.offsets == bare.offsets
    start, _ = reader.scores([titled])
    assert (start[0, titled.second : titled.begin] == -1e4).all()


def test_passages_beside_a_titled_one_have_titles_and_not_the_answer() -> None:
    batches = Batches.__new__(Batches)
    example = data.Example("e", "Di mana?", "Kapal tiba di Surabaya.", ((14, 22),), "close", "id")
    batches.examples, batches.retrieved = [example], None
    batches.alike = {0: ["tanpa judul", "berjudul", "surabaya lagi", "juga berjudul"]}
    titles = dict.fromkeys(["berjudul", "juga berjudul", "surabaya lagi", "yang lain"], "Judul")
    batches.titled = ["yang lain"]

    def drawn(titles: dict[str, str]) -> set[str]:
        return {text for seed in range(40) for text in batches._others(0, 1, np.random.default_rng(seed), titles)}

    assert drawn({}) == {"tanpa judul", "berjudul", "juga berjudul"}
    assert drawn(titles) == {"berjudul", "juga berjudul"}
    batches.alike = {0: ["tanpa judul"]}
    assert drawn(titles) == {"yang lain"}


def test_a_window_without_an_answer_points_at_its_first_token(reader: Reader) -> None:
    window = reader.window(reader.encode("Di mana?"), reader.encode(PASSAGE), None, 48, 32, np.random.default_rng(0))
    assert (window.start, window.end, window.ids[0]) == (0, 0, reader.cls)


def test_scores_outside_the_passage_never_win(reader: Reader) -> None:
    question = reader.encode("Di mana kapal tiba?")
    windows = [
        reader.window(question, reader.encode(PASSAGE[:n]), None, 48, 64, np.random.default_rng(0)) for n in (40, 200)
    ]
    start, _ = reader.scores(windows)
    closed = [[1, windows[0].begin - 1, len(windows[0].ids) - 1, start.shape[1] - 1], [1, windows[1].begin - 1]]
    for row, tokens in enumerate(closed):
        assert (start[row, tokens] == -1e4).all()
        assert start[row, [0, windows[row].begin]].abs().max() < 100


@given(st.lists(st.integers(10, 200), min_size=1, max_size=300), st.integers(0, 5))
def test_every_reading_is_in_one_batch(sizes: list[int], seed: int) -> None:
    order = np.arange(len(sizes)) + 1000
    batches = _batches(order, np.array(sizes), np.random.default_rng(seed))
    assert sorted(np.concatenate(batches).tolist()) == order.tolist()
    for batch in batches:
        assert max(sizes[k - 1000] for k in batch) * len(batch) <= max(TOKENS_PER_BATCH, max(sizes))


def test_f1_counts_words_in_lower_case_without_punctuation() -> None:
    assert normalised("Su-30, “di” Jakarta.") == ["su30", "di", "jakarta"]
    assert f1("the Su-30", ["su30"]) == pytest.approx(2 / 3)
    assert f1("Jakarta", ["Surabaya", "di Jakarta"]) == pytest.approx(2 / 3)
    assert (f1("", []), f1("x", []), f1("", ["x"])) == (1.0, 0.0, 0.0)


class Lazy:
    """The reader, loaded when the first example needs it."""

    known: dict[str, Any] = {}  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        if "reader" not in self.known:
            self.known["reader"] = Reader(ENCODER)
        return getattr(self.known["reader"], name)


SHARED = Lazy()


def test_the_mean_of_two_readers_has_this_share_of_each(reader: Reader) -> None:
    one, other = Reader(ENCODER), Reader(ENCODER)
    with torch.no_grad():
        one.model.qa_outputs.bias.fill_(1.0)
        other.model.qa_outputs.bias.fill_(2.0)
        one.model.verdict[2].bias.fill_(3.0)
    mix(one, other, 0.25)
    assert one.model.qa_outputs.bias.tolist() == [1.25, 1.25]
    assert one.model.verdict[2].bias.tolist() == [3.0]
    assert torch.equal(one.model.bert.embeddings.LayerNorm.weight, reader.model.bert.embeddings.LayerNorm.weight)


ARRIVED = Pair("Apakah kapal tiba?", "Kapal tiba di Surabaya.", yes=True)


def test_what_tells_yes_from_no_learns_and_is_kept(reader: Reader, tmp_path: Path) -> None:
    own = Reader(ENCODER)
    before = own.verdict_loss([ARRIVED]).item()
    assert before == pytest.approx(reader.verdict_loss([ARRIVED]).item())
    own.verdict_loss([ARRIVED]).backward()
    with torch.no_grad():
        for weight in own.model.verdict.parameters():
            weight -= 0.1 * weight.grad
    assert own.verdict_loss([ARRIVED]).item() < before
    own.save(tmp_path / "reader")
    assert torch.equal(Reader(tmp_path / "reader").verdicts([ARRIVED]), own.verdicts([ARRIVED]))


def test_the_product_tells_yes_from_no_as_it_was_trained(tmp_path: Path) -> None:
    restore(bundled_reader(), tmp_path)
    trained, product = Reader(tmp_path), load_reader(Settings(), load_encoder(Settings()))
    article = Article("a", ARRIVED.evidence, lang="id")
    span = Span(Passage(article, 0, len(article.text)), 0, len(article.text), 0.9)
    said = product._says_yes(Question(ARRIVED.question, "id"), span)
    # In 8 bits, so not quite the same.
    assert said == pytest.approx(torch.sigmoid(trained.verdicts([ARRIVED])).item(), abs=0.1)


def test_all_questions_for_yes_or_no_come_by_in_a_new_order_each_time() -> None:
    glossary = Glossary.__new__(Glossary)
    glossary.lexicons = {"id-en": {"tiba": [("arrived", 1.0)]}}
    count = 2 * PAIRS_PER_BATCH + 1
    examples = [
        data.Example(f"{n}", "Kapal tiba?", f"Kapal {n}.", ((0, 5),), "close", "id", "id", yes=n % 2 == 0)
        for n in range(count)
    ]
    unlabelled = replace(examples[0], yes=None)
    verdicts = Verdicts([*examples, unlabelled], glossary, seed=1)
    passes = [[pair for step in range(begin, begin + 3) for pair in verdicts[step]] for begin in (0, 3)]
    assert [pair.evidence for pair in passes[0]] != [pair.evidence for pair in passes[1]]
    for passed in passes:
        assert {(pair.evidence, pair.yes) for pair in passed} == {(e.passage, e.yes) for e in examples}
        assert len(passed) == count
    assert {pair.question for pair in [*passes[0], *passes[1]]} == {"Kapal tiba?", "kapal arrived?"}
    assert verdicts[0] == verdicts[0]


def test_a_verdict_is_read_from_the_sentence_and_the_one_before_it() -> None:
    text = "Badai datang. Kapal pergi. Kapal tiba di Surabaya. Hari itu Senin."
    at = text.index("Surabaya")
    assert deciding(text, "id", (at, at + 8)) == "Kapal pergi. Kapal tiba di Surabaya."
    assert deciding(text, "id", (0, 5)) == "Badai datang."


def test_windows_of_one_question_are_told_from_each_other(reader: Reader) -> None:
    """The loss is less where the passage that answers has the higher margin, its own window's loss aside."""
    question, passage = reader.encode("Di mana kapal tiba?"), reader.encode("Kapal tiba di Surabaya.")
    random = np.random.default_rng(0)
    right = reader.window(question, passage, (14, 22), 48, 64, random)
    wrong = reader.window(question, reader.encode("Harga beras naik."), None, 48, 64, random)
    together = reader.loss([right, wrong]).item()
    apart = reader.loss([right, replace(wrong, question=1)]).item()
    own, margin, all_ = (part.detach() for part in reader._judged([right, wrong]))
    assert apart == pytest.approx(own.mean().item(), abs=1e-4)
    expected = own.mean() + TOGETHER_WEIGHT * (all_.logsumexp(0) - margin[0])
    assert together == pytest.approx(expected.item(), abs=1e-3)
    assert together > apart
