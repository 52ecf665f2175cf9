"""Writes a flow as a chatflow in Dify's DSL (YAML)."""

import json
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.exporters.account import check_can_run
from flowloom.exchange.exporters.dify.app import App
from flowloom.exchange.exporters.dify.texts import TEXTS
from flowloom.exchange.exporters.dify.writers import writers
from flowloom.exchange.exporters.exported import Documents, Exported, Exporter, file_name, no_documents
from flowloom.exchange.exporters.ways import in_order
from flowloom.exchange.fidelity import Fidelity
from flowloom.flow.model import Flow, Node
from flowloom.locales import add_texts
from flowloom.run.planning.exclusive_paths import Ways
from flowloom.services.formats.yaml_writing import written_yaml

NAME = "Dify"
add_texts(TEXTS)
VERSION = "0.3.0"
"""Of the DSL, which Dify 1.5 writes."""


def write(flow: Flow, documents: Documents = no_documents) -> Exported:
    """The app. Raises FlowFileError for a flow that cannot run."""
    check_can_run(flow)
    app = App(flow)
    plan = app.plan
    for step in in_order(plan):
        write_step = writers().get(step.kind.id)
        if write_step is None:
            app.lacks(step, "Dify has no node for this block.", "Put one of Dify’s in its place.")
        else:
            write_step(app, step)
    for loop in plan.loops:
        app.differ(
            loop.entry, "The loop that begins here goes round once.", "Put its blocks into a loop node of Dify."
        )
    answers = [step for step in plan.steps if step.kind.answers]
    if len(answers) > 1 and Ways(plan).most(lambda step: float(step in answers)) > 1:
        for step in answers[1:]:
            app.differ(
                step,
                "Dify writes the answers of one run right behind each other, without a blank line.",
                "Begin the later ones with an empty line in Dify.",
            )
    app.connect()
    data = written_yaml(document(flow, app)).encode()
    name = file_name(flow.name, "app.yml")
    return Exported({name: data}, name, report_of(app))


def document(flow: Flow, app: App) -> dict[str, Any]:
    notes = [_note(app, node) for node in app.flow.nodes if node.kind == "note"]
    features = {"opening_statement": "", "suggested_questions": list(flow.starters)}
    return {
        "app": {
            "name": flow.name or "Flowloom",
            "description": flow.description,
            "icon": flow.icon or "🤖",
            "icon_background": "#FFEAD5",
            "mode": "advanced-chat",
            "use_icon_as_answer_icon": False,
        },
        "kind": "app",
        "version": VERSION,
        "workflow": {
            "conversation_variables": list(app.memory.values()),
            "environment_variables": [],
            "features": features,
            "graph": {"edges": [_edge(*ends, app) for ends in app.edges], "nodes": [*app.nodes, *notes]},
        },
    }


def _edge(source: str, handle: str, target: str, app: App) -> dict[str, Any]:
    types = {node["id"]: node["data"]["type"] for node in app.nodes}
    return {
        "id": f"{source}-{handle}-{target}-target",
        "source": source,
        "sourceHandle": handle,
        "target": target,
        "targetHandle": "target",
        "type": "custom",
        "data": {"sourceType": types.get(source, ""), "targetType": types.get(target, ""), "isInIteration": False},
    }


def _note(app: App, node: Node) -> dict[str, Any]:
    """A note as Dify keeps it: its rich text as JSON."""
    place = app.flow.layout.get(node.id)
    words = {"type": "text", "text": str(node.config.get("text", "")), "format": 0, "mode": "normal", "version": 1}
    paragraph = {
        "type": "paragraph",
        "children": [words],
        "direction": "ltr",
        "format": "",
        "indent": 0,
        "version": 1,
    }
    root = {"type": "root", "children": [paragraph], "direction": "ltr", "format": "", "indent": 0, "version": 1}
    text = json.dumps({"root": root}, ensure_ascii=False)
    data = {"type": "", "title": "", "text": text, "theme": "blue", "author": "", "showAuthor": False}
    at = {"x": place.x, "y": place.y} if place else {"x": 0, "y": 0}
    return {"id": f"note_{node.id.replace('-', '_')}", "type": "custom-note", "position": at, "data": data}


def report_of(app: App) -> Fidelity:
    todo = [
        Problem.of(
            "export.todo",
            "In Dify, choose Import DSL file and then this file.",
            "Connect the models that it names under Settings, Model Provider.",
        ),
        Problem.of("export.todo", "Check the model of each node: roles became gpt-5-mini of OpenAI."),
    ]
    return Fidelity(format=NAME, way="to", rows=tuple(app.rows()), todo=tuple(todo))


EXPORTER = Exporter(
    id="dify", name="Dify app (DSL)", ending=".yml", write=write, help="A chatflow that Dify imports.", order=3
)
