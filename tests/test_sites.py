"""Sites: what an operator does with them, which tokens hold, and how much may be asked."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SiteError
from assistant.sites import LEEWAY_SECONDS, TOKEN_SECONDS, Bearer, Refusal, Site, Sites, origin_of

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "portal"
HR = Site("hr-portal", ("https://portal.example",))
START = 1_700_000_060.0  # twenty seconds after a minute has begun


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[Sites]:
    with Sites(tmp_path / "deep" / "sites.sqlite3") as opened:
        yield opened


def signed(secret: str, algorithm: str = "HS256", **changed: Any) -> str:
    """A good token but for what is changed; None takes a claim away."""
    now = int(time.time())
    claims = {"sub": "dewi", "aud": "hr-portal", "iat": now, "exp": now + 600, **changed}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, secret, algorithm)


def reason(sites: Sites, token: str, site: str = "hr-portal") -> str:
    with pytest.raises(Refusal) as refused:
        sites.verify(token, site)
    return refused.value.reason


# What an operator does


def test_a_site_is_kept_with_its_origins_and_limits(sites: Sites) -> None:
    secret = sites.add(Site("hr-portal", ("https://Portal.Example:443/", "http://10.0.0.5:8080"), per_minute=7))
    found = sites.find("hr-portal")
    assert found is not None
    assert found.origins == ("https://portal.example", "http://10.0.0.5:8080")
    assert (found.per_minute, found.anonymous, found.revoked) == (7, False, None)
    assert abs(found.created - time.time()) < 60
    assert sites.all() == [found]
    assert len(secret) == 43
    assert secret not in str(found.as_dict())


def test_the_file_is_for_its_owner_alone(sites: Sites) -> None:
    sites.add(HR)
    for file in sites.file.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_name_is_taken_once(sites: Sites) -> None:
    sites.add(HR)
    with pytest.raises(SiteError, match="tanya sites rotate hr-portal"):
        sites.add(HR)


@pytest.mark.parametrize("name", ["", "HR", "a b", "-a", "a-", "a/b", "ä", "a" * 64, "a\n"])
def test_a_name_that_would_not_fit_an_address_is_refused(sites: Sites, name: str) -> None:
    with pytest.raises(SiteError, match="cannot name a site"):
        sites.add(Site(name, HR.origins))


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example", "portal.example", "https://portal.example/path", "null", "https://a;script-src *",
     "ftp://a.example", "https://user@a.example", "https://a.example:99999", "https://a.example b.example", ""],
)  # fmt: skip
def test_what_is_no_origin_is_refused(sites: Sites, origin: str) -> None:
    with pytest.raises(SiteError, match="is no origin"):
        sites.add(Site("hr-portal", (origin,)))


@given(st.text(max_size=40))
def test_an_origin_can_never_add_to_a_policy(text: str) -> None:
    try:
        origin = origin_of(f"https://{text}")
    except SiteError:
        return
    assert not set(origin) & set(" ;,'\"*\n\r\t\0?#@")


def test_a_site_needs_an_origin(sites: Sites) -> None:
    with pytest.raises(SiteError, match="--origin"):
        sites.add(Site("hr-portal", ()))


@pytest.mark.parametrize("deed", ["rotate", "revoke", "remove"])
def test_a_site_that_is_not_there_is_named(sites: Sites, deed: str) -> None:
    with pytest.raises(SiteError, match="no site 'it'"):
        getattr(sites, deed)("it")


def test_a_file_of_another_version_is_refused(sites: Sites) -> None:
    with sites._transaction() as connection:
        connection.exec_driver_sql("UPDATE sites_schema SET version = 9")
    with pytest.raises(SiteError, match="schema 9"):
        Sites(sites.file)


# Tokens


def test_a_good_token_says_who_asks(sites: Sites) -> None:
    secret = sites.add(HR)
    bearer = sites.verify(signed(secret, groups=["hr", "staff"], jti="1"), "hr-portal")
    assert (bearer.subject, bearer.site, bearer.groups) == ("dewi", "hr-portal", ("hr", "staff"))
    assert len(bearer.owner) == 64


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"aud": "it-portal"}, "audience"),
        ({"aud": ["hr-portal", "it-portal"]}, "audience"),
        ({"aud": None}, "malformed"),
        ({"sub": None}, "malformed"),
        ({"sub": ""}, "malformed"),
        ({"sub": "  "}, "malformed"),
        ({"sub": "x" * 201}, "malformed"),
        ({"iat": None}, "malformed"),
        ({"exp": None}, "malformed"),
        ({"exp": float("inf")}, "malformed"),
        ({"groups": "admin"}, "malformed"),
        ({"groups": [1]}, "malformed"),
    ],
)
def test_a_token_that_does_not_hold_is_refused(sites: Sites, changed: dict[str, Any], why: str) -> None:
    assert reason(sites, signed(sites.add(HR), **changed)) == why


@pytest.mark.parametrize(
    ("from_now", "why"),
    [
        ({"exp": -LEEWAY_SECONDS - 60}, "expired"),
        ({"iat": 600, "exp": 700}, "not-yet"),
        ({"exp": TOKEN_SECONDS + 600}, "too-long"),
        ({"iat": -7200}, "too-long"),
    ],
)
def test_a_token_of_another_time_is_refused(sites: Sites, from_now: dict[str, int], why: str) -> None:
    now = int(time.time())
    changed: dict[str, Any] = {claim: now + seconds for claim, seconds in from_now.items()}
    assert reason(sites, signed(sites.add(HR), **changed)) == why


def test_only_this_secret_and_this_algorithm_sign(sites: Sites) -> None:
    secret = sites.add(HR)
    assert reason(sites, signed("another secret of a good length, for HS256")) == "signature"
    assert reason(sites, signed("", algorithm="none")) == "signature"
    assert reason(sites, signed(secret * 2, algorithm="HS512")) == "signature"
    assert reason(sites, signed(sites.add(Site("it", HR.origins)))) == "signature"
    assert reason(sites, "") == "no-token"
    assert reason(sites, "a.b.c") == "malformed"
    assert reason(sites, signed(secret) + "x" * 9_000) == "malformed"


@given(st.text())
def test_no_text_is_a_token(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    with Sites(tmp_path_factory.getbasetemp() / "any.sqlite3") as sites:
        if sites.find("hr-portal") is None:
            sites.add(HR)
        assert reason(sites, text) in ("no-token", "malformed")


def test_revoking_rotating_and_removing_are_in_force_at_once(sites: Sites) -> None:
    token = signed(sites.add(HR))
    with Sites(sites.file) as serving:
        serving.verify(token, "hr-portal")
        sites.revoke("hr-portal")
        assert reason(serving, token) == "revoked"
        renewed = signed(sites.rotate("hr-portal"))
        assert reason(serving, token) == "signature"
        assert serving.verify(renewed, "hr-portal").subject == "dewi"
        sites.remove("hr-portal")
        assert reason(serving, renewed) == "unknown-site"


@pytest.mark.parametrize("jti", ["once", None])
def test_a_token_is_refused_after_logging_out(sites: Sites, jti: str | None) -> None:
    secret = sites.add(HR)
    token, other = signed(secret, jti=jti), signed(secret, sub="budi")
    sites.deny(token, sites.verify(token, "hr-portal"))
    sites.deny(token, Bearer("hr-portal", "dewi", (), time.time() + 60))
    assert reason(sites, token) == "logged-out"
    assert sites.verify(other, "hr-portal").subject == "budi"


def test_another_spelling_of_a_signature_does_not_undo_logging_out(sites: Sites) -> None:
    token = signed(sites.add(HR))
    sites.deny(token, sites.verify(token, "hr-portal"))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    place = letters.index(token[-1])
    twins = [token[:-1] + letters[(place & ~3) + more] for more in range(4)]
    assert token in twins
    assert {reason(sites, twin) for twin in twins} <= {"logged-out", "malformed"}


def test_an_anonymous_visitor_has_a_token_where_the_site_lets_them(sites: Sites) -> None:
    sites.add(HR)
    sites.add(Site("open", HR.origins, anonymous=True))
    with pytest.raises(Refusal, match="no-token"):
        sites.anonymous_token("hr-portal")
    bearer = sites.verify(sites.anonymous_token("open"), "open")
    assert (bearer.subject, bearer.owner) == ("", "")
    sites.deny(sites.anonymous_token("open"), bearer)
    with sqlite3.connect(sites.file) as connection:
        assert connection.execute("SELECT count(*) FROM denied").fetchone() == (0,)  # anybody could fill it
    connection.close()
    sites.revoke("open")
    with pytest.raises(Refusal, match="revoked"):
        sites.anonymous_token("open")


# As docs/embedding.md has it for other languages
SIGNERS = {"python": [sys.executable, "sign.py"], "node": ["node", "sign.mjs"], "php": ["php", "sign.php"]}


@pytest.mark.parametrize("language", SIGNERS)
def test_the_signing_code_of_the_examples_makes_good_tokens(sites: Sites, language: str) -> None:
    command, file = SIGNERS[language]
    if shutil.which(command) is None:
        pytest.skip(f"no {command} here")
    secret = sites.add(HR)
    made = subprocess.run(
        [command, str(EXAMPLES / file), "dewi é/+", "hr-portal"],
        env={**os.environ, "TANYA_SECRET": secret},
        capture_output=True,
        text=True,
        check=True,
    )
    bearer = sites.verify(made.stdout.strip(), "hr-portal")
    assert (bearer.subject, bearer.groups) == ("dewi é/+", ())
    assert 500 < bearer.expires - time.time() <= 600


# How much is asked


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counted(tmp_path: Path, clock: Clock) -> Iterator[Sites]:
    with Sites(tmp_path / "sites.sqlite3", clock) as opened:
        opened.add(Site("hr-portal", HR.origins, per_minute=2, per_day=4, site_per_minute=3, site_per_day=6))
        yield opened


def ask(sites: Sites, subject: str, address: str = "10.0.0.1") -> int:
    """The seconds to wait; 0 where the question may be asked."""
    try:
        sites.count(Bearer("hr-portal", subject, (), 0), address)
    except Refusal as refused:
        return refused.retry_seconds if refused.reason == "limit" else -1
    return 0


def test_a_subject_has_so_many_questions_a_minute(counted: Sites, clock: Clock) -> None:
    assert [ask(counted, "dewi") for _ in range(3)] == [0, 0, 40]
    assert ask(counted, "budi") == 0
    clock.now += 40
    assert ask(counted, "dewi") == 0


def test_a_site_has_so_many_and_what_is_refused_does_not_count(counted: Sites, clock: Clock) -> None:
    assert [ask(counted, name) for name in ("a", "b", "c", "d", "e")] == [0, 0, 0, 40, 40]
    clock.now += 40
    assert [ask(counted, name) for name in ("d", "e", "f")] == [0, 0, 0]
    clock.now += 60
    day = 86_400
    assert ask(counted, "g") == day - clock.now % day


def test_a_subject_has_so_many_a_day_over_restarts(counted: Sites, clock: Clock) -> None:
    for _ in range(2):
        assert [ask(counted, "dewi"), ask(counted, "dewi")] == [0, 0]
        clock.now += 60
    with Sites(counted.file, clock) as restarted:
        assert ask(restarted, "dewi") == 86_400 - clock.now % 86_400
        clock.now += 86_400
        assert ask(restarted, "dewi") == 0


def test_anonymous_visitors_are_counted_by_address(counted: Sites) -> None:
    assert [ask(counted, "", "10.0.0.1") for _ in range(3)] == [0, 0, 40]
    assert ask(counted, "", "10.0.0.2") == 0
