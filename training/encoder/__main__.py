"""Runs the whole recipe, or what is left of it.

python -m training.encoder DATA WORK [FOLDER]      # the bundled reader teaches in the last round

A step whose result lies in WORK already is passed over; a training step that was cut off goes
on from its checkpoint. Each step runs in a process of its own, with memory settings that save a
tenth of the time: glibc would otherwise give every large tensor back to the system and fault its
pages in again at the next one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

READER = Path(__file__).resolve().parents[2] / "assistant" / "models" / "reader"
ENVIRONMENT = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "100000000000",
    "MALLOC_TOP_PAD_": "268435456",
    "MALLOC_ARENA_MAX": "1",
    "OMP_WAIT_POLICY": "PASSIVE",
    "HF_HUB_OFFLINE": "1",
}


def run(step: str, *arguments: Path | str) -> None:
    begun = time.monotonic()
    command = [sys.executable, "-u", "-m", f"training.{step}", *map(str, arguments)]
    print(f"== {step}", flush=True)
    subprocess.run(command, check=True, env={**os.environ, **ENVIRONMENT})
    print(f"== {step}: {(time.monotonic() - begun) / 60:.1f} minutes", flush=True)


def run_all(data: Path, work: Path, folder: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    for step, result in [
        ("vocabulary", "start"),
        ("teacher", ""),
        ("distil", "distilled"),
        ("contrast", "contrasted"),
        ("rank", "ranked"),
    ]:
        if not result or not (work / result).exists():
            run(f"encoder.{step}", data, work, *([READER] if step == "rank" else []))
    run("encoder.export", work / "ranked", folder)
    run("encoder.measure", data, folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="training.encoder", description="The encoder's whole recipe.")
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", help="default: WORK/encoder")
    given = parser.parse_args()
    run_all(given.data, given.work, given.folder or given.work / "encoder")
