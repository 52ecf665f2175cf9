"""Work that one of several processes does at a time, and that others see going on: tables, experiments, studios."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from flowloom.errors import FlowloomError
from flowloom.handover import Handover
from flowloom.runner import Runner
from flowloom.store.leases import Leases

Work = Callable[[], Coroutine[Any, Any, None]]


class LeasedTasks:
    """Tasks of one `kind` in the thread of the runs, each held by its lease until it has ended."""

    def __init__(self, kind: str, runner: Runner, leases: Leases, handover: Handover | None = None) -> None:
        self._kind, self._runner, self._leases, self._handover = kind, runner, leases, handover
        self._going: dict[str, asyncio.Task[None]] = {}

    def lease_of(self, id: str) -> str:
        return f"{self._kind}:{id}"

    def is_here(self, id: str) -> bool:
        """Whether that is being done by this process."""
        return id in self._going

    @property
    def busy(self) -> bool:
        """Whether anything is being done by this process."""
        return bool(self._going)

    def is_going(self, id: str) -> bool:
        """Whether that is being done, here or in another process."""
        return id in self._going or self._leases.held_elsewhere(self.lease_of(id))

    def begin(self, id: str, work: Work) -> None:
        """Do something, unless that is being done already."""
        self._runner.in_loop(self._begin, id, work)

    def leave(self, id: str) -> bool:
        """Leave something to a worker, where there is one; whether it is left, or being done here already."""
        return self.is_here(id) or bool(self._handover and self._handover.leave_work(self.lease_of(id)))

    def cancel(self, id: str) -> None:
        """End what is done here, and let nothing wait for a worker."""
        if self._handover:
            self._handover.let_go(self.lease_of(id))
        self._runner.in_loop(self._cancel, id)

    def _begin(self, id: str, work: Work) -> None:
        if id not in self._going and self._leases.claim(self.lease_of(id)):
            self._going[id] = asyncio.get_running_loop().create_task(self._go(id, work))

    def _cancel(self, id: str) -> None:
        if task := self._going.get(id):
            task.cancel()

    async def _go(self, id: str, work: Work) -> None:
        try:
            await work()
        finally:
            self._going.pop(id, None)
            with suppress(FlowloomError):
                self._leases.release(self.lease_of(id))
