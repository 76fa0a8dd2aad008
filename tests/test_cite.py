from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.cite import cite, is_exact
from assistant.records import Article, Passage, Span

TEXT = "Satu dua tiga. Empat lima enam. Tujuh delapan."
ONE = Article("one", TEXT)
COPY = Article("copy", TEXT.upper())


def span(article: Article, start: int, end: int) -> Span:
    return Span(Passage(article, 0, len(article.text)), start, end, 0.5)


def test_numbers_follow_the_order_of_the_spans() -> None:
    citations = cite([span(ONE, 15, 31), span(ONE, 0, 14)], most=5)
    assert [(c.number, c.quote) for c in citations] == [(1, "Empat lima enam."), (2, "Satu dua tiga.")]


def test_overlapping_and_repeated_quotations_count_once() -> None:
    citations = cite([span(ONE, 0, 14), span(ONE, 5, 20), span(COPY, 0, 14), span(ONE, 32, 46)], most=5)
    assert [c.quote for c in citations] == ["Satu dua tiga.", "Tujuh delapan."]


def test_no_more_than_asked_for_and_none_from_nothing() -> None:
    assert [c.number for c in cite([span(ONE, 0, 4), span(ONE, 5, 8), span(ONE, 9, 13)], most=2)] == [1, 2]
    assert cite([], most=3) == ()


def test_a_citation_is_exact_only_in_the_article_it_was_cut_from() -> None:
    citation = cite([span(ONE, 0, 14)], most=1)[0]
    assert is_exact(citation, ONE)
    assert not is_exact(citation, COPY)
    assert not is_exact(citation, Article("one", "x" + TEXT))
    assert not is_exact(citation, None)


@given(st.lists(st.tuples(st.integers(0, 45), st.integers(1, 20)), max_size=12), st.integers(1, 5))
def test_citations_never_overlap_and_are_numbered_without_gaps(places: list[tuple[int, int]], most: int) -> None:
    citations = cite([span(ONE, start, min(start + length, 46)) for start, length in places], most)
    assert [c.number for c in citations] == list(range(1, len(citations) + 1))
    assert len(citations) <= most
    assert all(is_exact(c, ONE) for c in citations)
    for one in citations:
        for other in citations:
            assert one is other or one.span.end <= other.span.start or other.span.end <= one.span.start
