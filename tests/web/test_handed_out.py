"""Links to one answer and downloads over HTTP: who makes them, who reads them, and what they give away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.config import Settings
from assistant.history import Feedback, History, history_url
from assistant.web.app import create_app
from assistant.web.conversation import Turn, ask
from assistant.web.memory import Memory, conversation_of
from assistant.web.security import PAGE_POLICY
from assistant.web.visitor import COOKIE, owner_of
from tests.fakes import LIBRARY, FakeChain

WEAPONS = "what weapons did Myanmar buy from Russia?"
SECRET = "hostile <script>alert(1)</script>"


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Memory]:
    file = tmp_path_factory.mktemp("kept") / "history.sqlite3"
    with History(history_url(Settings(history=str(file)))) as history:
        yield Memory(history, LIBRARY)


@pytest.fixture(scope="module")
def client(memory: Memory) -> Iterator[TestClient]:
    app = create_app(FakeChain().runnable(), LIBRARY, memory)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def me(client: TestClient) -> Iterator[TestClient]:
    """A browser that has opened the page."""
    client.cookies.clear()
    client.get("/")
    yield client
    client.cookies.clear()


def keep(memory: Memory, visitor: TestClient, *questions: str) -> tuple[str, list[int]]:
    """A conversation with these questions: its id and its turns'."""
    turns: tuple[Turn, ...] = ()
    for question in questions:
        turns = memory.keep(
            owner_of(dict(visitor.cookies)), list(ask(FakeChain().runnable(), LIBRARY, turns, question))[-1]
        )
    return conversation_of(turns), [turn.kept.turn for turn in turns if turn.kept]


def stranger(visitor: TestClient, **cookies: str) -> TestClient:
    """Somebody else who may open this server."""
    return TestClient(visitor.app, raise_server_exceptions=False, cookies=cookies)


def link_of(answer: str) -> str:
    found = re.search(r'href="(shared/[\w-]{22})"', answer)
    assert found
    return f"/{found[1]}"


def test_a_stranger_reads_the_one_answer_without_a_cookie(me: TestClient, memory: Memory) -> None:
    _, (_, turn) = keep(memory, me, SECRET, WEAPONS)
    made = me.put(f"/share/{turn}")
    assert made.headers["cache-control"] == "no-store"
    assert "The link ends when you delete the conversation." in made.text
    page = stranger(me).get(link_of(made.text))
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert page.headers["content-security-policy"] == PAGE_POLICY
    assert page.headers["x-robots-tag"] == "noindex"
    assert page.headers["cache-control"] == "no-store"
    assert f'<h1 dir="auto">{WEAPONS}</h1>' in page.text
    assert "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia." in page.text
    assert "Very likely right (93%)" in page.text
    assert "hostile" not in page.text
    for script in ("<script", "onclick", "data-deed", "data-turn", "data-kept"):
        assert script not in page.text


def test_its_links_lead_to_the_quoted_words(me: TestClient, memory: Memory) -> None:
    _, (turn,) = keep(memory, me, WEAPONS)
    page = stranger(me).get(link_of(me.put(f"/share/{turn}").text)).text
    address = re.findall(r'<a class="chip" href="([^"]+)"', page)[0].replace("&amp;", "&")
    assert address.startswith("/articles/arms%2F2022-07-13?start=")
    article = stranger(me).get(address).text
    marked = article.partition('<mark id="cited"')[2].partition("</mark>")[0]
    assert marked.endswith("</a>Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia.")


def test_a_hostile_answer_is_text_on_its_page(me: TestClient, memory: Memory) -> None:
    _, (turn,) = keep(memory, me, SECRET)
    page = stranger(me).get(link_of(me.put(f"/share/{turn}").text)).text
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_link_ends_with_the_conversation(me: TestClient, memory: Memory) -> None:
    conversation, (turn,) = keep(memory, me, WEAPONS)
    link = link_of(me.put(f"/share/{turn}").text)
    assert link_of(me.put(f"/share/{turn}").text) == link, "pressed again it is the same link"
    assert me.delete(f"/history/{conversation}").status_code == 204
    for language, words in (("en", "This answer is not shared any more"), ("id", "Jawaban ini tidak dibagikan lagi")):
        gone = stranger(me).get(link, headers={"accept-language": language})
        assert gone.status_code == 404
        assert words in gone.text
        assert gone.headers["content-security-policy"] == PAGE_POLICY


@pytest.mark.parametrize("id", ["1", "x" * 22, "a/b", "%00", "..%2F", "'; DROP TABLE shares; --"])
def test_what_was_never_shared_is_not_there(me: TestClient, id: str) -> None:
    assert me.get(f"/shared/{id}").status_code == 404


def test_only_the_asker_makes_a_link_and_only_by_pressing(me: TestClient, memory: Memory) -> None:
    _, (turn,) = keep(memory, me, WEAPONS)
    assert stranger(me).put(f"/share/{turn}").status_code == 404
    assert stranger(me, **{COOKIE: "B" * 22}).put(f"/share/{turn}").status_code == 404
    for method in ("GET", "POST"):
        assert me.request(method, f"/share/{turn}").status_code in (404, 405)
    assert me.put("/share/0").status_code == 422
    assert me.put(f"/share/{10**40}").status_code == 422


def test_a_link_speaks_the_language_of_its_question(me: TestClient, memory: Memory) -> None:
    _, (turn,) = keep(memory, me, "apa senjata Myanmar?")
    made = me.put(f"/share/{turn}").text
    assert "Tautan ini berakhir" in made
    page = stranger(me).get(link_of(made), headers={"accept-language": "en"}).text
    assert '<html lang="id">' in page
    assert "Seseorang membagikan jawaban ini" in page


def test_a_conversation_is_downloaded_as_markdown(me: TestClient, memory: Memory) -> None:
    conversation, _ = keep(memory, me, WEAPONS, "what is the price of rice?")
    answer = me.get(f"/history/{conversation}.md")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="tanya-{conversation}.md"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith(f"# {WEAPONS}\n\n**{WEAPONS}**\n")
    assert "**what is the price of rice?**" in answer.text
    address = re.findall(r"^\[1\.1\]: <http://testserver(/[^>]+)>$", answer.text, re.MULTILINE)
    assert me.get(address[0]).status_code == 200


def test_a_conversation_is_downloaded_as_json(me: TestClient, memory: Memory) -> None:
    conversation, (first, _) = keep(memory, me, WEAPONS, SECRET)
    memory.history.rate(owner_of(dict(me.cookies)), first, Feedback("down", "other", "no"))
    answer = me.get(f"/history/{conversation}.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    facts = json.loads(answer.text)
    assert facts["title"] == WEAPONS
    assert [turn["question"] for turn in facts["turns"]] == [WEAPONS, SECRET]
    assert facts["turns"][0]["answer"]["citations"][0]["quote"].startswith("Myanmar membeli enam jet tempur")
    assert facts["turns"][0]["feedback"] == {"verdict": "down", "reason": "other", "comment": "no"}
    assert facts["turns"][1]["feedback"] is None


@pytest.mark.parametrize("ending", ["md", "json"])
def test_nobody_downloads_anothers_conversation(me: TestClient, memory: Memory, ending: str) -> None:
    conversation, _ = keep(memory, me, WEAPONS)
    assert me.get(f"/history/{conversation}.{ending}").status_code == 200
    for other in (stranger(me), stranger(me, **{COOKIE: "B" * 22})):
        assert other.get(f"/history/{conversation}.{ending}").status_code == 404
    assert me.get(f"/history/none.{ending}").status_code == 404


def test_where_nothing_is_kept_nothing_is_handed_out() -> None:
    with TestClient(create_app(FakeChain().runnable(), LIBRARY)) as client:
        assert client.put("/share/1").status_code == 404
        assert client.get(f"/shared/{'x' * 22}").status_code == 404
        assert client.get("/history/c.md").status_code == 404
