"""Answers as HTML: what is shown, and that a stranger's text stays text."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant.records import Answer, Article, Citation, Hit, Passage, Question, Span, Statement
from assistant.web.address import article_address
from assistant.web.article import Reading, article_page
from assistant.web.conversation import Kept, Turn
from assistant.web.phrases import EN, ID
from assistant.web.render import (
    Mark,
    byline,
    conversation,
    marked,
    masthead,
    original_link,
    paragraphs,
    sources,
    statements,
    web_host,
)
from tests.fakes import ARMS, DELIVERY, HOSTILE, answer_to, span

OURS = {
    *("a", "article", "blockquote", "details", "div", "h2", "h3", "li", "mark", "p", "q"),
    *("section", "span", "summary", "time", "ul", "button", "svg", "path", "ol"),
}


class Elements(HTMLParser):
    """Every element and attribute of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(str(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[str]:
        return [value for attribute, value in self.attributes if attribute == name]


def turn(text: str = "what did Myanmar buy?", number: int = 1, seconds: float | None = 0.42) -> Turn:
    return Turn(number, text, 1_234, answer_to(text), seconds)


def test_marks_the_words_and_nothing_else() -> None:
    assert marked("one two three", [Mark(4, 7)]) == "one <mark>two</mark> three"


def test_overlapping_marks_keep_their_own_beginning() -> None:
    html = marked("abcdef", [Mark(0, 4, "x", 1), Mark(2, 6, "y", 2)])
    assert html == (
        '<mark id="x" tabindex="-1" data-number="1">ab</mark>'
        '<mark id="y" tabindex="-1" data-number="2">cd</mark><mark>ef</mark>'
    )


def test_marks_that_begin_together_are_both_found_by_their_links() -> None:
    assert Elements(marked("abcdef", [Mark(0, 2, "x"), Mark(0, 6, "y")])).all("id") == ["x", "y"]


@pytest.mark.parametrize("bad", [Mark(-1, 2), Mark(3, 3), Mark(2, 99), Mark(5, 1)])
def test_a_mark_that_is_no_span_of_the_text_is_left_out(bad: Mark) -> None:
    assert marked("abc", [bad]) == "abc"


def test_words_over_two_paragraphs_are_marked_in_both_and_named_once() -> None:
    html = paragraphs("first line\n\nsecond line", [Mark(6, 18, "x")])
    assert html == (
        '<p dir="auto">first <mark id="x" tabindex="-1">line</mark></p><p dir="auto"><mark>second</mark> line</p>'
    )


def test_an_answer_shows_quotations_and_numbers_in_order() -> None:
    html = conversation([turn()])
    shown = Elements(html)
    assert "“" not in shown.text, "the style sheet sets the quotation marks, in the way of the language"
    assert "According to Harian Contoh, 13 July 2022:" in shown.text
    assert "Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia." in shown.text
    assert shown.all("data-mark") == ["quote-1-1", "quote-1-2", "quote-1-3"]
    start = ARMS.text.index("Myanmar membeli")
    end = ARMS.text.index(" Rusia juga")
    words = "Myanmar%20membeli%20enam%20jet%20tempur%20Sukhoi%20Su%2D30%20dari%20Rusia."
    address = f"articles/arms%2F2022-07-13?start={start}&end={end}&lang=en#cited:~:text={words}"
    assert address in shown.all("href")


def test_an_answer_tells_how_sure_it_is_and_what_it_cost() -> None:
    html = conversation([turn()])
    assert "Very likely right (93%)" in html
    assert "Searched 1,234 articles in 0.4 seconds" in html


def test_an_indonesian_question_is_answered_in_indonesian() -> None:
    text = "apa yang dibeli Myanmar?"
    asked = Turn(1, text, 1_234, answer_to(text, "id"), 0.42)
    assert "Hampir pasti benar (93%)" in conversation([asked])
    assert "Mencari di 1.234 artikel dalam 0,4 detik" in conversation([asked])
    assert "13 Juli 2022" in sources([asked])
    assert "Baca di artikelnya" in sources([asked])


@pytest.mark.parametrize(
    ("chosen", "leads", "shown"),
    [
        ("No", ("Not one: no, said X", "No:"), ('Not one: <b class="verdict">no</b>, said X', "No:")),
        ("the <A>", ("The <A>, in B",), ('<b class="verdict">The &lt;A&gt;</b>, in B',)),
        ("", ("No: <i>",), ("No: &lt;i&gt;",)),
        ("Ya", ("Yang lain",), ("Yang lain",)),
    ],
)
def test_what_the_answer_comes_out_at_stands_out_once(
    chosen: str, leads: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    answer = Answer(Question("q", "en"), tuple(Statement(lead) for lead in leads), chosen=chosen)
    said = [f'<span class="lead" dir="auto">{lead}</span>' for lead in shown]
    assert str(statements(1, answer)) == "".join(f'<p class="statement">{lead} </p>' for lead in said)


def test_nothing_found_shows_no_certainty_and_what_was_looked_at() -> None:
    asked = turn("what is the price of rice?")
    assert "%" not in conversation([asked])
    assert "I find nothing about this in the articles." in conversation([asked])
    assert "Looked at, without an answer" in sources([asked])
    assert "<blockquote" not in sources([asked])


def test_every_chip_has_its_marked_words_in_the_sources() -> None:
    asked = turn()
    marks = Elements(sources([asked])).all("id")
    assert [mark for mark in marks if mark.startswith("quote-")] == Elements(conversation([asked])).all("data-mark")


def test_quotations_of_one_passage_share_a_card() -> None:
    html = sources([turn()])
    assert html.count('<article class="card">') == 2
    assert '<mark id="quote-1-1" tabindex="-1" data-number="1">Myanmar membeli enam jet tempur' in html
    assert html.index('<span class="number">1</span> <span class="number">2</span>') < html.index(ARMS.title)


def test_the_mark_of_a_passage_inside_an_article_counts_from_the_passage() -> None:
    article = Article("a", "First sentence. The answer is here. Last sentence.")
    citation = Citation(1, 16, 35, (Span(Passage(article, 16, 50), 20, 26, 0.9),))
    answer = Answer(Question("q", "en"), (Statement("Here:", (1,)),), (citation,), probability=0.9)
    html = sources([Turn(1, "q", 1, answer, 0.1)])
    assert 'data-number="1">The answer is here.</mark> Last sentence.' in html
    assert '<q dir="auto" lang="">The <b>answer</b> is here.</q>' in conversation([Turn(1, "q", 1, answer, 0.1)])
    assert "First sentence" not in html.replace("<h3", "", 1).split("<blockquote")[1]


def test_only_the_newest_sources_are_shown() -> None:
    html = sources([turn(number=1), turn(number=2), turn("what is the price?", number=3)])
    assert html.count(" hidden>") == 2
    assert " hidden><h2>" not in html[html.index('data-turn="3"') :]


def test_older_sources_stay_until_the_next_answer_has_some() -> None:
    waiting = Turn(2, "next", 3)
    assert " hidden" not in sources([turn(), waiting])


def test_a_question_without_sources_leaves_none_on_show() -> None:
    empty = Turn(2, "", 3, Answer(Question("", "en"), (Statement("No question."),)), 0.1)
    assert sources([turn(), empty]).count(" hidden>") == 1
    assert "(no question)" in conversation([empty])


def test_a_turn_that_waits_says_so_in_both_languages() -> None:
    html = conversation([Turn(1, "q", 38)])
    assert 'aria-busy="true"' in html
    assert "Searching 38 articles" in html
    assert "Mencari di 38 artikel" in html
    assert "seconds" not in html


def test_a_problem_is_shown_as_text() -> None:
    html = conversation([Turn(1, "q", 3, problem="run <tanya index>", seconds=0.1)])
    assert '<div class="problem" role="alert"><p>run &lt;tanya index&gt;</p></div>' in html
    assert "Searched" not in html


def ranked(turn: Turn, vector_rank: int, word_rank: int) -> Turn:
    """The turn, its hits with these ranks."""
    assert turn.answer is not None
    hits = tuple(replace(hit, vector_rank=vector_rank, word_rank=word_rank) for hit in turn.answer.hits)
    return replace(turn, answer=replace(turn.answer, hits=hits))


def test_why_a_passage_was_chosen_is_told_in_words() -> None:
    html = sources([ranked(turn(), vector_rank=4, word_rank=0)])
    assert "By its meaning it is number 4 of all passages." in html
    assert "It was not found by the words of the question." in html
    assert "Both together make it number 1 of the 3 passages that were read." in html
    assert "The words marked 2 answer the question with a probability of 90%, as the reader judges." in html
    text = "apa yang dibeli Myanmar?"
    indonesian = sources([ranked(Turn(1, text, 4, answer_to(text, "id"), 0.1), vector_rank=0, word_rank=12)])
    assert "Menurut maknanya, ini tidak termasuk kutipan yang terdekat." in indonesian
    assert "Menurut kata-kata yang sama dengan pertanyaan, ini nomor 12." in indonesian


def test_of_answers_kept_without_ranks_only_the_reader_is_told() -> None:
    html = sources([turn()])
    assert "By its meaning" not in html
    assert "not found by the words" not in html
    assert "The words marked 1 answer" in html


def test_only_the_newest_answer_is_asked_again_changed_and_downloaded() -> None:
    kept = [replace(turn(number=number), kept=Kept("c", number)) for number in (1, 2)]
    assert Elements(conversation(kept[:1])).all("data-deed") == ["copy", "share", "again", "edit"]
    assert Elements(conversation(kept)).all("data-deed") == ["copy", "share", "copy", "share", "again", "edit"]
    assert conversation(kept).count('href="history/c.md"') == 1


def test_what_is_not_kept_has_no_link_and_no_file() -> None:
    assert Elements(conversation([turn()])).all("data-deed") == ["copy", "again", "edit"]
    assert "history/" not in conversation([turn()])


def test_every_button_has_a_name_in_the_language_of_the_question() -> None:
    kept = replace(turn(), kept=Kept("c", 1))
    text = "apa yang dibeli Myanmar?"
    indonesian = Turn(1, text, 4, answer_to(text, "id"), 0.1, kept=Kept("c", 1))
    for one, phrases in ((kept, EN), (indonesian, ID)):
        labels = Elements(conversation([one])).all("aria-label")
        names = [phrases.copy, phrases.share, phrases.again, phrases.edit, phrases.download, phrases.good, phrases.bad]
        assert [label for label in labels if label in names] == names
        assert Elements(conversation([one])).all("title") == names


def test_a_stopped_answer_says_so_and_offers_to_go_on() -> None:
    coming = Turn(1, "q", 4, seconds=0.0, stopped=True)
    for lang, said in (("en", "You stopped this answer."), ("id", "Anda menghentikan jawaban ini.")):
        assert f'<span class="ui" lang="{lang}">{said}</span>' in conversation([coming])
    partly = replace(turn(), seconds=0.0, stopped=True)
    html = conversation([partly])
    assert "You stopped this answer.</p>" in html
    assert "likely right" not in html
    assert Elements(html).all("data-deed") == ["again", "edit"]


def test_a_problem_offers_to_ask_again() -> None:
    broken = Turn(1, "q", 3, problem="broken", seconds=0.1)
    assert Elements(conversation([broken])).all("data-deed") == ["again", "edit"]


def test_suggestions_are_text_and_stand_under_the_newest_answer_only() -> None:
    first, second = (replace(turn(number=n), suggestions=(f"<b>When {n}?</b>",)) for n in (1, 2))
    html = conversation([first, second])
    assert "&lt;b&gt;When 2?&lt;/b&gt;</button>" in html
    assert "When 1?" not in html
    assert "You could go on with" in html
    assert "Anda bisa melanjutkan" not in html


def test_a_passage_that_shares_the_quoted_sentence_is_not_shown_again() -> None:
    twin = replace(DELIVERY, id="twin", title="Twin", text="One sentence here. Two of them there. Three in all.")
    first, second, third = Passage(twin, 0, 37), Passage(twin, 19, 51), Passage(twin, 38, 51)
    cited = Citation(1, 19, 37, (Span(first, 19, 22, 0.9),))
    hits = (Hit(first, 0.5, 1), Hit(second, 0.4, 2), Hit(third, 0.3, 3))
    answer = Answer(Question("q", "en"), (Statement("Said:", (1,)),), (cited,), hits, probability=0.9)
    html = sources([Turn(1, "q", 3, answer, 0.1)])
    assert [html.count(f'<li value="{rank}"') for rank in (1, 2, 3)] == [0, 0, 1]


def test_passages_that_were_read_and_not_quoted_stand_below_under_their_rank() -> None:
    """With as much of their words as tells what they are about; what is quoted stands above already."""
    long = replace(DELIVERY, id="long", title="Long", text="Some words and others. " * 40)
    first, second = Passage(long, 0, 500), Passage(long, 460, 900)
    quoted = answer_to("what did Myanmar buy?")
    hits = (*quoted.hits[:1], Hit(first, 0.4, 2), Hit(second, 0.3, 3))
    html = sources([Turn(1, "q", 3, replace(quoted, hits=hits), 0.1)])
    below = html.partition("Other passages that were read (2)")[2]
    assert [below.count(f'<li value="{rank}"') for rank in (1, 2, 3)] == [0, 1, 1]
    glimpses = re.findall(r'<p lang="en">(.*?) …</p></li>', below)
    assert [len(glimpse) > 150 and long.text.count(glimpse) > 0 for glimpse in glimpses] == [True, True]


def test_a_chip_whose_citation_has_not_arrived_is_left_out() -> None:
    answer = Answer(Question("q", "en"), (Statement("Early:", (7,)),))
    assert "chip" not in conversation([Turn(1, "q", 1, answer)])


@pytest.mark.parametrize("seconds", [None, 0.2])
def test_hostile_text_stays_text(seconds: float | None) -> None:
    asked = Turn(1, "<img src=x onerror=alert(1)> [x](javascript:alert(1)) hostile", 1, answer_to("hostile"), seconds)
    html = conversation([asked]) + sources([asked])
    shown = Elements(html)
    assert set(shown.tags) <= OURS
    assert not [name for name, _ in shown.attributes if name.startswith("on")]
    assert not [href for href in shown.all("href") if not href.startswith("articles/")]
    assert "<img src=x onerror=alert(1)>" in shown.text
    assert "<script>alert('text')</script>" in shown.text
    assert HOSTILE.title in shown.text


def test_a_hostile_article_stays_text() -> None:
    quoted = span(HOSTILE, "</mark></blockquote>")
    shown = Elements(article_page(HOSTILE, EN, Reading((quoted.start, quoted.end))))
    assert not {"script", "img", "b"} & set(shown.tags)
    assert shown.tags.count("h1") == 1
    assert "javascript:alert(document.domain)" in shown.text, "the address is shown, and is no link"
    assert not [href for href in shown.all("href") if href.startswith("javascript")]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "http:///nohost",
        "http://[broken",
        "https://a.example/\u202egnp.exe",
        "",
    ],
)
def test_links_that_are_not_web_addresses_are_not_offered(url: str) -> None:
    assert web_host(url) is None
    assert original_link(Article("a", "text", url=url), EN) == ""


def test_a_link_names_the_host_it_leads_to() -> None:
    link = original_link(Article("a", "text", url="https://tempo.example@evil.example/x?a=1&b=2"), EN)
    assert "Original at evil.example" in link
    assert 'href="https://tempo.example@evil.example/x?a=1&amp;b=2"' in link
    assert 'rel="noopener noreferrer nofollow external"' in link


@pytest.mark.parametrize(
    ("id", "path"),
    [
        ("a b/ü?#", "articles/a%20b%2F%C3%BC%3F%23?"),
        ("../../etc/passwd", "articles/..%2F..%2Fetc%2Fpasswd?"),
        ('"><script>', "articles/%22%3E%3Cscript%3E?"),
    ],
)
def test_any_id_makes_one_segment_of_an_address(id: str, path: str) -> None:
    assert article_address(Article(id, "text"), 0, 4, "en").startswith(path)


def test_a_byline_shows_what_is_known() -> None:
    assert byline(Article("a", "t"), EN) == '<p class="byline" dir="auto"></p>'
    known = byline(Article("a", "t", source="Kompas", date=dt.date(2024, 5, 1), lang="id"), ID)
    assert Elements(known).text == "Kompas 1 Mei 2024 Indonesia"
    assert Elements(byline(Article("a", "t", lang="ms"), EN)).text == "ms"


def test_the_masthead_counts() -> None:
    assert "12,345 articles" in masthead(12_345)
