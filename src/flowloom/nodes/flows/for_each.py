"""Run a flow once for every item of a list."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.config import JsonDict
from pydantic_core import from_json

from flowloom.errors import BudgetError, FlowloomError, NodeError, Problem, first_of
from flowloom.kinds.context import NodeContext, SubFlow, Waiting
from flowloom.kinds.kind import OpenPorts, node_kind
from flowloom.kinds.port import Port, PortType
from flowloom.nodes.flows.embedded import EmbeddedFlow, Source, check_flow, flow_in, inputs_of, name_in, outputs_of
from flowloom.nodes.flows.sub_flow import inner_of
from flowloom.nodes.readable import first_words

MAX_ITEMS = 10_000
IfFails = Literal["stop", "skip", "empty", "collect"]
LABELS: JsonDict = {
    "stop": "stop at the first error",
    "skip": "skip it and continue",
    "empty": "continue and leave its place empty",
    "collect": "continue and pass on what failed",
}
FAILED = Port(id="failed_items", label="What failed", type=PortType.LIST, required=False)


class Config(BaseModel):
    flow: EmbeddedFlow = {}
    source: Source = ""
    over: str = Field(
        default="",
        title="List",
        description="The input for the list. The flow gets one item at a time; a text is split into lines.",
        json_schema_extra={"widget": "hidden"},
    )
    at_once: int = Field(
        default=4,
        title="At the same time",
        description="How many items run at the same time.",
        ge=1,
        le=32,
    )
    if_fails: IfFails = Field(
        default="stop",
        title="If an item fails",
        description="What happens to the other items.",
        json_schema_extra={"labels": LABELS},
    )


Inputs = Outputs = OpenPorts

TEXTS = {
    "zh": {
        "For each": "逐项处理",
        "Runs a GPT once for each item of a list, several at a time, and returns the results in order.": (
            "对列表中的每一项运行一次 GPT，可几项同时进行，并按原来的顺序传出结果。"
        ),
        "List": "列表",
        "The input for the list. The flow gets one item at a time; a text is split into lines.": (
            "接收列表的输入；流程每次得到其中一项。文本则逐行处理。"
        ),
        "At the same time": "同时进行",
        "How many items run at the same time.": "同时处理多少项。",
        "If an item fails": "如果某一项失败",
        "What happens to the other items.": "其他各项怎么办。",
        "stop at the first error": "遇到第一个失败就停止",
        "skip it and continue": "略过它并继续",
        "continue and leave its place empty": "继续，并把它的位置留空",
        "continue and pass on what failed": "继续，并传出失败的项",
        "What failed": "失败的项",
        "The list has {count} items. The maximum for one block is {limit}.": (
            "列表有 {count} 项；一个模块最多处理 {limit} 项。"
        ),
        "Split it before this block.": "请在这个模块之前把它拆开。",
        "The input isn’t a list.": "传入的不是列表。",
        "Add a block before this one that returns a list.": "请在前面放一个给出列表的模块。",
        "The flow inside this block has no input, so it would do the same for each item.": (
            "这个模块里的流程没有输入，所以对每一项做的都一样。"
        ),
        "Choose a GPT with a Chat message or an Input block.": "请选择带有“聊天消息”或“输入”模块的 GPT。",
    },
    "fr": {
        "For each": "Pour chaque",
        "Runs a GPT once for each item of a list, several at a time, and returns the results in order.": (
            "Exécute un GPT une fois pour chaque élément d’une liste, plusieurs côte à côte, "
            "et transmet les résultats dans l’ordre."
        ),
        "List": "Liste",
        "The input for the list. The flow gets one item at a time; a text is split into lines.": (
            "L’entrée qui reçoit une liste, dont le flux reçoit un élément à la fois ; "
            "un texte est pris ligne par ligne."
        ),
        "At the same time": "En même temps",
        "How many items run at the same time.": "Combien d’éléments sont traités en même temps.",
        "If an item fails": "Si un élément échoue",
        "What happens to the other items.": "Ce qu’il advient des autres éléments.",
        "stop at the first error": "s’arrêter au premier échec",
        "skip it and continue": "le laisser de côté et continuer",
        "continue and leave its place empty": "continuer, et laisser sa place vide",
        "continue and pass on what failed": "continuer, et transmettre ce qui a échoué",
        "What failed": "Ce qui a échoué",
        "The list has {count} items. The maximum for one block is {limit}.": (
            "La liste a {count} éléments ; un bloc en prend {limit} au plus."
        ),
        "Split it before this block.": "Divisez-la avant ce bloc.",
        "The input isn’t a list.": "Ce qui est entré n’est pas une liste.",
        "Add a block before this one that returns a list.": "Placez avant celui-ci un bloc qui donne une liste.",
        "The flow inside this block has no input, so it would do the same for each item.": (
            "Le flux contenu dans ce bloc ne prend rien, il ferait donc la même chose pour chaque élément."
        ),
        "Choose a GPT with a Chat message or an Input block.": (
            "Choisissez un GPT avec un bloc Message reçu ou Entrée."
        ),
    },
}


def over(config: Config) -> str:
    """The id of the input that gets the list: the chosen one, else the first."""
    names = [port.id for port in inputs_of(flow_in(config.flow))]
    return config.over if config.over in names else next(iter(names), "")


def input_ports(config: Config) -> list[Port]:
    listed, ports = over(config), inputs_of(flow_in(config.flow))
    # Not only lists may come in: a text is taken line by line.
    as_list = {"type": PortType.ANY, "required": True}
    return [port.model_copy(update=as_list) if port.id == listed else port for port in ports]


def output_ports(config: Config) -> list[Port]:
    ports = [port.model_copy(update={"type": PortType.LIST}) for port in outputs_of(flow_in(config.flow))]
    return ports + ([FAILED] if config.if_fails == "collect" else [])


def check(config: Config) -> Iterable[Problem]:
    yield from check_flow(config.flow)
    if flow_in(config.flow) and not over(config):
        yield Problem.of(
            "each.no_input",
            "The flow inside this block has no input, so it would do the same for each item.",
            "Choose a GPT with a Chat message or an Input block.",
        )


def items_of(value: Any) -> list[Any]:
    """The items of a list, of a text that holds one as JSON, or the lines of any other text. Raises NodeError."""
    if isinstance(value, str):
        value = listed_in(value)
    if not isinstance(value, list | tuple):
        raise NodeError(
            "The input isn’t a list.", "Add a block before this one that returns a list.", code="each.no_list"
        )
    if len(value) > MAX_ITEMS:
        raise NodeError(
            "The list has {count} items. The maximum for one block is {limit}.",
            "Split it before this block.",
            code="each.many",
            count=len(value),
            limit=MAX_ITEMS,
        )
    return list(value)


def listed_in(text: str) -> list[Any]:
    try:
        found = from_json(text)
    except ValueError:
        found = None
    return found if isinstance(found, list) else [line.strip() for line in text.splitlines() if line.strip()]


@dataclass(slots=True)
class Rounds:
    """The items of one list under way: what they gave, what failed, and what waits for a person."""

    items: list[Any]
    listed: str
    shared: Mapping[str, Any]
    config: Config
    given: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    failed: dict[int, FlowloomError] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    next: int = 0

    async def work(self, sub_flow: SubFlow, ctx: NodeContext) -> None:
        """Take items until there are none. Raises FlowloomError for one that may not fail."""
        while self.next < len(self.items):
            number = self.next
            self.next += 1
            try:
                values = {**self.shared, self.listed: self.items[number]}
                self.given[number] = await sub_flow.run(values, number + 1)
            except Waiting as waiting:
                self.waiting |= waiting.questions
            except BudgetError:
                raise
            except FlowloomError as error:
                if self.config.if_fails == "stop":
                    raise
                self.failed[number] = error
            ctx.advance(len(self.given) + len(self.failed), len(self.items))

    def outputs(self) -> dict[str, Any]:
        """A list for each output, in the order of the items; what failed is not in them, or leaves a gap."""
        names = [port.id for port in outputs_of(flow_in(self.config.flow))]
        places = range(len(self.items)) if self.config.if_fails == "empty" else sorted(self.given)
        found: dict[str, Any] = {
            name: [self.given.get(number, {}).get(name) for number in places] for name in names
        }
        if self.config.if_fails == "collect":
            found[FAILED.id] = [
                {"item": self.items[number], "error": str(self.failed[number].problem)}
                for number in sorted(self.failed)
            ]
        return found


@node_kind(
    id="flow.each",
    label="For each",
    icon="repeat",
    group="flows",
    flow_of=lambda config: flow_in(config.flow),
    inner_runs=lambda config: (0, None),
    dynamic_inputs=input_ports,
    dynamic_outputs=output_ports,
    summarise=lambda config: first_words(name_in(config.flow)),
    check=check,
    texts=TEXTS,
)
async def for_each(config: Config, inputs: OpenPorts, ctx: NodeContext) -> OpenPorts:
    """Runs a GPT once for each item of a list, several at a time, and returns the results in order."""
    shared, listed = dict(inputs), over(config)
    rounds = Rounds(items_of(shared.pop(listed, None)), listed, shared, config)
    sub_flow = inner_of(ctx)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(config.at_once, len(rounds.items))):
                group.create_task(rounds.work(sub_flow, ctx))
    except* FlowloomError as failed:
        raise first_of(failed) from None
    if rounds.waiting:
        raise Waiting(rounds.waiting)
    return OpenPorts(**rounds.outputs())
