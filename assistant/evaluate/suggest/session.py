"""One suggested question after the other on a terminal, and what the editor makes of each.

Knows keys and text; where a question is asked and where decisions are kept it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rich.console import Console
from rich.markup import escape

from assistant.chunk import sentence_offsets, sentences_touching
from assistant.evaluate.questions import Quote, TestQuestion
from assistant.evaluate.suggest.decisions import Decisions
from assistant.evaluate.suggest.roundtrip import Suggestion
from assistant.records import Article, Hit

KEYS = {"a": "accept", "e": "edit the question", "r": "refuse", "s": "skip", "q": "quit"}
OPEN_KEYS = {"p": "pick the answer", "n": "no article answers it", "e": "edit the question"} | {
    key: KEYS[key] for key in "rsq"
}


@dataclass(frozen=True, slots=True)
class Talk:
    """How to hear the editor: the next key, and a line that begins with some words already typed."""

    key: Callable[[], str]
    line: Callable[[str, str], str]


@dataclass(slots=True)
class Tally:
    """What became of the questions of a session."""

    accepted: int = 0
    refused: int = 0
    skipped: int = 0


class Session:
    """Shows suggestions and takes down decisions."""

    def __init__(
        self,
        console: Console,
        talk: Talk,
        decisions: Decisions,
        ask: Callable[[TestQuestion], Suggestion],
        article: Callable[[str], Article | None],
    ) -> None:
        self._console = console
        self._talk = talk
        self._decisions = decisions
        self._ask = ask
        self._article = article
        self.tally = Tally()

    def run(self, questions: Iterable[TestQuestion], count: int) -> None:
        """The first `count` questions that nobody has decided on; until the editor quits."""
        shown = 0
        for question in questions:
            if shown == count:
                return
            if self._decisions.knows(question):
                continue
            shown += 1
            if not self._decide(question, f"{shown} of up to {count}"):
                return
        if not shown:
            self._console.print("There is no question that was not decided before.")

    def _decide(self, question: TestQuestion, place: str) -> bool:
        """Shows one question until it is decided; False to quit."""
        original = question
        while True:
            suggestion = self._ask(question)
            self._show(suggestion, place)
            key = self._choice(OPEN_KEYS if suggestion.is_open else KEYS)
            if key == "e":
                words = " ".join(self._talk.line("Question: ", question.question).split())
                question = replace(question, question=words or question.question)
            elif key == "p":
                question = self._picked(suggestion)
            elif key in ("a", "n"):
                self._decisions.accept(suggestion.tagged)
                self.tally.accepted += 1
                return True
            elif key == "r":
                self._decisions.refuse(original)
                self.tally.refused += 1
                return True
            else:
                self.tally.skipped += key == "s"
                return key == "s"

    def _choice(self, keys: dict[str, str]) -> str:
        self._console.print("  ".join(f"[bold cyan]{key}[/] {does}" for key, does in keys.items()))
        while True:
            key = self._talk.key().lower()
            if key in keys:
                return key

    # Showing

    def _show(self, suggestion: Suggestion, place: str) -> None:
        question = suggestion.question
        facts = " · ".join([place, *question.tags])
        self._console.print(f"\n[dim]{escape(facts)}[/]")
        for turn in question.conversation:
            self._console.print(f"[dim]{escape(turn.question)} — {escape(turn.answer)}[/]")
        self._console.print(f"[bold]{escape(question.question)}[/]")
        if question.answers:
            self._console.print(f"  answer   [green]{escape(' / '.join(question.answers))}[/]")
        for quote in question.quotes:
            self._console.print(f"  quote    “{_marked(quote.quote, question.answers)}”")
        for id in question.articles:
            article = self._article(id)
            label = escape(article.label) if article else "[red]not in the index[/]"
            date = f" {article.date.isoformat()}" if article and article.date else ""
            self._console.print(f"  article  {label}[dim]{date} {escape(id)}[/]")
        self._console.print(f"  Tanya    {_told(suggestion)}")

    # Picking the answer of a question that has none

    def _picked(self, suggestion: Suggestion) -> TestQuestion:
        """The question with a sentence of a passage that Tanya read as its quote; as it was where none is picked."""
        question, hits = suggestion.question, suggestion.answer.hits
        passages = [f"{hit.passage.article.label}: {hit.passage.text}" for hit in hits]
        if (at := self._number("Which passage answers it?", passages)) is None:
            return question
        sentences = _sentences(hits[at])
        if (chosen := self._number("Which sentence?", sentences)) is None:
            return question
        sentence, article = sentences[chosen], hits[at].passage.article
        spans = [span.text for citation in suggestion.answer.citations for span in citation.spans]
        typed = next((text for text in spans if text in sentence), "")
        while (typed := self._talk.line("Short answer, in its words: ", typed).strip()) not in sentence:
            self._console.print("[yellow]These words are not in the sentence.[/]")
        if not typed:
            return question
        direction = f"{question.lang}-{article.lang}"
        return replace(
            question,
            answers=(typed,),
            articles=(article.id,),
            quotes=(Quote(article.id, sentence),),
            answerable=True,
            tags=tuple(dict.fromkeys([*question.tags, direction])),
        )

    def _number(self, asked: str, texts: Sequence[str]) -> int | None:
        """The place of the text that the editor names; None for an empty line."""
        for number, text in enumerate(texts, start=1):
            self._console.print(f"  [cyan]{number}[/] {escape(' '.join(text.split()))}")
        if not texts:
            self._console.print("[yellow]Tanya found no passage.[/]")
        while texts:
            typed = self._talk.line(f"{asked} (number, or nothing to go back) ", "").strip()
            if not typed:
                return None
            if typed.isdecimal() and 1 <= int(typed) <= len(texts):
                return int(typed) - 1
        return None


def _sentences(hit: Hit) -> list[str]:
    """The whole sentences that a passage holds, or is a part of."""
    article, passage = hit.passage.article, hit.passage
    start, end = sentences_touching(article, passage.start, passage.end)
    offsets = sentence_offsets(article.text, article.lang)
    return [article.text[first:last] for first, last in offsets if start <= first and last <= end]


def _marked(quote: str, answers: Sequence[str]) -> str:
    """The quote on one line, the answer in bold."""
    found = next((answer for answer in answers if answer in quote), "")
    before, _, after = quote.partition(found) if found else (quote, "", "")
    return " ".join(f"{escape(before)}[bold]{escape(found)}[/]{escape(after)}".split())


def _told(suggestion: Suggestion) -> str:
    """What Tanya makes of the question, as the editor needs it."""
    answer = suggestion.answer
    if not answer.found:
        return "[yellow]missed[/]: finds nothing" if not suggestion.is_open else "finds nothing"
    article = answer.citations[0].article
    where = "" if article.id in suggestion.question.articles else f" [dim]{escape(article.label)}[/]"
    said = f"“{escape(answer.told)}”{where}"
    if suggestion.is_open:
        return f"answers {said}"
    return f"[green]read[/]: answers {said}" if suggestion.read else f"[yellow]missed[/]: answers {said}"
