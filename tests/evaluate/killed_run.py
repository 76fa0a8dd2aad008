"""A run that kills itself when so many questions are asked: `killed_run.py SET INDEX OUT COUNT`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from assistant.config import Settings
from assistant.embed import load_encoder
from assistant.evaluate.folder import RunFolder
from assistant.evaluate.questions import read_questions
from assistant.evaluate.run import run
from assistant.store import Index


def main(file: Path, place: Path, out: Path, count: int) -> None:
    settings = Settings(index=place, passage_chars=100, overlap_sentences=0)

    def die(done: int, _: int) -> None:
        if done == count:
            os.kill(os.getpid(), signal.SIGKILL)

    with Index(place, load_encoder(settings)) as index:
        run(read_questions(file), file, None, settings, index, RunFolder(out), die)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
