"""A Langflow flow on its way: components, lines, and the report."""

from collections.abc import Iterable
from typing import Any

from flowloom.exchange.exporters.account import Account
from flowloom.exchange.exporters.langflow.components import component, line, missing
from flowloom.exchange.exporters.ways import by_input
from flowloom.flow.model import Flow
from flowloom.kinds.kind import AFTER_PORT
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.run.planning.plan import Link, Step

Found = tuple[str, str]
"""A component by its id, and the name of one of its outputs."""


class Board(Account):
    """What is written, component by component."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []
        self.ids: dict[str, str] = {}
        self.values: dict[tuple[str, str], Found] = {}

    def add(self, step: Step, type: str, **fields: Any) -> str:
        """Add the component of a block; its id."""
        return self.add_choice(step, type, (), **fields)

    def add_choice(self, step: Step, type: str, outputs: Iterable[tuple[str, str]], **fields: Any) -> str:
        """The same of a component that makes `outputs` of its settings."""
        id = self._id(step, type)
        name = label_of(step.node, all_kinds())
        self.nodes.append(component(id, type, name, fields, self._place(step), outputs))
        for link in by_input(step).get(AFTER_PORT.id, ()):
            self._wait(link, id)
        return id

    def _wait(self, link: Link, id: str) -> None:
        if found := self.source(link):
            self.gate(found, id)

    def gate(self, found: Found, id: str) -> None:
        """Have the newest component run only where another way brought something."""
        self.nodes[-1]["data"]["node"]["template"].setdefault("after", _after())
        self.line(found, id, "after")

    def line(self, found: Found, id: str, field: str) -> None:
        self.edges.append(line(*found, id, field))

    def _id(self, step: Step, type: str) -> str:
        self.ids.setdefault(step.id, f"{type}-{len(self.nodes) + 1:05}")
        return f"{type}-{len(self.nodes) + 1:05}"

    def _place(self, step: Step) -> tuple[float, float]:
        place = self.flow.layout.get(step.id)
        return (place.x, place.y) if place else (360.0 * len(self.nodes), 0.0)

    def source(self, link: Link) -> Found | None:
        return self.values.get((link.source.id, link.port))

    def into(self, step: Step, port: str) -> list[Found]:
        """What comes to an input."""
        return [found for link in by_input(step).get(port, []) if (found := self.source(link))]

    def join(self, step: Step, port: str, id: str, field: str) -> bool:
        """Draw the line into a field of a component; whether there is one."""
        found = self.value(step, port)
        if found:
            self.edges.append(line(*found, id, field))
        return found is not None

    def value(self, step: Step, port: str) -> Found | None:
        """What comes to an input; where ways meet, a prompt that holds what each of them brings.

        Of a way that was not taken Langflow hands on an empty text, so the prompt says what the other brought.
        """
        found = self.into(step, port)
        if len(found) < 2:
            return found[0] if found else None
        if not self._exclude_each_other(step, port):
            self.differ(
                step,
                "Where several values come at once, they are put together.",
                "You notice it where two ways of the flow meet here.",
            )
        names = [f"value_{number}" for number in range(1, len(found) + 1)]
        id = self._id(step, "Prompt")
        fields = {"template": "".join(f"{{{name}}}" for name in names), **dict.fromkeys(names, "")}
        self.nodes.append(component(id, "Prompt", label_of(step.node, all_kinds()), fields, self._place(step)))
        for name, each in zip(names, found, strict=True):
            self.edges.append(line(*each, id, name))
        return id, "prompt"

    def _exclude_each_other(self, step: Step, port: str) -> bool:
        """Whether of the lines into an input only one brings something: each hangs on another way of one choice."""
        conditions = [self._taken(link) for link in by_input(step)[port]]
        forks = [{fork for fork, _ in each} for each in conditions]
        shared = set.intersection(*forks) if forks else set()
        return any(
            all(
                {way for fork, way in one if fork == choice}.isdisjoint(
                    way for fork, way in other if fork == choice
                )
                for number, one in enumerate(conditions)
                for other in conditions[:number]
            )
            for choice in shared
        )

    def _taken(self, link: Link) -> frozenset[tuple[str, str]]:
        optional = self.ways.optional.get(link.source.id, frozenset()) & link.source.outputs.keys()
        return (
            frozenset({(link.source.id, link.port)}) if link.port in optional else self.ways.condition(link.source)
        )

    def lacks(self, step: Step, message: str, hint: str) -> None:
        """Put a component in the place of a block that Langflow has none for."""
        super().lacks(step, message, hint)
        id = self._id(step, "Missing")
        said = str(self.differs[step.id][-1])
        self.nodes.append(missing(id, label_of(step.node, all_kinds()), said, self._place(step)))
        for links in by_input(step).values():
            for link in links:
                if found := self.source(link):
                    self.edges.append(line(*found, id, "after"))
        for port in step.outputs:
            self.values[step.id, port] = (id, "output")


def _after() -> dict[str, Any]:
    field = {"type": "str", "name": "after", "display_name": "After", "value": "", "show": True, "required": False}
    return field | {"advanced": False, "list": True, "input_types": ["Message"]}
