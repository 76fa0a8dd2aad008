"""Answers as HTML: the conversation, and the sources beside it. Pure functions.

Everything that comes from a question or an article is data. `Markup.format` and `Markup.join` escape whatever is
not Markup already, so a stranger's text cannot become an element; no function here calls `Markup(…)` on text that
is not written in this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import shorten
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from assistant.history import REASONS, Feedback
from assistant.records import Answer, Article, Citation, Passage, Statement
from assistant.web.actions import actions, suggestions
from assistant.web.address import quotation_address, text_directive
from assistant.web.conversation import Turn
from assistant.web.filter_panel import in_words
from assistant.web.phrases import EN, ID, Phrases, phrases_for

MOST_COMMENT_CHARS = 2_000
GLIMPSE_CHARS = 180  # of a passage that was read and not quoted
# Up as it is drawn; the style sheet turns it over.
THUMB = Markup(
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3.5 11h3.5v9H3.5zM7 11.5l4.2-8c1.7 0 2.6 1.2 2.3 2.8L13 9.5'
    'h5.3c1.4 0 2.4 1.3 2 2.6l-1.9 6.4c-.3.9-1.1 1.5-2 1.5H7"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Words to mark in a text: offsets into it, the id by which a link finds them, the number shown before them.

    `behind` is what stands behind them, of the page's own.
    """

    start: int
    end: int
    id: str = ""
    number: int | None = None
    behind: str = ""


def web_host(url: str) -> str | None:
    """The host of a link that is safe to offer, or None: only http and https, with a host, without odd characters.

    >>> web_host("https://www.example.org/a"), web_host("javascript:alert(1)"), web_host("http://ok@evil.example/")
    ('example.org', None, 'evil.example')
    """
    if any(character.isspace() or not character.isprintable() for character in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if parts.scheme in ("http", "https") and host else None


def marked(text: str, marks: Iterable[Mark]) -> Markup:
    """The text with the marked words in `<mark>`. Marks may overlap; the id goes to where a mark begins.

    >>> marked("a < b", [Mark(2, 3, "m1")])
    Markup('a <mark id="m1" tabindex="-1">&lt;</mark> b')
    """
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    edges = sorted({0, len(text)} | {mark.start for mark in inside} | {mark.end for mark in inside})
    pieces = []
    for start, end in pairwise(edges):
        piece = escape(text[start:end])
        if any(mark.start <= start and end <= mark.end for mark in inside):
            begun = [mark for mark in inside if mark.start == start and mark.id]
            # Two quotations may begin at the same word: an element has one id, so the others get an empty anchor.
            anchors = Markup().join(Markup('<a id="{}"></a>').format(mark.id) for mark in begun[1:])
            behind = Markup().join(mark.behind for mark in begun)  # escapes what is no Markup
            piece = Markup("<mark{}>{}{}</mark>{}").format(_attributes(begun), anchors, piece, behind)
        pieces.append(piece)
    return Markup().join(pieces)


def _attributes(begun: Sequence[Mark]) -> Markup:
    if not begun:
        return Markup()
    numbers = " ".join(str(mark.number) for mark in begun if mark.number is not None)
    shown = Markup(' data-number="{}"').format(numbers) if numbers else Markup()
    return Markup(' id="{}" tabindex="-1"{}').format(begun[0].id, shown)


def paragraphs(text: str, marks: Sequence[Mark]) -> Markup:
    r"""Each line of the text as a paragraph. Marked words that run over several lines are marked in each of them.

    >>> paragraphs("one\n\ntwo", [Mark(2, 6, "m1")])
    Markup('<p dir="auto">on<mark id="m1" tabindex="-1">e</mark></p><p dir="auto"><mark>t</mark>wo</p>')
    """
    lines = []
    placed: set[str] = set()
    begin = 0
    for line in text.split("\n"):
        if line.strip():
            here = [_within(mark, begin, begin + len(line), placed) for mark in marks]
            lines.append(Markup('<p dir="auto">{}</p>').format(marked(line, here)))
        begin += len(line) + 1
    return Markup().join(lines)


def _within(mark: Mark, begin: int, end: int, placed: set[str]) -> Mark:
    """The part of the mark between two offsets, counted from the first; its id goes to the first part only."""
    start, stop = max(mark.start, begin), min(mark.end, end)
    first = start < stop and mark.id not in placed
    if first:
        placed.add(mark.id)
    return Mark(start - begin, stop - begin, mark.id if first else "", mark.number, mark.behind)


def byline(article: Article, phrases: Phrases) -> Markup:
    """Source, date and language of an article, as far as they are known."""
    facts = [Markup("<span>{}</span>").format(article.source)] if article.source else []
    if article.date:
        date = Markup('<time datetime="{}">{}</time>')
        facts.append(date.format(article.date.isoformat(), phrases.date(article.date)))
    if article.lang:
        facts.append(Markup('<span class="badge">{}</span>').format(phrases.language(article.lang)))
    return Markup('<p class="byline" dir="auto">{}</p>').format(Markup(" ").join(facts))


def conversation(turns: Sequence[Turn]) -> Markup:
    """The questions and answers, oldest first. Empty for an empty conversation."""
    return Markup().join(_turn(turn, newest=turn is turns[-1]) for turn in turns)


def sources(turns: Sequence[Turn]) -> Markup:
    """The sources of every answer. Those of the newest are shown as soon as there are any, the rest kept hidden."""
    current = next((turn for turn in reversed(turns) if turn.done or _has_sources(turn)), None)
    return Markup().join(_sheet(turn, hidden=turn is not current) for turn in turns if _has_sources(turn))


def _has_sources(turn: Turn) -> bool:
    return turn.answer is not None and bool(turn.answer.citations or (turn.done and turn.answer.hits))


def masthead(articles: int, with_evaluation: bool = False, with_corpus: bool = False, name: str = "") -> Markup:
    """The name, the tagline, how much there is to ask about, and the ways to other pages and to the other language.

    One of them is the account of whoever is signed in, by their `name`.
    """
    count = both(*(phrases.articles(articles) for phrases in (EN, ID)))
    ways = [both("Evaluation", "Evaluasi", "evaluation")] if with_evaluation else []
    ways += [Markup('<a href="account"><bdi>{}</bdi></a>').format(name)] if name else []
    switches = Markup().join(
        Markup(
            '<button type="button" class="ui" lang="{}" data-language="{}"><span lang="{}">{}</span></button>'
        ).format(shown_in, to, to, name)
        for shown_in, to, name in (("en", "id", "Bahasa Indonesia"), ("id", "en", "English"))
    )
    return Markup(
        '<header class="masthead"><h1>Tanya</h1><p class="tagline">{}</p><p class="holdings">{}</p>'
        '<p class="elsewhere">{} {}</p></header>'
    ).format(
        both("Ask the news. See the words that answer.", "Tanya berita. Lihat kata yang menjawab."),
        Markup('<a href="corpus">{}</a>').format(count) if with_corpus else count,
        Markup(" ").join(ways),
        switches,
    )


def both(english: str, indonesian: str, address: str = "") -> Markup:
    """The same in both languages: the style sheet shows the one that the page speaks."""
    link = Markup('<a class="ui" lang="{0}" href="{2}">{1}</a>')
    one = link if address else Markup('<span class="ui" lang="{0}">{1}</span>')
    return one.format("en", english, address) + one.format("id", indonesian, address)


def no_articles() -> Markup:
    """What stands in the place of the examples while there is nothing to ask about."""
    command = Markup("<code>tanya index FOLDER</code>")
    return Markup('<div class="problem" role="status"><p>{}</p></div>').format(
        both(
            Markup("There are no articles yet. Add some with {}.").format(command),
            Markup("Belum ada artikel. Tambahkan dengan {}.").format(command),
        )
    )


def _turn(turn: Turn, newest: bool) -> Markup:
    phrases = turn.phrases
    return Markup(
        '<article class="turn" id="turn-{}" aria-busy="{}"{}><h2 class="asked" dir="auto">'
        '<span class="aside">{}: </span>{}</h2><div class="answer" lang="{}">{}</div></article>'
    ).format(
        turn.number,
        "false" if turn.done else "true",
        Markup(' data-kept="{0.turn}" data-conversation="{0.conversation}"').format(turn.kept) if turn.kept else "",
        phrases.asked,
        turn.asked or phrases.empty_question,
        phrases.lang,
        Markup().join(_answer_parts(turn, newest)),
    )


def _answer_parts(turn: Turn, newest: bool) -> Iterable[Markup]:
    answer, phrases = turn.answer, turn.phrases
    if answer:
        yield from (Markup('<p class="notice" dir="auto">{}</p>').format(text) for text in answer.question.notices)
        yield statements(turn.number, answer)
    if turn.problem:
        yield Markup('<div class="problem" role="alert"><p>{}</p></div>').format(turn.problem)
    elif not turn.done:
        yield _busy(turn)
    elif turn.stopped:
        yield Markup('<p class="notice">{}</p>').format(phrases.stopped if answer else both(EN.stopped, ID.stopped))
    elif answer:
        yield facts(turn, answer, phrases)
    if turn.done:
        thumbs = opinion(turn.kept.turn, turn.kept.feedback, phrases) if turn.kept else Markup()
        yield actions(turn, newest, thumbs)
        yield suggestions(turn) if newest else Markup()


def opinion(turn: int, given: Feedback | None, phrases: Phrases) -> Markup:
    """Two thumbs under an answer; with the thumb down, what is wrong with it."""
    return Markup(
        '<div class="opinion" role="group" aria-live="off" lang="{}" aria-label="{}" data-turn="{}">{}{}{}</div>'
    ).format(
        phrases.lang,
        phrases.opinion,
        turn,
        _thumb("up", phrases.good, given),
        _thumb("down", phrases.bad, given),
        _reason(turn, given, phrases) if given and given.verdict == "down" else Markup(),
    )


def _thumb(verdict: str, name: str, given: Feedback | None) -> Markup:
    pressed = "true" if given and given.verdict == verdict else "false"
    return Markup(
        '<button type="button" class="icon" data-verdict="{}" aria-pressed="{}" aria-label="{}" title="{}">{}</button>'
    ).format(verdict, pressed, name, name, THUMB)


def _reason(turn: int, given: Feedback, phrases: Phrases) -> Markup:
    """The form for what is wrong: open until a reason was given, then folded under that reason."""
    choices = Markup().join(
        Markup('<label><input type="radio" name="reason-{}" value="{}" required{}> {}</label>').format(
            turn, reason, Markup(" checked") if reason == given.reason else Markup(), phrases.reasons[reason]
        )
        for reason in REASONS
    )
    said = Markup("{} <span>{}</span>").format(phrases.reasons[given.reason], phrases.change) if given.reason else None
    return Markup(
        "<details{}><summary>{}</summary><form><fieldset><legend>{}</legend>{}</fieldset>"
        '<label>{}<textarea rows="2" maxlength="{}" dir="auto">{}</textarea></label>'
        '<button type="submit">{}</button></form></details>'
    ).format(
        Markup() if given.reason else Markup(" open"),
        said or phrases.why,
        phrases.why,
        choices,
        phrases.own_words,
        MOST_COMMENT_CHARS,
        given.comment,
        phrases.send,
    )


def _busy(turn: Turn) -> Markup:
    if turn.answer and turn.answer.hits:
        reading = turn.phrases.reading.format(count=turn.phrases.number(len(turn.answer.hits)))
        return Markup('<p class="busy">{}</p>').format(reading)
    # Nobody has said yet which language this question is in.
    searching = (phrases.searching.format(articles=phrases.articles(turn.articles)) for phrases in (EN, ID))
    return Markup('<p class="busy">{}</p>').format(both(*searching))


def facts(turn: Turn, answer: Answer, phrases: Phrases) -> Markup:
    """How sure the answer is, how many articles were searched, and how long that took."""
    searched = phrases.searched.format(
        articles=phrases.articles(turn.articles), seconds=phrases.seconds(turn.seconds or 0.0)
    )
    if chosen := in_words(answer.question.filters, phrases):
        searched = f"{searched} ({chosen})"
    if not answer.found:
        return Markup('<p class="facts"><span>{}</span></p>').format(searched)
    level = next(i for i, (least, _) in enumerate(phrases.confidence) if answer.probability >= least)
    return Markup(
        '<p class="facts"><span class="confidence" data-level="{}">{} ({}%)</span> <span>{}</span></p>'
    ).format(level, phrases.certainty(answer.probability), round(answer.probability * 100), searched)


def statements(turn: int, answer: Answer) -> Markup:
    """What the answer says, with its quotations."""
    told = zip(answer.statements, _leads(answer), strict=True)
    return Markup().join(_statement(turn, answer, statement, lead) for statement, lead in told)


def _leads(answer: Answer) -> list[Markup]:
    """The words before the quotations; what the answer comes out at stands out where it is said first."""
    leads = [escape(statement.lead) for statement in answer.statements]
    if answer.chosen:
        verdict = re.compile(rf"(?<!\w){re.escape(answer.chosen)}(?!\w)", re.IGNORECASE)
        for k, statement in enumerate(answer.statements):
            if said := verdict.search(statement.lead):
                before, after = statement.lead[: said.start()], statement.lead[said.end() :]
                leads[k] = Markup('{}<b class="verdict">{}</b>{}').format(before, said[0], after)
                break
    return leads


def _statement(turn: int, answer: Answer, statement: Statement, lead: Markup) -> Markup:
    by_number = {citation.number: citation for citation in answer.citations}
    cited = [by_number[number] for number in statement.citations if number in by_number]
    quotes = Markup(" ").join(_quotation(turn, citation, answer.question.lang) for citation in cited)
    before = Markup('<span class="lead" dir="auto">{}</span> ').format(lead) if lead else Markup()
    return Markup('<p class="statement">{}{}</p>').format(before, quotes)


def _quotation(turn: int, citation: Citation, lang: str) -> Markup:
    article = citation.article
    phrases = phrases_for(lang)
    return Markup(
        '<q dir="auto" lang="{}">{}</q>&#8288;<a class="chip" href="{}" target="_blank" rel="noopener" '
        'data-mark="{}" aria-label="{}: {}">{}</a>'
    ).format(
        article.lang,
        _quoted(citation),
        quotation_address(article, citation.start, citation.end, lang),
        _mark_id(turn, citation),
        phrases.source.format(number=citation.number),
        article.label,
        citation.number,
    )


def _quoted(citation: Citation) -> Markup:
    """The quotation, the words that answer in bold; where all of it answers, nothing needs to stand out."""
    pieces = citation.pieces
    if len(pieces) == 1:
        return escape(citation.quote)
    return Markup().join(Markup("<b>{}</b>").format(text) if answers else escape(text) for text, answers in pieces)


def _sheet(turn: Turn, hidden: bool) -> Markup:
    answer, phrases = turn.answer, turn.phrases
    assert answer is not None
    return Markup(
        '<section class="sheet" data-turn="{}" lang="{}" aria-label="{}: {}"{}><h2>{}</h2>{}{}</section>'
    ).format(
        turn.number,
        phrases.lang,
        phrases.sources,
        turn.asked,
        Markup(" hidden") if hidden else Markup(),
        phrases.sources if answer.found else phrases.not_quoted,
        cards(turn, answer),
        _also_read(answer, phrases) if turn.done else Markup(),
    )


def cards(turn: Turn, answer: Answer) -> Markup:
    """The passages that are quoted, each with the quoted words marked."""
    return Markup().join(
        _card(turn, passage, citations, turn.phrases) for passage, citations in _by_passage(answer.citations)
    )


def _by_passage(citations: Iterable[Citation]) -> list[tuple[Passage, list[Citation]]]:
    """The citations under the passage they were found in, in the order of their numbers."""
    groups: dict[tuple[str, str], tuple[Passage, list[Citation]]] = {}
    for citation in citations:
        passage = citation.passage  # of an article that is gone there are only quotations, each a passage of its own
        groups.setdefault((passage.id, passage.text), (passage, []))[1].append(citation)
    return list(groups.values())


def _card(turn: Turn, passage: Passage, citations: Sequence[Citation], phrases: Phrases) -> Markup:
    article, first = passage.article, citations[0]
    marks = [Mark(*_inside(passage, one), _mark_id(turn.number, one), one.number) for one in citations]
    numbers = Markup(" ").join(Markup('<span class="number">{}</span>').format(one.number) for one in citations)
    return Markup(
        '<article class="card"><p class="numbers">{numbers}</p><h3 dir="auto" lang="{lang}">{title}</h3>{byline}'
        '<blockquote lang="{lang}">{text}</blockquote><p class="links">{read}{original}</p>{why}</article>'
    ).format(
        numbers=numbers,
        lang=article.lang,
        title=article.label,
        byline=byline(article, phrases),
        text=paragraphs(passage.text, marks),
        read=_gone(phrases) if first.number in turn.gone else _read_link(first, phrases),
        original=original_link(article, phrases, first.quote),
        why=_why(turn, passage, citations, phrases),
    )


def _why(turn: Turn, passage: Passage, citations: Sequence[Citation], phrases: Phrases) -> Markup:
    """How the passage was found and what the reader made of it, folded away."""
    hits = turn.answer.hits if turn.answer else ()
    hit = next((hit for hit in hits if hit.passage.id == passage.id), None)
    lines = []
    if hit and (hit.vector_rank or hit.word_rank):  # of answers kept before they were noted nothing is known
        for rank, told, not_told in (
            (hit.vector_rank, phrases.by_meaning, phrases.not_by_meaning),
            (hit.word_rank, phrases.by_words, phrases.not_by_words),
        ):
            lines.append(told.format(rank=rank) if rank else not_told)
        lines.append(phrases.by_both.format(rank=hit.rank, count=len(hits)))
    lines += [phrases.by_reader.format(number=one.number, percent=round(one.probability * 100)) for one in citations]
    items = Markup().join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup('<details class="why-passage"><summary>{}</summary><ul>{}</ul></details>').format(
        phrases.why_passage, items
    )


def _read_link(citation: Citation, phrases: Phrases) -> Markup:
    address = quotation_address(citation.article, citation.start, citation.end, phrases.lang)
    return Markup(
        '<a class="open" href="{}" target="_blank" rel="noopener">{}<span class="aside"> ({})</span></a>'
    ).format(address, phrases.read_article, phrases.new_tab)


def _gone(phrases: Phrases) -> Markup:
    return Markup('<span class="gone">{}</span>').format(phrases.gone)


def _inside(passage: Passage, citation: Citation) -> tuple[int, int]:
    """Where the quotation stands in the passage; a sentence longer than a passage begins before it or ends after it."""
    start, end = max(citation.start, passage.start), min(citation.end, passage.end)
    return start - passage.start, end - passage.start


def original_link(article: Article, phrases: Phrases, quote: str = "") -> Markup:
    """A link to where the article came from, at these words; nothing where that is not a web address."""
    host = web_host(article.url)
    if host is None:
        return Markup()
    # Behind an anchor, a browser that knows no text fragments would take both for a name, and find neither.
    address = f"{article.url}#{text_directive(quote)}" if quote and "#" not in article.url else article.url
    return Markup(
        ' <a class="original" href="{}" target="_blank" rel="noopener noreferrer nofollow external">{}'
        '<span class="aside"> ({})</span></a>'
    ).format(address, phrases.original.format(host=host), phrases.new_tab)


def _also_read(answer: Answer, phrases: Phrases) -> Markup:
    """The passages that were read and not quoted, under their rank: folded away, unless nothing was quoted at all."""
    others = [hit for hit in answer.hits if not any(_holds(hit.passage, one) for one in answer.citations)]
    if not others:
        return Markup()
    items = Markup().join(
        Markup(
            '<li value="{}" dir="auto"><a href="{}" target="_blank" rel="noopener">{}</a>{}<p lang="{}">{}</p></li>'
        ).format(
            hit.rank,
            quotation_address(hit.passage.article, hit.passage.start, hit.passage.end, phrases.lang),
            hit.passage.article.label,
            byline(hit.passage.article, phrases),
            hit.passage.article.lang,
            shorten(hit.passage.text, GLIMPSE_CHARS, placeholder=" …"),
        )
        for hit in others
    )
    if not answer.found:
        return Markup('<ol class="others">{}</ol>').format(items)
    return Markup('<details><summary>{} ({})</summary><ol class="others">{}</ol></details>').format(
        phrases.also_read, phrases.number(len(others)), items
    )


def _holds(passage: Passage, citation: Citation) -> bool:
    """Whether the passage has the quoted words; passages of one article share sentences."""
    same = passage.article.id == citation.article.id
    return same and passage.start < citation.end and citation.start < passage.end


def _mark_id(turn: int, citation: Citation) -> str:
    return f"quote-{turn}-{citation.number}"
