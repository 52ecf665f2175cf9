"""Writes a flow as a workflow of n8n (JSON)."""

import json
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.exporters.account import check_can_run
from flowloom.exchange.exporters.exported import Documents, Exported, Exporter, file_name, no_documents
from flowloom.exchange.exporters.n8n.kinds.talk import reply
from flowloom.exchange.exporters.n8n.order import ANSWERS, one_after_another
from flowloom.exchange.exporters.n8n.texts import TEXTS
from flowloom.exchange.exporters.n8n.workflow import AI, BASE, Workflow
from flowloom.exchange.exporters.n8n.writers import writers
from flowloom.exchange.fidelity import Carried, Fidelity
from flowloom.flow.model import Flow
from flowloom.locales import add_texts

NAME = "n8n"
add_texts(TEXTS)


def write(flow: Flow, documents: Documents = no_documents) -> Exported:
    """The workflow. Raises FlowFileError for a flow that cannot run."""
    check_can_run(flow)
    app = Workflow(flow)
    _walk(app)
    for loop in app.plan.loops:
        app.differ(
            loop.entry, "The loop that begins here goes round once.", "Put its blocks into a Loop Over Items node."
        )
    _answer(app)
    data = json.dumps(document(flow, app), ensure_ascii=False, indent=2).encode()
    name = file_name(flow.name, "workflow.json")
    return Exported({name: data}, name, report_of(app))


def _walk(app: Workflow) -> None:
    order = list(one_after_another(app.plan, app.ways))
    if not any(step.kind.id == "chat.message" for step in order):
        first = order[0]
        app.control.join(app.add("Chat", f"{AI}chatTrigger", 1.1, {"options": {}}, first), [])
    else:
        order.sort(key=lambda step: step.kind.id != "chat.message")
    for number, step in enumerate(order):
        app.control.needed = frozenset(fork for later in order[number:] for fork, _ in app.ways.condition(later))
        write_step = writers().get(step.kind.id)
        if write_step is None:
            app.lacks(step, "n8n has no node for this block.", "Put one of n8n’s in its place.")
        else:
            write_step(app, step)


def _answer(app: Workflow) -> None:
    """n8n’s chat shows what the last node gave: one more node where that is not one answer."""
    answers = [step for step in app.plan.steps if step.kind.id in ANSWERS and step.id not in app.missing]
    ends = {end.node for end in app.control.ends}
    if answers and ends != {app.names[step.id] for step in answers}:
        name = app.add("Reply", f"{BASE}set", 3.4, reply(app, answers), answers[-1])
        app.control.join(name, list(app.control.ends))


def document(flow: Flow, app: Workflow) -> dict[str, Any]:
    return {
        "name": flow.name or "Flowloom",
        "nodes": [*app.nodes.values(), *_notes(app)],
        "connections": connections(app),
        "pinData": {},
        "settings": {"executionOrder": "v1"},
    }


def connections(app: Workflow) -> dict[str, dict[str, list[list[dict[str, Any]]]]]:
    """From each node by the kind of line: for each output, the nodes it leads to."""
    found: dict[str, dict[str, list[list[dict[str, Any]]]]] = {}
    lines = [(source, "main", output, target) for source, output, target in app.control.lines]
    lines += [(source, kind, 0, target) for source, kind, target in app.serving]
    for source, kind, output, target in lines:
        outputs = found.setdefault(source, {}).setdefault(kind, [])
        outputs += [[] for _ in range(output + 1 - len(outputs))]
        outputs[output].append({"node": target, "type": kind, "index": 0})
    return found


def _notes(app: Workflow) -> list[dict[str, Any]]:
    found = []
    for number, node in enumerate(node for node in app.flow.nodes if node.kind == "note"):
        place = app.flow.layout.get(node.id)
        found.append(
            {
                "parameters": {"content": str(node.config.get("text", ""))},
                "id": f"note{number}",
                "name": f"Sticky Note {number + 1}",
                "type": f"{BASE}stickyNote",
                "typeVersion": 1,
                "position": [round(place.x), round(place.y)] if place else [0, 0],
            }
        )
    return found


def report_of(app: Workflow) -> Fidelity:
    tools = {tool.id: tool for step in app.plan.steps for tool in step.tools}
    rows: list[Carried] = [app.row(step, app.names[step.id]) for step in (*app.plan.steps, *tools.values())]
    todo = [
        Problem.of(
            "export.todo",
            "In n8n, choose Import from File in the menu of a new workflow, and then this file.",
            "Then choose an account in each model node.",
        ),
        Problem.of("export.todo", "Check the model of each node: roles became gpt-5-mini of OpenAI."),
    ]
    notes = (
        Problem.of(
            "export.whole",
            "Where a value can’t be worked out, n8n goes on with an empty one.",
            "You notice it where this flow would stop with an error.",
        ),
    )
    return Fidelity(format=NAME, way="to", rows=tuple(rows), notes=notes, todo=tuple(todo))


EXPORTER = Exporter(
    id="n8n", name="n8n workflow", ending=".json", write=write, help="A workflow that n8n imports.", order=4
)
