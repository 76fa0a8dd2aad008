"""A right that is missing ends a request, with words that say what is missing."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import Depends, FastAPI
from starlette.testclient import TestClient

from assistant.web.api.problem import tell_problems
from assistant.web.api.rights import require
from assistant.web.asker import Asker, Role, introduce


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
