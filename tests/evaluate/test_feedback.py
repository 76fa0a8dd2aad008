"""From thumbs on the page to a file of test questions, and `tanya feedback`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Settings
from assistant.evaluate.feedback import as_json_lines
from assistant.history import Feedback, History, KeptTurn, history_url
from assistant.records import Answer, Article, Citation, Passage, Question, Span, Statement
from assistant.store import Index
from tests.evaluate.formats.helpers import written
from tests.test_cli import run

VILLAGES = "How many villages did ash fall on?"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TANYA_HISTORY", str(tmp_path / "history.sqlite3"))
    return tmp_path / "history.sqlite3"


@pytest.fixture
def history(file: Path) -> Iterator[History]:
    with History(history_url(Settings())) as history:
        yield history


@pytest.fixture
def volcano(articles: list[Article]) -> Article:
    return articles[1]


def kept(article: Article, question: str = VILLAGES) -> KeptTurn:
    """A turn that quotes the sentence with the eleven villages."""
    passage = Passage(article, 0, len(article.text))
    begin, sentence = article.text.index("eleven"), "Ash fell on eleven villages."
    start = article.text.index(sentence)
    citation = Citation(1, start, start + len(sentence), (Span(passage, begin, begin + len("eleven"), 0.9),))
    answer = Answer(Question(question, "en"), (Statement("According to it:", (1,)),), (citation,), probability=0.9)
    return KeptTurn(question, "en", answer.as_dict())


def declined(question: str) -> KeptTurn:
    return KeptTurn(question, "en", Answer(Question(question, "en"), (Statement("I find nothing."),)).as_dict())


def exported(history: History, index: Index) -> list[dict[str, Any]]:
    return [json.loads(line) for line in as_json_lines(history.all_feedback(), index.article)]


def test_a_good_answer_becomes_a_question_with_its_gold(history: History, index: Index, volcano: Article) -> None:
    _, turn = history.append("me", kept(volcano))
    history.rate("me", turn, Feedback("up"))
    assert exported(history, index) == [
        {
            "id": f"feedback-{turn}",
            "question": VILLAGES,
            "lang": "en",
            "answers": ["eleven"],
            "quotes": [{"article": "volcano", "quote": "Ash fell on eleven villages."}],
            "answerable": True,
            "tags": ["feedback"],
            "conversation": [],
        }
    ]


def test_a_bad_answer_becomes_a_candidate_with_the_turns_before_it(
    history: History, index: Index, volcano: Article
) -> None:
    conversation, _ = history.append("me", kept(volcano))
    history.append("me", declined("Who won the cup?"), conversation)
    _, turn = history.append("me", kept(volcano, "And towns?"), conversation)
    history.rate("me", turn, Feedback("down", "should-have-declined", "towns, not villages"))
    assert exported(history, index) == [
        {
            "id": f"feedback-{turn}",
            "question": "And towns?",
            "lang": "en",
            "answerable": None,
            "tags": ["feedback", "should-have-declined"],
            "conversation": [
                {"question": VILLAGES, "answer": "eleven"},
                {"question": "Who won the cup?", "answer": "I find nothing."},
            ],
        }
    ]


def test_declining_that_was_right_is_gold_too(history: History, index: Index) -> None:
    _, turn = history.append("me", declined("Who won the cup?"))
    history.rate("me", turn, Feedback("up"))
    (facts,) = exported(history, index)
    assert facts["answerable"] is False
    assert "answers" not in facts


def test_what_its_article_says_no_more_is_no_gold(history: History, index: Index, volcano: Article) -> None:
    changed = Article("volcano", volcano.text.replace("Ash", "Hot ash"), lang="en")
    gone = Article("gone", volcano.text, lang="en")
    for article in (Article("volcano", changed.text.replace("Hot ash fell", "Ash fell")), gone):
        _, turn = history.append("me", kept(article, f"{VILLAGES} {article.id}"))
        history.rate("me", turn, Feedback("up"))
    found = list(as_json_lines(history.all_feedback(), {"volcano": changed}.get))
    assert [json.loads(line)["answerable"] for line in found] == [None, None]


def test_of_a_question_that_was_judged_twice_the_last_judgement_counts(
    history: History, index: Index, volcano: Article
) -> None:
    _, first = history.append("me", kept(volcano))
    _, second = history.append("you", kept(volcano, VILLAGES.upper()))
    history.rate("you", second, Feedback("down", "other"))
    history.rate("me", first, Feedback("up"))
    assert [facts["id"] for facts in exported(history, index)] == [f"feedback-{first}"]


def test_the_export_passes_the_check(
    capfd: pytest.CaptureFixture[str], history: History, index: Index, volcano: Article, tmp_path: Path
) -> None:
    conversation, good = history.append("me", kept(volcano))
    _, bad = history.append("me", declined("Who won the cup?"), conversation)
    _, right = history.append("me", declined("Who won the other cup?"), conversation)
    for turn, judged in ((good, Feedback("up")), (bad, Feedback("down")), (right, Feedback("up"))):
        history.rate("me", turn, judged)
    target = tmp_path / "from-readers.jsonl"
    code, out, _ = run(capfd, "feedback", "export", target, "--index", index.folder)
    assert (code, out.splitlines()[0]) == (0, "3 questions written. Look at them with:")
    code, out, _ = run(capfd, "questions", "check", target, "--index", index.folder)
    assert code == 0
    assert out.splitlines() == [
        f"warning {target}:2: answerable: is null: the question is left out until it is true, with `quotes`, or false",
        "2 questions, 1 with an answer: 0 errors, 1 warning.",
    ]


def test_feedback_is_listed(capfd: pytest.CaptureFixture[str], history: History, volcano: Article) -> None:
    _, turn = history.append("me", kept(volcano, "[red]Q[/]"))
    history.rate("me", turn, Feedback("down", "wrong-source", "[bold]old[/]"))
    code, out, _ = run(capfd, "feedback", "list")
    assert code == 0
    for words in ("bad", "[red]Q[/]", "eleven", "wrong-source", "[bold]old[/]"):
        assert words in out
    assert out.endswith("1 answer judged: 0 good, 1 bad.\n")
    (shown,) = json.loads(run(capfd, "feedback", "list", "--json")[1])
    assert (shown["turn"], shown["verdict"], shown["comment"]) == (turn, "down", "[bold]old[/]")
    assert shown["answer"]["short"] == "eleven"


def test_without_feedback_there_is_none_and_no_file(
    capfd: pytest.CaptureFixture[str], file: Path, index: Index, tmp_path: Path
) -> None:
    assert run(capfd, "feedback", "list")[:2] == (0, "0 answers judged: 0 good, 0 bad.\n")
    code, out, _ = run(capfd, "feedback", "export", tmp_path / "x.jsonl", "-i", index.folder)
    assert (code, out) == (0, "Nobody has judged an answer yet; nothing was written.\n")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_done_is_said(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, index: Index
) -> None:
    code, _, err = run(capfd, "feedback", "export", written(tmp_path / "x.txt", ""), "-i", index.folder)
    assert (code, "ends in .jsonl" in err) == (1, True)
    monkeypatch.setenv("TANYA_HISTORY", "off")
    code, _, err = run(capfd, "feedback", "list")
    assert (code, "TANYA_HISTORY is off" in err) == (1, True)
