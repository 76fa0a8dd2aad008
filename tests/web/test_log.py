"""The server's log: a line for each request, and of questions nothing unless it is switched on."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.chain import build
from assistant.config import Settings
from assistant.people import People
from assistant.store import Index
from assistant.web.log import QuestionLog, set_up_log
from tests.test_people import QUICK
from tests.web.test_people import OWN, place, sign_in

QUESTION = "Kapan Whoosh diresmikan?"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    before = logging.getLogger().handlers, logging.getLogger().level, logging.getLogger("tanya").level
    monkeypatch.setattr("sys.stderr", stream)
    set_up_log()
    yield stream
    logging.getLogger().handlers, level, tanya = before
    logging.getLogger().setLevel(level)
    logging.getLogger("tanya").setLevel(tanya)


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_request_is_a_line_without_what_was_asked(log: io.StringIO, tmp_path: Path) -> None:
    with People(tmp_path / "p.sqlite3", hasher=QUICK) as people:
        people.add("ana", "ask", "correct horse battery")
        browser = place(people, tmp_path).browser("10.0.0.9")
        sign_in(browser)
        browser.get("/filters?words=secret+words")
        browser.post("/gradio_api/queue/join", json={"data": [QUESTION]}, headers=OWN)
        browser.get("/page/tanya.css")
    told = lines(log)
    assert [(line["method"], line["path"]) for line in told] == [
        ("POST", "/sign-in"), ("GET", "/filters"), ("POST", "/gradio_api/queue/join"),
    ]  # fmt: skip
    assert (told[1]["who"], told[1]["address"], told[1]["level"], told[1]["event"]) == (
        "ana",
        "10.0.0.9",
        "info",
        "request",
    )
    assert told[0]["status"] == 303
    for word in ("secret", QUESTION, "correct horse"):
        assert word not in log.getvalue()


def test_what_libraries_log_is_json_too(log: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").warning("it is %s", "odd")
    (line,) = lines(log)
    assert (line["event"], line["level"], line["logger"]) == ("it is odd", "warning", "uvicorn.error")


def test_questions_are_logged_only_where_that_is_switched_on(log: io.StringIO, index: Index) -> None:
    chain = build(Settings(index=index.folder), index)
    chain.invoke(QUESTION)
    assert QUESTION not in log.getvalue()
    told = chain.with_config(callbacks=[QuestionLog()])
    told.invoke(QUESTION)
    list(told.stream(QUESTION))
    assert [(line["event"], line["question"], line["lang"]) for line in lines(log)] == [
        ("question", QUESTION, "id")
    ] * 2
