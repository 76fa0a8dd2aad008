"""A run as one HTML page: how good, where weak, and every question with its answer, its gold and why it failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from assistant.config import Settings
from assistant.evaluate import plots
from assistant.evaluate.folder import REPORT, RunFolder
from assistant.evaluate.page import badge, page, section, table
from assistant.evaluate.result import Opinion, Outcome, Quoted, Read, Result
from assistant.evaluate.score import BY_NAME, Group, Scores, score
from assistant.evaluate.statistics import Estimate
from assistant.evaluate.terminal import interval, number, told

# The figures of the overview, and what each is called there.
TILES = {
    "right": "Right, or rightly declined",
    "f1": "Token F1 of the short answer",
    "recall@10": "Recall@10 by article",
    "citation_precision": "Citations that support",
    "abstention_accuracy": "Declined when it should",
}
BY_GROUP = {"right": "Right", "f1": "Token F1", "recall@10": "Recall@10 by article"}
MOST_TAGS = 24


def write_report(folder: RunFolder, results: Sequence[Result]) -> Scores:
    """Scores a run; its figures and its page go into its folder."""
    scores = score(results)
    folder.write_facts({**folder.facts(), "metrics": scores.as_dict()})
    folder.replace(REPORT, report(folder.path.name, folder.facts(), results, scores))
    return scores


def report(name: str, facts: Mapping[str, Any], results: Sequence[Result], scores: Scores) -> str:
    """The page of a run: its name, what `run.json` says, its results and figures."""
    texts = _numbered_texts(results)
    body = Markup().join(
        [
            _masthead(name, facts),
            Markup("<main>"),
            _overview(scores),
            _groups("By language of question and article", "pairs", scores.pairs),
            _groups("By tag", "tags", scores.tags[:MOST_TAGS]),
            _curves(results, scores),
            _measures(scores),
            _judge(facts, scores),
            _questions(results, scores, texts),
            _texts(results, texts),
            Markup("</main>"),
        ]
    )
    return page(f"{name} · Tanya", body)


# What was run


def _masthead(name: str, facts: Mapping[str, Any]) -> Markup:
    questions, index = facts.get("questions") or {}, facts.get("index") or {}
    split = f", {questions['split']}" if questions.get("split") else ""
    told = [
        f"{questions.get('count', 0):,} questions of {questions.get('file', '')}{split}",
        f"{index.get('articles', 0):,} articles in {index.get('passages', 0):,} passages",
        f"begun {str(facts.get('started', '')).replace('T', ' ').removesuffix('+00:00')} UTC",
    ]
    items = Markup(" · ").join(told)
    return Markup(
        '<header class="masthead"><p class="paper">Tanya <span>evaluation</span></p><h1>{}</h1>'
        '<p class="byline">{}</p>{}</header>'
    ).format(name, items, _how(facts))


def _how(facts: Mapping[str, Any]) -> Markup:
    """Settings, versions and fingerprints, folded away."""
    usual = Settings.model_fields
    settings = facts.get("settings") or {}
    rows: list[list[object]] = [
        [name, value if value == usual[name].default else Markup("<strong>{}</strong>").format(value)]
        for name, value in settings.items()
        if name in usual
    ]
    rows += [[f"index: {name}", value] for name, value in (facts.get("index") or {}).items()]
    rows += [[f"version: {name}", value] for name, value in (facts.get("versions") or {}).items()]
    rows += [[f"judge: {name}", value] for name, value in (facts.get("judge") or {}).items()]
    rows.append(["program", facts.get("program", "")])
    changed = [name for name, value in settings.items() if name in usual and value != usual[name].default]
    note = f"other than usual: {', '.join(changed)}" if changed else "all as usual"
    return Markup('<details class="how"><summary>Settings and versions <span>({})</span></summary>{}</details>').format(
        note, table(["", ""], rows)
    )


# The figures


def _overview(scores: Scores) -> Markup:
    tiles = Markup().join(_tile(name, called, scores.overall[name]) for name, called in TILES.items())
    seconds = scores.overall["seconds_p50"].value
    tiles += Markup('<div class="tile"><p class="name">Seconds, half within</p><p class="figure">{}</p></div>').format(
        "–" if seconds is None else f"{seconds:.2f}"
    )
    ended = Markup('<div class="ended">{}</div><ul class="legend">{}</ul>').format(
        Markup().join(_share(outcome, count, scores.count) for outcome, count in scores.outcomes.items()),
        Markup().join(_legend(outcome, count) for outcome, count in scores.outcomes.items()),
    )
    note = f"{scores.count} questions. Lines and small print: 95% intervals. Choose a kind below to read its questions."
    return section("Overview", Markup('<div class="tiles">{}</div>{}').format(tiles, ended), note, "overview")


def _tile(name: str, called: str, estimate: Estimate) -> Markup:
    return Markup(
        '<div class="tile" title="{}"><p class="name">{}</p><p class="figure">{}</p>{}<p class="interval">{}</p></div>'
    ).format(BY_NAME[name].tells, called, number(estimate.value), plots.interval(estimate), interval(estimate))


def _share(outcome: Outcome, count: int, total: int) -> Markup:
    return Markup('<a href="#questions" data-outcome="{}" class="{}" style="flex-grow:{}" title="{}"></a>').format(
        outcome.value, _class(outcome), count, f"{outcome.value}: {count} of {total}"
    )


def _legend(outcome: Outcome, count: int) -> Markup:
    return Markup(
        '<li><a href="#questions" data-outcome="{}"><i class="{}"></i><span class="count">{}</span> {}'
        '<span class="meaning">{}</span></a></li>'
    ).format(outcome.value, _class(outcome), count, outcome.value, outcome.meaning)


def _class(outcome: Outcome) -> str:
    return "is-" + outcome.name.lower().replace("_", "-")


def _groups(title: str, id: str, groups: Sequence[Group]) -> Markup:
    if not groups:
        return Markup()
    drawn = Markup().join(
        Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(
            called,
            plots.bars(
                f"{called}, {title.lower()}",
                [plots.Bar(group.name, group.estimates[name], f"({group.count} questions)") for group in groups],
            ),
        )
        for name, called in BY_GROUP.items()
    )
    note = "Bars: the figure. Whiskers: its 95% interval; a group of few questions has a wide one."
    return section(title, Markup('<div class="plots">{}</div>').format(drawn), note, id)


def _curves(results: Sequence[Result], scores: Scores) -> Markup:
    answered = sum(result.found for result in results) / len(results) if results else 0.0
    figures = [
        ("Risk and coverage", plots.risk_coverage(scores.risk, answered),
         "Answering the surest questions only: how many of them would be wrong. The dot is this run."),
        ("Reliability", plots.reliability(scores.bins),
         "Answers of each probability, and how many were right. On the line, the probability is true."),
        ("Seconds by stage", plots.latency(scores.stages),
         "Bar: half of the questions. Line: 95 in 100."),
    ]  # fmt: skip
    drawn = Markup().join(
        Markup('<figure><figcaption>{}</figcaption>{}<p class="note">{}</p></figure>').format(called, plot, note)
        for called, plot, note in figures
        if plot
    )
    return section("Confidence and speed", Markup('<div class="plots">{}</div>').format(drawn), id="confidence")


def _measures(scores: Scores) -> Markup:
    rows: list[list[object]] = []
    for measure in scores.measures:
        estimate = scores.overall[measure.name]
        name = Markup('<code>{}</code> <span class="tells">{}{}</span>').format(
            measure.name, measure.tells, "; lower is better" if measure.better == "lower" else ""
        )
        rows.append([name, number(estimate.value), interval(estimate), estimate.count])
    figures = table(["Measure", "Figure", "95% interval", "Questions"], rows)
    return section("All measures", figures, id="measures")


def _judge(facts: Mapping[str, Any], scores: Scores) -> Markup:
    """What the judge said, and how far that agrees with the exact figures."""
    judging = scores.judging
    if judging is None:
        return Markup()
    agreements: list[list[object]] = [
        [one.name, number(one.raw.value), interval(one.raw), number(one.kappa.value), interval(one.kappa)]
        for one in judging.agreements
    ]
    counts: list[list[object]] = [
        [opinion, *(count for one in judging.agreements for count in one.counts[opinion])]
        for opinion in judging.agreements[0].counts
    ]
    shown = table(["The judge and", "agree", "95% interval", "kappa", "95% interval"], agreements)
    shown += table(["It says", *(f"{sign}{one.name}" for one in judging.agreements for sign in ("", "not "))], counts)
    model = (facts.get("judge") or {}).get("model", "")
    note = (
        f"{model}: {told(judging)}. The two agree where the judge says correct and the figure yes, or neither does."
        " Kappa is what of that is more than chance: 1 is full agreement, 0 what chance alone would bring."
    )
    return section("The judge and the exact figures", shown, note, "judge")


# The questions


def _questions(results: Sequence[Result], scores: Scores, texts: Mapping[str, int]) -> Markup:
    chosen = [
        _select("outcome", "How it ended", [outcome.value for outcome in scores.outcomes]),
        _select("pair", "Languages", [group.name for group in scores.pairs]),
        _select("tag", "Tag", [group.name for group in scores.tags]),
    ]
    search = Markup('<label>Words<input type="search" id="words" placeholder="in the question or answer"></label>')
    form = Markup('<form class="filters" hidden>{}{}<output></output></form>').format(Markup().join(chosen), search)
    items = Markup().join(_question(result, texts) for result in results)
    return section("Questions", Markup('{}<div class="questions">{}</div>').format(form, items), id="questions")


def _select(name: str, called: str, values: Iterable[str]) -> Markup:
    options = Markup().join(Markup("<option>{}</option>").format(value) for value in values)
    return Markup('<label>{}<select name="{}"><option value="">all</option>{}</select></label>').format(
        called, name, options
    )


def _question(result: Result, texts: Mapping[str, int]) -> Markup:
    asked = result.question
    return Markup(
        '<details class="question" id="q-{id}" data-outcome="{outcome}" data-pair="{pair}" data-tags="{tags}">'
        '<summary>{badge}<span class="asked" lang="{lang}" dir="auto">{question}</span>'
        '<span class="short" dir="auto">{short}</span></summary><div class="inside">'
        '<p class="why">{meaning}</p>{parts}<p class="byline">{facts}</p></div></details>'
    ).format(
        id=asked.id,
        outcome=result.outcome.value,
        pair=result.pair,
        tags="|".join(result.tags),
        badge=badge(result.outcome),
        lang=asked.lang,
        question=asked.question,
        short=result.short or ("error" if result.error else "—"),
        meaning=f"{result.outcome.value[0].upper()}{result.outcome.value[1:]}: {result.outcome.meaning}.",
        parts=Markup().join(_parts(result, texts)),
        facts=" · ".join(_facts(result)),
    )


def _facts(result: Result) -> Iterable[str]:
    yield result.id
    yield from result.tags
    yield f"probability {result.probability:.2f}"
    if "total" in result.seconds:
        yield f"{result.seconds['total']:.2f} s"


def _parts(result: Result, texts: Mapping[str, int]) -> Iterable[Markup]:
    asked = result.question
    if asked.conversation:
        turns = Markup().join(
            Markup("<p dir=auto>{}</p><p dir=auto>— {}</p>").format(turn.question, turn.answer)
            for turn in asked.conversation
        )
        yield _part("Asked before", turns)
    if result.error:
        yield _part("Error", Markup('<p class="error">{}</p>').format(result.error))
    yield _part("Answer", _answer(result))
    yield _part("Judge", _opinion(result))
    yield _part("Gold", _gold(result))
    if result.read:
        yield _part(
            "Passages read", Markup("<ol>{}</ol>").format(Markup().join(_passage(p, texts) for p in result.read))
        )
    yield _part("Where the gold stands in the ranking", _ranks(result))


def _part(title: str, content: Markup) -> Markup:
    return Markup('<div class="part"><h3>{}</h3>{}</div>').format(title, content) if content else Markup()


def _answer(result: Result) -> Markup:
    if not result.citations:
        return Markup('<p dir="auto">{}</p>').format(result.answer)
    return Markup().join(_quotation(quoted) for quoted in result.citations)


def _opinion(result: Result) -> Markup:
    if result.judged is None:
        return Markup()
    judged = result.judged
    kind = {Opinion.CORRECT: " good", Opinion.WRONG: " bad"}.get(judged.opinion, "")
    return Markup('<p><span class="tag{}">{}</span> <span dir="auto">{}</span></p>').format(
        kind, judged.opinion, judged.error or judged.reply
    )


def _quotation(quoted: Quoted) -> Markup:
    supports = Markup('<span class="tag good">supports</span>') if quoted.supports else Markup()
    exact = Markup() if quoted.exact else Markup('<span class="tag bad">not in the article</span>')
    return Markup('<blockquote dir="auto"><p>{}</p><footer>[{}] {} <code>{}</code> {}{}</footer></blockquote>').format(
        _marked(quoted), quoted.number, quoted.title, quoted.article, supports, exact
    )


def _marked(quoted: Quoted) -> Markup:
    """The quotation, the words that answer marked in it."""
    pieces, at = [], quoted.start
    for start, end in sorted(quoted.spans):
        if not at <= start < end <= quoted.end:
            continue
        pieces.append(Markup("{}<mark>{}</mark>").format(_cut(quoted, at, start), _cut(quoted, start, end)))
        at = end
    return Markup().join([*pieces, _cut(quoted, at, quoted.end)])


def _cut(quoted: Quoted, start: int, end: int) -> str:
    return quoted.quote[start - quoted.start : end - quoted.start]


def _gold(result: Result) -> Markup:
    asked = result.question
    if not asked.answerable:
        return Markup("<p>No article answers it: Tanya should say that it finds nothing.</p>")
    titles = {gold.article: gold.title for gold in result.gold}
    answers = Markup('<p class="answers" dir="auto">{}</p>').format(" / ".join(asked.answers))
    quotes = Markup().join(
        Markup('<blockquote dir="auto"><p>{}</p><footer>{} <code>{}</code></footer></blockquote>').format(
            quote.quote, titles.get(quote.article, ""), quote.article
        )
        for quote in asked.quotes
    )
    quoted = {quote.article for quote in asked.quotes}
    others = Markup().join(
        Markup("<p>{} <code>{}</code></p>").format(titles.get(article, ""), article)
        for article in asked.articles
        if article not in quoted
    )
    return (answers if asked.answers else Markup()) + quotes + others


def _passage(read: Read, texts: Mapping[str, int]) -> Markup:
    supports = Markup(' <span class="tag good">supports</span>') if read.supports else Markup()
    return Markup('<li data-passage="{}">{} <code>{}</code> <span class="score">{}</span>{}</li>').format(
        texts[read.passage], read.title, read.passage, f"{read.score:.3f}", supports
    )


def _ranks(result: Result) -> Markup:
    """The rank of each supporting article's best passage, and of the passages that hold a gold sentence."""
    if not result.question.answerable or not result.ranking:
        return Markup()
    articles = list(dict.fromkeys(hit.article for hit in result.ranking))
    places = [f"{article}: {_place(articles, article)} by article" for article in result.question.articles]
    passages = [hit.passage for hit in result.ranking]
    places += [f"{passage}: {_place(passages, passage)} by passage" for passage in result.gold_passages]
    return Markup("<ul>{}</ul>").format(Markup().join(Markup("<li>{}</li>").format(place) for place in places))


def _place(ranked: Sequence[str], wanted: str) -> str:
    return f"rank {ranked.index(wanted) + 1}" if wanted in ranked else f"not among the first {len(ranked)}"


# Passages: each text stands once in the page; the script puts it where a question is opened


def _numbered_texts(results: Sequence[Result]) -> dict[str, int]:
    """A number for each passage that was read."""
    names = dict.fromkeys(read.passage for result in results for read in result.read)
    return {name: number for number, name in enumerate(names)}


def _texts(results: Sequence[Result], numbers: Mapping[str, int]) -> Markup:
    texts = {read.passage: read.text for result in results for read in result.read}
    items = Markup().join(
        Markup('<div id="p-{}" dir="auto"><p class="byline">{}</p><p>{}</p></div>').format(number, name, texts[name])
        for name, number in numbers.items()
    )
    shown = Markup('<details class="texts"><summary>All {} passages that were read</summary>{}</details>')
    return shown.format(len(numbers), items)
