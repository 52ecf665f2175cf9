"""Every run as a line in a list: what was asked, when, how it ended, and what it took."""

import json
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import NamedTuple

from flowloom.run.reading.view import RunState, view_of
from flowloom.store.db import Database
from flowloom.store.runs import PAGE, RunStore, escaped

BATCH = 500
"""How many runs of an earlier Flowloom are told in one transaction."""
USUAL = 20
"""Of how many runs one says what a run usually costs."""
ASKED = 300
"""Characters of a question that a line holds."""
FACTS = f"id, flow, substr(asked, 1, {ASKED}), state, started, ended, tokens, cost"


class RunEntry(NamedTuple):
    """A run as a list shows it; moments are seconds since the epoch, None is unknown."""

    id: str
    flow: str
    asked: str
    state: RunState
    started: float
    ended: float | None
    tokens: int | None
    cost: float | None

    @property
    def seconds(self) -> float | None:
        return None if self.ended is None else max(0.0, self.ended - self.started)


class RunLedger:
    """The runs of all flows, found by flow, state and words."""

    def __init__(self, db: Database, runs: RunStore, is_running: Callable[[str], bool]) -> None:
        self._db, self._runs, self._is_running = db, runs, is_running

    def entries(
        self, flows: Collection[str], *, state: RunState | None = None, search: str = "", most: int = 50
    ) -> list[RunEntry]:
        """The runs of these flows, the latest first; `search` keeps those in which it was asked or answered.

        What visitors of a published page asked is theirs, and in no list.
        """
        self._tell_the_untold()
        only, values = _of(flows)
        only += f" AND via <> '{PAGE}'"
        if state:
            only, values = f"{only} AND state = ?", [*values, state]
        if search:
            only += " AND (asked LIKE ? ESCAPE '\\' OR answered LIKE ? ESCAPE '\\')"
            values += [f"%{escaped(search)}%"] * 2
        found = self._db.all(f"SELECT {FACTS} FROM runs WHERE {only} ORDER BY started DESC LIMIT ?", *values, most)
        return [RunEntry(*row) for row in found]

    def usual_cost(self, flow: str) -> float | None:
        """What a run of a flow cost in the mean of the last ones, in US dollars; None where that is unknown."""
        (cost,) = self._db.one(
            "SELECT avg(cost) FROM (SELECT cost FROM runs WHERE flow = ? AND state = 'finished' "
            "AND cost IS NOT NULL ORDER BY started DESC LIMIT ?)",
            flow,
            USUAL,
        )
        return None if cost is None else float(cost)

    def entry(self, run_id: str) -> RunEntry | None:
        """One run, as far as it has come; None where it is a visitor’s."""
        if not self._is_running(run_id):
            self._tell_the_untold()
        row = self._db.one(f"SELECT {FACTS} FROM runs WHERE id = ? AND via <> '{PAGE}'", run_id)
        return RunEntry(*row) if row else None

    def _tell_the_untold(self) -> None:
        """Read the facts of runs that an earlier Flowloom kept, or whose process ended before they did."""
        while untold := self._untold():
            with self._db.transaction():
                for run_id in untold:
                    self._tell(run_id)

    def _untold(self) -> list[str]:
        found = self._db.all("SELECT id FROM runs WHERE NOT told ORDER BY started DESC LIMIT ?", BATCH)
        return [run_id for (run_id,) in found if not self._is_running(run_id)]

    def _tell(self, run_id: str) -> None:
        events = self._runs.events(run_id)
        view = replace(view_of(events), run_id=run_id)
        if view.state == "running":
            # Nobody knows when it was cut off, only what it did last.
            view = replace(view.interrupted(), ended=events[-1].at if events else None)
        self._runs.tell(view)


def _of(flows: Collection[str]) -> tuple[str, list[object]]:
    """The condition that a run is of one of these flows."""
    if len(flows) == 1:
        return "flow = ?", [*flows]
    # Of the column itself, SQLite would gather the runs of every flow and sort them all for the first page.
    return "flow || '' IN (SELECT value FROM json_each(CAST(? AS TEXT)))", [json.dumps([*flows])]
