"""The language of everything around an answer: chosen by the visitor, else by the browser."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from assistant.web.app import create_app
from assistant.web.shell import reframed
from assistant.web.spoken import spoken
from tests.fakes import LIBRARY, FakeChain


def request(query: str = "", **headers: str) -> Request:
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    renamed = [(name.replace(b"_", b"-"), value) for name, value in sent]
    return Request({"type": "http", "query_string": query.encode(), "headers": renamed})


@pytest.mark.parametrize(
    ("asked", "lang"),
    [
        (request(), "en"),
        (request(accept_language="id-ID,id;q=0.9"), "id"),
        (request(accept_language="id", cookie="tanya_language=en"), "en"),
        (request(cookie="tanya_language=id"), "id"),
        (request("language=id", cookie="tanya_language=en"), "id"),
        (request("language=fr", accept_language="id"), "id"),
        (request(cookie="tanya_language=<script>"), "en"),
    ],
)
def test_a_choice_counts_more_than_the_browser(asked: Request, lang: str) -> None:
    assert spoken(asked) == lang


def test_the_document_says_which_language_it_is_in() -> None:
    assert reframed('<!doctype html><html lang="en"><head></head></html>', "n", "id").startswith(
        '<!doctype html><html lang="id" data-speaks="id"><head>'
    )
    with TestClient(create_app(FakeChain().runnable(), LIBRARY)) as client:
        assert '<html lang="id"' in client.get("/", headers={"accept-language": "id"}).text
        assert '<html lang="en"' in client.get("/").text
        assert "Dari semua artikel" in client.get("/filters", headers={"accept-language": "id"}).text
