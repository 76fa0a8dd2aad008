"""The addresses under `/evaluation`: what is read, where, and who may ask again.

Runs are read and asked again on threads of their own, two at a time, and scored or compared one at a time: however
big a run is, the chat goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.errors import AssistantError, EvaluateError
from assistant.evaluate.page import policy as report_policy
from assistant.evaluate.questions import TestQuestion
from assistant.evaluate.report import report
from assistant.evaluate.result import Result
from assistant.evaluate.runs import Runs, Summary
from assistant.web.evaluation.comparison import comparison_page
from assistant.web.evaluation.overview import overview_page
from assistant.web.evaluation.question import Again, question_page
from assistant.web.evaluation.run import Filter, run_page
from assistant.web.evaluation.site import Site, message
from assistant.web.security import FORM_POLICY, FRAME_POLICY, from_own_page
from assistant.web.spoken import spoken

AT_ONCE = 2
LONGEST_FILTER = 200
PAGE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the pages stand on: the runs, and how to ask a test question now."""

    runs: Runs
    ask: Callable[[TestQuestion], Result]


def evaluation_pages(evaluation: Evaluation) -> APIRouter:
    """The routes over these runs."""
    runs, ask = evaluation.runs, evaluation.ask
    router = APIRouter(prefix="/evaluation")
    reading, scoring = CapacityLimiter(AT_ONCE), CapacityLimiter(1)

    async def made(site: Site, make: Callable[[], Response], limiter: CapacityLimiter = reading) -> Response:
        """What `make` makes on a thread; what is wrong with a run is a page too."""

        def made_or_told() -> Response:
            try:
                return make()
            except AssistantError as error:
                return _page(message(site, site.words.broken, "", str(error)), 409)

        return await run_sync(made_or_told, limiter=limiter)

    @router.get("")
    async def overview(request: Request) -> Response:
        site = _site(request)
        return await made(site, lambda: _page(overview_page(site, runs.summaries(), runs.path)))

    @router.get("/compare")
    async def compare(request: Request, a: str = "", b: str = "") -> Response:
        site = _site(request)
        ticked = request.query_params.getlist("run")
        if len(ticked) == 2:  # the list has the newer one first
            return RedirectResponse(site.address("compare", a=ticked[1], b=ticked[0]), 303)
        if a and b:
            return await made(site, lambda: _compared(site, runs, a, b), scoring)
        if not ticked and runs.has("compare"):  # a run may be called so
            return await one_run(request, "compare")
        told = site.words.choose_two.format(count=len(ticked))
        return _page(message(site, site.words.compare, told), 400)

    @router.get("/{name}")
    async def one_run(request: Request, name: str, page: str = "") -> Response:
        site = _site(request)
        number = int(page) if page.isascii() and page.isdecimal() and len(page) <= PAGE_DIGITS else 1
        return await made(
            site,
            lambda: (
                _page(run_page(site, _whole(runs, name), runs.results(name), _filter(request), number))
                if runs.has(name)
                else _no_run(site)
            ),
        )

    @router.get("/{name}/report")
    async def whole_report(request: Request, name: str) -> Response:
        site = _site(request)
        return await made(site, lambda: _report(runs, name) if runs.has(name) else _no_run(site), scoring)

    @router.get("/{name}/questions/{id:path}")
    async def question(request: Request, name: str, id: str) -> Response:
        site = _site(request)
        return await made(site, lambda: _question(site, runs, name, id))

    @router.post("/{name}/questions/{id:path}")
    async def again(request: Request, name: str, id: str) -> Response:
        site = _site(request)
        if not from_own_page(request.headers):
            return _page(message(site, site.words.refused, site.words.refused_hint), 403)
        return await made(site, lambda: _question(site, runs, name, id, ask))

    return router


def _compared(site: Site, runs: Runs, before: str, after: str) -> Response:
    if not (runs.has(before) and runs.has(after)):
        return _no_run(site)
    _whole(runs, before), _whole(runs, after)
    return _page(comparison_page(site, runs.compare(before, after)))


def _report(runs: Runs, name: str) -> Response:
    """The report that stands alone, made anew: a file in the folder could hold anything."""
    if _whole(runs, name).metrics is None:
        raise EvaluateError(f"The run {name} is not scored yet; the command that began it goes on.")
    facts, results, scores = runs.scores(name)
    return _page(report(name, facts, results, scores), policy=f"{report_policy()}; {FRAME_POLICY}")


def _question(
    site: Site, runs: Runs, name: str, id: str, ask: Callable[[TestQuestion], Result] | None = None
) -> Response:
    if not runs.has(name):
        return _no_run(site)
    then = next((result for result in runs.results(name) if result.id == id), None)
    if then is None:
        return _page(message(site, site.words.no_question, site.words.no_run_hint), 404)
    return _page(question_page(site, name, then, _asked(ask, then.question) if ask else Again()))


def _asked(ask: Callable[[TestQuestion], Result], question: TestQuestion) -> Again:
    try:
        return Again(ask(question))
    except AssistantError as error:
        return Again(problem=str(error))


def _whole(runs: Runs, name: str) -> Summary:
    """The run's summary; `EvaluateError` for a broken one."""
    summary = runs.summary(name)
    if summary.problem:
        raise EvaluateError(summary.problem)
    return summary


def _filter(request: Request) -> Filter:
    given = request.query_params
    return Filter(*(given.get(name, "")[:LONGEST_FILTER] for name in ("outcome", "pair", "tag", "words")))


def _no_run(site: Site) -> Response:
    return _page(message(site, site.words.no_run, site.words.no_run_hint), 404)


def _site(request: Request) -> Site:
    """Where the page stands, in the language of the address, else of the browser."""
    root = str(request.scope.get("root_path", ""))
    chosen = request.query_params.get("lang")
    rest = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    here = quote(request.scope["path"].removeprefix(root)) + (f"?{urlencode(rest)}" if rest else "")
    if chosen in ("en", "id"):
        return Site(root, "id" if chosen == "id" else "en", chosen=True, here=here)
    return Site(root, spoken(request), here=here)


def _page(text: str, status: int = 200, policy: str = FORM_POLICY) -> HTMLResponse:
    """A page of HTML; half of a surrogate pair in a run's file becomes a question mark."""
    headers = {
        "content-security-policy": policy,
        "cache-control": "no-store",
        "vary": "accept-language, cookie",
        "referrer-policy": "same-origin",  # else a form from here would not say where it comes from
    }
    return HTMLResponse(text.encode("utf-8", "replace"), status, headers)
