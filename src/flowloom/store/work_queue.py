"""What waits for workers, in which order, and how many of one kind go at a time over all machines."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

Work = Callable[[str], None]
"""`work(run_id)`: takes a run to its end, or leaves it where it is."""


class WorkQueue(Protocol):
    """A lane is what shares one limit, such as the provider whose models a run asks."""

    def prepare(self) -> None:
        """Be ready to put, so that nobody waits for it in a transaction."""
        ...

    def put(self, run_id: str, lane: str) -> None:
        """Let a run wait; to be called in the transaction that this belongs to."""
        ...

    def serve(self, me: str, lanes: Mapping[str, int], at_once: int, work: Work) -> None:
        """Take up what waits from now on, in threads: so many `at_once` here, and over all as each lane says."""
        ...

    def limit(self, lanes: Mapping[str, int]) -> None:
        """Go by these limits from now on; to be called where it is served."""
        ...

    def had(self, worker: str) -> dict[str, str]:
        """What a worker took up that is not over: each entry, and its run."""
        ...

    def take_back(self, entries: Iterable[str]) -> None:
        """What a worker had that has ended no longer counts as under way."""
        ...

    def known(self) -> set[str] | None:
        """Every run that waits or is under way; None where those are too many to look at."""
        ...

    def forget_ended(self) -> None:
        """Let go of what is over."""
        ...

    def close(self) -> None:
        """Take up nothing any more."""
        ...
