"""The MCP server: its three tools, and to whom it answers. Imported only where the extra `mcp` is installed."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from typing import Annotated, Any

from langchain_core.messages import HumanMessage
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.requests import Request

from assistant.errors import AssistantError
from assistant.web.api import bodies
from assistant.web.api.articles import MOST_ID_CHARS, found_article
from assistant.web.api.problem import ProblemError, as_problem_error
from assistant.web.api.questions import searched
from assistant.web.api.rights import permitted
from assistant.web.api.service import Service
from assistant.web.api.telling import Teller, teller
from assistant.web.asker import asker_of

LOOPBACK = ("127.0.0.1", "127.0.0.1:*", "localhost", "localhost:*", "[::1]", "[::1]:*")
INSTRUCTIONS = (
    "Tanya answers questions, in English or Indonesian, from a collection of news articles, and quotes the exact words"
    " that say so. Ask one thing at a time, and repeat its citations with their links. What it does not find is not in"
    " the articles; do not fill it in."
)
READS_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def security(hosts: tuple[str, ...]) -> TransportSecuritySettings:
    """Answers on this machine, and to these names: `tanya.example`, `tanya.example:8000`, `tanya.example:*`."""
    allowed = [*LOOPBACK, *hosts]
    origins = [f"{scheme}://{host}" for host in allowed for scheme in ("http", "https")]
    return TransportSecuritySettings(allowed_hosts=allowed, allowed_origins=origins)


@contextlib.contextmanager
def _own_logging() -> Iterator[None]:
    """The SDK sets up logging for the whole process; that is for whoever runs Tanya to do."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def tool_server(service: Service) -> MCPServer[Any]:
    """The MCP server with its tools; what they return is structured as `/api/v1` has it."""
    with _own_logging():
        server = MCPServer("tanya", title="Tanya", instructions=INSTRUCTIONS, version=version("tanya"))

    def tells(context: Context[Any, Any]) -> Teller:
        """For whoever sends this request, where they may ask."""
        request = context.request_context.request
        assert isinstance(request, Request)
        permitted(asker_of(request), "ask")
        return teller(request)

    @contextlib.contextmanager
    def told() -> Iterator[None]:
        """A problem becomes an error that the language model can read."""
        try:
            yield
        except (ProblemError, AssistantError) as error:
            raise ToolError(str(as_problem_error(error).detail)) from None

    @server.tool(title="Ask the news", annotations=READS_ONLY)
    async def ask(question: bodies.Question, context: Context[Any, Any]) -> bodies.Answer:
        """Answers a question from the news articles, each statement with the exact quotation behind it."""

        def answered(teller: Teller) -> bodies.Answer:
            *_, turn = service.ask([HumanMessage(question)], "mcp")
            return teller.answer(turn)

        with told():
            return await service.questions.run(partial(answered, tells(context)))

    @server.tool(title="Search the news", annotations=READS_ONLY)
    async def search(
        question: bodies.Question,
        context: Context[Any, Any],
        limit: Annotated[int, Field(ge=1, le=bodies.MOST_PASSAGES)] = 8,
    ) -> bodies.SearchAnswer:
        """Ranks passages of the news articles for a question or some words."""
        with told():
            return await service.questions.run(partial(searched, service, tells(context), question, limit))

    @server.tool(title="Read an article", annotations=READS_ONLY)
    async def get_article(
        article_id: Annotated[str, Field(max_length=MOST_ID_CHARS)], context: Context[Any, Any]
    ) -> bodies.Article:
        """One article with its whole text, by the id that answers and passages name."""
        with told():
            return await service.lookups.run(partial(found_article, service, tells(context), article_id))

    return server
