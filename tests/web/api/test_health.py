"""Alive, ready, and what is counted."""

from __future__ import annotations

from typing import Any

from langchain_core.runnables import RunnableLambda
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from assistant.errors import IndexMissingError, ReaderError
from tests.fakes import FakeLibrary
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
