"""The tasks of Rill-Flow in a drawing: values by their place in the context, and who runs after whom."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import networkx as nx

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.rillflow.expressions import UnknownScriptError, as_python
from flowloom.exchange.importers.rillflow.tasks import CATEGORIES, Rule, Task, constant
from flowloom.flow.sorts import mappings, words
from flowloom.nodes.port_names import named_ports, port_id

SCRIPT = Problem.of(
    "rillflow.script",
    "A script that changes a value isn’t read here.",
    "Write the same in Python in a Run code block.",
).as_warning()


class Asked(NamedTuple):
    """A value that nobody has put into the context: the person is asked for it."""

    key: str
    type: str


class Loom:
    """One list of tasks; those within a loop have one of their own, with what came in as `given`."""

    def __init__(
        self, drawing: Drawing, tasks: Sequence[Task], schema: Any = None, given: Mapping[str, str] | None = None
    ) -> None:
        self.drawing, self.tasks = drawing, {task.name: task for task in tasks}
        self.given = dict(given) if given is not None else None
        self.message = "" if given is not None else drawing.block("chat.message", key="message")
        self.form = ""
        self.asked: dict[str, Asked] = {}
        self.taken: dict[str, str] = {}
        """What an inner list of tasks takes from around it, by its input."""
        self._schema = {words(each.get("name")): each for each in mappings(_loaded(schema))}
        self._graph = _graph(self.tasks)
        self._written: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._fired: dict[tuple[str, str], list[str]] = {}
        self._done: dict[str, str] = {}
        self._differs: dict[str, list[Problem]] = defaultdict(list)
        self._wanted: list[tuple[str, str]] = []

    def draw(self) -> None:
        for name in self._order():
            task = self.tasks[name]
            known = task.category if task.category in CATEGORIES else "kept"
            blocks = getattr(self, f"_{known}")(task)
            self.drawing.carried(
                task.name, task.title, task.category or "?", *blocks, differs=self._differs[task.name]
            )

    def _order(self) -> list[str]:
        if nx.is_directed_acyclic_graph(self._graph):
            place = {name: number for number, name in enumerate(self.tasks)}
            return list(nx.lexicographical_topological_sort(self._graph, key=place.__getitem__))
        return list(self.tasks)

    def value(self, path: str, task: Task, local: Mapping[str, str]) -> str:
        """The port of what stands at a path, or of a constant."""
        if not path.startswith("$."):
            return self._constant(constant(path))
        root, _, key = path.removeprefix("$.").partition(".")
        if root in ("input", "output"):
            return self._local(f"{root}.{key}".rstrip("."), local)
        return self._context(key, task)

    def _local(self, path: str, local: Mapping[str, str]) -> str:
        if path in local:
            return local[path]
        for known in sorted(local, key=len, reverse=True):
            if path.startswith(f"{known}."):
                return self.pick(local[known], path.removeprefix(f"{known}."))
        return self._constant(None)

    def _context(self, key: str, task: Task) -> str:
        # What a mapping puts into the context is there for the next one of the same task.
        above = nx.ancestors(self._graph, task.name) | {task.name}
        found = [port for name, port in reversed(self._written[key]) if name in above]
        if found:
            return found[0] if len(found) == 1 else self._first(found, key)
        shorter = key
        while "." in shorter:
            shorter = shorter.rpartition(".")[0]
            if any(name in above for name, _ in self._written[shorter]):
                return self.pick(self._context(shorter, task), key.removeprefix(f"{shorter}."))
        if self.given is not None:
            return self._from_around(key)
        # Lines from the form are drawn when all that is to be asked is known.
        self.asked.setdefault(key, Asked(key, self._type_of(key, task)))
        block = self.drawing.block("merge", key, {"mode": "first"}, key=f"given {key}")
        self._wanted.append((key, f"{block}.values"))
        return f"{block}.value"

    def _from_around(self, key: str) -> str:
        assert self.given is not None
        if key not in self.given:
            input = self.drawing.block("flow.input", key, {"name": key[:60]}, key=key)
            self.taken[port_id(key[:60])] = key
            self.given[key] = f"{input}.value"
        return self.given[key]

    def _type_of(self, key: str, task: Task) -> str:
        told = words(self._schema.get(key, {}).get("type")).lower()
        if told:
            return "number" if told == "number" else "boolean" if told == "boolean" else "text"
        counted = any(rule.source == f"$.context.{key}" and rule.transform for rule in (*task.takes, *task.gives))
        return "number" if counted else "text"

    def pick(self, port: str, path: str) -> str:
        block = self.drawing.block("json.pick", path, {"path": path.replace(".[", "[")}, key=path)
        self.drawing.join(port, f"{block}.data")
        return f"{block}.value"

    def _constant(self, value: Any) -> str:
        if isinstance(value, str):
            return f"{self.drawing.block('text', value[:40], {'text': value}, key='text')}.text"
        return f"{self.drawing.block('code.run', 'Value', {'code': repr(value)}, key='value')}.result"

    def _first(self, ports: Sequence[str], name: str) -> str:
        block = self.drawing.block("merge", name, {"mode": "first"}, key=name)
        for port in ports:
            self.drawing.join(port, f"{block}.values")
        return f"{block}.value"

    def gate(self, block: str, task: Task) -> None:
        ports = self._before(task)
        if ports:
            self.drawing.after(block, *ports)

    def _before(self, task: Task) -> list[str]:
        found = []
        for name in self._graph.predecessors(task.name):
            found += self._fired.get((name, task.name), [self._done[name]] if name in self._done else [])
        return list(dict.fromkeys(found))

    def _taken(self, task: Task) -> dict[str, str]:
        """What a task takes in, by its place in the input."""
        local: dict[str, str] = {}
        for rule in task.takes:
            place = rule.target.removeprefix("$.")
            local[place] = self._ruled(rule, task, local)
        return local

    def _ruled(self, rule: Rule, task: Task, local: Mapping[str, str]) -> str:
        """The port of what a rule gives, worked out by a block where it has a script."""
        port = self.value(rule.source, task, local) if rule.source else ""
        if not rule.transform:
            return port
        try:
            code = as_python(rule.transform)
        except UnknownScriptError:
            self._differs[task.name].append(SCRIPT)
            return port or self._constant(None)
        name = rule.target.rpartition(".")[2]
        block = self.drawing.block("code.run", name, {"code": code}, key=f"{task.name} {name}")
        self.drawing.join(port or self._constant(None), f"{block}.source")
        self.gate(block, task)
        return f"{block}.result"

    def _give(self, task: Task, local: Mapping[str, str]) -> list[str]:
        """Put what a task gives into the context."""
        blocks = []
        for rule in task.gives:
            port = self._ruled(rule, task, local)
            if not rule.transform and not rule.source.startswith("$.output"):
                # Where the task doesn't run, it passes nothing on.
                name = rule.target.rpartition(".")[2]
                block = self.drawing.block("merge", name, {"mode": "first"}, key=f"{task.name} {name}")
                self.drawing.join(port, f"{block}.values")
                self.gate(block, task)
                port = f"{block}.value"
            blocks.append(port.partition(".")[0])
            self._written[rule.target.removeprefix("$.context.")].append((task.name, port))
        return blocks

    def answer(self) -> None:
        """What the last tasks put into the context is the answer, one for each of them."""
        last = [name for name in self._order() if not list(self._graph.successors(name))]
        for name in last:
            told = {key: port for key, ports in self._written.items() for of, port in ports if of == name}
            self._say(told or {name: self._done[name]} if name in self._done else told)

    def _say(self, told: Mapping[str, str]) -> None:
        if not told:
            return
        names = [f"value_{number}" for number, _ in enumerate(told)]
        lines = [f"{_plain(key)}: {{{{ {name} }}}}" for key, name in zip(told, names, strict=True)]
        block = self.drawing.block("template", "Result", {"template": "\n".join(lines)}, key="result text")
        for port, name in zip(told.values(), names, strict=True):
            self.drawing.join(port, f"{block}.{name}")
        answer = self.drawing.block("chat.answer", "Answer", key="answer")
        self.drawing.join(f"{block}.text", f"{answer}.text")

    def ask(self) -> None:
        """A form for what nobody has put into the context."""
        if not self.asked:
            return
        fields = [{"name": each.key[:80], "type": each.type, "required": True} for each in self.asked.values()]
        form = self.drawing.block("people.form", "Values to start with", {"fields": fields}, key="form")
        self.drawing.join(f"{self.message}.message", f"{form}.value")
        ports = named_ports([each.key[:80] for each in self.asked.values()], taken=("late",))
        places = {key: f"{form}.{port.id}" for key, port in zip(self.asked, ports, strict=True)}
        for key, target in self._wanted:
            self.drawing.join(places[key], target)


def _plain(key: str) -> str:
    return key.replace("{", "").replace("}", "")


def _graph(tasks: Mapping[str, Task]) -> "nx.DiGraph[str]":
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(tasks)
    graph.add_edges_from(
        (task.name, name)
        for task in tasks.values()
        for name in task.following
        if name in tasks and name != task.name
    )
    return graph


def _loaded(schema: Any) -> Any:
    if not isinstance(schema, str):
        return schema
    try:
        return json.loads(schema)
    except (ValueError, RecursionError):
        return None
