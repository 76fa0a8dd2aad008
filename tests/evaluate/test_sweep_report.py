from __future__ import annotations

import re
from pathlib import Path

from assistant.config import Settings
from assistant.evaluate import plots
from assistant.evaluate.compare import row_of
from assistant.evaluate.result import Result
from assistant.evaluate.score import BY_NAME, score
from assistant.evaluate.statistics import Estimate
from assistant.evaluate.sweep import Sweep, Trial, Tried
from assistant.evaluate.sweep_report import sweep_report
from tests.evaluate.conftest import RIGHT, make
from tests.evaluate.test_report import EVIL, Elements

NONE = Estimate(None, None, None, 0)


def tried(name: str, settings: Settings, *results: Result) -> Tried:
    scores, base = score(results), [make("1"), make("2", **RIGHT)]
    row = row_of(BY_NAME["right"], (base, score(base)), (results, scores))
    return Tried(
        Trial(name, settings), Path("i"), scores.overall["right"], scores.overall["seconds_p50"], row, row
    )  # fmt: skip


def example() -> Sweep:
    best = tried("embedder=x", Settings(embedder=EVIL), make("1", **RIGHT), make("2", **RIGHT))
    baseline = tried("baseline", Settings(), make("1"), make("2", **RIGHT))
    failed = tried("top_k=4", Settings(top_k=4), *(make(id, error=EVIL, seconds={}, rank=0) for id in "12"))
    return Sweep(
        folder=Path("runs") / "evil <b>",
        file=Path(EVIL),
        split=None,
        splits=frozenset({"dev", "test"}),
        count=2,
        grid={"embedder": [EVIL, "bundled"], "top_k": [4, 8]},
        figure=BY_NAME["right"],
        tried=(best, baseline, failed),
        efficient=(best,),
    )


def test_the_page_stands_alone_and_what_comes_from_others_is_only_text() -> None:
    page = sweep_report(example())
    elements = Elements(page).found
    addresses = [attributes[name] for _, attributes in elements for name in ("src", "href") if name in attributes]
    assert set(addresses) == {"embedder%3Dx/report.html", "baseline/report.html", "top_k%3D4/report.html"}
    assert not re.search(r"https?:|url\(|@import|fetch\(|XMLHttpRequest", page)
    assert [tag for tag, _ in elements].count("script") == 1
    assert not any(tag in ("img", "b") for tag, _ in elements)
    assert not any(name.startswith("on") for _, attributes in elements for name in attributes)
    assert page.count("&lt;script&gt;alert(1)") > 2


def test_the_page_tells_each_with_its_interval_and_its_comparison() -> None:
    page = sweep_report(example())
    text = re.sub(r"<[^>]+>", " ", page[page.index("All settings") :])
    rows = [row.split() for row in text.splitlines() if row.strip()]
    told = " ".join(rows[0])
    assert "1.000 1.000–1.000 0.300 0.300–0.300" in told
    assert "baseline bundled 8 0.500 0.000–1.000" in told
    assert "report bundled 4 0.000 0.000–0.000 –" in told
    assert "--split dev" in page
    assert page.count("<pre>") == 3


def test_what_a_plot_shows_stands_where_its_figures_are() -> None:
    one, other, unknown = (
        plots.Mark(Estimate(0.1, 0.05, 0.15, 9), Estimate(0.2, 0.0, 0.5, 9), "1", "one"),
        plots.Mark(Estimate(0.5, None, None, 1), Estimate(0.5, None, None, 1), "", "other <i>", is_baseline=True),
        plots.Mark(NONE, Estimate(0.5, None, None, 1), "", "unknown"),
    )
    drawn = plots.pareto("t", "seconds", "right", [one, other, unknown])
    found = Elements(drawn).found
    dots = {(a["class"], a["cx"], a["cy"]) for tag, a in found if tag == "circle"}
    # Seconds from 0 to 0.5 over 300 units from 40, the figure from 0 to 0.5 over 300 units up from 312.
    assert dots == {("dot", "100", "192"), ("other", "340", "12"), ("ring", "340", "12")}
    assert next(a["d"] for tag, a in found if a.get("class") == "cross") == "M70 192H130M100 312V12"
    assert "other &lt;i&gt;" in drawn
    assert "unknown" not in drawn
    turned = plots.pareto("t", "seconds", "ece", [one, other], higher_is_better=False)
    assert {a["cy"] for tag, a in Elements(turned).found if a.get("class") == "dot"} == {"132"}


def test_efficient_ones_are_joined_and_those_at_one_place_labelled_together() -> None:
    marks = [
        plots.Mark(Estimate(cost, None, None, 1), Estimate(quality, None, None, 1), label, "")
        for cost, quality, label in ((0.0, 0.0, "1"), (0.0, 0.0, "2"), (0.5, 0.5, "3"))
    ]
    drawn = plots.pareto("t", "", "", marks)
    assert re.findall(r'class="value"[^>]*>([^<]*)<', drawn) == ["1, 2", "3"]
    assert 'class="line" d="M40 312H40V312H340V12"' in drawn


def test_a_plot_of_one_point_or_none_has_an_axis() -> None:
    same = Estimate(0.3, 0.3, 0.3, 4)
    assert 'class="dot"' in plots.pareto("t", "", "", [plots.Mark(same, same, "1", "")])
    zero = Estimate(0.0, 0.0, 0.0, 4)
    assert 'class="dot"' in plots.pareto("t", "", "", [plots.Mark(zero, zero, "1", "")])
    assert "circle" not in plots.pareto("t", "", "", [])
