"""Work that many wait for and one does, whichever event loops they are in."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """`do(key, work)`: who comes first works, the others get what came of it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_way: dict[str, Future[T]] = {}

    async def do(self, key: str, work: Callable[[], Awaitable[T]]) -> T:
        while True:
            with self._lock:
                future = self._under_way.get(key)
                mine = future is None
                if future is None:
                    future = self._under_way[key] = Future()
            if mine:
                return await self._work(key, future, work)
            try:
                return await asyncio.shield(asyncio.wrap_future(future))
            except asyncio.CancelledError:
                # Where the one at work was stopped, somebody else has to do it; else it is us who are stopped.
                if not future.cancelled():
                    raise

    async def _work(self, key: str, future: "Future[T]", work: Callable[[], Awaitable[T]]) -> T:
        try:
            found = await work()
        except asyncio.CancelledError:
            self._over(key)
            future.cancel()
            raise
        except BaseException as error:
            self._over(key)
            future.set_exception(error)
            raise
        self._over(key)
        future.set_result(found)
        return found

    def _over(self, key: str) -> None:
        with self._lock:
            self._under_way.pop(key, None)
