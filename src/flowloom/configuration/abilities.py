"""What a GPT can do beside answering: the tools that each switch of Configure joins to the block that answers."""

from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from flowloom.configuration.backbone import find_backbone, tools_of
from flowloom.flow.model import Flow, Node, NodeSettings
from flowloom.kinds.kind import TOOL_PORT
from flowloom.kinds.registry import all_kinds

AbilityName = Literal["web", "pictures", "data", "memory", "sums"]


class ToolBlock(NamedTuple):
    """A block as a switch makes it."""

    kind: str
    id: str
    config: dict[str, Any] = {}  # noqa: RUF012


KNOWLEDGE = ToolBlock("knowledge.search", "documents")
ABILITIES: dict[AbilityName, tuple[ToolBlock, ...]] = {
    "web": (ToolBlock("web.search", "web-search"), ToolBlock("web.read", "web-page")),
    "pictures": (ToolBlock("picture.make", "pictures"),),
    "data": (ToolBlock("code.analyse", "data-analysis"),),
    "memory": (
        ToolBlock("memory.remember", "remember", {"scope": "person"}),
        ToolBlock("memory.facts", "known-facts"),
    ),
    "sums": (ToolBlock("calculator", "calculator"), ToolBlock("datetime", "date-time")),
}


class Ability(NamedTuple):
    """What a flow has of an ability: blocks its switch made, blocks a person set up, blocks that are no tools."""

    plain: tuple[str, ...] = ()
    """Ids of tools just as the switch makes them: off takes them away, on brings the same back."""
    own: tuple[str, ...] = ()
    """Ids of tools that were named, set or joined by hand: the switch leaves them alone."""
    steps: tuple[str, ...] = ()
    """Ids of blocks that do it elsewhere on the canvas."""

    @property
    def is_on(self) -> bool:
        return bool(self.plain or self.own)


def ability_of(flow: Flow, blocks: tuple[ToolBlock, ...]) -> Ability:
    """What a flow has of an ability."""
    answering = find_backbone(flow)
    tools = {node.id for node in tools_of(flow, answering.node)} if answering.node else set()
    made = {block.kind: block for block in blocks}
    here = [node for node in flow.nodes if node.kind in made]
    plain = tuple(node.id for node in here if node.id in tools and is_plain(flow, node, made[node.kind]))
    own = tuple(node.id for node in here if node.id in tools and node.id not in plain)
    return Ability(plain, own, tuple(node.id for node in here if node.id not in tools))


def is_plain(flow: Flow, node: Node, block: ToolBlock) -> bool:
    """Whether a tool is just as its switch makes it, and no more than one block's tool."""
    if node.name or node.settings != NodeSettings():
        return False
    edges = [edge for edge in flow.edges if node.id in (edge.start.node, edge.end.node)]
    only_tool = len(edges) == 1 and edges[0].start.port == TOOL_PORT.id
    return only_tool and _same_config(node, block)


def _same_config(node: Node, block: ToolBlock) -> bool:
    """Whether the settings are those of the switch, written out or not."""
    if node.config == block.config:
        return True
    model: type[BaseModel] = all_kinds()[block.kind].config
    try:
        return model.model_validate(node.config) == model.model_validate(block.config)
    except ValueError:
        return False
