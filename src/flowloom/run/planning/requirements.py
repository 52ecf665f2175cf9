"""What a flow needs that is set up on a computer and not in the flow, and what blocks there are to need it."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from flowloom.errors import Problem
from flowloom.flow.model import Flow, Node
from flowloom.kinds.kind import NodeKind
from flowloom.kinds.mcp import not_connected
from flowloom.kinds.registry import Registry
from flowloom.run.planning.check import MAX_DEPTH
from flowloom.run.planning.nested_nodes import flow_within
from flowloom.run.planning.plan import config_of


def unconnected(needed: Iterable[tuple[str, str]], known: Collection[str]) -> list[Problem]:
    """A warning for each block that names a server which is not connected here: only its own calls will fail."""
    return [
        not_connected(server).problem.as_warning().at(node)
        for node, server in needed
        if server and server not in known
    ]


def blocks_in(flow: Flow, kinds: Registry, depth: int = 0) -> Iterator[tuple[NodeKind, Any]]:
    """The kind and settings of each block that can be read, also of those within blocks and where none can run."""
    for node in flow.nodes:
        kind = kinds.get(node.kind)
        if kind:
            try:
                yield kind, config_of(node, kind)
            except ValidationError:
                continue
        inner = flow_within(node, kinds) if depth < MAX_DEPTH else None
        yield from blocks_in(inner, kinds, depth + 1) if inner else ()


def servers_needed(flow: Flow, kinds: Registry, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Each block with a server that it uses, itself or by the flow within it."""
    for node in flow.nodes:
        yield from ((node.id, server) for server in _servers(node, kinds))
        inner = flow_within(node, kinds) if depth < MAX_DEPTH else None
        for _, server in servers_needed(inner, kinds, depth + 1) if inner else ():
            yield node.id, server


def _servers(node: Node, kinds: Registry) -> tuple[str, ...]:
    kind = kinds.get(node.kind)
    if kind is None or kind.servers is None:
        return ()
    try:
        return tuple(dict.fromkeys(kind.servers(config_of(node, kind))))
    except ValidationError:
        return ()
