"""What comes in: JSON, from nowhere else, not too large, not too slow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.web.api.gate import Gate
from assistant.web.api.metrics import Metrics

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
    assert told.status_code == 400
    assert "access-control-allow-origin" not in told.headers


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
