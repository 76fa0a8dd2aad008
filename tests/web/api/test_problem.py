"""What somebody hears when something went wrong, and what they do not."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from assistant.web.api.problem import KINDS
from tests.web.api.conftest import api_over

JSON = {"content-type": "application/json"}


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


def test_a_long_name_is_not_sent_back_whole(client: TestClient) -> None:
    told = client.post("/api/v1/ask", json={"question": "a", "x" * 100_000: 1})
    assert told.status_code == 422
    assert len(told.content) < 2_000


def test_behind_a_proxy_addresses_have_its_path() -> None:
    client = TestClient(api_over().app, root_path="/tanya")
    assert client.get("/tanya/api/v1/nothing").json()["type"] == "/tanya/api#problem-not-found"
    link = client.get("/tanya/api/v1/articles/delivery").json()["link"]
    assert link == "http://testserver/tanya/articles/delivery"
    assert client.get("/tanya/api/v1/openapi.json").json()["servers"] == [{"url": "/tanya/api/v1"}]
    assert 'href="/tanya/api/v1/openapi.json"' in client.get("/tanya/api").text
