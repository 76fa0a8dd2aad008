from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.embed import SentenceEncoder
from assistant.reader import SIGNALS, SentenceReader
from assistant.records import Article, Hit, Passage, Question

TEXT = "Kereta cepat Whoosh diresmikan pada 2 Oktober 2023. Kereta itu biru. Presiden hadir di Halim."
ARTICLE = Article("w", TEXT, title="Whoosh", lang="id")


def hit(article: Article, start: int, end: int, rank: int = 1) -> Hit:
    return Hit(Passage(article, start, end), 0.5, rank, 0.5, 0.5)


def test_the_sentence_that_answers_is_the_most_probable(encoder: SentenceEncoder) -> None:
    spans = SentenceReader(encoder).read(Question("Kapan Whoosh diresmikan?", "id"), [hit(ARTICLE, 0, len(TEXT))])
    assert spans[0].text == "Kereta cepat Whoosh diresmikan pada 2 Oktober 2023."
    assert len(spans) == 3
    assert [span.probability for span in spans] == sorted((s.probability for s in spans), reverse=True)


def test_a_sentence_of_two_passages_is_read_once(encoder: SentenceEncoder) -> None:
    hits = [hit(ARTICLE, 0, 68, 1), hit(ARTICLE, 52, len(TEXT), 2)]
    spans = SentenceReader(encoder).read(Question("Apa warnanya?", "id"), hits)
    assert sorted(span.start for span in spans) == [0, 52, 69]


def test_a_hopeless_passage_is_not_read(encoder: SentenceEncoder) -> None:
    good, hopeless = hit(ARTICLE, 0, 51), replace(hit(ARTICLE, 52, len(TEXT), 2), score=0.2)
    spans = SentenceReader(encoder).read(Question("Apa warnanya?", "id"), [good, hopeless])
    assert [span.start for span in spans] == [0]


def test_no_hits_no_spans(encoder: SentenceEncoder) -> None:
    assert SentenceReader(encoder).read(Question("Kapan?", "id"), []) == []


@pytest.mark.parametrize(
    ("question", "sentence", "kind"),
    [
        ("How many people died?", "The quake killed 62 people.", 1.0),
        ("How many people died?", "The quake struck at noon.", -3.0),
        ("Berapa korban?", "Dua orang luka.", 1.0),
        ("How many came?", "They came on 3 May 2021.", -3.0),
        ("When did they come?", "They came on 3 May 2021.", 1.0),
        ("Kapan mereka tiba?", "Mereka tiba bulan Agustus 2022.", 1.0),
        ("Kapan mereka tiba?", "Mereka tiba dengan 12 kapal.", -3.0),
        ("Where was it built?", "It was built in Surabaya.", 1.0),
        ("Di mana dibangun?", "Kapal itu dibangun dua tahun.", -1.0),
        ("Who came?", "Sergei Shoigu came.", 1.0),
        ("Siapa yang hadir?", "Presiden hadir.", -1.0),
        ("Mengapa ditunda?", "Ditunda karena hujan.", 1.0),
        ("What is RCEP?", "RCEP is a trade agreement.", -1.0),
        ("What jets did Myanmar buy?", "Last year Myanmar bought the Su-30.", 1.0),
        ("Who met Sergei Shoigu?", "Sergei Shoigu came.", -1.0),
        ("How many jets did it buy?", "It bought the Su-30 and the S-1.", -3.0),
        ("How much did the jets cost?", "It bought 6 jets of the type Su-30.", -3.0),
        ("Berapa harga jet itu?", "Harganya 400 juta dolar AS.", 1.0),
        ("How did it end?", "It ended well.", 0.0),
    ],
)
def test_a_sentence_fits_the_kind_of_question_or_not(
    encoder: SentenceEncoder, question: str, sentence: str, kind: float
) -> None:
    article = Article("x", sentence, lang="en")
    (candidate,) = SentenceReader(encoder).candidates(Question(question, "en"), [hit(article, 0, len(sentence))])
    assert candidate.signals[SIGNALS.index("kind")] == kind


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=200).filter(str.strip), st.text(max_size=50))
def test_promise_1_spans_are_cut_out_of_the_article(text: str, question: str) -> None:
    from langchain_core.embeddings import DeterministicFakeEmbedding

    article = Article("x", text, lang="en")
    spans = SentenceReader(DeterministicFakeEmbedding(size=8)).read(
        Question(question, "en"), [hit(article, 0, len(text))]
    )
    assert all(article.text[span.start : span.end] == span.text for span in spans)
    assert "".join("".join(span.text for span in sorted(spans, key=lambda s: s.start)).split()) == "".join(text.split())
