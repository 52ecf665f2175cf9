"""Which knowledge bases the blocks of a flow name, also those within blocks."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from flowloom.errors import Problem
from flowloom.flow.model import Flow, Node
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.kinds.values import SHARED
from flowloom.nodes.flows.embedded import flow_in

SHARED_LEFT_OUT = Problem.of(
    "knowledge.shared",
    "Blocks in this file used shared knowledge bases that aren’t here. They now search the GPT’s own documents.",
    "To search a shared one, choose it in each Search knowledge block.",
)


class Search(NamedTuple):
    """A block of a flow that searches a base of the flow with the id `flow`."""

    node: Node
    flow: str
    base: str


def searches_in(flow: Flow) -> Iterator[Search]:
    """Every search of a flow; one within a block is placed at the block."""
    for node in flow.nodes:
        for base in bases_of(node):
            yield Search(node, flow.id, base)
        inner = _inner(node.config)
        for search in searches_in(inner) if inner else ():
            yield search._replace(node=node)


def bases_of(node: Node) -> Iterator[str]:
    """The bases a block itself searches, as it names them."""
    for field, usual in _widgets(node.kind):
        base = node.config.get(field, usual)
        if isinstance(base, str) and base:
            yield base


def searches_documents(kind_id: str) -> bool:
    """Whether blocks of a kind search documents, and so are a place to add some."""
    return any(True for _ in _widgets(kind_id))


def nothing_to_search(node: Node) -> Problem:
    """The warning for a block that searches documents of which there are none."""
    found = Problem.of(
        "knowledge.empty",
        "“{node}” has no documents to search.",
        "Add documents to it.",
        node=label_of(node, all_kinds()),
    )
    return found.as_warning().at(node.id)


def shared_in(flow: Flow) -> set[str]:
    """The ids of the shared bases that a flow may read."""
    return {name.removeprefix(SHARED) for name in bases_in(flow) if name.startswith(SHARED)}


def bases_in(flow: Flow) -> set[str]:
    """The bases that a flow may read as its blocks name them, shared ones and its own."""
    found: set[str] = set()
    for node in flow.nodes:
        values = (node.config.get(name) for name in _fields(node.kind))
        found |= {value for value in values if isinstance(value, str) and value}
        inner = _inner(node.config)
        found |= bases_in(inner) if inner else set()
    return found


def _inner(config: dict[str, Any]) -> Flow | None:
    return flow_in(config["flow"]) if isinstance(config.get("flow"), dict) else None


def _fields(kind_id: str) -> set[str]:
    """The fields that name a knowledge base; a kind not known here may have the usual one."""
    return {"knowledge"} | {name for name, _ in _widgets(kind_id)}


def _widgets(kind_id: str) -> Iterator[tuple[str, Any]]:
    """The fields of a kind in which a person chooses a knowledge base, and what stands there at first."""
    kind = all_kinds().get(kind_id)
    for name, info in kind.config.model_fields.items() if kind else ():
        extra = info.json_schema_extra
        if isinstance(extra, dict) and extra.get("widget") == "knowledge":
            yield name, info.default
