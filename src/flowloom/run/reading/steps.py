"""What happened in a run, step by step: each node that worked, failed or was passed over, and each tool call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flowloom.errors import Problem
from flowloom.kinds.context import EXAMPLES
from flowloom.kinds.values import Usage
from flowloom.run.events import (
    NodeAnswered,
    NodeAsked,
    NodeEvent,
    NodeFailed,
    NodeFinished,
    NodeNoted,
    NodeRetried,
    NodeSkipped,
    NodeStarted,
    NodeThought,
    Place,
    RunEvent,
    RunStarted,
)
from flowloom.run.reading.copies import changed

Outcome = Literal["running", "asking", "done", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Step:
    """One node at work, in a loop once for each `round`.

    `call` is what it worked within, as in its events. `at` is seconds since the
    epoch, `seconds` how long it took; `attempts` counts the tries it needed.
    """

    node: str
    call: str = ""
    round: int = 1
    at: float = 0.0
    outcome: Outcome = "running"
    seconds: float | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    usage: Usage | None = None
    problem: Problem | None = None
    attempts: int = 1
    thoughts: tuple[str, ...] = ()
    """What models thought for it, no part of what it gave."""
    examples: tuple[Mapping[str, Any], ...] = ()
    """Which examples of good answers its model read."""
    kept: bool = False
    """Whether it worked in an earlier run, and this one took over what it gave."""

    @property
    def caller(self) -> str:
        """The node within which it worked, as its tool or in its flow; "" for a step of the flow itself."""
        return self.owner[1] if self.owner else ""

    @property
    def owner(self) -> Place | None:
        """The step within which it worked."""
        around, _, last = self.call.rpartition("/")
        if not last:
            return None
        prefix = self.node.rpartition("/")[0]
        name, sign, numbers = last.partition("#" if "#" in last else ".")
        rounds = numbers.split(".")
        if sign == "#":
            return (around, prefix, int(rounds[1]) if len(rounds) > 1 else 1)
        return (around, f"{prefix}/{name}" if prefix else name, self.round)

    @property
    def item(self) -> int:
        """Which item of a list it worked on, from 1; 0 where there is no list."""
        _, sign, numbers = self.call.rpartition("/")[2].partition("#")
        return int(numbers.split(".")[0]) if sign else 0

    @property
    def place(self) -> Place:
        return (self.call, self.node, self.round)


def story_of(events: Iterable[RunEvent]) -> list[Step]:
    """The steps of a run in the order in which they began."""
    steps: dict[tuple[str, str, int], Step] = {}
    kept_before = 0.0
    for event in events:
        if isinstance(event, RunStarted) and event.again:
            kept_before = event.at
        if isinstance(event, NodeEvent):
            key = (event.node, event.call, event.round)
            steps[key] = _after(steps.get(key) or Step(*key, event.at, kept=event.at < kept_before), event)
    return list(steps.values())


def _after(step: Step, event: NodeEvent) -> Step:
    match event:
        case NodeStarted():
            return changed(step, at=event.at, inputs=event.inputs)
        case NodeAsked():
            return changed(step, outcome="asking")
        case NodeAnswered():
            return changed(step, outcome="running")
        case NodeThought():
            return changed(step, thoughts=(*step.thoughts, event.text))
        case NodeNoted() if event.key.partition(":")[2] == EXAMPLES:
            return changed(step, examples=tuple(event.value))
        case NodeRetried():
            return changed(step, attempts=event.attempt + 1, problem=event.problem)
        case NodeFinished():
            return changed(
                step,
                outcome="done",
                seconds=event.seconds,
                outputs=event.outputs,
                usage=event.usage,
                problem=None,
            )
        case NodeFailed():
            return changed(step, outcome="failed", seconds=event.seconds, problem=event.problem)
        case NodeSkipped():
            return changed(step, outcome="skipped", problem=event.because)
    return step
