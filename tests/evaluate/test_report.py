from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from assistant.evaluate.compare import Run, compare
from assistant.evaluate.comparison_report import comparison_report
from assistant.evaluate.folder import RunFolder
from assistant.evaluate.questions import Turn
from assistant.evaluate.report import report
from assistant.evaluate.result import Quoted, Result
from assistant.evaluate.score import score
from tests.evaluate.conftest import RIGHT, make

EVIL = "<script>alert(1)</script><img src=x onerror='alert(2)'>\" & ' </details>"
VOID = {"meta", "rect", "path", "circle", "polyline", "input", "br", "link"}


class Elements(HTMLParser):
    """The elements of a page with their attributes; complains about what is never closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def evil() -> Result:
    asked = {
        "question": EVIL,
        "answers": (EVIL,),
        "tags": (EVIL,),
        "conversation": (Turn(EVIL, EVIL),),
    }
    return make('q"><b>', short=EVIL, quotes=(EVIL,), error="", answer=EVIL, asked=asked)


def page_of(results: list[Result]) -> str:
    return report(EVIL, {"questions": {"file": EVIL}, "settings": {"embedder": EVIL}}, results, score(results))


def pages() -> list[str]:
    results = [make("a", **RIGHT), evil(), make("c", answerable=False), make("d", error=EVIL)]
    others = [make("a"), evil(), make("c", answerable=False), make("d", **RIGHT)]
    other = compare(Run(EVIL, {"settings": {"x": EVIL}}, tuple(results)), Run("b", {}, tuple(others)))
    return [page_of(results), comparison_report(other)]


@pytest.mark.parametrize("page", pages(), ids=["run", "comparison"])
def test_what_comes_from_others_is_only_text(page: str) -> None:
    elements = Elements(page).found
    assert [tag for tag, _ in elements].count("script") == 1
    assert not any(tag == "img" for tag, _ in elements)
    assert not any(name.startswith("on") for _, attributes in elements for name in attributes)
    assert page.count("&lt;script&gt;alert(1)") > 2


@pytest.mark.parametrize("page", pages(), ids=["run", "comparison"])
def test_nothing_is_fetched_from_anywhere(page: str) -> None:
    elements = Elements(page).found
    addresses = [attributes[name] for _, attributes in elements for name in ("src", "href") if name in attributes]
    assert all(address and address.startswith("#") for address in addresses)
    assert not re.search(r"https?:|url\(|@import|fetch\(|XMLHttpRequest", page)
    policy = next(attributes["content"] for tag, attributes in elements if "http-equiv" in attributes)
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")


def test_each_question_can_be_opened_and_each_passage_stands_once(finished: RunFolder) -> None:
    results = finished.results()
    page = report("stories", finished.facts(), results, score(results))
    elements = Elements(page).found
    opened = [attributes["id"] for tag, attributes in elements if attributes.get("class") == "question"]
    assert opened == ["q-q1", "q-q2", "q-q3", "q-q4"]
    assert page.count("Kereta itu menghubungkan Jakarta dan Bandung.") == 1
    places = {attributes["data-passage"] for tag, attributes in elements if "data-passage" in attributes}
    assert {f"p-{place}" for place in places} <= {attributes.get("id") for _, attributes in elements}


def test_the_words_that_answer_are_marked_in_their_sentence() -> None:
    quoted = Quoted(1, "a", "A", 10, 29, "Ash fell on <eleven>", True, True, spans=((22, 29), (40, 50)))
    assert "<p>Ash fell on <mark>&lt;eleven</mark></p>" in page_of([make(citations=(quoted,))])


def test_a_run_without_answers_has_a_page() -> None:
    assert "no article answers it" in page_of([make("c", answerable=False)])
    assert "ValueError: no" in page_of([make("d", error="ValueError: no", rank=0, seconds={})])
