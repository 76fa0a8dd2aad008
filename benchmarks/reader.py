"""Reading: eight passages of 200 tokens for one question, on a warm process.

python -m benchmarks.reader [--rounds 40]

Prints the median and what one passage takes, and the same in float32 through PyTorch in turns: the ratio counts, the
absolute figures depend on the machine's load.
"""

from __future__ import annotations

import argparse
import statistics
import time

import torch
from transformers import BertConfig, BertForQuestionAnswering

from assistant import bert
from assistant.bert import E4M3, Bert
from assistant.config import Settings
from assistant.embed import bundled_encoder, load_encoder
from assistant.reader import bundled_reader, load_reader
from assistant.records import Article, Hit, Passage, Question

PASSAGES, TOKENS = 8, 200
QUESTION = Question("Senjata apa yang dibeli Myanmar dari Rusia?", "id")
SENTENCE = "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia, kata menteri pertahanan pada {} Juli 2022. "
ROWS = "embeddings.word_embeddings.weight"


def hits(layers: Bert) -> list[Hit]:
    """Passages that differ, each cut after its 200th token."""
    found = []
    for number in range(PASSAGES):
        text = "".join(SENTENCE.format(number * 20 + k) for k in range(20))
        end = layers.tokenizer.encode(text, add_special_tokens=False).offsets[TOKENS - 1][1]
        found.append(Hit(Passage(Article(str(number), text[:end], lang="id"), 0, end), 0.9, number + 1, 0.9))
    return found


def float32(layers: Bert) -> BertForQuestionAnswering:
    # Layers are as the encoder's; the vocabulary may be of an encoder before it.
    config = BertConfig.from_pretrained(bundled_encoder(), vocab_size=len(layers.weights[ROWS]))
    model = BertForQuestionAnswering(config).eval()
    weights = {name: torch.tensor(layers.weight(name)) for name in layers.weights if name != ROWS}
    weights[ROWS] = torch.tensor(E4M3[layers.weights[ROWS]])
    named = {name if name.startswith("qa_") else f"bert.{name}": weight for name, weight in weights.items()}
    model.load_state_dict({name: weight for name, weight in named.items() if "verdict." not in name})
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    settings = Settings()
    reader, layers = load_reader(settings, load_encoder(settings)), bert.load(bundled_reader())
    passages, exact = hits(layers), float32(layers)
    pair = [layers.tokenizer.encode(QUESTION.text, hit.passage.text) for hit in passages]
    ids, types = torch.tensor([one.ids for one in pair]), torch.tensor([one.type_ids for one in pair])
    reader.read(QUESTION, passages)
    ours, theirs = [], []
    for _ in range(rounds):
        begun = time.perf_counter()
        reader.read(QUESTION, passages)
        between = time.perf_counter()
        with torch.inference_mode():
            exact(ids, token_type_ids=types)
        ours.append(between - begun)
        theirs.append(time.perf_counter() - between)
    ratio = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
    print(f"{PASSAGES} passages of {TOKENS} tokens, {torch.get_num_threads()} threads, {rounds} rounds")
    print(f"read           p50 {1000 * statistics.median(ours):6.1f} ms   best {1000 * min(ours):6.1f} ms")
    print(f"float32 layers p50 {1000 * statistics.median(theirs):6.1f} ms   {ratio:.2f} times as long")


if __name__ == "__main__":
    main()
