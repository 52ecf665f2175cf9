"""Experiments: versions of a GPT with models, tried on rows, and what came of each row."""

import json
import time
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, TypeAdapter

from flowloom.errors import Problem, StoreError
from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow
from flowloom.run.events import PASSING, RunEvent, event_json, read_event
from flowloom.store.datasets import Chosen as Chosen
from flowloom.store.datasets import Rows
from flowloom.store.db import Database
from flowloom.store.problem_column import in_column, of_column

FACTS = "id, flow, name, begun, going, problem, plan"
RESULT = "arm, number, answer, problem, seconds, cost, scores"
KEEP = (
    "INSERT INTO experiment_results SELECT CAST(?1 AS TEXT), CAST(?2 AS BIGINT), CAST(?3 AS BIGINT), ?4, "
    "CAST(?5 AS TEXT), CAST(?6 AS DOUBLE PRECISION), CAST(?7 AS DOUBLE PRECISION), ?8, ?9 "
    "WHERE EXISTS (SELECT 1 FROM experiments WHERE id = ?1) "
    "ON CONFLICT (experiment, arm, number) DO UPDATE SET answer = excluded.answer, "
    "problem = excluded.problem, seconds = excluded.seconds, cost = excluded.cost, "
    "scores = excluded.scores, trace = excluded.trace"
)


class Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Score(Kept):
    """What an evaluator said of one answer; no value where it could not tell, and why."""

    value: float | None = None
    because: Problem | None = None


class Arm(NamedTuple):
    """A version of the GPT, with its own models or with one `model` (`provider/model`) in their place."""

    label: str
    flow: Flow
    model: str = ""


class ExperimentPlan(Kept):
    """What is tried, apart from rows and versions. `budget` is in US dollars."""

    dataset: str = ""
    number: int = 0
    rows: int = 0
    labels: tuple[str, ...] = ()
    evaluators: tuple[Chosen, ...] = ()
    at_once: int = 4
    budget: float | None = None


class Tried(NamedTuple):
    """The rows and versions of an experiment, as they were when it began."""

    rows: Rows
    arms: tuple[Arm, ...]


class Experiment(NamedTuple):
    """An experiment on its way; `begun` in epoch seconds, `problem` is why it stopped by itself."""

    id: str
    flow: str
    name: str
    begun: float
    going: bool
    problem: Problem | None
    plan: ExperimentPlan

    @property
    def of(self) -> int:
        """How many answers there are in the end."""
        return self.plan.rows * len(self.plan.labels)


class Result(NamedTuple):
    """One row by one arm. `cost` is in US dollars; None is unknown."""

    arm: int
    number: int
    answer: str
    problem: Problem | None
    seconds: float | None
    cost: float | None
    scores: dict[str, Score]


SCORES = TypeAdapter(dict[str, Score])


class ExperimentStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def create(self, flow: str, name: str, plan: ExperimentPlan, tried: Tried) -> str:
        """Keep an experiment with all it needs, and give its id."""
        id = uuid4().hex
        plan = plan.model_copy(
            update={"rows": len(tried.rows.rows), "labels": tuple(arm.label for arm in tried.arms)}
        )
        data = zlib.compress(_written(tried).encode(), 6)
        self._db.do(
            "INSERT INTO experiments (id, flow, name, begun, going, plan, data) VALUES (?, ?, ?, ?, TRUE, ?, ?)",
            id, flow, name, time.time(), plan.model_dump_json(), data,
        )  # fmt: skip
        return id

    def get(self, id: str) -> Experiment:
        """Raises StoreError where there is none."""
        row = self._db.one(f"SELECT {FACTS} FROM experiments WHERE id = ?", id)
        if row is None:
            raise StoreError("This experiment no longer exists.", "Open Evaluate to see what there is.")
        return _experiment(row)

    def of(self, flow: str, most: int = 50) -> list[Experiment]:
        """Those of a GPT, the latest first."""
        rows = self._db.all(
            f"SELECT {FACTS} FROM experiments WHERE flow = ? ORDER BY begun DESC LIMIT ?", flow, most
        )
        return [_experiment(row) for row in rows]

    def all(self, most: int = 200) -> list[Experiment]:
        """Those of all GPTs, the latest first."""
        rows = self._db.all(f"SELECT {FACTS} FROM experiments ORDER BY begun DESC LIMIT ?", most)
        return [_experiment(row) for row in rows]

    def tried(self, id: str) -> Tried:
        """The rows and versions of an experiment. Raises StoreError where there is none."""
        row = self._db.one("SELECT data FROM experiments WHERE id = ?", id)
        if row is None:
            raise StoreError("This experiment no longer exists.", "Open Evaluate to see what there is.")
        return _read(zlib.decompress(row[0]))

    def go(self, id: str, going: bool, problem: Problem | None = None) -> None:
        """Let rows be begun, or no more; `problem` is why it stops by itself."""
        told = in_column(problem)
        self._db.do("UPDATE experiments SET going = ?, problem = ? WHERE id = ?", going, told, id)

    def allow(self, id: str, budget: float | None) -> None:
        """Let an experiment spend so much in all, in US dollars; None is no limit of its own."""
        plan = self.get(id).plan.model_copy(update={"budget": budget})
        self._db.do("UPDATE experiments SET plan = ? WHERE id = ?", plan.model_dump_json(), id)

    def finish(self, id: str) -> None:
        """Nothing is to be begun any more where every answer is there."""
        if self.done(id) >= self.get(id).of:
            self._db.do("UPDATE experiments SET going = FALSE WHERE id = ?", id)

    def left(self) -> list[str]:
        """Experiments that nobody stopped and that have not come to their end, the oldest first."""
        return [id for (id,) in self._db.all("SELECT id FROM experiments WHERE going ORDER BY begun")]

    def is_wanted(self, id: str) -> bool:
        """Whether rows are to be begun; not where it was stopped or deleted."""
        row = self._db.one("SELECT going FROM experiments WHERE id = ?", id)
        return bool(row and row[0])

    def done(self, id: str) -> int:
        """How many answers there are."""
        (count,) = self._db.one("SELECT count(*) FROM experiment_results WHERE experiment = ?", id)
        return int(count)

    def failed(self, id: str) -> int:
        """How many answers there are that failed."""
        (count,) = self._db.one(
            "SELECT count(*) FROM experiment_results WHERE experiment = ? AND problem IS NOT NULL", id
        )
        return int(count)

    def numbers(self, id: str) -> set[tuple[int, int]]:
        """The arm and row of each answer there is."""
        return {
            (arm, number)
            for arm, number in self._db.all("SELECT arm, number FROM experiment_results WHERE experiment = ?", id)
        }

    def keep(self, id: str, result: Result, events: Sequence[RunEvent]) -> None:
        """Keep what came of a row, and how; nothing where somebody deleted the experiment meanwhile."""
        self.keep_all(id, [(result, events)])

    def keep_all(self, id: str, results: Iterable[tuple[Result, Sequence[RunEvent]]]) -> None:
        """The same for several rows, all or none."""
        rows = [_values(id, result, events) for result, events in results]
        with self._db.transaction():
            self._db.do_all(KEEP, rows)

    def results(self, id: str) -> list[Result]:
        """What came of the rows, by row, then by arm."""
        rows = self._db.all(
            f"SELECT {RESULT} FROM experiment_results WHERE experiment = ? ORDER BY number, arm", id
        )
        return [_result(row) for row in rows]

    def trace(self, id: str, arm: int, number: int) -> list[RunEvent]:
        """What happened in the run of one row; nothing where it has none."""
        row = self._db.one(
            "SELECT trace FROM experiment_results WHERE experiment = ? AND arm = ? AND number = ?", id, arm, number
        )
        text = zlib.decompress(row[0]).decode() if row else ""
        # Not by splitlines, which parts at signs that JSON leaves as they are.
        return [read_event(line) for line in text.split("\n") if line]

    def again(self, id: str) -> None:
        """Have all that failed begin anew."""
        self._db.do("DELETE FROM experiment_results WHERE experiment = ? AND problem IS NOT NULL", id)

    def flow_of(self, id: str) -> str:
        """The GPT it tries; empty where there is no such experiment."""
        row = self._db.one("SELECT flow FROM experiments WHERE id = ?", id)
        return str(row[0]) if row else ""

    def delete(self, id: str) -> None:
        with self._db.transaction():
            self._db.do("DELETE FROM experiment_results WHERE experiment = ?", id)
            self._db.do("DELETE FROM experiments WHERE id = ?", id)

    def delete_of(self, flow: str) -> None:
        """Let go of all experiments of a GPT, and of what models answered in them."""
        with self._db.transaction():
            theirs = "(SELECT id FROM experiments WHERE flow = ?)"
            self._db.do(f"DELETE FROM experiment_results WHERE experiment IN {theirs}", flow)
            self._db.do("DELETE FROM experiments WHERE flow = ?", flow)
            self._db.do("DELETE FROM model_calls WHERE flow = ?", flow)

    # -- what models answered

    def call(self, flow: str, digest: str) -> str | None:
        """The reply to a call that was paid for, as JSON."""
        row = self._db.one("SELECT reply FROM model_calls WHERE flow = ? AND digest = ?", flow, digest)
        return str(row[0]) if row else None

    def keep_call(self, flow: str, digest: str, experiment: str, cost: float | None, reply: str) -> None:
        """Keep a reply; of two that come at once the first counts."""
        self._db.do(
            "INSERT INTO model_calls VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (flow, digest) DO NOTHING",
            flow, digest, time.time(), experiment, cost, reply,
        )  # fmt: skip

    def paid(self, experiment: str) -> float:
        """What an experiment has paid for, in US dollars, as far as prices are known."""
        (cost,) = self._db.one("SELECT sum(cost) FROM model_calls WHERE experiment = ?", experiment)
        return float(cost or 0.0)

    def forget_old_calls(self, older_than: float) -> None:
        """Let go of replies that are older than so many seconds, of experiments that are no more."""
        self._db.do(
            "DELETE FROM model_calls WHERE at < ? AND experiment NOT IN (SELECT id FROM experiments)",
            time.time() - older_than,
        )

    def forget_calls(self, flow: str) -> None:
        """Have models asked anew where a GPT is tried."""
        self._db.do("DELETE FROM model_calls WHERE flow = ?", flow)


def _values(id: str, result: Result, events: Sequence[RunEvent]) -> tuple[Any, ...]:
    lines = "\n".join(event_json(event) for event in events if not isinstance(event, PASSING))
    told = in_column(result.problem)
    scores = SCORES.dump_json(result.scores, exclude_defaults=True).decode()
    trace = zlib.compress(lines.encode(), 1)
    return id, result.arm, result.number, result.answer, told, result.seconds, result.cost, scores, trace


def _written(tried: Tried) -> str:
    # Flows as their files, so that a later version reads them as it reads files.
    arms = [
        {"label": arm.label, "model": arm.model, "flow": write_flow(arm.flow, indent=None)} for arm in tried.arms
    ]
    return json.dumps({"rows": tried.rows.model_dump(exclude_defaults=True), "arms": arms}, ensure_ascii=False)


def _read(data: bytes) -> Tried:
    kept = json.loads(data)
    arms = tuple(Arm(each["label"], read_flow(each["flow"]), each["model"]) for each in kept["arms"])
    return Tried(Rows.model_validate(kept["rows"]), arms)


def _experiment(row: Iterable[Any]) -> Experiment:
    id, flow, name, begun, going, problem, plan = row
    told = of_column(problem)
    return Experiment(id, flow, name, begun, bool(going), told, ExperimentPlan.model_validate_json(plan))


def _result(row: Iterable[Any]) -> Result:
    arm, number, answer, problem, seconds, cost, scores = row
    told = of_column(problem)
    return Result(arm, number, answer, told, seconds, cost, SCORES.validate_json(scores))
