"""An evaluator: data about it and one function, which is given what was asked, expected and answered."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from flowloom.errors import NodeError, Problem
from flowloom.flow.model import Flow
from flowloom.kinds.measures import TITLES
from flowloom.kinds.services import Models, Nearness
from flowloom.kinds.values import Passage
from flowloom.run.events import RunEvent
from flowloom.run.reading.steps import Step
from flowloom.store.datasets import DataRow
from flowloom.store.experiments import Score

Unit = Literal["share", "seconds", "dollars", "years"]


class Config(BaseModel):
    """The settings of an evaluator that has none."""

    model_config = ConfigDict(frozen=True, extra="ignore")


@dataclass(frozen=True)
class Case:
    """One answer, with all that is known of how it came about."""

    row: DataRow
    asked: str
    answer: str
    flow: Flow
    passages: Sequence[Passage] = ()
    steps: Sequence[Step] = ()
    events: Sequence[RunEvent] = ()
    cost: float | None = None
    seconds: float | None = None
    problem: Problem | None = None

    def wanted(self, column: str, otherwise: str = "") -> str:
        """What a row says in a column of its own; what the settings say where it says nothing."""
        return self.row.given.get(column, "").strip() or otherwise


class OwnFlows(Protocol):
    """Runs a GPT of one's own as an evaluator."""

    async def answer(self, flow_id: str, message: str) -> str:
        """What it answers. Raises FlowloomError."""
        ...


class NoFlows:
    """Fulfils `OwnFlows` where no GPT judges."""

    async def answer(self, flow_id: str, message: str) -> str:
        raise NodeError("No GPT is chosen.", code="evaluate.own.none")


@dataclass(frozen=True)
class Tools:
    """What an evaluator may use beside the answer."""

    models: Models
    nearness: Nearness
    flows: OwnFlows


Function = Callable[[Any, Case, Tools], Score | Awaitable[Score]]


@dataclass(frozen=True, slots=True)
class Evaluator:
    """What the form, the table and the experiment know of one. `calls` is how often it asks a model for a row."""

    id: str
    measures: str
    misleads: str
    function: Function
    config: type[Config] = Config
    unit: Unit = "share"
    lower_is_better: bool = False
    needs_expected: bool = False
    of_run: bool = False
    """Whether it is about how the answer came about, so that a row that failed has none."""
    in_thread: bool = False
    """Whether it takes so long that the runs would wait for it."""
    calls: int = 0
    model_of: Callable[[Any], str] = field(default=lambda config: "")

    @property
    def title(self) -> str:
        """What a person calls it."""
        return TITLES[self.id]


def passed(holds: bool, because: Problem | None = None) -> Score:
    """1 or 0, and why."""
    return Score(value=float(holds), because=because)


def untold(because: Problem) -> Score:
    """That it could not be told, and why."""
    return Score(because=because)


def by_id(evaluators: Sequence[Evaluator]) -> Mapping[str, Evaluator]:
    return {each.id: each for each in evaluators}
