"""A real PostgreSQL for tests: a new cluster in a folder of its own, on a Unix socket, ended by its own process id."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DEBIANS = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, the newest where there are several; None without a server."""
    found = shutil.which("initdb")
    debians = sorted(DEBIANS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return Path(found).resolve().parent if found else debians[-1].parent if debians else None


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server's maintenance database."""
    bin_ = programs()
    if bin_ is None:
        complaint = "no PostgreSQL here: apt-get install postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(complaint)
        pytest.skip(complaint)
    # The server refuses to run as root. A short folder: the path of a socket has at most 107 characters.
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as name:
        if user:
            shutil.chown(name, "postgres", "postgres")
        data = f"{name}/data"
        init = [bin_ / "initdb", "-D", data, "-U", "tanya", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
        subprocess.run(init, check=True, stdout=subprocess.DEVNULL, cwd="/", **user)  # type: ignore[call-overload]
        run = [bin_ / "postgres", "-D", data, "-k", name, "-c", "listen_addresses=", "-c", "fsync=off"]
        process = subprocess.Popen(run, stderr=subprocess.PIPE, text=True, cwd="/", **user)  # type: ignore[call-overload]
        for line in process.stderr:
            if "ready to accept connections" in line:
                break
        try:
            yield f"postgresql+psycopg://tanya@/postgres?host={name}"
        finally:
            process.terminate()
            process.communicate(timeout=30)


def new_database(address: str) -> str:
    """The address of a fresh, empty database on that server."""
    import psycopg

    name = f"d{uuid.uuid4().hex}"
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # the name is our own
    return address.replace("/postgres?", f"/{name}?")
