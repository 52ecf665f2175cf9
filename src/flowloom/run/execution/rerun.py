"""Again from a node of an earlier run: what of its log is kept, so that only the rest runs anew."""

import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic_core import to_json

from flowloom.errors import NodeError
from flowloom.flow.graph import nodes_after
from flowloom.flow.model import Flow, Node
from flowloom.kinds.kind import TOOL_PORT
from flowloom.kinds.registry import Registry
from flowloom.run.events import NodeEvent, NodeFailed, NodeFinished, NodeSkipped, NodeStarted, RunEvent, RunStarted
from flowloom.run.execution.resume import outputs_of_event
from flowloom.run.execution.scheduling import Decided, Firing
from flowloom.run.planning.nested_nodes import flow_within
from flowloom.run.planning.plan import Plan, Step, plan_of

Turn = tuple[str, int]
"""A node in one round."""
Ended = NodeFinished | NodeFailed | NodeSkipped


def log_again(
    past: Sequence[RunEvent],
    flow: Flow,
    kinds: Registry,
    node: str,
    run_id: str,
    message: str,
    then: Flow | None = None,
    custom_instructions: str = "",
) -> list[RunEvent]:
    """The log with which a new run begins that repeats an earlier one from a node on.

    `then` is the flow as the earlier run used it: nodes that were set otherwise since run anew as well. What was
    kept holds the moment at which it happened, which is before the run began, and took nothing now.
    Raises FlowFileError where the flow cannot run.
    """
    plan, again = plan_of(flow, kinds), past[0].run_id
    began = RunStarted(
        run_id=run_id,
        seq=0,
        at=time.time(),
        flow_id=flow.id,
        message=message,
        nodes=len(plan.steps),
        again=again,
        custom_instructions=custom_instructions if flow.custom_instructions else "",
    )
    kept = kept_events(past, flow, plan, [node, *(set_otherwise(then, flow) if then else ())])
    return [began, *(_retold(event, run_id, seq) for seq, event in enumerate(kept, 1))]


def _retold(event: NodeEvent, run_id: str, seq: int) -> RunEvent:
    told: Any = replace(event, run_id=run_id, seq=seq)
    return replace(told, seconds=0.0, usage=None) if isinstance(told, NodeFinished) else told


def set_otherwise(then: Flow, now: Flow) -> list[str]:
    """The nodes of both flows whose kind or config differ; one that is pinned now gives that, however it is set."""
    before = {node.id: node for node in then.nodes}
    pairs = [(before[node.id], node) for node in now.nodes if node.id in before]
    return [
        node.id
        for old, node in pairs
        if node.settings.pinned is None and (_set(old) != _set(node) or old.settings.pinned is not None)
    ]


def _set(node: Node) -> tuple[str, Mapping[str, Any]]:
    return node.kind, node.config


def kept_events(
    past: Iterable[RunEvent], flow: Flow, plan: Plan, anew_from: Collection[str]
) -> Sequence[NodeEvent]:
    """What happened in nodes that neither are among these nor descend from them, as far as it would happen again.

    A node runs anew as well where it had not ended, or where the flow was changed so that other values reach it.
    """
    told = [event for event in past if isinstance(event, NodeEvent)]
    anew = descent(flow, anew_from)
    while True:
        kept = [event for event in told if owner_of(event) not in anew]
        unfit = _unfit(kept, plan)
        if not unfit:
            return kept
        anew |= descent(flow, unfit)


def descent(flow: Flow, nodes: Collection[str]) -> set[str]:
    """These nodes and all that descends from them. Whatever is in a loop descends from all else in it."""
    return {*nodes, *nodes_after(flow, nodes)}


def owner_of(event: NodeEvent) -> str:
    """The node of the flow itself that an event belongs to, however deep it happened."""
    if event.call:
        return re.split(r"[.#/]", event.call, maxsplit=1)[0]
    return event.node.partition("/")[0]


def _unfit(events: Sequence[NodeEvent], plan: Plan) -> set[str]:
    """The nodes that would not do what these events tell, in the order in which they are told."""
    top = [event for event in events if not event.call]
    inputs = {(event.node, event.round): event.inputs for event in top if isinstance(event, NodeStarted)}
    ended = [event for event in top if isinstance(event, Ended)]
    unfit = {owner_of(event) for event in events} - {step.id for step in plan.steps}
    unfit |= {node for node, _ in inputs.keys() - {(event.node, event.round) for event in ended}}
    return unfit | _replayed(ended, inputs, plan)


def _replayed(ended: Sequence[Ended], inputs: Mapping[Turn, Mapping[str, Any]], plan: Plan) -> set[str]:
    firing, unfit = Firing(plan), set()
    decided = _by_turn(firing, firing.begin())
    for event in ended:
        turn = (event.node, event.round)
        step, because = decided.pop(turn, (None, None))
        if step is None or isinstance(event, NodeSkipped) == (because is None):
            unfit.add(event.node)
        elif not isinstance(event, NodeSkipped):
            try:
                if not _fits(step, event, firing.inputs(step), inputs.get(turn, {})):
                    raise NodeError("")
                decided |= _by_turn(firing, firing.settle(step, outputs_of_event(step, event)))
            except NodeError:
                unfit.add(event.node)
    return unfit


def _by_turn(firing: Firing, decided: Iterable[Decided]) -> dict[Turn, Decided]:
    return {(step.id, firing.count(step)): (step, because) for step, because in decided}


def _fits(step: Step, event: NodeFinished | NodeFailed, now: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    """Whether a step would be given the same, and still has the outputs that it gave."""
    if isinstance(event, NodeFailed):
        return step.node.settings.on_error != "stop" and _same(now, then)
    return event.outputs.keys() <= step.outputs.keys() and _same(now, then)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    # As the log writes them: it holds no models.
    return one.keys() == other.keys() and all(_written(one[name]) == _written(other[name]) for name in one)


def _written(value: Any) -> bytes:
    return to_json(value, fallback=str, inf_nan_mode="null")


def with_pinned(flow: Flow, node: str, outputs: Mapping[str, Any] | None) -> Flow:
    """The flow in which a node gives these outputs without being run; None lets it run."""

    def pinned(each: Node) -> Node:
        settings = each.settings.model_copy(update={"pinned": None if outputs is None else dict(outputs)})
        return each.model_copy(update={"settings": settings})

    nodes = tuple(pinned(each) if each.id == node else each for each in flow.nodes)
    return flow.model_copy(update={"nodes": nodes})


def not_to_repeat(flow: Flow, kinds: Registry, nodes: Collection[str]) -> list[Node]:
    """Those of the nodes, and of the tools they use, that do something outside which cannot be taken back.

    Among them are nodes in whose flow there is one that does.
    """
    tools = {edge.start.node for edge in flow.edges if edge.end.node in nodes and edge.start.port == TOOL_PORT.id}
    found = [node for node in flow.nodes if node.id in {*nodes, *tools} and node.settings.pinned is None]
    return [node for node in found if _acts(node, kinds)]


def _acts(node: Node, kinds: Registry) -> bool:
    inner = flow_within(node, kinds)
    if inner is not None:
        return any(_acts(each, kinds) for each in inner.nodes if each.settings.pinned is None)
    return node.kind in kinds and not kinds[node.kind].may_repeat(node.config)
