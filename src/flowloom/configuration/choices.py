"""The choices of Configure, and the edits each of them is on the one flow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowloom.configuration.abilities import ABILITIES, KNOWLEDGE, AbilityName, ToolBlock, ability_of
from flowloom.configuration.backbone import MESSAGE, Backbone, completed, connect, find_backbone, with_edits
from flowloom.configuration.conversion import agent_instead
from flowloom.configuration.fallback import Who, fallback_edits
from flowloom.configuration.places import free_place
from flowloom.errors import FlowEditError
from flowloom.flow.edit import Add, Configure, Describe, Operation, Remove
from flowloom.flow.model import Flow, Node, Position
from flowloom.nodes.port_names import free_id

BESIDE, BELOW = -230.0, 120.0
"""Where tools stand from the block they belong to, in canvas units."""
ACTIONS = ("action.set", "mcp.tools")


@dataclass(frozen=True, slots=True)
class Face:
    """What the GPT says of itself; `changes` as in `Describe`."""

    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Switch:
    """An ability, on or off."""

    ability: AbilityName
    on: bool


@dataclass(frozen=True, slots=True)
class UseDocuments:
    """Whether what answers may search the documents of this GPT."""

    on: bool


@dataclass(frozen=True, slots=True)
class ChooseModel:
    """A role or `provider/model`."""

    model: str


@dataclass(frozen=True, slots=True)
class AddAction:
    """An action set or the tools of an MCP server, with its settings."""

    kind: str
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerInstead:
    """Who answers when what answers fails."""

    who: Who
    text: str = ""


@dataclass(frozen=True, slots=True)
class UseAgent:
    """Have an agent answer in place of a model, with all its lines and settings."""


Choice = Face | Switch | UseDocuments | ChooseModel | AddAction | AnswerInstead | UseAgent
WORKS = ("instructions", "starters")
"""What a GPT says of itself that only makes sense where it answers."""


def edits_for(flow: Flow, choice: Choice) -> list[Operation]:
    """The edits a choice is, as one step; none where nothing changes.

    A bare flow becomes one that answers. Raises FlowEditError, with where to go, for what only the canvas can do.
    """
    needs_answer = not isinstance(choice, Face) or any(choice.changes.get(name) for name in WORKS)
    first = completed(flow) if needs_answer and not _is_off(choice) else []
    return [*first, *_edits(with_edits(flow, first), choice)]


def _is_off(choice: Choice) -> bool:
    return isinstance(choice, Switch | UseDocuments) and not choice.on


def _edits(flow: Flow, choice: Choice) -> list[Operation]:
    match choice:
        case Face(changes):
            kept = {name: value for name, value in changes.items() if _differs(getattr(flow, name, None), value)}
            return [Describe(changes=kept)] if kept else []
        case Switch(ability, on):
            return _switched(flow, ABILITIES[ability], on)
        case UseDocuments(on):
            return _documents(flow, on)
        case AddAction(kind, config):
            name = kind.partition(".")[0]
            return _tool(flow, _agent(flow), ToolBlock(kind, name, dict(config)))
        case UseAgent():
            return agent_instead(flow)
        case ChooseModel(model):
            node = _answering(flow)
            changed = {**node.config, "model": model}
            return [] if node.config.get("model", "default") == model else [Configure(node=node.id, config=changed)]
        case AnswerInstead(who, text):
            return fallback_edits(flow, _answering(flow), who, text)


def _differs(before: Any, after: Any) -> bool:
    return bool((list(before) if isinstance(before, tuple) else before) != after)


def _answering(flow: Flow) -> Node:
    found = find_backbone(flow)
    if found.node is None:
        raise _only_on_canvas(found)
    return found.node


def _agent(flow: Flow) -> Node:
    found = find_backbone(flow)
    if found.shape != "agent" or found.node is None:
        raise _only_on_canvas(found)
    return found.node


def _only_on_canvas(found: Backbone) -> FlowEditError:
    if found.shape == "model":
        return FlowEditError(
            "A Model block can’t use tools.", "Choose “Use an agent” first.", code="configure.model"
        )
    return FlowEditError(
        "This GPT is drawn in a way that this form can’t change.",
        "Add the block on the canvas.",
        code="configure.drawn",
    )


def _switched(flow: Flow, blocks: Sequence[ToolBlock], on: bool) -> list[Operation]:
    found = ability_of(flow, tuple(blocks))
    if not on:
        return [Remove(nodes=found.plain)] if found.plain else []
    agent = _agent(flow)
    there = {node.kind for node in flow.nodes if node.id in (*found.plain, *found.own)}
    edits: list[Operation] = []
    for block in blocks:
        if block.kind not in there:
            edits += _tool(with_edits(flow, edits), agent, block)
    return edits


def _tool(flow: Flow, agent: Node, block: ToolBlock) -> list[Operation]:
    at = flow.layout.get(agent.id, Position(x=0, y=0))
    id = free_id(block.id, {node.id for node in flow.nodes})
    place = free_place(flow, Position(x=at.x + BESIDE, y=at.y + BELOW), block.kind)
    added = Add(node=Node(id=id, kind=block.kind, config=dict(block.config)), at=place)
    return [added, connect(f"{id}.tool", f"{agent.id}.tools")]


def _documents(flow: Flow, on: bool) -> list[Operation]:
    found, answering = ability_of(flow, (KNOWLEDGE,)), find_backbone(flow)
    if not on:
        return [Remove(nodes=found.plain)] if found.plain else []
    if found.is_on:
        return []
    if answering.shape == "model" and answering.node:
        return _searched_first(flow, answering.node)
    return _tool(flow, _agent(flow), KNOWLEDGE)


def _searched_first(flow: Flow, model: Node) -> list[Operation]:
    """A model has no tools: each message is searched for, and it gets what was found."""
    start = next((node for node in flow.nodes if node.kind == MESSAGE), None)
    if start is None or any(edge.end == (model.id, "passages") for edge in flow.edges):
        raise _only_on_canvas(Backbone("drawn"))
    at = flow.layout.get(model.id, Position(x=0, y=0))
    id = free_id(KNOWLEDGE.id, {node.id for node in flow.nodes})
    place = free_place(flow, Position(x=at.x + BESIDE, y=at.y + BELOW), KNOWLEDGE.kind)
    return [
        Add(node=Node(id=id, kind=KNOWLEDGE.kind), at=place),
        connect(f"{start.id}.message", f"{id}.question"),
        connect(f"{id}.passages", f"{model.id}.passages"),
    ]
