"""What comes in, who may come in, how many at once, and what they hear otherwise."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import Depends, FastAPI
from langchain_core.runnables import RunnableLambda
from starlette.testclient import TestClient

from assistant.errors import IndexMissingError, ReaderError
from assistant.web.api.gate import Gate
from assistant.web.api.metrics import Metrics
from assistant.web.api.problem import KINDS, ProblemError, tell_problems
from assistant.web.api.rights import require
from assistant.web.api.work import Workers
from assistant.web.asker import Asker, Role, introduce
from tests.fakes import FakeLibrary
from tests.web.api.conftest import WEAPONS, api_over

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
@pytest.mark.parametrize("path", ["/api/v1/ask", "/v1/chat/completions", "/mcp"])
def test_what_another_site_can_send_unasked_is_refused(client: TestClient, path: str, content_type: str) -> None:
    told = client.post(path, content=b'{"question": "x"}', headers={"content-type": content_type})
    assert told.status_code == 415
    assert "access-control-allow-origin" not in told.headers


def test_no_other_origin_is_allowed(client: TestClient) -> None:
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    told = client.options("/api/v1/ask", headers=asked)
    assert told.status_code == 405
    assert not [name for name in told.headers if name.startswith("access-control")]


def test_a_large_body_is_refused_before_it_is_read(client: TestClient) -> None:
    sent = []

    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            sent.append(1)
            yield b" " * 100_000

    told = client.post("/api/v1/ask", content=pieces(), headers=JSON)
    assert told.status_code == 413
    assert told.json()["detail"] == "A request may have 1,000,000 bytes."


async def test_a_body_that_does_not_arrive_is_not_waited_for() -> None:
    sent: list[Any] = []

    async def never(*_: object) -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/ask", "headers": [(b"content-type", b"application/json")]}
    await Gate(never, Metrics(), seconds=0.01)(scope, never, send)
    assert sent[0]["status"] == 408


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("GET", "/api/v1/articles/none", 404, "not-found"),
        ("GET", "/api/v1/ask", 405, "wrong-method"),
        ("GET", "/api/v1/articles?limit=0", 422, "invalid"),
        ("GET", "/api/v1/articles?offset=99999999999999999999", 422, "invalid"),
        ("GET", f"/api/v1/articles/{'x' * 2_001}", 422, "invalid"),
    ],
)
def test_an_error_is_a_problem(client: TestClient, method: str, path: str, status: int, name: str) -> None:
    told = client.request(method, path)
    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert problem["type"] == f"/api#problem-{name}"
    assert problem["title"] == KINDS[name].title
    assert problem["status"] == status
    assert problem["detail"]


@pytest.mark.parametrize(("question", "status"), [("break", 503), ("crash", 500)])
def test_an_error_of_the_chain_leaves_no_trace(client: TestClient, question: str, status: int) -> None:
    told = client.post("/api/v1/ask", json={"question": question})
    assert told.status_code == status
    assert "secret" not in told.text
    assert "Traceback" not in told.text


def test_half_a_character_is_refused_civilly(client: TestClient) -> None:
    told = client.post("/api/v1/ask", content=b'{"question": "\\ud800", "\\ud801": 1}', headers=JSON)
    assert told.status_code == 422


# Rights


@pytest.mark.parametrize(
    ("asker", "role", "status"),
    [
        (None, "ask", 200),
        (None, "curate", 401),
        (Asker("somebody", "ask"), "curate", 403),
        (Asker(name="key of the portal"), "admin", 403),
        (Asker("somebody", "curate"), "curate", 200),
        (Asker("somebody", "admin"), "curate", 200),
    ],
)
def test_a_missing_right_is_told(asker: Asker | None, role: Role, status: int) -> None:
    app = FastAPI()
    tell_problems(app)

    @app.get("/", dependencies=[Depends(require(role))])
    def page() -> str:
        return "in"

    async def introduced(scope: Any, receive: Any, send: Any) -> None:
        if asker:
            introduce(scope, asker)
        await app(scope, receive, send)

    told = TestClient(introduced).get("/")
    assert told.status_code == status
    if status != 200:
        assert told.headers["content-type"] == "application/problem+json"
        assert role in told.json()["detail"]
    assert ("www-authenticate" in told.headers) == (status == 401)


# Threads


async def test_who_finds_no_place_is_told_to_come_back() -> None:
    workers = Workers("test", at_once=1, waiting=1, seconds=30)
    begun, go = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        go.wait(30)
        return "done"

    first = asyncio.create_task(workers.run(work))
    await asyncio.to_thread(begun.wait, 30)
    second = asyncio.create_task(workers.run(work))
    while workers.taken < 2:
        await asyncio.sleep(0)
    with pytest.raises(ProblemError) as refused:
        await workers.run(work)
    with pytest.raises(ProblemError):
        workers.stream(lambda: ["piece"])
    assert refused.value.status_code == 429
    assert refused.value.headers == {"retry-after": "2"}
    go.set()
    assert [await first, await second] == ["done", "done"]
    assert await workers.run(lambda: 7) == 7
    workers.close()


async def test_a_place_is_taken_until_the_work_is_over() -> None:
    workers = Workers("test", at_once=1, waiting=0, seconds=0.01)
    go = threading.Event()
    with pytest.raises(ProblemError) as late:
        await workers.run(lambda: go.wait(30))
    assert late.value.status_code == 504
    assert workers.taken == 1
    go.set()
    while workers.taken:
        await asyncio.sleep(0)
    workers.close()


async def test_pieces_arrive_while_the_work_goes_on() -> None:
    workers = Workers("test", at_once=1, waiting=0, seconds=30)
    go = threading.Event()

    def pieces() -> Iterator[int]:
        yield 1
        assert go.wait(30)
        yield 2

    stream = workers.stream(pieces)
    assert await anext(stream) == 1
    go.set()
    assert [piece async for piece in stream] == [2]
    workers.close()


async def test_work_whose_asker_has_gone_stops_at_its_next_piece() -> None:
    workers = Workers("test", at_once=1, waiting=0, seconds=30)
    go, made = threading.Event(), list[int]()

    def pieces() -> Iterator[int]:
        for number in range(1_000):
            made.append(number)
            yield number
            assert go.wait(30)

    stream = workers.stream(pieces)
    assert await anext(stream) == 0
    await stream.aclose()  # type: ignore[attr-defined]
    go.set()
    while workers.taken:
        await asyncio.sleep(0)
    assert len(made) < 5
    workers.close()


def test_the_loop_goes_on_while_a_question_is_answered() -> None:
    """Whether the server lives is answered while every thread for questions is busy; one more question is refused."""
    api = api_over()
    api.service.questions = Workers("test", at_once=1, waiting=0, seconds=60)
    with TestClient(api.app) as client:
        api.chain.hold()
        asking = threading.Thread(target=client.post, args=("/api/v1/ask",), kwargs={"json": {"question": WEAPONS}})
        asking.start()
        while not api.chain.asked:
            asking.join(0.01)
        assert client.get("/api/v1/health/live").status_code == 200
        assert client.get("/api/v1/articles").status_code == 200
        refused = client.post("/api/v1/ask", json={"question": WEAPONS})
        api.chain.go.set()
        asking.join(30)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "2"
    assert refused.json()["type"] == "/api#problem-queue-full"


# Health


def test_ready_says_why_not() -> None:
    class Gone(FakeLibrary):
        @property
        def article_count(self) -> int:
            raise IndexMissingError("There is no index in indexes/x. Make one with: tanya index PATH")

    loading, gone = api_over(), api_over()
    gone.service.library = Gone()
    loading.service.loading = "The models are loading."
    client = TestClient(loading.app)
    told = client.get("/api/v1/health/ready")
    assert (told.status_code, told.json()["detail"]) == (503, "The models are loading.")
    assert client.get("/api/v1/health/live").status_code == 200
    loading.service.warm_up()
    assert client.get("/api/v1/health/ready").json() == {"status": "ok"}
    told = TestClient(gone.app).get("/api/v1/health/ready")
    assert told.status_code == 503
    assert "There is no index" in told.json()["detail"]


def test_models_that_cannot_be_loaded_are_never_ready() -> None:
    def broken(_: object) -> Any:
        raise ReaderError("The bundled reader cannot be loaded. Install Tanya anew.")

    api = api_over()
    api.service.chain = RunnableLambda(broken)
    api.service.warm_up()
    assert api.service.why_not_ready() == "The bundled reader cannot be loaded. Install Tanya anew."


def test_figures_for_prometheus() -> None:
    from prometheus_client.parser import text_string_to_metric_families

    client = TestClient(api_over().app, raise_server_exceptions=False)
    client.post("/api/v1/ask", json={"question": WEAPONS})
    client.post("/api/v1/ask", json={"question": "crash"})
    client.get("/api/v1/articles/arms%2F2022-07-13")
    text = client.get("/api/v1/metrics").text
    figures = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert figures[("tanya_requests_total", "/api/v1/ask", "200", "POST")] == 1
    assert figures[("tanya_requests_total", "/api/v1/ask", "500", "POST")] == 1
    assert figures[("tanya_requests_total", "/api/v1/articles/{article_id}", "200", "GET")] == 1
    assert figures[("tanya_questions_total", "api", "yes")] == 1
    assert figures[("tanya_errors_total", "broken")] == 1
    assert figures[("tanya_request_seconds_count", "/api/v1/ask")] == 2
    assert figures[("tanya_articles",)] == 4
    assert "Myanmar" not in text
