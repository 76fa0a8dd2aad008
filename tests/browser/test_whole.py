"""From article to answer, as a person meets it: `tanya index`, `tanya ask` and the page, all of it real."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit
from tests.conftest import ROOT

ARTICLES = ROOT / "corpus" / "articles"
CHOSEN = (
    "2022-07-13-rusia-myanmar-kerja-sama-militer",
    "2023-10-02-kereta-cepat-whoosh-diresmikan",
    "2022-11-22-gempa-cianjur",
    "2021-04-25-kri-nanggala-402-ditemukan",
)
SENTENCE = "Dari Rusia, Myanmar membeli jet tempur Sukhoi Su-30 dan sistem pertahanan udara Pantsir-S1."
QUESTIONS = [
    ("what weapons did Myanmar buy from Russia?", "According to"),
    ("Senjata apa yang dibeli Myanmar dari Rusia?", "Menurut"),
]


def tanya(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "assistant", *arguments]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("indexes") / "whole"
    paths = [str(ARTICLES / f"{name}.md") for name in CHOSEN]
    subprocess.run(tanya("index", *paths, "--index", str(place)), check=True, cwd=ROOT)
    return place


@contextmanager
def served(place: Path) -> Iterator[str]:
    """The address of `tanya serve` over this index."""
    command = tanya("serve", "--index", str(place), "--port", "0")
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
    assert process.stdout is not None
    found = next((match for line in process.stdout if (match := re.search(r"http://127\.0\.0\.1:\d+", line))), None)
    assert found, "the page did not tell its address"
    yield found[0]
    process.terminate()
    process.wait(30)
    process.stdout.close()


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    with served(place) as address:
        yield address


@pytest.mark.parametrize(("question", "lead"), QUESTIONS)
def test_the_command_line_names_both_weapons_and_quotes_the_sentence(place: Path, question: str, lead: str) -> None:
    printed = subprocess.check_output(tanya("ask", question, "--index", str(place)), text=True, cwd=ROOT)
    assert printed.startswith(lead)
    assert f"“{SENTENCE}” [1]" in printed


@pytest.mark.parametrize(("question", "lead"), QUESTIONS)
def test_the_page_shows_both_weapons_marked_in_the_passage(
    chromium: Browser, address: str, question: str, lead: str
) -> None:
    context = chromium.new_context()
    visit = Visit(context.new_page())
    visit.page.goto(address)
    visit.page.locator("#question textarea").wait_for()
    visit.ask(question)
    visit.answered()
    assert lead in visit.page.locator("#talk").inner_text()
    assert SENTENCE in visit.page.locator("#talk").inner_text()
    assert SENTENCE in " ".join(visit.page.locator("#evidence mark").first.inner_text().split())
    assert visit.hosts == {"127.0.0.1"}
    assert visit.complaints == []
    context.close()


def test_where_there_is_no_index_yet_the_page_says_how_to_make_one_and_takes_articles_in(
    chromium: Browser, tmp_path: Path
) -> None:
    context = chromium.new_context()
    visit = Visit(context.new_page())
    page = visit.page
    with served(tmp_path / "none") as address:
        page.goto(address)
        expect(page.get_by_text("There are no articles yet. Add some with tanya index FOLDER.")).to_be_visible()
        page.goto(f"{address}/corpus")
        page.set_input_files("input[type=file]", ARTICLES / f"{CHOSEN[0]}.md")
        page.get_by_role("button", name="Add them").click()
        expect(page.get_by_text("1 new")).to_be_visible()
        page.goto(address)
        page.locator("#question textarea").wait_for()
        visit.ask(QUESTIONS[0][0])
        visit.answered()
        assert SENTENCE in page.locator("#talk").inner_text()
        assert visit.complaints == []
        context.close()
