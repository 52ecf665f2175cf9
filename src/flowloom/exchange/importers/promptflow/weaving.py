"""The blocks of a PromptFlow flow as they are drawn: where its values come from, and what runs only sometimes."""

import json
from collections.abc import Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from flowloom.errors import FlowFileError, Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.promptflow.dag import Dag, Reference, Step
from flowloom.exchange.importers.promptflow.judging import draw_parts, is_evaluation
from flowloom.exchange.importers.promptflow.python_tools import PythonTool, tool_in
from flowloom.exchange.source import Source
from flowloom.locales import Verbatim
from flowloom.nodes.port_names import named_ports

HISTORY = "chat_history"
FORM_TYPES = {"int": "number", "double": "number", "bool": "boolean"}
Gate = tuple[Any, ...]
Told = list[Problem]
"""How a node differs, as it is found out."""


class Value(NamedTuple):
    """What an input gets: by which port, and whether it is surely a text."""

    port: str
    text: bool = False


class Weaving:
    """A drawing in the making, with the flow it is made of."""

    def __init__(self, source: Source, dag: Dag, drawing: Drawing) -> None:
        self.source, self.dag, self.drawing = source, dag, drawing
        self.start = drawing.block("chat.message", key="start")
        self.ports: dict[str, str] = {}
        """The output of each step that is drawn."""
        self._picked: dict[Reference, str] = {}
        self._constants: dict[str, str] = {}
        self.judges = is_evaluation(dag)
        self._form = draw_parts(drawing, dag, self.start) if self.judges else dict[str, str]()
        if not self.judges:
            self._draw_form()

    # -- files

    def file(self, path: str) -> str:
        return self.source.text("/".join(part for part in (self.dag.folder, path) if part)) if path else ""

    def tool(self, step: Step) -> PythonTool | None:
        return tool_in(self.file(step.path)) if step.path else None

    # -- inputs of the flow

    @cached_property
    def spoken(self) -> str:
        """The input that is what the person says: that of the chat, else the only text there is."""
        inputs = {name: said for name, said in self.dag.inputs.items() if name != HISTORY}
        if self.judges:
            return ""
        chat = [name for name, said in inputs.items() if said.get("is_chat_input") is True]
        texts = [name for name, said in inputs.items() if said.get("type", "string") == "string"]
        return (chat or (texts if len(inputs) == 1 else []) or [""])[0]

    def _draw_form(self) -> None:
        """A form for what a person has to give beside their message."""
        asked = [name for name in self.dag.inputs if name not in (self.spoken, HISTORY)]
        if not asked:
            return
        details = [self._detail(name) for name in asked[:30]]
        form = self.drawing.block("people.form", "", {"fields": details}, key="inputs")
        self.drawing.join(f"{self.start}.message", f"{form}.value")
        for name, port in zip(asked, named_ports(asked, taken=("late",)), strict=True):
            self._form[name] = f"{form}.{port.id}"
        known = {
            name: said["default"] for name in asked if (said := self.dag.inputs[name]).get("default") is not None
        }
        if known:
            written = {
                name: json.dumps(value) if isinstance(value, dict | list) else value
                for name, value in known.items()
            }
            defaults = self.drawing.block("text", "", {"text": json.dumps(written)}, key="defaults")
            self.drawing.join(f"{defaults}.text", f"{form}.known")

    def _detail(self, name: str) -> dict[str, Any]:
        said = self.dag.inputs[name]
        return {"name": name[:80], "type": FORM_TYPES.get(str(said.get("type")), "text")}

    # -- values

    def value(self, ref: Reference) -> Value:
        """Where a reference gets its value. Raises FlowFileError for what is not there."""
        if ref.step:
            if ref.step not in self.ports:
                raise _unknown(ref.step)
            port = self.ports[ref.step]
            return Value(self._pick(port, ref), False) if ref.path else Value(port, self.gives_text(ref.step))
        if ref.name not in self.dag.inputs:
            raise _unknown(ref.name)
        if ref.name == HISTORY:
            return Value(self._turns())
        if ref.name == self.spoken:
            return Value(f"{self.start}.message", True)
        type = str(self.dag.inputs[ref.name].get("type", "string"))
        if type in ("list", "object"):
            return Value(self._pick(self._form[ref.name], ref))
        return Value(self._form[ref.name], type == "string")

    def _pick(self, port: str, ref: Reference) -> str:
        if ref not in self._picked:
            block = self.drawing.block(
                "json.pick", "", {"path": ref.path}, key=f"{ref.step or ref.name} {ref.path}"
            )
            self.drawing.join(port, f"{block}.data")
            self._picked[ref] = f"{block}.value"
        return self._picked[ref]

    def _turns(self) -> str:
        """What was said before, as PromptFlow hands it to its nodes."""
        if "history" not in self._constants:
            answer = next(
                (n for n, said in self.dag.outputs.items() if said.get("is_chat_output") is True), "answer"
            )
            code = (
                "turns = []\nfor message in {{history}}:\n"
                "    if message['role'] == 'user':\n"
                f"        turns.append({{'inputs': {{{self.spoken!r}: message['text']}}, 'outputs': {{}}}})\n"
                "    elif message['role'] == 'assistant' and turns:\n"
                f"        turns[-1]['outputs'][{answer!r}] = message['text']\nturns\n"
            )
            block = self.drawing.block("code.run", "", {"code": code}, key="turns")
            self.drawing.join(f"{self.start}.history", f"{block}.history")
            self._constants["history"] = f"{block}.result"
        return self._constants["history"]

    def gives_text(self, name: str) -> bool:
        step = self.dag.step(name)
        if step is None or step.type != "python":
            return step is not None
        tool = self.tool(step)
        return tool is not None and tool.returns == "str"

    def constant(self, value: Any) -> str:
        """A block that gives this value each time."""
        key = repr(value)
        if key not in self._constants:
            if isinstance(value, str):
                self._constants[key] = f"{self.drawing.block('text', '', {'text': value}, key='otherwise')}.text"
            else:
                block = self.drawing.block("code.run", "", {"code": repr(value)}, key="otherwise")
                self._constants[key] = f"{block}.result"
        return self._constants[key]

    def or_else(self, port: str, value: Any) -> str:
        """A value, or another one where its block did not run."""
        block = self.drawing.block("merge", key=f"{port.split('.')[0]} or")
        self.drawing.join(port, f"{block}.values")
        self.drawing.join(self.constant(value), f"{block}.values")
        return f"{block}.value"

    def joined(self, step: Step, ref: Reference, fallback: Any) -> tuple[str, bool, bool]:
        """The port an input comes by, whether it is surely a text, and whether it has a value in any case."""
        value = self.value(ref)
        if not self.may_lack(step, ref):
            return value.port, value.text, False
        return self.or_else(value.port, fallback), value.text and isinstance(fallback, str), True

    # -- what runs only sometimes

    @cached_property
    def order(self) -> list[Step]:
        """The steps, each after what it refers to. Raises FlowFileError where two wait for each other."""
        steps = {step.name: step for step in self.dag.steps}
        after = {step.name: {ref.step for ref in _all(step) if ref.step in steps} for step in self.dag.steps}
        try:
            return [steps[name] for name in TopologicalSorter(after).static_order()]
        except CycleError:
            raise FlowFileError(
                "Some steps of this flow wait for each other, so PromptFlow can’t run it either.",
                "Remove a connection in PromptFlow, then import it again.",
            ) from None

    @cached_property
    def gates(self) -> Mapping[str, frozenset[Gate]]:
        """What has to hold for each step to run; no gate for one that always does."""
        found: dict[str, frozenset[Gate]] = {}
        for step in self.order:
            before = [found.get(ref.step, frozenset()) for ref in step.references.values() if ref.step]
            if step.when:
                found[step.name] = frozenset({(step.when, repr(step.equals))}) | found.get(
                    step.when.step, frozenset()
                )
            elif before and all(before):
                shared = frozenset.intersection(*before)
                found[step.name] = shared or frozenset({(step.name,)})
            else:
                found[step.name] = frozenset()
        return found

    def may_lack(self, step: Step, ref: Reference) -> bool:
        """Whether a step may run where what it refers to did not."""
        return bool(ref.step) and not self.gates[ref.step] <= self.gates[step.name]

    def gate(self, step: Step, id: str, patched: bool) -> None:
        """Have a block run when its step does. `patched` says that some input has a value in any case."""
        if step.when:
            self.drawing.after(id, self._branch(step.when, step.equals))
        elif patched and self.gates[step.name]:
            self.drawing.after(id, *(self.ports[ref.step] for ref in step.references.values() if ref.step))

    def _branch(self, when: Reference, equals: Any) -> str:
        """The way out of a branch that is taken where a value equals another, as Python compares them."""
        port, plain = self._comparable(when, equals)
        key = f"branch {port} {equals if plain else ''}"
        if key not in self._constants:
            condition = {"operator": "is_yes"} if not plain else {"value": _written(equals), "exact": True}
            name = "Yes" if not plain else _written(equals)[:80]
            block = self.drawing.block(
                "branch", "", {"rows": [{"name": name, "conditions": [condition]}]}, key="if"
            )
            self.drawing.join(port, f"{block}.value")
            self._constants[key] = f"{block}.{named_ports([name], taken=('otherwise',))[0].id}"
        return self._constants[key]

    def _comparable(self, when: Reference, equals: Any) -> tuple[str, bool]:
        value = self.value(when)
        tool = self.tool(step) if (step := self.dag.step(when.step)) else None
        is_bool = isinstance(equals, bool) and tool is not None and tool.returns == "bool" and not when.path
        if is_bool or (isinstance(equals, str) and equals.strip() and value.text):
            return value.port, True
        code = f"{{{{value}}}} == {equals!r}"
        key = f"compare {value.port} {equals!r}"
        if key not in self._constants:
            block = self.drawing.block("code.run", "", {"code": code}, key="compare")
            self.drawing.join(value.port, f"{block}.value")
            self._constants[key] = f"{block}.result"
        return self._constants[key], False


def _all(step: Step) -> list[Reference]:
    return [*step.references.values(), *([step.when] if step.when else [])]


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unknown(name: str) -> FlowFileError:
    return FlowFileError(
        "This flow refers to “{name}”, which isn’t in it.",
        "PromptFlow can’t load it either. Mend the flow there, then import it again.",
        name=Verbatim(name),
    )
