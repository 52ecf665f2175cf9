"""A Coze canvas as it is written: nodes by number, lines among their ports, and references to what nodes give."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flowloom.flow.sorts import mapping, mappings, words

NAMES = {
    "1": "start",
    "2": "end",
    "3": "llm",
    "4": "plugin",
    "5": "code",
    "6": "knowledge",
    "8": "condition",
    "9": "workflow",
    "13": "message",
    "15": "text",
    "18": "question",
    "21": "loop",
    "22": "intent",
    "28": "batch",
    "32": "merge",
    "40": "assign",
    "45": "http",
}
COMMENT = "31"


class Line(NamedTuple):
    source: str
    port: str
    target: str


class Reference(NamedTuple):
    """What another node gives: its id, the name of it, and a way into it."""

    node: str
    name: str
    path: str = ""


class Given(NamedTuple):
    """A value: a reference, or what it is itself. `type` is Coze's."""

    type: str
    reference: Reference | None = None
    literal: Any = None


class Node(NamedTuple):
    id: str
    type: str
    title: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, str]
    """Names and types of what it gives."""
    parameters: Mapping[str, Given]
    at: tuple[float, float] | None
    raw: Mapping[str, Any]

    @property
    def inner(self) -> tuple[list["Node"], list[Line]]:
        return list(read_nodes(self.raw.get("blocks"))), list(read_lines(self.raw.get("edges")))


def canvas_in(data: Any) -> Mapping[str, Any]:
    """The canvas in a file, also in what its editor puts on the clipboard."""
    found = mapping(data)
    return mapping(found.get("json")) if "json" in found else found


def is_canvas(data: Any) -> bool:
    canvas = canvas_in(data)
    nodes = mappings(canvas.get("nodes"))
    known = [node for node in nodes if words(node.get("type")) in NAMES and "nodeMeta" in mapping(node.get("data"))]
    lines = mappings(canvas.get("edges"))
    return bool(known) and (not lines or any("sourceNodeID" in line for line in lines))


def read_nodes(listed: Any) -> Iterator[Node]:
    seen: set[str] = set()
    for raw in mappings(listed):
        id, type, data = words(raw.get("id")), words(raw.get("type")), mapping(raw.get("data"))
        if not (id and type) or id in seen or type == COMMENT:
            continue
        seen.add(id)
        inputs = mapping(data.get("inputs"))
        place = mapping(mapping(raw.get("meta")).get("position"))
        x, y = place.get("x"), place.get("y")
        at = (float(x), float(y)) if _plain(x) and _plain(y) else None  # type: ignore[arg-type]
        title = words(mapping(data.get("nodeMeta")).get("title")) or NAMES.get(type, type)
        outputs = {words(each.get("name")): _type_of(each) for each in mappings(data.get("outputs"))}
        yield Node(
            id, NAMES.get(type, type), title, inputs, outputs, parameters(inputs.get("inputParameters")), at, raw
        )


def read_lines(listed: Any) -> Iterator[Line]:
    for each in mappings(listed):
        yield Line(
            words(each.get("sourceNodeID")), words(each.get("sourcePortID")), words(each.get("targetNodeID"))
        )


def parameters(listed: Any) -> dict[str, Given]:
    """Values by their names."""
    return {
        words(each.get("name")): given(each.get("input")) for each in mappings(listed) if words(each.get("name"))
    }


def given(input: Any) -> Given:
    input = mapping(input)
    value, type = mapping(input.get("value")), _type_of(input)
    content = value.get("content")
    if value.get("type") != "ref":
        return Given(type, None, content)
    source = mapping(content)
    name, _, path = words(source.get("name")).partition(".")
    if not words(source.get("blockID")):
        path = ".".join(words(each) for each in source.get("path") or ())
        return Given(type, Reference("@memory", path))
    return Given(type, Reference(words(source.get("blockID")), name, path))


def _type_of(value: Mapping[str, Any]) -> str:
    return words(value.get("type")) or words(mapping(value.get("input")).get("type")) or "string"


def _plain(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
