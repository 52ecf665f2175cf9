"""Runs that nobody waits for are left to workers, where there are any; else this process runs them itself."""

from collections.abc import Callable

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.run_persistence import lease_of
from flowloom.store.crew import Crew
from flowloom.store.leases import WAITING, Leases
from flowloom.store.runs import RunStore
from flowloom.store.work_queue import WorkQueue

ANY = "any"
"""The lane of runs that ask no model."""


class Handover:
    """What this process leaves to workers."""

    def __init__(
        self,
        runs: RunStore,
        leases: Leases,
        crew: Crew,
        queue: WorkQueue | None,
        lane_of: Callable[[Flow], str] = lambda flow: ANY,
    ) -> None:
        """`queue` is None where there can be no workers."""
        self.crew, self.queue = crew, queue
        self._runs, self._leases, self._lane_of = runs, leases, lane_of

    def takes(self) -> bool:
        """Whether there is somebody to leave a run to; to be asked before a transaction."""
        if self.queue is None or not self.crew.is_there():
            return False
        self.queue.prepare()
        return True

    def leave(self, run_id: str, flow: Flow | None = None) -> bool:
        """Let a run wait for a worker; False where it has ended, waits already or is under way elsewhere.

        In the transaction that begins it, where there is one: of a crash, both or none are left.
        """
        with self._runs.whole():
            flow = flow or self._runs.flow_of(run_id)
            if flow is None or self.queue is None or not self._leases.leave(lease_of(run_id)):
                return False
            self.queue.put(run_id, self._lane(flow))
        return True

    def leave_work(self, lease: str) -> bool:
        """Let work that is no run wait for a worker, by the name of its lease; whether it is left to one.

        Raises StoreError.
        """
        if not self.takes() or self.queue is None:
            return False
        with self._runs.whole():
            if self._leases.leave(lease):
                self.queue.put(lease, ANY)
        return True  # Else it waits already, or is under way elsewhere.

    def let_go(self, lease: str) -> None:
        """Work that still waits for a worker is no longer wanted; whoever takes it up finds that out."""
        self._leases.drop(lease, WAITING)

    def _lane(self, flow: Flow) -> str:
        try:
            return self._lane_of(flow)
        except FlowloomError:
            return ANY
