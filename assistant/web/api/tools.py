"""The same answers as tools of an MCP server at `/mcp` (streamable HTTP), for programs that let a language model ask.

Stateless: each request stands alone, so any replica can answer it. The server answers only to the names it is known by
(`TANYA_MCP_HOSTS`): a page of another site that makes its own name point to this machine gets nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.requests import Request

from assistant.web.api.problem import problem, respond, root_of
from assistant.web.api.service import Service

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

NOT_INSTALLED = "The MCP server is not installed here: scripts/install mcp brings it, then start Tanya again."


class Tools:
    """An ASGI application: the MCP server while it runs, and a civil word where it is not installed."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._app: ASGIApp | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The server answers inside the block."""
        if find_spec("mcp") is None:
            yield
            return
        from assistant.web.api.tool_server import security, tool_server

        server = tool_server(self._service)
        self._app = server.streamable_http_app(
            streamable_http_path="/mcp",
            stateless_http=True,
            json_response=True,
            transport_security=security(self._service.mcp_hosts),
        )
        async with server.session_manager.run():
            yield
        self._app = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is not None:
            await self._app(scope, receive, send)
        else:
            told = problem(root_of(Request(scope)), "not-found", NOT_INSTALLED)
            await respond(told)(scope, receive, send)
