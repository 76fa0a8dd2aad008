"""How long `tanya --help` takes, against a Python that does nothing: whole processes, in turns.

.venv/bin/python -m benchmarks.start [--rounds 15]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time


def seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    bare, helped = [], []
    for _ in range(rounds + 1):  # the first pair warms the disk cache
        bare.append(seconds([sys.executable, "-c", "pass"]))
        helped.append(seconds([sys.executable, "-m", "assistant", "--help"]))
    print(f"python     median {statistics.median(bare[1:]):.3f} s")
    print(
        f"tanya -h   median {statistics.median(helped[1:]):.3f} s, from {min(helped[1:]):.3f} to {max(helped[1:]):.3f}"
    )


if __name__ == "__main__":
    main()
