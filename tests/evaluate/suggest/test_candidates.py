from __future__ import annotations

import pytest

from assistant.chunk import sentence_offsets
from assistant.evaluate.check import check
from assistant.evaluate.questions import TestQuestion
from assistant.evaluate.suggest.candidates import candidates, in_turn
from assistant.read import read
from assistant.records import Article
from tests.conftest import ROOT

# Says that these are names and people, so that each case can be one sentence.
ENGLISH = (
    "We saw Jakarta, Manila, Malaysia, Vietnam, the BrahMos, the Philippines, Pope Francis and President Joko Widodo."
)
INDONESIAN = "Kami melihat Jakarta, Manila, Papua, Gempa Palu, TNI, Rusia, Paus Fransiskus, dan Presiden Joko Widodo."


def asked(sentence: str, lang: str) -> list[tuple[str, str, str]]:
    """Kind, question and best answer of what a sentence gives."""
    text = f"{ENGLISH if lang == 'en' else INDONESIAN} {sentence}"
    return [(one.tags[0], one.question, one.answers[0]) for one in candidates(Article("a", text, lang=lang))]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "The Philippines signed a contract on 28 January 2022 for the BrahMos, a missile.",
            [("when", "When did the Philippines sign a contract for the BrahMos?", "28 January 2022")],
        ),
        (
            "On 9 September the bridge of Manila broke, and cars fell.",
            [("when", "When did the bridge of Manila break?", "9 September")],
        ),
        (
            "President Joko Widodo opened the new port in Jakarta on 3 May 2021.",
            [
                ("when", "When did President Joko Widodo open the new port in Jakarta?", "3 May 2021"),
                ("who", "Who opened the new port in Jakarta on 3 May 2021?", "Joko Widodo"),
                ("where", "Where did President Joko Widodo open the new port on 3 May 2021?", "Jakarta"),
            ],
        ),
        (
            "Malaysia bought 18 jet aircraft from Vietnam.",
            [("how-many", "How many jet aircraft did Malaysia buy from Vietnam?", "18")],
        ),
        (
            "Two ships were sent to Manila.",
            [("how-many", "How many ships were sent to Manila?", "Two")],
        ),
        (
            "Joko Widodo had spent six days in Manila.",
            [
                ("who", "Who had spent six days in Manila?", "Joko Widodo"),
                ("how-many", "How many days did Joko Widodo spend in Manila?", "six"),
            ],
        ),
        (
            "More than 700 houses were damaged in Manila.",
            [("how-many", "How many houses were damaged in Manila?", "More than 700")],
        ),
        (
            "The BrahMos contract is worth about 375 million US dollars and makes news.",
            [("how-many", "How much is the BrahMos contract worth?", "about 375 million US dollars")],
        ),
        (
            "Vietnam paid $40 million for the ships of Manila.",
            [("how-many", "How much did Vietnam pay for the ships of Manila?", "$40 million")],
        ),
        (
            "Malaysia had closed the border with Vietnam because the flood had broken a dam.",
            [("why", "Why did Malaysia close the border with Vietnam?", "the flood had broken a dam")],
        ),
    ],
)
def test_english_sentences(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert asked(sentence, "en") == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Presiden Joko Widodo meresmikan pelabuhan di Manila pada Senin, 3 Mei 2021, lalu pulang.",
            [
                ("when", "Kapan Presiden Joko Widodo meresmikan pelabuhan di Manila?", "3 Mei 2021"),
                ("who", "Siapa yang meresmikan pelabuhan di Manila pada Senin, 3 Mei 2021?", "Joko Widodo"),
                ("where", "Di mana Presiden Joko Widodo meresmikan pelabuhan pada Senin, 3 Mei 2021?", "Manila"),
            ],
        ),
        (
            "Paus Fransiskus tiba di Jakarta pada Selasa (27/5/2025).",
            [
                ("when", "Kapan Paus Fransiskus tiba di Jakarta?", "27/5/2025"),
            ],
        ),
        (
            "Pada 2021 Jakarta menerima bantuan dari Rusia.",
            [("when", "Kapan Jakarta menerima bantuan dari Rusia?", "2021")],
        ),
        (
            "TNI mengerahkan delapan kapal perang ke Papua.",
            [("how-many", "Berapa kapal perang yang dikerahkan TNI ke Papua?", "delapan")],
        ),
        ("Sebanyak 78 korban dirawat di Manila.", [("how-many", "Berapa korban yang dirawat di Manila?", "78")]),
        (
            "Jumlah korban gempa di Papua bertambah menjadi 34 orang.",
            [("how-many", "Berapa jumlah korban gempa di Papua?", "34 orang")],
        ),
        (
            "Kontrak Rusia bernilai sekitar 1,14 miliar dolar AS.",
            [("how-many", "Berapa nilai kontrak Rusia?", "sekitar 1,14 miliar dolar AS")],
        ),
        (
            "Fransiskus adalah paus ketiga yang datang ke Manila.",
            [("who", "Siapa paus ketiga yang datang ke Manila?", "Fransiskus")],
        ),
        (
            "Data dari Papua belum lengkap karena listrik padam.",
            [("why", "Mengapa data dari Papua belum lengkap?", "listrik padam")],
        ),
    ],
)
def test_indonesian_sentences(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert asked(sentence, "id") == expected


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("It was signed in Jakarta on 3 May 2021.", "en"),  # what was?
        ("The deal was signed on 3 May 2021 in Jakarta.", "en"),  # which?
        ("More than 700 houses were damaged.", "en"),  # where?
        ("Malaysia followed on Monday.", "en"),
        ("“Vietnam bought 18 jet aircraft on 3 May 2021,” said Joko Widodo.", "en"),
        ("Jakarta, Manila and Vietnam signed it on 3 May 2021.", "en"),
        ("Vietnam announced on 3 May 2021.", "en"),
        ("Perjanjian itu ditandatangani di Jakarta pada 3 Mei 2021.", "id"),
        ("Ia tiba di Jakarta pada 3 Mei 2021.", "id"),
        ("Namun, Jakarta diam karena Manila diam.", "id"),
        ("JAKARTA - Rusia membeli 18 kapal dari TNI.", "id"),
        ("Joko Widodo menyatakan pada 3 Mei 2021.", "id"),
        ("Manila mengunjungi Jakarta pada Senin.", "id"),
    ],
)
def test_what_only_a_reader_of_the_article_would_understand_is_not_asked(sentence: str, lang: str) -> None:
    assert asked(sentence, lang) == []


def test_an_article_in_a_third_language_gives_none() -> None:
    assert list(candidates(Article("a", "Il presidente Joko Widodo arriva nel 2021.", lang="it"))) == []


def corpus() -> list[Article]:
    return [one for one in read([ROOT / "corpus" / "articles"]) if isinstance(one, Article)]


def test_over_the_corpus_every_question_passes_the_check_and_quotes_a_whole_sentence() -> None:
    articles = {article.id: article for article in corpus()}
    found = list(in_turn(articles.values()))
    assert len(found) > 100
    assert check(found, articles.get) == []
    for question in found:
        ((article, quote),) = [(articles[quote.article], quote.quote) for quote in question.quotes]
        sentences = [article.text[start:end] for start, end in sentence_offsets(article.text, article.lang)]
        assert quote in sentences
        assert question.tags[1:] == (f"{article.lang}-{article.lang}", "suggested")
        assert set(question.answers) == {answer for answer in question.answers if answer in quote}


def test_the_same_articles_give_the_same_questions() -> None:
    assert list(in_turn(corpus()[:30])) == list(in_turn(corpus()[:30]))


def test_articles_take_turns_and_kinds_too() -> None:
    text = (
        "We saw Jakarta and President Joko Widodo. President Joko Widodo opened the port in Jakarta on 3 May 2021."
        " Jakarta had bought 40 buses from Manila."
    )
    both = [Article("a", text, lang="en"), Article("b", text.replace("Jakarta", "Manila"), lang="en")]
    turns: list[TestQuestion] = list(in_turn(both))
    assert [one.articles[0] for one in turns[:4]] == ["a", "b", "a", "b"]
    assert [one.tags[0] for one in turns[:4]] == ["when", "who", "where", "how-many"]
    assert len({one.question for one in turns}) == len(turns)
