"""The addresses of the pages about the articles. Everybody may look; who may curate adds and removes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from assistant.chunk import SentenceSplitter
from assistant.config import Settings
from assistant.errors import AssistantError, IndexBusyError
from assistant.read.formats import FORMATS
from assistant.store import Index
from assistant.web.asker import asker_of
from assistant.web.corpus.overview import (
    PAGE,
    Limits,
    Listing,
    Room,
    done,
    line,
    message,
    overview,
    progress,
    removal,
)
from assistant.web.corpus.upload import put_down, take_in
from assistant.web.filter_panel import filters_in
from assistant.web.recorder import record
from assistant.web.security import FORM_POLICY, from_own_page
from assistant.web.spoken import phrases_of

LIMITS = Limits(files=50, megabytes=20, formats=tuple(FORMATS))
MOST_WORDS_CHARS = 200
MOST_PAGE_DIGITS = 6
FORM_BYTES = 64_000
HEADERS = {
    "content-security-policy": FORM_POLICY,
    "cache-control": "no-store",
    "referrer-policy": "same-origin",  # else a form from here would not say where it comes from
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The index that these pages show, and the settings that say how new articles are cut."""

    settings: Settings
    index: Index


def corpus_pages(shelf: Shelf) -> APIRouter:
    """The routes over this index."""
    router, index = APIRouter(prefix="/corpus"), shelf.index
    splitter = SentenceSplitter(shelf.settings.passage_chars, shelf.settings.overlap_sentences)

    @router.get("")
    def whole(request: Request, words: str = "", page: str = "", check: str = "") -> Response:
        room, filters = _room(request), filters_in(request.query_params)
        words = words[:MOST_WORDS_CHARS]
        number = int(page) if page.isascii() and page.isdecimal() and len(page) <= MOST_PAGE_DIGITS else 1
        number = max(number, 1)
        articles, count = index.database.listed(filters, words, (number - 1) * PAGE, PAGE)
        listing = Listing(filters, words, number, articles, count)
        facts = list(_health(room, index, bool(check)))
        return _page(overview(room, index.facets(filters), index.passage_count, listing, LIMITS, facts))

    @router.post("")
    async def upload(request: Request) -> Response:
        room = _room(request)
        if refused := _refused(request, room, LIMITS.megabytes * 1_000_000):
            return refused
        try:
            form = await request.form(max_files=LIMITS.files)
        except HTTPException:
            return _page(_too_much(room), 413)
        sent = [item for item in form.getlist("files") if isinstance(item, UploadFile) and item.filename]
        files = {str(item.filename): await item.read() for item in sent}
        await form.close()
        if not files:
            return _page(message(room, room.words.no_files), 400)
        try:
            paths = await run_in_threadpool(put_down, files, index)
        except AssistantError as error:
            return _page(message(room, str(error)), 500)
        record(request, "articles-uploaded", files=", ".join(sorted(files)))
        return StreamingResponse(_lines(room, paths, index, splitter), media_type="text/html", headers=HEADERS)

    @router.get("/remove")
    def ask(request: Request, id: str = "") -> Response:
        room, article = _room(request), index.article(id)
        if not room.may_curate:
            return _page(message(room, room.words.not_allowed), 403)
        if article is None:
            return _page(message(room, room.phrases.missing_article), 404)
        return _page(removal(room, article))

    @router.post("/remove")
    async def remove(request: Request) -> Response:
        room = _room(request)
        if refused := _refused(request, room, FORM_BYTES):
            return refused
        form = await request.form()
        try:
            await run_in_threadpool(_remove, index, str(form.get("id", "")))
        except IndexBusyError:
            return _page(message(room, room.words.busy), 409)
        record(request, "article-removed", id=form.get("id", ""))
        return RedirectResponse(f"{room.root}/corpus", 303, HEADERS)

    return router


def _room(request: Request) -> Room:
    root = str(request.scope.get("root_path", ""))
    return Room(root, phrases_of(request), asker_of(request).may("curate"))


def _refused(request: Request, room: Room, most_bytes: int) -> Response | None:
    """Why this may not be done: not from a page of ours, not by this visitor, or too much of it."""
    if not from_own_page(request.headers):
        return _page(message(room, room.words.refused), 403)
    if not room.may_curate:
        return _page(message(room, room.words.not_allowed), 403)
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > most_bytes:
        return _page(_too_much(room), 413)
    return None


def _too_much(room: Room) -> str:
    return message(room, room.words.too_much.format(megabytes=LIMITS.megabytes, count=LIMITS.files))


def _lines(room: Room, paths: list[Path], index: Index, splitter: SentenceSplitter) -> Iterator[str]:
    """The page of an upload, a line for each article as soon as it is read."""
    before, after = progress(room, len(paths))
    yield str(before)
    counts: Counter[str] = Counter()
    problem = ""
    try:
        for became in take_in(paths, index, splitter):
            counts[became.outcome] += 1
            yield str(line(room, became))
    except IndexBusyError:
        problem = room.words.busy
    except AssistantError as error:
        problem = str(error)
    yield str(done(room, counts, problem))
    yield str(after)


def _remove(index: Index, id: str) -> None:
    with index.writer():
        index.remove([id])


def _health(room: Room, index: Index, check: bool) -> Iterator[tuple[str, str]]:
    words, manifest = room.words, index.database.manifest()
    for key in ("embedder", "chunker", "generation"):
        yield words.facts[key], manifest.get(key, "–")
    yield words.facts["database"], _size(room, [index.database.path])
    yield words.facts["vectors"], _size(room, list(index.folder.glob("vectors-*.faiss")))
    behind = index.vectors.behind()
    yield words.facts["cache"], words.behind.format(count=room.phrases.number(behind)) if behind else words.up_to_date
    if check:
        yield words.check, "; ".join(index.database.check()) or words.sound


def _size(room: Room, files: list[Path]) -> str:
    megabytes = sum(file.stat().st_size for file in files if file.exists()) / 1e6
    return f"{room.phrases.seconds(megabytes)} MB"


def _page(text: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(text.encode("utf-8", "replace"), status, HEADERS)
