"""Answers as Markdown: read back by a Markdown parser, a stranger's text is text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.web.conversation import Turn
from assistant.web.markdown import conversation_markdown, plain, turn_markdown
from tests.fakes import answer_to

ADDRESS = "articles/arms%2F2022-07-13?start=81&end=137&lang=en#cited"


class Read(HTMLParser):
    """What a reader of the rendered Markdown sees: its elements, its links and its words."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(MarkdownIt("commonmark").enable("table").enable("strikethrough").render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def turn(asked: str = "what did Myanmar buy?", number: int = 1) -> Turn:
    return Turn(number, asked, 4, answer_to(asked), 0.4)


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]))
    | st.from_regex(r"[-+=#>*_~`|$1.) \[\]<!&\\(a:/-]{1,20}")
)
def test_any_text_stays_the_text_it_is(text: str) -> None:
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    read = Read(plain(text))
    assert set(read.tags) <= {"p"}
    assert read.text.strip() == shown


@pytest.mark.parametrize(
    "text",
    [
        *("# head", "- item", "+ item", "1. item", "23) item", "> quote", "===", "---", "```", "    code", "| a | b |"),
        *(
            "**b** _i_ ~~s~~ `c`",
            "[x](javascript:alert(1))",
            "![i](http://a.example/i.png)",
            "<script>alert(1)</script>",
        ),
        *("<http://a.example>", "&lt;b&gt;", "[1]: <articles/x>", "a\\", "a  \nb", "a\n\nb\n- c"),
    ],
)
def test_markup_of_a_stranger_is_no_markup(text: str) -> None:
    read = Read(plain(text))
    assert read.tags in (["p"], [])
    assert read.text.strip() == " ".join(text.split())


def test_an_answer_reads_as_on_the_page() -> None:
    read = Read(turn_markdown(turn(), "http://tanya.example/"))
    assert read.links[0] == f"http://tanya.example/{ADDRESS}"
    assert len(read.links) == 6, "each number in the answer is a link, and each source"
    assert read.text.startswith("what did Myanmar buy?")
    assert "“Myanmar membeli enam jet tempur Sukhoi Su-30 dari Rusia.” [1]" in read.text
    assert "Very likely right (93%)" in read.text
    assert "Rusia dan Myanmar Pererat Kerja Sama Militer · Harian Contoh, 13 July 2022, Indonesian" in read.text


def test_addresses_stand_in_lines_of_their_own() -> None:
    assert f"\n[1]: <{ADDRESS}>\n" in turn_markdown(turn())


def test_a_hostile_answer_is_text() -> None:
    read = Read(turn_markdown(turn("<b>[x](javascript:alert(1))</b> hostile")))
    assert set(read.tags) <= {"p", "strong", "em", "ol", "li", "a"}
    assert all(link.startswith("articles/") for link in read.links)
    assert "<script>alert('text')</script>" in read.text


def test_words_that_are_gone_have_no_link() -> None:
    read = Read(turn_markdown(Turn(1, "q", 4, answer_to("what did Myanmar buy?"), 0.1, gone=frozenset({1, 2}))))
    assert len(read.links) == 2
    assert "Rusia.” [1]" in read.text


def test_nothing_found_says_so_without_sources() -> None:
    assert turn_markdown(turn("what is the price of rice?")) == (
        "**what is the price of rice?**\n\nI find nothing about this in the articles.\n"
    )


def test_a_question_of_invisible_characters_is_an_empty_one() -> None:
    assert turn_markdown(Turn(1, "\u200b", 4, answer_to(""), 0.1)).startswith("**(no question)**\n")


def test_the_references_of_a_conversation_do_not_clash() -> None:
    whole = conversation_markdown("Arms & <more>", [turn(), turn(number=2)], "http://a.example/")
    read = Read(whole)
    assert read.tags.count("h1") == 1
    assert read.text.startswith("Arms & <more>")
    assert len(read.links) == 12
    assert "[1.1]: <http://a.example/" in whole
    assert "[2.1]: <http://a.example/" in whole
