"""A workflow of n8n as data: its nodes by name, and what is connected to what."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flowloom.errors import FlowFileError

MAIN = "main"
TRIGGERS = ("trigger", "webhook")


@dataclass(frozen=True)
class N8nNode:
    """One node. `type` is without its package, in small letters."""

    name: str
    type: str
    settings: dict[str, Any] = field(compare=False)
    position: tuple[float, float] = (0.0, 0.0)
    version: float = 1.0
    disabled: bool = False
    on_error: str = ""
    credentials: tuple[str, ...] = ()

    def under(self, name: str) -> dict[str, Any]:
        """A group of settings, empty where there is none."""
        found = self.settings.get(name)
        return found if isinstance(found, dict) else {}

    @property
    def starts(self) -> bool:
        return self.type.endswith(TRIGGERS)


@dataclass(frozen=True)
class N8nWorkflow:
    """`after` holds, for each node and output, the nodes and inputs that follow; `sub` those that serve a node."""

    name: str
    nodes: dict[str, N8nNode]
    after: dict[tuple[str, int], list[tuple[str, int]]]
    before: dict[str, list[tuple[str, int, int]]]
    sub: dict[str, dict[str, list[str]]]

    @cached_property
    def _outputs(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for node, output in sorted(self.after):
            found[node].append(output)
        return found

    def outputs(self, name: str) -> list[int]:
        return self._outputs.get(name, [])

    def serving(self, name: str, kind: str) -> list[N8nNode]:
        """The nodes that serve a node as its model, memory, tool or the like."""
        return [self.nodes[each] for each in self.sub.get(name, {}).get(kind, []) if each in self.nodes]

    def in_order(self) -> Iterator[N8nNode]:
        """Nodes that data runs through, none before those it comes from; lines back are left out."""
        seen: set[str] = set()
        finished: list[str] = []
        starts = [node.name for node in self.nodes.values() if node.starts]
        into = {target for targets in self.after.values() for target, _ in targets}
        roots = [
            *starts,
            *(name for name in self.nodes if name not in into and any(n == name for n, _ in self.after)),
        ]
        for root in roots:
            stack = [(root, iter(self._next(root)))] if root not in seen else []
            seen.add(root)
            while stack:
                name, targets = stack[-1]
                fresh = next((each for each in targets if each not in seen), None)
                if fresh is None:
                    finished.append(name)
                    stack.pop()
                else:
                    seen.add(fresh)
                    stack.append((fresh, iter(self._next(fresh))))
        yield from (self.nodes[name] for name in reversed(finished))

    def _next(self, name: str) -> list[str]:
        found = [target for output in self.outputs(name) for target, _ in self.after[name, output]]
        return [each for each in found if each in self.nodes]


def workflow_of(data: dict[str, Any]) -> N8nWorkflow:
    """Read a saved workflow. Raises FlowFileError for one without nodes."""
    nodes = {node.name: node for node in map(_node, data["nodes"]) if node is not None}
    if not nodes:
        raise FlowFileError(
            "This n8n workflow has no nodes.", "Open it in n8n, download it again, and import that file."
        )
    after: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    before: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    sub: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for source, kind, output, target, input in _lines(data.get("connections")):
        if source not in nodes or target not in nodes:
            continue
        if kind == MAIN:
            after[source, output].append((target, input))
            before[target].append((source, output, input))
        else:
            sub[target][kind].append(source)
    return N8nWorkflow(str(data.get("name") or ""), nodes, dict(after), dict(before), sub)


def _node(each: Any) -> N8nNode | None:
    if not isinstance(each, dict) or not isinstance(each.get("name"), str) or not isinstance(each.get("type"), str):
        return None
    place = each.get("position")
    x, y = place if isinstance(place, list) and len(place) == 2 else (0, 0)
    settings = each.get("parameters")
    credentials = each.get("credentials")
    version = each.get("typeVersion")
    return N8nNode(
        each["name"],
        each["type"].rpartition(".")[2].lower(),
        settings if isinstance(settings, dict) else {},
        (_number(x), _number(y)),
        _number(version, 1.0),
        bool(each.get("disabled")),
        str(each.get("onError") or ("continueRegularOutput" if each.get("continueOnFail") else "")),
        tuple(credentials) if isinstance(credentials, dict) else (),
    )


def _number(value: Any, otherwise: float = 0.0) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


def _lines(connections: Any) -> Iterator[tuple[str, str, int, str, int]]:
    for source, kinds in connections.items() if isinstance(connections, dict) else ():
        for kind, outputs in kinds.items() if isinstance(kinds, dict) else ():
            for output, targets in enumerate(outputs if isinstance(outputs, list) else ()):
                for target in targets if isinstance(targets, list) else ():
                    if isinstance(target, dict) and isinstance(target.get("node"), str):
                        input = target.get("index")
                        yield source, kind, output, target["node"], input if isinstance(input, int) else 0
