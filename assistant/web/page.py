"""The chat as Gradio blocks: a box to ask in, the conversation, and the sources beside it.

Gradio carries questions and answers between browser and server and keeps each visitor's conversation apart. What is
shown is our own HTML from `render.py`: no Markdown is rendered, so what a stranger wrote stays text.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.records import Answer
from assistant.web import render
from assistant.web.asker import asker_of
from assistant.web.conversation import Library, Turn, ask, stopped
from assistant.web.filter_panel import filters_in
from assistant.web.memory import Memory
from assistant.web.spoken import phrases_of
from assistant.web.suggestions import suggested

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI
    from langchain_core.runnables import Runnable
    from starlette.requests import Request
    from starlette.responses import Response

    from assistant.understand import Asked

# Questions to begin with, of the demonstration corpus. Some of their articles are in the other language.
EXAMPLES = (
    "What weapons did Myanmar buy from Russia?",
    "Where was the submarine Nanggala found?",
    "Berapa jet tempur Rafale yang dibeli Indonesia?",
    "Apa isi lima poin konsensus ASEAN?",
)

# What a button under an answer asks for (`static/actions.js`), beside what stands in the box.
DEED = "(question, turns, floor) => [question, turns, floor, ...(window.tanyaDeed?.() ?? ['', 0])]"

AT_ONCE = 4
WAITING = 64
IDLE_SECONDS = 3_600


@dataclass
class Floor:
    """Which answer of one page may speak: whoever takes it silences the others, also where Gradio is slow to cancel."""

    holder: int = 0

    def take(self) -> int:
        self.holder += 1
        return self.holder


def keep_quiet() -> None:
    """Switches off what Gradio and the Hugging Face hub measure and report home. Must come before `import gradio`."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    # After so many questions it would draw up statistics of all questions so far, with pandas; by default after each.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)


def chat_page(
    chain: Runnable[Asked, Answer],
    library: Library,
    memory: Memory | None = None,
    with_evaluation: bool = False,
    with_corpus: bool = False,
) -> gr.Blocks:
    """The page as Gradio blocks, not yet served. The address says which conversation is open: `?conversation=ID`.

    With a `memory` conversations are kept; the flags link to the pages about runs and about the articles.
    """
    keep_quiet()
    import gradio as gr

    def reply(
        question: str, turns: tuple[Turn, ...], floor: Floor, request: Request, other: str = "", instead: int = 0
    ) -> Iterator[tuple[Any, ...]]:
        """Empties the box at once, then sends the conversation each time it has grown.

        A button of the page may ask `other` than what stands in the box, and in the place of the last turn, whose
        number is `instead`.
        """
        emptied: Any = gr.skip() if other else ""
        mine = floor.take()
        owner = asker_of(request).owner
        earlier = opened(request) if not turns else memory.judged(owner, turns) if memory else turns
        filters = filters_in(request.query_params)
        for conversation in ask(chain, library, earlier, other or question, instead, filters):
            if floor.holder != mine:
                return
            if memory and conversation[-1].done:
                conversation = memory.keep(owner, conversation)
            yield *shown(conversation), emptied
            emptied = gr.skip()

    def opened(request: Request) -> tuple[Turn, ...]:
        """The conversation of the address: after a reload or a restart, and when another one is chosen."""
        wanted = request.query_params.get("conversation", "")
        return memory.recall(asker_of(request).owner, wanted) if memory else ()

    def stop(turns: tuple[Turn, ...], floor: Floor) -> tuple[Any, ...]:
        floor.take()
        return shown(stopped(turns))

    def shown(turns: tuple[Turn, ...]) -> tuple[Any, ...]:
        if turns:
            turns = (*turns[:-1], replace(turns[-1], suggestions=suggested(turns)))
        return turns, str(render.conversation(turns)), str(render.sources(turns))

    def turn_to(floor: Floor, request: Request) -> tuple[Any, ...]:
        floor.take()
        return shown(opened(request))

    def arrive(request: Request) -> tuple[Any, ...]:
        articles = library.article_count
        turns, talk, cited = shown(opened(request))
        if not turns:  # leaves alone what somebody quick has asked meanwhile
            turns, talk, cited = gr.skip(), gr.skip(), gr.skip() if articles else str(render.no_articles())
        words, asker = phrases_of(request), asker_of(request)
        spoken = gr.update(label=words.your_question, placeholder=words.ask_the_news), words.ask, words.stop
        head = render.masthead(
            articles, with_evaluation and asker.may("curate"), with_corpus, "" if asker.site else asker.name
        )
        return str(head), *spoken, turns, talk, cited

    # Gradio hands the request to a parameter of this type, and cannot see what is imported late.
    for function in (reply, turn_to, arrive):
        function.__annotations__["request"] = gr.Request

    with gr.Blocks(title="Tanya", analytics_enabled=False, fill_width=True) as blocks:
        turns = gr.State((), time_to_live=IDLE_SECONDS)
        floor = gr.State(Floor(), time_to_live=IDLE_SECONDS)
        with gr.Column(elem_id="desk"):
            masthead = _html("masthead", gr, render.masthead(library.article_count, with_evaluation, with_corpus))
            talk = _html("talk", gr)
            with gr.Column(elem_id="examples"):
                examples = [gr.Button(text, elem_classes="example", size="sm") for text in EXAMPLES]
            with gr.Column(elem_id="asking"):
                _html("filters", gr, '<div class="chosen"></div>')  # filters.js fills it
                with gr.Row(elem_id="ask"):
                    box = gr.Textbox(
                        label="Your question · Pertanyaan Anda",
                        placeholder="Ask the news · Tanya berita",
                        lines=1,
                        max_lines=5,
                        elem_id="question",
                        container=False,
                        scale=1,
                    )
                    button = gr.Button("Ask", variant="primary", elem_id="send", scale=0)
                    halt = gr.Button("Stop", elem_id="stop", scale=0)  # the style sheet shows one of the two
            evidence = _html("evidence", gr)
            if memory:
                _html("history", gr, '<div class="kept"></div>')  # history.js fills it
            other = gr.Button("", elem_id="turn-to", visible="hidden")
            again = gr.Button("", elem_id="ask-other", visible="hidden")
            deed = [gr.Textbox(visible=False), gr.Number(0, precision=0, visible=False)]

        conversation = [turns, talk, evidence]
        options: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": AT_ONCE,
            "concurrency_id": "ask",
        }
        sent = [box.submit, button.click, again.click]
        asked = [gr.on(sent, reply, [box, turns, floor, *deed], [*conversation, box], js=DEED, **options)]
        asked += [
            example.click(reply, [example, turns, floor], [*conversation, box], **options) for example in examples
        ]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        other.click(turn_to, [floor], conversation, cancels=asked, **quiet)
        halt.click(stop, [turns, floor], conversation, cancels=asked, **quiet)
        # The count may have changed since the server started. Not through the queue: Gradio closes its stream when this
        # is done, and a question sent at that moment would never hear its answer.
        blocks.load(arrive, None, [masthead, box, button, halt, *conversation], queue=False, **quiet)
        blocks.queue(max_size=WAITING, api_open=False)
    return blocks


def _html(name: str, gr: Any, value: str = "") -> Any:
    """A place for HTML of ours: without Gradio's look and without its click handler."""
    return gr.HTML(str(value), elem_id=name, apply_default_css=False, js_on_load=None)


def mount(blocks: gr.Blocks, app: FastAPI, not_found: Callable[[Request, Exception], Response]) -> None:
    """Puts the page at `/` of the application, without what is Gradio's own: footer, API pages, history, sharing."""
    keep_quiet()
    import gradio as gr

    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=_theme(),
        app_kwargs={"exception_handlers": {404: not_found}},
    )


def _theme() -> Any:
    """Gradio's barest theme, with fonts of the reader's system only; `tanya.css` does the rest."""
    import gradio as gr
    from gradio.themes.utils.fonts import Font

    fonts = [Font("system-ui"), Font("sans-serif")]
    return gr.themes.Base(font=fonts, font_mono=[Font("monospace")])
