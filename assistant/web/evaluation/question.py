"""One question of a run: its answer then and, once it was asked again, its answer now beside it. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assistant.evaluate.result import Quoted, Read, Result
from assistant.evaluate.score import numbers_of
from assistant.web.evaluation.site import Site, badge, page, problem
from assistant.web.render import Mark, marked

# What is set side by side, where the measure says something about the question.
COMPARED = ("right", "em", "f1", "answer_quoted", "recall@5", "recall@10", "citation_precision", "citation_recall")


@dataclass(frozen=True, slots=True)
class Again:
    """What became of asking again: a result, or why there is none."""

    result: Result | None = None
    problem: str = ""


def question_page(site: Site, run: str, then: Result, again: Again = Again()) -> Markup:
    """The page of a question in a run."""
    asked = then.question
    main = Markup(
        '<header><p class="byline"><a href="{run_address}" dir="auto">{run}</a> <bdi>{id}</bdi>{tags}</p>'
        '<h1 class="question" lang="{lang}" dir="auto">{question}</h1>{turns}</header>{gold}'
        '<section class="again" id="now">{again}</section><div class="beside">{then}{now}</div>'
    ).format(
        run_address=site.address(run),
        run=run,
        id=then.id,
        tags=Markup().join(Markup(' <bdi class="badge">{}</bdi>').format(tag) for tag in then.tags),
        lang=asked.lang,
        question=asked.question,
        turns=_turns(site, then),
        gold=_gold(site, then),
        again=_again(site, run, then, again),
        then=_column(site.words.then, _answer(site, then)),
        now=_column(site.words.now, _answer(site, again.result, then)) if again.result else "",
    )
    return page(site, asked.question, main)


def _turns(site: Site, then: Result) -> Markup:
    """What was asked before a follow-up."""
    if not then.question.conversation:
        return Markup()
    turns = Markup().join(
        Markup('<p dir="auto">{}</p><p class="reply" dir="auto">{}</p>').format(turn.question, turn.answer)
        for turn in then.question.conversation
    )
    return Markup('<div class="turns"><h2>{}</h2>{}</div>').format(site.words.asked_before, turns)


def _gold(site: Site, then: Result) -> Markup:
    return Markup('<section class="gold"><h2>{}</h2>{}</section>').format(
        site.words.gold, Markup().join(_gold_parts(site, then))
    )


def _gold_parts(site: Site, then: Result) -> Iterable[Markup]:
    asked = then.question
    if not asked.answerable:
        yield Markup("<p>{}</p>").format(site.words.unanswerable)
    if asked.answers:
        yield Markup('<p class="answers" dir="auto">{}</p>').format(" / ".join(asked.answers))
    gold = {one.article: one for one in then.gold}
    quotes = {quote.article: "" for quote in asked.quotes} | dict.fromkeys(asked.articles, "")
    for article in quotes:
        said = [quote.quote for quote in asked.quotes if quote.article == article]
        title = gold[article].title if article in gold else article
        lang = gold[article].lang if article in gold else ""
        yield Markup('<blockquote lang="{}">{}<footer><a href="{}" dir="auto">{}</a></footer></blockquote>').format(
            lang,
            Markup().join(Markup('<p dir="auto">{}</p>').format(quote) for quote in said),
            site.article(article, 0, 0),
            title,
        )


# Then and now


def _column(title: str, answer: Markup) -> Markup:
    return Markup("<section><h2>{}</h2>{}</section>").format(title, answer)


def _again(site: Site, run: str, then: Result, again: Again) -> Markup:
    """The button, and what became of it."""
    button = Markup('<form method="post" action="{}#now"><button>{}</button></form>').format(
        site.address(run, "questions", then.id), site.words.again
    )
    if again.problem:
        return button + problem(again.problem)
    if again.result is None:
        return button + Markup('<p class="note">{}</p>').format(site.words.again_hint)
    return button + _verdict(site, then, again.result)


def _verdict(site: Site, then: Result, now: Result) -> Markup:
    """Whether the answer is the same, and whether it is right now."""
    same = (then.answer, then.error) == (now.answer, now.error)
    ended = site.words.stayed if then.outcome is now.outcome else site.words.became
    told = ended.format(before=site.outcome(then.outcome), after=site.outcome(now.outcome))
    return Markup('<p class="verdict" role="status"><b>{}</b>: {}</p>').format(
        site.words.same if same else site.words.changed, told
    )


def _answer(site: Site, result: Result, other: Result | None = None) -> Markup:
    word, meaning = site.words.outcomes[result.outcome]
    short = Markup('<p class="short" dir="auto">{}</p>').format(result.short) if result.short else Markup()
    return Markup('<p>{}<span class="note"> {}</span></p>{}{}{}{}').format(
        badge(site, result.outcome),
        meaning if word != meaning else "",
        short,
        _said(site, result),
        _measures(site, result, other),
        _passages(site, result.read, other),
    )


def _said(site: Site, result: Result) -> Markup:
    if result.error:
        return problem(result.error)
    if not result.citations:
        return Markup('<p class="said" dir="auto">{}</p>').format(result.answer or site.words.no_answer)
    return Markup().join(_quotation(site, quoted) for quoted in result.citations)


def _quotation(site: Site, quoted: Quoted) -> Markup:
    marks = [Mark(start - quoted.start, end - quoted.start) for start, end in quoted.spans]
    supports = Markup(' <span class="tag good">{}</span>').format(site.words.supports) if quoted.supports else Markup()
    exact = Markup() if quoted.exact else Markup(' <span class="tag bad">{}</span>').format(site.words.inexact)
    return Markup(
        '<blockquote><p dir="auto">{}</p><footer>[{}] <a href="{}" dir="auto">{}</a>{}{}</footer></blockquote>'
    ).format(
        marked(quoted.quote, marks),
        quoted.number,
        site.article(quoted.article, quoted.start, quoted.end),
        quoted.title,
        supports,
        exact,
    )


def _measures(site: Site, result: Result, other: Result | None) -> Markup:
    """The question's own numbers; what differs from the other answer's stands out."""
    numbers, before = _numbers(result), _numbers(other) if other else {}
    cells = [
        (name, site.words.tells[name], site.number(numbers[name]), name in before and numbers[name] != before[name])
        for name in COMPARED
        if name in numbers
    ]
    cells.append((site.words.probability, "", site.number(result.probability), False))
    if "total" in result.seconds:
        cells.append((site.words.seconds, "", site.number(result.seconds["total"]), False))
    return Markup('<dl class="numbers">{}</dl>').format(
        Markup().join(
            Markup('<div{}><dt title="{}">{}</dt><dd>{}</dd></div>').format(
                Markup(' class="is-other"') if differs else "", tells, name, value
            )
            for name, tells, value, differs in cells
        )
    )


def _numbers(result: Result) -> dict[str, float]:
    return {name: values[result.id] for name, values in numbers_of([result]).items() if result.id in values}


def _passages(site: Site, read: Sequence[Read], other: Result | None) -> Markup:
    """The passages that were read, folded; those that the other answer did not read are marked as new."""
    if not read:
        return Markup()
    known = {one.passage for one in other.read} if other else {one.passage for one in read}
    items = Markup().join(_passage(site, one, one.passage not in known) for one in read)
    return Markup('<details class="passages"><summary>{} ({})</summary><ol>{}</ol></details>').format(
        site.words.passages, site.phrases.number(len(read)), items
    )


def _passage(site: Site, one: Read, is_new: bool) -> Markup:
    supports = Markup(' <span class="tag good">{}</span>').format(site.words.supports) if one.supports else Markup()
    return Markup(
        '<li{}><details><summary><bdi>{}</bdi> <span class="score">{}</span>{}</summary>'
        '<p class="text" dir="auto">{}</p><p><a href="{}">{}</a></p></details></li>'
    ).format(
        Markup(' class="is-other"') if is_new else "",
        one.title,
        site.number(one.score, 3),
        supports,
        one.text,
        site.article(one.article, 0, 0),
        site.phrases.read_article,
    )
