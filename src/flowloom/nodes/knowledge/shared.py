"""Which shared knowledge bases the blocks of a flow name, also those within blocks."""

from typing import Any

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import SHARED
from flowloom.nodes.flows.embedded import flow_in

SHARED_LEFT_OUT = Problem.of(
    "knowledge.shared",
    ("Blocks in this file used shared knowledge bases that aren’t here. They now search the GPT’s own documents."),
    "To search a shared one, choose it in each Search knowledge block.",
)


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
    kind = all_kinds().get(kind_id)
    extras = {name: info.json_schema_extra for name, info in kind.config.model_fields.items()} if kind else {}
    return {"knowledge"} | {
        name for name, extra in extras.items() if isinstance(extra, dict) and extra.get("widget") == "knowledge"
    }
