"""Edits: small operations on a flow, each giving a new flow or a clear refusal."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from flowloom.errors import FlowEditError
from flowloom.flow.model import Edge, Flow, Frozen, Node, NodeId, Position


class Add(Frozen):
    op: Literal["add"] = "add"
    node: Node
    at: Position = Position(x=0, y=0)


class Ends(Frozen):
    """An edge as the canvas names it."""

    from_: str = Field(alias="from")
    to: str


class Remove(Frozen):
    """Take away nodes, their edges, and further edges."""

    op: Literal["remove"] = "remove"
    nodes: tuple[NodeId, ...] = ()
    edges: tuple[Ends, ...] = ()


class Move(Frozen):
    op: Literal["move"] = "move"
    positions: dict[str, Position]


class Connect(Frozen):
    op: Literal["connect"] = "connect"
    from_: str = Field(alias="from")
    to: str


class Disconnect(Frozen):
    op: Literal["disconnect"] = "disconnect"
    from_: str = Field(alias="from")
    to: str


class Rename(Frozen):
    op: Literal["rename"] = "rename"
    node: NodeId
    name: str = Field(max_length=120)


class Configure(Frozen):
    """Replace a node's config; edges follow the ports named in `renamed` (old to new)."""

    op: Literal["configure"] = "configure"
    node: NodeId
    config: dict[str, Any]
    renamed_inputs: dict[str, str] = Field({})
    renamed_outputs: dict[str, str] = Field({})


class Settle(Frozen):
    """Replace a node's settings, some keys at a time."""

    op: Literal["settings"] = "settings"
    node: NodeId
    settings: dict[str, Any]


class Describe(Frozen):
    """Change what the flow says of itself: its name, texts, picture, starters, saved answers and limits."""

    op: Literal["describe"] = "describe"
    changes: dict[str, Any]


Operation = Annotated[
    Add | Remove | Move | Connect | Disconnect | Rename | Configure | Settle | Describe,
    Field(discriminator="op"),
]
OPERATION: TypeAdapter[Operation] = TypeAdapter(Operation)

DESCRIBED = {
    "name",
    "description",
    "icon",
    "picture",
    "language",
    "starters",
    "saved_answers",
    "examples",
    "examples_shown",
    "instructions",
    "custom_instructions",
    "variables",
    "budget",
    "protection",
}


def read_operation(raw: Mapping[str, Any]) -> Operation:
    """An operation from outside. Raises FlowEditError for anything else."""
    try:
        return OPERATION.validate_python(raw)
    except ValidationError as error:
        reason = error.errors(include_url=False, include_input=False, include_context=False)[0]["msg"]
        raise FlowEditError("This change can’t be read: {reason}.", "Reload the page.", reason=reason) from None


def apply(flow: Flow, operation: Operation) -> Flow:
    """The flow after one operation. Raises FlowEditError and leaves the flow as it was."""
    try:
        return _APPLY[type(operation)](flow, operation)
    except ValidationError as error:
        reason = error.errors(include_url=False, include_input=False, include_context=False)[0]["msg"]
        raise FlowEditError("This change isn’t valid: {reason}.", "Undo it and try again.", reason=reason) from None


def _add(flow: Flow, edit: Add) -> Flow:
    if flow.node(edit.node.id):
        raise FlowEditError("There is already a block with the id “{node}”.", "Reload the page.", node=edit.node.id)
    _require_room(flow)
    return _with(flow, nodes=(*flow.nodes, edit.node), layout={**flow.layout, edit.node.id: edit.at})


def _require_room(flow: Flow) -> None:
    if len(flow.nodes) >= 2_000:
        raise FlowEditError("A flow can have up to {limit} blocks.", "Split it into two GPTs.", limit=2_000)


def _remove(flow: Flow, edit: Remove) -> Flow:
    gone = set(edit.nodes)
    cut = {(ends.from_, ends.to) for ends in edit.edges}
    return _with(
        flow,
        nodes=tuple(node for node in flow.nodes if node.id not in gone),
        edges=tuple(
            edge
            for edge in flow.edges
            if edge.start.node not in gone and edge.end.node not in gone and (edge.source, edge.target) not in cut
        ),
        layout={node: place for node, place in flow.layout.items() if node not in gone},
    )


def _move(flow: Flow, edit: Move) -> Flow:
    known = {node.id for node in flow.nodes}
    return _with(flow, layout={**flow.layout, **{n: at for n, at in edit.positions.items() if n in known}})


def _connect(flow: Flow, edit: Connect) -> Flow:
    edge = Edge.model_validate({"from": edit.from_, "to": edit.to})
    if edge in flow.edges:
        return flow
    for end in (edge.start, edge.end):
        _require(flow, end.node)
    if edge.start.node == edge.end.node:
        raise FlowEditError("A block can’t be connected to itself.", "Connect it to another block.")
    if len(flow.edges) >= 10_000:
        raise FlowEditError("A flow can have up to {limit} connections.", "Split it into two GPTs.", limit=10_000)
    return _with(flow, edges=(*flow.edges, edge))


def _disconnect(flow: Flow, edit: Disconnect) -> Flow:
    kept = tuple(edge for edge in flow.edges if (edge.source, edge.target) != (edit.from_, edit.to))
    return _with(flow, edges=kept)


def _rename(flow: Flow, edit: Rename) -> Flow:
    return _replace(flow, edit.node, name=edit.name)


def _configure(flow: Flow, edit: Configure) -> Flow:
    changed = _replace(flow, edit.node, config=edit.config)
    return _with(changed, edges=tuple(_follow(edge, edit) for edge in changed.edges))


def _follow(edge: Edge, edit: Configure) -> Edge:
    source, target = edge.source, edge.target
    if edge.start.node == edit.node:
        source = f"{edit.node}.{edit.renamed_outputs.get(edge.start.port, edge.start.port)}"
    if edge.end.node == edit.node:
        target = f"{edit.node}.{edit.renamed_inputs.get(edge.end.port, edge.end.port)}"
    if (source, target) == (edge.source, edge.target):
        return edge
    return Edge.model_validate({"from": source, "to": target})


def _settle(flow: Flow, edit: Settle) -> Flow:
    settings = _require(flow, edit.node).settings.model_dump() | edit.settings
    return _replace(flow, edit.node, settings=settings)


def _describe(flow: Flow, edit: Describe) -> Flow:
    strange = set(edit.changes) - DESCRIBED
    if strange:
        raise FlowEditError("A GPT has no “{name}” to change.", "Reload the page.", name=sorted(strange)[0])
    # Validated through a flow without its graph, so that the cost does not grow with it.
    face = Flow.model_validate({"id": flow.id, **edit.changes})
    return _with(flow, **{name: getattr(face, name) for name in edit.changes})


_APPLY: Mapping[type[Frozen], Callable[[Flow, Any], Flow]] = {
    Add: _add,
    Remove: _remove,
    Move: _move,
    Connect: _connect,
    Disconnect: _disconnect,
    Rename: _rename,
    Configure: _configure,
    Settle: _settle,
    Describe: _describe,
}


def _with(flow: Flow, **changes: Any) -> Flow:
    return flow.model_copy(update=changes)


def _require(flow: Flow, node_id: str) -> Node:
    node = flow.node(node_id)
    if node is None:
        raise FlowEditError(
            "The block “{node}” no longer exists.",
            "Someone may have removed it. Reload the page.",
            node=node_id,
        )
    return node


def _replace(flow: Flow, node_id: str, **changes: Any) -> Flow:
    before = _require(flow, node_id)
    after = Node.model_validate(before.model_dump() | changes)
    nodes: Sequence[Node] = [after if node is before else node for node in flow.nodes]
    return _with(flow, nodes=tuple(nodes))
