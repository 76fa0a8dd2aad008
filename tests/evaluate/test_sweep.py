"""A sweep over the three stories, and what of it can be worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.errors import ConfigError, EvaluateError, ReadError
from assistant.evaluate.ask import Asker
from assistant.evaluate.compare import compare, load
from assistant.evaluate.folder import RunFolder
from assistant.evaluate.questions import TestQuestion
from assistant.evaluate.result import Result
from assistant.evaluate.run import run
from assistant.evaluate.score import BY_NAME
from assistant.evaluate.sweep import MOST, Progress, Sweep, advice, grid_of, sweep, trials_of
from assistant.store import Index
from tests.evaluate.test_run import told

GRID = grid_of([("top_k", "1,8"), ("min_probability", "0.12,1"), ("passage_chars", "100,200")])
NAMES = {
    "baseline",  # top_k 8, min_probability 0.12, passage_chars 100
    "top_k=1,min_probability=0.12,passage_chars=100",
    "top_k=1,min_probability=1.0,passage_chars=100",
    "top_k=8,min_probability=1.0,passage_chars=100",
    "top_k=1,min_probability=0.12,passage_chars=200",
    "top_k=1,min_probability=1.0,passage_chars=200",
    "top_k=8,min_probability=0.12,passage_chars=200",
    "top_k=8,min_probability=1.0,passage_chars=200",
}


def swept(
    file: Path,
    settings: Settings,
    folder: Path,
    given: Sequence[tuple[str, str]],
    figure: str = "right",
    split: str | None = None,
    articles: Sequence[Path] = (),
    progress: Progress = lambda _what, _done, _total: None,
) -> Sweep:
    grid = grid_of(given)
    return sweep(file, split, grid, trials_of(grid, settings), BY_NAME[figure], folder, articles, progress)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, set_file: Path, settings: Settings) -> Sweep:
    folder = tmp_path_factory.mktemp("sweeps") / "stories"
    return sweep(set_file, None, GRID, trials_of(GRID, settings), BY_NAME["right"], folder)


def seconds(folder: Path, stage: str) -> list[float]:
    return [result.seconds[stage] for result in RunFolder(folder).results()]


def test_every_combination_is_a_run_with_its_report(done: Sweep) -> None:
    assert {path.name for path in done.folder.iterdir()} == NAMES | {"indexes"}
    for name in NAMES:
        facts = RunFolder(done.folder / name).facts()
        assert facts["finished"]
        assert facts["metrics"]["questions"] == 4
        assert (done.folder / name / "report.html").is_file()
    two = (load(done.folder / name) for name in ("baseline", "top_k=1,min_probability=0.12,passage_chars=200"))
    assert [change for change in compare(*two).changed_settings if change[0].startswith("settings")] == [
        ("settings.passage_chars", "100", "200"),
        ("settings.top_k", "8", "1"),
    ]


def test_figures_and_comparisons_by_hand(done: Sweep) -> None:
    """Nothing is as sure as 1: all are declined there, which is right for one question of four."""
    by_name = {one.trial.name: one for one in done.tried}
    sure = by_name["top_k=8,min_probability=1.0,passage_chars=100"]
    assert (done.baseline.quality.value, sure.quality.value) == (1.0, 0.25)
    assert (sure.from_baseline.before, sure.from_baseline.after, sure.from_baseline.change) == (1.0, 0.25, -0.75)
    assert sure.from_baseline.difference.p == 0.25  # of the eight signs of three differences two are as far from 0
    assert done.baseline.from_baseline.change == 0.0
    assert done.best.quality.value == 1.0
    assert done.best.from_best.change == 0.0
    assert [one.quality.value for one in done.tried] == sorted((o.quality.value or 0 for o in done.tried), reverse=True)
    assert done.efficient[-1].quality.value == 1.0
    for one in done.efficient:
        for other in done.tried:
            assert other.quality.value is not None
            assert other.seconds.value is not None
            assert one.quality.value is not None
            assert one.seconds.value is not None
            assert other.quality.value <= one.quality.value or other.seconds.value > one.seconds.value - 0.001


@pytest.mark.parametrize(("top_k", "min_probability"), [(8, 1.0), (1, 0.12)])
def test_runs_are_what_they_are_alone(
    tmp_path: Path,
    done: Sweep,
    settings: Settings,
    questions: list[TestQuestion],
    index: Index,
    top_k: int,
    min_probability: float,
) -> None:
    alone = settings.model_copy(update={"top_k": top_k, "min_probability": min_probability})
    expected = run(questions, Path("x"), None, alone, index, RunFolder(tmp_path / "r"))
    found = RunFolder(done.folder / f"top_k={top_k},min_probability={min_probability},passage_chars=100").results()
    assert told(found) == told(expected)


def test_what_only_shows_another_part_is_read_once(done: Sweep) -> None:
    one, other = "top_k=1,min_probability=0.12,passage_chars=200", "top_k=1,min_probability=1.0,passage_chars=200"
    assert seconds(done.folder / one, "total") == seconds(done.folder / other, "total")
    assert seconds(done.folder / one, "total") != seconds(done.folder / "baseline", "total")


def test_another_index_is_built_once_from_the_stored_articles(done: Sweep, index: Index) -> None:
    assert [path.name for path in (done.folder / "indexes").iterdir()] == ["passage_chars=200"]
    with Index(done.folder / "indexes" / "passage_chars=200") as built:
        assert {article.id: article for article in built.articles()} == {a.id: a for a in index.articles()}
        assert built.database.manifest()["chunker"] == "200 characters, overlap 0"
        assert built.passage_count < index.passage_count
    assert {one.index for one in done.tried if one.trial.settings.passage_chars == 100} == {index.folder}


def test_a_stopped_sweep_goes_on_and_further_values_ask_only_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, set_file: Path, settings: Settings
) -> None:
    ask, asked = Asker.ask, []

    def stops(self: Asker, question: TestQuestion) -> Result:
        asked.append(question.id)
        if len(asked) == 8:  # each run begins with one question to warm up
            raise KeyboardInterrupt
        return ask(self, question)

    with monkeypatch.context() as patched:
        patched.setattr(Asker, "ask", stops)
        with pytest.raises(KeyboardInterrupt):
            swept(set_file, settings, tmp_path, [("top_k", "1,8")])
    assert asked == ["q1", "q1", "q2", "q3", "q4", "q1", "q1", "q2"]
    first = (tmp_path / "baseline" / "questions.jsonl").read_bytes()
    seen: list[tuple[str, int, int | None]] = []
    swept(set_file, settings, tmp_path, [("top_k", "1,8")], progress=lambda *told: seen.append(told))
    second = "2 of 2: top_k=1"
    assert seen == [("1 of 2: baseline", 4, 4), *((second, number, 4) for number in range(1, 5))]
    seen.clear()
    found = swept(set_file, settings, tmp_path, [("top_k", "1,2,8")], progress=lambda *told: seen.append(told))
    assert [done for what, done, _ in seen if what != "3 of 3: top_k=2"] == [4, 4]
    assert len(found.tried) == 3
    assert (tmp_path / "baseline" / "questions.jsonl").read_bytes() == first


def test_articles_may_come_from_files(tmp_path: Path, set_file: Path, settings: Settings, index: Index) -> None:
    stories = tmp_path / "stories.jsonl"
    lines = [{"id": article.id, **article.metadata, "text": article.text} for article in index.articles()]
    stories.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    nowhere = settings.model_copy(update={"index": tmp_path / "none"})
    found = swept(set_file, nowhere, tmp_path / "s", [("passage_chars", "100,200")], articles=[stories])
    assert found.baseline.quality.value == 1.0
    assert [one.index.name for one in sorted(found.tried, key=lambda one: one.trial.name)] == [
        "baseline",
        "passage_chars=200",
    ]
    with pytest.raises(ReadError, match=r"none\.txt"):
        swept(set_file, nowhere, tmp_path / "t", [("top_k", "1")], articles=[tmp_path / "none.txt"])


def test_each_is_compared_with_the_baseline_and_with_the_best(
    tmp_path: Path, set_file: Path, settings: Settings
) -> None:
    silent = settings.model_copy(update={"min_probability": 1.0})
    found = swept(set_file, silent, tmp_path, [("min_probability", "0.12")])
    assert [one.trial.name for one in found.tried] == ["min_probability=0.12", "baseline"]
    assert [one.from_baseline.change for one in found.tried] == [0.75, 0.0]
    assert [one.from_best.change for one in found.tried] == [0.0, -0.75]


def test_a_figure_that_is_lower_when_better(tmp_path: Path, set_file: Path, settings: Settings) -> None:
    found = swept(set_file, settings, tmp_path, [("min_probability", "1")], "aurc")
    assert [one.trial.name for one in found.tried] == ["baseline", "min_probability=1.0"]
    worse = found.tried[1].from_baseline
    assert worse.is_worse
    assert worse.difference.p is None


def test_a_figure_without_a_question_is_refused(tmp_path: Path, set_file: Path, settings: Settings) -> None:
    with pytest.raises(EvaluateError, match="no question to measure abstention_recall on"):
        swept(set_file, settings, tmp_path, [("top_k", "1")], "abstention_recall", split="dev")


def test_the_folder_of_a_single_run_is_refused(finished: RunFolder, set_file: Path, settings: Settings) -> None:
    with pytest.raises(EvaluateError, match="holds a single run"):
        swept(set_file, settings, finished.path, [("top_k", "1")])


# The grid


def test_values_are_of_their_settings_types_and_given_once() -> None:
    grid = grid_of([("top_k", "4, 08,8"), ("vector_weight", "1,0.5"), ("top_k", "12"), ("embedder", "bundled")])
    assert grid == {"top_k": [4, 8, 12], "vector_weight": [1.0, 0.5], "embedder": ["bundled"]}


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("top_k", "4,many", "TANYA_TOP_K is wrong: .*'many'"),
        ("top_k", "", "TANYA_TOP_K is wrong"),
        ("vector_weight", "0.5,1.5", "TANYA_VECTOR_WEIGHT is wrong: .*less than or equal to 1"),
        ("port", "1,2", "port changes no answer"),
        ("index", "a,b", "--index says which"),
    ],
)
def test_wrong_values_are_named(name: str, values: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        grid_of([(name, values)])


def test_the_baseline_comes_first_and_is_not_tried_twice() -> None:
    trials = trials_of({"top_k": [4, 8], "vector_weight": [0.7, 1.0]}, Settings())
    assert [trial.name for trial in trials] == [
        "baseline", "top_k=4,vector_weight=0.7", "top_k=4,vector_weight=1.0", "top_k=8,vector_weight=1.0",
    ]  # fmt: skip
    assert trials[0].settings == Settings()
    assert trials[1].settings == Settings(top_k=4)


def test_too_many_are_refused_unless_some_are_drawn() -> None:
    grid = {"top_k": range(1, 101), "max_quotes": range(1, 11), "threads": range(1, 1_000_001)}
    with pytest.raises(EvaluateError, match=r"1,000,000,000 combinations, more than 200.*--random"):
        trials_of(grid, Settings())
    drawn = trials_of(grid, Settings(), 50)
    assert len(drawn) == 51
    assert len({trial.name for trial in drawn}) == 51
    assert drawn == trials_of(grid, Settings(), 50)
    assert len(trials_of({"top_k": range(1, MOST + 1)}, Settings(top_k=100))) == MOST
    assert len(trials_of({"top_k": [1, 2]}, Settings(), 50)) == 3


def test_names_that_no_folder_can_have_stay_apart() -> None:
    names = [trial.name for trial in trials_of({"embedder": ["a/b", "a:b", "a" * 300]}, Settings())[1:]]
    assert [name.rsplit("-", 1)[0] for name in names[:2]] == ["embedder=a-b", "embedder=a-b"]
    assert len(set(names)) == 3
    assert all("/" not in name and len(name) < 140 for name in names)


# Advice


def test_advice(done: Sweep) -> None:
    best = next(one for one in done.tried if one.trial.name == "top_k=1,min_probability=0.12,passage_chars=200")
    other = replace(done, file=Path("my set.jsonl"), split="dev", tried=(best, done.baseline))
    (confirm,) = advice(other)
    assert "questions that had no say" in confirm.text
    out, name = done.folder, best.trial.name
    assert confirm.commands == (
        f"tanya evaluate 'my set.jsonl' --split test --index {done.baseline.index} --out {out}/test-baseline",
        f"tanya evaluate 'my set.jsonl' --split test --index {out}/indexes/passage_chars=200 --set top_k=1"
        f" --set passage_chars=200 --out {out}/test-{name}",
        f"tanya evaluate compare {out}/test-baseline {out}/test-{name}",
    )
    warned = advice(replace(other, split=None))
    assert "no say" not in warned[1].text
    assert "Tune on one half, with --split dev" in warned[0].text
    assert "'test'" in advice(replace(other, split="test"))[0].text
    assert [one.commands for one in advice(replace(other, splits=frozenset()))] == [()]
    assert "Nothing that was tried is better" in advice(replace(other, tried=(done.baseline, best)))[0].text
