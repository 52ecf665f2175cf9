"""The tasks of Rill-Flow in a drawing: values by their place in the context, and who runs after whom."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import networkx as nx

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.rillflow.expressions import Test, UnknownScriptError, as_python, test_of
from flowloom.exchange.importers.rillflow.requests import BODY, body_code, request_of
from flowloom.exchange.importers.rillflow.tasks import Rule, Task, constant, mappings, names_of, read_tasks, words
from flowloom.locales import Verbatim
from flowloom.nodes.flows.embedded import document_of
from flowloom.nodes.port_names import named_ports, port_id

CALLBACK = Problem.of(
    "rillflow.callback",
    "The service answers this request later, by a call of its own; here its first answer counts.",
    "You notice it where the result only comes with that call.",
).as_warning()
SCRIPT = Problem.of(
    "rillflow.script",
    "A script that changes a value isn’t read here.",
    "Write the same in Python in a Run code block.",
).as_warning()
SIGNAL = Problem.of(
    "rillflow.signal",
    "The flow waits for a signal from outside there; here it waits for a person.",
    "Somebody has to confirm before it goes on.",
).as_warning()
CONDITION = Problem.of(
    "rillflow.condition",
    "A condition isn’t read here, so this path is never taken.",
    "Set its condition in the block.",
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
            drawing = getattr(self, f"_{task.category}", None) if task.category in CATEGORIES else None
            blocks = drawing(task) if drawing else self._kept(task)
            self.drawing.carried(
                task.name, task.title, task.category or "?", *blocks, differs=self._differs[task.name]
            )

    def _order(self) -> list[str]:
        if nx.is_directed_acyclic_graph(self._graph):
            place = {name: number for number, name in enumerate(self.tasks)}
            return list(nx.lexicographical_topological_sort(self._graph, key=place.__getitem__))
        return list(self.tasks)

    # -- values

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
        above = nx.ancestors(self._graph, task.name)
        found = [port for name, port in reversed(self._written[key]) if name in above]
        if found:
            return found[0] if len(found) == 1 else self._first(found, key)
        shorter = key.rpartition(".")[0]
        if shorter and any(name in above for name, _ in self._written[shorter]):
            return self.pick(self._context(shorter, task), key.rpartition(".")[2])
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

    # -- who runs after whom

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

    # -- kinds of tasks

    def _pass(self, task: Task) -> list[str]:
        local = self._taken(task)
        blocks = self._give(task, local)
        if blocks:
            self._done[task.name] = self._written_by(task)
            return blocks
        return [self._arrival(task)]

    def _written_by(self, task: Task) -> str:
        return next(port for ports in self._written.values() for name, port in reversed(ports) if name == task.name)

    def _arrival(self, task: Task) -> str:
        """A task that does nothing but lead on."""
        ports = self._before(task)
        if not ports:
            self._done[task.name] = f"{self.message}.message" if self.message else self._constant("")
            return self._done[task.name].partition(".")[0]
        block = self.drawing.block("merge", task.title, {"mode": "first"}, key=task.name)
        for port in ports:
            self.drawing.join(port, f"{block}.values")
        self._done[task.name] = f"{block}.value"
        return block

    def _function(self, task: Task) -> list[str]:
        resource = words(task.data.get("resourceName"))
        if not resource.startswith(("http://", "https://")):
            return self._kept(task)
        if "async" in words(task.data.get("pattern")):
            self._differs[task.name].append(CALLBACK)
        local = self._taken(task)
        request = request_of(resource, words(task.data.get("requestType")), local)
        block = self.drawing.block("http.request", task.title, request.config, key=task.name)
        for name, port in request.ports.items():
            self.drawing.join(port, f"{block}.{name}")
        if request.config["body"]:
            code, inputs = body_code(request.body)
            body = self.drawing.block("code.run", f"{task.title} body", {"code": code}, key=f"{task.name} body")
            for name, port in inputs.items():
                self.drawing.join(port, f"{body}.{name}")
            self.drawing.join(f"{body}.result", f"{block}.{BODY}")
        self.gate(block, task)
        self._done[task.name] = f"{block}.text"
        return [block, *self._give(task, {**local, "output": f"{block}.data"})]

    def _return(self, task: Task) -> list[str]:
        """Where all conditions hold, what follows is left out; that is what returning means there."""
        local = self._taken(task)
        conditions = [words(each) for each in task.data.get("conditions") or () if words(each)]
        found = [test_of(condition) for condition in conditions]
        tests = [test for test in found if test and (test.match == "all" or len(found) == 1)]
        if not found or len(tests) < len(found):
            self._differs[task.name].append(CONDITION)
        match = tests[0].match if len(tests) == 1 else "all"
        held = Test(match, [row for test in tests for row in test.rows])
        block = self._branch(task, "Return", held if tests else None, local)
        self._done[task.name] = f"{block}.otherwise"
        return [block]

    def _switch(self, task: Task) -> list[str]:
        """Every condition that holds leads on, up to one that breaks off; the default where none does."""
        local, cases = self._taken(task), mappings(task.data.get("switches"))
        plain = [case for case in cases if words(case.get("condition")) != "default"]
        ways: dict[str, list[str]] = defaultdict(list)
        blocks, before, untaken = list[str](), "", list[str]()
        for case in plain:
            test = test_of(words(case.get("condition")))
            if test is None:
                self._differs[task.name].append(CONDITION)
            block = self._branch(task, "Yes", test, local, before)
            blocks.append(block)
            for name in names_of(case.get("next")) if test else ():
                ways[name].append(f"{block}.yes")
            if case.get("break") is True:
                before = f"{block}.otherwise"
            untaken.append(f"{block}.otherwise")
        fallback = self._none_of(task, untaken)
        for case in cases:
            if words(case.get("condition")) == "default":
                for name in names_of(case.get("next")):
                    ways[name].append(fallback)
        for name in names_of(task.data.get("next")):
            ways[name] += [f"{block}.otherwise" for block in blocks]
        for name, ports in ways.items():
            self._fired[task.name, name] = ports
        self._done[task.name] = fallback
        return blocks or [self._arrival(task)]

    def _none_of(self, task: Task, ports: Sequence[str]) -> str:
        """A port that fires where no condition held: a line through all of them."""
        if not ports:
            return self._done.setdefault(task.name, f"{self.message}.message")
        if len(ports) == 1:
            return ports[0]
        block = self.drawing.block(
            "template", f"{task.title} none", {"template": " ".join(_names(ports))}, key="none"
        )
        for name, port in zip(_names(ports, braces=False), ports, strict=True):
            self.drawing.join(port, f"{block}.{name}")
        return f"{block}.text"

    def _branch(self, task: Task, name: str, test: Test | None, local: Mapping[str, str], before: str = "") -> str:
        inputs: dict[str, str] = {}
        conditions = []
        for row in test.rows if test else ():
            input = port_id(row.name)
            inputs[input] = self._local(f"input.{row.name}", local)
            conditions.append({"input": input, "operator": row.operator, "value": row.value, "exact": True})
        rows = [{"name": name, "match": test.match, "conditions": conditions}] if test else []
        block = self.drawing.block("branch", task.title, {"rows": rows}, key=task.name)
        for input, port in (inputs or {"value": self._constant("")}).items():
            self.drawing.join(port, f"{block}.{input}")
        if before:
            self.drawing.after(block, before)
        else:
            self.gate(block, task)
        return block

    def _foreach(self, task: Task) -> list[str]:
        """The tasks within become a flow of their own, which a block runs for each item."""
        local = self._taken(task)
        rule = task.data.get("iterationMapping")
        rule = rule if isinstance(rule, dict) else {}
        item = words(rule.get("item")) or "item"
        inside = Drawing(self.drawing.format, task.title)
        inside.todo, inside.notes = self.drawing.todo, self.drawing.notes
        entry = inside.block("flow.input", item, {"name": item[:60]}, key=item)
        inner = Loom(inside, read_tasks(task.data.get("tasks")), given={item: f"{entry}.value"})
        inner.draw()
        results = self._results(task, inner)
        config = {"flow": document_of(inside.flow()), "over": port_id(item[:60]), "at_once": 8}
        block = self.drawing.block("flow.each", task.title, config, key=task.name)
        items = self.value(words(rule.get("collection")) or "$.input", task, local)
        self.drawing.join(items, f"{block}.{port_id(item[:60])}")
        for name, key in inner.taken.items():
            self.drawing.join(self._local(f"input.{key}", local), f"{block}.{name}")
        self.gate(block, task)
        self.drawing.rows += inside.rows
        self._done[task.name] = f"{block}.{next(iter(results.values()))}"
        for rule_given in task.gives:
            key = rule_given.source.removeprefix("$.output.sub_context.[*].")
            if key in results:
                target = rule_given.target.removeprefix("$.context.")
                self._written[target].append((task.name, f"{block}.{results[key]}"))
        return [block]

    def _results(self, task: Task, inner: "Loom") -> dict[str, str]:
        """An output of the inner flow for each part of it that is taken out."""
        wanted = [rule.source.removeprefix("$.output.sub_context.[*].") for rule in task.gives]
        keys = [key for key in dict.fromkeys(wanted) if inner._written.get(key)] or list(inner._written)[-1:]
        if not keys:
            keys = ["result"]
            inner._written["result"].append(("", next(iter((inner.given or {"": ""}).values()))))
        ports = named_ports(keys)
        for key in keys:
            out = inner.drawing.block("flow.output", key, {"name": key[:60]}, key=key)
            found = [port for _, port in reversed(inner._written[key])]
            port = found[0] if len(found) == 1 else inner._first(found, key)
            inner.drawing.join(port, f"{out}.value")
        return dict(zip(keys, (port.id for port in ports), strict=True))

    def _choice(self, task: Task) -> list[str]:
        """Each choice whose condition holds runs its own tasks; what follows comes after all of them."""
        return self._kept(task)

    def _suspense(self, task: Task) -> list[str]:
        block = self.drawing.block("people.approve", task.title, key=task.name)
        self.gate(block, task)
        if not self._before(task):
            self.drawing.join(f"{self.message}.message", f"{block}.value")
        self._done[task.name] = f"{block}.approved"
        self._differs[task.name].append(SIGNAL)
        return [block]

    def _kept(self, task: Task) -> list[str]:
        local = self._taken(task)
        names = [place.removeprefix("input.") for place in local]
        block = self.drawing.placeholder(
            task.title, task.category or "?", dict(task.data), inputs=names, outputs=["output"], key=task.name
        )
        for found, port in zip(named_ports(names), local.values(), strict=True):
            self.drawing.join(port, f"{block}.{found.id}")
        self.gate(block, task)
        self._done[task.name] = f"{block}.output"
        self.drawing.do(
            "Replace “{name}”, which Rill-Flow runs elsewhere.",
            "Import the flow it calls and choose it in a GPT as a block, or use other blocks that do the same.",
            name=Verbatim(task.title),
        )
        return [block, *self._give(task, {**local, "output": f"{block}.output"})]

    # -- the beginning and the end

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


CATEGORIES = frozenset({"pass", "function", "foreach", "switch", "return", "suspense"})


def _names(ports: Sequence[str], *, braces: bool = True) -> list[str]:
    names = [f"way{number}" for number, _ in enumerate(ports)]
    return [f"{{{{ {name} }}}}" for name in names] if braces else names


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
