"""A flow as the canvas draws it: cards with ports, derived from the kinds and never saved."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

from flowloom.editor import Document
from flowloom.flow.diff import Diff
from flowloom.flow.model import Edge, Node
from flowloom.kinds.kind import GROUPS, NodeKind
from flowloom.kinds.port import TYPE_LABELS, Port, allowed_joins
from flowloom.kinds.registry import all_kinds
from flowloom.locales import translate
from flowloom.nodes.flows.combine import can_unpack
from flowloom.nodes.knowledge.shared import searches_documents
from flowloom.run.planning.check import config_or_default
from flowloom.run.planning.plan import ports_of_node
from flowloom.serve.problems import problem
from flowloom.services.knowledge.loaders import READABLE
from flowloom.services.knowledge.loaders.document import MAX_BYTES
from flowloom.store.templates import templates

Json = dict[str, Any]

MAX_DOCUMENTS = 100
"""So many may be dropped on a block at once."""


def catalog(language: str) -> Json:
    """What the palette offers and the canvas must know to judge a connection."""
    kinds = all_kinds().values()
    used = {kind.group for kind in kinds}
    return {
        "kinds": [_kind(kind, language) for kind in kinds if kind.offered],
        "groups": [{"id": id, "label": translate(label, language)} for id, label in GROUPS.items() if id in used],
        "types": {type.value: {"label": translate(label, language)} for type, label in TYPE_LABELS.items()},
        "allowed": [[source.value, target.value] for source, target in allowed_joins()],
        "uses": _uses(),
        "documents": {"endings": READABLE, "bytes": MAX_BYTES, "files": MAX_DOCUMENTS},
    }


@cache
def _uses() -> dict[str, int]:
    """How often the templates use each kind, so that those most used can be offered first."""
    return dict(Counter(node.kind for template in templates("en") for node in template.flow.nodes))


def _kind(kind: NodeKind, language: str) -> Json:
    config = kind.config()
    return {
        "id": kind.id,
        "label": translate(kind.label, language),
        "help": translate(kind.help, language),
        "icon": kind.icon,
        "group": kind.group,
        "group_label": translate(GROUPS.get(kind.group, kind.group), language),
        "inputs": _ports(kind.input_ports(config), language),
        "outputs": _ports(kind.output_ports(config), language),
        "can_be_tool": kind.can_be_tool,
        "ways": [port.id for port in kind.ways_out(config)],
        "answers": kind.answers,
        "documents": searches_documents(kind.id),
        "config": {},
    }


def _ports(ports: Iterable[Port], language: str) -> list[Json]:
    return [
        port.model_dump(mode="json", exclude={"verbatim"}) | {"label": translate(port.said, language)}
        for port in ports
    ]


def card(node: Node, language: str) -> Json:
    """How one node looks."""
    kind = all_kinds().get(node.kind)
    if kind is None:
        empty: Json = {"label": node.kind, "icon": "extension_off", "group": "", "summary": ""}
        return empty | {"inputs": [], "outputs": [], "known": False, "can_unpack": False}
    config = config_or_default(node, kind)
    inputs, outputs = ports_of_node(node, kind, config)
    return {
        "label": translate(kind.label, language),
        "icon": kind.icon,
        "group": kind.group,
        "summary": translate(kind.summarise(config), language)[:120],
        "inputs": _ports(inputs.values(), language),
        "outputs": _ports(outputs.values(), language),
        "known": True,
        "ways": [port.id for port in kind.ways_out(config)],
        "answers": kind.answers,
        "documents": searches_documents(kind.id),
        "can_unpack": can_unpack(node),
    }


def _common(document: Document, language: str) -> Json:
    return {
        "problems": [problem(found, language) for found in document.problems()],
        "can_undo": document.can_undo,
        "can_redo": document.can_redo,
    }


def snapshot(document: Document, language: str) -> Json:
    """The whole flow with its cards."""
    flow = document.flow
    return {
        "revision": document.revision,
        "flow": {
            "nodes": [_node(node) for node in flow.nodes],
            "edges": [_edge(edge) for edge in flow.edges],
            "layout": {id: place.model_dump() for id, place in flow.layout.items()},
        },
        "cards": {node.id: card(node, language) for node in flow.nodes},
        "steps": True,
        **_common(document, language),
    }


def patches(document: Document, revision: int, language: str) -> list[Json] | None:
    """What changed since a revision; None where only a snapshot can tell."""
    found = document.patches_after(revision)
    if found is None:
        return None
    common = _common(document, language) if found else {}
    return [_patch(number, change, language) | common for number, change in found]


def _patch(revision: int, change: Diff, language: str) -> Json:
    return {
        "revision": revision,
        "nodes": {
            id: node and {"node": _node(node), "card": card(node, language)} for id, node in change.nodes.items()
        },
        "edges": {
            "added": [_edge(edge) for edge in change.added_edges],
            "removed": [_edge(edge) for edge in change.removed_edges],
        },
        "layout": {id: place and place.model_dump() for id, place in change.layout.items()},
    }


def _node(node: Node) -> Json:
    return node.model_dump(mode="json")


def _edge(edge: Edge) -> Json:
    return {"from": edge.source, "to": edge.target}
