"""Runs the whole recipe, or what is left of it.

python -m training.reader DATA WORK [FOLDER]

A step whose result lies in WORK already is passed over; training that was cut off goes on from its checkpoint.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.encoder.__main__ import run


def run_all(data: Path, work: Path, folder: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "lexicon.json").exists():
        run("encoder.vocabulary", data, work)
    if not (work / "reader").exists():
        run("reader.train", data, work)
    run("reader.export", work / "reader", folder)
    run("reader.calibrate", data, folder)
    run("reader.measure", data, folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="training.reader", description="The reader's whole recipe.")
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", help="default: WORK/bundled")
    given = parser.parse_args()
    run_all(given.data, given.work, given.folder or given.work / "bundled")
