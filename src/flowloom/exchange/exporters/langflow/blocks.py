"""What each kind of block becomes in Langflow."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flowloom.exchange.exporters.langflow.board import Board, Found
from flowloom.exchange.exporters.langflow.models import WRITERS as MODEL_WRITERS
from flowloom.exchange.exporters.langflow.prompts import prompt
from flowloom.nodes.logic.branch import named_rows, row_ports
from flowloom.nodes.port_names import port_id
from flowloom.run.planning.plan import Step

YES, NO = "true_result", "false_result"
PLAIN = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
OPERATORS = {
    "is": ("equals", YES, NO),
    "is_empty": ("equals", YES, NO),
    "is_not_empty": ("not equals", YES, NO),
    "is_not": ("not equals", YES, NO),
    "contains": ("contains", YES, NO),
    "does_not_contain": ("contains", NO, YES),
    "starts_with": ("starts with", YES, NO),
    "ends_with": ("ends with", YES, NO),
    "greater_than": ("greater than", YES, NO),
    "at_least": ("greater than or equal", YES, NO),
    "less_than": ("less than", YES, NO),
    "at_most": ("less than or equal", YES, NO),
}
"""The operator of If-Else, and the outputs where the condition holds and where it does not."""


def write_message(board: Board, step: Step) -> None:
    id = board.add(step, "ChatInput", input_value="")
    board.values[step.id, "message"] = (id, "message")
    if any(link.port == "attachments" for link in step.outgoing):
        board.differ(step, "Files that the person sends don’t arrive.", "You notice it where somebody sends one.")


def write_answer(board: Board, step: Step) -> None:
    """An answer for each way that leads to it: one component would wait for all of them."""
    config: Any = step.config
    port = "text" if "text" in step.inputs else "value"
    said = getattr(config, "text", "")
    found = board.into(step, port)
    for source in found:
        id = board.add(step, "ChatOutput", input_value="")
        board.line(source, id, "input_value")
    if not found:
        id = board.add(step, "ChatOutput", input_value=said)
        for source in board.into(step, "after"):
            board.gate(source, id)
    elif said.strip():
        board.differ(
            step, "The fixed text isn’t said where nothing arrives.", "You notice it where no text arrives."
        )
    for each in step.outputs:
        board.values[step.id, each] = (board.ids[step.id], "message")


def write_text(board: Board, step: Step) -> None:
    config: Any = step.config
    id = board.add(step, "TextInput", input_value=config.text)
    board.values[step.id, "text"] = (id, "text")


def write_prompt(board: Board, step: Step) -> None:
    config: Any = step.config
    id = prompt(board, step, config.template)
    board.values[step.id, "prompt"] = (id, "prompt")


def write_branch(board: Board, step: Step) -> None:
    """If-Else components one after another, the next where the one before says no."""
    config: Any = step.config
    rows = named_rows(config)
    every = [[each for each in row.conditions if each.input.strip()] for row in rows]
    if any(len(each) != 1 or each[0].operator not in OPERATORS for each in every):
        board.lacks(
            step,
            "Only a choice with one condition for each way is brought over.",
            "Put If-Else components of Langflow in its place, one after another.",
        )
        return
    before: Found | None = None
    ports = [port.id for port in row_ports(config)]
    for (one,), port in zip(every, ports, strict=False):
        operator, yes, no = OPERATORS[one.operator]
        words = "" if one.operator in ("is_empty", "is_not_empty") else one.value
        fields = {"match_text": words, "operator": operator, "case_sensitive": one.exact}
        id = board.add(step, "ConditionalRouter", input_text="", **fields)
        if before:
            board.gate(before, id)
        board.join(step, port_id(one.input), id, "input_text")
        board.values[step.id, port] = (id, yes)
        before = (id, no)
        if not one.exact:
            board.differ(
                step,
                "Spaces at the ends of a text count in Langflow.",
                "You notice it where a text begins or ends with one.",
            )
    if before:
        board.values[step.id, ports[-1]] = before


def write_merge(board: Board, step: Step) -> None:
    config: Any = step.config
    found = board.value(step, "values") if config.mode == "first" else None
    if found is None:
        board.lacks(
            step,
            "Langflow has no component that brings several values together like this.",
            "Continue each way of the flow by itself.",
        )
        return
    board.ids.setdefault(step.id, found[0])
    board.values[step.id, "value"] = board.values[step.id, "text"] = found


def write_template(board: Board, step: Step) -> None:
    """A template that only fills in values is a prompt; `{{ name }}` is written as a prompt writes it."""
    config: Any = step.config
    if (
        "{%" in config.template
        or "{#" in config.template
        or len(PLAIN.findall(config.template)) != config.template.count("{{")
    ):
        board.lacks(
            step,
            "Langflow’s prompts fill in values, and know no conditions or loops.",
            "Put a component with a program of its own in its place.",
        )
        return
    id = prompt(board, step, PLAIN.sub(lambda found: f"{{{{{found[1]}}}}}", config.template))
    board.values[step.id, "text"] = (id, "prompt")


WRITERS: Mapping[str, Callable[[Board, Step], None]] = {
    "chat.message": write_message,
    "chat.answer": write_answer,
    "flow.output": write_answer,
    "text": write_text,
    "prompt": write_prompt,
    "template": write_template,
    "branch": write_branch,
    "merge": write_merge,
    **MODEL_WRITERS,
}
