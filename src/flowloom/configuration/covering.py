"""Blocks that ask a model before the one that answers: whoever answers instead does so where those fail, too."""

from collections.abc import Iterable, Iterator, Sequence

from flowloom.configuration.backbone import ANSWER, connect, tools_of
from flowloom.configuration.places import free_place
from flowloom.flow.edit import Add, Operation, Remove, Settle
from flowloom.flow.graph import nodes_after
from flowloom.flow.model import Flow, Node, NodeSettings, Position
from flowloom.kinds.kind import ERROR_PORT
from flowloom.kinds.registry import all_kinds
from flowloom.nodes.port_names import free_id

LOWER = 140.0
AFTER = "after"
"""Where a line tells an answer block to say its own text."""


def asking(flow: Flow) -> Iterator[Node]:
    """The blocks that let a person choose who answers: those with a field `model` that is a role at first."""
    for node in flow.nodes:
        kind = all_kinds().get(node.kind)
        field = kind.config.model_fields.get("model") if kind else None
        if field is not None and field.default == "default":
            yield node


def uncovered(flow: Flow, answering: Node | None) -> tuple[str, ...]:
    """Other blocks that ask a model and end the run where that fails. Of a tool that fails, the agent is told."""
    tools = {tool.id for tool in tools_of(flow, answering)} if answering else set()
    return tuple(
        node.id
        for node in asking(flow)
        if node is not answering and node.settings.on_error == "stop" and node.id not in tools
    )


def coverable(flow: Flow, answering: Node) -> list[Node]:
    """Those of them that can lead elsewhere. What fails in a loop ends the run: its round would never be over."""
    found = (flow.node(id) for id in uncovered(flow, answering) if not _is_in_loop(flow, id))
    # What follows the block that answers has its answer before it.
    later = nodes_after(flow, (answering.id,))
    drawn = {edge.start.node for edge in flow.edges if edge.start.port == ERROR_PORT.id}
    return [node for node in found if node and node.id not in later | drawn]


def _is_in_loop(flow: Flow, node: str) -> bool:
    return node in nodes_after(flow, [edge.end.node for edge in flow.edges if edge.start.node == node])


def failing_into(flow: Flow, target: tuple[str, str]) -> list[str]:
    """The blocks whose way out for failures leads to one place and to no other."""
    ways: dict[str, list[tuple[str, ...]]] = {}
    for edge in flow.edges:
        if edge.start.port == ERROR_PORT.id:
            ways.setdefault(edge.start.node, []).append(tuple(edge.end))
    return [id for id, ends in ways.items() if ends == [target]]


def fixed_answer_of(flow: Flow, text: str) -> Node | None:
    """The answer block that says the fixed text for them, where it is just as Configure makes it."""
    made = (
        (node, [edge for edge in flow.edges if edge.end.node == node.id])
        for node in flow.nodes
        if _says(node, text)
    )
    led = (
        node
        for node, edges in made
        if edges and all(edge.end.port == AFTER and edge.start.port == ERROR_PORT.id for edge in edges)
    )
    return next(led, None)


def _says(node: Node, text: str) -> bool:
    is_plain = not node.name and node.settings == NodeSettings()
    return node.kind == ANSWER and node.config == {"text": text} and is_plain


def covered_by_text(flow: Flow, answering: Node, text: str) -> list[Operation]:
    """The edits after which those blocks lead to an answer block that says this."""
    blocks = coverable(flow, answering)
    there = fixed_answer_of(flow, text)
    if not blocks:
        return []
    if there:
        return list(_led(blocks, f"{there.id}.{AFTER}"))
    at = flow.layout.get(answering.id, Position(x=0, y=0))
    node = Node(id=free_id("sorry", {each.id for each in flow.nodes}), kind=ANSWER, config={"text": text})
    added = Add(node=node, at=free_place(flow, Position(x=at.x, y=at.y + LOWER)))
    return [added, *_led(blocks, f"{node.id}.{AFTER}")]


def covered_by(flow: Flow, answering: Node, target: str) -> list[Operation]:
    """The edits after which those blocks lead to the block that asks a person."""
    return list(_led(coverable(flow, answering), target))


def _led(blocks: Iterable[Node], target: str) -> Iterator[Operation]:
    for block in blocks:
        yield Settle(node=block.id, settings={"on_error": "port"})
        yield connect(f"{block.id}.{ERROR_PORT.id}", target)


def let_go(flow: Flow, target: Node, port: str, *, but: str = "") -> list[Operation]:
    """The edits that take such a block away: who led to it alone ends the run again, as before."""
    blocks: Sequence[str] = [id for id in failing_into(flow, (target.id, port)) if id != but]
    return [Remove(nodes=(target.id,)), *(Settle(node=id, settings={"on_error": "stop"}) for id in blocks)]
