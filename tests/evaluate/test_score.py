from __future__ import annotations

import math

from assistant.evaluate.score import BY_NAME, MEASURES, score
from tests.evaluate.conftest import RIGHT, WHOOSH, make


def values(*results: object) -> dict[str, float | None]:
    return {name: one.value for name, one in score(list(results)).overall.items()}  # type: ignore[arg-type]


def test_figures_by_hand() -> None:
    found = values(
        make("a", **RIGHT),
        make("b", short="Oktober", quotes=(WHOOSH, "Ke Bandung."), probability=0.5, rank=3),
        make("c", answerable=False),
        make("d", answerable=False, short="x", quotes=("Ke Bandung.",), probability=0.6),
    )
    assert found["right"] == 0.75  # b too: its F1 is 2 * 1 / (1 + 3)
    assert found["em"] == 0.5
    assert found["f1"] == 0.75
    assert found["em_all"] == 0.5
    assert found["f1_all"] == (1 + 0.5 + 1 + 0) / 4
    assert found["recall@1"] == 0.5
    assert found["recall@10"] == 1.0
    assert math.isclose(found["mrr"] or 0, (1 + 1 / 3) / 2)
    assert math.isclose(found["passage_mrr"] or 0, (1 + 1 / 3) / 2)
    assert found["citation_precision"] == (1 + 0.5 + 0) / 3
    assert found["citation_recall"] == (1 + 0.5 + 0) / 3
    assert found["citation_exactness"] == 1.0
    assert found["abstention_accuracy"] == 0.75
    assert found["abstention_precision"] == 1.0
    assert found["abstention_recall"] == 0.5
    assert found["auroc"] == 0.75
    assert found["seconds_p50"] == 0.3


def test_what_failed_counts_as_zero_and_never_vanishes() -> None:
    good, failed = make("a", **RIGHT), make("b", error="ValueError: no", rank=0)
    also = make("c", answerable=False, error="ValueError: no", rank=0)
    scores = score([good, failed, also])
    halved = ("em", "f1", "answer_quoted", "recall@10", "mrr", "ndcg@10", "map", "passage_recall@10", "citation_recall")
    for name in halved:
        assert (scores.overall[name].value, scores.overall[name].count) == (0.5, 2), name
    assert scores.overall["right"].value == 1 / 3
    assert scores.overall["f1_all"].value == 1 / 3
    assert scores.overall["abstention_accuracy"].value == 1 / 3
    assert scores.overall["abstention_recall"].value == 0.0


def test_a_measure_with_nothing_to_say_has_no_value() -> None:
    found = values(make("a", answerable=False))
    assert found["recall@10"] is None
    assert found["f1"] is None
    assert found["ece"] is None
    assert found["auroc"] is None
    assert found["f1_all"] == 1.0
    assert values()["right"] is None


def test_groups_are_by_tag_and_by_language_pair() -> None:
    english = {"question": "When?", "lang": "en", "tags": ("when", "en-id")}
    scores = score(
        [make("a", **RIGHT), make("b", asked=english), make("c", answerable=False, asked={"tags": ("when",)})]
    )
    assert [(group.name, group.count, group.estimates["right"].value) for group in scores.pairs] == [
        ("en-id", 1, 0.0),
        ("id-id", 1, 1.0),
    ]
    assert [(group.name, group.count, group.estimates["right"].value) for group in scores.tags] == [("when", 2, 0.5)]


def test_a_follow_up_is_tagged_by_its_turns() -> None:
    from assistant.evaluate.questions import Turn

    asked = {"conversation": (Turn("Kapan Whoosh diresmikan?", "2 Oktober 2023"),)}
    assert [group.name for group in score([make(asked=asked)]).tags] == ["follow-up"]


def test_every_measure_has_a_figure_and_figures_do_not_change() -> None:
    results = [make("a", **RIGHT), make("b"), make("c", answerable=False)]
    once, again = score(results), score(results)
    assert list(once.overall) == [measure.name for measure in MEASURES]
    assert once.as_dict() == again.as_dict()
    assert BY_NAME["aurc"].better == "lower"


def test_stages_have_their_seconds() -> None:
    slow = make("b", seconds={"retrieve": 0.3, "total": 0.5})
    assert [(stage.name, round(stage.p50, 3)) for stage in score([make("a"), slow]).stages] == [
        ("retrieve", 0.2),
        ("read", 0.2),
        ("total", 0.4),
    ]
