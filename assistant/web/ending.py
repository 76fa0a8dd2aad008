"""An end without waiting: when the server stops, open streams are told that their visitor has gone.

An open page holds a stream to the server for as long as it is open. Without this, Ctrl-C would wait for every page to
be closed, or cut the streams off with a stack trace for each.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Ending:
    """ASGI middleware: once `over` is set, whoever waits for a message from the visitor hears of a disconnection."""

    def __init__(self, app: ASGIApp, over: asyncio.Event) -> None:
        self.app = app
        self.over = over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def receive_or_end() -> Message:
            message, over = asyncio.ensure_future(receive()), asyncio.ensure_future(self.over.wait())
            try:
                await asyncio.wait({message, over}, return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                message.cancel()
                over.cancel()

        await self.app(scope, receive_or_end, send)
