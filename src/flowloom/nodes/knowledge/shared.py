"""Which shared knowledge bases the blocks of a flow name, also those within blocks."""

from typing import Any

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import SHARED
from flowloom.nodes.flows.embedded import flow_in

SHARED_LEFT_OUT = Problem.of(
    "knowledge.shared",
    "Blocks of this file named shared knowledge bases; they search the GPT's own documents now.",
    "If you want them to search a shared one, choose it at each block Search knowledge.",
)


def shared_in(flow: Flow) -> set[str]:
    """The ids of the shared bases that a flow may read."""
    found: set[str] = set()
    for node in flow.nodes:
        values = (node.config.get(name) for name in _fields(node.kind))
        found |= {v.removeprefix(SHARED) for v in values if isinstance(v, str) and v.startswith(SHARED)}
        inner = _inner(node.config)
        found |= shared_in(inner) if inner else set()
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
