"""People, keys and sessions in their file: what is kept, who comes in, and what the commands say."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.config import Settings
from assistant.errors import PeopleError
from assistant.history import KeptTurn, open_history
from assistant.people import (
    MOST_FAILURES,
    MOST_OF_ADDRESS,
    WINDOW_SECONDS,
    People,
    Person,
    TooOftenError,
    hashed,
    name_of,
    role_by_group,
)
from tests.fakes import answer_to
from tests.test_cli import run

PASSWORD = "correct horse battery"
# Argon2 with parameters that take no time.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    """The time, which goes on when told to."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(tmp_path: Path, clock: Clock) -> Iterator[People]:
    with People(tmp_path / "people.sqlite3", clock, QUICK) as opened:
        yield opened


def everything_in(people: People) -> str:
    with sqlite3.connect(people.file) as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    return dump


def test_a_person_signs_in_with_their_password_and_no_other(people: People) -> None:
    people.add("Ana", "curate", PASSWORD)
    found = people.sign_in(" ANA ", PASSWORD)
    assert found is not None
    assert (found.name, found.role) == ("ana", "curate")
    assert people.sign_in("ana", "correct horse batter") is None
    assert people.sign_in("ana", "") is None
    assert people.sign_in("budi", PASSWORD) is None


def test_passwords_keys_and_tokens_are_kept_as_hashes(people: People) -> None:
    people.add("ana", "ask", PASSWORD)
    person = people.sign_in("ana", PASSWORD)
    assert person is not None
    secrets = [PASSWORD, people.add_key("bot", "ask"), people.begin_session(person, 60), people.begin_flow({"a": 1})]
    kept = everything_in(people)
    assert "$argon2id$v=19$" in kept
    assert [secret for secret in secrets if secret in kept] == []
    assert stat.S_IMODE(people.file.stat().st_mode) == 0o600


@pytest.mark.parametrize("sent", ["caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301"])
def test_a_password_is_the_same_from_every_keyboard(people: People, sent: str) -> None:
    people.add("ana", "ask", "caf\u00e9 caf\u00e9")
    assert people.sign_in("ana", sent) is not None


@pytest.mark.parametrize("password", ["", "1234567", "x" * 1_001])
def test_a_password_that_is_too_short_or_long_is_not_taken(people: People, password: str) -> None:
    with pytest.raises(PeopleError, match="8 to 1000 characters"):
        people.add("ana", "ask", password)
    assert people.all() == []


@pytest.mark.parametrize("name", ["", "a\x07b", "<b>", "x" * 65, "a/b", "\u202eana"])
def test_a_name_that_would_deceive_is_not_taken(people: People, name: str) -> None:
    with pytest.raises(PeopleError, match="is no name"):
        people.add(name, "ask", PASSWORD)


@given(st.text())
def test_whatever_is_typed_is_a_name_or_an_error(text: str) -> None:
    try:
        name = name_of(text)
    except PeopleError:
        return
    assert name_of(name) == name
    assert 1 <= len(name) <= 64


@pytest.fixture(scope="module")
def ana_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    clock = Clock()

    def later() -> float:
        clock.now += WINDOW_SECONDS
        return clock.now

    with People(tmp_path_factory.mktemp("p") / "p.sqlite3", later, QUICK) as people:
        people.add("ana", "ask", PASSWORD)
        yield people


@settings(deadline=None, max_examples=30)
@given(st.text() | st.just("ana"), st.text())
def test_whatever_is_sent_signs_nobody_in(ana_alone: People, name: str, password: str) -> None:
    assert ana_alone.sign_in(name, password) is None


def test_a_name_is_taken_once_in_any_case(people: People) -> None:
    people.add("ana", "ask", PASSWORD)
    with pytest.raises(PeopleError, match="is here already"):
        people.add("ANA", "admin", PASSWORD)
    assert [person.role for person in people.all()] == ["ask"]


class Counting(PasswordHasher):
    """Writes down the parameters of each hash that a password was held against: that is what takes the time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.tried: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.tried.append(str(hash).split("$")[3])
        return super().verify(hash, password)


def test_an_unknown_name_takes_as_much_work_as_a_known_one(tmp_path: Path) -> None:
    hasher = Counting()
    with People(tmp_path / "people.sqlite3", hasher=hasher) as people:
        people.add("ana", "ask", PASSWORD)
        assert people.sign_in("ana", "wrong wrong") is None
        assert people.sign_in("nobody", "wrong wrong") is None
    assert hasher.tried == ["m=8,t=1,p=1"] * 2


def test_by_default_passwords_are_hashed_as_rfc_9106_advises(tmp_path: Path) -> None:
    with People(tmp_path / "people.sqlite3") as people:
        people.add("ana", "ask", PASSWORD)
        assert "$argon2id$v=19$m=65536,t=3,p=4$" in everything_in(people)


def test_a_hash_with_old_parameters_is_made_anew_at_the_next_sign_in(people: People, tmp_path: Path) -> None:
    people.add("ana", "ask", PASSWORD)
    with People(people.file, hasher=PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)) as later:
        assert later.sign_in("ana", PASSWORD) is not None
        assert "$m=8,t=2,p=1$" in everything_in(later)
        assert later.sign_in("ana", PASSWORD) is not None


def test_who_guesses_has_to_wait_and_the_right_password_does_not_help(people: People, clock: Clock) -> None:
    people.add("ana", "ask", PASSWORD)
    for _ in range(MOST_FAILURES):
        assert people.sign_in("ana", "wrong wrong", "10.0.0.9") is None
        clock.now += 1
    with pytest.raises(TooOftenError) as waiting:
        people.sign_in("ana", PASSWORD, "10.0.0.9")
    assert waiting.value.seconds == WINDOW_SECONDS - MOST_FAILURES
    assert people.sign_in("ana", PASSWORD, "10.0.0.8") is not None  # she is not locked out by a stranger
    clock.now += WINDOW_SECONDS
    assert people.sign_in("ana", PASSWORD, "10.0.0.9") is not None


def test_one_address_cannot_try_one_password_with_many_names(people: People) -> None:
    for number in range(MOST_OF_ADDRESS):
        assert people.sign_in(f"name{number}", PASSWORD, "10.0.0.9") is None
    with pytest.raises(TooOftenError):
        people.sign_in("another", PASSWORD, "10.0.0.9")


def test_many_guesses_at_once_do_not_slip_through(people: People) -> None:

    def guess(_: int) -> str:
        try:
            return str(people.sign_in("ana", "wrong wrong", "10.0.0.9"))
        except TooOftenError:
            return "wait"

    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(guess, range(40)))
    assert said.count("None") == MOST_FAILURES
    assert said.count("wait") == 40 - MOST_FAILURES


def test_signing_in_forgets_ones_own_slips(people: People) -> None:
    people.add("ana", "ask", PASSWORD)
    for _ in range(3):
        for _ in range(MOST_FAILURES - 1):
            assert people.sign_in("ana", "wrong wrong", "10.0.0.9") is None
        assert people.sign_in("ana", PASSWORD, "10.0.0.9") is not None


def test_many_people_of_one_address_may_sign_in(people: People, clock: Clock) -> None:
    people.add("ana", "ask", PASSWORD)
    for _ in range(2 * MOST_OF_ADDRESS):
        clock.now += 0.5
        assert people.sign_in("ana", PASSWORD, "10.0.0.9") is not None


def test_a_session_lasts_until_its_end_or_until_it_is_ended(people: People, clock: Clock) -> None:
    people.add("ana", "curate", PASSWORD)
    person = people.sign_in("ana", PASSWORD)
    assert person is not None
    first, second = people.begin_session(person, 100), people.begin_session(person, 100)
    assert first != second
    found = people.session(first)
    assert found is not None
    assert (found.name, found.role, found.owner) == ("ana", "curate", person.owner)
    assert people.end_session(first)
    assert people.session(first) is None
    assert people.session(second) is not None
    clock.now += 100
    assert people.session(second) is None


def test_who_is_removed_or_changed_is_out_at_once(people: People) -> None:
    for change in (
        lambda: people.change("ana", password="another password"),
        lambda: people.change("ana", role="ask"),
        lambda: people.remove("ana"),
    ):
        if not people.all():
            people.add("ana", "admin", PASSWORD)
        token = people.begin_session(people.all()[0], 100)
        assert people.session(token) is not None
        change()
        assert people.session(token) is None


def test_whoever_gets_a_name_later_does_not_get_what_was_kept_under_it(people: People) -> None:
    people.add("ana", "ask", PASSWORD)
    before = people.remove("ana").owner
    people.add("ana", "ask", PASSWORD)
    assert people.all()[0].owner != before


def test_somebody_of_a_provider_keeps_role_and_groups_in_the_session(people: People) -> None:
    token = people.begin_session(Person("Budi", "curate", "owner", ("desk",)), 100, "https://id.example")
    assert people.session(token, "https://id.example") == Person("Budi", "curate", "owner", ("desk",))
    assert people.name_in(token) == ""


def test_a_new_password_ends_the_sessions_and_needs_the_old_one(people: People) -> None:
    people.add("ana", "ask", PASSWORD)
    session = people.begin_session(people.all()[0], 100)
    assert people.renew("ana", "wrong wrong", "another horse") is None
    assert people.session(session) is not None
    with pytest.raises(PeopleError, match="A password has 8 to 1000 characters, this one has 5"):
        people.renew("ana", PASSWORD, "short")
    renewed = people.renew("ana", PASSWORD, "another horse")
    assert renewed is not None
    assert people.session(session) is None
    assert people.sign_in("ana", PASSWORD) is None
    assert people.sign_in("ana", "another horse") is not None


def test_a_password_given_by_somebody_else_at_that_moment_stays(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.add("ana", "ask", PASSWORD)
    verified = people._verified

    def and_then(*arguments: str) -> object:
        found = verified(*arguments)
        people.change("ana", password="what the admin gave")
        return found

    monkeypatch.setattr(people, "_verified", and_then)
    assert people.renew("ana", PASSWORD, "another horse") is None
    monkeypatch.undo()
    assert people.sign_in("ana", "what the admin gave") is not None


def test_a_session_has_the_role_of_today(people: People) -> None:
    people.add("ana", "admin", PASSWORD)
    before = people.all()[0]
    people.change("ana", role="ask")
    found = people.session(people.begin_session(before, 100))  # begun by whoever had read the role before
    assert found is not None
    assert found.role == "ask"


def test_with_another_provider_the_sessions_of_the_one_before_have_ended(people: People) -> None:
    people.add("ana", "ask", PASSWORD)
    theirs = people.begin_session(Person("Budi", "admin", "owner"), 100, "https://id.example")
    ours = people.begin_session(people.all()[0], 100)
    for provider in ("https://else.example", ""):
        assert people.session(theirs, provider) is None
        assert people.session(ours, provider) is not None
    assert people.name_in(ours) == "ana"


def test_a_file_of_the_version_before_keeps_its_people_and_ends_its_sessions(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "people.sqlite3"
    with People(file, clock, QUICK) as people:
        people.add("ana", "admin", PASSWORD)
        key = people.add_key("reports", "ask")
    old = sqlite3.connect(file)
    old.executescript(
        "DROP TABLE sessions; UPDATE people_schema SET version = 1;"
        "CREATE TABLE sessions (token VARCHAR PRIMARY KEY, person VARCHAR, owner VARCHAR NOT NULL,"
        " role VARCHAR NOT NULL, name VARCHAR NOT NULL, groups JSON NOT NULL, until FLOAT NOT NULL);"
        f"INSERT INTO sessions VALUES ('{hashed('kept')}', 'ana', 'x', 'admin', 'ana', '[]', {clock.now + 100})"
    )
    old.close()
    for _ in range(2):
        with People(file, clock, QUICK) as people:
            assert people.session("kept") is None
            ana = people.sign_in("ana", PASSWORD)
            assert ana is not None
            assert people.session(people.begin_session(ana, 100)) == replace(ana, created=0)
            assert people.key(key) is not None


def test_a_file_of_a_later_version_is_refused(people: People) -> None:
    with sqlite3.connect(people.file) as connection:
        connection.execute("UPDATE people_schema SET version = 9")
    connection.close()
    with pytest.raises(PeopleError, match="schema 9, this version of Tanya writes 2"):
        People(people.file)


def test_a_flow_comes_back_once_and_not_too_late(people: People, clock: Clock) -> None:
    token = people.begin_flow({"next": "/"})
    assert people.end_flow(token) == {"next": "/"}
    assert people.end_flow(token) == {}
    late = people.begin_flow({"next": "/"})
    clock.now += 601
    assert people.end_flow(late) == {}
    assert people.end_flow("") == {}


def test_flows_that_strangers_begin_make_room_for_each_other(
    people: People, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.people.MOST_FLOWS", 3)
    begun = []
    for number in range(5):
        clock.now += 1
        begun.append(people.begin_flow({"next": str(number)}))
    assert [people.end_flow(token) for token in begun] == [{}, {}, {"next": "2"}, {"next": "3"}, {"next": "4"}]


def test_a_key_is_good_until_it_is_revoked(people: People) -> None:
    token = people.add_key("Reports", "curate")
    assert token.startswith("tanya_")
    assert len(token) == 6 + 43
    found = people.key(token)
    assert found is not None
    assert (found.name, found.role) == ("reports", "curate")
    assert people.key(token[:-1]) is None
    assert people.key("tanya_") is None
    with pytest.raises(PeopleError, match="There is a key reports already"):
        people.add_key("reports", "ask")
    people.revoke_key("reports")
    assert people.key(token) is None
    with pytest.raises(PeopleError, match="tanya keys list"):
        people.revoke_key("reports")


@pytest.mark.parametrize(
    ("groups", "role"),
    [(["it"], "admin"), (["desk", "it"], "admin"), (["desk"], "curate"), (["news"], "ask"), ([], None)],
)
def test_the_highest_group_counts(groups: list[str], role: str | None) -> None:
    assert role_by_group(groups, ["it"], ["desk"], ["news"]) == role


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("this is no database, and is long enough to be seen as none")
    with pytest.raises(PeopleError, match="file cannot be used: file is not a database"):
        People(tmp_path / "file")
    with pytest.raises(PeopleError, match="TANYA_PEOPLE"):
        People(tmp_path / "file" / "below")


# The commands


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


def audited(index: Path) -> list[dict[str, str]]:
    lines = index.with_name(f"{index.name}.audit.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_people_are_added_listed_changed_and_removed(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "news"
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\nanother password\n"))
    code, out, _ = run(capfd, "people", "add", "Ana", "--role", "admin", "-i", index)
    assert (code, out.splitlines()[0]) == (0, "Ana may sign in, with the role admin.")
    assert run(capfd, "people", "list", "-i", index)[1] == "admin   ana\n1 person.\n"
    assert run(capfd, "people", "password", "ana", "-i", index)[0] == 0
    assert run(capfd, "people", "role", "ana", "curate", "-i", index)[0] == 0
    with People(tmp_path / "news.people.sqlite3") as people:
        assert people.sign_in("ana", PASSWORD) is None
        found = people.sign_in("ana", "another password")
        assert found is not None
        assert found.role == "curate"
        with open_history(Settings(index=index)) as history:  # type: ignore[union-attr]
            history.append(found.owner, KeptTurn("why?", "en", answer_to("why?").as_dict()))
    assert run(capfd, "people", "remove", "ana", "-i", index)[1] == "ana is removed, with 1 conversation.\n"
    assert run(capfd, "people", "list", "-i", index, "--json")[1] == "[]\n"
    events = [line["event"] for line in audited(index)]
    assert events == ["person-added", "password-changed", "role-changed", "person-removed"]
    assert all(line["who"].startswith("command line: ") for line in audited(index))


@pytest.mark.usefixtures("typed")
def test_a_role_that_is_none_adds_nobody(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, complaint = run(capfd, "people", "add", "ana", "--role", "king", "-i", tmp_path / "news")
    assert code == 1
    assert "There are: ask, curate, admin." in complaint
    assert run(capfd, "people", "list", "-i", tmp_path / "news")[1] == "0 people.\n"


def test_a_key_is_shown_once_and_alone_on_standard_output(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    index = tmp_path / "news"
    code, token, told = run(capfd, "keys", "add", "Reports", "--role", "curate", "-i", index)
    assert code == 0
    assert "cannot be shown again" in told
    with People(tmp_path / "news.people.sqlite3") as people:
        assert people.key(token.strip()) is not None
    listed = run(capfd, "keys", "list", "-i", index)[1]
    assert listed == "curate  reports\n1 key.\n"
    assert run(capfd, "keys", "revoke", "reports", "-i", index)[0] == 0
    assert run(capfd, "keys", "list", "-i", index)[1] == "0 keys.\n"
    assert [line["event"] for line in audited(index)] == ["key-added", "key-revoked"]
    assert token.strip() not in index.with_name("news.audit.jsonl").read_text()
