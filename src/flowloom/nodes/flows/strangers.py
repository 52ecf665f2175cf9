"""What a file or a pasted block from outside may not bring along: ids that name what belongs to other GPTs here.

A flow within a block finds documents by its id, a block finds shared documents, connections and databases by
theirs. Whoever once got a file of this computer knows such ids, and another file could name them.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from flowloom.flow.edit import Add, Configure, Operation
from flowloom.flow.model import Flow, Node
from flowloom.kinds.databases import PRACTICE
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import SHARED
from flowloom.nodes.flows.embedded import document_of, flow_in

_OWN = "main"
_CHOSEN = ("connection", "database")
"""What a person sets up once and blocks name by its id, as the widget that chooses it is called."""


class Named(NamedTuple):
    """Something of this computer that a block names: `flow`, `source`, `shared`, `connection` or `database`."""

    what: str
    id: str


EVERYBODYS = frozenset({Named("database", PRACTICE)})


def named_in(flow: Flow) -> frozenset[Named]:
    """All that the blocks of a flow name, also those within blocks."""
    return frozenset(found for node in flow.nodes for found in _named_by(node))


def as_stranger(flow: Flow, own_id: str) -> Flow:
    """The flow under an id of its own, with nothing in it that names what belongs to other GPTs."""
    return _only(flow, own_id, EVERYBODYS)


def from_outside(operation: Operation, flow: Flow) -> Operation:
    """A canvas's operation on a flow, which may bring in a pasted block: it names what the flow names already."""
    known = named_in(flow) | EVERYBODYS | {Named("flow", flow.id)}
    match operation:
        case Add(node=node):
            return operation.model_copy(update={"node": _tamed(node, flow.id, known)})
        case Configure(node=name, config=config) if changed := flow.node(name):
            tamed = _tamed(changed.model_copy(update={"config": config}), flow.id, known)
            return operation.model_copy(update={"config": tamed.config})
    return operation


def _named_by(node: Node) -> Iterator[Named]:
    for field, what in _fields(node.kind):
        value = node.config.get(field)
        if isinstance(value, str) and value and (what != "shared" or value.startswith(SHARED)):
            yield Named(what, value)
    inner = _inner(node)
    if inner is None:
        return
    yield Named("flow", inner.id)
    if isinstance(node.config.get("source"), str):
        yield Named("source", node.config["source"])
    yield from named_in(inner)


def _only(flow: Flow, own_id: str, known: frozenset[Named]) -> Flow:
    id = flow.id if Named("flow", flow.id) in known else own_id
    nodes = tuple(_tamed(node, own_id, known) for node in flow.nodes)
    same = id == flow.id and all(one is other for one, other in zip(nodes, flow.nodes, strict=True))
    return flow if same else flow.model_copy(update={"id": id, "nodes": nodes})


def _tamed(node: Node, own_id: str, known: frozenset[Named]) -> Node:
    config: dict[str, Any] = {}
    for field, what in _fields(node.kind):
        value = node.config.get(field)
        foreign = isinstance(value, str) and value and (what != "shared" or value.startswith(SHARED))
        if foreign and Named(what, str(value)) not in known:
            config[field] = _OWN if what == "shared" else ""
    inner = _inner(node)
    if inner is not None:
        tamed = _only(inner, own_id, known)
        if tamed is not inner:
            config["flow"] = document_of(tamed)
        source = node.config.get("source")
        if source and Named("source", str(source)) not in known:
            config["source"] = ""
    return node.model_copy(update={"config": {**node.config, **config}}) if config else node


def _inner(node: Node) -> Flow | None:
    within = node.config.get("flow")
    return flow_in(within) if isinstance(within, dict) else None


def _fields(kind_id: str) -> Iterator[tuple[str, str]]:
    """The fields that name something of this computer; a kind not known here may have the usual ones."""
    found = {"knowledge": "shared", "connection": "connection", "database": "database"}
    kind = all_kinds().get(kind_id)
    for name, info in kind.config.model_fields.items() if kind else ():
        widget = info.json_schema_extra.get("widget") if isinstance(info.json_schema_extra, dict) else None
        if widget == "knowledge":
            found[name] = "shared"
        elif widget in _CHOSEN:
            found[name] = str(widget)
    yield from found.items()
