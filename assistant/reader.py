"""Question and hits -> the words that answer, each with the probability that they do.

The bundled reader is a small BERT that scores every token of a passage as the start and as the end of an answer, and
the first token as "not here" (Devlin et al. 2019, section 4.3). Of a question for yes or no and the sentences that
decide it, two further layers say which. How it was trained and calibrated: `training/reader`.

Knows nothing of stores or language models, and never sees anything but the hits it is given.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from assistant import bert
from assistant.asks import Asked, asked_for, can_answer, first_of
from assistant.bert import Floats
from assistant.chunk import Offsets, sentence_offsets, sentences_touching
from assistant.config import Settings
from assistant.dates import dates_asked, share_of_dates
from assistant.embed import cosines, encodable
from assistant.errors import ReaderError
from assistant.follow_up import names
from assistant.language import say
from assistant.records import Article, Hit, Question, Span
from assistant.words import plain

QUESTION_TOKENS = 96
TITLE_TOKENS = 24
# A longer passage is read in windows that overlap by more than an answer is long.
WINDOW_TOKENS = 256
STRIDE_TOKENS = 192
ANSWER_TOKENS = 40
# Of so many spans that answer a question for yes or no it is told which they say, from so much of the article.
JUDGED = 3
EVIDENCE_TOKENS = 110
SPANS_PER_WINDOW = 3
SPANS_PER_SIDE = 5
# Of so many spans, the best by margin, the sentences are looked at too.
CANDIDATES = 10
# A passage whose score is below this share of the best one's is not read, nor one with so low a cosine: of the passages
# that answered a development question right, one in two hundred was below it.
HOPELESS = 0.5
UNRELATED = 0.24


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens of a question, and of a title and a part of a passage, which begin at token `second`.

    `offsets` are the part's tokens as (start, end) in the article; the first of them is token `begin`.
    """

    hit: Hit
    ids: list[int]
    second: int
    begin: int
    offsets: list[tuple[int, int]]


VERDICT_LAYERS = ("0.weight", "0.bias", "2.weight", "2.bias")
SIGNALS = ("margin", "sentence", "named", "mentioned", "dated")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a hit with what its probability is computed from.

    `margin`: the span's score less that of "not here". `sentence`: cosine of the question and the span's sentence under
    its article's title. `named`: the share of the question's names and numbers that the hit's passage or title has;
    what nearly fits has another name or year. `mentioned`: of those that some hit in the passage's language has, and
    that are spelt so in it, the share that its whole article has; without them it is about something else. `dated`: the
    share of the question's days and months that the passage or title has, or that the article was written on.
    """

    hit: Hit
    start: int
    end: int
    margin: float
    sentence: float = 0.0
    named: float = 1.0
    mentioned: float = 1.0
    dated: float = 1.0

    def signals(self) -> tuple[float, ...]:
        """In the order of `SIGNALS`."""
        return self.margin, self.sentence, self.named, self.mentioned, self.dated


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded reader: the layers, what makes a token's state its two scores, and the weights of the signals.

    `verdict` makes the first token's state the logit of yes: weights and bias of a hidden layer, then of the last.
    """

    layers: bert.Bert
    head: Floats
    bias: Floats
    calibration: Mapping[str, float]
    verdict: tuple[Floats, ...]


class SpanReader:
    """Reads passages with the model in a folder: `model.safetensors`, `tokenizer.json`, `calibration.json`.

    >>> load_reader(Settings(), embeddings).read(Question("Kapan Whoosh diresmikan?", "id"), hits)[0].text
    '2 Oktober 2023'

    Raises `ReaderError` when the folder cannot be read.
    """

    def __init__(self, folder: Path, embeddings: Embeddings, threads: int = 0) -> None:
        self.folder = folder
        self._embeddings = embeddings
        self._threads = threads

    @cached_property
    def _model(self) -> Model:
        try:
            loaded = bert.load(self.folder, self._threads)
            calibration = json.loads((self.folder / "calibration.json").read_text("utf-8"))
            weights = {name: float(calibration[name]) for name in ("bias", *SIGNALS)}
            head, bias = loaded.weight("qa_outputs.weight").T, loaded.weight("qa_outputs.bias")
            verdict = tuple(loaded.weight(f"verdict.{part}") for part in VERDICT_LAYERS)
            return Model(loaded, head, bias, weights, verdict)
        except (OSError, ValueError, KeyError) as error:
            reason = f"{type(error).__name__}: {error}"
            message = f"The reader in {str(self.folder)!r} cannot be loaded ({reason}). Install Tanya anew."
            raise ReaderError(message) from error

    def fit(self, question: Question) -> Question:
        """The question, cut to what the model can read, with a notice if it was."""
        offsets = self._encode(question.text)[1]
        if len(offsets) <= QUESTION_TOKENS:
            return question
        text = question.text[: offsets[QUESTION_TOKENS - 1][1]].rstrip()
        was, now = (say(question.lang, "shortened", limit=len(cut)) for cut in (question.text, text))
        return replace(question, text=text, notices=(*(n for n in question.notices if n != was), now))

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        """Spans that may answer, most probable first, none overlapping another; none without hits."""
        asked = asked_for(question.text)
        spans = [
            Span(candidate.hit.passage, *_words_of(candidate, asked, question), self.probability(candidate))
            for candidate in self.candidates(question, hits)
        ]
        spans.sort(key=lambda span: (-span.probability, span.passage.article.id, span.start))
        kept: list[Span] = []
        for span in spans:
            if not any(_overlap(span, other) for other in kept):
                kept.append(span)
        if asked == "yes-no":
            kept[:JUDGED] = [replace(span, yes=self._says_yes(question, span)) for span in kept[:JUDGED]]
        return kept

    def _says_yes(self, question: Question, span: Span) -> float:
        """How surely the span's sentences say yes, from 0 to 1."""
        hidden, hidden_bias, last, last_bias = self._model.verdict
        head = self._head(question)
        ids = [
            *head,
            *self._encode(evidence(span.passage.article, span.start, span.end))[0][-EVIDENCE_TOKENS:],
            head[-1],
        ]
        state = self._states(ids, len(head))[0]
        return _logistic(float((last @ np.tanh(hidden @ state + hidden_bias) + last_bias)[0]))

    def read_sides(self, question: Question, hits: Sequence[Hit]) -> tuple[Span, ...]:
        """Of a comparison, what answers best about each side: a span for each, never one for both; else none."""
        one, other = (self.read(asked, hits)[:SPANS_PER_SIDE] for asked in question.each)
        pairs = [(a, b) for a in one for b in other if not _overlap(a, b)]
        return max(pairs, key=lambda pair: pair[0].probability * pair[1].probability, default=())

    def probability(self, candidate: Candidate) -> float:
        weights = self._model.calibration
        weighted = zip(SIGNALS, candidate.signals(), strict=True)
        logit = weights["bias"] + sum(weights[name] * signal for name, signal in weighted)
        return _logistic(logit)

    def candidates(self, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
        """The few best spans of every hit worth reading, best margin first."""
        best = max((hit.score for hit in hits), default=0.0)
        readable = [hit for hit in hits if hit.score >= HOPELESS * best and hit.vector_score >= UNRELATED]
        asked, found = asked_for(question.text), self.spans(question, readable)
        possible = [c for c in found if can_answer(asked, _text_of(c), question.text, question.about)]
        possible.sort(key=lambda c: (-c.margin, c.hit.rank, c.start))
        return self._in_their_sentences(question, _with_names_and_dates(question, possible[:CANDIDATES], hits))

    def spans(self, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
        """The few best spans of every hit, with their margins alone."""
        head = self._head(question) if hits else []
        windows = [window for hit in hits for window in self._windows(head, hit)]
        read = self._model.layers.side_by_side(lambda window: _best_spans(window, *self._scores(window)), windows)
        return [candidate for best_of_window in read for candidate in best_of_window]

    def _in_their_sentences(self, question: Question, candidates: list[Candidate]) -> list[Candidate]:
        """The candidates with the cosines of their sentences; what several share is embedded once."""
        if not candidates:
            return []
        sentences = [_in_context(candidate) for candidate in candidates]
        distinct = list(dict.fromkeys(sentences))
        vectors = np.asarray(self._embeddings.embed_documents(distinct), np.float32)
        query = np.asarray(self._embeddings.embed_query(question.whole), np.float32)
        alike = dict(zip(distinct, cosines(vectors, query), strict=True))
        return [replace(c, sentence=float(alike[sentence])) for c, sentence in zip(candidates, sentences, strict=True)]

    def _encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        encoding = self._model.layers.tokenizer.encode(encodable(text), add_special_tokens=False)
        return encoding.ids, encoding.offsets

    def _head(self, question: Question) -> list[int]:
        """[CLS] question [SEP], the same before every passage."""
        cls, sep = (self._model.layers.tokenizer.token_to_id(token) or 0 for token in ("[CLS]", "[SEP]"))
        return [cls, *self._encode(question.whole)[0][:QUESTION_TOKENS], sep]

    def _windows(self, head: list[int], hit: Hit) -> Iterator[Window]:
        """The head, the article's title, a part of the passage and [SEP], for every part.

        The title says what "it" and "the deal" are, and which of two like events the passage is about.
        """
        passage = hit.passage
        ids, offsets = self._encode(passage.text)
        title = passage.article.title and f"{passage.article.title}."
        before = [*head, *self._encode(title)[0][:TITLE_TOKENS]]
        for first in range(0, max(len(ids) - (WINDOW_TOKENS - STRIDE_TOKENS), 1), STRIDE_TOKENS):
            part = slice(first, first + WINDOW_TOKENS)
            places = [(passage.start + a, passage.start + z) for a, z in offsets[part]]
            if places:
                yield Window(hit, [*before, *ids[part], head[-1]], len(head), len(before), places)

    def _scores(self, window: Window) -> tuple[Floats, Floats]:
        """Start and end scores of the window's tokens."""
        scores = self._states(window.ids, window.second) @ self._model.head + self._model.bias
        return scores[:, 0], scores[:, 1]

    def _states(self, ids: list[int], second: int) -> Floats:
        """The last layer's states of the tokens, of which the second segment begins at `second`."""
        return self._model.layers.states(ids, (np.arange(len(ids)) >= second).astype(np.int64))


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


def _with_names_and_dates(question: Question, candidates: list[Candidate], hits: Sequence[Hit]) -> list[Candidate]:
    """The candidates with the shares of the question's names and dates that their passages and articles have."""
    wanted, dates = {plain(name) for name in names(question.whole)}, dates_asked(question.whole)
    if not wanted and not dates:
        return candidates
    texts = {hit.passage.id: plain(hit.passage.searchable) for hit in hits}
    spelt: dict[str, set[str]] = defaultdict(set)
    for hit in hits:
        spelt[hit.passage.article.lang] |= {name for name in wanted if name in texts[hit.passage.id]}
    found = [(c, c.hit.passage) for c in candidates]
    passages = {p.id: p for _, p in found}
    articles = {p.article.id: p.article for p in passages.values()}
    named = {id: _share(wanted, texts[id]) for id in passages}
    mentioned = {id: _share(spelt[a.lang], plain(f"{a.title}\n{a.text}")) for id, a in articles.items()}
    dated = {id: share_of_dates(dates, p.searchable, p.article.date) for id, p in passages.items()}
    return [replace(c, named=named[p.id], mentioned=mentioned[p.article.id], dated=dated[p.id]) for c, p in found]


def _share(names: Collection[str], text: str) -> float:
    """How much of them the text has."""
    return sum(name in text for name in names) / len(names) if names else 1.0


def _best_spans(window: Window, start: Floats, end: Floats) -> list[Candidate]:
    """The best few spans of a window, each inside one sentence and with whole brackets, that do not overlap."""
    n = len(window.offsets)
    inside = slice(window.begin, window.begin + n)
    both = start[inside, None] + end[None, inside]
    length = np.arange(n)[None] - np.arange(n)[:, None]
    both[(length < 0) | (length >= ANSWER_TOKENS)] = -np.inf
    article = window.hit.passage.article
    ends = [last for _, last in sentence_offsets(article.text, article.lang)]
    sentence = np.searchsorted(ends, [first for first, _ in window.offsets], side="right")
    both[sentence[:, None] != sentence[None]] = -np.inf
    enclosed = _enclosed([article.text[first:last] for first, last in window.offsets])
    both[enclosed[:-1, None] != enclosed[None, 1:]] = -np.inf
    found = []
    for _ in range(SPANS_PER_WINDOW):
        first, last = np.unravel_index(int(both.argmax()), both.shape)
        if not np.isfinite(both[first, last]):
            break
        margin = float(both[first, last] - start[0] - end[0])
        found.append(Candidate(window.hit, window.offsets[first][0], window.offsets[last][1], margin))
        both[: last + 1, first:] = -np.inf  # all that overlap it
    return found


def _enclosed(tokens: Sequence[str]) -> npt.NDArray[np.int64]:
    """By which pair of brackets one is enclosed before each token, and after the last; that of "a)" is no pair."""
    enclosed, opened, pairs = np.zeros(len(tokens) + 1, np.int64), [], []
    for place, token in enumerate(tokens):
        if "(" in token:
            opened.append(place)
        elif ")" in token and opened:
            pairs.append((opened.pop(), place))
    for begin, end in sorted(pairs):  # the inner ones last
        enclosed[begin + 1 : end + 1] = begin + 1
    return enclosed


def _words_of(candidate: Candidate, asked: Asked, question: Question) -> Offsets:
    """What answers of the candidate.

    Yes or no is decided by a whole sentence: a few words of it would be beside the point.
    """
    if asked == "yes-no":
        return _sentence_of(candidate)
    return candidate.start, candidate.start + len(first_of(asked, _text_of(candidate), question.text))


def _text_of(candidate: Candidate) -> str:
    return candidate.hit.passage.article.text[candidate.start : candidate.end]


def _sentence_of(candidate: Candidate) -> Offsets:
    """The candidate's sentence, as far as its passage goes."""
    passage = candidate.hit.passage
    start, end = sentences_touching(passage.article, candidate.start, candidate.end)
    return max(start, passage.start), min(end, passage.end)


def _in_context(candidate: Candidate) -> str:
    """The candidate's sentence under its article's title, which says what "it" and "the deal" are."""
    start, end = _sentence_of(candidate)
    return replace(candidate.hit.passage, start=start, end=end).searchable


def evidence(article: Article, start: int, end: int) -> str:
    """The sentences that these offsets lie in, and the one before them, which may say what they are about."""
    sentences = sentence_offsets(article.text, article.lang)
    touched = [k for k, (first, last) in enumerate(sentences) if first < end and start < last]
    if not touched:
        return article.text[start:end]
    return article.text[sentences[max(0, touched[0] - 1)][0] : sentences[touched[-1]][1]]


def _overlap(one: Span, other: Span) -> bool:
    same = one.passage.article.id == other.passage.article.id
    return same and one.start < other.end and other.start < one.end


def bundled_reader() -> Path:
    """The folder of the model that comes with Tanya; its card says how it was made."""
    return Path(__file__).parent / "models" / "reader"


def load_reader(settings: Settings, embeddings: Embeddings) -> SpanReader:
    return SpanReader(bundled_reader(), embeddings, settings.threads)
