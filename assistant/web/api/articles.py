"""What is in the index: `GET /articles`, `GET /articles/{id}`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from assistant.web.api import bodies
from assistant.web.api.problem import ProblemError, documented
from assistant.web.api.rights import require
from assistant.web.api.service import Service
from assistant.web.api.telling import Teller, teller
from assistant.web.asker import Asker

MOST_ARTICLES = 2**31 - 1
MOST_ID_CHARS = 2_000

Limit = Annotated[int, Query(ge=1, le=bodies.MOST_ON_A_PAGE, description="How many on a page.")]
Offset = Annotated[int, Query(ge=0, le=MOST_ARTICLES, description="How many to pass over.")]
MayAsk = Annotated[Asker, Depends(require("ask"))]
Tells = Annotated[Teller, Depends(teller)]


def article_routes(service: Service) -> APIRouter:
    router = APIRouter(
        prefix="/articles", tags=["articles"], responses=documented("queue-full", "not-ready", "took-too-long")
    )

    @router.get("")
    async def articles(_: MayAsk, tells: Tells, limit: Limit = 50, offset: Offset = 0) -> bodies.Articles:
        """The articles without their texts, newest first, a page at a time."""

        def page() -> bodies.Articles:
            found = service.library.articles(limit, offset)
            return bodies.Articles(
                articles=[bodies.ArticleFacts.of(one, tells.article(one)) for one in found],
                total=service.library.article_count,
                offset=offset,
            )

        return await service.lookups.run(page)

    @router.get("/{article_id:path}", responses=documented("not-found"))
    async def article(
        _: MayAsk,
        tells: Tells,
        article_id: Annotated[str, Path(max_length=MOST_ID_CHARS, description="Percent-encoded where it has slashes.")],
    ) -> bodies.Article:
        """One article with its text, in which offsets count."""
        return await service.lookups.run(lambda: found_article(service, tells, article_id))

    return router


def found_article(service: Service, tells: Teller, id: str) -> bodies.Article:
    """The article of that id. Raises `ProblemError` where there is none."""
    found = service.library.article(id)
    if found is None:
        raise ProblemError("not-found", "There is no article of this id (any more).")
    return bodies.Article.of(found, tells.article(found))
