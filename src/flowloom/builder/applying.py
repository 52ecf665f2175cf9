"""A proposal as edits of the flow, or a refusal: nothing is applied that would break it, empty it or reach out."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flowloom.builder.proposals import (
    AddBlock,
    AddStarter,
    ConfigureBlock,
    ConnectBlocks,
    RemoveBlock,
    RenameBlock,
    SetAbility,
    SetDescription,
    SetFallback,
    SetInstructions,
    SetModel,
    SetPicture,
    SetStarters,
    Step,
    UseKnowledge,
)
from flowloom.configuration.abilities import ABILITIES
from flowloom.configuration.backbone import connect, find_backbone, with_edits
from flowloom.configuration.choices import (
    BELOW,
    AnswerInstead,
    Choice,
    ChooseModel,
    Face,
    Switch,
    UseAgent,
    UseDocuments,
    edits_for,
)
from flowloom.configuration.places import free_place
from flowloom.errors import FlowEditError
from flowloom.flow.edit import Add, Configure, Operation, Remove, Rename
from flowloom.flow.model import Flow, Frozen, Node, Position
from flowloom.flow.secrets import find_secrets
from flowloom.kinds.registry import all_kinds
from flowloom.locales import Verbatim
from flowloom.run.planning.check import blocking, find_problems

SCRIPT = re.compile(r"<\s?script|javascript:|\bon(?:error|load|click)\s?=|<\s?iframe", re.IGNORECASE)
PATH = re.compile(
    r"(?:^|[\s\"'(=,])(?:/(?:etc|home|root|usr|var|tmp|proc|opt|Users)/|~/|\.\./|[A-Za-z]:\\)|file://",
    re.IGNORECASE,
)
REACHES_OUT = {"sends", "runs code", "saves files"}
LEFT_AFTER = 0.5
"""How much of the blocks a proposal has to leave, where there are more than a few."""
FEW = 3


def edits_of(flow: Flow, steps: Sequence[Step]) -> list[Operation]:
    """All edits of a proposal, to be made as one step.

    Raises FlowEditError with the reason where the flow after it would not be as good as before.
    """
    _refuse_hostile(steps)
    edits, after = list[Operation](), flow
    for step in steps:
        made = _edits(after, step)
        after, edits = with_edits(after, made), [*edits, *made]
    _check(flow, after)
    return edits


def _edits(flow: Flow, step: Step) -> list[Operation]:
    match step:
        case AddBlock():
            return [_added(flow, step)]
        case ConnectBlocks():
            return [connect(step.from_, step.to)]
        case ConfigureBlock():
            return [Configure(node=step.block, config={**_block(flow, step.block).config, **step.config})]
        case RenameBlock() if step.block:
            return [Rename(node=_block(flow, step.block).id, name=step.name)]
        case SetAbility(on=True) if find_backbone(flow).shape == "model":
            # A model has no tools: an agent takes its place, with all its lines.
            instead = edits_for(flow, UseAgent())
            return [*instead, *edits_for(with_edits(flow, instead), Switch(step.ability, True))]
        case RemoveBlock():
            return [Remove(nodes=(_block(flow, step.block).id,))]
        case _:
            return edits_for(flow, _CHOICES[type(step)](flow, step))


def _starters(flow: Flow, step: AddStarter) -> Face:
    return Face({"starters": list(dict.fromkeys([*flow.starters, step.text]))[-12:]})


_CHOICES: Mapping[type[Frozen], Callable[[Flow, Any], Choice]] = {
    RenameBlock: lambda flow, step: Face({"name": step.name}),
    SetInstructions: lambda flow, step: Face({"instructions": step.text}),
    SetDescription: lambda flow, step: Face({"description": step.text}),
    SetPicture: lambda flow, step: Face({"icon": step.text, "picture": ""}),
    SetStarters: lambda flow, step: Face({"starters": list(step.texts)}),
    AddStarter: _starters,
    SetAbility: lambda flow, step: Switch(step.ability, step.on),
    UseKnowledge: lambda flow, step: UseDocuments(step.on),
    SetModel: lambda flow, step: ChooseModel(step.model),
    SetFallback: lambda flow, step: AnswerInstead(step.who, step.text),
}
"""Steps that are a choice of Configure."""


def _block(flow: Flow, id: str) -> Node:
    node = flow.node(id)
    if node is None:
        raise FlowEditError("There is no block “{block}”.", "Name one that is on the canvas.", block=Verbatim(id))
    return node


def _added(flow: Flow, step: AddBlock) -> Add:
    kind = all_kinds().get(step.kind)
    if kind is None:
        raise FlowEditError("There is no kind of block “{kind}”.", "Choose another.", kind=Verbatim(step.kind))
    ours = {block.kind for blocks in ABILITIES.values() for block in blocks}
    if kind.effects & REACHES_OUT and step.kind not in ours:
        raise FlowEditError(
            "“{kind}” reaches beyond this GPT, so it isn’t added by talking.",
            "Add it on the canvas yourself.",
            kind=kind.label,
        )
    last = find_backbone(flow).node
    at = flow.layout.get(last.id, Position(x=0, y=0)) if last else Position(x=0, y=0)
    place = free_place(flow, Position(x=at.x, y=at.y + BELOW), step.kind)
    return Add(node=Node(id=step.block, kind=step.kind, name=step.name, config=step.config), at=place)


def _refuse_hostile(steps: Sequence[Step]) -> None:
    for text in (text for step in steps for text in _texts(step.model_dump())):
        if SCRIPT.search(text):
            raise FlowEditError(
                "The proposal carries a script, so nothing was changed.", "Ask for it in other words."
            )
        if PATH.search(text):
            raise FlowEditError(
                "The proposal names a file of a computer, so nothing was changed.",
                "Add documents under Knowledge instead.",
            )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _check(before: Flow, after: Flow) -> None:
    for problem in find_secrets(after):
        raise FlowEditError.from_problem(problem)
    was, left = len(before.nodes), sum(after.node(node.id) is not None for node in before.nodes)
    if (was > FEW and left < was * LEFT_AFTER) or (was and not after.nodes):
        raise FlowEditError(
            "The proposal would remove {gone} of {all} blocks, so nothing was changed.",
            "Say which block should go, or remove blocks on the canvas.",
            gone=was - left,
            all=was,
        )
    known = {(each.code, each.node, each.port) for each in blocking(find_problems(before, all_kinds()))}
    for problem in blocking(find_problems(after, all_kinds())):
        if (problem.code, problem.node, problem.port) not in known:
            raise FlowEditError.from_problem(problem)
