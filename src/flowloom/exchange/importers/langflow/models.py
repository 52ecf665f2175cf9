"""Models, agents and what is built of them."""

import re
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.exporters.langflow.models import REASONING
from flowloom.exchange.importers.langflow.graph import Component, Way
from flowloom.exchange.importers.langflow.weaving import Told, Weaving
from flowloom.exchange.importers.model_names import model_name
from flowloom.locales import Verbatim
from flowloom.nodes.flows.embedded import document_of
from flowloom.nodes.models.answer_fields import AnswerField, field_ports
from flowloom.nodes.port_names import named_ports

GO_ON = "Continue the conversation."
"""What an agent of Langflow is asked where no message comes in."""
FIELD_TYPES = {"str": "text", "int": "number", "float": "number", "bool": "yes_no", "list": "list", "dict": "json"}


def model_of(weaving: Weaving, component: Component) -> str:
    """The model a component names, itself or by the component that is joined to it as one."""
    joined = weaving.graph.sources(component.id, "llm", "model", "agent_llm", "language_model")
    if joined and joined[0].id in weaving.graph.components:
        return model_of(weaving, weaving.graph.components[joined[0].id])
    chosen = component.values.get("model")
    chosen = chosen[0] if isinstance(chosen, list) and chosen else chosen
    if isinstance(chosen, dict):
        vendor, name = str(chosen.get("provider") or ""), str(chosen.get("name") or "")
    else:
        vendor = component.text("provider") or component.text("agent_llm") or _vendor(component.type)
        name = component.text("model_name") or component.text("model") or component.text("azure_deployment")
    found = model_name(vendor, name)
    if found == "default":
        weaving.drawing.do(
            "“{name}” names no model that is known here, so it uses your default model.",
            "Choose another one in its block if you like.",
            name=Verbatim(component.name),
        )
    else:
        weaving.drawing.do(
            "Add a key for {vendor} under Models.",
            "Keys stay with Langflow.",
            vendor=Verbatim(found.partition("/")[0]),
        )
    return found


def _vendor(type: str) -> str:
    return re.sub(r"(Chat)?(Model)?(Component)?$", "", type)


def draw_model(weaving: Weaving, component: Component, told: Told) -> list[str]:
    outputs = {line.source.output for line in weaving.graph.out.get(component.id, ())}
    if outputs and outputs <= {"model_output", "language_model"}:
        # It only lends its model to others, which name it themselves.
        weaving.gives(component, "model_output", "")
        return []
    temperature = component.values.get("temperature")
    config: dict[str, Any] = {"model": model_of(weaving, component)}
    is_sent = component.type != "OpenAIModel" or config["model"].removeprefix("openai/") not in REASONING
    if is_sent and isinstance(temperature, int | float) and not isinstance(temperature, bool):
        config["temperature"] = max(0.0, min(2.0, float(temperature)))
    block = weaving.block(component, "model", config)
    optional = _spoken(weaving, component, block, "system_message", "prompt")
    weaving.gives(component, "text_output", f"{block}.answer")
    weaving.gives(component, "model_output", "")
    weaving.gate(component, block, optional)
    if component.number("max_tokens", 0) > 0:
        told.append(_limit())
    return [block]


def _limit() -> Problem:
    return Problem.of(
        "import.max_tokens", "Its limit on the length of answers didn’t come over.", "Answers may be longer here."
    )


def _spoken(weaving: Weaving, component: Component, block: str, system: str, prompt: str) -> list[Way]:
    """Join what a model is told and asked; give the lines into inputs that it could do without."""
    drawing = weaving.drawing
    way = weaving.incoming(component, system)
    if way:
        drawing.configure(block, messages=[{"role": "system", "text": "{{system}}"}])
        drawing.join(weaving.value(component, way), f"{block}.system")
    elif component.text(system).strip():
        drawing.configure(block, instructions=component.text(system))
    if not weaving.joined(component, "input_value", f"{block}.{prompt}") and component.text("input_value"):
        drawing.join(weaving.text_of(component, "input_value", f"{component.id} input"), f"{block}.{prompt}")
    return weaving.graph.sources(component.id, "input_value") if way else []


def draw_agent(weaving: Weaving, component: Component, told: Told) -> list[str]:
    config: dict[str, Any] = {"model": model_of(weaving, component), "history_turns": _turns(component)}
    config["step_limit"] = max(1, min(50, int(component.number("max_iterations", 15))))
    block = weaving.block(component, "agent", config)
    optional = _spoken(weaving, component, block, "system_prompt", "message")
    _fill_in(weaving, component, block)
    weaving.need_start()
    if weaving.start and config["history_turns"]:
        weaving.drawing.join(f"{weaving.start}.history", f"{block}.history")
    made = [block]
    for way in weaving.graph.sources(component.id, "tools"):
        tool = weaving.port(way)
        if tool:
            weaving.drawing.join(tool, f"{block}.tools")
        else:
            told.append(_no_tool(weaving.graph.components[way.id].name))
    if component.is_on("add_current_date_tool", default=True):
        clock = weaving.shared_tool("datetime", "get_current_date")
        weaving.drawing.join(f"{clock}.tool", f"{block}.tools")
        made.append(clock)
    if component.is_on("add_calculator_tool") and not any(
        weaving.drawing.node(id).kind == "calculator" for id in weaving.tools_of(block)
    ):
        sums = weaving.shared_tool("calculator", "evaluate_expression")
        weaving.drawing.join(f"{sums}.tool", f"{block}.tools")
        made.append(sums)
    weaving.gives(component, "response", f"{block}.answer")
    weaving.gives(component, "structured_response", f"{block}.answer", "row")
    weaving.gate(component, block, optional)
    if len(made) > 1 or weaving.graph.sources(component.id, "tools"):
        told.append(
            Problem.of(
                "import.tools",
                "Results of tools reach the model as text here, as JSON there.",
                "The model hardly ever answers differently for it.",
            )
        )
    return made


def _fill_in(weaving: Weaving, component: Component, block: str) -> None:
    """What Langflow puts into the instructions of an agent, and what it asks where nothing comes in."""
    said = str(weaving.drawing.node(block).config.get("instructions") or "")
    model = str(weaving.drawing.node(block).config["model"]).partition("/")[2]
    filled = said.replace("{model_name}", model).replace("{optional_user_context}", "")
    if "{current_date}" in filled:
        text = filled.replace("{current_date}", "{{current_date}}")
        clock = weaving.helper(component, "datetime", key="today")
        weaving.drawing.join(f"{clock}.date", f"{block}.current_date")
        weaving.drawing.configure(block, instructions="", messages=[{"role": "system", "text": text}])
    elif filled != said:
        weaving.drawing.configure(block, instructions=filled)
    if not any(port == "message" for _, port in weaving.drawing.lines_into(block)):
        asked = weaving.helper(component, "text", {"text": GO_ON}, key=f"{component.id} message")
        weaving.drawing.join(f"{asked}.text", f"{block}.message")


def _turns(component: Component) -> int:
    return max(0, min(100, int(component.number("n_messages", 100)) // 2))


def _no_tool(name: str) -> Problem:
    return Problem.of(
        "import.no_tool",
        "Its tool “{name}” has no counterpart here, so it isn’t connected.",
        "Connect another tool to the agent.",
        name=Verbatim(name),
    )


def draw_structured(weaving: Weaving, component: Component, told: Told) -> list[str]:
    """A model asked for named fields, put together as data."""
    fields = [_field(row) for row in component.rows("output_schema")][:50]
    config = {
        "model": model_of(weaving, component),
        "instructions": component.text("system_prompt"),
        "fields": fields,
    }
    block = weaving.block(component, "model", config)
    weaving.joined(component, "input_value", f"{block}.prompt")
    ports = field_ports([AnswerField.model_validate(field) for field in fields], ("answer",))
    written = ", ".join(f"{field['name']!r}: {{{{{port.id}}}}}" for field, port in zip(fields, ports, strict=True))
    data = weaving.helper(component, "code.run", {"code": f"{{{written}}}"}, key=f"{component.id} data")
    for port in ports:
        weaving.drawing.join(f"{block}.{port.id}", f"{data}.{port.id}")
    weaving.gives(component, "structured_output", f"{data}.result", "row")
    weaving.gives(component, "dataframe_output", f"{data}.result", "row")
    weaving.gate(component, block)
    told.append(
        Problem.of(
            "import.structured",
            "The model is asked for the fields in another way, and for one set of them.",
            "You notice it where a text holds several; ask for a list then.",
        )
    )
    return [block, data]


def _field(row: dict[str, Any]) -> dict[str, Any]:
    many = str(row.get("multiple")).lower() == "true"
    type = "list" if many else FIELD_TYPES.get(str(row.get("type")), "text")
    return {
        "name": str(row.get("name") or "field")[:80],
        "type": type,
        "description": str(row.get("description") or "")[:2000],
    }


def draw_router(weaving: Weaving, component: Component, told: Told) -> list[str]:
    """A choice that a model makes."""
    rows = [row for row in component.rows("routes") if str(row.get("route_category") or "").strip()][:50]
    labels = [
        {"name": str(row["route_category"])[:80], "description": str(row.get("route_description") or "")[:2000]}
        for row in rows
    ]
    config = {
        "labels": labels,
        "model": model_of(weaving, component),
        "instructions": component.text("custom_prompt"),
    }
    block = weaving.block(component, "classify", config)
    weaving.joined(component, "input_text", f"{block}.text")
    for number, port in enumerate(named_ports((label["name"] for label in labels), taken=("none",)), 1):
        weaving.gives(component, f"category_{number}_result", f"{block}.{port.id}")
    weaving.gives(component, "default_result", f"{block}.none")
    told.append(
        Problem.of(
            "import.router",
            "The model is asked to choose in other words.",
            "It may choose differently where two choices fit.",
        )
    )
    return [block]


def draw_batch(weaving: Weaving, component: Component, told: Told) -> list[str]:
    """A model asked once for each row."""
    inner = Drawing(weaving.drawing.format, component.name)
    item = inner.block("flow.input", "", {"name": "Item", "type": "any"}, key="item")
    column = component.text("column_name")
    picked = inner.block("template", "", {"template": f"{{{{ item[{(column or 'text')!r}] }}}}"}, key="column")
    model = inner.block(
        "model",
        component.name,
        {"model": model_of(weaving, component), "instructions": component.text("system_message")},
        key="ask",
    )
    result = inner.block("flow.output", "", {"name": "Result"}, key="result")
    inner.join(f"{item}.value", f"{picked}.item")
    inner.join(f"{picked}.text", f"{model}.prompt")
    inner.join(f"{model}.answer", f"{result}.value")
    block = weaving.block(component, "flow.each", {"flow": document_of(inner.flow()), "over": "item"})
    weaving.joined(component, "df", f"{block}.item")
    name = component.text("output_column_name", "model_response")
    code = f"[{{**row, {name!r}: answer}} for row, answer in zip({{{{rows}}}}, {{{{answers}}}})]"
    rows = weaving.helper(component, "code.run", {"code": code}, key=f"{component.id} rows")
    weaving.joined(component, "df", f"{rows}.rows")
    weaving.drawing.join(f"{block}.result", f"{rows}.answers")
    weaving.gives(component, "batch_results", f"{rows}.result", "rows")
    return [block, rows]


DRAWS = {
    "Agent": draw_agent,
    "LanguageModelComponent": draw_model,
    "StructuredOutput": draw_structured,
    "StructuredOutputComponent": draw_structured,
    "SmartRouter": draw_router,
    "LLMConditionalRouter": draw_router,
    "BatchRunComponent": draw_batch,
}
