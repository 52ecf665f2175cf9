"""A Rivet project as data: graphs, their nodes, and the connections among them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_KEY = re.compile(r'^\[([^\]]+)\]:(\S+) "(.*)"$', re.DOTALL)


@dataclass(frozen=True)
class RivetNode:
    """One node of a graph."""

    id: str
    type: str
    title: str
    data: dict[str, Any] = field(compare=False)
    position: tuple[float, float] = (0.0, 0.0)
    split: int = 0
    """How many items of a list it runs for at most; 0 where it runs once."""
    disabled: bool = False


@dataclass(frozen=True)
class RivetGraph:
    """`into` holds, for each node and input, the node and output that lead there."""

    id: str
    name: str
    description: str
    nodes: dict[str, RivetNode]
    into: dict[str, dict[str, tuple[str, str]]]

    def in_order(self) -> Iterator[RivetNode]:
        """The nodes, none before those it reads from; lines back of a loop do not count."""
        seen: set[str] = set()
        for root in self.nodes:
            stack = [(root, iter(self._before(root)))] if root not in seen else []
            seen.add(root)
            while stack:
                id, sources = stack[-1]
                fresh = next((each for each in sources if each not in seen), None)
                if fresh is None:
                    yield self.nodes[id]
                    stack.pop()
                else:
                    seen.add(fresh)
                    stack.append((fresh, iter(self._before(fresh))))

    def _before(self, id: str) -> list[str]:
        return [source for source, _ in self.into.get(id, {}).values() if source in self.nodes]

    @cached_property
    def _read(self) -> set[tuple[str, str]]:
        return {source for inputs in self.into.values() for source in inputs.values()}

    def read(self, id: str, output: str) -> bool:
        """Whether anything reads an output."""
        return (id, output) in self._read


def graphs_of(data: dict[str, Any]) -> tuple[dict[str, RivetGraph], str]:
    """The graphs of a project by their ids, and the id of the main one."""
    project = data["data"]
    found = {str(id): _graph(str(id), graph) for id, graph in project["graphs"].items()}
    told = project.get("metadata")
    main = str(told.get("mainGraphId") or "") if isinstance(told, dict) else ""
    return found, main if main in found else next(iter(found), "")


def _graph(id: str, graph: dict[str, Any]) -> RivetGraph:
    nodes: dict[str, RivetNode] = {}
    into: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for key, node in graph["nodes"].items():
        named = _KEY.match(str(key))
        if not named or not isinstance(node, dict):
            continue
        nodes[named[1]] = _node(named[1], named[2], named[3], node)
        for line in node.get("outgoingConnections") or ():
            output, target, input = _ends(str(line))
            if output and target and input:
                into[target][input] = (named[1], output)
    told = graph.get("metadata")
    told = told if isinstance(told, dict) else {}
    return RivetGraph(id, str(told.get("name") or ""), str(told.get("description") or ""), nodes, dict(into))


def _ends(line: str) -> tuple[str, str, str]:
    """Output, target and input of a connection, which is written `output->"title" target/input`."""
    head, _, tail = line.rpartition('" ')
    target, _, input = tail.strip().rpartition("/")
    return head.partition('->"')[0], target, input


def _node(id: str, type: str, title: str, node: dict[str, Any]) -> RivetNode:
    data = node.get("data")
    place = str(node.get("visualData") or "").split("/")
    split = node.get("splitRunMax", 10) if node.get("isSplitRun") else 0
    return RivetNode(
        id,
        type,
        title,
        data if isinstance(data, dict) else {},
        (_number(place[0]), _number(place[1] if len(place) > 1 else "")),
        split if isinstance(split, int) else 10,
        bool(node.get("disabled")),
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
