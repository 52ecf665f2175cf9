"""A `while` as a loop of blocks: one block at its head holds all that the rounds work with."""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.importers.agentbuilder.definitions import literal
from flowloom.exchange.importers.sketch import Template, Way
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
from flowloom.nodes.readable import first_words

if TYPE_CHECKING:
    from flowloom.exchange.importers.agentbuilder.workflow import Workflow

MOST_ROUNDS = 100
_LENGTHENED = frozenset({"extend", "append", "push"})


class Loops:
    """Draws loops. All that comes from before goes through the head, as a loop is entered at one block."""

    def __init__(self, workflow: "Workflow") -> None:
        self._workflow, self._sketch = workflow, workflow.sketch

    def draw(self, node: ast.While, way: Way) -> None:
        if any(isinstance(each, ast.Break | ast.Continue) for each in ast.walk(node)):
            raise Unread
        changed = _changed(node)
        slots: dict[str, Any] = {}
        names = {name: self._slotted(value, name, changed, slots) for name, value in way.names.items()}
        head = self._head(slots, way)
        inside = Way(
            {name: value(head) for name, value in names.items() if value}, (f"{head}.result",), (f"{head}.result",)
        )
        inside.said = way.said and Known("")
        again, done = self._workflow.tests.branch([node.test], inside)
        body, after = inside.branch_off(again), inside.branch_off(done)
        self._workflow.follow(node.body, body)
        if not body.ended:
            self._lead_back(head, names, slots, body, way)
        self._sketch.drawing.settle(head, rounds=MOST_ROUNDS)
        name = first_words(ast.unparse(node.test), 60)
        differs = Problem.of(
            "import.differs",
            "The loop ends after {rounds} rounds at the latest.",
            "You notice when its condition never ends it: raise the limit at the block where the loop starts.",
            rounds=MOST_ROUNDS,
        )
        self._sketch.drawing.carried(f"while {node.lineno}", name, "While", head, differs=[differs])
        after.said = None
        way.names, way.after, way.gate, way.said = after.names, after.after, after.gate, after.said

    def _head(self, slots: dict[str, Any], way: Way) -> str:
        inputs = {name: self._sketch.port_of(value, way) for name, value in slots.items()}
        if not inputs:
            raise Unread
        code = "{" + ", ".join(f"'{name}': {{{{{name}}}}}" for name in inputs) + "}"
        template = Template(inputs=inputs)
        return self._sketch.place(way, "code.run", "Round", {"code": code}, template.inputs, acts=True, key="round")

    def _slotted(
        self, value: Any, path: str, changed: set[str], slots: dict[str, Any]
    ) -> Callable[[str], Any] | None:
        """Give the parts of a value that rounds need their slots; what comes back rebuilds it from the head."""
        if isinstance(value, Record):
            parts = {
                key: self._slotted(each, f"{path}.{key}", changed, slots) for key, each in value.fields.items()
            }
            return lambda head: Record({key: part(head) for key, part in parts.items() if part})
        if isinstance(value, Answered):
            text = self._slotted(value.text, f"{path}.text", changed, slots)
            parsed = self._slotted(value.parsed, f"{path}.parsed", changed, slots)
            return lambda head: Answered(text(head) if text else Known(""), parsed(head) if parsed else None)
        if isinstance(value, Known) and path not in changed:
            return lambda head: value
        if not isinstance(value, Known | Port | Text | Written | Choice | Messages):
            return None
        slot = f"v{len(slots)}"
        slots[slot] = value
        if isinstance(value, Messages):
            return lambda head: Messages((), Port(self._pick(head, slot)))
        yes_no = isinstance(value, Known) and isinstance(value.value, bool)
        return lambda head: Port(self._pick(head, slot), "yes_no" if yes_no else getattr(value, "type", ""))

    def _pick(self, head: str, slot: str) -> str:
        known = (f"{head} {slot}", ())
        if known not in self._sketch.made:
            id = self._sketch.place(Way({}), "json.pick", "", {"path": slot}, {"data": f"{head}.result"}, key=slot)
            self._sketch.made[known] = f"{id}.value"
        return self._sketch.made[known]

    def _lead_back(
        self,
        head: str,
        names: dict[str, Callable[[str], Any] | None],
        slots: dict[str, Any],
        body: Way,
        before: Way,
    ) -> None:
        """Lines from what a round has changed back to the head."""
        again: dict[str, Any] = {}
        for name in names:
            if name in body.names:
                self._slotted(body.names[name], name, self._paths(before.names[name], name), again)
        if len(again) != len(slots):
            raise Unread
        for slot, value in zip(slots, again.values(), strict=True):
            port = self._sketch.gated(value, body)
            if not port.startswith(f"{self._pick(head, slot).partition('.')[0]}."):
                self._sketch.drawing.join(port, f"{head}.{slot}")

    def _paths(self, value: Any, path: str) -> set[str]:
        """The parts that had a slot, whatever they hold now."""
        return (
            {path}
            if not isinstance(value, Record)
            else {each for key, part in value.fields.items() for each in self._paths(part, f"{path}.{key}")}
        )


def _changed(node: ast.While) -> set[str]:
    """What the rounds set: names, and entries of them as `state.count`."""
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in _LENGTHENED:
            found.add(ast.unparse(each.func.value))
        targets = (
            each.targets
            if isinstance(each, ast.Assign)
            else [each.target]
            if isinstance(each, ast.AugAssign)
            else []
        )
        for target in targets:
            if isinstance(target, ast.Name):
                found.add(target.id)
            elif isinstance(target, ast.Attribute):
                found.add(ast.unparse(target))
            elif isinstance(target, ast.Subscript):
                found.add(f"{ast.unparse(target.value)}.{literal(target.slice)}")
    return found
