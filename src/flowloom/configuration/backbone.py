"""The block of a flow that answers, and the three blocks of a GPT that is only configured."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from flowloom.configuration.places import free_place
from flowloom.flow.edit import Add, Connect, Operation, apply
from flowloom.flow.model import Flow, Node, Position
from flowloom.kinds.kind import TOOL_PORT
from flowloom.kinds.registry import all_kinds
from flowloom.nodes.port_names import free_id

MESSAGE, AGENT, MODEL, ANSWER = "chat.message", "agent", "model", "chat.answer"
LEFT, TOP = 20.0, 40.0
"""Where the first block stands, so that an empty canvas, which begins at 0, shows it whole."""
STEP = 230.0
"""From one block to the next, in canvas units."""

Shape = Literal["agent", "model", "bare", "several", "drawn"]
"""What answers: one agent, one model, nothing yet, several blocks, or blocks of other kinds."""


class Backbone(NamedTuple):
    """How a flow answers; `node` is the one block that does, where there is one."""

    shape: Shape
    node: Node | None = None


def find_backbone(flow: Flow) -> Backbone:
    """The block that answers: what Configure gives its tools, its model and its fallback to."""
    for kind, shape in ((AGENT, "agent"), (MODEL, "model")):
        found = [node for node in flow.nodes if node.kind == kind]
        if len(found) == 1:
            return Backbone(shape, found[0])  # type: ignore[arg-type]
        if found:
            return Backbone("several")
    return Backbone("bare" if _is_bare(flow) else "drawn")


def _is_bare(flow: Flow) -> bool:
    """Whether no more is there than a message and an answer that lead nowhere."""
    kinds = [node.kind for node in flow.nodes if not _annotates(node)]
    return not flow.edges and set(kinds) <= {MESSAGE, ANSWER} and len(kinds) == len(set(kinds))


def _annotates(node: Node) -> bool:
    kind = all_kinds().get(node.kind)
    return kind is not None and kind.annotates


def completed(flow: Flow) -> list[Operation]:
    """The edits that make a bare flow one that answers: a message, an agent, an answer; none for any other."""
    if find_backbone(flow).shape != "bare":
        return []
    used = {node.id for node in flow.nodes}
    added, ids = list[Operation](), dict[str, str]()
    for column, kind in enumerate((MESSAGE, AGENT, ANSWER)):
        there = next((node for node in flow.nodes if node.kind == kind), None)
        ids[kind] = there.id if there else free_id(kind.rpartition(".")[2], used)
        if there is None:
            place = free_place(with_edits(flow, added), Position(x=LEFT + column * STEP, y=TOP))
            added.append(Add(node=Node(id=ids[kind], kind=kind), at=place))
    return [*added, *_joined(ids[MESSAGE], ids[AGENT], ids[ANSWER])]


def _joined(message: str, agent: str, answer: str) -> Iterator[Operation]:
    for start, end in (
        (f"{message}.message", f"{agent}.message"),
        (f"{message}.history", f"{agent}.history"),
        (f"{agent}.answer", f"{answer}.text"),
    ):
        yield connect(start, end)


def connect(start: str, end: str) -> Connect:
    return Connect.model_validate({"from": start, "to": end})


def with_edits(flow: Flow, edits: list[Operation]) -> Flow:
    """The flow after some edits. Raises FlowEditError."""
    for edit in edits:
        flow = apply(flow, edit)
    return flow


def tools_of(flow: Flow, node: Node) -> list[Node]:
    """The blocks joined to a block as its tools, in the order in which they were."""
    ids = [edge.start.node for edge in flow.edges if edge.end.node == node.id and edge.start.port == TOOL_PORT.id]
    return [found for id in dict.fromkeys(ids) if (found := flow.node(id))]
