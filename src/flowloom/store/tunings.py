"""Models that are tuned on examples of one's own: what was sent, how it goes, and what came of it."""

import json
import time
import zlib
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

from flowloom.errors import Problem, StoreError
from flowloom.store.db import Database
from flowloom.store.problem_column import in_column, of_column

State = Literal["preparing", "validating", "queued", "running", "succeeded", "failed", "cancelled"]
ENDED: tuple[State, ...] = ("succeeded", "failed", "cancelled")
FACTS = "id, flow, name, at, who, state, job, model, problem, plan, progress"


class Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Example(Kept):
    """What is asked, and what should be answered; `before` are the instructions in front of it."""

    asked: str
    answer: str
    before: str = ""


class Examples(Kept):
    """Those to learn from, and those held out, which no provider learns from."""

    training: tuple[Example, ...] = ()
    held_out: tuple[Example, ...] = ()


class TuningPlan(Kept):
    """`base` is the provider's name of the model that is tuned; `price` in US dollars for a million tokens."""

    provider: str
    base: str
    epochs: int = 3
    tokens: int = 0
    price: float | None = None
    training: int = 0
    held_out: int = 0


class Point(Kept):
    """One step of the training, with its losses."""

    step: int
    loss: float | None = None
    held_out: float | None = None


class Progress(Kept):
    """What the provider told so far; `last` is the id of the last event that was read."""

    points: tuple[Point, ...] = ()
    said: tuple[str, ...] = ()
    last: str = ""
    trained: int | None = None
    """Tokens that were paid for."""


class Tuning(NamedTuple):
    """`job` is the provider's id, "" as long as there is none; `model` the tuned model's name."""

    id: str
    flow: str
    name: str
    at: float
    who: str
    state: State
    job: str
    model: str
    problem: Problem | None
    plan: TuningPlan
    progress: Progress

    @property
    def going(self) -> bool:
        return self.state not in ENDED


class TuningStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def create(self, flow: str, name: str, plan: TuningPlan, examples: Examples, who: str = "") -> str:
        """Keep a tuning that is about to begin, and give its id."""
        id = uuid4().hex
        data = zlib.compress(examples.model_dump_json(exclude_defaults=True).encode(), 6)
        values = (id, flow, name, time.time(), who, "preparing", "", "", None)
        told = (plan.model_dump_json(), Progress().model_dump_json(), data)
        self._db.do("INSERT INTO tunings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *values, *told)
        return id

    def of(self, flow: str) -> list[Tuning]:
        """Those of a GPT, the latest first."""
        return [
            _tuning(row)
            for row in self._db.all(f"SELECT {FACTS} FROM tunings WHERE flow = ? ORDER BY at DESC", flow)
        ]

    def left(self) -> list[Tuning]:
        """Those of all GPTs that have not ended."""
        states = ", ".join(f"'{each}'" for each in ENDED)
        return [_tuning(row) for row in self._db.all(f"SELECT {FACTS} FROM tunings WHERE state NOT IN ({states})")]

    def get(self, id: str) -> Tuning:
        """Raises StoreError where there is none."""
        row = self._db.one(f"SELECT {FACTS} FROM tunings WHERE id = ?", id)
        if row is None:
            raise StoreError("This fine-tuning no longer exists.", "Open Fine-tuning to see what there is.")
        return _tuning(row)

    def examples(self, id: str) -> Examples:
        """Raises StoreError where there is none."""
        row = self._db.one("SELECT data FROM tunings WHERE id = ?", id)
        if row is None:
            raise StoreError("This fine-tuning no longer exists.", "Open Fine-tuning to see what there is.")
        return Examples.model_validate(json.loads(zlib.decompress(row[0])))

    def begun(self, id: str, job: str) -> None:
        """Keep which job of the provider it is."""
        self._db.do("UPDATE tunings SET job = ?, state = 'validating' WHERE id = ?", job, id)

    def move(self, id: str, state: State, model: str = "", problem: Problem | None = None) -> None:
        """Keep how far it is."""
        told = in_column(problem)
        self._db.do("UPDATE tunings SET state = ?, model = ?, problem = ? WHERE id = ?", state, model, told, id)

    def tell(self, id: str, progress: Progress) -> None:
        self._db.do("UPDATE tunings SET progress = ? WHERE id = ?", progress.model_dump_json(), id)

    def delete(self, id: str) -> None:
        self._db.do("DELETE FROM tunings WHERE id = ?", id)

    def delete_of(self, flow: str) -> None:
        """Let go of all of a GPT; what the provider has stays there."""
        self._db.do("DELETE FROM tunings WHERE flow = ?", flow)


def _tuning(row: Iterable[Any]) -> Tuning:
    id, flow, name, at, who, state, job, model, problem, plan, progress = row
    told = of_column(problem)
    wanted, known = TuningPlan.model_validate_json(plan), Progress.model_validate_json(progress)
    return Tuning(id, flow, name, at, who, state, job, model, told, wanted, known)
