"""What each sort of task of Rill-Flow becomes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.rillflow.expressions import Test, test_of
from flowloom.exchange.importers.rillflow.loom import Loom
from flowloom.exchange.importers.rillflow.requests import BODY, body_code, request_of
from flowloom.exchange.importers.rillflow.tasks import Task, names_of, read_tasks
from flowloom.flow.sorts import mappings, words
from flowloom.locales import Verbatim
from flowloom.nodes.flows.embedded import document_of
from flowloom.nodes.port_names import named_ports, port_id

CALLBACK = Problem.of(
    "rillflow.callback",
    "The service answers this request later, by a call of its own; here its first answer counts.",
    "You notice it where the result only comes with that call.",
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

PARTS = "$.output.sub_context.[*]."
"""Where what inner tasks gave is taken out."""


class TaskLoom(Loom):
    """One list of tasks with every sort of task there is."""

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
        inner = TaskLoom(inside, read_tasks(task.data.get("tasks")), given={item: f"{entry}.value"})
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
            key = rule_given.source.removeprefix(PARTS)
            if key in results:
                target = rule_given.target.removeprefix("$.context.")
                self._written[target].append((task.name, f"{block}.{results[key]}"))
        return [block]

    def _results(self, task: Task, inner: "TaskLoom") -> dict[str, str]:
        """An output of the inner flow for each part of it that is taken out."""
        wanted = [rule.source.removeprefix(PARTS) for rule in task.gives]
        keys = [key for key in dict.fromkeys(wanted) if inner._written.get(key)] or list(inner._written)[-1:]
        if not keys:
            keys = ["result"]
            inner._written["result"].append(("", next(iter((inner.given or {"": ""}).values()))))
        ports = named_ports(keys)
        for key in keys:
            out = inner.drawing.block("flow.output", key, {"name": key[:60]}, key=key)
            found = [port for _, port in reversed(inner._written[key])]
            port = found[0] if len(found) == 1 else inner._first(found, key)
            if port:
                inner.drawing.join(port, f"{out}.value")
        return dict(zip(keys, (port.id for port in ports), strict=True))

    def _choice(self, task: Task) -> list[str]:
        """Each choice whose condition holds runs its own tasks; what follows comes after all of them."""
        local, blocks, over = self._taken(task), list[str](), list[str]()
        gathered: dict[str, list[str]] = defaultdict(list)
        for case in mappings(task.data.get("choices")):
            test = test_of(words(case.get("condition")))
            if test is None:
                self._differs[task.name].append(CONDITION)
            branch = self._branch(task, "Yes", test, local)
            inside = Drawing(self.drawing.format, task.title)
            inside.todo, inside.notes = self.drawing.todo, self.drawing.notes
            inner = TaskLoom(inside, read_tasks(case.get("tasks")), given={})
            inner.draw()
            results = self._results(task, inner)
            block = self.drawing.block("flow.sub", task.title, {"flow": document_of(inside.flow())}, key=task.name)
            for name, key in inner.taken.items():
                self.drawing.join(self._local(f"input.{key}", local), f"{block}.{name}")
            self.drawing.after(block, f"{branch}.yes" if test else f"{branch}.otherwise")
            self.drawing.rows += inside.rows
            for key, port in results.items():
                gathered[key].append(f"{block}.{port}")
            over += [f"{block}.{next(iter(results.values()))}", f"{branch}.otherwise"]
            blocks += [branch, block]
        if not blocks:
            return [self._arrival(task)]
        self._done[task.name] = self._first(over, f"{task.title} done")
        for rule in task.gives:
            key = rule.source.removeprefix(PARTS)
            if key in gathered:
                every = self.drawing.block("merge", key, {"mode": "list"}, key=f"{task.name} {key}")
                for port in gathered[key]:
                    self.drawing.join(port, f"{every}.values")
                self._written[rule.target.removeprefix("$.context.")].append((task.name, f"{every}.value"))
        return blocks

    def _suspense(self, task: Task) -> list[str]:
        block = self.drawing.block("people.approve", task.title, key=task.name)
        self.gate(block, task)
        before = self._before(task)
        beginning = f"{self.message}.message" if self.message else self._constant("")
        self.drawing.join(before[0] if len(before) == 1 else beginning, f"{block}.value")
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


def _names(ports: Sequence[str], *, braces: bool = True) -> list[str]:
    names = [f"way{number}" for number, _ in enumerate(ports)]
    return [f"{{{{ {name} }}}}" for name in names] if braces else names
