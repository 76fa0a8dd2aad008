"""The API over a chain without models: in the process for most tests, on a free port for real clients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.config import Settings
from assistant.history import History, history_url
from assistant.records import Filters, Hit, Question
from assistant.web.api.service import Service
from assistant.web.app import create_app
from assistant.web.memory import Memory
from tests.fakes import LIBRARY, FakeChain, answer_to

WEAPONS = "What weapons did Myanmar buy from Russia?"


@dataclass
class Api:
    """An application with its API, and what is behind it."""

    app: FastAPI
    chain: FakeChain
    service: Service


def api_over(memory: Memory | None = None) -> Api:
    """The application over a fake chain. Search finds what the chain would read."""
    chain = FakeChain()

    def search(text: str, limit: int, filters: Filters) -> tuple[Question, tuple[Hit, ...]]:
        answer = answer_to(text)
        return answer.question, answer.hits[:limit]

    service = Service(chain.runnable(), LIBRARY, search, memory)
    return Api(create_app(chain.runnable(), LIBRARY, memory, api=service), chain, service)


@pytest.fixture(scope="package")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    file = tmp_path_factory.mktemp("api") / "history.sqlite3"
    with History(history_url(Settings(history=str(file)))) as history:
        yield history


@pytest.fixture(scope="package")
def api(history: History) -> Api:
    return api_over(Memory(history, LIBRARY))


@pytest.fixture(scope="package")
def running(api: Api) -> Iterator[TestClient]:
    with TestClient(api.app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(running: TestClient) -> Iterator[TestClient]:
    """A program that nobody knows."""
    running.cookies.clear()
    yield running
    running.cookies.clear()


@pytest.fixture
def me(client: TestClient) -> TestClient:
    """A browser that has opened the page, and so has a name."""
    client.get("/")
    return client
