"""Many clients at once, through the HTTP API on this machine: latency, errors, memory, against one client alone.

.venv/bin/python -m benchmarks.load [--clients 8] [--seconds 20] [--corpus corpus/articles] [--address http://…]

A server of its own is started on a free port, over an index of the corpus, and ended again; with --address one that
runs already is asked. First one client asks alone, then all of them at once, each its next question as soon as it has
an answer. Clients that find no place (429) wait as long as they are told, and are counted. Memory is what the server
says of itself (`/api/v1/metrics`).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from assistant.client import Client
from assistant.errors import ClientError
from benchmarks.ask import CORPUS, QUESTIONS

START_SECONDS = 120


@dataclass
class Load:
    """What so many clients saw: seconds of each answer, and what went wrong how often."""

    clients: int
    answers: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    whole: float = 0.0

    @property
    def p50(self) -> float:
        return statistics.median(self.answers) if self.answers else float("nan")

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.answers, n=20)[-1] if len(self.answers) > 1 else float("nan")

    def __str__(self) -> str:
        told = ", ".join(f"{count} x {what}" for what, count in sorted(self.errors.items())) or "none"
        return (
            f"{self.clients:>3} clients  {len(self.answers):>5} answers  {len(self.answers) / self.whole:6.1f}/s"
            f"  p50 {1000 * self.p50:6.0f} ms  p95 {1000 * self.p95:6.0f} ms  errors: {told}"
        )


def load(address: str, clients: int, seconds: float) -> Load:
    """So many clients for so long."""
    found, lock = Load(clients), threading.Lock()
    begun = time.perf_counter()

    def ask(first: int) -> None:
        number = first
        with Client(address) as tanya:
            while time.perf_counter() - begun < seconds:
                asked = time.perf_counter()
                try:
                    tanya.ask(QUESTIONS[number % len(QUESTIONS)])
                except ClientError as error:
                    with lock:
                        found.errors[error.problem or str(error)] += 1
                    time.sleep(error.retry_after_seconds or 0.1)
                else:
                    with lock:
                        found.answers.append(time.perf_counter() - asked)
                number += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.whole = time.perf_counter() - begun
    return found


def memory_bytes(address: str) -> float:
    """The server's resident memory; not a number where it does not say."""
    text = httpx.get(f"{address}/api/v1/metrics").text
    found = re.search(r"^process_resident_memory_bytes (\S+)", text, re.MULTILINE)
    return float(found[1]) if found else float("nan")


@contextlib.contextmanager
def server(corpus: Path) -> Iterator[str]:
    """The address of a server over an index of these articles."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TANYA_INDEX": f"{folder}/index"}
        tanya = [sys.executable, "-m", "assistant"]
        subprocess.run([*tanya, "index", str(corpus)], env=environment, check=True, stdout=subprocess.DEVNULL)
        with subprocess.Popen(
            [*tanya, "serve", "--port", "0"], env=environment, text=True, stdout=subprocess.PIPE
        ) as run:
            try:
                assert run.stdout is not None
                address = run.stdout.readline().split()[3]
                wait_until_ready(address)
                yield address
            finally:
                run.terminate()


def wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    with Client(address) as tanya:
        while True:
            try:
                tanya.ready()
            except ClientError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each of the two parts")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--address", help="of a server that runs already")
    arguments = parser.parse_args()
    with contextlib.nullcontext(arguments.address) if arguments.address else server(arguments.corpus) as address:
        for question in QUESTIONS:  # the first answers of a server load what later ones use
            with Client(address) as tanya:
                tanya.ask(question)
        before = memory_bytes(address)
        alone, together = load(address, 1, arguments.seconds), load(address, arguments.clients, arguments.seconds)
        after = memory_bytes(address)
    print(alone)
    print(together)
    print(f"p50 with {together.clients} clients is {together.p50 / alone.p50:.1f} times that of one")
    print(f"memory of the server: {before / 2**20:.0f} MiB before, {after / 2**20:.0f} MiB after")


if __name__ == "__main__":
    main()
