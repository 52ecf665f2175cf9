"""How fast models are asked: so many calls at once, and so many a minute."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

MINUTE = 60.0


class Pace:
    """Lets calls begin. `sleep` and `clock` are for tests."""

    def __init__(
        self,
        at_once: int,
        a_minute: int | None = None,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._room, self._a_minute = asyncio.Semaphore(at_once), a_minute
        self._sleep, self._clock = sleep, clock or asyncio.get_running_loop().time
        self._begun = deque[float]()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """While a call is under way, from when it may begin."""
        async with self._room:
            await self._wait()
            yield

    async def _wait(self) -> None:
        """Until fewer than the limit have begun in the minute before now."""
        while self._a_minute:
            now = self._clock()
            while self._begun and now - self._begun[0] >= MINUTE:
                self._begun.popleft()
            if len(self._begun) < self._a_minute:
                self._begun.append(now)
                return
            await self._sleep(MINUTE - (now - self._begun[0]))
