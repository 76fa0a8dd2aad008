"""Threads: so many at once, so many waiting, and the event loop goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.web.api.problem import ProblemError
from assistant.web.api.work import Workers
from tests.web.api.conftest import WEAPONS, api_over


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


async def test_a_server_that_stops_says_so() -> None:
    workers = Workers("test", at_once=1, waiting=0, seconds=30)
    workers.close()
    for _ in range(2):
        with pytest.raises(ProblemError, match="stopping"):
            await workers.run(lambda: 1)
    assert workers.taken == 0


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
