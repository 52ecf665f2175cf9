"""A part of a flow that runs without the rest: one node with values put into it, or all that leads to a node."""

from collections.abc import Collection, Mapping
from typing import Any

from flowloom.errors import FlowFileError
from flowloom.flow.graph import nodes_before
from flowloom.flow.model import Flow, Node
from flowloom.kinds.kind import TOOL_PORT
from flowloom.kinds.registry import Registry
from flowloom.run.planning.check import blocking, find_problems
from flowloom.run.planning.plan import Plan, plan_of

OPEN_ENDS = {"run.input", "run.no_answer", "loop.late", "loop.no_exit"}
"""Problems of a part that are none of the whole: lines that were cut off."""


def one_block(flow: Flow, node: str, kinds: Registry, inputs: Mapping[str, Any]) -> Plan:
    """A plan of one node with the tools it may use. Raises FlowFileError where it cannot run.

    It does what it is made for, also where the flow pins its output or has a person allow it first.
    """
    tools = {edge.start.node for edge in flow.edges if edge.end.node == node and _is_tool(edge.start.port)}
    part = _part(flow, {node, *tools}, only_tools=True)
    free = {"pinned": None, "ask_first": False}

    def freed(each: Node) -> Node:
        return each.model_copy(update={"settings": each.settings.model_copy(update=free)})

    part = part.model_copy(update={"nodes": tuple(freed(each) if each.id == node else each for each in part.nodes)})
    _check(part, kinds)
    plan = plan_of(part, kinds)
    (step,) = (each for each in plan.steps if each.id == node)
    step.given = inputs
    return plan


def up_to(flow: Flow, node: str, kinds: Registry) -> Plan:
    """A plan of a node and all that leads to it. Raises FlowFileError where that cannot run."""
    part = _part(flow, {node, *nodes_before(flow, [node])})
    _check(part, kinds)
    return plan_of(part, kinds)


def _part(flow: Flow, members: Collection[str], *, only_tools: bool = False) -> Flow:
    edges = (edge for edge in flow.edges if edge.start.node in members and edge.end.node in members)
    return flow.model_copy(
        update={
            "nodes": tuple(node for node in flow.nodes if node.id in members),
            "edges": tuple(edge for edge in edges if not only_tools or _is_tool(edge.start.port)),
        }
    )


def _is_tool(port: str) -> bool:
    return port == TOOL_PORT.id


def _check(part: Flow, kinds: Registry) -> None:
    for problem in blocking(find_problems(part, kinds)):
        if problem.code not in OPEN_ENDS:
            raise FlowFileError.from_problem(problem)
