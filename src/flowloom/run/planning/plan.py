"""A flow made ready to run: configs validated, edges resolved to coercions, tools set apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from flowloom.errors import FlowFileError, Problem
from flowloom.flow.loops import Loop, loops_of
from flowloom.flow.model import Budget, Flow, Node, Protection, SavedAnswer
from flowloom.kinds.kind import AFTER_PORT, ERROR_PORT, TOOL_PORT, NodeKind
from flowloom.kinds.port import Coercion, Port, PortType, coercion
from flowloom.kinds.registry import Registry


@dataclass(slots=True, eq=False)
class Link:
    """An edge as the executor walks it."""

    source: "Step"
    port: str
    target: "Step"
    input: str
    coerce: Coercion | None
    place: int
    """Where it stands among the edges into its target, in the order of the file."""
    back: "Region | None" = None
    """The loop it leads back to the entry of."""
    leaves: "Region | None" = None
    """The outermost loop it leads out of."""


@dataclass(slots=True, eq=False)
class Step:
    """A node as the executor runs it."""

    node: Node
    kind: NodeKind
    config: BaseModel
    inputs: Mapping[str, Port]
    outputs: Mapping[str, Port]
    incoming: list[Link] = field(default_factory=list)
    outgoing: list[Link] = field(default_factory=list)
    tools: "list[Step]" = field(default_factory=list)
    wired: frozenset[str] = frozenset()
    """Inputs that have an edge."""
    late: frozenset[str] = frozenset()
    """Inputs that get something only from the second round of a loop on."""
    loop: "Region | None" = None
    """The innermost loop it is in."""
    relays: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """From an input to the outputs it passes to unchanged."""
    leaves: Port | None = None
    """The port through which its value leaves a flow that is within a node."""
    inner: "Plan | None" = None
    """The flow within it."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """Values that are put in by hand, by input."""

    id: str = field(init=False)
    is_async: bool = field(init=False)
    acts: bool = field(init=False)
    """Whether it may wait, or do something that outlives the run; what only works with values does not."""

    def __post_init__(self) -> None:
        # Asked for at every event, so they are looked up once.
        self.id, self.is_async = self.node.id, self.kind.is_async
        self.acts = self.is_async or bool(self.kind.effects)


@dataclass(slots=True, eq=False)
class Region:
    """A loop as the executor goes through it, at most `most` times."""

    entry: Step
    most: int
    parent: "Region | None"
    steps: list[Step]
    """All that is in it, the steps of inner loops included."""
    inner: "list[Region]" = field(default_factory=list)
    """All loops in it, however deep."""
    size: int = 0
    """Steps and inner loops that must be decided before a round has ended."""
    must_leave: bool = True
    """Whether nothing in it answers the person, so that something has to come out."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a run in the order of the file; those used as tools are not among them."""

    flow_id: str
    steps: Sequence[Step]
    loops: Sequence[Region]
    budget: Budget
    instructions: str
    language: str
    protection: Protection
    custom_instructions: bool = True
    """Whether its models read those of the person who chats."""
    examples: Sequence[SavedAnswer] = ()
    """Good answers that are in use."""
    examples_shown: int = 3

    def all_steps(self) -> Iterator[tuple["Plan", Step]]:
        """Every step, tools and those of flows within steps included, each with the plan it is of."""
        tools = {tool.id: tool for agent in self.steps for tool in agent.tools}
        for step in (*self.steps, *tools.values()):
            yield self, step
            if step.inner:
                yield from step.inner.all_steps()


def config_of(node: Node, kind: NodeKind) -> BaseModel:
    """The node's config as its kind understands it. Raises pydantic's ValidationError."""
    return kind.config.model_validate(node.config)


def ports_of_node(node: Node, kind: NodeKind, config: BaseModel) -> tuple[dict[str, Port], dict[str, Port]]:
    """A node's inputs and outputs by name, those that its settings give it included."""
    inputs = {port.id: port for port in kind.input_ports(config)}
    outputs = {port.id: port for port in kind.output_ports(config)}
    if node.settings.wait:
        inputs[AFTER_PORT.id] = AFTER_PORT
    if node.settings.on_error == "port":
        outputs[ERROR_PORT.id] = ERROR_PORT
    return inputs, outputs


def plan_of(flow: Flow, kinds: Registry) -> Plan:
    """Prepare a flow that `find_problems` has nothing against. Raises FlowFileError otherwise."""
    try:
        steps = {node.id: _step(node, kinds[node.kind], kinds, flow.language) for node in flow.nodes}
        tools = {edge.start.node for edge in flow.edges if edge.start.port == TOOL_PORT.id}
        for edge in flow.edges:
            _join(steps[edge.start.node], edge.start.port, steps[edge.end.node], edge.end.port)
    except (KeyError, ValidationError):
        raise FlowFileError.from_problem(
            Problem.of("run.unchecked", "This flow can’t run yet.", "Fix its problems first.")
        ) from None
    regions = [
        each for loop in loops_of(flow, [TOOL_PORT.id]) for each in _regions(loop, steps, None) if loop.entries
    ]
    for step in steps.values():
        step.wired = frozenset(link.input for link in step.incoming)
        step.late = step.wired - {link.input for link in step.incoming if link.back is None}
    runs = [step for step in steps.values() if step.id not in tools and not step.kind.annotates]
    return Plan(
        flow.id,
        runs,
        regions,
        flow.budget,
        flow.instructions,
        flow.language,
        flow.protection,
        flow.custom_instructions,
        tuple(each for each in flow.examples if each.on),
        flow.examples_shown,
    )


def _regions(loop: Loop, steps: Mapping[str, Step], parent: Region | None) -> list[Region]:
    """A loop and those in it, with every edge told where it stands to them; the outermost first."""
    entry = steps[loop.entries[0]]
    members = [steps[name] for name in sorted(loop.members)]
    found = Region(entry, entry.node.settings.rounds, parent, members)
    found.must_leave = not any(step.kind.answers for step in members)
    for step in members:
        step.loop = found
        for link in step.outgoing:
            if link.target is entry:
                link.back = found
            elif link.target.id not in loop.members and link.leaves is None:
                link.leaves = found
    deeper = [_regions(inner, steps, found) for inner in loop.inner]
    found.inner = [each for regions in deeper for each in regions]
    found.size = sum(step.loop is found for step in members) + len(loop.inner)
    return [found, *found.inner]


def _step(node: Node, kind: NodeKind, kinds: Registry, language: str) -> Step:
    config = config_of(node, kind)
    inputs, outputs = ports_of_node(node, kind, config)
    flow = kind.flow_of(config) if kind.flow_of else None
    return Step(
        node,
        kind,
        config,
        inputs,
        outputs,
        relays=kind.relays(config),
        leaves=kind.leaves(config) if kind.leaves else None,
        inner=plan_of(flow.model_copy(update={"language": language}), kinds) if flow else None,
    )


def _join(source: Step, port: str, target: Step, input: str) -> None:
    kind_of_port, kind_of_input = source.outputs[port], target.inputs[input]
    if kind_of_port.type == PortType.TOOL:
        target.tools.append(source)
        return
    how = coercion(kind_of_port.type, kind_of_input.type)
    link = Link(source, port, target, input, how, len(target.incoming))
    source.outgoing.append(link)
    target.incoming.append(link)


def step_schema(step: Step) -> dict[str, Any]:
    """The JSON schema of what a model must give to call this step as a tool."""
    schema = step.kind.inputs.model_json_schema()
    properties = dict(schema.get("properties", {}))
    inputs = {name: port for name, port in step.inputs.items() if name != AFTER_PORT.id}
    for name in inputs:
        properties.setdefault(name, {"type": "string"})
    required = [name for name, port in inputs.items() if port.required]
    result: dict[str, Any] = {"type": "object", "properties": properties, "required": required}
    if "$defs" in schema:
        result["$defs"] = schema["$defs"]
    return result
