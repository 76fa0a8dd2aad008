from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from assistant.cite import Each, cite, is_exact
from assistant.records import Article, Passage, Span

EACH: tuple[Each, ...] = get_args(Each)
TEXT = "Satu dua tiga. Empat lima enam. Tujuh delapan."
ONE = Article("one", TEXT)
COPY = Article("copy", TEXT.upper())
OTHER = Article("other", "Tujuh belas.")


def span(article: Article, words: str, probability: float = 0.5) -> Span:
    start = article.text.index(words)
    return Span(Passage(article, 0, len(article.text)), start, start + len(words), probability)


def test_a_span_is_quoted_in_its_sentence() -> None:
    citations = cite([span(ONE, "lima"), span(OTHER, "belas")], most=5, each="article")
    assert [(c.number, c.quote, c.short) for c in citations] == [
        (1, "Empat lima enam.", "lima"),
        (2, "Tujuh belas.", "belas"),
    ]


def test_a_span_over_two_sentences_is_quoted_with_both() -> None:
    assert cite([span(ONE, "tiga. Empat")], most=1, each="article")[0].quote == "Satu dua tiga. Empat lima enam."


def test_one_span_of_each_article_or_of_each_sentence_or_all() -> None:
    spans = [span(ONE, "lima"), span(ONE, "dua"), span(ONE, "enam"), span(OTHER, "belas")]
    assert [c.quote for c in cite(spans, most=5, each="article")] == ["Empat lima enam.", "Tujuh belas."]
    sentences = cite(spans, most=5, each="sentence")
    assert [(c.quote, c.short) for c in sentences] == [
        ("Empat lima enam.", "lima"),
        ("Satu dua tiga.", "dua"),
        ("Tujuh belas.", "belas"),
    ]
    several = cite(spans, most=5, each="span")
    assert [(c.quote, c.short) for c in several] == [
        ("Empat lima enam.", "lima, enam"),
        ("Satu dua tiga.", "dua"),
        ("Tujuh belas.", "belas"),
    ]


def test_what_says_the_same_is_shown_once() -> None:
    assert [c.article.id for c in cite([span(ONE, "lima"), span(COPY, "LIMA")], most=5, each="article")] == ["one"]
    twice = Article("twice", "Su-30 dan su-30 tiba.")
    assert cite([span(twice, "Su-30"), span(twice, "su-30")], most=5, each="span")[0].short == "Su-30"


def test_no_more_than_asked_for_and_none_from_nothing() -> None:
    spans = [span(ONE, "dua"), span(ONE, "lima"), span(ONE, "delapan")]
    assert [c.number for c in cite(spans, most=2, each="span")] == [1, 2]
    assert cite([], most=3, each="article") == ()


def test_a_citation_is_exact_only_in_the_article_it_was_cut_from() -> None:
    citation = cite([span(ONE, "dua")], most=1, each="article")[0]
    assert is_exact(citation, ONE)
    assert not is_exact(citation, COPY)
    assert not is_exact(citation, Article("one", "x" + TEXT))
    assert not is_exact(citation, None)


@given(
    st.lists(st.tuples(st.integers(0, 45), st.integers(1, 20)), max_size=12), st.integers(1, 5), st.sampled_from(EACH)
)
def test_citations_never_overlap_and_are_numbered_without_gaps(
    places: list[tuple[int, int]], most: int, each: Each
) -> None:
    passage = Passage(ONE, 0, len(TEXT))
    spans = [Span(passage, start, min(start + length, len(TEXT)), 0.5) for start, length in places]
    citations = cite(spans, most, each)
    assert [c.number for c in citations] == list(range(1, len(citations) + 1))
    assert len(citations) <= most
    assert all(is_exact(c, ONE) for c in citations)
    assert all("".join(text for text, _ in c.pieces) == c.quote for c in citations)
    for one in citations:
        for other in citations:
            assert one is other or one.end <= other.start or other.end <= one.start
