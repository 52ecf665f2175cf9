"""What a Flowise file says: nodes with their inputs, and the lines among them."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple


class Line(NamedTuple):
    source: str
    way: int
    """Which of the source's outputs, from 0."""
    target: str
    into: str


@dataclass(frozen=True)
class Node:
    id: str
    name: str
    """What sort of node it is, such as `llmAgentflow`."""
    label: str
    inputs: Mapping[str, Any]
    place: tuple[float, float] | None = None
    parent: str = ""

    def text(self, name: str, default: str = "") -> str:
        value = self.inputs.get(name)
        return default if value in (None, "") or isinstance(value, dict | list) else str(value)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a list, which older files hold as JSON text."""
        value = self.inputs.get(name)
        if isinstance(value, str) and value.lstrip().startswith("["):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return []
        return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []

    def config(self, name: str) -> Mapping[str, Any]:
        value = self.inputs.get(name)
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True)
class FlowiseFlow:
    nodes: Mapping[str, Node]
    lines: tuple[Line, ...]
    description: str = ""
    notes: tuple[Node, ...] = field(default=())

    @property
    def is_agentflow(self) -> bool:
        return any(node.name == "startAgentflow" for node in self.nodes.values())

    def into(self, id: str) -> list[Line]:
        return self._into.get(id, [])

    def out(self, id: str) -> list[Line]:
        return self._out.get(id, [])

    @cached_property
    def _into(self) -> Mapping[str, list[Line]]:
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            found[line.target].append(line)
        return dict(found)

    @cached_property
    def _out(self) -> Mapping[str, list[Line]]:
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            found[line.source].append(line)
        return dict(found)

    def within(self, parent: str) -> "FlowiseFlow":
        """The nodes that stand in an iteration, or in none where it is ""."""
        kept = {id: node for id, node in self.nodes.items() if node.parent == parent}
        return FlowiseFlow(kept, tuple(line for line in self.lines if line.source in kept and line.target in kept))


def loop_target(node: Node) -> str:
    """The node a loop node leads back to, "" where it is none."""
    return node.text("loopBackToNode").split("-")[0] if node.name == "loopAgentflow" else ""


def is_flowise(found: Any) -> bool:
    if not isinstance(found, dict) or not isinstance(found.get("nodes"), list):
        return False
    held = [node.get("data") for node in found["nodes"] if isinstance(node, dict)]
    return any(
        isinstance(data, dict)
        and isinstance(data.get("name"), str)
        and ("inputAnchors" in data or "inputs" in data)
        for data in held
    )


def read_flow(found: Mapping[str, Any]) -> FlowiseFlow:
    every = [
        _node(node) for node in found["nodes"] if isinstance(node, dict) and isinstance(node.get("data"), dict)
    ]
    notes = tuple(node for node in every if node.name.lower().startswith("stickynote"))
    nodes = {node.id: node for node in every if node not in notes}
    edges = found.get("edges")
    lines = [_line(edge) for edge in edges if isinstance(edge, dict)] if isinstance(edges, list) else []
    known = tuple(dict.fromkeys(line for line in lines if line.source in nodes and line.target in nodes))
    return FlowiseFlow(nodes, known, str(found.get("description") or ""), notes)


def _node(node: Mapping[str, Any]) -> Node:
    data = node["data"]
    inputs = data.get("inputs")
    name = str(data.get("name") or "node")
    return Node(
        id=str(node.get("id") or data.get("id") or name),
        name=name,
        label=str(data.get("label") or name),
        inputs=inputs if isinstance(inputs, dict) else {},
        place=_place(node.get("position")),
        parent=str(node.get("parentNode") or ""),
    )


def _place(at: Any) -> tuple[float, float] | None:
    try:
        return float(at["x"]), float(at["y"])
    except (KeyError, TypeError, ValueError):
        return None


def _line(edge: Mapping[str, Any]) -> Line:
    way = re.search(r"-output-(\d+)$", str(edge.get("sourceHandle") or ""))
    into = re.search(r"-input-([^-]+)", str(edge.get("targetHandle") or ""))
    source, target = str(edge.get("source") or ""), str(edge.get("target") or "")
    return Line(source, int(way[1]) if way else 0, target, into[1] if into else "")
