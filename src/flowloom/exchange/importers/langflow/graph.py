"""What a Langflow file says: components with their values, and the lines among them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple


class Way(NamedTuple):
    """One output of a component."""

    id: str
    output: str


class Line(NamedTuple):
    source: Way
    target: str
    field: str


@dataclass(frozen=True)
class Component:
    id: str
    type: str
    name: str
    values: Mapping[str, Any]
    place: tuple[float, float] | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        """All that was set, and its code, for a person to read; keys and passwords are left out."""
        fields = self.raw.get("template")
        held = fields.get("code") if isinstance(fields, dict) else None
        code = {"code": held.get("value")} if isinstance(held, dict) else {}
        return {name: value for name, value in self.values.items() if value not in (None, "", [], {})} | code

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return default if value is None or isinstance(value, dict | list) else str(value)

    def number(self, name: str, default: float) -> float:
        try:
            return float(self.values.get(name))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return default

    def is_on(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name)
        return value if isinstance(value, bool) else default

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table field."""
        value = self.values.get(name)
        return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


@dataclass(frozen=True)
class Graph:
    name: str
    description: str
    components: Mapping[str, Component]
    lines: tuple[Line, ...]
    notes: tuple[tuple[str, tuple[float, float] | None], ...] = ()

    @cached_property
    def into(self) -> Mapping[str, Mapping[str, list[Way]]]:
        """What comes into each field of each component."""
        found: dict[str, dict[str, list[Way]]] = defaultdict(lambda: defaultdict(list))
        for line in self.lines:
            found[line.target][line.field].append(line.source)
        return found

    @cached_property
    def out(self) -> Mapping[str, list[Line]]:
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            found[line.source.id].append(line)
        return found

    def sources(self, id: str, *fields: str) -> list[Way]:
        return [way for name in fields for way in self.into.get(id, {}).get(name, [])]

    def reached(self, starts: Iterable[str], but: Iterable[str] = ()) -> set[str]:
        """The components that lines lead to from these, themselves included."""
        found: set[str] = set()
        waiting, stops = list(starts), set(but)
        while waiting:
            id = waiting.pop()
            if id not in found and id not in stops:
                found.add(id)
                waiting += [line.target for line in self.out.get(id, ())]
        return found

    def part(self, ids: Iterable[str]) -> "Graph":
        """These components alone, with the lines among them."""
        kept = set(ids)
        lines = tuple(line for line in self.lines if line.source.id in kept and line.target in kept)
        return Graph(self.name, "", {id: self.components[id] for id in self.components if id in kept}, lines)

    def without(self, ids: Iterable[str]) -> "Graph":
        gone = set(ids)
        rest = self.part(id for id in self.components if id not in gone)
        return Graph(self.name, self.description, rest.components, rest.lines, self.notes)


def is_graph(found: Any) -> bool:
    """Whether a JSON file is a flow of Langflow: nodes that hold a template each."""
    if not isinstance(found, dict) or not isinstance(data := found.get("data"), dict):
        return False
    nodes = data.get("nodes")
    if not isinstance(nodes, list) or not isinstance(data.get("edges", []), list):
        return False
    inner = [
        node["data"].get("node") for node in nodes if isinstance(node, dict) and isinstance(node.get("data"), dict)
    ]
    return any(isinstance(each, dict) and ("template" in each or "description" in each) for each in inner)


def read_graph(found: Mapping[str, Any]) -> Graph:
    components: dict[str, Component] = {}
    notes = []
    for node in found["data"]["nodes"]:
        if not isinstance(node, dict) or not isinstance(node.get("data"), dict):
            continue
        inner = node["data"].get("node")
        if not isinstance(inner, dict):
            continue
        if node.get("type") == "noteNode" or node["data"].get("type") == "note":
            notes.append((str(inner.get("description") or ""), _place(node)))
            continue
        component = _component(node, inner)
        components[component.id] = component
    lines = [line for edge in found["data"].get("edges", []) if (line := _line(edge))]
    known = tuple(line for line in lines if line.source.id in components and line.target in components)
    name, about = str(found.get("name") or ""), str(found.get("description") or "")
    return Graph(name, about, components, known, tuple(notes))


def _component(node: Mapping[str, Any], inner: Mapping[str, Any]) -> Component:
    data = node["data"]
    template = inner.get("template")
    fields = template.items() if isinstance(template, dict) else ()
    values = {
        str(name): said.get("value")
        for name, said in fields
        if isinstance(said, dict) and name != "code" and said.get("password") is not True
    }
    type = str(data.get("type") or "component")
    name = str(inner.get("display_name") or data.get("display_name") or type)
    id = str(node.get("id") or data.get("id") or type)
    return Component(id, type, name, values, _place(node), inner)


def _place(node: Mapping[str, Any]) -> tuple[float, float] | None:
    at = node.get("position")
    try:
        return (float(at["x"]), float(at["y"])) if isinstance(at, dict) else None
    except (KeyError, TypeError, ValueError):
        return None


def _line(edge: Any) -> Line | None:
    if not isinstance(edge, dict):
        return None
    held = edge.get("data")
    data = held if isinstance(held, dict) else {}
    source = _handle(data.get("sourceHandle"), edge.get("sourceHandle"))
    target = _handle(data.get("targetHandle"), edge.get("targetHandle"))
    start, end = edge.get("source") or source.get("id"), edge.get("target") or target.get("id")
    if not start or not end:
        return None
    # A line back to a loop names its output.
    into = str(target.get("fieldName") or f"@{target.get('name', '')}")
    return Line(Way(str(start), str(source.get("name") or "")), str(end), into)


def _handle(read: Any, written: Any) -> Mapping[str, Any]:
    """A handle, which Langflow also writes as JSON with œ in place of quotation marks."""
    if isinstance(read, dict):
        return read
    try:
        found = json.loads(str(written or "").replace("œ", '"'))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
