"""The pages about runs: real runs over three stories, what is wrong with broken ones, and asking again."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.errors import EvaluateError
from assistant.evaluate.result import Outcome, Result
from assistant.evaluate.runs import Runs
from assistant.evaluate.sweep import BASELINE
from assistant.store import Index
from assistant.web.app import create_app
from assistant.web.evaluation.phrases import EN, ID
from assistant.web.evaluation.routes import Evaluation, evaluation_pages
from tests.evaluate.test_report import Elements
from tests.fakes import LIBRARY, FakeChain
from tests.runs import EVIL, SET, begun_at, evaluation_of, make_run

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
SECOND = "again <b>run"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, index: Index) -> Path:
    """Two whole runs of one set, for reading only; the second declines more."""
    folder = tmp_path_factory.mktemp("evaluation") / "runs"
    folder.mkdir()
    begun_at(make_run(folder / "first", index), "2024-05-01T09:30:00+00:00")
    begun_at(make_run(folder / SECOND, index, min_probability=1.0), "2024-05-02T09:30:00+00:00")
    return folder


@pytest.fixture(scope="module")
def client(runs: Path, index: Index) -> Iterator[TestClient]:
    app = create_app(FakeChain().runnable(), LIBRARY, evaluation=evaluation_of(runs, index))
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def copied(runs: Path, tmp_path: Path) -> Path:
    """A folder of runs to spoil."""
    shutil.copytree(runs, tmp_path / "runs")
    return tmp_path / "runs"


def visitor(runs: Path, index: Index, root_path: str = "", **changes: object) -> TestClient:
    app = FastAPI()
    app.include_router(evaluation_pages(evaluation_of(runs, index, **changes)))
    return TestClient(app, root_path=root_path)


def links(page: str) -> list[str]:
    return [str(attributes["href"]) for tag, attributes in Elements(page).found if tag == "a"]


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


# All runs


def test_the_runs_are_listed_newest_first_with_their_figures(client: TestClient) -> None:
    page = client.get("/evaluation").text
    assert re.findall(r'<h2><a href="([^"]*)"', page) == ["/evaluation/again%20%3Cb%3Erun", "/evaluation/first"]
    told = text(page)
    assert "4 questions of stories.jsonl" in told
    assert "begun 2 May 2024, 09:30 UTC" in told
    assert "other than usual: passage_chars 100, overlap_sentences 0, min_probability 1.0" in told
    # Of four questions the first run has two right; the second declines all and has one right.
    assert re.findall(r"Right (0\.\d\d) 95% interval", told) == ["0.25", "0.50"]
    assert page.count('class="dot"') == 2 * 4 + 2  # four figures a run, and the plot over time
    assert "<polyline" in page


def test_two_ticked_runs_are_compared_the_older_first(client: TestClient) -> None:
    answer = client.get("/evaluation/compare", params={"run": [SECOND, "first"]}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (
        303, "/evaluation/compare?a=first&b=again+%3Cb%3Erun",
    )  # fmt: skip
    refused = client.get("/evaluation/compare?run=first")
    assert refused.status_code == 400
    assert "Tick two runs to compare them; 1 were ticked." in refused.text


def test_without_runs_the_command_for_a_first_one_is_shown(tmp_path: Path, index: Index) -> None:
    page = visitor(tmp_path / "my runs", index).get("/evaluation")
    assert page.status_code == 200
    assert f"tanya evaluate corpus/questions.jsonl --out '{tmp_path}/my runs/first'" in unescape(page.text)


def test_broken_and_half_written_runs_are_named_with_what_is_wrong(copied: Path, index: Index) -> None:
    (copied / "empty").mkdir()
    (copied / ".hidden").mkdir()
    (copied / "file").write_text("no folder")
    (copied / "elsewhere").symlink_to("/etc")
    (copied / "dangling").symlink_to(copied / "gone")
    (copied / "loop").symlink_to(copied / "loop")
    for name, facts in (
        ("torn", '{"started": '),
        ("odd", '{"started": "2024-05-03", "questions": {"count": "many"}}'),
        ("list", "[]"),
        ("index", '{"started": "2024-05-03", "questions": {}, "index": 3}'),
    ):
        (copied / name).mkdir()
        (copied / name / "run.json").write_text(facts)
    page = visitor(copied, index).get("/evaluation")
    assert page.status_code == 200
    broken = dict(re.findall(r'is-broken"><h2 dir="auto">(.*?)</h2>.*?<p dir="auto">(.*?)</p></div>', page.text))
    assert {name: unescape(told) for name, told in broken.items()} == {
        "empty": "There is no run.json in empty: it is no run, or was stopped before its first question.",
        "elsewhere": "elsewhere is a link out of the folder of runs, or holds one; it is not followed.",
        "dangling": "There is no run dangling here.",
        "loop": unescape(broken["loop"]),
        "torn": f"{copied}/torn/run.json cannot be read: Expecting value: line 1 column 13 (char 12)."
        " Evaluate into a new folder.",
        "odd": "odd/run.json: questions.count: Input should be a valid integer, unable to parse string as an integer."
        " Evaluate into a new folder.",
        "list": f"{copied}/list/run.json is no run's; evaluate into a new folder.",
        "index": "index/run.json: index: Input should be a dictionary or an instance of Searched."
        " Evaluate into a new folder.",
    }
    assert "Traceback" not in page.text
    for name in ("torn", "odd", "list", "index"):
        assert visitor(copied, index).get(f"/evaluation/{name}").status_code == 409


def test_the_folder_of_a_sweep_is_no_broken_run(copied: Path) -> None:
    before = [one.name for one in Runs(copied).summaries()]
    (copied / "sweep" / BASELINE).mkdir(parents=True)
    assert [one.name for one in Runs(copied).summaries()] == before


def test_a_run_that_was_stopped_says_how_far_it_came_and_shows_that(copied: Path, index: Index) -> None:
    facts = json.loads((copied / "first" / "run.json").read_text())
    (copied / "first" / "run.json").write_text(json.dumps({**facts, "finished": None, "metrics": None}))
    lines = (copied / "first" / "questions.jsonl").read_bytes().splitlines(keepends=True)
    (copied / "first" / "questions.jsonl").write_bytes(b"".join(lines[:2]) + lines[2][:50])
    visit = visitor(copied, index)
    assert "Not finished: 2 of 4 questions asked." in visit.get("/evaluation").text
    page = visit.get("/evaluation/first").text
    assert "Not finished: 2 of 4 questions asked." in page
    assert page.count("<li><span") == 2
    assert "not scored yet" in visit.get("/evaluation/first/report").text
    told = visit.get("/evaluation/compare", params={"a": "first", "b": SECOND})
    assert told.status_code == 409
    assert "was stopped before its end" in told.text


def test_a_run_whose_results_are_torn_is_told_of(copied: Path, index: Index) -> None:
    (copied / "first" / "questions.jsonl").write_text('{"question": {}}\n')
    answer = visitor(copied, index).get("/evaluation/first")
    assert answer.status_code == 409
    assert "questions.jsonl:1: question.id: Field required" in answer.text


# One run


def test_a_run_shows_its_failures_first(client: TestClient) -> None:
    page = client.get("/evaluation/first").text
    assert re.findall(r'<li><span class="outcome (good|bad)"', page) == ["bad", "bad", "good", "good"]
    assert "/evaluation/first/questions/q2%2Fash" in page
    assert "3 articles in" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("outcome=failures", ["q2%2Fash", "q4%22%3E%3Cb%3E"]),
        ("outcome=right", ["q1"]),
        ("tag=off-topic", ["q3"]),
        ("tag=follow-up", ["q2%2Fash", "q4%22%3E%3Cb%3E"]),
        ("pair=id-id", ["q1"]),
        ("words=MONA+lisa", ["q3"]),
        ("words=nobody", []),
        ("page=9999999", ["q2%2Fash", "q4%22%3E%3Cb%3E", "q1", "q3"]),
    ],
)
def test_the_questions_can_be_filtered(client: TestClient, query: str, expected: list[str]) -> None:
    page = client.get(f"/evaluation/first?{query}").text
    found = [link.rpartition("/")[2] for link in links(page) if "/questions/" in link]
    assert found == expected


def test_the_whole_report_is_made_anew_and_runs_its_own_script_only(client: TestClient, runs: Path) -> None:
    (runs / "first" / "report.html").write_text("<script>alert('planted')</script>")
    answer = client.get("/evaluation/first/report")
    assert "planted" not in answer.text
    assert 'id="q-q1"' in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert "frame-ancestors 'self'" in policy


# Two runs


def test_a_comparison_tells_what_was_changed_and_what_flipped(client: TestClient) -> None:
    page = client.get("/evaluation/compare", params={"a": "first", "b": SECOND}).text
    told = text(page)
    assert "settings.min_probability 0.12 1.0" in told
    assert "No longer right: 1 Kapan kereta cepat Whoosh diresmikan?" in told
    assert "Now right: 0 None." in told
    assert "right answered right, or declined where no article answers 0.500 0.250 -0.250" in told
    assert "/evaluation/first/questions/q1" in links(page)
    assert "/evaluation/again%20%3Cb%3Erun/questions/q1" in links(page)


def test_runs_without_a_common_question_are_told_of(copied: Path, index: Index) -> None:
    lines = [json.loads(line) for line in (copied / "first" / "questions.jsonl").read_text("utf-8").splitlines()]
    for line in lines:
        line["question"]["id"] += "-other"
    (copied / "first" / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    answer = visitor(copied, index).get("/evaluation/compare", params={"a": "first", "b": SECOND})
    assert answer.status_code == 409
    assert "have no question in common" in answer.text


def test_a_run_called_compare_can_be_opened(copied: Path, index: Index) -> None:
    (copied / "first").rename(copied / "compare")
    assert '<h1 dir="auto">compare</h1>' in visitor(copied, index).get("/evaluation/compare").text


# Asking again


def test_the_same_answer_is_called_the_same(client: TestClient) -> None:
    before = client.get("/evaluation/first/questions/q1").text
    assert "Ask this again" in before
    assert '<p class="verdict"' not in before
    page = client.post("/evaluation/first/questions/q1", headers=SAME_ORIGIN).text
    assert "Same answer : still right" in text(page)
    assert page.count('<p class="short" dir="auto">2 Oktober 2023</p>') == 2
    assert page.count("Kereta itu menghubungkan Jakarta dan Bandung.") == 2
    assert "is-other" not in page


def test_what_became_right_is_said_with_the_measures_that_changed(client: TestClient) -> None:
    page = client.post("/evaluation/again %3Cb%3Erun/questions/q1", headers=SAME_ORIGIN).text
    assert "Changed : was wrongly abstained, is now right" in text(page)
    changed = re.findall(r'<div class="is-other"><dt title="[^"]*">([^<]*)</dt><dd>([^<]*)</dd>', page)
    assert changed[:3] == [("right", "1.00"), ("em", "1.00"), ("f1", "1.00")]


def test_a_question_shows_its_turns_and_its_gold(client: TestClient) -> None:
    told = text(client.get("/evaluation/first/questions/q2%2Fash").text)
    assert "Asked before Which volcano erupted? Semeru" in told
    assert "Right answer a number that no article has Ash fell on eleven villages. Semeru erupts" in told
    assert "No article answers it" in text(client.get("/evaluation/first/questions/q3").text)


def test_an_article_that_is_gone_is_said_and_not_hidden(runs: Path, index: Index) -> None:
    def ask(_: object) -> Result:
        raise EvaluateError("The index lacks 1 of the 1 articles that the questions cite: whoosh.")

    app = FastAPI()
    app.include_router(evaluation_pages(Evaluation(Runs(runs), ask)))
    answer = TestClient(app).post("/evaluation/first/questions/q1", headers=SAME_ORIGIN)
    assert answer.status_code == 200
    assert "The index lacks 1 of the 1 articles" in answer.text
    assert "2 Oktober 2023" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
        {"sec-fetch-site": "none"},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "http://testserver.evil.example"},
    ],
)
def test_another_site_cannot_have_it_asked(runs: Path, headers: dict[str, str]) -> None:
    asked: list[object] = []
    app = FastAPI()
    app.include_router(evaluation_pages(Evaluation(Runs(runs), lambda question: asked.append(question) or None)))  # type: ignore[arg-type,return-value,func-returns-value]
    answer = TestClient(app).post("/evaluation/first/questions/q1", headers=headers)
    assert answer.status_code == 403
    assert "was not asked from a page of Tanya" in answer.text
    assert asked == []


def test_a_page_of_this_host_can_without_the_newer_header(client: TestClient) -> None:
    answer = client.post("/evaluation/first/questions/q1", headers={"origin": "http://testserver"})
    assert "Same answer" in answer.text


# What must not happen

PAGES = [
    "/evaluation",
    "/evaluation/first",
    "/evaluation/again%20%3Cb%3Erun",
    "/evaluation/compare?a=first&b=again%20%3Cb%3Erun",
    "/evaluation/first/questions/q4%22%3E%3Cb%3E",
    "/evaluation/first?words=%22%3E%3Cscript%3E&tag=%3Cscript%3E&outcome=%22onload%3D",
    "/evaluation/%3Cscript%3Ealert(1)",
    "/evaluation/first/questions/%3Cscript%3Ealert(1)",
]


@pytest.mark.parametrize(
    ("method", "path"),
    [*(("GET", path) for path in PAGES), *(("POST", path) for path in PAGES if "/questions/" in path)],
)
@pytest.mark.parametrize("lang", ["en", "id"])
def test_what_comes_from_others_is_only_text(client: TestClient, method: str, path: str, lang: str) -> None:
    joint = "&" if "?" in path else "?"
    answer = client.request(method, f"{path}{joint}lang={lang}", headers=SAME_ORIGIN)
    elements = Elements(answer.text).found
    assert {tag for tag, _ in elements}.isdisjoint({"script", "img", "iframe", "object", "base"})
    assert not any(name.startswith("on") or name == "style" for _, attributes in elements for name in attributes)
    addresses = [attributes[name] or "" for _, attributes in elements for name in ("src", "href", "action")
                 if name in attributes]  # fmt: skip
    assert all(address.startswith(("/", "#")) and not address.startswith("//") for address in addresses)
    # What runs from right to left stays within its own element.
    for before, _ in re.findall(r"<([^<>]*)>([^<>]*\u202e[^<>]*)<", answer.text):
        assert "dir=" in before or before.startswith(("bdi", "title", "option"))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'"
    )


def test_hostile_words_are_shown_as_they_are(client: TestClient) -> None:
    told = unescape(client.get("/evaluation/first/questions/q4%22%3E%3Cb%3E").text)
    assert f">{EVIL}</h1>" in told
    assert SET[3]["conversation"][0]["answer"] in told


@pytest.mark.parametrize(
    "name", ["%2e%2e", "%2e", "..%2f..%2fetc", "%2fetc", "..%5c..", "first%00", "a" * 300, "%ff", ".hidden%2f.."]
)
def test_no_name_leads_out_of_the_folder(client: TestClient, runs: Path, name: str) -> None:
    for path in (f"/evaluation/{name}", f"/evaluation/{name}/report", f"/evaluation/{name}/questions/q1"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert str(runs.parent) not in answer.text
    assert client.get(f"/evaluation/compare?a=first&b={name}").status_code == 404


@pytest.mark.parametrize("name", ["..", ".", "", "../runs/first", "/etc", "a\\b", "first\0", "\ud800", "first/."])
def test_the_folder_itself_refuses_such_names(runs: Path, name: str) -> None:
    folder = Runs(runs)
    assert folder.has("first")
    assert not folder.has(name)
    with pytest.raises(EvaluateError):
        folder.results(name)


def test_links_out_of_the_folder_are_not_followed(copied: Path, tmp_path: Path, index: Index) -> None:
    (copied / "first").rename(tmp_path / "outside")
    (copied / "whole").symlink_to(tmp_path / "outside")
    (copied / "part").mkdir()
    (copied / "part" / "run.json").write_bytes((tmp_path / "outside" / "run.json").read_bytes())
    (copied / "part" / "questions.jsonl").symlink_to(tmp_path / "outside" / "questions.jsonl")
    (copied / "beside").symlink_to(copied / SECOND)
    visit = visitor(copied, index)
    for name in ("whole", "part"):
        assert visit.get(f"/evaluation/{name}").status_code == 404
        assert visit.get(f"/evaluation/{name}/questions/q1").status_code == 404
    assert visit.get("/evaluation").text.count("it is not followed") == 2
    assert visit.get("/evaluation/beside").status_code == 200


# Languages, and where the pages stand


@pytest.mark.parametrize(
    ("query", "accepted", "words"),
    [
        ("", "id-ID,id;q=0.9,en;q=0.8", "Jawaban yang benar"),
        ("", "fr", "Right answer"),
        ("?lang=en", "id", "Right answer"),
        ("?lang=id", "en", "Jawaban yang benar"),
        ("?lang=xx", "id", "Jawaban yang benar"),
    ],
)
def test_the_pages_speak_both_languages(client: TestClient, query: str, accepted: str, words: str) -> None:
    answer = client.get(f"/evaluation/first/questions/q1{query}", headers={"accept-language": accepted})
    assert words in answer.text
    assert answer.headers["vary"].startswith("accept-language, cookie")
    lang = "id" if words.startswith("Jawaban") else "en"
    assert f'<html lang="{lang}">' in answer.text
    other = "en" if lang == "id" else "id"
    assert f"/evaluation/first/questions/q1?lang={other}" in links(answer.text)


def test_a_chosen_language_stays_chosen(client: TestClient) -> None:
    page = client.get("/evaluation/first?lang=id&outcome=right").text
    assert "/evaluation/first/questions/q1?lang=id" in links(page)
    assert "/evaluation/first?outcome=right&lang=en" in links(page)
    assert '<input type="hidden" name="lang" value="id">' in page
    assert "0,50" in page


def test_both_languages_name_the_same_outcomes_and_measures() -> None:
    assert ID.tells.keys() == EN.tells.keys()
    assert ID.figures.keys() == EN.figures.keys()
    assert ID.outcomes.keys() == EN.outcomes.keys() == set(Outcome)


def test_behind_a_proxy_every_address_has_its_path(runs: Path, index: Index) -> None:
    visit = visitor(runs, index, root_path="/ask")
    for path in PAGES[:5]:
        elements = Elements(visit.get(f"/ask{path}").text).found
        addresses = [attributes[name] or "" for _, attributes in elements for name in ("href", "action")
                     if name in attributes]  # fmt: skip
        assert addresses
        assert all(address.startswith("/ask/") for address in addresses)
        assert not any("/ask/ask/" in address for address in addresses)
    moved = visit.get("/ask/evaluation/compare?run=a&run=b", follow_redirects=False)
    assert moved.headers["location"] == "/ask/evaluation/compare?a=b&b=a"


def test_the_chat_page_links_to_it_only_where_it_is(client: TestClient) -> None:
    assert "Evaluasi" in client.get("/config").text
    plain = TestClient(create_app(FakeChain().runnable(), LIBRARY))
    assert "Evaluasi" not in plain.get("/config").text
    assert plain.get("/evaluation").status_code == 404


# Speed


def test_what_was_read_is_kept_until_it_changes(copied: Path) -> None:
    folder = Runs(copied)
    first = folder.results("first")
    assert folder.results("first") is first
    assert folder.compare("first", SECOND) is folder.compare("first", SECOND)
    results = copied / "first" / "questions.jsonl"
    last = results.read_bytes().splitlines(keepends=True)[-1]
    with results.open("ab") as file:
        file.write(last.replace(b'"id":' + json.dumps(first[-1].id).encode(), b'"id":"added"'))
    assert [result.id for result in folder.results("first")] == [*(result.id for result in first), "added"]
    (copied / "first").rename(copied / "elsewhere")
    assert not folder.has("first")


async def test_the_chat_goes_on_while_a_run_is_read(runs: Path) -> None:
    """However many wait for answers of their own, the event loop is free."""
    go, asked, loop_thread = threading.Event(), threading.Semaphore(0), threading.get_ident()

    def ask(_: object) -> Result:
        asked.release()
        assert threading.get_ident() != loop_thread
        assert go.wait(30)
        raise EvaluateError("asked")

    app = create_app(FakeChain().runnable(), LIBRARY, evaluation=Evaluation(Runs(runs), ask))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=SAME_ORIGIN) as visit:
        waiting = [asyncio.create_task(visit.post("/evaluation/first/questions/q1")) for _ in range(50)]
        while not asked.acquire(blocking=False):
            await asyncio.sleep(0)
        assert (await visit.get("/health/live")).json() == {"status": "ok"}
        assert (await visit.get("/articles/delivery")).status_code == 200
        go.set()
        assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {200}
