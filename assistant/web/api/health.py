"""Alive, ready, and the figures for Prometheus. Whoever looks after the server asks here."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from assistant.web.api import bodies
from assistant.web.api.metrics import MEDIA_TYPE
from assistant.web.api.problem import ProblemError, documented
from assistant.web.api.rights import require
from assistant.web.api.service import Service
from assistant.web.asker import Asker, is_known

log = logging.getLogger(__name__)


def health_routes(service: Service) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/health/live")
    async def live() -> bodies.Health:
        """That the process answers. Restart it when it does not."""
        return bodies.Health()

    @router.get("/health/ready", responses=documented("queue-full", "not-ready", "took-too-long"))
    async def ready(request: Request) -> bodies.Health:
        """That questions can be sent here: there is an index, and the models are loaded."""
        if reason := await service.lookups.run(service.why_not_ready):
            log.warning("not ready: %s", reason)
            # The reason may name files of this machine, and anybody may ask this.
            raise ProblemError("not-ready", reason if is_known(request.scope) else "The server's log says why.")
        return bodies.Health()

    @router.get(
        "/metrics",
        response_class=Response,
        responses=documented("queue-full", "not-ready", "took-too-long")
        | {200: {"description": "The figures.", "content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def metrics(_: Annotated[Asker, Depends(require("curate"))]) -> Response:
        """Requests, latencies by stage, errors and articles, in the text format of Prometheus."""
        articles = await service.lookups.run(lambda: service.library.article_count)
        taken = {"questions": service.questions.taken, "lookups": service.lookups.taken}
        return Response(service.metrics.text(articles, taken), media_type=MEDIA_TYPE)

    return router
