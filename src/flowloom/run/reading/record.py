"""A run beside the flow it went through: what fired, what led to an answer, and which way each choice went."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.kinds.kind import ERROR_PORT, TOOL_PORT, NodeKind
from flowloom.kinds.port import Port, as_text
from flowloom.kinds.registry import Registry
from flowloom.kinds.values import Passage
from flowloom.run.planning.check import config_or_default, ports_now
from flowloom.run.reading.outline import may_stay_out
from flowloom.run.reading.steps import Step

PASSAGES = TypeAdapter(list[Passage])


@dataclass(frozen=True, slots=True)
class Decision:
    """A block that chose on the way to the answer: the way it went, and why, if it can say so."""

    step: Step
    way: Port
    because: str = ""


@dataclass(frozen=True)
class Record:
    """The steps of a run and its flow. That may have changed since, so nothing in it is taken for granted."""

    flow: Flow
    kinds: Registry
    steps: tuple[Step, ...]
    language: str = "en"

    def kind(self, name: str) -> NodeKind | None:
        node = self.flow.node(name)
        return self.kinds.get(node.kind) if node else None

    def config(self, name: str) -> Mapping[str, Any]:
        node, kind = self.flow.node(name), self.kind(name)
        return dict(config_or_default(node, kind)) if node and kind else {}

    @cached_property
    def _own(self) -> Mapping[str, list[Step]]:
        """The steps of the flow itself that worked, by node."""
        found: dict[str, list[Step]] = {}
        for step in self.steps:
            if not step.caller and step.outcome in ("done", "failed"):
                found.setdefault(step.node, []).append(step)
        return found

    def given(self, step: Step) -> Mapping[str, Any]:
        """What a step handed on, also where it failed and the flow went on."""
        node = self.flow.node(step.node)
        if step.outcome == "done" or node is None:
            return step.outputs
        instead = {ERROR_PORT.id: str(step.problem)} if node.settings.on_error == "port" else {}
        return node.settings.fallback if node.settings.on_error == "value" else instead

    def way_to(self, node: str) -> list[Step]:
        """The steps whose values came to a node by lines that fired, nearest first, beginning with its own."""
        names = [node]
        for name in names:
            names += [source for source in self.live_sources(name) if source not in names]
        return [step for name in names for step in reversed(self._own.get(name, ()))]

    def live_sources(self, name: str) -> Iterator[str]:
        found: dict[str, None] = {}
        for edge in self.flow.edges:
            start = edge.start
            fired = any(start.port in self.given(step) for step in self._own.get(start.node, ()))
            if edge.end.node == name and start.port != TOOL_PORT.id and fired:
                found[start.node] = None
        return iter(found)

    def within(self, way: Sequence[Step]) -> list[Step]:
        """What worked for the steps on the way: their tools, and the blocks of the flows within them."""
        names = {step.node for step in way}
        inner = [step for step in self.steps if step.caller.partition("/")[0] in names]
        return [step for step in inner if step.outcome in ("done", "failed")]

    def calls_of(self, way: Sequence[Step]) -> list[Step]:
        """The tools that worked for the steps on the way, and the blocks on it that could be tools."""
        asked = [step for step in self.within(way) if is_tool_call(step)]
        return asked + [step for step in way if (kind := self.kind(step.node)) and kind.can_be_tool]

    def decisions(self, way: Sequence[Step]) -> list[Decision]:
        """The choices on a way, first to last."""
        return [decision for step in reversed(way) for decision in self._chosen(step)]

    def dead_ends(self) -> list[Decision]:
        """The choices that went a way without a line, in the order in which they were made."""
        linked = {(edge.start.node, edge.start.port) for edge in self.flow.edges}
        return [
            Decision(step, port, self._because(step))
            for step in self.steps
            if step.outcome == "done" and not step.caller
            for port in self._ways_out(step.node)
            if port.id in step.outputs and (step.node, port.id) not in linked
        ]

    def _ways_out(self, name: str) -> tuple[Port, ...]:
        node, kind = self.flow.node(name), self.kind(name)
        return kind.ways_out(config_or_default(node, kind)) if node and kind else ()

    def _chosen(self, step: Step) -> Iterator[Decision]:
        kind, node = self.kind(step.node), self.flow.node(step.node)
        ports = ports_now(node, self.kinds)[1] if node else {}
        for name in self.given(step):
            if name in ports and may_stay_out(kind, ports[name]):
                yield Decision(step, ports[name], self._because(step))

    def _because(self, step: Step) -> str:
        if step.problem:
            return step.problem.describe(self.language).message
        node, kind = self.flow.node(step.node), self.kind(step.node)
        if node is None or kind is None or kind.explain is None:
            return ""
        try:
            return kind.explain(config_or_default(node, kind), step.inputs, step.outputs, self.language)
        except FlowloomError:
            # What was recorded does not fit the block as it is set now.
            return ""

    def phrases(self, node: str) -> bool:
        """Whether a model puts into words what the block gives."""
        kind = self.kind(node)
        return kind is not None and "spends money" in kind.effects

    def own_words(self, node: str) -> str:
        """What a person wrote into the field that shapes what the block gives."""
        value = self.config(node).get(self.tune(node))
        return value.strip() if isinstance(value, str) else ""

    def tune(self, node: str) -> str:
        """The field of a block to change first, "" where it has none."""
        kind = self.kind(node)
        return kind.tune if kind else ""


def is_tool_call(step: Step) -> bool:
    """Whether it worked because a model asked for it, and not as a part of a flow within a block."""
    last = step.call.rpartition("/")[2]
    return "." in last and "#" not in last


def passages_in(values: Mapping[str, Any]) -> list[Passage]:
    try:
        return PASSAGES.validate_python(values.get("passages") or [])
    except ValidationError:
        return []


def texts_of(values: Mapping[str, Any]) -> str:
    return "\n".join(_read(value) for value in values.values())


def _read(value: Any) -> str:
    """A value as text; of files and messages, what stands in them."""
    match value:
        case list() | tuple():
            return "\n".join(map(_read, value))
        case {"text": str(text)}:
            return text
    return as_text(value)
