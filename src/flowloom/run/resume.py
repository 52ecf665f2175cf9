"""Taking up a run whose process ended: what its log says has ended does not run again."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pydantic import TypeAdapter, ValidationError

from flowloom.run.events import NodeEvent, NodeFailed, NodeFinished, NodeSkipped, NodeStarted, RunEvent
from flowloom.run.firing import Decided, Firing
from flowloom.run.plan import Plan, Step


def decided_after(past: Sequence[RunEvent], plan: Plan, firing: Firing) -> list[Decided]:
    """Bring the edges to where the log ends; what is decided there and has not ended, or was not told, is left."""
    steps = {step.id: step for step in plan.steps}
    open_ = {(step.id, firing.count(step)): (step, because) for step, because in firing.begin()}
    for event in past:
        if not isinstance(event, NodeEvent) or event.call or event.node not in steps:
            continue
        key = (event.node, event.round)
        if isinstance(event, NodeSkipped):
            open_.pop(key, None)
        elif isinstance(event, NodeFinished | NodeFailed):
            open_.pop(key, None)
            step = steps[event.node]
            decided = firing.settle(step, _outputs(step, event))
            open_ |= {(each.id, firing.count(each)): (each, because) for each, because in decided}
    return list(open_.values())


def _outputs(step: Step, event: NodeFinished | NodeFailed) -> Mapping[str, Any]:
    if isinstance(event, NodeFinished):
        return {name: _revived(step, name, value) for name, value in event.outputs.items()}
    # A run that such a failure ended is not taken up again, so this one went on.
    if step.node.settings.on_error == "value":
        return step.node.settings.fallback
    return {"error": str(event.problem)}


def _revived(step: Step, name: str, value: Any) -> Any:
    """A value from the log as the node gave it: passages, messages and files are models again."""
    field = step.kind.outputs.model_fields.get(name)
    if field is not None and field.annotation is not None:
        with suppress(ValidationError):
            return TypeAdapter[Any](field.annotation).validate_python(value)
    return value


def under_way(past: Iterable[RunEvent]) -> list[str]:
    """The nodes that had begun and not ended."""
    begun: dict[str, None] = {}
    for event in past:
        if isinstance(event, NodeEvent) and not event.call:
            if isinstance(event, NodeStarted):
                begun[event.node] = None
            elif isinstance(event, NodeFinished | NodeFailed):
                begun.pop(event.node, None)
    return list(begun)
