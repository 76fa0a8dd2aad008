from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.chunk import SentenceSplitter
from assistant.clean import clean
from assistant.config import Settings
from assistant.embed import load_encoder
from assistant.errors import ReaderError, ReadError
from assistant.read import read
from assistant.reader import (
    JUDGED,
    QUESTION_TOKENS,
    SIGNALS,
    SPANS_PER_WINDOW,
    TITLE_TOKENS,
    SpanReader,
    _enclosed,
    bundled_reader,
    evidence,
    load_reader,
)
from assistant.records import Article, Comparison, Hit, Lang, Passage, Question
from tests.conftest import ROOT

TEXT = "Kereta cepat Whoosh diresmikan pada 2 Oktober 2023. Kereta itu biru. Presiden hadir di Halim."
ARTICLE = Article("w", TEXT, title="Whoosh", lang="id")
WHEN = Question("Kapan Whoosh diresmikan?", "id")


@pytest.fixture(scope="module")
def reader() -> SpanReader:
    return load_reader(Settings(), load_encoder(Settings()))


def hit(article: Article, start: int = 0, end: int | None = None, rank: int = 1) -> Hit:
    return Hit(Passage(article, start, len(article.text) if end is None else end), 0.5, rank, 0.6, 0.4)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (WHEN, "2 Oktober 2023"),
        (Question("When was Whoosh inaugurated?", "en"), "2 Oktober 2023"),
        (Question("Siapa yang hadir di Halim?", "id"), "Presiden"),
    ],
)
def test_the_words_that_answer_are_the_most_probable(reader: SpanReader, question: Question, answer: str) -> None:
    spans = reader.read(question, [hit(ARTICLE)])
    assert spans[0].text == answer
    assert spans[0].probability > 0.5
    assert [span.probability for span in spans] == sorted((s.probability for s in spans), reverse=True)


def test_what_a_passage_does_not_say_is_improbable(reader: SpanReader) -> None:
    dead = reader.read(Question("Siapa yang tewas dalam gempa di Cianjur?", "id"), [hit(ARTICLE)])
    assert dead[0].probability < 0.3 < reader.read(WHEN, [hit(ARTICLE)])[0].probability
    assert reader.read(Question("Berapa jumlah korban gempa di Cianjur?", "id"), [hit(ARTICLE)]) == []


def test_a_passage_is_read_under_its_own_offsets_in_the_article(reader: SpanReader) -> None:
    before = "Hujan turun di Bogor. " * 3
    article = replace(ARTICLE, text=before + TEXT)
    span = reader.read(WHEN, [hit(article, len(before))])[0]
    assert (span.start, span.text) == (len(before) + TEXT.index("2 Oktober"), "2 Oktober 2023")


def test_a_passage_is_read_under_its_title_and_never_answered_from_it(reader: SpanReader) -> None:
    article = Article("m", "Menara itu selesai dibangun pada 2019.", title="Menara Kaca di Bandung", lang="id")
    titled = reader._windows([1, 2], hit(article))
    plain = reader._windows([1, 2], hit(replace(article, title="")))
    for window, before in ((next(titled), "menara kaca di bandung."), (next(plain), "")):
        tokenizer = reader._model.layers.tokenizer
        assert tokenizer.decode(window.ids[window.second : window.begin]) == before
        assert tokenizer.decode(window.ids[window.begin : -1]) == "menara itu selesai dibangun pada 2019."
        assert (window.second, window.offsets[0], window.offsets[-1]) == (2, (0, 6), (37, 38))


def test_a_long_title_is_cut(reader: SpanReader) -> None:
    window = next(reader._windows([1, 2], hit(replace(ARTICLE, title="Kereta cepat " * 60))))
    assert (window.second, window.begin) == (2, 2 + TITLE_TOKENS)


def test_a_long_passage_is_read_to_its_end(reader: SpanReader) -> None:
    article = replace(ARTICLE, text="Hujan turun di Bogor sepanjang hari. " * 60 + TEXT)
    assert reader.read(WHEN, [hit(article)])[0].text == "2 Oktober 2023"


def test_what_a_passage_scores_does_not_depend_on_the_others(reader: SpanReader) -> None:
    other = Article("o", "Semeru meletus pada 4 Desember 2021. " * 5, title="Semeru", lang="id")
    alone = reader.read(WHEN, [hit(ARTICLE)])
    beside = reader.read(WHEN, [hit(ARTICLE), hit(other, rank=2)])
    own = [span for span in beside if span.passage.article.id == "w"]
    assert [(span.start, span.end) for span in own] == [(span.start, span.end) for span in alone]
    assert [span.probability for span in own] == pytest.approx([span.probability for span in alone], abs=1e-6)


def test_a_hopeless_passage_is_not_read(reader: SpanReader) -> None:
    good, hopeless = hit(ARTICLE, 0, 51), replace(hit(ARTICLE, 52, rank=2), score=0.2)
    assert {span.passage.start for span in reader.read(WHEN, [good, hopeless])} == {0}


def test_an_unrelated_passage_is_not_read(reader: SpanReader) -> None:
    assert reader.read(WHEN, [replace(hit(ARTICLE), vector_score=0.2)]) == []


def test_a_sum_of_money_needs_a_currency(reader: SpanReader) -> None:
    jets = Article("j", "Myanmar membeli 30 jet. Harganya 400 juta dolar AS.", lang="id")
    asked = Question("How much did Myanmar pay for the jets?", "en")
    assert reader.read(asked, [hit(jets)])[0].text == "400 juta dolar AS"
    assert reader.read(asked, [hit(jets, 0, 23)]) == []


def test_an_article_that_never_mentions_what_others_do_is_less_probable(reader: SpanReader) -> None:
    other = Article("p", "Pelantikan presiden dijadwalkan pada 30 Juni 2022.", title="Presiden terpilih", lang="id")
    translated = replace(other, text="The inauguration is set for 30 June 2022.", lang="en")
    signals = {c.hit.passage.article.id: c for c in reader.candidates(WHEN, [hit(ARTICLE), hit(other, rank=2)])}
    assert (signals["w"].named, signals["w"].mentioned) == (1, 1)
    assert (signals["p"].named, signals["p"].mentioned) == (0, 0)
    # Where no passage in a language has the name it may be spelt otherwise there.
    signals = {c.hit.passage.article.id: c for c in reader.candidates(WHEN, [hit(ARTICLE), hit(translated, rank=2)])}
    assert (signals["p"].named, signals["p"].mentioned) == (0, 1)
    # A later passage of an article that has it elsewhere is about it, too.
    article = Article("l", "Kereta Whoosh diresmikan pada 2 Oktober 2023. Uji coba mulai pada September.", lang="id")
    both = reader.candidates(WHEN, [hit(article, 0, 45), hit(article, 46, rank=2)])
    assert {(c.hit.passage.start, c.named, c.mentioned) for c in both} == {(0, 1, 1), (46, 0, 1)}


def test_yes_or_no_is_answered_by_a_whole_sentence(reader: SpanReader) -> None:
    text = "The vote was held in June. The resolution does not impose an embargo on Myanmar. Delegates then left."
    article = Article("a", text, lang="en")
    spans = reader.read(Question("Did the resolution impose an embargo on Myanmar?", "en"), [hit(article)])
    assert spans[0].text == "The resolution does not impose an embargo on Myanmar."
    assert len({(span.start, span.end) for span in spans}) == len(spans)


@pytest.mark.parametrize(
    ("question", "lang", "text", "yes"),
    [
        ("Did the resolution impose an embargo on Myanmar?", "en", "The resolution does not impose an embargo.", False),
        ("Did the resolution impose an embargo on Myanmar?", "en", "The resolution imposed an arms embargo.", True),
        ("Apakah kapal itu sudah tiba di Surabaya?", "id", "Kapal itu belum tiba di Surabaya.", False),
        ("Apakah kapal itu sudah tiba di Surabaya?", "id", "Kapal itu tiba di Surabaya kemarin.", True),
        ("Apakah kapal itu sudah tiba di Surabaya?", "id", "The ship has not yet reached Surabaya.", False),
    ],
)
def test_a_plain_sentence_says_yes_or_no(reader: SpanReader, question: str, lang: Lang, text: str, yes: bool) -> None:
    said = reader.read(Question(question, lang), [hit(Article("a", text, lang="en" if "The " in text else "id"))])[
        0
    ].yes
    assert said is not None
    assert (said > 0.5) is yes


def test_only_the_likeliest_spans_of_a_question_for_yes_or_no_are_judged(reader: SpanReader) -> None:
    assert {span.yes for span in reader.read(WHEN, [hit(ARTICLE)])} == {None}
    many = Article("a", " ".join(f"Kapal {n} tiba di Surabaya pada hari ke-{n}." for n in range(1, 9)), lang="id")
    spans = reader.read(Question("Apakah kapal 3 tiba di Surabaya?", "id"), [hit(many, 0, 90), hit(many, 91, rank=2)])
    assert len(spans) > JUDGED
    assert [span.yes is not None for span in spans] == [n < JUDGED for n in range(len(spans))]


def test_yes_or_no_is_told_from_the_sentence_and_the_one_before_it() -> None:
    article = Article("a", "Rain fell. The vote was held. It failed.\n\nThey left.", lang="en")
    failed = article.text.index("failed")
    assert evidence(article, failed, failed + 6) == "The vote was held. It failed."
    assert evidence(article, 0, 4) == "Rain fell."
    assert evidence(article, 0, failed + 6) == "Rain fell. The vote was held. It failed."
    assert evidence(article, 40, 42) == "\n\n"


def test_no_hits_no_spans(reader: SpanReader) -> None:
    assert reader.read(WHEN, []) == []


def test_a_long_question_is_shortened_with_a_notice(reader: SpanReader) -> None:
    assert reader.fit(WHEN) is WHEN
    long = Question("Kapan kereta cepat diresmikan oleh presiden? " * 20, "id")
    fitted = reader.fit(long)
    assert long.text.startswith(fitted.text)
    assert fitted.notices == (f"Pertanyaan Anda panjang: saya mencari dengan {len(fitted.text)} karakter pertamanya.",)
    assert len(reader._encode(fitted.text)[0]) == QUESTION_TOKENS


def test_a_folder_without_a_reader_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"reader in .* cannot be loaded"):
        SpanReader(tmp_path, load_encoder(Settings())).read(WHEN, [hit(ARTICLE)])
    (tmp_path / "tokenizer.json").write_bytes((bundled_reader() / "tokenizer.json").read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"not a model")
    with pytest.raises(ReaderError, match=r"reader in .* cannot be loaded"):
        SpanReader(tmp_path, load_encoder(Settings())).fit(WHEN)


def test_a_reader_without_its_calibration_is_a_clear_error(tmp_path: Path) -> None:
    for name in ("tokenizer.json", "model.safetensors"):
        (tmp_path / name).symlink_to(bundled_reader() / name)
    with pytest.raises(ReaderError, match="calibration"):
        SpanReader(tmp_path, load_encoder(Settings())).read(WHEN, [hit(ARTICLE)])


def test_the_calibration_names_every_signal() -> None:
    weights = json.loads((bundled_reader() / "calibration.json").read_text())
    assert set(weights) == {"bias", *SIGNALS}
    assert all(weights.values())


PASSAGES = [
    passage
    for item in read([ROOT / "corpus" / "articles"])
    if not isinstance(item, ReadError)
    for passage in SentenceSplitter().passages(clean(item))
]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(PASSAGES), min_size=1, max_size=4), st.text(min_size=1, max_size=80))
def test_promise_1_spans_are_cut_out_of_the_articles_of_the_corpus(passages: list[Passage], question: str) -> None:
    hits = [Hit(passage, 0.5, rank, 0.5) for rank, passage in enumerate(passages, start=1)]
    spans = SHARED.read(Question(question, "en"), hits)
    assert spans
    for span in spans:
        assert span.passage in passages
        assert span.passage.article.text[span.start : span.end] == span.text
        assert 0.0 <= span.probability <= 1.0
    for one in spans:
        for other in spans:
            apart = one.passage.article.id != other.passage.article.id
            assert one is other or apart or one.end <= other.start or other.end <= one.start


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=200).filter(str.strip), st.text(max_size=50))
def test_any_text_can_be_read(text: str, question: str) -> None:
    spans = SHARED.read(Question(question, "id"), [hit(Article("any", text))])
    assert len(spans) <= SPANS_PER_WINDOW
    assert all(text[span.start : span.end] == span.text for span in spans)


SHARED = load_reader(Settings(), load_encoder(Settings()))


BRACKETS = st.sampled_from(["pada (28/8)", "di Aceh (dulu (lama) NAD)", "a) jet", "pukul 08.30", "(TNI)"])


@settings(max_examples=25, deadline=None)
@given(st.lists(BRACKETS, min_size=2))
def test_a_span_has_whole_brackets(parts: list[str]) -> None:
    text = f"Baku tembak terjadi {', '.join(parts)}"
    for span in SHARED.read(Question("Kapan baku tembak itu terjadi?", "id"), [hit(Article("b", text))]):
        paired = re.sub(r"\ba\)", "", span.text)
        assert paired.count("(") == paired.count(")")
        assert paired.find("(") <= paired.find(")")


def test_brackets_are_paired() -> None:
    tokens = "1 ) a ( b ( c ) d ) ( e".split()
    assert _enclosed(tokens).tolist() == [0, 0, 0, 0, 4, 4, 6, 6, 4, 4, 0, 0, 0]


def test_each_side_of_a_comparison_has_a_span_of_its_own(reader: SpanReader) -> None:
    dates = Article("d", "Gempa pertama terjadi pada 2018. Banjir besar datang pada 2021.", title="Bencana", lang="id")
    weighs = Comparison(("gempa", "banjir"), ("Kapan gempa?", "Kapan banjir?"), least=True)
    question = Question("Mana yang lebih dulu, gempa atau banjir?", "id", weighs=weighs)
    assert [span.text for span in reader.read_sides(question, [hit(dates)])] == ["2018", "2021"]
    assert reader.read_sides(question, []) == ()
