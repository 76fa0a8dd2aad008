"""Kept conversations on a real SQLite file and a real PostgreSQL: what comes back, whose it is, what is gone."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from assistant.config import Settings
from assistant.errors import ConfigError, HistoryError
from assistant.history import (
    DAY_SECONDS,
    TITLE_CHARS,
    Feedback,
    History,
    KeptTurn,
    folded,
    history_url,
    open_history,
    title_of,
)
from tests.conftest import ROOT
from tests.fakes import answer_to
from tests.postgres import new_database, server

WEAPONS = "what weapons did Myanmar buy from Russia?"
RICE = "what is the price of rice?"
VERSIONS = {"tanya": "0.1.0", "embedder": "e1", "index": "i1"}


def turn(question: str = WEAPONS) -> KeptTurn:
    return KeptTurn(question, "en", answer_to(question).as_dict(), articles=4, seconds=0.5, versions=VERSIONS)


def opened(file: Path, history: str = "", **more: int) -> History:
    found = open_history(Settings(history=history or str(file), **more))  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "history.sqlite3"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def history(request: pytest.FixtureRequest, file: Path) -> Iterator[History]:
    database = new_database(request.getfixturevalue("postgres")) if request.param == "postgres" else ""
    with opened(file, database) as history:
        yield history


def titles(history: History, owner: str = "me", words: str = "") -> list[str]:
    return [one.title for one in history.conversations(owner, words)]


TABLES = ("conversations", "turns", "feedback", "shares")


def stored(history: History) -> tuple[int, ...]:
    """How many conversations, turns, judgements and shared answers the database holds."""
    with history._engine.connect() as connection:
        counts = (connection.scalar(text(f"SELECT count(*) FROM {t}")) for t in TABLES)
        return tuple(int(count or 0) for count in counts)


def rows(file: Path, table: str) -> int:
    with sqlite3.connect(file) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return int(count)


def test_a_turn_comes_back_whole_after_a_restart(file: Path) -> None:
    with opened(file) as history:
        conversation, first = history.append("me", turn())
        assert history.append("me", turn(RICE), conversation) == (conversation, first + 1)
        history.rate("me", first, Feedback("down", "other", "no"))
    with opened(file) as history:
        assert history.turns("me", conversation) == [
            replace(turn(), id=first, feedback=Feedback("down", "other", "no")),
            replace(turn(RICE), id=first + 1),
        ]
        assert titles(history) == [WEAPONS]


def test_the_last_one_touched_is_listed_first(history: History) -> None:
    first, _ = history.append("me", turn())
    history.append("me", turn(RICE))
    assert titles(history) == [RICE, WEAPONS]
    history.append("me", turn("and now?"), first)
    assert titles(history) == [WEAPONS, RICE]


def test_one_owner_reaches_nothing_of_another(history: History) -> None:
    conversation, number = history.append("me", turn())
    history.rate("me", number, Feedback("up"))
    assert history.conversations("you") == []
    assert history.conversations("you", "weapons") == []
    assert history.turns("you", conversation) == []
    assert not history.rename("you", conversation, "mine now")
    assert not history.delete("you", conversation)
    assert history.rate("you", number, None) is None
    assert history.rate("you", number, Feedback("down")) is None
    assert history.delete_all("you") == 0
    elsewhere, _ = history.append("you", turn(RICE), conversation)
    assert elsewhere != conversation
    assert history.turns("me", conversation) == [replace(turn(), id=number, feedback=Feedback("up"))]
    assert titles(history) == [WEAPONS]


def test_a_turn_of_a_conversation_that_was_deleted_begins_another(history: History) -> None:
    conversation, _ = history.append("me", turn())
    history.delete("me", conversation)
    again, _ = history.append("me", turn(RICE), conversation)
    assert again != conversation
    assert titles(history) == [RICE]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [RICE, WEAPONS]),
        ("WEAPONS", [WEAPONS]),
        ("russia weap", [WEAPONS]),
        ("sukhoi pantsir", [WEAPONS]),  # said by the answer alone
        ("nothing", [RICE]),
        ("rice weapons", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'; DROP TABLE turns; --", []),
        ("x" * 100_000, []),
    ],
)
def test_search_finds_what_has_every_word(history: History, words: str, found: list[str]) -> None:
    history.append("me", turn())
    history.append("me", turn(RICE))
    assert titles(history, words=words) == found


LETTERS = st.text(st.sampled_from("aAbBßÄä %_\\'\0ıİ"), max_size=8)


@settings(max_examples=60, deadline=None)
@given(questions=st.lists(LETTERS, min_size=1, max_size=3), words=LETTERS)
def test_search_is_the_same_as_reading_everything(
    tmp_path_factory: pytest.TempPathFactory, questions: list[str], words: str
) -> None:
    with opened(tmp_path_factory.mktemp("search") / "history.sqlite3") as history:
        for question in questions:
            history.append("me", KeptTurn(question, "en", {"answer": question[::-1]}))
        kept = [(question, f"{folded(question)} {folded(question[::-1])}") for question in reversed(questions)]
        expected = [title_of(question) for question, said in kept if all(w in said for w in folded(words).split())]
        assert titles(history, words=words) == expected


def test_a_new_title_is_found_and_the_old_one_only_where_it_was_asked(history: History) -> None:
    conversation, _ = history.append("me", turn(RICE))
    assert history.rename("me", conversation, "  Food \n prices ")
    assert titles(history, words="FOOD") == ["Food prices"]
    assert titles(history, words="rice") == ["Food prices"]
    assert history.rename("me", conversation, " \n")
    assert titles(history) == ["Food prices"]
    assert not history.rename("me", "no-such-conversation", "x")


def test_a_long_question_makes_a_short_title() -> None:
    assert title_of("one " * 100) == "one " * 19 + "one…"
    assert title_of("unbreakable" * 20) == ("unbreakable" * 20)[:TITLE_CHARS] + "…"


def test_what_databases_do_not_take_is_replaced(history: History) -> None:
    conversation, number = history.append("me", KeptTurn("a\0b\ud83d", "en", {"answer": "\0\ud83d"}))
    history.rate("me", number, Feedback("down", "other", "c\0d\ud83d"))
    (kept,) = history.turns("me", conversation)
    assert kept.question == "ab?"
    assert kept.answer == {"answer": "\0\ud83d"}
    assert kept.feedback == Feedback("down", "other", "cd?")


def test_deleting_one_leaves_the_others_and_nothing_of_itself(history: History) -> None:
    conversation, number = history.append("me", turn())
    history.append("me", turn(RICE))
    history.rate("me", number, Feedback("down", "other", "a secret remark"))
    assert history.delete("me", conversation)
    assert titles(history) == [RICE]
    assert stored(history) == (1, 1, 0, 0)
    assert not history.delete("me", conversation)


def test_deleting_my_data_leaves_nothing_of_me_in_the_files(file: Path) -> None:
    with opened(file) as history:
        _, number = history.append("me", turn())
        history.append("me", turn(RICE))
        history.append("you", turn("a question of mine"))
        history.rate("me", number, Feedback("down", "other", "a secret remark"))
    with opened(file) as history:  # what was in the log is in the file now
        assert b"a secret remark" in file.read_bytes()
        assert history.delete_all("me") == 2
        assert titles(history) == []
        assert titles(history, "you") == ["a question of mine"]
        assert (rows(file, "turns"), rows(file, "feedback")) == (1, 0)
        for part in file.parent.iterdir():
            assert b"a secret remark" not in part.read_bytes()
            assert b"weapons" not in part.read_bytes()


def test_a_turn_takes_the_place_of_another_with_all_that_hung_on_it(history: History, file: Path) -> None:
    conversation, first = history.append("me", turn())
    _, old = history.append("me", turn(RICE), conversation)
    history.rate("me", old, Feedback("up"))
    link, _ = history.share("me", old)
    same, new = history.append("me", turn("and of corn?"), conversation, instead=old)
    assert same == conversation
    assert [(one.id, one.question) for one in history.turns("me", conversation)] == [
        (first, WEAPONS),
        (new, "and of corn?"),
    ]
    assert history.shared(link) is None
    assert stored(history)[2:] == (0, 0)
    assert titles(history) == [WEAPONS]
    for part in file.parent.glob("*"):  # PostgreSQL clears away later
        assert b"price of rice" not in part.read_bytes(), f"{part.name} still holds it"


def test_a_title_made_from_the_question_changes_with_it_and_a_chosen_one_stays(history: History) -> None:
    conversation, first = history.append("me", turn())
    _, second = history.append("me", turn(RICE), conversation, instead=first)
    assert titles(history) == [RICE]
    assert titles(history, words="rice") == [RICE]
    history.rename("me", conversation, "Food")
    history.append("me", turn(), conversation, instead=second)
    assert titles(history) == ["Food"]


def test_nobody_replaces_a_turn_of_another_conversation(history: History) -> None:
    mine, first = history.append("me", turn())
    yours, _ = history.append("you", turn(RICE), instead=first)
    other, _ = history.append("me", turn(RICE), instead=first)
    assert len({mine, yours, other}) == 3
    assert [one.id for one in history.turns("me", mine)] == [first]


def test_a_link_leads_to_one_answer_and_ends_with_its_conversation(history: History) -> None:
    conversation, first = history.append("me", turn())
    history.append("me", turn(RICE), conversation)
    history.rate("me", first, Feedback("down", "other", "private"))
    link, lang = history.share("me", first)
    assert lang == "en"
    assert re.fullmatch(r"[\w-]{22}", link)
    assert history.share("me", first) == (link, "en"), "asked again it is the same"
    assert history.shared(link) == replace(turn(), id=first), "and says nothing of what its asker thought"
    history.delete("me", conversation)
    assert history.shared(link) is None
    assert stored(history)[3] == 0


def test_only_the_owner_makes_a_link(history: History) -> None:
    _, first = history.append("me", turn())
    assert history.share("you", first) == history.share("", first) == history.share("me", first + 1) == ("", "")
    assert history.shared("") is None
    assert history.shared(str(first)) is None


def test_a_file_made_before_there_were_links_gets_their_table(file: Path) -> None:
    with opened(file) as history:
        conversation, first = history.append("me", turn())
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE shares")
    connection.close()
    with opened(file) as history:
        link, _ = history.share("me", first)
        assert history.shared(link) is not None
        assert len(history.turns("me", conversation)) == 1


def test_a_judgement_can_be_changed_and_taken_back(history: History) -> None:
    _, number = history.append("me", turn())
    for judged in (Feedback("up"), Feedback("down"), Feedback("down", "wrong-source", "old"), None):
        rated = history.rate("me", number, judged)
        assert rated is not None
        assert rated.feedback == judged
        assert [one.feedback for one in history.all_feedback()] == ([judged] if judged else [])


def test_feedback_comes_with_its_answer_its_versions_and_the_turns_before(file: Path) -> None:
    clock = iter(range(1_000, 2_000))
    with History(history_url(Settings(history=str(file))), now=lambda: next(clock)) as history:
        conversation, first = history.append("me", turn())
        _, second = history.append("me", turn(RICE), conversation)
        _, other = history.append("you", turn())
        history.rate("you", other, Feedback("up"))
        history.rate("me", second, Feedback("down", "should-have-answered"))
        early, late = history.all_feedback()
    assert (early.turn.id, early.feedback, early.before) == (other, Feedback("up"), ())
    assert late.turn == replace(turn(RICE), id=second, feedback=Feedback("down", "should-have-answered"))
    assert late.before == (replace(turn(), id=first),)
    assert late.turn.versions == VERSIONS
    assert late.turn.answer["passages"][0]["score"] == 1.0
    assert early.given < late.given


def test_what_nobody_has_touched_for_so_many_days_is_deleted(file: Path) -> None:
    now = [0.0]
    url = history_url(Settings(history=str(file)))
    with History(url, keep_days=2, now=lambda: now[0]) as history:
        old, number = history.append("me", turn())
        history.rate("me", number, Feedback("up"))
        history.append("me", turn(RICE))
        now[0] = DAY_SECONDS
        history.append("me", turn("still here?"), old)
        now[0] = 2 * DAY_SECONDS + 1
        history.append("you", turn())  # anybody's question makes room
        assert titles(history) == [WEAPONS]
        now[0] = 3 * DAY_SECONDS + 1
    with History(url, keep_days=0, now=lambda: now[0]) as history:
        assert titles(history) == [WEAPONS]
    with History(url, keep_days=2, now=lambda: now[0]) as history:
        assert titles(history) == []
        assert history.all_feedback() == []


def test_switched_off_nothing_is_written(tmp_path: Path) -> None:
    assert open_history(Settings(history="off", index=tmp_path / "i")) is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_there_is_not_made_for_a_look(tmp_path: Path) -> None:
    assert open_history(Settings(index=tmp_path / "i"), create=False) is None
    assert list(tmp_path.iterdir()) == []


def test_each_index_has_its_own_file_beside_it(tmp_path: Path) -> None:
    opened(tmp_path, "on", index=tmp_path / "news").close()  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir()] == ["news.history.sqlite3"]


@pytest.mark.parametrize(
    ("given", "means"),
    [
        ("/var/tanya.db", "sqlite:////var/tanya.db"),
        ("sqlite:////var/tanya.db", "sqlite:////var/tanya.db"),
        ("postgresql://u:p@db/tanya", "postgresql+psycopg://u:p@db/tanya"),
        ("postgres://db/tanya", "postgresql+psycopg://db/tanya"),
        ("postgresql+psycopg://db/tanya", "postgresql+psycopg://db/tanya"),
    ],
)
def test_a_path_or_an_address_names_the_database(given: str, means: str) -> None:
    assert history_url(Settings(history=given)).render_as_string(hide_password=False) == means


def test_a_missing_driver_is_an_error_that_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match="scripts/install postgres"):
        open_history(Settings(history="postgresql://user:secret@db.example/tanya"))


@pytest.mark.parametrize("address", ["nonsense://db/tanya", "postgresql://u:secret@db:port/tanya"])
def test_a_wrong_address_is_an_error_that_keeps_the_password(address: str) -> None:
    with pytest.raises(ConfigError, match="TANYA_HISTORY") as raised:
        open_history(Settings(history=address))
    assert "secret" not in str(raised.value)


def test_another_schema_is_an_error_and_stays_untouched(file: Path) -> None:
    opened(file).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE history_schema SET version = 99")
    connection.close()
    with pytest.raises(HistoryError, match="schema 99, this version of Tanya writes 1"):
        opened(file)
    assert rows(file, "history_schema") == 1


def test_a_file_that_is_no_database_is_an_error_that_names_it(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("these are notes of somebody, and no database at all\n" * 100)
    with pytest.raises(HistoryError, match=r"history\.sqlite3 cannot be used.*not a database"):
        opened(file)
    assert file.read_text().startswith("these are notes")


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(HistoryError, match="cannot be made"):
        opened(tmp_path / "taken" / "history.sqlite3")


def test_many_threads_keep_every_turn(history: History) -> None:
    def ask(owner: str) -> None:
        conversation = ""
        for count in range(10):
            conversation, number = history.append(owner, turn(f"question {count}"), conversation)
            history.rate(owner, number, Feedback("up"))

    threads = [threading.Thread(target=ask, args=(f"owner {count}",)) for count in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for count in range(8):
        (conversation,) = history.conversations(f"owner {count}")
        kept = history.turns(f"owner {count}", conversation.id)
        assert [one.question for one in kept] == [f"question {n}" for n in range(10)]
        assert {one.feedback for one in kept} == {Feedback("up")}


KEEP_FOR_EVER = """
import sys
from tests.test_history import opened, turn
from pathlib import Path
history, conversation, count = opened(Path(sys.argv[1])), "", 0
while True:
    conversation, _ = history.append("me", turn(f"question {count}"), conversation)
    print(conversation, count, flush=True)
    count += 1
"""


def test_a_kill_loses_at_most_the_turn_in_flight(file: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KEEP_FOR_EVER, file], cwd=ROOT, text=True, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        said = [child.stdout.readline().split() for _ in range(20)]
        child.kill()
        said += [line.split() for line in child.stdout if line.endswith("\n")]
    with opened(file) as history:
        kept = history.turns("me", said[0][0])
        assert len(kept) - len(said) in (0, 1)
        assert [one.question for one in kept] == [f"question {count}" for count in range(len(kept))]
        history.append("me", turn(RICE))
        assert titles(history) == [RICE, "question 0"]
