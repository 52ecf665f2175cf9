"""The blocks of an agentflow as they are drawn: what follows what, values by reference, the state, loops."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import networkx as nx

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.flowise.flow import FlowiseFlow, Node, loop_target
from flowloom.exchange.importers.flowise.rich_text import parts_of
from flowloom.locales import Verbatim
from flowloom.nodes.port_names import port_id

Told = list[Problem]
SPEAKING = frozenset({"llmAgentflow", "agentAgentflow"})


class Weaving:
    """A drawing in the making. `start` is the block of the message; `item` brings what an iteration goes over."""

    def __init__(self, flow: FlowiseFlow, drawing: Drawing, outer: "Weaving | None" = None, item: str = "") -> None:
        self.flow, self.drawing, self.outer, self.item = flow, drawing, outer, item
        self.start = ""
        self.exits: dict[tuple[str, int], list[str]] = defaultdict(list)
        """The ports by which a node's ways out go on."""
        self.outputs: dict[str, str] = {}
        """The port with what each node says."""
        self.spoken: set[str] = set()
        """The ports with what models said."""
        self.fields: dict[tuple[str, str], str] = {}
        self.form: dict[str, str] = {}
        self.state: dict[str, str] = {}
        """What the state holds at first, by its names."""
        self.shared: dict[str, str] = {}
        """What comes into an iteration from outside, by reference."""
        self.node = Node("", "", "", {})
        self.loop_of = self._loops()
        self.entries: dict[int, str] = {}
        self._places: dict[str, int] = {}
        self._kept: dict[tuple[int, str], str] = {}

    # -- loops

    def _loops(self) -> Mapping[str, int]:
        """The number of the loop that each node is in."""
        graph: nx.DiGraph[str] = nx.DiGraph([(line.source, line.target) for line in self.flow.lines])
        for node in self.flow.nodes.values():
            if (target := loop_target(node)) in self.flow.nodes:
                graph.add_edge(node.id, target)
        found = [members for members in nx.strongly_connected_components(graph) if len(members) > 1]
        return {id: number for number, members in enumerate(found, 1) for id in members}

    @cached_property
    def ordered(self) -> Sequence[Node]:
        """The nodes, each after those before it; lines back are those of loop nodes alone."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.flow.nodes)
        graph.add_edges_from((line.source, line.target) for line in self.flow.lines)
        if nx.is_directed_acyclic_graph(graph):
            rank = {id: place for place, id in enumerate(self.flow.nodes)}
            return [self.flow.nodes[id] for id in nx.lexicographical_topological_sort(graph, key=rank.get)]
        return [self.flow.nodes[id] for id in self.flow.nodes]

    @cached_property
    def _backs(self) -> Mapping[str, list[Node]]:
        """The loop nodes that lead back to each node."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.flow.nodes.values():
            if target := loop_target(node):
                found[target].append(node)
        return dict(found)

    def enter(self, node: Node) -> None:
        """Begin to draw a node; where a loop leads back to it, first what lets each round in."""
        self.node = node
        number = self.loop_of.get(node.id, 0)
        backs = self._backs.get(node.id, [])
        if number and number not in self.entries and backs:
            entry = self.drawing.block("merge", "", key=f"{node.id} round")
            limit = max(int(_number(each.inputs.get("maxLoopCount"), 5)) for each in backs)
            self.drawing.settle(entry, rounds=max(1, min(1000, limit + 1)))
            self._places[entry] = number
            self.entries[number] = entry
            for port in self._coming(node):
                self.drawing.join(port, f"{entry}.values")

    def _coming(self, node: Node) -> list[str]:
        return [port for line in self.flow.into(node.id) for port in self.exits[line.source, line.way]]

    def before(self) -> list[str]:
        """The ports after which the node being drawn runs."""
        number = self.loop_of.get(self.node.id, 0)
        if number in self.entries and self.node.id in self._backs:
            return [f"{self.entries[number]}.value"]
        return self._coming(self.node)

    def back(self, target: str, ports: Sequence[str]) -> bool:
        entry = self.entries.get(self.loop_of.get(target, 0))
        for port in ports:
            if entry:
                self.drawing.join(port, f"{entry}.values")
        return bool(entry)

    # -- blocks and lines

    def block(self, kind: str, config: Mapping[str, Any] | None = None, *, main: bool = True, key: str = "") -> str:
        """A block of the node being drawn; its main one stands where the node stood."""
        node = self.node
        name = node.label if main else ""
        id = self.drawing.block(kind, name, config, key=key or node.id, at=node.place if main else None)
        number = self._places[id] = self.loop_of.get(node.id, 0)
        if kind == "text" and number in self.entries:
            # Nothing comes into it, so in a loop it begins with each round.
            self.drawing.after(id, f"{self.entries[number]}.value")
        return id

    def join(self, source: str, target: str) -> None:
        self.drawing.join(self.fetch(source), target)

    def follow(self, block: str) -> None:
        """Have a block run after what comes before its node, where no line of data says so already."""
        ports = self.before()
        brought = {source for source, _ in self.drawing.lines_into(block)}
        if ports and not (len(ports) == 1 and ports[0] in brought) and ports != [f"{self.start}.message"]:
            self.drawing.after(block, *ports)

    def fetch(self, port: str) -> str:
        """A value; one from outside of a loop is remembered there and recalled in each round."""
        here, there = self.loop_of.get(self.node.id, 0), self._places.get(port.split(".")[0], 0)
        if not here or here == there or here not in self.entries:
            return port
        if (here, port) not in self._kept:
            name, entry = f"value {len(self._kept) + 1}", self.entries[here]
            kept = self.drawing.block("memory.remember", "", {"name": name}, key=f"keep {name}")
            self.drawing.join(port, f"{kept}.value")
            self.drawing.after(entry, f"{kept}.value")
            recalled = self.drawing.block("memory.recall", "", {"name": name}, key=f"recall {name}")
            self._places[recalled] = here
            self.drawing.join(f"{entry}.value", f"{recalled}.after")
            self._kept[here, port] = f"{recalled}.value"
        return self._kept[here, port]

    # -- values

    def text(self, value: Any, own: str = "") -> tuple[str, dict[str, str]]:
        """A text with names in double braces, and the port of each. `own` is what `{{ output }}` stands for."""
        template, ports = "", {}
        for part in parts_of(str(value or "")):
            port = self.reference(part.reference, own) if part.reference else ""
            if port:
                name = port_id(part.reference.replace(".", "_").replace("$", ""))
                ports[name] = port
                template += f"{{{{{name}}}}}"
            elif part.reference or "{{" in part.text:
                name = f"text_{len(ports) + 1}"
                ports[name] = f"{self.block('text', {'text': part.text}, main=False, key='text')}.text"
                template += f"{{{{{name}}}}}"
            else:
                template += part.text
        return template, ports

    def port(self, value: Any, key: str, own: str = "") -> str:
        """The port that brings a text with its references."""
        template, ports = self.text(value, own)
        if len(ports) == 1 and template.strip() == f"{{{{{next(iter(ports))}}}}}":
            return next(iter(ports.values()))
        if not ports:
            return f"{self.block('text', {'text': template}, main=False, key=key)}.text"
        block = self.block("prompt", {"template": template}, main=False, key=key)
        for name, port in ports.items():
            self.join(port, f"{block}.{name}")
        return f"{block}.prompt"

    def reference(self, said: str, own: str = "") -> str:
        """The port a reference stands for, "" for one that Flowise leaves as it is."""
        if said in ("output", "output.content") and own:
            return own
        if said == "question":
            return self.question()
        if said.startswith("$form."):
            return self.form.get(said.removeprefix("$form."), "") or self._from_outer(said)
        if said.startswith("$flow.state."):
            return self.recalled(said.removeprefix("$flow.state."))
        if said.startswith("$iteration"):
            return self._item(said.removeprefix("$iteration").strip("."))
        if said in ("current_date_time", "chat_history"):
            return self._history() if said == "chat_history" else self._now()
        if said.startswith("$vars."):
            self.drawing.do(
                "The variable “{name}” stays with Flowise.",
                "Write its value where it is used.",
                name=Verbatim(said.removeprefix("$vars.")),
            )
            return ""
        return self._said_by(said)

    def _said_by(self, said: str) -> str:
        """What another node said, or a part of it."""
        id, _, path = said.partition(".output.")
        if path and (found := self.fields.get((id, path)) or (path == "content" and self.outputs.get(id))):
            return found
        if path and id in self.outputs:
            return self._picked(self.outputs[id], path)
        return self.outputs.get(said, "") or self._from_outer(said)

    def _picked(self, port: str, path: str) -> str:
        block = self.block("json.pick", {"path": path}, main=False, key=f"pick {path}")
        self.join(port, f"{block}.data")
        return f"{block}.text"

    def question(self) -> str:
        return f"{self.start}.message" if self.start else self._from_outer("question")

    def _now(self) -> str:
        block = self.block("datetime", {"style": "iso"}, main=False, key="now")
        if ports := self.before():
            self.drawing.after(block, *ports)
        return f"{block}.text"

    def _history(self) -> str:
        if not self.start:
            return self._from_outer("chat_history")
        lines = "{% for message in history %}{{ message.role }}: {{ message.text }}\n{% endfor %}"
        block = self.block("template", {"template": lines}, main=False, key="history")
        self.join(f"{self.start}.history", f"{block}.history")
        return f"{block}.text"

    def _from_outer(self, said: str) -> str:
        """A value of the flow around an iteration, as an input of its own."""
        if self.outer is None:
            return ""
        if said not in self.shared and self.outer.reference(said):
            name = f"value {len(self.shared) + 1}"
            self.shared[said] = f"{self.drawing.block('flow.input', '', {'name': name}, key=name)}.value"
        return self.shared.get(said, "")

    def _item(self, path: str) -> str:
        if not self.item:
            return ""
        if not path:
            return self.item
        block = self.block(
            "template",
            {"template": f"{{{{ item{_path(path)} if item is mapping else item }}}}"},
            main=False,
            key=path,
        )
        self.join(self.item, f"{block}.item")
        return f"{block}.text"

    # -- the state

    @cached_property
    def _state_names(self) -> frozenset[str]:
        """The names that the start, or any node, puts into the state."""
        fields = [(node, field) for node in self.flow.nodes.values() for field in node.inputs]
        rows = [
            row
            for node, field in fields
            if field.endswith(("UpdateState", "startState"))
            for row in node.rows(field)
        ]
        return frozenset(str(row.get("key") or "").strip() for row in rows)

    def recalled(self, name: str) -> str:
        """The port that brings a part of the state, "" for one that nothing puts in."""
        if self.outer is None and name not in self._state_names:
            return ""
        if self.outer is not None and name not in self.state:
            return self._from_outer(f"$flow.state.{name}")
        block = self.drawing.block("memory.recall", "", {"name": name[:80]}, key=f"recall {name}")
        self._places[block] = self.loop_of.get(self.node.id, 0)
        for port in self.before():
            self.drawing.join(port, f"{block}.after")
        return f"{block}.value"

    def update(self, rows: Sequence[Mapping[str, Any]], own: str) -> str:
        """Remember what a node puts into the state; give the port after which the flow goes on."""
        last = own
        for row in rows:
            if name := str(row.get("key") or "").strip()[:80]:
                kept = self.block("memory.remember", {"name": name}, main=False, key=f"remember {name}")
                self.join(self.port(row.get("value"), f"value of {name}", own), f"{kept}.value")
                if last != own:
                    self.drawing.after(kept, last)
                last = f"{kept}.value"
        return last


def _path(path: str) -> str:
    return "".join(
        f"[{part}]" if part.isdigit() else f"[{part!r}]"
        for part in path.replace("[", ".").replace("]", "").split(".")
    )


def _number(value: Any, default: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return default
