"""What each kind of block becomes in Langflow."""

from collections.abc import Callable, Mapping
from typing import Any

from flowloom.exchange.exporters.langflow.board import Board
from flowloom.exchange.exporters.ways import by_input
from flowloom.nodes.logic.branch import named_rows, row_ports, value_ports
from flowloom.nodes.port_names import port_id
from flowloom.nodes.templates import find_placeholders, names_in
from flowloom.run.planning.plan import Step

TAKEN = ("template", "after", "code")
"""Fields that a prompt of Langflow has besides its values."""
OPERATORS = {
    "is": "equals",
    "is_not": "not equals",
    "contains": "contains",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "greater_than": "greater than",
    "at_least": "greater than or equal",
    "less_than": "less than",
    "at_most": "less than or equal",
}


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


def prompt(board: Board, step: Step, text: str) -> str:
    """A prompt of Langflow: `{name}` for each value, braces of the text doubled."""
    pieces, names, done = list[str](), dict[str, str](), 0
    for place in find_placeholders(text):
        fits = (
            place.name.isascii() and place.name.isidentifier() and place.name not in ("template", "after", "code")
        )
        name = names.setdefault(place.name, place.name if fits else f"value_{len(names) + 1}")
        pieces += [_doubled(text[done : place.start]), f"{{{name}}}"]
        done = place.end
    written = "".join([*pieces, _doubled(text[done:])])
    id = board.add(step, "Prompt", template=written, **dict.fromkeys(names.values(), ""))
    for port, name in names.items():
        if port in step.inputs:
            board.join(step, port, id, name)
    return id


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def write_model(board: Board, step: Step) -> None:
    config: Any = step.config
    main = "prompt" if step.kind.id == "model" else "message"
    if step.tools or getattr(config, "fields", None) or "passages" in step.wired:
        board.lacks(
            step,
            "A model with tools, fields or passages isn’t brought over.",
            "Put an Agent or a Structured Output component of Langflow in its place.",
        )
        return
    rows = config.messages
    asked = rows[0].text if len(rows) == 1 and rows[0].role == "user" else ""
    if (rows and not asked) or (asked and main in step.wired and main not in names_in(asked)):
        board.lacks(step, "Messages written out aren’t brought over.", "Put them into one prompt of Langflow.")
        return
    vendor, _, name = config.model.partition("/")
    if vendor != "openai" and name:
        board.differ(
            step, "It became a model of OpenAI.", "You notice it at once: choose another component for its model."
        )
    told = "\n\n".join(part for part in (board.plan.instructions, config.instructions) if part.strip())
    fields: dict[str, Any] = {"model_name": name or "gpt-5-mini", "system_message": told, "input_value": ""}
    if config.temperature is not None:
        fields["temperature"] = float(config.temperature)
    else:
        board.differ(step, "Langflow sends a temperature of its own.", "You notice it in how much answers vary.")
    source = prompt(board, step, asked) if asked else ""
    id = board.add(step, "OpenAIModel", **fields, api_key="OPENAI_API_KEY")
    if source:
        board.line((source, "prompt"), id, "input_value")
    else:
        board.join(step, main, id, "input_value")
    if "history" in step.wired:
        board.differ(step, "The conversation before isn’t sent along.", "You notice it from the second message on.")
    board.values[step.id, "answer"] = (id, "text_output")


def write_branch(board: Board, step: Step) -> None:
    config: Any = step.config
    rows = named_rows(config)
    conditions = [each for row in rows for each in row.conditions if each.input.strip()]
    if len(conditions) != 1 or conditions[0].operator not in OPERATORS:
        board.lacks(
            step,
            "Only a choice with one condition is brought over.",
            "Put If-Else components of Langflow in its place, one after another.",
        )
        return
    (one,) = conditions
    fields = {"match_text": one.value, "operator": OPERATORS[one.operator], "case_sensitive": one.exact}
    id = board.add(step, "ConditionalRouter", input_text="", **fields)
    board.join(step, port_id(one.input), id, "input_text")
    ports = [port.id for port in row_ports(config)]
    for port, output in zip(ports, ("true_result", "false_result"), strict=True):
        board.values[step.id, port] = (id, output)
    if not one.exact:
        board.differ(
            step,
            "Spaces at the ends of a text count in Langflow.",
            "You notice it where a text begins or ends with one.",
        )
    assert value_ports(config)


def write_merge(board: Board, step: Step) -> None:
    config: Any = step.config
    links = by_input(step).get("values", [])
    if config.mode != "first" or len(links) != 1:
        board.lacks(
            step,
            "Langflow has no component that hands on whichever value is there.",
            "Continue each way of the flow by itself.",
        )
        return
    found = board.source(links[0])
    id = prompt(board, step, "")
    if found:
        board.line(found, id, "after")
    board.values[step.id, "value"] = board.values[step.id, "text"] = found or (id, "prompt")


WRITERS: Mapping[str, Callable[[Board, Step], None]] = {
    "chat.message": write_message,
    "chat.answer": write_answer,
    "flow.output": write_answer,
    "text": write_text,
    "prompt": write_prompt,
    "model": write_model,
    "agent": write_model,
    "branch": write_branch,
    "merge": write_merge,
}
