"""The bundled encoder against the English MiniLM it comes from: passages per second, latency, memory.

python -m benchmarks.encoder DATA [--threads 2] [--folder assistant/models/encoder]

Both run in this process, in turns, on the same threads and the same Indonesian passages; MiniLM with PyTorch in
float32 through sentence-transformers, the bundled one the same way and as the product runs it, in 8 bits. Ratios
count, not the absolute figures, which depend on the machine's load.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from assistant.embed import BundledEncoder, Encoder, SentenceEncoder
from training.encoder.data import read_questions
from training.encoder.model import base_folder

PASSAGES = 128
ROUNDS = 4
QUERIES = 100


def seconds(encoder: Encoder, texts: list[str]) -> float:
    begun = time.perf_counter()
    encoder.encode(texts)
    return time.perf_counter() - begun


def compare(data: Path, folder: Path, threads: int) -> None:
    questions = read_questions(data, "id", "dev")
    passages = list(dict.fromkeys(q.passage for q in questions))[:PASSAGES]
    models: dict[str, Encoder] = {
        "MiniLM, float32": SentenceEncoder(base_folder(), threads=threads),
        "bundled, float32": SentenceEncoder(folder, threads=threads),
        "bundled, 8 bits": BundledEncoder(folder=folder, threads=threads),
    }
    times: dict[str, list[float]] = {name: [] for name in models}
    for round_ in range(ROUNDS + 1):
        for name, model in models.items():
            taken = seconds(model, passages)
            if round_:  # the first round warms up
                times[name].append(taken)
    latency: dict[str, list[float]] = {name: [] for name in models}
    for question in questions[:QUERIES]:
        for name, model in models.items():
            latency[name].append(seconds(model, [question.question]))
    base = min(times["MiniLM, float32"])
    print(f"{'':<18} passages/s   times MiniLM   query p50 ms")
    for name in models:
        best = min(times[name])
        p50 = statistics.median(latency[name]) * 1000
        print(f"{name:<18} {len(passages) / best:>10.1f}   {base / best:>12.2f}   {p50:>12.1f}")


# Not `getrusage`: what that calls the peak of a process begins with its parent's.
ALONE = r"""
import json, re, sys
from pathlib import Path
from assistant.embed import BundledEncoder
BundledEncoder(folder=Path(sys.argv[1]), threads=int(sys.argv[2])).encode(json.load(sys.stdin))
peak = int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])
print(f"peak memory of a process that embeds: {peak / 1000:.0f} MB")
"""


def embed_alone(data: Path, folder: Path, threads: int) -> None:
    """Prints the peak memory of a process that does nothing but embed the passages."""
    passages = [q.passage for q in read_questions(data, "id", "dev")][:PASSAGES]
    command = [sys.executable, "-c", ALONE, str(folder), str(threads)]
    subprocess.run(command, input=json.dumps(passages), text=True, check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--folder", type=Path, default=Path("assistant/models/encoder"))
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    compare(given.data, given.folder, given.threads)
    embed_alone(given.data, given.folder, given.threads)
