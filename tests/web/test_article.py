"""The page of an article: what is marked, and the ways between the marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.config import Settings
from assistant.history import History, KeptTurn, history_url
from assistant.web.app import create_app
from assistant.web.article import Reading, article_page
from assistant.web.memory import Memory
from assistant.web.phrases import EN, ID
from assistant.web.visitor import owner_of
from tests.fakes import ARMS, LIBRARY, FakeChain, answer_to

FIRST, SECOND, THIRD = ((ARMS.text.index(w), ARMS.text.index(w) + len(w)) for w in ("JAKARTA", "enam jet", "Harga"))


def ways(page: str) -> list[tuple[str, str]]:
    """The links between the marks: where each leads, and what it is called."""
    places = page.partition('<nav class="places"')[2].partition("</nav>")[0]
    found = re.findall(r'<a (?:class="arrow" )?href="([^"]*)"(?: aria-label="([^"]*)")?', places)
    return [(re.sub(r"^.*start=(\d+).*$", r"\1", href), name) for href, name in found]


def test_from_each_mark_a_way_leads_to_the_one_before_and_the_next() -> None:
    page = str(article_page(ARMS, EN, Reading(SECOND, (THIRD, FIRST, SECOND))))
    assert ways(page) == [
        (str(FIRST[0]), EN.place_before),
        ("#cited", ""),
        (str(THIRD[0]), EN.place_after),
    ]
    assert "Quoted words: 2 of 3" in page
    assert re.findall(r'<mark id="([^"]*)"', page) == ["quote-0", "cited", "quote-2"]


def test_the_first_has_none_before_and_the_last_none_after() -> None:
    assert ways(str(article_page(ARMS, ID, Reading(FIRST, (SECOND,))))) == [
        ("#cited", ""),
        (str(SECOND[0]), ID.place_after),
    ]
    assert ways(str(article_page(ARMS, ID, Reading(FIRST)))) == [("#cited", "")]
    assert 'class="places"' not in article_page(ARMS, ID)


def test_without_a_place_of_its_own_a_link_shows_all_and_leads_to_the_first() -> None:
    page = str(article_page(ARMS, EN, Reading(None, (FIRST, SECOND))))
    assert ways(page) == [(str(FIRST[0]), EN.place_after)]
    assert "Quoted words: 2<" in page


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(history_url(Settings(history=str(tmp_path / "history.sqlite3")))) as history:
        yield history


def test_all_that_a_visitors_own_conversation_quotes_is_marked_and_nobody_elses(history: History) -> None:
    with TestClient(create_app(FakeChain().runnable(), LIBRARY, Memory(history, LIBRARY))) as client:
        client.get("/")
        owner = owner_of(dict(client.cookies))
        kept = KeptTurn("Myanmar?", "en", answer_to("Myanmar").as_dict())
        mine, _ = history.append(owner, kept)
        theirs, _ = history.append("somebody else", kept)
        page = client.get(f"/articles/arms/2022-07-13?conversation={mine}&lang=en")
        assert page.text.count("<mark") == 2
        assert f'href="/?conversation={mine}">{EN.back_to_conversation}<' in page.text
        assert page.headers["cache-control"] == "no-store"
        for other in (theirs, "unknown", "", '"><script>'):
            page = client.get("/articles/arms/2022-07-13", params={"conversation": other})
            assert "<mark" not in page.text
            assert "?conversation" not in page.text
            assert "<script" not in page.text
