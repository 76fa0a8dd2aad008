"""The web application: chat page, article pages and the check that it is alive, in one FastAPI application."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import threading
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

from assistant.config import Settings
from assistant.errors import ServeError
from assistant.records import Answer, Filters, Hit, Question
from assistant.web.conversation import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fastapi import FastAPI
    from langchain_core.runnables import Runnable

    from assistant.evaluate.questions import TestQuestion
    from assistant.evaluate.result import Result
    from assistant.sites import Sites
    from assistant.store import Index
    from assistant.understand import Asked
    from assistant.web.access import Access
    from assistant.web.api.service import Service
    from assistant.web.corpus.routes import Shelf
    from assistant.web.evaluation.routes import Evaluation
    from assistant.web.memory import Memory

SHUTDOWN_SECONDS = 1
WARM_UP_SECONDS = 2


def create_app(
    chain: Runnable[Asked, Answer],
    library: Library,
    memory: Memory | None = None,
    evaluation: Evaluation | None = None,
    shelf: Shelf | None = None,
    api: Service | None = None,
    sites: Sites | None = None,
    access: Access | None = None,
) -> FastAPI:
    """The application, ready to be served. Nothing is listened on and nothing is loaded from another host.

    Without a `memory` no conversation is kept and nobody gets a cookie; without `evaluation` there are no pages about
    runs of test questions, without a `shelf` none about the articles, without `api` no HTTP API; without `sites` no
    portal can show the widget; without `access` nobody is asked who they are, and the page answers under any name.
    """
    from concurrent.futures import ThreadPoolExecutor

    async def compose() -> FastAPI:
        return _compose(chain, library, memory, evaluation, shelf, api, sites, access)

    # Where no event loop runs, Gradio makes one for each of its locks and leaves it open behind it.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, compose()).result()


def _compose(
    chain: Runnable[Asked, Answer],
    library: Library,
    memory: Memory | None,
    evaluation: Evaluation | None,
    shelf: Shelf | None,
    api: Service | None,
    sites: Sites | None,
    access: Access | None,
) -> FastAPI:
    from fastapi import FastAPI
    from starlette.middleware.cors import CORSMiddleware
    from starlette.staticfiles import StaticFiles

    from assistant.web.corpus.routes import corpus_pages
    from assistant.web.ending import Ending
    from assistant.web.evaluation.routes import evaluation_pages
    from assistant.web.handed_out import handed_out
    from assistant.web.identity import Door, Keys, Nearby, Proxied, Sessions
    from assistant.web.limits import Limits
    from assistant.web.log import Logged
    from assistant.web.origin import Hosts, OwnPages
    from assistant.web.page import chat_page, mount
    from assistant.web.recorder import Recorder
    from assistant.web.routes import broken, kept_conversations, not_found, pages
    from assistant.web.security import Guard
    from assistant.web.shell import STATIC, Shell
    from assistant.web.visitor import Visitor

    # FastAPI's own documentation pages load their scripts from a CDN.
    app = FastAPI(title="Tanya", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(404, not_found)
    app.add_exception_handler(Exception, broken)
    app.include_router(pages(library, memory))
    if memory:
        app.include_router(kept_conversations(memory.history))
        app.include_router(handed_out(memory))
    if evaluation:
        app.include_router(evaluation_pages(evaluation))
    if access and access.asks_who:
        from assistant.web.sign_in import sign_in_routes

        app.include_router(sign_in_routes(access))
    if shelf:
        app.include_router(corpus_pages(shelf))
    if api:
        from assistant.web.api.mount import mount_api

        mount_api(app, api)
    if sites:
        from assistant.web.widget import widget_pages

        app.include_router(widget_pages(sites))
    app.mount("/page", StaticFiles(directory=STATIC), name="page")
    blocks = chat_page(chain, library, memory, with_evaluation=evaluation is not None, with_corpus=shelf is not None)
    mount(blocks, app, not_found)
    app.state.over = asyncio.Event()
    # From the innermost to the outermost. First, what makes an asker of whoever is not known.
    app.add_middleware(Shell)
    if access and access.asks_who:
        app.add_middleware(Door, access=access)
    else:
        app.add_middleware(Visitor, keeps=memory is not None)
    # Then those who recognise somebody; the outermost has the first word.
    if access:
        app.add_middleware(Sessions, access=access)
        app.add_middleware(Keys, people=access.people)
    if sites:
        from assistant.web.portal import Portal

        app.add_middleware(Portal, sites=sites)
    if access and access.asks_who:
        app.add_middleware(Proxied, access=access)
    elif access:
        app.add_middleware(Nearby)
    if access:
        app.add_middleware(Recorder, audit=access.audit)
    app.add_middleware(OwnPages)
    # No page of another origin may read what is answered here, with or without a cookie. Where there is none of these,
    # Gradio adds its own, which lets every origin in.
    app.add_middleware(CORSMiddleware, allow_origins=())
    if access:
        app.add_middleware(Hosts, names=access.host_names, only_near=not access.asks_who)
    app.add_middleware(Limits)
    app.add_middleware(Guard)
    if access:
        app.add_middleware(Logged)
    app.add_middleware(Ending, over=app.state.over)
    return app


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one. Raises `ServeError` with the way out."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise ServeError(
            f"{host} is not an address of this machine: {error.strerror}. Set --host or TANYA_HOST."
        ) from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        raise ServeError(_why_not(host, port, error)) from None
    return listener


def serve(settings: Settings) -> None:
    """Serves the page until Ctrl-C.

    Raises:
        ServeError: the port is taken, the host is not one of this machine's addresses, or others could reach a page
            that asks nobody who they are.
        ConfigError: a way of signing in is half named.
        PeopleError: the file of people cannot be used.
        StoreError: there is no usable index.
        HistoryError: the database of conversations cannot be used.
        SiteError: the file of sites cannot be used.
    """
    from assistant.audit import audit_of
    from assistant.people import People, people_file
    from assistant.web.access import access_of, check_reach

    with listen(settings.host, settings.port) as listener, People(people_file(settings)) as people:
        access = access_of(settings, people, audit_of(settings))
        check_reach(access)

        from assistant.chain import build
        from assistant.embed import load_encoder
        from assistant.history import open_history
        from assistant.sites import Sites, sites_file
        from assistant.store import Index
        from assistant.web.corpus.routes import Shelf
        from assistant.web.log import QuestionLog, set_up_log
        from assistant.web.memory import Memory

        with (
            Index(settings.index, load_encoder(settings), create=True) as index,
            open_history(settings) or contextlib.nullcontext() as history,
            Sites(sites_file(settings)) as sites,
        ):
            if not index.article_count:  # the page says so, too, and takes articles in
                print(f"There are no articles in {settings.index} yet: tanya index PATH --index {settings.index}")
            chain = build(settings, index)
            if settings.log_questions:
                chain = chain.with_config(callbacks=[QuestionLog()])
            memory = Memory(history, index, versions_of(index)) if history else None
            api = api_service(settings, index, chain, memory)
            shelf = Shelf(settings, index)
            app = create_app(chain, index, memory, _evaluation(settings, index), shelf, api, sites, access)
            # The models load while the first visitor reads the page and types; the page itself goes first.
            warm_up = threading.Timer(WARM_UP_SECONDS, api.warm_up)
            warm_up.daemon = True
            warm_up.start()
            set_up_log()
            run(app, listener)
            warm_up.cancel()


def api_service(
    settings: Settings, index: Index, chain: Runnable[Asked, Answer], memory: Memory | None = None
) -> Service:
    """What the HTTP API answers from; not ready before its `warm_up`."""
    from assistant.retrieve import HybridRetriever
    from assistant.understand import understand
    from assistant.web.api.service import Service

    retriever = HybridRetriever(index=index, top_k=settings.top_k, vector_weight=settings.vector_weight)

    def search(text: str, limit: int, filters: Filters) -> tuple[Question, Sequence[Hit]]:
        question = replace(understand(text, settings.max_question_chars), filters=filters)
        return question, retriever.hits(question, limit)

    hosts = tuple(host for name in settings.mcp_hosts.split(",") if (host := name.strip()))
    return Service(chain, index, search, memory, "The models are not loaded yet.", hosts)


def _evaluation(settings: Settings, index: Index) -> Evaluation:
    """The runs that the settings name, asked again with the settings and the index of the chat page."""
    from assistant.evaluate.ask import Asker
    from assistant.evaluate.runs import Runs
    from assistant.web.evaluation.routes import Evaluation

    def ask(question: TestQuestion) -> Result:
        return Asker(settings, index, [question]).ask(question)

    return Evaluation(Runs(settings.runs), ask)


def versions_of(index: Index) -> Callable[[], Mapping[str, str]]:
    """What makes an answer at this moment: package, embedder and articles. The articles' hash is made once a change."""
    from functools import lru_cache
    from importlib.metadata import version

    @lru_cache(maxsize=1)
    def contents(_file: object, _generation: str) -> str:
        return index.contents

    def versions() -> dict[str, str]:
        manifest = index.database.manifest()
        articles = contents(index.database.identity, manifest["generation"])
        return {"tanya": version("tanya"), "embedder": manifest.get("embedder", ""), "index": articles}

    return versions


def run(app: FastAPI, listener: socket.socket) -> None:
    """Serves `app` on the socket until Ctrl-C or a signal to end; open pages are let go at once."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(f"Tanya is at {address_of(listener)} (Ctrl-C ends it)", flush=True)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.over.set()
            await super().shutdown(sockets)

    # Whose headers are believed is decided in `identity.py`; uvicorn by itself believes everybody on this machine.
    config = uvicorn.Config(
        app,
        log_level="warning",
        log_config=None,  # its lines go where ours go
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        proxy_headers=False,
        server_header=False,
    )
    with contextlib.suppress(KeyboardInterrupt):
        Server(config).run(sockets=[listener])


def address_of(listener: socket.socket) -> str:
    """The address to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    address = ip_address(host)
    if address.is_unspecified:
        host = "127.0.0.1" if address.version == 4 else "::1"
    return f"http://[{host}]:{port}" if address.version == 6 else f"http://{host}:{port}"


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program (perhaps Tanya already runs:"
            f" open http://{host}:{port}). Choose another port with --port {port + 1} or TANYA_PORT={port + 1}."
        )
    return f"Cannot listen on port {port} of {host}: {error.strerror}. Choose another with --host and --port."
