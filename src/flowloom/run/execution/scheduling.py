"""Which nodes may run: edges fire, loops go round, and a node is decided when all that leads to it is."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flowloom.errors import NodeError, Problem
from flowloom.kinds.kind import AFTER_PORT
from flowloom.kinds.port import EMPTY
from flowloom.run.planning.plan import Link, Plan, Region, Step

Outputs = Mapping[str, Any]
Decided = tuple[Step, Problem | None]
"""A step that is decided: it may run, or it is skipped for a reason."""
NOTHING = object()


@dataclass(slots=True)
class _Arrivals:
    """What has come to one step: edges still undecided, values by input."""

    undecided: int
    values: dict[str, list[tuple[Link, Any]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Turns:
    """Where a loop stands: its round, what is still undecided in it, what goes back and what waits to leave."""

    open: int
    number: int = 1
    back: list[tuple[Link, Any]] = field(default_factory=list)
    leaving: dict[Link, Any] = field(default_factory=dict)
    entered: dict[str, list[tuple[Link, Any]]] = field(default_factory=dict)
    """What came to its entry from outside, which is there in every round."""


class Firing:
    """The edges of one run."""

    def __init__(self, plan: Plan) -> None:
        self._arrivals = {step.id: _Arrivals(_edges_to_wait_for(step)) for step in plan.steps}
        self._turns = {loop: _Turns(loop.size) for loop in plan.loops}
        self._counts: dict[str, int] = {}
        self._steps = plan.steps

    def begin(self) -> list[Decided]:
        """The steps that wait for nothing."""
        return self._decide(step for step in self._steps if not step.incoming)

    def settle(self, step: Step, outputs: Outputs) -> list[Decided]:
        """A step has ended with these outputs: what is decided by that."""
        return self._decide(self._pass_on(step, outputs))

    def count(self, step: Step) -> int:
        """How often the step has been decided so far; more than once only in a loop."""
        return self._counts.get(step.id, 1)

    def inputs(self, step: Step) -> dict[str, Any]:
        """The values for a step's inputs. Raises NodeError for one that cannot be read as its input needs it."""
        inputs: dict[str, Any] = dict(step.given)
        for name, arrived in self._arrivals[step.id].values.items():
            arrived.sort(key=lambda carried: carried[0].place)
            values = [carry(link, value) for link, value in arrived]
            inputs[name] = values if step.inputs[name].many else values[0]
        for name in step.late - inputs.keys():
            if step.inputs[name].required and step.inputs[name].type in EMPTY:
                inputs[name] = EMPTY[step.inputs[name].type]
        inputs.pop(AFTER_PORT.id, None)
        return inputs

    def _decide(self, steps: Iterable[Step]) -> list[Decided]:
        found: list[Decided] = []
        waiting = deque(steps)
        while waiting:
            step = waiting.popleft()
            self._counts[step.id] = self._counts.get(step.id, 0) + 1
            because = self._why_skipped(step)
            found.append((step, because))
            if because is not None:
                waiting.extend(self._pass_on(step, {}))
        return found

    def _why_skipped(self, step: Step) -> Problem | None:
        live = self._arrivals[step.id].values
        if step.incoming and not live:
            return Problem.of("run.dead", "Nothing reached this block.").at(step.id)
        for name in step.wired - step.late:
            if name not in live and step.inputs[name].required:
                said = step.inputs[name].said
                return Problem.of("run.dead_input", "Nothing arrived at “{port}”.", port=said).at(step.id, name)
        return None

    def _pass_on(self, step: Step, outputs: Outputs) -> list[Step]:
        decided: list[Step] = []
        for link in step.outgoing:
            value = outputs.get(link.port, NOTHING)
            if link.leaves:
                self._turns[link.leaves].leaving[link] = value
            else:
                decided += self._deliver(link, value)
        return decided + (self._one_less(step.loop) if step.loop else [])

    def _deliver(self, link: Link, value: Any) -> list[Step]:
        if link.back:
            self._turns[link.back].back += [] if value is NOTHING else [(link, value)]
            return []
        arrivals = self._arrivals[link.target.id]
        if value is not NOTHING:
            arrivals.values.setdefault(link.input, []).append((link, value))
        arrivals.undecided -= 1
        return [] if arrivals.undecided else [link.target]

    # -- loops: a round ends when all in it is decided; then it goes round again, or lets out its last values

    def _one_less(self, loop: Region) -> list[Step]:
        turns = self._turns[loop]
        turns.open -= 1
        if turns.open:
            return []
        if turns.back and turns.number < loop.most:
            return self._again(loop, turns)
        return self._leave(loop, turns)

    def _again(self, loop: Region, turns: _Turns) -> list[Step]:
        if turns.number == 1:
            turns.entered = self._arrivals[loop.entry.id].values
        values = dict(turns.entered)
        for name in {link.input for link, _ in turns.back}:
            came = [(link, value) for link, value in turns.back if link.input == name]
            values[name] = [*values.get(name, ()), *came] if loop.entry.inputs[name].many else came
        for step in loop.steps:
            self._arrivals[step.id] = _Arrivals(_edges_to_wait_for(step))
        for inner in loop.inner:
            self._turns[inner] = _Turns(inner.size)
        self._turns[loop] = _Turns(loop.size, turns.number + 1, entered=turns.entered)
        self._arrivals[loop.entry.id] = _Arrivals(0, values)
        return [loop.entry]

    def _leave(self, loop: Region, turns: _Turns) -> list[Step]:
        nothing_left = turns.leaving and all(value is NOTHING for value in turns.leaving.values())
        if turns.back and loop.must_leave and nothing_left:
            raise NodeError(
                "The loop at this block ran {rounds} rounds without a result.",
                "Allow more rounds, or connect an output of the loop that always provides something.",
                code="loop.limit",
                rounds=loop.most,
            )
        decided = [step for link, value in turns.leaving.items() for step in self._deliver(link, value)]
        return decided + (self._one_less(loop.parent) if loop.parent else [])


def _edges_to_wait_for(step: Step) -> int:
    return sum(1 for link in step.incoming if link.back is None)


def carry(link: Link, value: Any) -> Any:
    """A value as the input at the end of its edge needs it. Raises NodeError."""
    if link.coerce is None:
        return value
    try:
        return link.coerce(value)
    except (ValueError, TypeError):
        raise NodeError(
            "The value at “{port}” can’t be read as {type}.",
            "Check the output of the block before it, or add a block that converts it.",
            code="node.input",
            port=link.target.inputs[link.input].said,
            type=link.target.inputs[link.input].type.value,
        ) from None
