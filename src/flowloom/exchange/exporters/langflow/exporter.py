"""Writes a flow as a flow of Langflow (JSON)."""

import json
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.exporters.account import check_can_run
from flowloom.exchange.exporters.exported import Documents, Exported, Exporter, file_name, no_documents
from flowloom.exchange.exporters.langflow.blocks import WRITERS
from flowloom.exchange.exporters.langflow.board import Board
from flowloom.exchange.exporters.langflow.texts import TEXTS
from flowloom.exchange.exporters.ways import in_order
from flowloom.exchange.fidelity import Fidelity
from flowloom.flow.model import Flow
from flowloom.locales import add_texts

NAME = "Langflow"
VERSION = "1.13.0"
add_texts(TEXTS)


def write(flow: Flow, documents: Documents = no_documents) -> Exported:
    """The flow. Raises FlowFileError for one that cannot run."""
    check_can_run(flow)
    board = Board(flow)
    for step in in_order(board.plan):
        write_step = WRITERS.get(step.kind.id)
        if write_step is None:
            board.lacks(step, "Langflow has no component for this block.", "Put one of Langflow’s in its place.")
        else:
            write_step(board, step)
    for loop in board.plan.loops:
        board.differ(
            loop.entry, "The loop that begins here goes round once.", "Put its blocks into a loop of Langflow."
        )
    data = json.dumps(document(flow, board), ensure_ascii=False, indent=2).encode()
    name = file_name(flow.name, "flow.json")
    return Exported({name: data}, name, report_of(board))


def document(flow: Flow, board: Board) -> dict[str, Any]:
    view = {"x": 0, "y": 0, "zoom": 1}
    inner = {"nodes": [*board.nodes, *_notes(board)], "edges": board.edges, "viewport": view}
    return {
        "name": flow.name or "Flowloom",
        "description": flow.description,
        "is_component": False,
        "last_tested_version": VERSION,
        "data": inner,
    }


def _notes(board: Board) -> list[dict[str, Any]]:
    found = []
    for number, node in enumerate(node for node in board.flow.nodes if node.kind == "note"):
        place = board.flow.layout.get(node.id)
        at = {"x": place.x, "y": place.y} if place else {"x": 0, "y": 0}
        told = {"description": str(node.config.get("text", "")), "display_name": "", "template": {}}
        data = {"id": f"note-{number}", "type": "note", "node": told}
        found.append({"id": f"note-{number}", "type": "noteNode", "position": at, "data": data})
    return found


def report_of(board: Board) -> Fidelity:
    todo = [
        Problem.of(
            "export.todo",
            "In Langflow, choose Upload a flow and then this file.",
            "Then enter a key in each model.",
        ),
        Problem.of("export.todo", "Check the model of each node: roles became gpt-5-mini of OpenAI."),
    ]
    tools = [tool for step in board.plan.steps for tool in step.tools if tool.id in board.ids]
    rows = [board.row(step, board.ids.get(step.id, "")) for step in dict.fromkeys([*board.plan.steps, *tools])]
    return Fidelity(format=NAME, way="to", rows=tuple(rows), todo=tuple(todo))


EXPORTER = Exporter(
    id="langflow", name="Langflow flow", ending=".json", write=write, help="A flow that Langflow imports.", order=5
)
