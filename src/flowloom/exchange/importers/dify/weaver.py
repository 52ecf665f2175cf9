"""What the steps of a Dify graph give and when they run, as ports and lines of a drawing."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.dify.document import PLAIN, App, Line, Step
from flowloom.exchange.importers.dify.level import Level
from flowloom.flow.sorts import mappings, words
from flowloom.nodes.port_names import port_id

GATED = "@gated"
"""Stands for the step that brings a value which comes only where the step that asks for it is to run."""
ALWAYS = ""


class Value(NamedTuple):
    """What a variable of Dify is here: a port, its type there, the step that brings it, and a name to read."""

    port: str
    type: str = "string"
    of: str = ALWAYS
    name: str = "value"
    nullable: bool = False


Maker = Callable[[], Value]


class Weaver:
    """The steps of one graph on their way into a drawing. Within an iteration, `outer` is the graph around it."""

    def __init__(self, app: App, drawing: Drawing, level: Level, outer: "Weaver | None" = None) -> None:
        self.app, self.drawing, self.level, self.outer = app, drawing, level, outer
        self.message = ""
        """The block of the chat message, in the flow itself."""
        self.needs: dict[str, tuple[str, ...]] = {}
        """Inputs of an inner flow and where their values come from outside."""
        self.groups: set[tuple[str, ...]] = set()
        """Values of an aggregator, which stand under `output` in a group of theirs."""
        self.loop_names: dict[tuple[str, str], str] = {}
        self.moments: dict[str, str] = {}
        """What is worked out between steps stands under a name of its own, and comes after a port."""
        self.fired: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.differs: dict[str, list[Problem]] = defaultdict(list)
        self.entry = ""
        """Where the rounds of a loop begin, within one: nothing else may lead into it from outside."""
        self._around: Weaver | None = None
        self._parts: dict[tuple[str, str, str], Value] = {}
        self._offers: dict[tuple[str, str], Value | Maker] = {}
        self._made: dict[tuple[Any, ...], Value] = {}
        self.types: dict[str, str] = {
            words(each.get("name")): words(each.get("value_type")) for each in app.conversation
        }

    def within(self, level: Level, entry: str) -> "Weaver":
        """The steps of a loop, which stand in the same drawing and see what those around it give."""
        inner = Weaver(self.app, self.drawing, level, self.outer)
        inner.entry = entry
        inner.message, inner.types, inner.loop_names, inner.groups = (
            self.message,
            self.types,
            self.loop_names,
            self.groups,
        )
        inner._around, inner.needs = self, self.needs
        return inner

    # -- what steps give

    def offer(self, step: str, variable: str, value: Value | Maker) -> None:
        self._offers[step, variable] = value

    def offer_part(self, step: str, variable: str, part: str, value: Value) -> None:
        """A part of a value that has a port of its own."""
        self._parts[step, variable, part] = value

    def ran(self, step: Step, *ports: str, handle: str = PLAIN) -> None:
        """Say which ports bring something where a step has run, or has gone this way."""
        self.fired[step.id, handle].extend(ports)

    def find(self, selector: tuple[str, ...], step: Step) -> Value | None:
        """The value a step asks for, None where nothing provides it."""
        if len(selector) < 2:
            return None
        if selector[:3] in self._parts:
            part = self._parts[selector[:3]]  # type: ignore[index]
            return self._within(part, selector[3:]) if selector[3:] else part
        whole, path = self._whole(selector[0], selector[1], step), selector[2:]
        if selector[:2] in self.groups:
            path = path[1:]
        return self._within(whole, path) if whole and path else whole

    def _whole(self, source: str, variable: str, step: Step) -> Value | None:
        if source == "conversation" or (source, variable) in self.loop_names:
            return self._remembered(source, variable, step)
        offered = self._offered(source, variable)
        if offered is None and self._around:
            found = self._around.find((source, variable), step)
            return self._carried_in(found) if found else None
        return offered or self._from_outside(source, variable)

    def _offered(self, source: str, variable: str) -> Value | None:
        offered = self._offers.get((source, variable))
        if callable(offered):
            offered = self._offers[source, variable] = offered()
        return offered

    def _carried_in(self, value: Value) -> Value:
        """A value from around a loop is remembered before it and read in each round."""
        key = ("carried", value.port)
        if key not in self._made:
            name = f"{self.drawing.node(self.entry).name}: {value.name}"[:80]
            keep = self.drawing.block("memory.remember", value.name, {"name": name}, key=f"carry {value.name}")
            self.drawing.join(value.port, f"{keep}.value")
            self.drawing.after(self.entry, f"{keep}.value")
            read = self.drawing.block("memory.recall", value.name, {"name": name}, key=f"read {value.name}")
            self.drawing.after(read, f"{self.entry}.value")
            self._made[key] = Value(f"{read}.value", value.type, ALWAYS, value.name, value.nullable)
        return self._made[key]

    def history(self) -> str:
        """The port of the conversation so far."""
        port = f"{self.message}.history"
        return self._carried_in(Value(port, "any", name="history")).port if self.entry else port

    def _from_outside(self, source: str, variable: str) -> Value | None:
        """A value of the graph around an inner flow comes in by an input."""
        if self.outer is None or not self.outer.reachable(source, variable):
            return None
        key = ("input", source, variable)
        if key not in self._made:
            given = self.outer.kind_of(source, variable)
            name = self._input_name(given[1])
            input = self.drawing.block("flow.input", name, {"name": name}, key=name)
            self.needs[port_id(name)] = (source, variable)
            self._made[key] = Value(f"{input}.value", given[0], ALWAYS, given[1])
        return self._made[key]

    def _input_name(self, wanted: str) -> str:
        name, number = wanted, 1
        while port_id(name) in self.needs or port_id(name) in ("item", "index"):
            number += 1
            name = f"{wanted} {number}"
        return name[:60]

    def reachable(self, source: str, variable: str) -> bool:
        """Whether this graph, or one around it, offers such a value."""
        remembered = source == "conversation" and variable in self.types
        if remembered or (source, variable) in self._offers or (source, variable) in self.loop_names:
            return True
        if self._around:
            return self._around.reachable(source, variable)
        return self.outer is not None and self.outer.reachable(source, variable)

    def kind_of(self, source: str, variable: str) -> tuple[str, str]:
        """The type and the name of a value, without drawing anything for it but what it takes to know."""
        if source == "conversation":
            return self.types.get(variable, "string"), variable
        if (source, variable) in self.loop_names:
            return self.types.get(f"{source}.{variable}", "any"), variable
        offered = self._offered(source, variable)
        around = self._around or self.outer
        if offered is None and around:
            return around.kind_of(source, variable)
        return (offered.type, offered.name) if offered else ("any", variable)

    def _within(self, whole: Value, path: tuple[str, ...]) -> Value:
        key = ("pick", whole.port, path)
        if key not in self._made:
            steps = ".".join(path) if all(part.isidentifier() for part in path) else "".join(map(_quoted, path))
            pick = self.drawing.block("json.pick", path[-1], {"path": steps}, key=f"{whole.name} {path[-1]}")
            self.drawing.join(whole.port, f"{pick}.data")
            self._made[key] = Value(f"{pick}.value", "any", whole.of, path[-1])
        return self._made[key]

    # -- what the conversation remembers

    def memory_name(self, source: str, variable: str) -> str:
        return self.loop_names.get((source, variable), variable)[:80]

    def _remembered(self, source: str, variable: str, step: Step) -> Value | None:
        """A value is read when the step that asks for it is to run: another may have changed it before."""
        if source == "conversation" and variable not in self.types:
            return None
        key = ("recall", step.id, source, variable)
        if key not in self._made:
            type = self.types.get(variable if source == "conversation" else f"{source}.{variable}", "string")
            port = self.recall(source, variable, step)
            self._made[key] = Value(port, type, GATED, variable)
        return self._made[key]

    def forget_reads(self, step: Step) -> None:
        """What a step reads again was changed by itself."""
        for key in [key for key in self._made if key[:2] == ("recall", step.id)]:
            del self._made[key]

    def recall(self, source: str, variable: str, step: Step, after: str = "") -> str:
        """A block that reads what is remembered now, after the steps before this one or after a port."""
        name = self.memory_name(source, variable)
        start = self._start_of(source, variable)
        config = {"name": name, "default": start if isinstance(start, str) else ""}
        block = self.drawing.block("memory.recall", name, config, key=f"recall {name}")
        if after:
            self.drawing.after(block, after)
        else:
            self.gate(block, step)
        if isinstance(start, str):
            return f"{block}.value"
        code = f"{start!r} if {{{{remembered}}}} == '' else {{{{remembered}}}}"
        return self.code(code, {"remembered": f"{block}.value"}, name)

    def _start_of(self, source: str, variable: str) -> Any:
        for each in self.app.conversation if source == "conversation" else ():
            if words(each.get("name")) == variable:
                return _start_value(each)
        return ""

    # -- drawing

    def code(self, code: str, inputs: Mapping[str, str], name: str) -> str:
        """A block that works something out, and the port of its result."""
        block = self.drawing.block("code.run", name, {"code": code}, key=name)
        for input, port in inputs.items():
            self.drawing.join(port, f"{block}.{input}")
        if not inputs:
            self._in_round(block)
        return f"{block}.result"

    def text(self, text: str, name: str) -> str:
        block = self.drawing.block("text", name, {"text": text}, key=name)
        self._in_round(block)
        return f"{block}.text"

    def _in_round(self, block: str) -> None:
        """What needs nothing is made anew in each round of a loop."""
        if self.entry:
            self.drawing.after(block, f"{self.entry}.value")

    def first_of(self, ports: list[str], name: str) -> str:
        """The first of several values that comes."""
        block = self.drawing.block("merge", name, {"mode": "first"}, key=name)
        for port in ports:
            self.drawing.join(port, f"{block}.values")
        return f"{block}.value"

    def may_lack(self, value: Value, step: Step) -> bool:
        """Whether a step may run where the step that brings a value has not."""
        return value.of in self.level.steps and value.of not in self.level.surely(step.id)

    def gate(self, block: str, step: Step, *values: Value | None) -> None:
        """Have a block run where its step is to run, unless the values it waits for say so already."""
        lines = self.level.into(step.id)
        if any(value and value.of == GATED for value in values):
            return
        if step.id in self.moments:
            self.drawing.after(block, self.moments[step.id])
            return
        if len(lines) == 1 and lines[0].handle == PLAIN:
            source = lines[0].source
            implied = any(value and value.of == source for value in values)
            if implied or (self.level.steps[source].type == "start" and not self.fired[source, PLAIN]):
                return
        ports = self.ports_of(lines)
        if ports:
            self.drawing.after(block, *ports)

    def ports_of(self, lines: Sequence[Line]) -> list[str]:
        return list(dict.fromkeys(port for line in lines for port in self.fired[line.source, line.handle]))

    def differ(self, step: Step, problem: Problem) -> None:
        if problem not in self.differs[step.id]:
            self.differs[step.id].append(problem)

    def carried(self, step: Step, *blocks: str) -> None:
        self.drawing.carried(step.id, step.title, step.type, *blocks, differs=self.differs[step.id])

    def settle(self, step: Step, block: str, outputs: Mapping[str, str]) -> None:
        """Retries and what happens on an error. `outputs` are our ports by the names of theirs."""
        retry = step.data.get("retry_config")
        if isinstance(retry, dict) and retry.get("retry_enabled") is True:
            times, wait = retry.get("max_retries"), retry.get("retry_interval")
            self.drawing.settle(
                block,
                retries=max(0, min(10, times if isinstance(times, int) else 3)),
                retry_wait=max(0.0, min(300.0, (wait if isinstance(wait, int | float) else 1000) / 1000)),
            )
        strategy = step.data.get("error_strategy")
        if strategy == "fail-branch":
            self.drawing.settle(block, on_error="port")
            self.ran(step, f"{block}.error", handle="fail-branch")
            error = Value(f"{block}.error", "string", GATED, "error")
            self.offer(step.id, "error_message", error)
            self.offer(step.id, "error_type", error)
        if strategy == "default-value":
            defaults = {
                words(each.get("key")): each.get("value") for each in mappings(step.data.get("default_value"))
            }
            fallback = {outputs[name]: value for name, value in defaults.items() if name in outputs}
            self.drawing.settle(block, on_error="value", fallback=fallback)


def _quoted(part: str) -> str:
    return f'["{part}"]'.replace('""', '"')


def _start_value(variable: Mapping[str, Any]) -> Any:
    """The value a conversation variable starts with, in its type."""
    value, type = variable.get("value"), words(variable.get("value_type"))
    if type in ("string", "secret"):
        return words(value)
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
