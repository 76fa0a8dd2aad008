"""The addresses under `/corpus`: anybody may look; bringing in, taking out and examining is for curators.

What changes something is a POST from a page of ours (`from_own_page`). Reading happens on threads of its own, so that
the chat goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.chunk import SentenceSplitter
from assistant.config import Settings
from assistant.doctor import examine
from assistant.errors import AssistantError, IndexBusyError
from assistant.store import Index
from assistant.store.catalogue import entries, listed
from assistant.web.asker import asker_of
from assistant.web.corpus.health import health_of, health_page
from assistant.web.corpus.intake import Desk
from assistant.web.corpus.overview import MB, PAGE_ARTICLES, View, overview_page
from assistant.web.corpus.results import intake_page, removal_page, removed_page
from assistant.web.corpus.site import Site, message
from assistant.web.corpus.uploads import MOST_BYTES, MOST_FILES, NoFormError, TooMuchError, uploads
from assistant.web.filter_panel import filters_in
from assistant.web.recorder import record
from assistant.web.security import FORM_POLICY, from_own_page
from assistant.web.spoken import spoken

AT_ONCE = 2
PAGE_DIGITS = 6
LONGEST_SEARCH = 200
MOST_REMOVED = 1_000


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the pages stand on: the index that is served, and the settings it is served with."""

    settings: Settings
    index: Index


def corpus_pages(shelf: Shelf) -> APIRouter:
    """The routes over this collection."""
    index, settings = shelf.index, shelf.settings
    desk = Desk(index, SentenceSplitter(settings.passage_chars, settings.overlap_sentences))
    router = APIRouter(prefix="/corpus")
    reading, working = CapacityLimiter(AT_ONCE), CapacityLimiter(1)

    async def made(site: Site, make: Callable[[], Response], limiter: CapacityLimiter = reading) -> Response:
        """What `make` makes on a thread; what is wrong with the index is a page too."""

        def made_or_told() -> Response:
            try:
                return make()
            except IndexBusyError as error:
                return _page(message(site, site.words.busy, "", str(error)), 409)
            except AssistantError as error:
                return _page(message(site, site.words.broken, "", str(error)), 409)

        return await run_sync(made_or_told, limiter=limiter)

    def refused(request: Request, site: Site) -> Response | None:
        """Why a curator's page is not for this asker, or a form not from a page of ours."""
        if not site.curator:
            return _page(message(site, site.words.not_allowed, site.words.not_allowed_hint), 403)
        if request.method == "POST" and not from_own_page(request.headers):
            return _page(message(site, site.words.refused, site.words.refused_hint), 403)
        return None

    @router.get("")
    async def overview(request: Request, words: str = "", page: str = "") -> Response:
        site = _site(request)
        number = int(page) if page.isascii() and page.isdecimal() and len(page) <= PAGE_DIGITS else 1

        def view() -> Response:
            return _page(overview_page(site, _view(request, index, words, max(number, 1)), desk.at_work))

        return await made(site, view)

    @router.post("/articles")
    async def add(request: Request) -> Response:
        site = _site(request)
        if no := refused(request, site):
            return no
        limits = {"files": site.phrases.number(MOST_FILES), "size": f"{MOST_BYTES // MB} MB"}
        try:
            sent = await uploads(request)
        except TooMuchError:
            return _page(message(site, site.words.add, site.words.too_much.format(**limits)), 413)
        except NoFormError:
            sent = []
        if not sent:
            return _page(message(site, site.words.add, site.words.no_files), 400)

        def taken() -> Response:
            begun = desk.take(sent)
            record(request, "articles-uploaded", files=", ".join(upload.name for upload in sent))
            return RedirectResponse(site.address("intake", begun.id), 303)

        return await made(site, taken)

    @router.get("/intake/{id}")
    async def intake(request: Request, id: str) -> Response:
        site = _site(request)
        found = desk.intake(id)
        if no := refused(request, site):
            return no
        if found is None:
            return _page(message(site, site.words.no_intake, site.words.no_intake_hint), 404)
        return _page(intake_page(site, found))

    @router.get("/remove")
    async def confirm(request: Request) -> Response:
        site = _site(request)
        if no := refused(request, site):
            return no

        def asked() -> Response:
            chosen = entries(index.database, request.query_params.getlist("id")[:MOST_REMOVED])
            if not chosen:
                return _page(message(site, site.words.remove_question, site.words.nothing_chosen), 400)
            return _page(removal_page(site, chosen))

        return await made(site, asked)

    @router.post("/remove")
    async def remove(request: Request) -> Response:
        site = _site(request)
        if no := refused(request, site):
            return no
        form = await request.form(max_files=0, max_fields=MOST_REMOVED)
        ids = [id for id in form.getlist("id") if isinstance(id, str)]

        def done() -> Response:
            chosen = entries(index.database, ids)
            removed = desk.remove([entry.id for entry in chosen])
            record(request, "articles-removed", ids=", ".join(entry.id for entry in chosen))
            return _page(removed_page(site, chosen, removed))

        return await made(site, done, working)

    @router.get("/health")
    async def health(request: Request) -> Response:
        site = _site(request)
        return refused(request, site) or await made(
            site, lambda: _page(health_page(site, health_of(index, settings.embedder)))
        )

    @router.post("/health")
    async def doctor(request: Request) -> Response:
        site = _site(request)

        def examined() -> Response:
            checks = examine(settings)
            return _page(health_page(site, health_of(index, settings.embedder), checks))

        return refused(request, site) or await made(site, examined, working)

    return router


def _view(request: Request, index: Index, words: str, page: int) -> View:
    filters, words = filters_in(request.query_params), words.strip()[:LONGEST_SEARCH]
    found, total = listed(index.database, filters, words, (page - 1) * PAGE_ARTICLES, PAGE_ARTICLES)
    return View(index.facets(), index.passage_count, filters, words, found, total, page)


def _site(request: Request) -> Site:
    """Where the page stands, in the language that the visitor chose, else of the browser."""
    root = str(request.scope.get("root_path", ""))
    given = request.query_params
    site = Site(
        root,
        spoken(request),
        here=quote(request.scope["path"].removeprefix(root)),
        query={name: value for name, value in given.items() if name not in ("language", "id")},
        curator=asker_of(request).may("curate"),
    )
    return replace(site, chosen=True) if given.get("language") in ("en", "id") else site


def _page(text: str, status: int = 200) -> HTMLResponse:
    headers = {
        "content-security-policy": FORM_POLICY,
        "cache-control": "no-store",
        "vary": "accept-language, cookie",
        "referrer-policy": "same-origin",  # else a form from here would not say where it comes from
    }
    return HTMLResponse(text.encode("utf-8", "replace"), status, headers)
