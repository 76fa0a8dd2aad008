"""Gives MiniLM's vocabulary Indonesian words, each started from its English translations.

python -m training.encoder.vocabulary DATA WORK     -> WORK/start/, WORK/lexicon.json

1. Rows that no Latin-script text uses (other scripts, [unused…]) are dropped.
2. Words of the Indonesian side of the parallel data, of the question passages and of the dictionary are added.
3. IBM Model 1 (Brown et al. 1993) over the parallel data and the dictionary gives each word's
   translations; its row starts as their weighted mean, four parts to one part its old pieces.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import json
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.encoder.data import Pair, read_dictionary, read_pairs, read_questions, words
from training.encoder.model import Encoder, base_folder, use_threads

MIN_COUNT = 3
MAX_NEW_WORDS = 28_500
EM_ROUNDS = 6
MAX_SENTENCE_WORDS = 60
TRANSLATIONS_PER_WORD = 5
MIN_PROBABILITY = 0.045

Lexicon = dict[str, list[tuple[str, float]]]


def is_latin_row(entry: str) -> bool:
    """Whether Latin-script text can use a WordPiece entry.

    >>> [is_latin_row(e) for e in ["##kan", "é", "€", "[unused7]", "я", "中"]]
    [True, True, True, False, False, False]
    """
    if entry.startswith("[unused"):
        return False
    for character in entry.removeprefix("##"):
        kind = unicodedata.category(character)
        if kind[0] in "LM" and "LATIN" not in unicodedata.name(character, ""):
            return False
        if 0x0530 <= ord(character) < 0x2000 or (kind == "Po" and ord(character) > 0x2E7F):
            return False
    return True


def count_words(pairs: Iterable[Pair], passages: Iterable[str]) -> collections.Counter[str]:
    counts: collections.Counter[str] = collections.Counter()
    for pair in pairs:
        counts.update(words(pair.id))
    for passage in passages:
        counts.update(words(passage))
    return counts


class Model1:
    """IBM Model 1, t(Indonesian word | English word), all sentence pairs at once in NumPy."""

    def __init__(self, pairs: list[tuple[list[str], list[str]]]) -> None:
        en_counts = collections.Counter(w for en, _ in pairs for w in en)
        id_counts = collections.Counter(w for _, i in pairs for w in i)
        self.en = ["<null>", *(w for w, c in en_counts.items() if c >= 2)]
        self.id = [w for w, c in id_counts.items() if c >= 2]
        self._align(pairs)

    def _align(self, pairs: list[tuple[list[str], list[str]]]) -> None:
        en_row = {w: k for k, w in enumerate(self.en)}
        id_row = {w: k for k, w in enumerate(self.id)}
        keys, lengths = [], []
        for en, indonesian in pairs:
            e = [*[en_row[w] for w in dict.fromkeys(en) if w in en_row][:MAX_SENTENCE_WORDS], 0]
            i = [id_row[w] for w in dict.fromkeys(indonesian) if w in id_row][:MAX_SENTENCE_WORDS]
            if i:
                grid = np.array(i, np.int64)[:, None] * len(self.en) + np.array(e, np.int64)
                keys.append(grid.ravel())
                lengths.append(np.full(len(i), len(e), np.int32))
        segment_length = np.concatenate(lengths)
        begins = np.concatenate([[0], np.cumsum(segment_length)[:-1]])
        cells, inverse = np.unique(np.concatenate(keys), return_inverse=True)
        self.cell_id, self.cell_en = np.divmod(cells, len(self.en))
        t = np.ones(len(cells), np.float32)
        for round_ in range(EM_ROUNDS):
            p = t[inverse]
            p /= np.repeat(np.add.reduceat(p, begins), segment_length)
            self.expected = np.bincount(inverse, weights=p, minlength=len(cells))
            total = np.bincount(self.cell_en, weights=self.expected, minlength=len(self.en))
            t = (self.expected / total[self.cell_en]).astype(np.float32)
            print(f"IBM Model 1, round {round_ + 1} of {EM_ROUNDS}, {len(cells)} cells", flush=True)

    def translations(self, into_english: bool) -> Lexicon:
        """The few likeliest translations of each word with their share of its alignments."""
        source, target = self.cell_id, self.cell_en
        names, others = self.id, self.en
        if not into_english:
            source, target, names, others = target, source, others, names
        share = self.expected / np.bincount(source, weights=self.expected)[source]
        keep = np.flatnonzero((self.cell_en > 0) & (share > MIN_PROBABILITY))
        lexicon: Lexicon = collections.defaultdict(list)
        for k in keep[np.argsort(-share[keep], kind="stable")]:
            entries = lexicon[names[source[k]]]
            if len(entries) < TRANSLATIONS_PER_WORD:
                entries.append((others[target[k]], round(float(share[k]), 4)))
        return dict(lexicon)


def add_entries(lexicon: Lexicon, entries: Iterable[tuple[str, str]]) -> None:
    """The dictionary's (word, translation) for single words that the lexicon does not have, with equal shares."""
    found: dict[str, list[str]] = collections.defaultdict(list)
    for word, translation in entries:
        if word not in lexicon and words(word) == [word]:
            found[word].append(translation)
    lexicon.update({w: [(t, 1 / len(ts)) for t in ts[:TRANSLATIONS_PER_WORD]] for w, ts in found.items()})


def stems(word: str) -> list[str]:
    """A word's likely bases, nearest first: clitics off, then the passive prefix.

    >>> stems("ditulisnya")
    ['ditulis', 'tulis', 'tulisnya']
    """
    base = re.sub(r"(nya|lah|kah|pun|ku|mu)$", "", word)
    found = [base, base.removeprefix("di"), word.removeprefix("di")]
    return [s for s in dict.fromkeys(found) if s != word and len(s) > 2]


def start_rows(new_words: list[str], lexicon: Lexicon, old_row: Callable[[str], torch.Tensor]) -> torch.Tensor:
    """Rows [words, 384]: the translations' mean direction at their mean length."""
    rows = []
    for word in new_words:
        pieces = old_row(word)
        entries = lexicon.get(word) or next((lexicon[s] for s in stems(word) if s in lexicon), [])
        row, length = pieces, pieces.norm()
        if entries:
            total = sum(p for _, p in entries)
            parts = [(old_row(w), p / total) for w, p in entries]
            row = 0.8 * sum(r * p for r, p in parts) + 0.2 * pieces
            length = 0.8 * sum(r.norm() * p for r, p in parts) + 0.2 * length
        rows.append(row / row.norm() * length)
    return torch.stack(rows)


def build(data: Path, work: Path) -> None:
    pairs = read_pairs(data, "train")
    passages = list(dict.fromkeys(q.passage for q in read_questions(data, "id", "train")))
    counts = count_words(pairs, passages)

    dictionary = read_dictionary(data)
    model1 = Model1([(words(p.en), words(p.id)) for p in [*pairs, *dictionary]])
    to_english, to_indonesian = model1.translations(True), model1.translations(False)
    looked_up = [(p.en.lower(), p.id.lower()) for p in dictionary]
    add_entries(to_indonesian, looked_up)
    add_entries(to_english, [(indonesian, english) for english, indonesian in looked_up])
    (work / "lexicon.json").write_text(json.dumps({"id-en": to_english, "en-id": to_indonesian}, ensure_ascii=False))
    print("senjata:", to_english.get("senjata"), " weapon:", to_indonesian.get("weapon"))

    base = Encoder(base_folder())
    old_rows = base.model.embeddings.word_embeddings.weight.detach()
    tokenizer = json.loads((base_folder() / "tokenizer.json").read_text())
    old_vocabulary: dict[str, int] = tokenizer["model"]["vocab"]

    def old_row(word: str) -> torch.Tensor:
        ids = base.tokenizer.encode(word, add_special_tokens=False).ids
        return old_rows[ids].mean(0)

    kept = [e for e in sorted(old_vocabulary, key=old_vocabulary.__getitem__) if is_latin_row(e)]
    seen = [w for w, c in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if c >= MIN_COUNT]
    rare = sorted({w for _, w in looked_up if words(w) == [w]}, key=lambda word: (-counts[word], len(word), word))
    wanted = (w for w in dict.fromkeys([*seen, *rare]) if w not in old_vocabulary and 2 < len(w) <= 24)
    new = list(itertools.islice(wanted, MAX_NEW_WORDS))
    rows = torch.cat([old_rows[[old_vocabulary[e] for e in kept]], start_rows(new, to_english, old_row)])
    print(f"{len(old_vocabulary)} rows, {len(kept)} kept, {len(new)} words added")

    vocabulary = {entry: row for row, entry in enumerate([*kept, *new])}
    tokenizer["model"]["vocab"] = vocabulary
    tokenizer["padding"] = tokenizer["truncation"] = None
    for token in tokenizer["added_tokens"]:
        token["id"] = vocabulary[token["content"]]
    for special in tokenizer["post_processor"].get("special_tokens", {}).values():
        special["ids"] = [vocabulary[t] for t in special["tokens"]]
    for key in ("sep", "cls"):
        if key in tokenizer["post_processor"]:
            token = tokenizer["post_processor"][key][0]
            tokenizer["post_processor"][key] = [token, vocabulary[token]]

    write_start(base, rows, tokenizer, work / "start")


def write_start(base: Encoder, rows: torch.Tensor, tokenizer: dict[str, Any], folder: Path) -> None:
    base.model.resize_token_embeddings(len(rows), mean_resizing=False)
    base.model.embeddings.word_embeddings.weight.data.copy_(rows)
    base.save(folder)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False))
    for name in ("README.md", "data_config.json", "vocab.txt", ".gitattributes"):
        (folder / name).unlink(missing_ok=True)
    for leftover in ("train_script.py", "special_tokens_map.json"):
        (folder / leftover).unlink(missing_ok=True)
    shutil.rmtree(folder / ".git", ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    use_threads()
    build(arguments.data, arguments.work)
