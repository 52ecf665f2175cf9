"""Tables that go through a GPT row by row: what each row holds, how it stands, and what came of it."""

import json
import time
import zlib
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple
from uuid import uuid4

from flowloom.errors import Problem, StoreError
from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow
from flowloom.run.reading.view import RunView
from flowloom.store.db import Database
from flowloom.store.problem_column import in_column, of_column

RowState = Literal["waiting", "running", "asking", "done", "failed"]
ALL = 2**62
"""More rows than any table has."""
FACTS = "id, flow, name, begun, message, titles, at_once, going"
ROW = "number, given, state, run, answer, problem, seconds, cost"


class Batch(NamedTuple):
    """A table on its way. `message` is what each row asks, with `{{column}}`; `begun` in epoch seconds."""

    id: str
    flow: str
    name: str
    begun: float
    message: str
    titles: tuple[str, ...]
    at_once: int
    going: bool
    """Whether rows are to be begun; one that was stopped begins none."""


class Row(NamedTuple):
    """One row, and what came of it. `cost` is in US dollars; None is unknown."""

    number: int
    given: dict[str, str]
    state: RowState
    run: str
    answer: str
    problem: Problem | None
    seconds: float | None
    cost: float | None


class BatchStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def create(
        self,
        flow: Flow,
        name: str,
        titles: Sequence[str],
        rows: Sequence[Mapping[str, str]],
        message: str,
        at_once: int = 2,
    ) -> str:
        """Keep a table with the flow as it is now, and give its id."""
        id, data = uuid4().hex, zlib.compress(write_flow(flow, indent=None).encode(), 6)
        with self._db.transaction():
            self._db.do(
                "INSERT INTO batches (id, flow, name, begun, message, titles, at_once, going, data) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, TRUE, ?)",
                id, flow.id, name, time.time(), message, json.dumps([*titles]), at_once, data,
            )  # fmt: skip
            self._db.do_all(
                "INSERT INTO batch_rows (batch, number, given, state) VALUES (?, ?, ?, 'waiting')",
                ((id, number, json.dumps(dict(row), ensure_ascii=False)) for number, row in enumerate(rows, 1)),
            )
        return id

    def get(self, id: str) -> Batch:
        """Raises StoreError where there is none."""
        row = self._db.one(f"SELECT {FACTS} FROM batches WHERE id = ?", id)
        if row is None:
            raise StoreError("This table no longer exists.", "Open Runs to see what there is.")
        return _batch(row)

    def all(self, most: int = 50) -> list[Batch]:
        """The latest first."""
        return [
            _batch(row) for row in self._db.all(f"SELECT {FACTS} FROM batches ORDER BY begun DESC LIMIT ?", most)
        ]

    def left(self) -> list[str]:
        """Those that nobody stopped and that have rows to begin, or under way."""
        rows = self._db.all(
            "SELECT id FROM batches WHERE going AND EXISTS (SELECT 1 FROM batch_rows WHERE batch = batches.id "
            "AND state IN ('waiting', 'running')) ORDER BY begun"
        )
        return [id for (id,) in rows]

    def flow_of(self, id: str) -> Flow:
        """The flow as it was when the table began."""
        (data,) = self._db.one("SELECT data FROM batches WHERE id = ?", id)
        return read_flow(zlib.decompress(data))

    def counts(self, id: str) -> dict[RowState, int]:
        """How many rows there are in each state."""
        found = self._db.all("SELECT state, count(*) FROM batch_rows WHERE batch = ? GROUP BY state", id)
        return dict(found)

    def cost(self, id: str) -> float | None:
        """What its rows cost so far, in US dollars; None where nothing is known."""
        (cost,) = self._db.one("SELECT sum(cost) FROM batch_rows WHERE batch = ?", id)
        return None if cost is None else float(cost)

    def rows(self, id: str, most: int = ALL, state: RowState | None = None) -> list[Row]:
        """The rows in their order."""
        rows = self._db.all(
            f"SELECT {ROW} FROM batch_rows WHERE batch = ?1 AND (CAST(?2 AS TEXT) IS NULL OR state = ?2) "
            "ORDER BY number LIMIT ?3",
            id,
            state,
            most,
        )
        return [_row(row) for row in rows]

    def next(self, id: str) -> Row | None:
        """The next row to begin."""
        return next(iter(self.rows(id, 1, "waiting")), None)

    def go(self, id: str, going: bool) -> None:
        """Let rows be begun, or no more."""
        self._db.do("UPDATE batches SET going = ? WHERE id = ?", going, id)

    def begin(self, id: str, number: int, run: str) -> None:
        """A row is under way; to be kept together with the beginning of its run."""
        self._db.do(
            "UPDATE batch_rows SET state = 'running', run = ? WHERE batch = ? AND number = ?", run, id, number
        )

    def fail(self, id: str, number: int, problem: Problem) -> None:
        """A row could not even begin."""
        self._db.do(
            "UPDATE batch_rows SET state = 'failed', problem = ? WHERE batch = ? AND number = ?",
            problem.model_dump_json(),
            id,
            number,
        )

    def tell(self, view: RunView) -> None:
        """Keep how the run of a row stands; one that belongs to no row changes nothing."""
        states: dict[str, RowState] = {"finished": "done", "paused": "asking", "running": "running"}
        self._db.do(
            "UPDATE batch_rows SET state = ?, answer = ?, problem = ?, seconds = ?, cost = ? WHERE run = ?",
            states.get(view.state, "failed"),
            view.text,
            in_column(view.problem),
            max(0.0, view.ended - view.started) if view.ended else None,
            view.usage.cost,
            view.run_id,
        )

    def again(self, id: str) -> None:
        """Have all that failed begin anew."""
        self._db.do(
            "UPDATE batch_rows SET state = 'waiting', run = '', problem = NULL, answer = '' "
            "WHERE batch = ? AND state = 'failed'",
            id,
        )

    def delete(self, id: str) -> None:
        """Let go of a table; its runs stay among the runs."""
        with self._db.transaction():
            self._db.do("DELETE FROM batch_rows WHERE batch = ?", id)
            self._db.do("DELETE FROM batches WHERE id = ?", id)

    def delete_of(self, flow: str) -> None:
        """Let go of all tables of a GPT."""
        with self._db.transaction():
            self._db.do("DELETE FROM batch_rows WHERE batch IN (SELECT id FROM batches WHERE flow = ?)", flow)
            self._db.do("DELETE FROM batches WHERE flow = ?", flow)


def _batch(row: tuple[str, str, str, float, str, str, int, int]) -> Batch:
    id, flow, name, begun, message, titles, at_once, going = row
    return Batch(id, flow, name, begun, message, tuple(json.loads(titles)), at_once, bool(going))


def _row(row: tuple[int, str, RowState, str, str, str | None, float | None, float | None]) -> Row:
    number, given, state, run, answer, problem, seconds, cost = row
    told = of_column(problem)
    return Row(number, json.loads(given), state, run, answer, told, seconds, cost)
