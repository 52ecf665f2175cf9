"""A Dify file as it is written: the app, its steps and the lines among them, whatever may be missing or wrong."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flowloom.flow.sorts import listed, mapping, mappings, words

NOTES = frozenset({"custom-note"})
MODES = frozenset({"workflow", "advanced-chat", "chat", "completion", "agent-chat"})
PLAIN = "source"
"""The way out of a step that has only one."""
BRANCHES = frozenset({"if-else", "question-classifier", "human-input"})


class Step(NamedTuple):
    """One node. `inside` is the iteration or loop it belongs to, "" for the flow itself."""

    id: str
    type: str
    title: str
    data: Mapping[str, Any]
    at: tuple[float, float] | None = None
    inside: str = ""

    @property
    def branches(self) -> bool:
        return self.type in BRANCHES or self.data.get("error_strategy") == "fail-branch"


class Line(NamedTuple):
    source: str
    handle: str
    target: str


class App(NamedTuple):
    """The whole file. `config` is that of an app without a graph."""

    mode: str
    name: str
    description: str
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    notes: tuple[tuple[str, tuple[float, float] | None], ...]
    conversation: tuple[Mapping[str, Any], ...]
    environment: tuple[Mapping[str, Any], ...]
    features: Mapping[str, Any]
    config: Mapping[str, Any]

    @property
    def chats(self) -> bool:
        return self.mode != "workflow"


def selector(value: Any) -> tuple[str, ...]:
    """Where a value comes from: a step, a variable, and perhaps a way into it. Empty where none is told."""
    found = tuple(map(words, listed(value)))
    return found if len(found) > 1 and all(found) else ()


def is_app(data: Any) -> bool:
    app = mapping(mapping(data).get("app"))
    return words(app.get("mode")) in MODES and ("workflow" in data or "model_config" in data)


def read_app(data: Mapping[str, Any]) -> App:
    app, workflow = mapping(data.get("app")), mapping(data.get("workflow"))
    graph = mapping(workflow.get("graph"))
    nodes = mappings(graph.get("nodes"))
    return App(
        words(app.get("mode")),
        words(app.get("name")),
        words(app.get("description")),
        tuple(_steps(nodes)),
        tuple(_lines(graph.get("edges"))),
        tuple(_notes(nodes)),
        tuple(mappings(workflow.get("conversation_variables"))),
        tuple(mappings(workflow.get("environment_variables"))),
        mapping(workflow.get("features")),
        mapping(data.get("model_config")),
    )


def _steps(nodes: Sequence[Mapping[str, Any]]) -> Iterator[Step]:
    seen: set[str] = set()
    for node in nodes:
        data, id = mapping(node.get("data")), words(node.get("id"))
        type = words(data.get("type"))
        if words(node.get("type")) in NOTES or not (id and type) or id in seen:
            continue
        seen.add(id)
        inside = words(data.get("iteration_id") or data.get("loop_id") or node.get("parentId"))
        yield Step(id, type, words(data.get("title")) or type, data, _place(node), inside)


def _notes(nodes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[float, float] | None]]:
    for node in nodes:
        if words(node.get("type")) in NOTES:
            text = words(mapping(node.get("data")).get("text"))
            yield text, _place(node)


def _place(node: Mapping[str, Any]) -> tuple[float, float] | None:
    place = mapping(node.get("positionAbsolute") or node.get("position"))
    x, y = place.get("x"), place.get("y")
    plain = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (x, y))
    return (float(x), float(y)) if plain else None  # type: ignore[arg-type]


def _lines(edges: Any) -> Iterator[Line]:
    for edge in mappings(edges):
        source, target = words(edge.get("source")), words(edge.get("target"))
        if source and target:
            yield Line(source, words(edge.get("sourceHandle")) or PLAIN, target)
