"""A block kind: data about it and one function, gathered from one module by `@node_kind`."""

import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.kinds.context import NodeContext
from flowloom.kinds.port import Port, PortType, ports_of
from flowloom.kinds.values import ToolSpec
from flowloom.locales import add_texts

NodeFunction = Callable[[Any, Any, NodeContext], BaseModel | Awaitable[BaseModel]]
Explain = Callable[[Any, Mapping[str, Any], Mapping[str, Any], str], str]
PortsOf = Callable[[Any], Sequence[Port]]
Mark = Callable[[str], str]

TOOL_PORT = Port(id="tool", label="Use as a tool", type=PortType.TOOL, required=False)
AFTER_PORT = Port(id="@after", label="After these blocks", type=PortType.ANY)
"""An input whose value counts for nothing: the block runs where one of the lines into it brought something."""
ERROR_PORT = Port(id="error", label="If it fails", type=PortType.TEXT, required=False)


class ModelCalls(NamedTuple):
    """How often one run of a block asks a model, a role or `provider/model`, at least and at most."""

    model: str
    least: int
    most: int


class NoPorts(BaseModel):
    """Inputs or Outputs of a kind that has none."""


class OpenPorts(BaseModel):
    """Inputs or Outputs whose ports depend on the config."""

    model_config = ConfigDict(extra="allow")


SENDS = "sends"
LETS_OUT = (SENDS, "saves files")
"""The effects by which what a block is given leaves the GPT."""
GROUPS = {
    "talk": "Talk",
    "models": "Models",
    "knowledge": "Knowledge",
    "tools": "Tools",
    "logic": "Logic",
    "data": "Data",
    "people": "People",
    "flows": "GPTs and lists",
}


@dataclass(frozen=True, slots=True)
class NodeKind:
    """Everything the palette, the canvas, the form, the check and the executor know of a kind.

    A plain `def` function must be quick and pure: the executor runs it where it stands. Whatever waits
    is an `async def`. Only the output fields that were set fire.
    """

    id: str
    label: str
    icon: str
    group: str
    help: str
    config: type[BaseModel]
    inputs: type[BaseModel]
    outputs: type[BaseModel]
    function: NodeFunction
    can_be_tool: bool = False
    starts: bool = False
    """It brings the person's message into the flow."""
    answers: bool = False
    """What it puts out is shown to the person."""
    chooses: bool = False
    """Of its outputs one fires each time: they are ways the flow may go."""
    beside: frozenset[str] = frozenset()
    """Outputs of such a kind that come beside the way it goes, such as a person's comment."""
    fixed_answer: tuple[str, str] | None = None
    """Of a kind that can answer by itself: the field of its config with the text, and the input that tells when."""
    offered: bool = True
    """Whether a person may add it; what an import keeps comes from there alone."""
    annotates: bool = False
    """It only speaks to whoever reads the canvas: it has no ports and never runs."""
    enters: PortsOf | None = None
    """The inputs that a block gets through it whose flow it is in."""
    leaves: Callable[[Any], Port] | None = None
    """The output that such a block gets through it."""
    flow_of: Callable[[Any], Flow | None] | None = None
    """The flow within it, which it runs by `ctx.sub_flow`."""
    inner_runs: Callable[[Any], tuple[int, int | None]] = lambda config: (1, 1)
    """How often that flow runs at least and at most; None where that hangs on what comes in."""
    relays: Callable[[Any], Mapping[str, Sequence[str]]] = lambda config: {}
    """`relays(config)`: from an input to the outputs it passes to unchanged, so that a text may stream through."""
    offers: Callable[[Any], Sequence[ToolSpec]] | None = None
    """The tools it is to an agent, where its ports say too little; each name is put behind that of the block."""
    safe_to_repeat: bool = True
    repeats: Callable[[Any], bool] | None = None
    """Whether a block with this config is safe to repeat, where that is not the same for all."""
    effects: frozenset[str] = frozenset()
    calls: Callable[[Any, int], Iterable[ModelCalls]] = lambda config, tools: ()
    """`calls(config, tools)`: the models it asks, with so many tools joined to it."""
    tool_calls: Callable[[Any], int] = lambda config: 0
    """How often it uses its tools at most, all together."""
    hosts: Callable[[Any], Iterable[str]] = lambda config: ()
    """The computers it sends data to."""
    servers: Callable[[Any], Iterable[str]] | None = None
    """The MCP servers it uses, by the names they have in Settings."""
    summarise: Callable[[Any], str] = lambda config: ""
    check: Callable[[Any], Iterable[Problem]] = lambda config: ()
    preview: Callable[[Any, Mapping[str, Any], Mark], str] | None = None
    """`preview(config, values, mark)`: the text this block would write; `mark` goes round each value put in."""
    explain: Explain | None = None
    """`explain(config, inputs, outputs, language)`: why it went the way it did, in a person's words."""
    tune: str = ""
    """The field of its form to change first where what it gives is not what one wants."""
    dynamic_inputs: PortsOf | None = None
    dynamic_outputs: PortsOf | None = None

    @property
    def lets_out(self) -> bool:
        """Whether what it is given leaves the GPT: to the person, in a file, or to another computer."""
        return self.answers or not self.effects.isdisjoint(LETS_OUT)

    @property
    def is_async(self) -> bool:
        return iscoroutinefunction(self.function)

    def may_repeat(self, config: Mapping[str, Any]) -> bool:
        """Whether a block with this config may run twice without doing anything twice outside."""
        if self.repeats is None:
            return self.safe_to_repeat
        try:
            return self.repeats(self.config.model_validate(config))
        except ValidationError:
            return self.safe_to_repeat

    def input_ports(self, config: BaseModel) -> tuple[Port, ...]:
        """The inputs a node of this kind has with this config."""
        dynamic = {port.id: port for port in self.dynamic_inputs(config)} if self.dynamic_inputs else {}
        # One of the same name takes the place of that which is written down.
        return (*(dynamic.pop(port.id, port) for port in ports_of(self.inputs)), *dynamic.values())

    def ways_out(self, config: BaseModel) -> tuple[Port, ...]:
        """The outputs of which one fires each time; none where it does not choose."""
        ports = self.output_ports(config) if self.chooses else ()
        return tuple(port for port in ports if port.id not in (TOOL_PORT.id, ERROR_PORT.id, *self.beside))

    def output_ports(self, config: BaseModel) -> tuple[Port, ...]:
        """The outputs a node of this kind has with this config, its tool port included."""
        dynamic = tuple(self.dynamic_outputs(config)) if self.dynamic_outputs else ()
        return ports_of(self.outputs) + dynamic + ((TOOL_PORT,) if self.can_be_tool else ())


def node_kind(
    *,
    id: str,
    label: str,
    icon: str,
    group: str,
    texts: Mapping[str, Mapping[str, str]],
    **options: Any,
) -> Callable[[NodeFunction], NodeKind]:
    """Make the decorated function's module a kind: its Config, Inputs and Outputs, the docstring as help.

    `texts` holds the translations of everything the kind says, by language and English source text.
    """

    def make(function: NodeFunction) -> NodeKind:
        home = sys.modules[function.__module__]
        add_texts(texts)
        return NodeKind(
            id=id,
            label=label,
            icon=icon,
            group=group,
            help=" ".join((function.__doc__ or "").split()),
            config=getattr(home, "Config", NoPorts),
            inputs=getattr(home, "Inputs", NoPorts),
            outputs=getattr(home, "Outputs", NoPorts),
            function=function,
            **options,
        )

    return make
