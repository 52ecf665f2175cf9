"""A run as the canvas lights it up."""

from collections.abc import Collection, Iterable
from typing import Any

from flowloom.flow.model import Flow
from flowloom.kinds.kind import TOOL_PORT
from flowloom.kinds.port import as_text
from flowloom.locales import translate
from flowloom.run.events import NodeEvent, NodeFinished, NodeNoted, NodeProgress, NodeThought, RunEvent
from flowloom.run.reading.view import NodeView, RunView
from flowloom.serve.problems import problem

Json = dict[str, Any]

LONGEST = 600
"""Characters of a value that are shown beside its line."""


def full_status(view: RunView | None, flow: Flow, language: str) -> Json:
    """Where every node of a run stands."""
    if view is None:
        return {"run_id": None, "state": "idle", "nodes": {}, "full": True}
    nodes = {name: _node(node, view, language) for name, node in view.nodes.items() if "/" not in name}
    return {
        "run_id": view.run_id,
        "state": view.state,
        "nodes": nodes,
        "edges": _edges(view, flow, view.nodes),
        "full": True,
    }


def status_after(event: RunEvent, view: RunView, flow: Flow, language: str) -> Json | None:
    """What an event changed; None where the canvas shows nothing of it."""
    if isinstance(event, NodeProgress | NodeNoted | NodeThought) or (
        isinstance(event, NodeEvent) and "/" in event.node
    ):
        return None
    if not isinstance(event, NodeEvent):
        return full_status(view, flow, language)
    node = view.nodes[event.node]
    return {
        "run_id": view.run_id,
        "state": view.state,
        "nodes": {event.node: _node(node, view, language)},
        "edges": _edges(view, flow, (event.node,)),
        "full": False,
    }


def together(statuses: Iterable[Json]) -> list[Json]:
    """As few statuses as say the same: those of one run as one."""
    found: list[Json] = []
    for status in statuses:
        before = found[-1] if found else None
        if before is None or before["run_id"] != status["run_id"]:
            found.append(status)
        elif status["full"]:
            found[-1] = status
        else:
            found[-1] = {
                **status,
                "nodes": before["nodes"] | status["nodes"],
                "edges": before.get("edges", {}) | status["edges"],
                "full": before["full"],
            }
    return found


def replay_of(events: Iterable[RunEvent], flow: Flow, language: str) -> list[Json]:
    """Every step of a run as what it changed on the canvas; `at` is seconds since the run began."""
    view, steps = RunView(), []
    for event in events:
        view = view.apply(event)
        status = status_after(event, view, flow, language)
        if status is not None:
            node = event.node if isinstance(event, NodeEvent) else None
            steps.append(status | {"at": round(event.at - view.started, 3), "node": node})
    return steps


def value_of(events: Iterable[RunEvent], node: str, port: str) -> str | None:
    """What a port gave last in a run, as text and not too long; None where it gave nothing."""
    given = [
        event.outputs[port]
        for event in events
        if isinstance(event, NodeFinished) and event.node == node and port in event.outputs
    ]
    if not given:
        return None
    text = as_text(given[-1])
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _node(node: NodeView, view: RunView, language: str) -> Json:
    # Where all that is left waits for a person, what still runs waits for one within.
    asks = node.status == "asking" or (node.status == "running" and view.state == "paused")
    status: Json = {"status": "asking" if asks else node.status}
    if node.seconds is not None:
        status["seconds"] = round(node.seconds, 3)
    if node.usage and node.usage.tokens is not None:
        status["tokens"] = node.usage.tokens
    if node.round > 1:
        status["note"] = translate("Round {round}", language, round=node.round)
    if node.calls:
        status["note"] = f"× {node.calls}"
    if node.items:
        status["items"] = list(node.items)
        status["note"] = translate("{done} of {of}", language, done=node.items[0], of=node.items[1])
    if asks:
        status["note"] = translate("Waiting for approval", language)
    if node.problem and node.status == "failed":
        status["problem"] = problem(node.problem, language)
    if node.because and node.status == "skipped":
        status["note"] = node.because.describe(language).message
    return status


def _edges(view: RunView, flow: Flow, sources: Collection[str]) -> dict[str, str]:
    """Edges whose source is decided: live where its port fired, else dead."""
    found = {}
    for edge in flow.edges:
        name, _, port = edge.source.partition(".")
        node = view.nodes.get(name) if name in sources else None
        if node and node.status in ("done", "skipped", "failed"):
            live = bool(node.calls) if port == TOOL_PORT.id else port in node.fired
            found[f"{edge.source}>{edge.target}"] = "live" if live else "dead"
    return found
