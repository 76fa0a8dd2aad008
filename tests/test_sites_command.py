"""`tanya sites`: what an operator types and sees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import pytest

from assistant.sites import Sites
from tests.test_cli import run
from tests.test_sites import signed


class Tanya(Protocol):
    def __call__(self, *arguments: str, code: int = 0) -> str: ...


@pytest.fixture
def tanya(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Tanya:
    """Runs `tanya sites …` over an index of this folder; what it prints."""

    def ran(*arguments: str, code: int = 0) -> str:
        ended, out, err = run(capfd, "sites", *arguments, "--index", tmp_path / "news")
        assert ended == code, err
        return out + err

    return ran


def secret_in(said: str) -> str:
    return said.split()[-1]


def test_a_site_from_its_beginning_to_its_end(tanya: Tanya, tmp_path: Path) -> None:
    said = tanya("add", "hr-portal", "--origin", "https://portal.example", "--per-minute", "5", "--anonymous")
    secret = secret_in(said)
    file = tmp_path / "news.sites.sqlite3"
    with Sites(file) as sites:
        token = signed(secret)
        assert sites.verify(token, "hr-portal").subject == "dewi"
        assert "hr-portal: https://portal.example, anonymous\n1 site." in tanya("list")
        shown = tanya("show", "hr-portal")
        assert "5 of a person a minute, 500 of a person a day" in shown
        facts = json.loads(tanya("show", "hr-portal", "--json"))
        assert (facts["origins"], facts["anonymous"]) == (["https://portal.example"], True)
        assert secret not in shown + str(facts)
        renewed = secret_in(tanya("rotate", "hr-portal"))
        assert sites.verify(signed(renewed), "hr-portal").subject == "dewi"
        tanya("revoke", "hr-portal")
        assert "revoked" in tanya("list")
        tanya("remove", "hr-portal")
        assert sites.all() == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "hr", "--origin", "*"], "is no origin"),
        (["add", "HR", "--origin", "https://a.example"], "cannot name a site"),
        (["show", "none"], "There is no site 'none'"),
        (["revoke", "none"], "tanya sites list"),
    ],
)
def test_a_mistake_is_explained(tanya: Tanya, arguments: list[str], words: str) -> None:
    assert words in tanya(*arguments, code=1)
