"""The nodes of flows within nodes, by the names that events give them."""

from pydantic import ValidationError

from flowloom.flow.model import Flow, Node
from flowloom.kinds.registry import Registry
from flowloom.run.planning.plan import config_of


def flow_within(node: Node, kinds: Registry) -> Flow | None:
    """The flow within a node, where it has one that can be read."""
    kind = kinds.get(node.kind)
    if kind is None or kind.flow_of is None:
        return None
    try:
        return kind.flow_of(config_of(node, kind))
    except ValidationError:
        return None


def flow_at(flow: Flow, kinds: Registry, name: str) -> Flow | None:
    """The flow that the node called `outer/inner` is in, however deep."""
    before, _, rest = name.partition("/")
    if not rest:
        return flow
    node = flow.node(before)
    inner = flow_within(node, kinds) if node else None
    return flow_at(inner, kinds, rest) if inner else None


def node_at(flow: Flow, kinds: Registry, name: str) -> Node | None:
    """The node called `outer/inner`, however deep."""
    found = flow_at(flow, kinds, name)
    return found.node(name.rpartition("/")[2]) if found else None
