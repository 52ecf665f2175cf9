"""An agent in the place of a model: same block, same lines, same settings, and room for tools."""

from collections.abc import Mapping
from typing import Any

from flowloom.configuration.backbone import AGENT, find_backbone
from flowloom.errors import FlowEditError
from flowloom.flow.edit import Add, Connect, Disconnect, Operation, Remove
from flowloom.flow.model import Edge, Flow, Node, Position
from flowloom.kinds.kind import ERROR_PORT
from flowloom.kinds.registry import all_kinds

PORTS: Mapping[str, str] = {"prompt": "message", "history": "history", "passages": "passages", "answer": "answer"}
"""From the ports of a model to those of an agent."""


def agent_instead(flow: Flow) -> list[Operation]:
    """The edits that put an agent in the place of the one model. Raises FlowEditError where none can be."""
    node = find_backbone(flow).node
    if node is None or node.kind == AGENT:
        return []
    edges = [edge for edge in flow.edges if node.id in (edge.start.node, edge.end.node)]
    ports = {**PORTS, ERROR_PORT.id: ERROR_PORT.id}
    strange = [edge for edge in edges if _port(edge, node) not in ports]
    if node.config.get("fields") or strange:
        raise FlowEditError(
            "“{block}” fills in fields, which an agent can’t do.",
            "Add an Agent block on the canvas.",
            block=node.name or node.id,
            code="configure.fields",
        )
    agent = node.model_copy(update={"kind": AGENT, "config": _kept(node.config)})
    at = flow.layout.get(node.id, Position(x=0, y=0))
    return [Remove(nodes=(node.id,)), Add(node=agent, at=at), *_lines(flow, node, ports)]


def _port(edge: Edge, node: Node) -> str:
    return edge.start.port if edge.start.node == node.id else edge.end.port


def _kept(config: Mapping[str, Any]) -> dict[str, Any]:
    known = all_kinds()[AGENT].config.model_fields
    return {name: value for name, value in config.items() if name in known}


def _lines(flow: Flow, node: Node, ports: Mapping[str, str]) -> list[Operation]:
    """Its lines, drawn anew, each in its place among those that lead to the same input."""
    reached = {edge.target for edge in flow.edges if edge.start.node == node.id}
    edits: list[Operation] = []
    for edge in flow.edges:
        source, target, touches = edge.source, edge.target, node.id in (edge.start.node, edge.end.node)
        if edge.start.node == node.id:
            source = f"{node.id}.{ports[edge.start.port]}"
        if edge.end.node == node.id:
            target = f"{node.id}.{ports[edge.end.port]}"
        if not touches and target in reached:
            edits.append(Disconnect.model_validate({"from": source, "to": target}))
        if touches or target in reached:
            edits.append(Connect.model_validate({"from": source, "to": target}))
    return edits
