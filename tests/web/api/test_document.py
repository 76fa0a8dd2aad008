"""The OpenAPI document: valid, complete, true (schemathesis asks whatever it allows), and readable at /api."""

from __future__ import annotations

from typing import Any

import openapi_spec_validator
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from starlette.testclient import TestClient

from assistant.web.api import bodies
from assistant.web.api.mount import api_app
from assistant.web.api.problem import KINDS
from assistant.web.asker import Asker, introduce
from tests.web.api.conftest import Api


@pytest.fixture(scope="module")
def document(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = TestClient(api.app).get("/api/v1/openapi.json").json()
    return found


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(document)


def test_everything_is_described(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description"), (method, path)
            for parameter in operation.get("parameters", []):
                assert parameter.get("description"), (path, parameter["name"])
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description"), name


def test_every_refusal_is_documented_as_a_problem(document: dict[str, Any]) -> None:
    responses = document["paths"]["/ask"]["post"]["responses"]
    assert {"401", "404", "413", "415", "422", "429", "500", "503", "504"} <= responses.keys()
    for status, response in responses.items():
        if status != "200":
            assert list(response["content"]) == ["application/problem+json"], status


def test_examples_are_what_they_are_examples_of() -> None:
    for body in (bodies.AskRequest, bodies.SearchRequest, bodies.NewTitle, bodies.Opinion):
        given = {name: field.examples[0] for name, field in body.model_fields.items() if field.examples}
        assert body.model_validate(given)


@pytest.mark.parametrize(("lang", "words"), [("en", "Two other doors"), ("id", "Dua pintu lain")])
def test_the_page_shows_the_document(api: Api, document: dict[str, Any], lang: str, words: str) -> None:
    response = TestClient(api.app).get(f"/api?lang={lang}")
    page = response.text
    assert response.status_code == 200
    assert words in page
    for path in document["paths"]:
        assert f"<code>/api/v1{path}</code>" in page
    for name in KINDS:
        assert f'id="problem-{name}"' in page
    for name in document["components"]["schemas"]:
        assert f'id="body-{name}"' in page
    assert "<script" not in page
    assert "script-src" not in response.headers["content-security-policy"]
    assert [part for part in page.split('href="')[1:] if part.startswith(("http:", "https:", "//"))] == []
    assert page.count('src="') == 0


def test_the_page_speaks_the_browsers_language(api: Api) -> None:
    page = TestClient(api.app).get("/api", headers={"accept-language": "id"}).text
    assert '<html lang="id">' in page


# Schemathesis


@pytest.fixture(scope="module")
def schema(api: Api) -> Any:
    """The API alone, for somebody it knows: through the whole application each call would cost more."""
    app = api_app(api.service)

    async def known(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            introduce(scope, Asker("schemathesis", "admin"))
        await app(scope, receive, send)

    return schemathesis.openapi.from_asgi("/openapi.json", known)


OPERATIONS = [
    ("/ask", "post"),
    ("/search", "post"),
    ("/articles", "get"),
    ("/articles/{article_id}", "get"),
    ("/conversations", "get"),
    ("/conversations/{conversation}", "get"),
    ("/conversations/{conversation}", "patch"),
    ("/conversations/{conversation}", "delete"),
    ("/feedback/{turn}", "put"),
    ("/health/live", "get"),
    ("/health/ready", "get"),
    ("/metrics", "get"),
]


def test_every_operation_is_tried(document: dict[str, Any]) -> None:
    assert [(path, method) for path, methods in document["paths"].items() for method in methods] == OPERATIONS


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        pytest.param(path, method, mode, id=f"{method} {path} {mode.value}")
        for path, method in OPERATIONS
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        if mode is GenerationMode.POSITIVE or not path.startswith(("/health", "/metrics"))  # they take nothing
    ],
)
def test_nothing_that_anybody_sends_breaks_it(schema: Any, path: str, method: str, mode: GenerationMode) -> None:
    """No 5xx; what is answered has the status, the media type and the form that the document says."""

    @settings(max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        answer = case.call()
        if answer.status_code != 413:  # too large is told before anybody looks whether it is wrong, too
            case.validate_response(answer)

    holds()
