"""A queue in memory in place of the one of DBOS, for what does not need a second process."""

from collections.abc import Iterable, Mapping
from uuid import uuid4

from flowloom.store.work_queue import Work


class Waiting:
    """Keeps what was put, until somebody takes it out by hand."""

    def __init__(self) -> None:
        self.put_in: list[tuple[str, str]] = []
        self.entries: dict[str, dict[str, str]] = {}
        self.taken_back: list[str] = []

    @property
    def runs(self) -> list[str]:
        return [run for run, _ in self.put_in]

    def prepare(self) -> None:
        """Needs nothing."""

    def put(self, run_id: str, lane: str) -> None:
        self.put_in.append((run_id, lane))

    def serve(self, me: str, lanes: Mapping[str, int], at_once: int, work: Work) -> None:
        """Nobody takes anything out by itself."""

    def limit(self, lanes: Mapping[str, int]) -> None:
        """There is no limit."""

    def took(self, worker: str, run_id: str) -> None:
        self.entries.setdefault(worker, {})[uuid4().hex] = run_id

    def had(self, worker: str) -> dict[str, str]:
        return dict(self.entries.get(worker, {}))

    def take_back(self, entries: Iterable[str]) -> None:
        gone = set(entries)
        self.taken_back += gone
        for found in self.entries.values():
            for entry in gone & found.keys():
                del found[entry]

    def known(self) -> set[str] | None:
        return set(self.runs)

    def forget_ended(self) -> None:
        """Keeps nothing that is over."""

    def close(self) -> None:
        """Holds nothing open."""
