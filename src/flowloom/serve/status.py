"""A run as the canvas lights it up."""

from typing import Any

from flowloom.flow.model import Flow
from flowloom.kinds.kind import TOOL_PORT
from flowloom.run.events import NodeEvent, NodeProgress, RunEvent
from flowloom.run.view import NodeView, RunView
from flowloom.serve.cards import problem

Json = dict[str, Any]


def full_status(view: RunView | None, flow: Flow, language: str) -> Json:
    """Where every node of a run stands."""
    if view is None:
        return {"run_id": None, "state": "idle", "nodes": {}, "full": True}
    nodes = {name: _node(node, language) for name, node in view.nodes.items()}
    return {
        "run_id": view.run_id,
        "state": view.state,
        "nodes": nodes,
        "edges": _edges(view, flow, set(view.nodes)),
        "full": True,
    }


def status_after(event: RunEvent, view: RunView, flow: Flow, language: str) -> Json | None:
    """What an event changed; None where the canvas shows nothing of it."""
    if isinstance(event, NodeProgress):
        return None
    if not isinstance(event, NodeEvent):
        return full_status(view, flow, language)
    node = view.nodes[event.node]
    return {
        "run_id": view.run_id,
        "state": view.state,
        "nodes": {event.node: _node(node, language)},
        "edges": _edges(view, flow, {event.node}),
        "full": False,
    }


def _node(node: NodeView, language: str) -> Json:
    status: Json = {"status": node.status}
    if node.seconds is not None:
        status["seconds"] = round(node.seconds, 3)
    if node.calls:
        status["note"] = f"× {node.calls}"
    if node.problem and node.status == "failed":
        status["problem"] = problem(node.problem, language)
    if node.because and node.status == "skipped":
        status["note"] = node.because.describe(language).message
    return status


def _edges(view: RunView, flow: Flow, sources: set[str]) -> dict[str, str]:
    """Edges whose source is decided: live where its port fired, else dead."""
    found = {}
    for edge in flow.edges:
        node = view.nodes.get(edge.start.node)
        if edge.start.node in sources and node and node.status in ("done", "skipped", "failed"):
            live = bool(node.calls) if edge.start.port == TOOL_PORT.id else edge.start.port in node.fired
            found[f"{edge.source}>{edge.target}"] = "live" if live else "dead"
    return found
