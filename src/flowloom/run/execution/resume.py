"""Taking up a run whose process ended: what its log says has ended does not run again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pydantic import TypeAdapter, ValidationError

from flowloom.errors import NodeError
from flowloom.run.events import (
    NodeAnswered,
    NodeAsked,
    NodeEvent,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    Place,
    RunEvent,
)
from flowloom.run.execution.scheduling import Decided, Firing
from flowloom.run.planning.plan import Plan, Step


def decided_after(
    past: Sequence[NodeEvent],
    plan: Plan,
    firing: Firing,
    prefix: str,
    keep: Callable[[Step, Mapping[str, Any]], None],
) -> list[Decided]:
    """Bring the edges to where the log ends; what is decided there and has not ended, or was not told, is left.

    `past` are the events of this flow alone, whose nodes it names with `prefix` before them; `keep(step, outputs)`
    hears of every step that had ended. Raises NodeError where one had failed for good.
    """
    steps = {prefix + step.id: step for step in plan.steps}
    open_ = {(step.id, firing.count(step)): (step, because) for step, because in firing.begin()}
    for event in past:
        step = steps.get(event.node)
        if step is None or not isinstance(event, NodeSkipped | NodeFinished | NodeFailed):
            continue
        open_.pop((step.id, event.round), None)
        if not isinstance(event, NodeSkipped):
            outputs = outputs_of_event(step, event)
            keep(step, outputs)
            decided = firing.settle(step, outputs)
            open_ |= {(each.id, firing.count(each)): (each, because) for each, because in decided}
    return list(open_.values())


def outputs_of_event(step: Step, event: NodeFinished | NodeFailed) -> Mapping[str, Any]:
    """What a step that had ended gave. Raises NodeError where its failure ended the run."""
    if isinstance(event, NodeFinished):
        return revived(step, event.outputs)
    match step.node.settings.on_error:
        case "value":
            return step.node.settings.fallback
        case "port":
            return {"error": str(event.problem)}
        case _:
            raise NodeError.from_problem(event.problem)


def revived(step: Step, outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Outputs that were written down as the node gave them: passages, messages and files are models again."""
    return {name: _revived(step, name, value) for name, value in outputs.items()}


def _revived(step: Step, name: str, value: Any) -> Any:
    field = step.kind.outputs.model_fields.get(name)
    if field is not None and field.annotation is not None:
        with suppress(ValidationError):
            return TypeAdapter[Any](field.annotation).validate_python(value)
    return value


def under_way(past: Iterable[RunEvent]) -> list[str]:
    """The nodes that had begun and not ended, those that only waited for a person left out."""
    begun: dict[Place, str] = {}
    for event in past:
        if not isinstance(event, NodeEvent):
            continue
        place = (event.call, event.node, event.round)
        if isinstance(event, NodeStarted | NodeAnswered):
            begun[place] = event.node
        elif isinstance(event, NodeFinished | NodeFailed | NodeAsked):
            begun.pop(place, None)
    return list(dict.fromkeys(begun.values()))
