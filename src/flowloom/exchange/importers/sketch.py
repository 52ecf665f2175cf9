"""The drawing of a program as it grows: where on its way a block stands, and from where its values come."""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.values import (
    Answered,
    Choice,
    Known,
    Messages,
    Port,
    Record,
    Text,
    Unread,
    Written,
)
from flowloom.nodes.port_names import port_id
from flowloom.nodes.templates import find_placeholders

CHOOSERS = frozenset({"branch", "people.approve", "moderate"})
_NOT_IN_NAMES = re.compile(r"\W+")


@dataclass(eq=False)
class Way:
    """A way through a program: what its names stand for, after which outputs it goes on, which lead there."""

    names: dict[str, Any]
    after: tuple[str, ...] = ()
    gate: tuple[str, ...] = ()
    said: Any = None
    """What an agent said last on it."""
    ended: bool = False

    def branch_off(self, *gate: str) -> "Way":
        return Way(dict(self.names), gate or self.after, gate or self.gate, self.said)


@dataclass
class Sketch:
    """Blocks with their lines. `certain` holds, for each, what must have run for it to run. `yes`,
    `no` and `none` are how the language of the program writes them."""

    drawing: Drawing
    yes: str = "True"
    no: str = "False"
    none: str = "None"
    certain: dict[str, set[str]] = field(default_factory=dict)
    made: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    def place(
        self,
        way: Way,
        kind: str,
        name: str,
        config: Mapping[str, Any],
        inputs: Mapping[str, str | Sequence[str]],
        *,
        acts: bool = False,
        key: str = "",
        optional: Mapping[str, str] | None = None,
    ) -> str:
        """Add a block on a way; `inputs` it needs to run, `optional` ones it does not. What acts keeps its turn."""
        id = self.drawing.block(kind, name, config, key=key)
        sources = {port: [each] if isinstance(each, str) else list(each) for port, each in inputs.items()}
        for port, ports in (*sources.items(), *((port, [each]) for port, each in (optional or {}).items())):
            for source in ports:
                self.drawing.join(source, f"{id}.{port}")
        certain = set[str]().union(*(self.all_of(ports) for ports in sources.values()))
        wanted = way.after if acts else way.gate
        if not self._implied(wanted, certain):
            self.drawing.after(id, *wanted)
            certain |= self.all_of(wanted) | {_any_of(wanted)}
        self.certain[id] = certain
        return id

    def _token(self, port: str) -> str:
        node = port.partition(".")[0]
        return port if self.drawing.node(node).kind in CHOOSERS else node

    def all_of(self, ports: Sequence[str]) -> set[str]:
        """What is certain where any of these outputs brought something."""
        each = [{self._token(port)} | self.certain.get(port.partition(".")[0], set()) for port in ports]
        return set.intersection(*each) if each else set()

    def _implied(self, wanted: Sequence[str], certain: set[str]) -> bool:
        if len(wanted) == 1:
            return self._token(wanted[0]) in certain
        return not wanted or _any_of(wanted) in certain

    def holds(self, ports: Sequence[str], way: Way) -> bool:
        """Whether any of these outputs has brought something wherever a way is taken."""
        certain = set[str]().union(
            *({*self.all_of(taken), _any_of(taken)} for taken in (way.after, way.gate) if taken)
        )
        return self._implied(ports, certain)

    # -- values

    def port_of(self, value: Any, way: Way) -> str:
        """The output that holds a value, of a block made for it where there is none. Raises Unread."""
        if isinstance(value, Port):
            return value.at
        if isinstance(value, Answered):
            return self.port_of(value.output, way)
        known = (repr(value), way.gate)
        if known not in self.made:
            self.made[known] = self._made(value, way)
        return self.made[known]

    def _made(self, value: Any, way: Way) -> str:
        if isinstance(value, Known) and isinstance(value.value, str):
            return f"{self.place(way, 'text', '', {'text': value.value}, {}, key='text')}.text"
        if isinstance(value, Text):
            written = self.written(value, way)
            return f"{self.place(way, 'prompt', '', {'template': written.text}, written.inputs, key='text')}.prompt"
        if isinstance(value, Choice):
            ports = [self.gated(each, arm) for arm, each in value.ways]
            id = self.place(Way({}), "merge", "", {}, {"values": ports}, key="either")
            self.certain[id].add(_any_of(value.gate))
            return f"{id}.value" if self._implied(way.gate, self.certain[id]) else self.kept(f"{id}.value", way)
        if isinstance(value, Known | Record | Written | Messages):
            code = Code(self, way)
            return code.block(code.of(value), "")
        raise Unread

    def gated(self, value: Any, way: Way) -> str:
        """An output that brings a value only where its way is taken."""
        port = self.port_of(value, way)
        certain = self.all_of([port])
        return port if self._implied(way.gate, certain) else self.kept(port, way)

    def kept(self, port: str, way: Way) -> str:
        """A block that hands a value on where a way is taken."""
        return f"{self.place(way, 'merge', '', {}, {'values': port}, key='value')}.value"

    def written(self, value: Any, way: Way) -> "Template":
        """A value as a text with placeholders."""
        template = Template()
        for part in value.parts if isinstance(value, Text) else (value,):
            self._write(part, way, template)
        return template

    def message_row(
        self, role: str, text: Any, template: "Template", taken: Sequence[str], way: Way
    ) -> dict[str, str]:
        """One message of a model or agent, its placeholders named for all messages together."""
        written = self.written(text, way)
        words = written.text
        for name, port in sorted(written.inputs.items(), key=lambda pair: -len(pair[0])):
            words = words.replace(f"{{{{{name}}}}}", f"{{{{{template.name(port, taken)}\0}}}}")
        return {"role": role, "text": words.replace("\0", "")}

    def _word(self, value: Any) -> str:
        if isinstance(value, bool):
            return self.yes if value else self.no
        return self.none if value is None else str(value)

    def _write(self, part: Any, way: Way, template: "Template") -> None:
        if isinstance(part, Known):
            text = part.value if isinstance(part.value, str) else self._word(part.value)
            # Braces of the program's own text are no placeholders.
            if not any(find_placeholders(text)):
                template.text += text
                return
        if isinstance(part, Text):
            for inner in part.parts:
                self._write(inner, way, template)
            return
        if isinstance(part, Port) and part.type == "yes_no":
            # The program writes what is true in its own way.
            code = Code(self, way)
            part = Port(code.block(f"{self.yes!r} if {code.of(part)} else {self.no!r}", "", key="word"))
        template.insert(self.port_of(part, way))


def _any_of(ports: Sequence[str]) -> str:
    """What stands for one of several outputs having brought something."""
    return " or ".join(sorted(ports))


@dataclass
class Template:
    """A text with placeholders and where each is filled from."""

    text: str = ""
    inputs: dict[str, str] = field(default_factory=dict)

    def name(self, port: str, taken: Sequence[str] = ()) -> str:
        """The name of a placeholder for an output, the same for the same output."""
        known = next((name for name, source in self.inputs.items() if source == port), "")
        if known:
            return known
        node, _, output = port.partition(".")
        stem = _NOT_IN_NAMES.sub("_", node if output in ("answer", "value", "result", "text", "prompt") else output)
        stem = port_id(stem) if port_id(stem)[:1].isalpha() else "value"
        number, name = 1, stem
        while name in self.inputs or name in taken:
            number += 1
            name = f"{stem}_{number}"
        self.inputs[name] = port
        return name

    def insert(self, port: str, taken: Sequence[str] = ()) -> None:
        self.text += f"{{{{{self.name(port, taken)}}}}}"


class Code:
    """A piece of Python in the making, with the outputs that its names stand for."""

    def __init__(self, sketch: Sketch, way: Way) -> None:
        self._sketch, self._way, self._template = sketch, way, Template()
        self.uses_json = False
        self.marks: dict[str, str] = {}

    def of(self, value: Any) -> str:
        """A value as Python writes it. Raises Unread."""
        if isinstance(value, Known):
            return repr(value.value)
        if isinstance(value, Record):
            return "{" + ", ".join(f"{key!r}: {self.of(each)}" for key, each in value.fields.items()) + "}"
        if isinstance(value, Text):
            return '"".join([' + ", ".join(f"str({self.of(part)})" for part in value.parts) + "])"
        if isinstance(value, Written):
            self.uses_json = True
            return f"json.dumps({self.of(value.value)}, separators=(',', ':'), ensure_ascii=False)"
        if isinstance(value, Messages):
            rows = ", ".join(f"{{'role': {role!r}, 'text': str({self.of(text)})}}" for role, text in value.rows)
            return f"{self.of(value.before)} + [{rows}]" if value.before is not None else f"[{rows}]"
        return "{{" + self._template.name(self._sketch.port_of(value, self._way), ("tables",)) + "}}"

    def marked(self, value: Any) -> ast.expr:
        """A name that stands for a value until the code is written."""
        mark = f"_value_{len(self.marks)}_"
        self.marks[mark] = self.of(value)
        return ast.Name(mark, ast.Load())

    def block(self, code: str, name: str, *, before: str = "", key: str = "value") -> str:
        lines = ["import json"] * self.uses_json + [line for line in (before, code) if line]
        config = {"code": "\n".join(lines)}
        return f"{self._sketch.place(self._way, 'code.run', name, config, self._template.inputs, key=key)}.result"
