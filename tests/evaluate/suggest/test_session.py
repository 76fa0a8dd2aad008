from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console

from assistant.chain import build
from assistant.config import Settings
from assistant.evaluate.check import check
from assistant.evaluate.questions import Quote, TestQuestion, read_questions
from assistant.evaluate.suggest.decisions import Decisions
from assistant.evaluate.suggest.roundtrip import suggest
from assistant.evaluate.suggest.session import Session, Talk
from assistant.store import Index
from tests.evaluate.conftest import ASH, WHOOSH

WHEN = TestQuestion(
    "q1", "Kapan kereta cepat Whoosh diresmikan?", "id", ("2 Oktober 2023",), ("whoosh",),
    (Quote("whoosh", WHOOSH),), tags=("when", "id-id", "suggested"),
)  # fmt: skip
WHO = TestQuestion(
    "q2", "Who painted the Mona Lisa?", "en", ("eleven",), ("volcano",), (Quote("volcano", ASH),), tags=("who",)
)
OPEN = TestQuestion("q3", "How many villages did ash fall on?", "en", answerable=False, tags=("feedback",))


class Editor:
    """Presses these keys and types these lines; keeps what was shown."""

    def __init__(self, index: Index, path: Path, keys: str, *lines: str) -> None:
        self.offered: list[str] = []
        self._keys, self._lines = iter(keys), iter(lines)
        self._screen = io.StringIO()
        console = Console(file=self._screen, width=200, highlight=False, emoji=False)
        chain = build(Settings(index=index.folder), index)
        talk = Talk(lambda: next(self._keys), self._type)
        self.session = Session(console, talk, Decisions(path), partial(suggest, chain), index.article)

    def _type(self, asked: str, text: str) -> str:
        self.offered.append(text)
        return next(self._lines)

    @property
    def screen(self) -> str:
        return self._screen.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "set.jsonl"


def test_accept_writes_the_question_and_refuse_remembers_it(index: Index, path: Path) -> None:
    editor = Editor(index, path, "xar")
    editor.session.run([WHEN, WHO], 20)
    assert (editor.session.tally.accepted, editor.session.tally.refused) == (1, 1)
    (accepted,) = read_questions(path)
    assert (accepted.question, accepted.tags) == (WHEN.question, ("when", "id-id", "suggested", "read"))
    assert check([accepted], index.article) == []
    assert "read: answers “2 Oktober 2023”\n" in editor.screen
    assert "Kereta cepat Whoosh diresmikan pada 2 Oktober 2023." in editor.screen
    assert "missed: finds nothing" in editor.screen
    again = Editor(index, path, "")
    again.session.run([WHEN, WHO], 20)
    assert again.screen == "There is no question that was not decided before.\n"


def test_an_edited_question_is_asked_again_and_its_original_not_proposed_again(index: Index, path: Path) -> None:
    editor = Editor(index, path, "ea", "Kapan  Whoosh diresmikan?")
    editor.session.run([WHEN], 20)
    assert editor.offered == [WHEN.question]
    assert [(one.id, one.question) for one in read_questions(path)] == [("q1", "Kapan Whoosh diresmikan?")]
    assert editor.screen.count("read: answers") == 2
    assert Decisions(path).knows(WHEN)


def test_skip_and_quit_decide_nothing_and_count_limits(index: Index, path: Path) -> None:
    editor = Editor(index, path, "sq")
    editor.session.run([WHEN, WHO, OPEN], 20)
    assert (editor.session.tally.skipped, path.exists()) == (1, False)
    assert OPEN.question not in editor.screen
    limited = Editor(index, path, "s")
    limited.session.run([WHEN, WHO], 1)
    assert limited.session.tally.skipped == 1


def test_an_open_question_gets_its_answer_from_a_passage(index: Index, path: Path) -> None:
    chain = build(Settings(index=index.folder), index)
    texts = [hit.passage.text for hit in chain.invoke(OPEN.question).hits]
    place = next(number for number, text in enumerate(texts, start=1) if ASH in text)
    sentences = [f"{sentence.rstrip('.')}." for sentence in texts[place - 1].split(". ")]
    editor = Editor(index, path, "pa", "99", str(place), str(sentences.index(ASH) + 1), "twelve", "eleven")
    editor.session.run([OPEN], 20)
    assert "These words are not in the sentence." in editor.screen
    (accepted,) = read_questions(path)
    assert accepted.answers == ("eleven",)
    assert accepted.quotes == (Quote("volcano", ASH),)
    assert accepted.answerable
    assert accepted.tags[:2] == ("feedback", "en-en")
    assert check([accepted], index.article) == []
    assert editor.offered[-2].startswith("eleven")  # what Tanya read stands there already


def test_an_open_question_may_have_no_answer_and_picking_can_be_given_up(index: Index, path: Path) -> None:
    editor = Editor(index, path, "apn", "")
    editor.session.run([OPEN], 20)
    (accepted,) = read_questions(path)
    assert (accepted.answerable, accepted.answers, accepted.tags) == (False, (), ("feedback",))


def test_text_of_a_question_is_shown_as_it_is(index: Index, path: Path) -> None:
    hostile = TestQuestion("q", "[red]Which[/] [link=x]jets?", "en", ("[/]",), ("gone",), (Quote("gone", "a [/] b"),))
    editor = Editor(index, path, "s")
    editor.session.run([hostile], 20)
    assert "[red]Which[/] [link=x]jets?" in editor.screen
    assert "“a [/] b”" in editor.screen
    assert "not in the index" in editor.screen
