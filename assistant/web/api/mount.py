"""Puts the doors of the API on the application: /api/v1, /v1 and /mcp, and the page /api that explains them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from importlib.metadata import version

from fastapi import FastAPI
from starlette.routing import Route

from assistant.web.api.articles import article_routes
from assistant.web.api.completions import completion_app
from assistant.web.api.conversations import conversation_routes, feedback_routes
from assistant.web.api.document import document_page
from assistant.web.api.gate import Gate
from assistant.web.api.health import health_routes
from assistant.web.api.problem import documented, tell_problems
from assistant.web.api.questions import EVENT_BODIES, question_routes
from assistant.web.api.service import Service
from assistant.web.api.tools import Tools

DESCRIPTION = (
    "Asks news articles a question, in English or Indonesian; every sentence of the answer has the exact passage behind"
    " it. Bodies are JSON, errors are problems as RFC 9457 has them."
)
OFTEN = documented(
    "not-understood",
    "unknown-asker",
    "not-allowed",
    "wrong-method",
    "sent-too-slowly",
    "too-large",
    "not-json",
    "invalid",
    "broken",
)


def mount_api(app: FastAPI, service: Service) -> None:
    """Everything of the API; its threads and its MCP server end with the application."""
    tools = Tools(service)

    @contextlib.asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with tools.running():
            yield
        service.close()

    app.router.lifespan_context = running
    api = api_app(service)
    app.include_router(document_page(api))
    app.mount("/api/v1", api)
    app.mount("/v1", completion_app(service))
    app.router.routes.append(Route("/mcp", Gate(tools, service.metrics)))


def api_app(service: Service) -> FastAPI:
    """What answers below /api/v1."""
    # FastAPI's own documentation pages load their scripts from a CDN.
    api = FastAPI(
        title="Tanya",
        version=version("tanya"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        responses=OFTEN,
    )
    for routes in (question_routes, article_routes, conversation_routes, feedback_routes, health_routes):
        api.include_router(routes(service))
    tell_problems(api)
    api.add_middleware(Gate, metrics=service.metrics)
    _with_forms(api)
    return api


def _with_forms(api: FastAPI) -> None:
    """The document has the forms that no route returns by itself: problems and events."""
    made = api.openapi

    def openapi() -> dict[str, object]:
        document = made()
        for body in EVENT_BODIES.values():
            form = body.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
            parts = form.pop("$defs", {})
            document["components"]["schemas"] |= {**parts, body.__name__: form}
        return document

    api.openapi = openapi  # type: ignore[method-assign]
