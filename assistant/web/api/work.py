"""Threads for what would hold up the event loop: so many at once, so many waiting, and no more.

A place is taken until its work is really over, also where whoever asked has gone or has waited too long: threads cannot
be stopped, and what is still running costs as much as before.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from assistant.web.api.problem import ProblemError

T = TypeVar("T")

RETRY_SECONDS = 2


class Workers:
    """`at_once` threads and `waiting` places before them; whoever finds none is told to come back (429)."""

    def __init__(self, name: str, at_once: int, waiting: int, seconds: float) -> None:
        """`seconds` is how long whoever asks waits for the whole of a piece of work (then 504)."""
        self.seconds = seconds
        self._places = at_once + waiting
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._taken = 0

    @property
    def taken(self) -> int:
        """How many pieces of work run or wait."""
        return self._taken

    def close(self) -> None:
        """Lets go what waits; what runs ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises. Raises `ProblemError` where there is no place, or it takes too long."""
        future = self._begin(work)
        with self._in_time():
            async with asyncio.timeout(self.seconds):
                return await asyncio.wrap_future(future)

    def stream(self, work: Callable[[], Iterable[T]]) -> AsyncIterator[T]:
        """The pieces of `work` as they come. Raises at once where there is no place, later as `run` does."""
        loop = asyncio.get_running_loop()
        arrived: asyncio.Queue[tuple[T] | None] = asyncio.Queue()
        gone = threading.Event()

        def tell(piece: tuple[T] | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(arrived.put_nowait, piece)

        def work_through() -> None:
            for piece in work():
                if gone.is_set():
                    return
                tell((piece,))

        future = self._begin(work_through)
        future.add_done_callback(lambda _: tell(None))
        return self._arriving(future, arrived, gone)

    async def _arriving(
        self, future: Future[None], arrived: asyncio.Queue[tuple[T] | None], gone: threading.Event
    ) -> AsyncIterator[T]:
        deadline = asyncio.get_running_loop().time() + self.seconds
        try:
            while True:
                with self._in_time():
                    async with asyncio.timeout_at(deadline):
                        piece = await arrived.get()
                if piece is None:
                    break
                yield piece[0]
            future.result()
        finally:
            gone.set()
            future.cancel()

    def _begin(self, work: Callable[[], T]) -> Future[T]:
        with self._lock:
            if self._taken >= self._places:
                told = f"{self._taken} requests are being answered or wait already. Try again in a moment."
                raise ProblemError("queue-full", told, {"retry-after": str(RETRY_SECONDS)})
            self._taken += 1
        try:
            future = self._pool.submit(work)
        except RuntimeError:  # the pool is closed
            self._leave()
            raise ProblemError("not-ready", "The server is stopping.") from None
        future.add_done_callback(self._leave)
        return future

    def _leave(self, _: object = None) -> None:
        with self._lock:
            self._taken -= 1

    @contextlib.contextmanager
    def _in_time(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            raise ProblemError("took-too-long", f"There was no answer within {self.seconds:g} seconds.") from None
