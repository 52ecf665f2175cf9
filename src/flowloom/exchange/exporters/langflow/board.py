"""A Langflow flow on its way: components, lines, and the report."""

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
        id = self._id(step, type)
        self.nodes.append(component(id, type, label_of(step.node, all_kinds()), fields, self._place(step)))
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
        found = self.into(step, port)
        if len(found) > 1:
            self.differ(
                step,
                "Of several values only the first is handed on.",
                "You notice it where two ways of the flow meet here.",
            )
        for source, output in found[:1]:
            self.edges.append(line(source, output, id, field))
        return bool(found)

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
