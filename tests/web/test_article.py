"""The page of an article: what is marked, the ways from mark to mark, whose conversation counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.config import Settings
from assistant.history import History, KeptTurn, history_url
from assistant.records import Article
from assistant.web.address import text_directive
from assistant.web.app import create_app
from assistant.web.article import Cited, Reading, article_page, together
from assistant.web.memory import Memory
from assistant.web.phrases import EN, ID
from assistant.web.security import PAGE_POLICY
from assistant.web.visitor import owner_of
from tests.fakes import ARMS, DELIVERY, HOSTILE, LIBRARY, FakeChain, FakeLibrary, answer_to
from tests.web.test_kept import keep, other

SUKHOI = "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia."
PANTSIR = "Rusia juga memasok sistem pertahanan rudal Pantsir S-1 kepada Myanmar."
PRICE = "Harga pembelian itu tidak disebutkan."
PAGE = "/articles/arms%2F2022-07-13"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    file = tmp_path_factory.mktemp("article") / "history.sqlite3"
    with History(history_url(Settings(history=str(file)))) as history:
        yield history


@pytest.fixture(scope="module")
def app(history: History) -> Iterator[TestClient]:
    with TestClient(create_app(FakeChain().runnable(), LIBRARY, Memory(history, LIBRARY))) as opened:
        yield opened


@pytest.fixture
def me(app: TestClient) -> Iterator[TestClient]:
    app.cookies.clear()
    app.get("/")
    yield app
    app.cookies.clear()


def at(quote: str, article: Article = ARMS) -> Cited:
    start = article.text.index(quote)
    return Cited(start, start + len(quote))


def marks(page: str) -> dict[str, str]:
    """The marked words by the name of their mark."""
    found = re.findall(r'<mark id="([^"]*)" tabindex="-1">(.*?)</mark>', page)
    return {name: unescape(re.sub(r"<[^>]*>", "", words)) for name, words in found}


def bars(page: str) -> list[str]:
    """What the bars say, with where their arrows lead."""
    found = re.findall(r'<span class="steps[^>]*>(.*?)</span>(?=[^<]*(?:</p>|<mark|$))', page)
    arrows = [re.sub(r'<a class="step" href="([^"]*)"[^>]*>.</a>', r" \1 ", bar) for bar in found]
    return [" ".join(re.sub(r"<[^>]*>", " ", bar).split()) for bar in arrows]


# Words of the address


def test_the_whole_article_is_there_with_all_that_is_known() -> None:
    told = Article("a/1", "First.\n\nSecond.", title="T", url="javascript:x", extra={"place": "Cianjur", "tags": ["a"]})
    page = article_page(told, EN)
    assert re.findall(r'<p dir="auto">(.*?)</p>', page) == ["First.", "Second."]
    facts = re.findall(r'<dt dir="auto">(.*?)</dt><dd dir="auto">(.*?)</dd>', page)
    assert [tuple(map(unescape, fact)) for fact in facts] == [
        ("Identifier", "a/1"), ("Address", "javascript:x"), ("place", "Cianjur"), ("tags", '["a"]'),
    ]  # fmt: skip
    assert "<bdi>javascript:x</bdi>" in page
    assert "Pengenal" in article_page(told, ID)
    assert "<script" not in page


def test_a_long_fact_is_cut() -> None:
    page = article_page(Article("a", "t", extra={"raw": "x" * 5_000}), EN)
    assert "x" * 1_000 + "…" in page
    assert "x" * 1_001 not in page


def test_a_browser_without_text_fragments_finds_the_mark_as_well(me: TestClient) -> None:
    """It takes the whole end of the address for the name of an element."""
    one = at(SUKHOI)
    page = me.get(f"{PAGE}?start={one.start}&end={one.end}").text
    fragment = f"cited{text_directive(SUKHOI)}"
    assert fragment == "cited:~:text=Myanmar%20membeli%20enam%20jet%20tempur%20Sukhoi%20Su%2D30%20dari%20Rusia."
    assert f'<mark id="cited" tabindex="-1"><a id="{fragment}"></a>{SUKHOI}</mark>' in page
    assert bars(page) == [], "one mark needs no ways to others"


def test_the_link_to_the_original_names_the_words() -> None:
    one = at(SUKHOI)
    page = article_page(ARMS, EN, Reading((one.start, one.end)))
    assert f'href="{ARMS.url}#'.replace("&", "&amp;") + text_directive(SUKHOI) in page
    anchored = Article("a", SUKHOI, url="https://news.example/#page=2")
    assert 'href="https://news.example/#page=2"' in article_page(anchored, EN, Reading((0, 5)))


# Words of a conversation


def test_every_quotation_of_the_conversation_is_marked(me: TestClient, history: History) -> None:
    conversation, _ = keep(history, me)
    again = KeptTurn("and <b>again</b>?", "en", answer_to("Myanmar").as_dict())
    history.append(owner_of(dict(me.cookies)), again, conversation)
    two = at(PANTSIR)
    answer = me.get(f"{PAGE}?start={two.start}&end={two.end}&lang=en&conversation={conversation}")
    page = answer.text
    assert marks(page) == {"cited-1": SUKHOI, "cited": PANTSIR}
    asked = "what weapons did Myanmar buy from Russia? · and &lt;b&gt;again&lt;/b&gt;?"
    assert bars(page) == [f"↑ 1 of 2 #cited {asked}", f"#cited-1 2 of 2 ↓ {asked}"]
    back = '<a class="step" href="#cited-1" aria-label="The quoted words before these"'
    assert f'<span class="steps is-here" lang="en">{back}' in page
    assert "2 quotations in your conversation · " in page
    assert f'<a href="/?conversation={conversation}">Back to the conversation</a>' in page
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert answer.headers["cache-control"] == "no-store"


def test_without_words_in_the_address_the_first_quotation_is_meant(me: TestClient, history: History) -> None:
    conversation, _ = keep(history, me)
    page = me.get(f"{PAGE}?conversation={conversation}").text
    assert marks(page) == {"cited": SUKHOI, "cited-2": PANTSIR}
    assert "2 kutipan dalam percakapan Anda" in page
    assert "Kembali ke percakapan" in page


def test_words_nobody_quoted_are_one_more_mark(me: TestClient, history: History) -> None:
    conversation, _ = keep(history, me)
    price = at(PRICE)
    page = me.get(f"{PAGE}?start={price.start}&end={price.end}&conversation={conversation}").text
    assert marks(page) == {"cited-1": SUKHOI, "cited-2": PANTSIR, "cited": PRICE}
    assert [bar.partition(" dari ")[0][-1] for bar in bars(page)] == ["1", "2", "3"]


def test_quotations_of_other_articles_are_not_marked(me: TestClient, history: History) -> None:
    conversation, _ = keep(history, me)
    assert marks(me.get(f"/articles/delivery?conversation={conversation}").text) == {"cited": DELIVERY.text}
    assert marks(me.get(f"/articles/quake?conversation={conversation}").text) == {}


def test_what_an_article_no_longer_says_is_not_marked(tmp_path: Path) -> None:
    changed = FakeLibrary(replace(ARMS, text=ARMS.text.replace(SUKHOI, "Dicabut.")), DELIVERY)
    with (
        History(history_url(Settings(history=str(tmp_path / "h.sqlite3")))) as history,
        TestClient(create_app(FakeChain().runnable(), changed, Memory(history, changed))) as reader,
    ):
        reader.get("/")
        conversation, _ = keep(history, reader)
        page = reader.get(f"{PAGE}?conversation={conversation}").text
    assert marks(page) == {"cited": PANTSIR}


def test_anothers_conversation_is_ignored(me: TestClient, history: History) -> None:
    conversation, _ = keep(history, me)
    for visitor in (other(me), TestClient(me.app)):
        page = visitor.get(f"{PAGE}?conversation={conversation}")
        assert page.status_code == 200
        assert marks(page.text) == {}
        assert conversation not in page.text


@pytest.mark.parametrize(
    "bad", ["nobodys", "", "%00", "a/b", "x" * 5_000, "%3Cscript%3E", "%F0%9F%92%A5", "--", "' OR 1"]
)
def test_an_unknown_conversation_is_ignored(me: TestClient, bad: str) -> None:
    page = me.get(f"{PAGE}?start=0&end=7&conversation={bad}")
    assert page.status_code == 200
    assert list(marks(page.text)) == ["cited"]
    assert "?conversation=" not in page.text


def test_without_a_history_the_page_is_the_same() -> None:
    with TestClient(create_app(FakeChain().runnable(), LIBRARY)) as visitor:
        assert list(marks(visitor.get(f"{PAGE}?start=0&end=7&conversation=abc").text)) == ["cited"]


def test_under_a_path_the_way_back_stays_there() -> None:
    page = article_page(ARMS, EN, Reading(None, "abc", (Cited(0, 7),)), root="/ask")
    assert 'href="/ask/?conversation=abc"' in page


def test_hostile_questions_in_the_bar_are_text() -> None:
    quoted = (Cited(0, 10, ("<script>alert(1)</script>",)), Cited(12, 20, ('"><img src=x>',)))
    page = article_page(HOSTILE, EN, Reading(None, "abc", quoted))
    assert "<script" not in page
    assert "<img" not in page
    assert page.count('class="steps') == 2


# Spans and words

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: Cited(pair[0], sum(pair))))


@given(spans)
def test_places_are_apart_in_order_and_hold_every_word(given: list[Cited]) -> None:
    places = together(given)
    assert all(one.end <= other.start for one, other in pairwise(places))
    covered = {offset for place in places for offset in range(place.start, place.end)}
    assert covered == {offset for span in given for offset in range(span.start, span.end)}


@settings(max_examples=40)
@given(spans, st.text("ab \n.", min_size=81, max_size=90))
def test_every_bar_leads_to_marks_that_are_there(given: list[Cited], text: str) -> None:
    quoted = tuple(span for span in given if text[span.start : span.end].strip())
    page = str(article_page(Article("a", text), EN, Reading(None, "abc", quoted)))
    names = re.findall(r'id="([^"]*)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r'class="step" href="#([^"]*)"', page)) <= set(names)


@given(st.text(max_size=300))
def test_a_text_directive_names_words_of_the_text(text: str) -> None:
    directive = text_directive(text)
    assert directive.startswith(":~:text=") == bool(text.strip())
    parts = directive.removeprefix(":~:text=").split(",")
    assert len(parts) <= 2
    plain = " ".join(text.split())
    assert all(" ".join(unquote(part).split()) in plain for part in parts)
    assert not set("&-# \"'<>") & set("".join(parts))
