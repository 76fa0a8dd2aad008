"""Evaluating 1,000 questions over 10,000 passages: seconds in all, and of them those that asking once takes.

.venv/bin/python -m benchmarks.evaluate [--passages 10000] [--questions 1000]

The questions are the demonstration set, again and again until there are enough; the passages are filled up as in
`benchmarks/ask.py`. Every question is asked, searched once more down a deep ranking, scored with intervals and written
into a report, as `tanya evaluate` does.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from assistant.chunk import SentenceSplitter
from assistant.config import Settings
from assistant.embed import load_encoder
from assistant.evaluate.folder import RunFolder
from assistant.evaluate.report import write_report
from assistant.evaluate.run import questions_of, run
from assistant.ingest import ingest
from assistant.store import Index
from benchmarks.ask import CORPUS, fill_up

QUESTIONS = CORPUS.parent / "questions.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=1_000)
    arguments = parser.parse_args()
    numbered = enumerate(islice(cycle(questions_of(QUESTIONS)), arguments.questions))
    questions = [replace(question, id=f"{number}-{question.id}") for number, question in numbered]
    encoder = load_encoder(Settings())
    with tempfile.TemporaryDirectory() as name, Index(Path(name) / "index", encoder, create=True) as index:
        ingest([CORPUS], index, SentenceSplitter())
        fill_up(index, encoder, arguments.passages)
        folder = RunFolder(Path(name) / "run")
        begun = time.perf_counter()
        results = run(questions, QUESTIONS, None, Settings(), index, folder)
        asked = time.perf_counter()
        write_report(folder, results)
        whole = time.perf_counter() - begun
        alone = sum(result.seconds.get("total", 0.0) for result in results)
        print(f"{len(results)} questions over {index.passage_count} passages: {whole:.0f} s")
        print(f"asked and searched {asked - begun:.0f} s, of that answering {alone:.0f} s")
        print(f"scored and written {whole - (asked - begun):.0f} s")


if __name__ == "__main__":
    main()
