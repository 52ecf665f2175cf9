"""Models, agents and what they decide."""

from collections.abc import Callable, Mapping
from typing import Any

from flowloom.exchange.exporters.langflow.board import Board, Found
from flowloom.exchange.exporters.langflow.components import TOOLSET
from flowloom.exchange.exporters.langflow.prompts import prompt
from flowloom.nodes.models import summarise
from flowloom.nodes.models import translate as translation
from flowloom.nodes.models.answer_fields import field_ports
from flowloom.nodes.models.asking import SOURCES
from flowloom.nodes.models.classify import label_ports, named_labels
from flowloom.nodes.templates import find_placeholders, names_in
from flowloom.run.planning.plan import Step

KEY = "OPENAI_API_KEY"
REASONING = frozenset(
    {
        *("gpt-5.4", "gpt-5.4-mini", "gpt-5.4-pro", "gpt-5.3-codex", "gpt-5.2", "gpt-5.1", "gpt-5", "gpt-5-mini"),
        *("gpt-5-nano", "gpt-5-chat-latest", "o1"),
    }
)
"""Models to which lfx 1.13 sends no temperature."""
TYPES = {"text": "str", "number": "float", "yes_no": "bool", "list": "str"}
TOOLS = {"calculator": "CalculatorComponent", "datetime": "CurrentDate"}
"""Tools of ours that Langflow has as well."""


def write_model(board: Board, step: Step) -> None:
    config: Any = step.config
    main = "prompt" if step.kind.id == "model" else "message"
    rows = list(config.messages)
    last = rows.pop() if rows and rows[-1].role == "user" else None
    if any(row.role != "system" for row in rows) or _two_questions(step, last, main):
        board.lacks(step, "Messages written out aren’t brought over.", "Put them into one prompt of Langflow.")
        return
    tools = [tool for tool in step.tools if tool.kind.id not in TOOLS]
    if tools:
        board.lacks(
            step,
            "An agent with these tools isn’t brought over.",
            "Put an Agent of Langflow and its tools in its place.",
        )
        return
    asked = _asked(board, step, last.text if last else "", main)
    told = _told(board, step, [row.text for row in rows])
    fields = list(getattr(config, "fields", None) or ())
    if step.tools:
        id = _agent(board, step, told)
    elif fields:
        id = _structured(board, step, told, fields)
    else:
        id = _plain(board, step, told)
    for source, field in (
        (asked, "input_value"),
        (told, "system_prompt" if step.tools or fields else "system_message"),
    ):
        if isinstance(source, tuple):
            board.line(source, id, field)
    if "history" in step.wired:
        board.differ(step, "The conversation before isn’t sent along.", "You notice it from the second message on.")


def _two_questions(step: Step, last: Any, main: str) -> bool:
    """Whether a message that is written out is followed by what comes in."""
    return last is not None and main in step.wired and main not in names_in(last.text)


def _asked(board: Board, step: Step, written: str, main: str) -> Found | None:
    return (prompt(board, step, written), "prompt") if written else board.value(step, main)


def _told(board: Board, step: Step, rows: list[str]) -> Found | str:
    """What the model is told ahead: a text, or a prompt where values stand in it."""
    config: Any = step.config
    parts = [part for part in (board.plan.instructions, config.instructions, *rows) if part.strip()]
    text = "\n\n".join(parts)
    if "passages" in step.wired:
        board.differ(
            step, "Passages are told to the model as a text.", "You notice it where it cites them by number."
        )
        text = "\n\n".join([*parts, SOURCES, "{{passages}}"])
    return (prompt(board, step, text), "prompt") if any(find_placeholders(text)) else text


def _plain(board: Board, step: Step, told: Found | str) -> str:
    config: Any = step.config
    fields: dict[str, Any] = {"model_name": _model(board, step), "system_message": "", "input_value": ""}
    fields["system_message"] = told if isinstance(told, str) else ""
    if config.temperature is not None:
        fields["temperature"] = float(config.temperature)
    _temperature(board, step, fields["model_name"])
    id = board.add(step, "OpenAIModel", **fields, api_key=KEY)
    board.values[step.id, "answer"] = (id, "text_output")
    return id


def _agent(board: Board, step: Step, told: Found | str) -> str:
    fields: dict[str, Any] = {"model": _chosen(board, step), "system_prompt": told if isinstance(told, str) else ""}
    fields |= {"add_current_date_tool": False, "add_calculator_tool": False, "n_messages": 1, "tools": ""}
    id = board.add(step, "Agent", **fields, input_value="", api_key=KEY)
    for tool in step.tools:
        made = board.add(tool, TOOLS[tool.kind.id])
        board.line((made, TOOLSET[0]), id, "tools")
        board.differ(tool, "The agent knows this tool by Langflow’s words.", "You notice it in how a tool is used.")
    board.values[step.id, "answer"] = (id, "response")
    board.differ(
        step,
        "Langflow’s agent adds words of its own.",
        "You notice it where a model reads its instructions differently.",
    )
    return id


def _structured(
    board: Board, step: Step, told: Found | str, fields: list[Any], taken: tuple[str, ...] = ("answer",)
) -> str:
    """Structured Output, and for each field that is used a Parser that takes it out."""
    named = [each for each in fields if each.name.strip()]
    names = {each.name: _field(each.name, number) for number, each in enumerate(named, 1)}
    schema = [
        {
            "name": names[each.name],
            "type": TYPES.get(each.type, "str"),
            "description": each.description or each.name,
            "multiple": "True" if each.type == "list" else "False",
        }
        for each in named
    ]
    said = {"model": _chosen(board, step), "schema_name": "Answer", "output_schema": schema, "input_value": ""}
    id = board.add(
        step, "StructuredOutput", **said, system_prompt=told if isinstance(told, str) else "", api_key=KEY
    )
    for port, each in zip(field_ports(named, taken), named, strict=True):
        if any(link.port == port.id for link in step.outgoing):
            parser = board.add(
                step, "ParserComponent", mode="Parser", pattern=f"{{{names[each.name]}}}", input_data=""
            )
            board.line((id, "structured_output"), parser, "input_data")
            board.values[step.id, port.id] = (parser, "parsed_text")
    board.differ(
        step,
        "Langflow asks for the fields in words of its own, and writes lists and yes or no as Python does.",
        "You notice it where a field is no plain text, or the message doesn’t say it.",
    )
    return id


def _field(name: str, number: int) -> str:
    return name if name.isascii() and name.isidentifier() else f"field_{number}"


def _task(board: Board, step: Step, task: str, output: str) -> None:
    """A model with a task of its own."""
    config: Any = step.config
    told = "\n\n".join(part for part in (task, config.instructions) if part.strip())
    found = board.value(step, "text")
    fields: dict[str, Any] = {"model_name": _model(board, step), "system_message": told, "input_value": ""}
    id = board.add(step, "OpenAIModel", **fields, api_key=KEY)
    if found:
        board.line(found, id, "input_value")
    board.values[step.id, output] = (id, "text_output")
    _temperature(board, step, fields["model_name"])


def write_translate(board: Board, step: Step) -> None:
    config: Any = step.config
    if "language" in step.wired:
        board.differ(
            step, "It always translates into the language set here.", "You notice it with other languages."
        )
    _task(board, step, translation.TASK.format(language=config.language.strip()), "text")


def write_summarise(board: Board, step: Step) -> None:
    config: Any = step.config
    _task(board, step, summarise.TASK.format(length=summarise.LENGTHS[config.length]), "summary")
    board.differ(
        step, "A text is read at once, however long it is.", "You notice it with texts longer than a model reads."
    )


def write_extract(board: Board, step: Step) -> None:
    config: Any = step.config
    if any(link.port in ("data", "text") for link in step.outgoing):
        board.lacks(
            step,
            "All fields together aren’t brought over.",
            "Put a Structured Output component of Langflow in its place.",
        )
        return
    found = board.value(step, "text")
    id = _structured(board, step, config.instructions, list(config.fields), ("data", "text"))
    if found:
        board.line(found, id, "input_value")


def write_classify(board: Board, step: Step) -> None:
    """Smart Router: a way for each category."""
    config: Any = step.config
    labels, ports = named_labels(config), label_ports(config)
    routes = [
        {"route_category": each.name.strip(), "route_description": each.description, "output_value": ""}
        for each in labels
    ]
    outputs = [(f"category_{number}_result", "process_case") for number in range(1, len(labels) + 1)]
    id = board.add_choice(
        step,
        "SmartRouter",
        [*outputs, ("default_result", "default_response")],
        model=_chosen(board, step),
        input_text="",
        routes=routes,
        enable_else_output=True,
        custom_prompt="\n\n".join(part for part in (board.plan.instructions, config.instructions) if part.strip()),
        api_key=KEY,
    )
    board.join(step, "text", id, "input_text")
    for port, (output, _) in zip(ports, [*outputs, ("default_result", "")], strict=True):
        board.values[step.id, port.id] = (id, output)
    board.differ(
        step, "Langflow asks the model to choose in words of its own.", "You notice it where two choices fit."
    )


def _temperature(board: Board, step: Step, model: str) -> None:
    """Tell where Langflow sends another one: to models that reason it sends none, whatever is set."""
    wanted = getattr(step.config, "temperature", None)
    if model in REASONING and wanted is not None:
        board.differ(step, "Langflow sends this model no temperature.", "You notice it in how much answers vary.")
    elif model not in REASONING and wanted is None:
        board.differ(step, "Langflow sends a temperature of its own.", "You notice it in how much answers vary.")


def _model(board: Board, step: Step) -> str:
    """The name of a model of OpenAI."""
    config: Any = step.config
    vendor, _, name = config.model.partition("/")
    if vendor != "openai" and name:
        board.differ(
            step, "It became a model of OpenAI.", "You notice it at once: choose another component for its model."
        )
    return name or "gpt-5-mini"


def _chosen(board: Board, step: Step) -> list[dict[str, Any]]:
    return [{"name": _model(board, step), "provider": "OpenAI"}]


WRITERS: Mapping[str, Callable[[Board, Step], None]] = {
    "model": write_model,
    "agent": write_model,
    "classify": write_classify,
    "extract": write_extract,
    "summarise": write_summarise,
    "translate": write_translate,
}
