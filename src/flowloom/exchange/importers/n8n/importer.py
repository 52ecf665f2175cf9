"""n8n: a saved workflow, read and drawn."""

from typing import Any

from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers import chat_agent_texts
from flowloom.exchange.importers.n8n import texts
from flowloom.exchange.importers.n8n.shape import SHAPE
from flowloom.exchange.importers.n8n.walk import Walk
from flowloom.exchange.importers.n8n.workflow import N8nNode, workflow_of
from flowloom.exchange.source import Source

NAME = "n8n"
WORKED_OUT = frozenset({"text", "prompt", "json.pick", "code.run", "merge"})
PACKAGES = ("n8n-nodes-", "@n8n/")


def recognises(source: Source) -> bool:
    return _workflow(source.data) is not None


def _workflow(data: Any) -> dict[str, Any] | None:
    """The workflow in a file, which may be wrapped as a template or in a list."""
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    inner = data.get("workflow") if isinstance(data, dict) else None
    for each in (data, inner, inner.get("workflow") if isinstance(inner, dict) else None):
        if (
            isinstance(each, dict)
            and isinstance(each.get("nodes"), list)
            and isinstance(each.get("connections"), dict)
        ):
            types = [node.get("type") for node in each["nodes"] if isinstance(node, dict)]
            if any(isinstance(type, str) and type.startswith(PACKAGES) for type in types):
                return each
    return None


def read(source: Source) -> Imported:
    data = _workflow(source.data)
    assert data is not None
    workflow = workflow_of(data)
    drawing = Drawing(NAME, workflow.name or source.name)
    walk = Walk(workflow, drawing)
    walk.walk()
    for node in workflow.nodes.values():
        if node.type == "stickynote":
            drawing.note(str(node.settings.get("content") or ""), node.position)
            drawing.carried(node.name, node.name, node.type)
        elif node.name not in walk.done and node.name not in walk.tools:
            _left(walk, node)
    drawing.prune(WORKED_OUT)
    return drawing.finished()


def _left(walk: Walk, node: N8nNode) -> None:
    """A node that nothing leads to, and that serves none that is drawn."""
    drawing = walk.drawing
    drawing.remark(
        "Some nodes were connected to nothing, so they did nothing in n8n either.",
        "They are not in this flow.",
    )
    drawing.carried(node.name, node.name, node.type)


IMPORTER = Importer("n8n", NAME, recognises, read, SHAPE)

__all__ = ["IMPORTER", "chat_agent_texts", "texts"]
