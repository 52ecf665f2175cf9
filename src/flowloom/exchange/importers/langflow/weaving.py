"""The blocks of a Langflow flow as they are drawn: where each output leaves, and what runs only sometimes."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.langflow.graph import Component, Graph, Way
from flowloom.nodes.port_names import port_id

Told = list[Problem]
ROUTERS = {"ConditionalRouter": ("true_result", "false_result")}
Gate = tuple[str, str]
"""A way out of an If-Else that has to be taken."""


class Weaving:
    """A drawing in the making, with the graph it is made of. `start` is the block of the person's message."""

    def __init__(self, graph: Graph, drawing: Drawing, start: str = "") -> None:
        self.graph, self.drawing, self.start = graph, drawing, start
        self.ports: dict[Way, str] = {}
        """Where each output comes from; "" for one that brings nothing."""
        self.sorts: dict[Way, str] = {}
        """What each output brings: `text`, `row`, `rows` or `passages`."""
        self._patched: dict[str, list[str]] = {}
        self._tools: dict[str, str] = {}
        self._later: list[tuple[Way, str]] = []

    # -- blocks

    def block(
        self, component: Component, kind: str, config: Mapping[str, Any] | None = None, name: str = ""
    ) -> str:
        """A block that stands where its component stood."""
        shown = name or (component.name if component.name != component.type else "")
        return self.drawing.block(kind, shown, config, key=component.id, at=component.place)

    def helper(
        self, component: Component, kind: str, config: Mapping[str, Any] | None = None, key: str = ""
    ) -> str:
        return self.drawing.block(kind, "", config, key=key or f"{component.id} {kind}")

    def gives(self, component: Component, output: str, port: str, sort: str = "text") -> None:
        self.ports[Way(component.id, output)] = port
        self.sorts[Way(component.id, output)] = sort

    def port(self, way: Way) -> str:
        """Where an output comes from; older files do not always name it."""
        if way in self.ports:
            return self.ports[way]
        return next((port for known, port in self.ports.items() if known.id == way.id), "")

    def sort(self, way: Way) -> str:
        if way in self.sorts:
            return self.sorts[way]
        return next((sort for known, sort in self.sorts.items() if known.id == way.id), "text")

    # -- values

    def incoming(self, component: Component, *fields: str) -> Way | None:
        """The first line into one of these fields that brings anything."""
        return next((way for way in self.graph.sources(component.id, *fields) if self.port(way)), None)

    def joined(self, component: Component, field: str, target: str) -> bool:
        """Draw the lines into a field to a port. Says whether there are any."""
        ways = [way for way in self.graph.sources(component.id, field) if self.port(way)]
        for way in ways:
            self.drawing.join(self.value(component, way), target)
        return self.comes_later(component, field, target) or bool(ways)

    def comes_later(self, component: Component, field: str, target: str) -> bool:
        """Draw the lines back into a field once what they come from is there. Says whether there are any."""
        back = [way for way in self.graph.sources(component.id, field) if self._is_back(component, way)]
        self._later += [(way, target) for way in back]
        return bool(back)

    def _is_back(self, component: Component, way: Way) -> bool:
        drawn = any(known.id == way.id for known in self.ports)
        return not drawn and way.id in self.graph.reached([component.id])

    def finish(self) -> None:
        """Draw the lines back, each into a loop with its limit of rounds."""
        for way, target in self._later:
            if port := self.port(way):
                self.drawing.join(port, target)
                limits = [self.graph.components[id].number("max_iterations", 10) for id in self.cycles]
                self.drawing.settle(target.split(".")[0], rounds=max(1, min(1000, int(max(limits, default=10)))))

    @cached_property
    def cycles(self) -> frozenset[str]:
        """The If-Elses that a line leads back to."""
        routers = [id for id, each in self.graph.components.items() if each.type in ROUTERS]
        after = {id: [line.target for line in self.graph.out.get(id, ())] for id in routers}
        return frozenset(id for id in routers if id in self.graph.reached(after[id]))

    def need_start(self) -> None:
        """Have a block for the person's message where none is drawn yet."""
        if not self.start:
            self.start = self.drawing.block("chat.message", key="message")

    def shared_tool(self, kind: str, name: str) -> str:
        """A tool that Langflow gives to agents by itself; one block serves all of them."""
        if name not in self._tools:
            self._tools[name] = self.drawing.block(kind, "", key=name)
        return self._tools[name]

    def tools_of(self, agent: str) -> list[str]:
        """The blocks that are tools of an agent."""
        return [source.split(".")[0] for source, port in self.drawing.lines_into(agent) if port == "tools"]

    def copy_inputs(self, source: str, target: str) -> None:
        """Bring to one block what comes into another of the same names."""
        for start, end in self.drawing.lines_into(source):
            self.drawing.join(start, f"{target}.{end}")

    def value(self, component: Component, way: Way) -> str:
        """The port that brings an output to a component, an empty text where a stopped side would bring nothing."""
        port = self.port(way)
        lacking = self.gates.get(way.id, frozenset()) | _own_gate(self.graph, way)
        if lacking <= self.gates.get(component.id, frozenset()):
            return port
        merge = self.helper(component, "merge", key=f"{component.id} or")
        empty = self.helper(component, "text", {"text": ""}, key=f"{component.id} empty")
        self.drawing.join(port, f"{merge}.values")
        self.drawing.join(f"{empty}.text", f"{merge}.values")
        self._patched.setdefault(component.id, []).append(port)
        return f"{merge}.value"

    def text_of(self, component: Component, field: str, key: str = "") -> str:
        """The port that brings a field: its line, or a text block with what was typed in."""
        way = self.incoming(component, field)
        if way is not None:
            return self.value(component, way)
        return f"{self.helper(component, 'text', {'text': component.text(field)}, key=key or field)}.text"

    # -- what runs only sometimes

    @cached_property
    def gates(self) -> Mapping[str, frozenset[Gate]]:
        """The ways out of If-Elses that lead to each component, where the other way does not."""
        found: dict[str, set[Gate]] = {}
        for router in self.graph.components.values():
            outputs = ROUTERS.get(router.type, ())
            reached = {output: self._beyond(router.id, output) for output in outputs}
            for output, ids in reached.items():
                others = set().union(*(reached[other] for other in outputs if other != output))
                # What leads back to the If-Else came before it, too.
                for id in (id for id in ids - others if router.id not in self.graph.reached([id])):
                    found.setdefault(id, set()).add((router.id, output))
        return {id: frozenset(gates) for id, gates in found.items()}

    def _beyond(self, router: str, output: str) -> set[str]:
        starts = [line.target for line in self.graph.out.get(router, ()) if line.source.output == output]
        return self.graph.reached(starts, but=[router])

    def gate(self, component: Component, block: str, optional: Sequence[Way] = ()) -> None:
        """Have a block run when its component does: `optional` came into inputs that it could do without."""
        sources = [*self._patched.pop(component.id, [])]
        if not sources:
            own = self.gates.get(component.id, frozenset())
            gated = [way for way in optional if self.gates.get(way.id, frozenset()) | _own_gate(self.graph, way)]
            sources = [self.port(way) for way in gated] if own else []
        if sources:
            self.drawing.after(block, *sources)


def _own_gate(graph: Graph, way: Way) -> frozenset[Gate]:
    """That of an If-Else's own output."""
    component = graph.components.get(way.id)
    is_router = component is not None and component.type in ROUTERS
    return frozenset({(way.id, way.output)}) if is_router else frozenset()


def name_of(name: str) -> str:
    """A name that can stand in double braces and is the id of its port."""
    plain = port_id(name)
    return plain if not plain[:1].isdigit() else f"value_{plain}"
