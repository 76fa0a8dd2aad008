from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import reduce
from operator import add

import pytest

from assistant.answer import compose, compose_comparison
from assistant.records import Answer, Article, Comparison, Hit, Lang, Passage, Question, Span

SEMERU = Article("s", "Semeru meletus. Abu turun.", title="Semeru", date=dt.date(2021, 12, 4), lang="id")
ASH = Article("a", "Ash fell on eleven villages.", title="Ash", lang="en")


def span(article: Article, quote: str, probability: float) -> Span:
    start = article.text.index(quote)
    return Span(Passage(article, 0, len(article.text)), start, start + len(quote), probability)


def answer(lang: Lang, spans: list[Span], text: str = "?a", most: int = 3, at_least: float = 0.5) -> Answer:
    hits = [Hit(s.passage, 0.5, rank) for rank, s in enumerate(spans, start=1)]
    return reduce(add, compose(Question(text, lang), hits, spans, at_least, most))


def test_the_best_sentence_of_each_article_is_introduced_by_its_title_and_date() -> None:
    spans = [span(SEMERU, "Semeru meletus.", 0.9), span(ASH, ASH.text, 0.8), span(SEMERU, "Abu turun.", 0.7)]
    assert answer("en", spans).text == (
        "According to Semeru (4 December 2021): “Semeru meletus.” [1]\n\n"
        "Also in Ash: “Ash fell on eleven villages.” [2]"
    )
    assert answer("id", spans[:1]).text == "Menurut Semeru (4 Desember 2021): “Semeru meletus.” [1]"


def test_what_is_too_improbable_is_not_shown() -> None:
    found = answer("en", [span(SEMERU, "Semeru meletus.", 0.9), span(ASH, ASH.text, 0.4)])
    assert [c.quote for c in found.citations] == ["Semeru meletus."]
    assert found.probability == 0.9


def test_a_weak_second_quotation_does_not_dilute_a_strong_first_one() -> None:
    found = answer("en", [span(SEMERU, "Semeru meletus.", 0.99), span(ASH, ASH.text, 0.52)])
    assert [c.quote for c in found.citations] == ["Semeru meletus."]


def toll(id: str, text: str, day: int) -> Article:
    return Article(id, text, title=id, date=dt.date(2022, 11, day), lang="en")


def test_different_numbers_are_shown_as_a_disagreement_newest_first() -> None:
    early, late = toll("early", "At least 62 people died.", 21), toll("late", "The toll is 162 dead.", 22)
    spans = [span(early, "62", 0.9), span(late, "162", 0.8)]
    found = answer("en", spans, text="How many people died?")
    assert found.statements[0].lead == "The articles give different answers; the newest comes first."
    assert [(c.number, c.short, c.article.id) for c in found.citations] == [(1, "162", "late"), (2, "62", "early")]
    same = answer("en", [span(early, "62 people", 0.9), span(toll("b", "It killed 62.", 23), "62", 0.8)], "How many?")
    assert [c.article.id for c in same.citations] == ["early", "b"]


def test_what_was_asked_of_a_day_is_answered_from_that_day_first() -> None:
    early, late = toll("early", "At least 62 people died.", 21), toll("late", "The toll is 162 dead.", 22)
    spans = [span(early, "62", 0.9), span(late, "162", 0.8)]
    found = answer("en", spans, text="How many people had died by 21 November 2022?")
    assert found.statements[0].lead == "The articles give different answers."
    assert [c.article.id for c in found.citations] == ["early", "late"]


def test_a_list_may_take_several_sentences_of_one_article() -> None:
    arms = Article("arms", "They bought the Su-30. They bought the Pantsir, too.", title="Arms", lang="en")
    spans = [span(arms, "Su-30", 0.9), span(arms, "Pantsir", 0.8)]
    assert [c.short for c in answer("en", spans, text="What weapons did they buy?").citations] == ["Su-30", "Pantsir"]
    assert [c.short for c in answer("en", spans, text="Why did they buy it?").citations] == ["Su-30"]


def test_further_words_of_one_article_do_not_name_it_again() -> None:
    arms = Article("arms", "They bought the Su-30. They bought the Pantsir, too.", title="Arms", lang="en")
    spans = [span(arms, "Su-30", 0.9), span(arms, "Pantsir", 0.8), span(ASH, "Ash", 0.7)]
    assert [one.lead for one in answer("en", spans, text="What weapons did they buy?").statements] == [
        "According to Arms:",
        "The article also says:",
        "Also in Ash:",
    ]
    assert answer("id", spans, text="Senjata apa saja?").statements[1].lead == "Artikel itu juga menulis:"


def test_where_it_is_not_sure_it_says_so_and_shows_what_else_comes_close() -> None:
    spans = [
        span(SEMERU, "Semeru", 0.4),
        span(SEMERU, "meletus", 0.38),
        span(SEMERU, "turun", 0.3),
        span(ASH, "eleven", 0.21),
        span(toll("t", "It killed 62.", 23), "62", 0.19),
    ]
    found = answer("en", spans, at_least=0.2)
    assert found.text == (
        "I am not sure. The closest is in Semeru (4 December 2021): “Semeru meletus.” [1]\n\n"
        "The article also says: “Abu turun.” [2]\n\n"
        "See also Ash: “Ash fell on eleven villages.” [3]"
    )
    assert found.short == "Semeru"  # the best words alone, not all that its sentence may hold
    assert answer("id", spans, at_least=0.2).statements[0].lead == (
        "Saya kurang yakin. Yang paling mendekati ada dalam Semeru (4 Desember 2021):"
    )
    assert not answer("en", spans, at_least=0.41).found


def test_beside_an_answer_that_is_sure_but_not_clear_stands_what_else_it_might_be() -> None:
    early, late = toll("early", "At least 62 people died. Roads broke.", 21), toll("late", "The toll is 162 dead.", 22)
    spans = [span(early, "62", 0.7), span(early, "Roads", 0.5), span(late, "162", 0.4)]
    found = answer("en", spans, text="How many died?", at_least=0.2)
    assert [statement.lead for statement in found.statements] == [
        "According to early (21 November 2022):",
        "The article also says:",
        "See also late (22 November 2022):",
    ]
    clear = [replace(spans[0], probability=0.85), *spans[1:]]
    assert len(answer("en", clear, text="How many died?", at_least=0.2).citations) == 1


@pytest.mark.parametrize(("best", "quoted"), [(0.45, 4), (0.7, 4), (0.9, 3)])
def test_a_clear_answer_has_fewer_quotations(best: float, quoted: int) -> None:
    articles = [toll(f"a{k}", f"Village {k} has a road.", 21) for k in range(6)]
    spans = [span(article, article.text, best - k / 100) for k, article in enumerate(articles)]
    assert len(answer("en", spans, text="Which village?", most=4, at_least=0.2).citations) == quoted


def test_of_two_numbers_the_newer_comes_first_and_what_else_it_might_be_last() -> None:
    early, late = toll("early", "At least 62 people died.", 21), toll("late", "The toll is 162 dead.", 22)
    newest = toll("newest", "There are 3 roads.", 23)
    spans = [span(early, "62", 0.7), span(late, "162", 0.6), span(newest, "3", 0.4)]
    found = answer("en", spans, text="How many died?", at_least=0.2)
    assert [(c.number, c.short) for c in found.citations] == [(1, "162"), (2, "62"), (3, "3")]
    assert found.statements[-1].lead == "See also newest (23 November 2022):"


def test_what_is_not_sure_is_not_called_a_disagreement() -> None:
    early, late = toll("early", "At least 62 people died.", 21), toll("late", "The toll is 162 dead.", 22)
    found = answer("en", [span(early, "62", 0.45), span(late, "162", 0.4)], text="How many died?", at_least=0.2)
    assert [c.short for c in found.citations] == ["62", "162"]
    assert found.statements[0].lead == "I am not sure. The closest is in early (21 November 2022):"


def test_it_says_when_it_finds_nothing() -> None:
    unsure = [span(SEMERU, "Semeru meletus.", 0.3)]
    assert answer("en", unsure).text == "I find nothing about this in the articles."
    assert answer("id", unsure).text == "Saya tidak menemukan apa pun tentang ini dalam artikel-artikel yang ada."
    assert not answer("en", unsure).found
    assert answer("en", unsure).hits[0].passage.article == SEMERU


def test_it_says_when_there_is_nothing_to_search_or_to_ask() -> None:
    assert answer("en", []).text == "There are no articles in this index yet."
    assert answer("en", [], text="").text == "I can't find a question there. Ask me something about the articles."


def test_the_answer_comes_in_pieces_hits_first() -> None:
    spans = [span(SEMERU, "Semeru meletus.", 0.9), span(ASH, ASH.text, 0.8)]
    pieces = list(compose(Question("?a", "en"), [Hit(spans[0].passage, 0.5, 1)], spans, 0.5, 3))
    assert [(len(p.hits), len(p.statements), len(p.citations)) for p in pieces] == [(1, 0, 0), (0, 1, 1), (0, 1, 1)]


FIRST = Question(
    "Which came first, the flood or the fire?",
    "en",
    weighs=Comparison(("the flood", "the fire"), ("When: the flood?", "When: the fire?"), least=True, measure="date"),
)
FLOOD = Article("flood", "The flood came on 3 May 2019.", title="Flood", date=dt.date(2019, 5, 4), lang="en")
FIRE = Article("fire", "Kebakaran terjadi pada 5 Mei 2020.", title="Kebakaran", lang="id")


def weighed(spans: list[Span], question: Question = FIRST) -> Answer:
    hits = [Hit(s.passage, 0.5, rank) for rank, s in enumerate(spans, start=1)]
    return reduce(add, compose_comparison(question, hits, spans))


def test_a_comparison_names_a_side_and_quotes_what_is_said_of_each() -> None:
    found = weighed([span(FLOOD, "3 May 2019", 0.9), span(FIRE, "5 Mei 2020", 0.6)])
    assert found.text == (
        "The flood, going by these articles.\n\n"
        "The flood, in Flood (4 May 2019): “The flood came on 3 May 2019.” [1]\n\n"
        "The fire, in Kebakaran: “Kebakaran terjadi pada 5 Mei 2020.” [2]"
    )
    assert found.short == "the flood"
    assert found.probability == 0.6


def test_a_comparison_that_is_not_sure_says_so() -> None:
    found = weighed([span(FLOOD, "3 May 2019", 0.9), span(FIRE, "5 Mei 2020", 0.4)])
    assert found.statements[0].lead == "I am not sure. Going by these articles, it may be: the flood."
    assert found.short == "the flood"


def test_what_cannot_be_compared_is_shown_side_by_side() -> None:
    found = weighed([span(FLOOD, "3 May 2019", 0.9), span(FIRE, "Kebakaran", 0.6)])
    assert found.statements[0].lead == "I can't decide between the two. This is what the articles say."
    assert [citation.short for citation in found.citations] == ["3 May 2019", "Kebakaran"]
    assert found.short == "3 May 2019"


def test_both_sides_in_one_sentence_are_quoted_once() -> None:
    both = Article("both", "The flood came in 2019, the fire in 2020.", title="Both", lang="en")
    found = weighed([span(both, "2019", 0.9), span(both, "2020", 0.8)])
    assert [(c.quote, c.short) for c in found.citations] == [(both.text, "2019, 2020")]
    assert found.statements[1].lead == "The flood / the fire, in Both:"


@pytest.mark.parametrize(
    ("yes", "probability", "lang", "lead", "short"),
    [
        (0.9, 0.8, "en", "Yes, according to Semeru (4 December 2021):", "Yes"),
        (0.1, 0.8, "id", "Tidak, menurut Semeru (4 Desember 2021):", "Tidak"),
        (0.6, 0.8, "en", "According to Semeru (4 December 2021):", "Semeru meletus."),
        (None, 0.8, "en", "According to Semeru (4 December 2021):", "Semeru meletus."),
        (0.9, 0.4, "en", "I am not sure. The closest is in Semeru (4 December 2021):", "Semeru meletus."),
    ],
)
def test_yes_or_no_is_said_where_the_passage_is_clear(
    yes: float | None, probability: float, lang: Lang, lead: str, short: str
) -> None:
    said = replace(span(SEMERU, "Semeru meletus.", probability), yes=yes)
    found = answer(lang, [said], text="Did Semeru erupt?", at_least=0.1)
    assert found.statements[0].lead == lead
    assert found.short == short


def test_where_articles_say_yes_and_no_the_newest_is_the_answer() -> None:
    older = toll("a", "Bases are allowed.", 1)
    newer = toll("b", "The new pact forbids bases.", 9)
    spans = [replace(span(older, older.text, 0.9), yes=0.95), replace(span(newer, newer.text, 0.8), yes=0.05)]
    found = answer("en", spans, text="Are bases allowed?")
    assert [statement.lead.split(",")[0] for statement in found.statements[:2]] == [
        "The articles give different answers; the newest comes first.",
        "No",
    ]
    assert (found.short, found.told) == ("No", "The new pact forbids bases.")


def test_only_a_question_for_yes_or_no_is_answered_so() -> None:
    said = replace(span(SEMERU, "Semeru meletus.", 0.9), yes=0.99)
    assert answer("en", [said], text="What did Semeru do?").short == "Semeru meletus."
