"""The command `tanya`: parse, call, print. The only place that turns an error into an exit code.

0: good; 1: an error that the message explains; 2: wrong usage. What is slow to import is imported by the command
that needs it, so that `tanya --help` is instant.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from assistant.errors import AssistantError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langchain_core.runnables import Runnable
    from rich.progress import Progress

    from assistant.config import Settings
    from assistant.evaluate.folder import RunFolder
    from assistant.evaluate.gates import Verdict
    from assistant.evaluate.judge import Judge
    from assistant.evaluate.questions import TestQuestion
    from assistant.evaluate.result import Result
    from assistant.evaluate.suggest.decisions import Decisions
    from assistant.history import Rated
    from assistant.ingest import IngestReport
    from assistant.people import People
    from assistant.records import Answer, Article, Citation, Hit
    from assistant.sites import Site, Sites
    from assistant.store import Index
    from assistant.understand import Asked

app = typer.Typer(
    help="Ask news articles a question, in English or Indonesian; get a short answer with the passage that says so.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
articles_app = typer.Typer(help="List, show or remove the articles of an index.", no_args_is_help=True)
app.add_typer(articles_app, name="articles")
questions_app = typer.Typer(
    help="Propose test questions, check a set of them, or take the articles out of one.", no_args_is_help=True
)
app.add_typer(questions_app, name="questions")

people_app = typer.Typer(help="Who may sign in (docs/operating.md).", no_args_is_help=True)
app.add_typer(people_app, name="people")
keys_app = typer.Typer(help="Keys by which programs may ask (docs/operating.md).", no_args_is_help=True)
app.add_typer(keys_app, name="keys")

feedback_app = typer.Typer(help="What people thought of their answers on the chat page.", no_args_is_help=True)
app.add_typer(feedback_app, name="feedback")

sites_app = typer.Typer(help="Portals that may show the chat in their pages (docs/embedding.md).", no_args_is_help=True)
app.add_typer(sites_app, name="sites")


class _RunUnlessNamed(TyperGroup):
    """So that `tanya evaluate FILE` runs FILE: what is no command of the group is an argument of `run`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named or not args else ["run", *args])


evaluate_app = typer.Typer(
    cls=_RunUnlessNamed,
    help="Ask the questions of a file and score the answers; compare two such runs; try settings.",
    no_args_is_help=True,
)
app.add_typer(evaluate_app, name="evaluate")

SPACES = re.compile(r"\s+")

# Quotations are shown as they are: Rich would make a picture of :100:.
out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

IndexOption = Annotated[
    Path | None, typer.Option("--index", "-i", help="Folder of the index. Default: TANYA_INDEX or indexes/default.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
SinceOption = Annotated[str, typer.Option(help="Only articles from this day, month or year on: 2022-07-13, 2022.")]
UntilOption = Annotated[str, typer.Option(help="Only articles up to this day, month or year.")]
SourceOption = Annotated[str, typer.Option(help="Only articles of this source.")]
LangOption = Annotated[str, typer.Option(help="Only articles in this language: en or id.")]


def main() -> None:
    """Runs the command line; an `AssistantError` becomes its message and exit code 1."""
    try:
        app()
    except AssistantError as error:
        err.print(f"[bold red]Error:[/] {escape(str(error))}")
        sys.exit(1)


def _settings(**given: Any) -> Settings:
    from assistant.config import settings_of

    return settings_of(**{name: value for name, value in given.items() if value is not None})


def _open(settings: Settings) -> Index:
    """The index with its embedder; a word is shown while they load."""
    from assistant.store import Index

    Index(settings.index).close()  # says that there is none before a model is loaded for nothing
    with err.status("Loading the model …"):
        from assistant.embed import load_encoder

        return Index(settings.index, load_encoder(settings))


@app.callback(invoke_without_command=True)
def version(show: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if show:
        from importlib.metadata import version as installed

        out.print(f"tanya {installed('tanya')}")
        raise typer.Exit


# index


@app.command()
def index(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders: .md, .txt, .html, .jsonl.")],
    index: IndexOption = None,
    prune: Annotated[bool, typer.Option("--prune", help="Also remove articles that the paths no longer hold.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build anew, then put it in the old one's place.")] = False,
    rebuild_if_stale: Annotated[
        bool, typer.Option("--rebuild-if-stale", help="Build anew when the model or the passages' size has changed.")
    ] = False,
    follow_links: Annotated[
        bool, typer.Option("--follow-links", help="Also read what links in the folders lead to outside of them.")
    ] = False,
) -> None:
    """Bring the index up to date with files and folders. What has not changed costs nothing."""
    from assistant.errors import IndexMismatchError
    from assistant.ingest import IngestReport

    settings = _settings(index=index)
    report = IngestReport()
    try:
        try:
            _ingest(paths, settings, report, prune, rebuild, follow_links)
        except IndexMismatchError:
            if not rebuild_if_stale:
                raise
            rebuild = True
            _ingest(paths, settings, report, prune, rebuild, follow_links)
    except KeyboardInterrupt:
        kept = f"{_number(report.added + report.changed, 'article')} safely stored; the same command goes on from there"
        err.print(f"\nStopped. {'The old index is untouched' if rebuild else kept}.")
        raise typer.Exit(130) from None
    finally:
        for error in report.failed:
            err.print(f"[red]Skipped[/] {escape(str(error))}")
    changed = {"added": report.added, "changed": report.changed, "removed": report.removed}
    if any(changed.values()):
        _record("articles-indexed", index, **changed)
    _print_report(report, settings.index)
    if report.failed:
        raise typer.Exit(1)


def _ingest(
    paths: list[Path], settings: Settings, report: IngestReport, prune: bool, rebuild: bool, follow_links: bool
) -> None:
    from assistant import ingest
    from assistant.chunk import SentenceSplitter
    from assistant.embed import load_encoder
    from assistant.read import count
    from assistant.store import Index

    splitter = SentenceSplitter(settings.passage_chars, settings.overlap_sentences)
    encoder = load_encoder(settings)
    with _progress() as bar:
        # How many articles a JSON Lines file holds is known when it has been read.
        counted = not any(".jsonl" in path.name for path in paths)
        task = bar.add_task("Indexing", total=count(paths, follow_links) if counted else None, rate="")

        def advance(so_far: IngestReport) -> None:
            _advance(bar, task, so_far)

        if rebuild:
            ingest.rebuild(paths, settings.index, encoder, splitter, advance, report, follow_links)
        else:
            with Index(settings.index, encoder, create=True) as target:
                ingest.ingest(paths, target, splitter, prune, advance, report, follow_links)


def _progress() -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )


def _advance(bar: Progress, task: Any, report: IngestReport) -> None:
    done = report.articles + len(report.failed)
    elapsed = bar.tasks[0].elapsed or 0
    total = bar.tasks[0].total
    bar.update(
        task,
        completed=done,
        total=None if total is not None and done > total else total,  # a folder with JSON Lines in it
        rate=f"{done / elapsed:.0f} articles/s" if elapsed > 1 else "",
    )


def _print_report(report: IngestReport, folder: Path) -> None:
    from assistant.store import Index

    if report.prune_skipped:
        err.print("Nothing was pruned, because a file could not be read: mend or remove it, then prune again.")
    parts = [f"{report.added} added", f"{report.changed} changed", f"{report.unchanged} unchanged"]
    parts += [f"{report.removed} removed"] if report.removed else []
    parts += [f"[red]{len(report.failed)} skipped[/]"] if report.failed else []
    out.print(f"{', '.join(parts)} ({report.seconds:.1f} s).")
    with Index(folder) as stored:
        articles, passages = _number(stored.article_count, "article"), _number(stored.passage_count, "passage")
    out.print(f"The index in {escape(str(folder))} holds {articles} in {passages}.")


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count:,} {noun}s"


# ask and search


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="In English or Indonesian.")],
    index: IndexOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    source: SourceOption = "",
    lang: LangOption = "",
    json: JsonOption = False,
) -> None:
    """Answer a question from the articles, with the exact words that say so."""
    from assistant.chain import build
    from assistant.filters import filters_of

    settings = _settings(index=index)
    filters = filters_of({"since": since, "until": until, "source": source, "lang": lang})
    with _open(settings) as opened:
        answer = build(settings, opened).invoke(question, {"configurable": {"filters": filters}})
    if json:
        _print_json(answer.as_dict())
    else:
        _print_answer(answer)


def _print_answer(answer: Answer) -> None:
    by_number = {citation.number: citation for citation in answer.citations}
    for notice in answer.question.notices:
        err.print(f"[dim]{escape(notice)}[/]")
    for statement in answer.statements:
        out.print(escape(statement.lead))
        for number in statement.citations:
            out.print(f"  “{_quoted(by_number[number])}” [cyan]\\[{number}][/]")
        out.print()
    for citation in answer.citations:
        article = citation.article
        facts = [article.date.isoformat() if article.date else "", article.source, article.url]
        where = f"{article.id}, characters {citation.start}–{citation.end}"
        details = " · ".join(escape(fact) for fact in [*facts, where] if fact)
        out.print(f"[cyan]\\[{citation.number}][/] {escape(article.label)}\n    [dim]{details}[/]")


def _quoted(citation: Citation) -> str:
    """The quotation on one line, the words that answer in bold."""
    pieces = [(SPACES.sub(" ", text), answers) for text, answers in citation.pieces]
    return "".join(f"[bold]{escape(text)}[/]" if answers else escape(text) for text, answers in pieces)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="In English or Indonesian.")],
    index: IndexOption = None,
    top: Annotated[int, typer.Option("--top", "-k", min=1, max=100, help="How many passages.")] = 8,
    since: SinceOption = "",
    until: UntilOption = "",
    source: SourceOption = "",
    lang: LangOption = "",
    json: JsonOption = False,
) -> None:
    """Rank passages for a question: fused score, vectors (cosine) and words (BM25)."""
    from dataclasses import replace

    from assistant.filters import filters_of
    from assistant.retrieve import HybridRetriever
    from assistant.understand import understand

    settings = _settings(index=index)
    filters = filters_of({"since": since, "until": until, "source": source, "lang": lang})
    with _open(settings) as opened:
        retriever = HybridRetriever(index=opened, top_k=top, vector_weight=settings.vector_weight)
        hits = retriever.hits(replace(understand(question, settings.max_question_chars), filters=filters))
    if json:
        _print_json([hit.as_dict() | {"text": hit.passage.text} for hit in hits])
    elif not hits:
        out.print("No passage found.")
    else:
        _print_hits(hits)


def _print_hits(hits: tuple[Hit, ...]) -> None:
    for hit in hits:
        article = hit.passage.article
        date = f" [dim]{article.date.isoformat()}[/]" if article.date else ""
        out.print(f"[cyan]{hit.rank}.[/] [bold]{escape(article.label)}[/]{date}")
        scores = f"score {hit.score:.3f} from vectors {hit.vector_score:.3f}, words {hit.word_score:.3f}"
        out.print(f"   [dim]{scores} · {escape(hit.passage.id)}[/]")
        out.print(f"   {escape(' '.join(hit.passage.text.split()))}\n")


def _print_json(value: object) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))


# articles


@articles_app.command("list")
def list_articles(index: IndexOption = None, json: JsonOption = False) -> None:
    """All articles, newest first."""
    from assistant.store import Index

    with Index(_settings(index=index).index) as opened:
        articles = list(opened.articles())
    if json:
        _print_json([{"id": article.id, **article.metadata} for article in articles])
        return
    for article in articles:
        when = article.date.isoformat() if article.date else "no date   "
        out.print(f"[dim]{when}  {article.lang or '--'}[/]  {escape(article.label)}  [dim]{escape(article.id)}[/]")
    out.print(f"{_number(len(articles), 'article')}.")


@articles_app.command("show")
def show_article(id: str, index: IndexOption = None, json: JsonOption = False) -> None:
    """One article, whole."""
    from assistant.store import Index

    with Index(_settings(index=index).index) as opened:
        article = opened.article(id)
    if article is None:
        raise AssistantError(f"There is no article {id!r}. `tanya articles list` shows which there are.")
    if json:
        _print_json({"id": article.id, **article.metadata, "text": article.text})
        return
    out.print(f"[bold]{escape(article.label)}[/]")
    for name, value in article.metadata.items():
        out.print(f"[dim]{escape(name)}: {escape(str(value))}[/]")
    out.print()
    out.print(escape(article.text))


@articles_app.command("remove")
def remove_articles(ids: list[str], index: IndexOption = None) -> None:
    """Remove articles by id."""
    from assistant.store import Index

    with Index(_settings(index=index).index) as opened:
        missing = [id for id in ids if opened.article(id) is None]
        if missing:
            raise AssistantError(f"There is no article {', '.join(missing)}; nothing was removed.")
        with opened.writer():
            removed = opened.remove(ids)
    _record("articles-removed", index, ids=", ".join(ids))
    out.print(f"{removed} removed.")


# questions

QuestionsArgument = Annotated[Path, typer.Argument(help="Questions: .jsonl, .csv, SQuAD .json, a BEIR or TREC folder.")]


@questions_app.command("check")
def check_questions(file: QuestionsArgument, index: IndexOption = None) -> None:
    """Find what is wrong with test questions, held against an index; exit code 1 when there is an error."""
    from assistant.evaluate.check import check
    from assistant.evaluate.questions import parse
    from assistant.store import Index

    questions, problems = parse(file)
    with Index(_settings(index=index).index) as opened:
        problems += check(questions, opened.article)
    for problem in problems:
        mark = "[red]error[/]  " if problem.is_error else "[yellow]warning[/]"
        out.print(f"{mark} {escape(str(problem))}")
    errors = sum(problem.is_error for problem in problems)
    answerable = sum(question.answerable for question in questions)
    counts = f"{_number(len(questions), 'question')}, {answerable:,} with an answer"
    found = f"{_number(errors, 'error')}, {_number(len(problems) - errors, 'warning')}"
    out.print(f"{counts}: {found if problems else 'nothing is wrong'}.")
    if errors:
        raise typer.Exit(1)


@questions_app.command("articles")
def articles_of_questions(
    file: Annotated[Path, typer.Argument(help="A SQuAD file or a BEIR folder.")],
    to: Annotated[Path, typer.Argument(help="Where to write them: a .jsonl file for `tanya index`.")],
) -> None:
    """Write down the articles that a public question set brings, so that they can be indexed."""
    from assistant.evaluate.formats.articles import write_articles

    count = write_articles(file, to)
    out.print(f"{_number(count, 'article')} written. Index them with: tanya index {escape(str(to))} --index FOLDER")


@questions_app.command("suggest")
def suggest_questions(
    index: IndexOption = None,
    article: Annotated[list[str] | None, typer.Option("--article", help="Only from this article; repeatable.")] = None,
    count: Annotated[
        int | None,
        typer.Option("--count", "-n", min=1, help="The most questions. Default: 20 on a terminal, else all."),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="en, id or both: the language of question and article.")] = "both",
    file: Annotated[
        Path | None, typer.Option("--out", help="Where accepted questions are added. Default: suggested.jsonl.")
    ] = None,
    all_at_once: Annotated[bool, typer.Option("--all", help="Write all as JSON Lines without asking.")] = False,
    source: Annotated[
        Path | None, typer.Option("--from", help="Take the questions from this file, such as those that readers left.")
    ] = None,
) -> None:
    """Propose test questions from the articles; accept, edit or refuse each one."""
    from assistant.chain import build
    from assistant.evaluate.questions import read_candidates
    from assistant.evaluate.suggest.candidates import in_turn
    from assistant.evaluate.suggest.decisions import Decisions

    if lang not in ("en", "id", "both"):
        raise ConfigError(f"--lang {lang!r} is no language of questions; write en, id or both.")
    interactive = sys.stdin.isatty() and out.is_terminal and not all_at_once
    if source and (article or not interactive):
        raise ConfigError("--from asks about each question: it needs a terminal, and neither --all nor --article.")
    settings = _settings(index=index)
    decisions = Decisions(file or Path("suggested.jsonl")) if file or interactive else None
    with _open(settings) as opened:
        chosen = _articles(opened, article)
        questions = iter(read_candidates(source)) if source else in_turn(chosen)
        wanted = (one for one in questions if lang in ("both", one.lang))
        chain = build(settings, opened)
        if interactive and decisions:
            _suggest_each(wanted, count or 20, chain, decisions, opened)
        else:
            _suggest_all(wanted, count, chain, decisions)


def _articles(index: Index, ids: list[str] | None) -> list[Article]:
    if not ids:
        return list(index.articles())
    found = {id: index.article(id) for id in ids}
    if missing := [id for id, article in found.items() if article is None]:
        raise AssistantError(f"There is no article {', '.join(missing)}. `tanya articles list` shows which there are.")
    return [article for article in found.values() if article]


def _suggest_each(
    questions: Iterator[TestQuestion], count: int, chain: Runnable[Asked, Answer], decisions: Decisions, index: Index
) -> None:
    from functools import partial

    from assistant.evaluate.suggest.roundtrip import suggest
    from assistant.evaluate.suggest.session import Session, Talk

    session = Session(out, Talk(typer.getchar, _edited), decisions, partial(suggest, chain), index.article)
    try:
        session.run(questions, count)
    except (KeyboardInterrupt, EOFError):
        err.print()
    tally = session.tally
    out.print(f"\n{tally.accepted} accepted, {tally.refused} refused, {tally.skipped} skipped.")
    if tally.accepted:
        out.print(f"Accepted ones are in {escape(str(decisions.path))}. Check them with:")
        out.print(f"  tanya questions check {escape(str(decisions.path))} --index {escape(str(index.folder))}")


def _edited(asked: str, text: str) -> str:
    """A line of the editor's that begins as `text`, where the terminal can show that."""
    try:
        import readline
    except ImportError:  # Windows
        return input(f"{asked}[{text}] ") or text
    readline.set_startup_hook(lambda: readline.insert_text(text))
    try:
        return input(asked)
    finally:
        readline.set_startup_hook()


def _suggest_all(
    questions: Iterator[TestQuestion], count: int | None, chain: Runnable[Asked, Answer], decisions: Decisions | None
) -> None:
    from itertools import islice

    from assistant.evaluate.formats.json_lines import to_line
    from assistant.evaluate.suggest.roundtrip import suggest

    new = (one for one in questions if decisions is None or not decisions.knows(one))
    written = 0
    with err.status("Asking …") as status:
        for question in islice(new, count):
            tagged = suggest(chain, question).tagged
            if decisions:
                decisions.accept(tagged)
            else:
                print(to_line(tagged).decode(), end="", flush=True)
            written += 1
            status.update(f"Asked {written} …")
    err.print(f"{_number(written, 'question')}{f' added to {escape(str(decisions.path))}' if decisions else ''}.")


# evaluate

GateOption = Annotated[
    str,
    typer.Option("--gate", help='Bars to clear, for example "recall@10>=0.9, f1>=0.6"; exit code 1 when one fails.'),
]
JUnitOption = Annotated[Path | None, typer.Option("--junit", help="Write gates and questions as JUnit XML.")]


@evaluate_app.command("run")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Test questions, in a form that docs/evaluating.md describes.")],
    index: IndexOption = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="The run's folder. One that was stopped goes on. Default: runs/NAME.")
    ] = None,
    split: Annotated[str | None, typer.Option("--split", help="Only these questions, for example dev or test.")] = None,
    given: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Another setting for this run; repeatable.")
    ] = None,
    judge_name: Annotated[
        str | None,
        typer.Option(
            "--judge",
            metavar="PROVIDER:MODEL",
            help="Also have a language model judge the answers; it is sent questions and answers. Off unless named.",
        ),
    ] = None,
    gate: GateOption = "",
    junit: JUnitOption = None,
) -> None:
    """Ask every question of a file and score the answers. The word `run` may be left out."""
    import datetime as dt

    from assistant.evaluate.folder import RunFolder
    from assistant.evaluate.gates import gates_of, judge
    from assistant.evaluate.report import write_report
    from assistant.evaluate.run import default_folder, questions_of
    from assistant.evaluate.terminal import scores_tables

    gates, no_drop = gates_of(gate)
    if no_drop:
        raise AssistantError('"no significant drop" needs two runs: tanya evaluate compare BEFORE AFTER --gate …')
    settings = _settings(**{"index": index, **_overrides(given or [])})
    questions = questions_of(file, split)
    judging = _judge(judge_name) if judge_name else None
    target = RunFolder(folder or default_folder(settings.runs, file, dt.datetime.now()))
    try:
        results = _evaluate(questions, file, split, settings, target, judging)
    except KeyboardInterrupt:
        again = _again(target.path, folder is None)
        err.print(f"\nStopped after {len(target.results())} of {len(questions)} questions. Go on with:\n  {again}")
        raise typer.Exit(130) from None
    with err.status("Scoring …"):
        scores = write_report(target, results)
    out.print(scores_tables(scores))
    out.print(f"\nEverything is in {escape(str(target.path))}; open {escape(str(target.report))} to read it.")
    _end(target.path.name, judge(gates, scores), results, junit)


def _judge(name: str) -> Judge:
    from assistant.evaluate.judge import load_judge

    return load_judge(name)


def _evaluate(
    questions: list[TestQuestion],
    file: Path,
    split: str | None,
    settings: Settings,
    target: RunFolder,
    judging: Judge | None,
) -> list[Result]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from assistant.evaluate.run import run

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with _open(settings) as opened, Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("Asking", total=len(questions))

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return run(questions, file, split, settings, opened, target, advance, judge=judging)


def _overrides(given: list[str]) -> dict[str, str]:
    """`KEY=VALUE` as fields of the settings."""
    return dict(_named_setting(one) for one in given)


def _named_setting(given: str) -> tuple[str, str]:
    from assistant.config import Settings

    name, sign, value = given.partition("=")
    name = name.strip().lower().removeprefix("tanya_")
    if not sign or name not in Settings.model_fields:
        known = ", ".join(Settings.model_fields)
        raise ConfigError(f"--set {given!r} names no setting; write KEY=VALUE with one of: {known}.")
    return name, value.strip()


def _again(folder: Path, unnamed: bool) -> str:
    """The command line that goes on with a run that was stopped."""
    import shlex

    return shlex.join(["tanya", *sys.argv[1:], *(["--out", str(folder)] if unnamed else [])])


def _end(name: str, verdicts: list[Verdict], results: list[Result], junit: Path | None) -> None:
    """Prints how the gates went, writes them down, and exits with 1 when one failed."""
    from assistant.evaluate.folder import write_text
    from assistant.evaluate.junit import junit as as_junit
    from assistant.evaluate.terminal import verdict_line

    if verdicts:
        out.print()
    for verdict in verdicts:
        out.print(verdict_line(verdict))
    if junit:
        write_text(junit, as_junit(name, verdicts, results))
    if not all(verdict.passed for verdict in verdicts):
        raise typer.Exit(1)


@evaluate_app.command("compare")
def compare_runs(
    before: Annotated[Path, typer.Argument(help="The folder of the first run.")],
    after: Annotated[Path, typer.Argument(help="The folder of the second run.")],
    gate: Annotated[
        str, typer.Option("--gate", help='"no significant drop", or bars that the second run must clear.')
    ] = "",
    html: Annotated[Path | None, typer.Option("--html", help="Write the comparison as one HTML file.")] = None,
    junit: JUnitOption = None,
) -> None:
    """What differs between two runs over the same questions, and whether by more than chance."""
    from assistant.evaluate.compare import compare, load
    from assistant.evaluate.gates import gates_of, judge
    from assistant.evaluate.terminal import comparison_tables

    gates, no_drop = gates_of(gate)
    runs = load(before), load(after)
    with err.status("Comparing …"):
        comparison = compare(*runs)
    out.print(comparison_tables(comparison))
    if html:
        from assistant.evaluate.comparison_report import comparison_report
        from assistant.evaluate.folder import write_text

        write_text(html, comparison_report(comparison))
        out.print(f"\nWritten to {escape(str(html))}.")
    verdicts = judge(gates, comparison.scores_after) + (comparison.drops() if no_drop else [])
    _end(f"{runs[0].name} and {runs[1].name}", verdicts, [], junit)


@evaluate_app.command("sweep")
def sweep_settings(
    file: Annotated[Path, typer.Argument(help="Test questions, in a form that docs/evaluating.md describes.")],
    given: Annotated[
        list[str], typer.Option("--set", metavar="KEY=V1,V2", help="Values to try of a setting; repeatable.")
    ],
    index: IndexOption = None,
    articles: Annotated[
        list[Path] | None,
        typer.Option("--articles", help="Ask these files and folders instead of an index; repeatable."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="The sweep's folder. One that was stopped goes on. Default: runs/NAME.")
    ] = None,
    split: Annotated[str | None, typer.Option("--split", help="Only these questions: tune on dev.")] = None,
    figure: Annotated[str, typer.Option("--figure", help="What to choose by: a figure of `tanya evaluate`.")] = "right",
    random: Annotated[
        int | None, typer.Option("--random", min=1, metavar="N", help="Try only N combinations, drawn by lot.")
    ] = None,
) -> None:
    """Ask the questions under every combination of settings: which are good, which are quick, which are both."""
    import datetime as dt

    from assistant.evaluate.folder import write_text
    from assistant.evaluate.gates import measure_named
    from assistant.evaluate.run import default_folder
    from assistant.evaluate.sweep import PAGE, advice, grid_of, sweep, trials_of
    from assistant.evaluate.sweep_report import sweep_report
    from assistant.evaluate.terminal import sweep_tables

    if index and articles:
        raise typer.BadParameter("give --index or --articles, not both")
    measure = measure_named(figure)
    settings = _settings(index=index)
    grid = grid_of([_named_setting(one) for one in given])
    trials = trials_of(grid, settings, random)
    target = folder or default_folder(settings.runs, Path(f"{file.stem}-sweep"), dt.datetime.now())
    try:
        with _progress() as bar:
            task = bar.add_task("Loading the model …", total=None, rate="")

            def advance(what: str, done: int, total: int | None) -> None:
                bar.update(task, description=escape(what), completed=done, total=total)

            swept = sweep(file, split, grid, trials, measure, target, articles or [], advance)
    except KeyboardInterrupt:
        err.print(f"\nStopped. What was asked is kept; go on with:\n  {escape(_again(target, folder is None))}")
        raise typer.Exit(130) from None
    out.print(sweep_tables(swept))
    write_text(target / PAGE, sweep_report(swept))
    out.print(f"\nEvery run is in {escape(str(target))}; open {escape(str(target / PAGE))} to see them side by side.")
    for hint in advice(swept):
        out.print(f"\n{hint.text}", *(f"  {escape(command)}" for command in hint.commands), sep="\n")


# feedback


@feedback_app.command("list")
def list_feedback(index: IndexOption = None, json: JsonOption = False) -> None:
    """All thumbs up and down with their reasons, oldest first."""
    rated = _all_feedback(_settings(index=index))
    if json:
        _print_json([_rated_as_dict(one) for one in rated])
        return
    if rated:
        _print_feedback(rated)
    down = sum(one.feedback.verdict == "down" for one in rated)
    out.print(f"{_number(len(rated), 'answer')} judged: {len(rated) - down:,} good, {down:,} bad.")


@feedback_app.command("export")
def export_feedback(
    file: Annotated[Path, typer.Argument(help="Where to write the test questions: a .jsonl file.")],
    index: IndexOption = None,
) -> None:
    """Write test questions: good answers with their gold, bad ones as candidates to be completed by hand."""
    from assistant.evaluate.feedback import as_json_lines
    from assistant.evaluate.folder import write_text
    from assistant.store import Index

    if file.suffix != ".jsonl":
        raise AssistantError(f"{file} would not be read as test questions; give it a name that ends in .jsonl.")
    settings = _settings(index=index)
    with Index(settings.index) as opened:
        lines = list(as_json_lines(_all_feedback(settings), opened.article))
    if not lines:
        out.print("Nobody has judged an answer yet; nothing was written.")
        return
    write_text(file, "".join(f"{line}\n" for line in lines))
    out.print(f"{_number(len(lines), 'question')} written. Look at them with:")
    out.print(f"  tanya questions check {escape(str(file))} --index {escape(str(settings.index))}")


def _all_feedback(settings: Settings) -> list[Rated]:
    from assistant.history import open_history

    if settings.history == "off":
        raise AssistantError("TANYA_HISTORY is off: no conversation is kept, and no feedback.")
    history = open_history(settings, create=False)
    if history is None:
        return []
    with history:
        return history.all_feedback()


def _rated_as_dict(rated: Rated) -> dict[str, Any]:
    turn, feedback = rated.turn, rated.feedback
    return {
        "turn": turn.id,
        "given": rated.given.isoformat(timespec="seconds"),
        "verdict": feedback.verdict,
        "reason": feedback.reason,
        "comment": feedback.comment,
        "question": turn.question,
        "answer": turn.answer,
        "versions": turn.versions,
    }


def _print_feedback(rated: list[Rated]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("", "Given", "Question", "Short answer", "Reason", "In their own words", box=None, pad_edge=False)
    for one in rated:
        feedback, answer = one.feedback, one.turn.answer
        table.add_row(
            Text("good", "green") if feedback.verdict == "up" else Text("bad", "red"),
            f"{one.given:%Y-%m-%d}",
            *map(Text, (one.turn.question, answer["short"] or "(none)", feedback.reason, feedback.comment)),
        )
    out.print(table, soft_wrap=False)
    out.print()


# sites

SiteArgument = Annotated[str, typer.Argument(help="The site's name.")]


@sites_app.command("add")
def add_site(
    name: Annotated[str, typer.Argument(help="A name for the site, as in hr-portal.")],
    origins: Annotated[
        list[str], typer.Option("--origin", help="Where its pages are, as in https://portal.example; repeatable.")
    ],
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Visitors without a token may ask; nothing of theirs is kept.")
    ] = False,
    per_minute: Annotated[int, typer.Option(min=0, help="Questions of one person in a minute; 0: any number.")] = 20,
    per_day: Annotated[int, typer.Option(min=0, help="Questions of one person in a day.")] = 500,
    site_per_minute: Annotated[int, typer.Option(min=0, help="Questions of all together in a minute.")] = 300,
    site_per_day: Annotated[int, typer.Option(min=0, help="Questions of all together in a day.")] = 0,
    index: IndexOption = None,
) -> None:
    """Let a portal show the chat. Prints its secret, which is not shown again."""
    from assistant.sites import Site

    site = Site(name, tuple(origins), anonymous, per_minute, per_day, site_per_minute, site_per_day)
    with _sites(index) as sites:
        secret = sites.add(site)
        _record("site-added", index, site=site.name, origins=", ".join(site.origins))
    out.print(f"Site {name} may show the chat from now on, without a restart.")
    _print_secret(secret)


@sites_app.command("list")
def list_sites(index: IndexOption = None, json: JsonOption = False) -> None:
    """All sites, with their origins."""
    with _sites(index) as sites:
        found = sites.all()
    if json:
        _print_json([site.as_dict() for site in found])
        return
    for site in found:
        marks = (", anonymous" if site.anonymous else "") + (", revoked" if site.revoked else "")
        out.print(escape(f"{site.name}: {' '.join(site.origins)}{marks}"))
    out.print(f"{_number(len(found), 'site')}.")


@sites_app.command("show")
def show_site(name: SiteArgument, index: IndexOption = None, json: JsonOption = False) -> None:
    """What is known of a site; never its secret."""
    from assistant.errors import SiteError

    with _sites(index) as sites:
        site = sites.find(name)
    if site is None:
        raise SiteError(f"There is no site {name!r}. See them all with: tanya sites list")
    if json:
        _print_json(site.as_dict())
        return
    for line in _facts_of_site(site):
        out.print(escape(line))


@sites_app.command("revoke")
def revoke_site(name: SiteArgument, index: IndexOption = None) -> None:
    """Refuse a site from now on; `rotate` lets it in again."""
    with _sites(index) as sites:
        sites.revoke(name)
        _record("site-revoked", index, site=name)
    out.print(f"Site {escape(name)} is refused from now on.")


@sites_app.command("rotate")
def rotate_site(name: SiteArgument, index: IndexOption = None) -> None:
    """Give a site a new secret; the old one is refused at once."""
    with _sites(index) as sites:
        secret = sites.rotate(name)
        _record("site-secret-changed", index, site=name)
    out.print(f"Tokens that the old secret of {escape(name)} signed are refused from now on.")
    _print_secret(secret)


@sites_app.command("remove")
def remove_site(name: SiteArgument, index: IndexOption = None) -> None:
    """Delete a site and its secret. The conversations of its people stay."""
    with _sites(index) as sites:
        sites.remove(name)
        _record("site-removed", index, site=name)
    out.print(f"Site {escape(name)} is removed.")


def _sites(index: Path | None) -> Sites:
    from assistant.sites import Sites, sites_file

    return Sites(sites_file(_settings(index=index)))


def _print_secret(secret: str) -> None:
    out.print("\nIts secret, shown this once; keep it on the portal's server, never in a page:")
    out.print(f"  {secret}")


def _facts_of_site(site: Site) -> list[str]:
    import datetime as dt

    def moment(seconds: float) -> str:
        return f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%Y-%m-%d %H:%M} UTC"

    limits = [(site.per_minute, "a person a minute"), (site.per_day, "a person a day")]
    limits += [(site.site_per_minute, "all a minute"), (site.site_per_day, "all a day")]
    return [
        f"{site.name}, added {moment(site.created)}",
        f"origins: {' '.join(site.origins)}",
        f"anonymous visitors: {'yes' if site.anonymous else 'no'}",
        "questions: " + ", ".join(f"{most or 'any number'} of {whom}" for most, whom in limits),
        *([f"revoked {moment(site.revoked)}"] if site.revoked else []),
    ]


# people and keys

NameArgument = Annotated[str, typer.Argument(help="Letters, digits, spaces and . @ + - _; case does not matter.")]
RoleOption = Annotated[
    str, typer.Option("--role", help="ask; curate: also changes the articles; admin: also sees to people and sites.")
]


@people_app.command("add")
def add_person(name: NameArgument, role: RoleOption = "ask", index: IndexOption = None) -> None:
    """Add somebody who signs in with a password; it is asked for, or read from standard input."""
    from assistant.people import role_of

    granted = role_of(role)
    with _people(index) as people:
        is_first = not people.all()
        people.add(name, granted, _new_password())
        _record("person-added", index, person=name, role=granted)
    out.print(f"{escape(name)} may sign in, with the role {granted}.")
    if is_first:
        out.print("From its next start on, tanya serve asks everybody who they are.")


@people_app.command("list")
def list_people(index: IndexOption = None, json: JsonOption = False) -> None:
    """Everybody who may sign in with a password."""
    with _people(index) as people:
        found = people.all()
    if json:
        _print_json([person.as_dict() for person in found])
        return
    for person in found:
        out.print(f"{person.role:7} {escape(person.name)}")
    out.print("1 person." if len(found) == 1 else f"{len(found):,} people.")


@people_app.command("remove")
def remove_person(name: NameArgument, index: IndexOption = None) -> None:
    """Remove somebody, with their sessions and all their conversations."""
    from assistant.history import open_history

    history = open_history(_settings(index=index), create=False)
    with _people(index) as people:
        person = people.remove(name)
        _record("person-removed", index, person=person.name)
    deleted = 0
    if history:
        with history:
            deleted = history.delete_all(person.owner)
    out.print(f"{escape(person.name)} is removed, with {_number(deleted, 'conversation')}.")


@people_app.command("password")
def change_password(name: NameArgument, index: IndexOption = None) -> None:
    """Give somebody a new password; whoever is signed in as them has to do it again."""
    with _people(index) as people:
        people.change(name, password=_new_password())
        _record("password-changed", index, person=name)
    out.print(f"{escape(name)} has a new password.")


@people_app.command("role")
def change_role(name: NameArgument, role: Annotated[str, typer.Argument(help="ask, curate or admin.")],
                index: IndexOption = None) -> None:  # fmt: skip
    """Give somebody another role; whoever is signed in as them has to do it again."""
    from assistant.people import role_of

    with _people(index) as people:
        people.change(name, role=role_of(role))
        _record("role-changed", index, person=name, role=role)
    out.print(f"{escape(name)} has the role {role}.")


@keys_app.command("add")
def add_key(name: NameArgument, role: RoleOption = "ask", index: IndexOption = None) -> None:
    """Make a key for a program. It is shown once and kept as a hash."""
    from assistant.people import role_of

    granted = role_of(role)
    with _people(index) as people:
        token = people.add_key(name, granted)
        _record("key-added", index, key=name, role=granted)
    err.print(
        f"The key {escape(name)}, with the role {granted}. It cannot be shown again; send it with each request as"
    )
    err.print("  Authorization: Bearer KEY")
    print(token)


@keys_app.command("list")
def list_keys(index: IndexOption = None, json: JsonOption = False) -> None:
    """The names of all keys; the keys themselves are nowhere."""
    with _people(index) as people:
        found = people.keys()
    if json:
        _print_json([key.as_dict() for key in found])
        return
    for key in found:
        out.print(f"{key.role:7} {escape(key.name)}")
    out.print(f"{_number(len(found), 'key')}.")


@keys_app.command("revoke")
def revoke_key(name: NameArgument, index: IndexOption = None) -> None:
    """Make a key worthless, at once."""
    with _people(index) as people:
        people.revoke_key(name)
        _record("key-revoked", index, key=name)
    out.print(f"The key {escape(name)} is worth nothing any more.")


def _people(index: Path | None) -> People:
    from assistant.people import People, people_file

    return People(people_file(_settings(index=index)))


def _new_password() -> str:
    """Asks twice on a terminal; else the first line of what is sent in. It stands in no argument: others read those."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _record(event: str, index: Path | None, **facts: object) -> None:
    """Writes into the audit file what was done here."""
    from assistant.audit import audit_of, on_command_line

    audit_of(_settings(index=index)).record(event, on_command_line(), **facts)


# serve and doctor


@app.command()
def serve(
    index: IndexOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. Default: 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on. Default: 7860.")] = None,
) -> None:
    """Serve the chat page."""
    from assistant.web.app import serve as serve_page

    serve_page(_settings(index=index, host=host, port=port))


@app.command()
def doctor(index: IndexOption = None) -> None:
    """Check versions, the model and the index; exit code 1 when something is wrong."""
    from assistant.doctor import examine

    checks = examine(_settings(index=index))
    for check in checks:
        mark = "[green]ok[/]  " if check.good else "[red]bad[/] "
        out.print(f"{mark}{escape(check.name)}: {escape(check.finding)}")
    if not all(check.good for check in checks):
        raise typer.Exit(1)
