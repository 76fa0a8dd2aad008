"""Alive, ready, and what is counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableLambda
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from assistant.config import Settings
from assistant.errors import IndexMissingError, ReaderError
from assistant.people import ROLES, People
from assistant.web.access import access_of
from assistant.web.app import create_app
from tests.fakes import LIBRARY, FakeLibrary
from tests.web.api.conftest import WEAPONS, api_over


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


def test_whoever_is_not_known_is_not_told_which_files_there_are(tmp_path: Path) -> None:
    api = api_over()
    api.service.loading = "/srv/news/reader cannot be read."
    with People(tmp_path / "people.sqlite3") as people:
        people.add("ana", "ask", "correct horse battery")
        keys = {role: people.add_key(role, role) for role in ROLES}
        app = create_app(api.chain.runnable(), LIBRARY, api=api.service, access=access_of(Settings(), people))
        client = TestClient(app, "http://localhost")
        assert client.get("/api/v1/health/ready").json()["detail"] == "The server's log says why."
        told = {
            role: (client.get("/api/v1/health/ready", headers=key), client.get("/api/v1/metrics", headers=key))
            for role, token in keys.items()
            for key in [{"authorization": f"Bearer {token}"}]
        }
    assert {ready.json()["detail"] for ready, _ in told.values()} == {"/srv/news/reader cannot be read."}
    assert {role: metrics.status_code for role, (_, metrics) in told.items()} == {
        "ask": 403,
        "curate": 200,
        "admin": 200,
    }


def test_models_that_cannot_be_loaded_are_never_ready() -> None:
    def broken(_: object) -> Any:
        raise ReaderError("The bundled reader cannot be loaded. Install Tanya anew.")

    api = api_over()
    api.service.chain = RunnableLambda(broken)
    api.service.warm_up()
    assert api.service.why_not_ready() == "The bundled reader cannot be loaded. Install Tanya anew."


def test_figures_for_prometheus() -> None:
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
