"""`tanya sites`: what an operator types and sees."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.sites import Sites
from tests.test_sites import signed


def tanya(folder: Path, *arguments: str, code: int = 0) -> str:
    """What `tanya sites` prints over an index of this folder."""
    command = [sys.executable, "-m", "assistant", "sites", *arguments, "--index", str(folder / "news")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == code, ran.stderr
    return ran.stdout + ran.stderr


def secret_in(said: str) -> str:
    return said.split()[-1]


def test_a_site_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    said = tanya(tmp_path, "add", "hr-portal", "--origin", "https://portal.example", "--per-minute", "5", "--anonymous")
    secret = secret_in(said)
    file = tmp_path / "news.sites.sqlite3"
    with Sites(file) as sites:
        token = signed(secret)
        assert sites.verify(token, "hr-portal").subject == "dewi"
        assert "hr-portal: https://portal.example, anonymous\n1 site." in tanya(tmp_path, "list")
        shown = tanya(tmp_path, "show", "hr-portal")
        assert "5 of a person a minute, 500 of a person a day" in shown
        facts = json.loads(tanya(tmp_path, "show", "hr-portal", "--json"))
        assert (facts["origins"], facts["anonymous"]) == (["https://portal.example"], True)
        assert secret not in shown + str(facts)
        renewed = secret_in(tanya(tmp_path, "rotate", "hr-portal"))
        assert sites.verify(signed(renewed), "hr-portal").subject == "dewi"
        tanya(tmp_path, "revoke", "hr-portal")
        assert "revoked" in tanya(tmp_path, "list")
        tanya(tmp_path, "remove", "hr-portal")
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
def test_a_mistake_is_explained(tmp_path: Path, arguments: list[str], words: str) -> None:
    assert words in tanya(tmp_path, *arguments, code=1)
