"""Langflow's components as a flow holds them: their program, their fields, their outputs.

A saved flow carries the program of each component. Ours derive from those that come with Langflow, so that they
stay small and run by whatever version reads them.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

DERIVED = """from lfx.components.{module} import {base} as {name}Component


class {name}({name}Component):
    pass
"""
HANDLES = {"tools": "Tool", "input_data": "Data"}
"""Fields that take something else than a text."""
TABLES = ("output_schema", "routes")
MISSING = """from lfx.custom.custom_component.component import Component
from lfx.io import MessageTextInput, Output
from lfx.schema.message import Message


class {name}(Component):
    display_name = "{name}"
    inputs = [MessageTextInput(name="after", display_name="After", is_list=True)]
    outputs = [Output(name="output", display_name="Output", method="stop_here")]

    def stop_here(self) -> Message:
        raise ValueError({said})
"""


class Sort(NamedTuple):
    """A component of Langflow: where its program is, and its output."""

    module: str
    base: str
    outputs: tuple[tuple[str, str], ...]
    """Name and method of each."""
    gives: str = "Message"


TOOLSET = ("component_as_tool", "to_toolkit")
SORTS: Mapping[str, Sort] = {
    "ChatInput": Sort("input_output.chat", "ChatInput", (("message", "message_response"),)),
    "ChatOutput": Sort("input_output.chat_output", "ChatOutput", (("message", "message_response"),)),
    "TextInput": Sort("input_output.text", "TextInputComponent", (("text", "text_response"),)),
    "Prompt": Sort("models_and_agents.prompt", "PromptComponent", (("prompt", "build_prompt"),)),
    "OpenAIModel": Sort(
        "openai.openai_chat_model",
        "OpenAIModelComponent",
        (("text_output", "text_response"), ("model_output", "build_model")),
    ),
    "Agent": Sort("models_and_agents.agent", "AgentComponent", (("response", "message_response"),)),
    "StructuredOutput": Sort(
        "llm_operations.structured_output",
        "StructuredOutputComponent",
        (("structured_output", "build_structured_output"),),
        "Data",
    ),
    "ParserComponent": Sort("processing.parser", "ParserComponent", (("parsed_text", "parse_combined_text"),)),
    "SmartRouter": Sort("llm_operations.llm_conditional_router", "SmartRouterComponent", ()),
    "CalculatorComponent": Sort("utilities.calculator_core", "CalculatorComponent", (TOOLSET,), "Tool"),
    "CurrentDate": Sort("utilities.current_date", "CurrentDateComponent", (TOOLSET,), "Tool"),
    "ConditionalRouter": Sort(
        "flow_controls.conditional_router",
        "ConditionalRouterComponent",
        (("true_result", "true_response"), ("false_result", "false_response")),
    ),
}


def component(
    id: str,
    type: str,
    name: str,
    fields: Mapping[str, Any],
    at: tuple[float, float],
    outputs: Iterable[tuple[str, str]] = (),
) -> dict[str, Any]:
    """A component that Langflow brings, with what is set in it; `outputs` are those it makes of its settings."""
    sort = SORTS[type]
    code = DERIVED.format(module=sort.module, base=sort.base, name=type)
    custom = (
        {"template": [each for each in fields if each not in ("template", "after")]} if type == "Prompt" else {}
    )
    return _node(id, type, name, code, fields, [*sort.outputs, *outputs], at, custom, sort.gives)


def missing(id: str, name: str, said: str, at: tuple[float, float]) -> dict[str, Any]:
    """A component in the place of a block that Langflow has none for: it stops there with a sentence."""
    code = MISSING.format(name="Missing", said=json.dumps(said, ensure_ascii=False))
    return _node(id, "Missing", name, code, {"after": ""}, (("output", "stop_here"),), at, {})


def _node(
    id: str,
    type: str,
    name: str,
    code: str,
    fields: Mapping[str, Any],
    outputs: Iterable[tuple[str, str]],
    at: tuple[float, float],
    custom: Mapping[str, list[str]],
    gives: str = "Message",
) -> dict[str, Any]:
    program: dict[str, Any] = {
        "type": "code",
        "name": "code",
        "value": code,
        "show": True,
        "required": True,
        "advanced": True,
    }
    template: dict[str, Any] = {"_type": "Component", "code": program | {"dynamic": True}}
    template |= {field: _field(field, value) for field, value in fields.items()}
    told: list[dict[str, Any]] = [
        {"name": name, "display_name": name.replace("_", " ").title(), "method": method, "types": [gives]}
        | {"selected": gives, "value": "__UNDEFINED__", "cache": True, "tool_mode": True, "group_outputs": True}
        for name, method in outputs
    ]
    is_tool = gives == "Tool"
    node: dict[str, Any] = {
        "display_name": name,
        "description": "",
        "base_classes": [gives],
        "template": template,
    }
    node |= {"outputs": told, "custom_fields": dict(custom), "edited": False, "tool_mode": is_tool}
    data = {"id": id, "type": type, "node": node}
    return {"id": id, "type": "genericNode", "position": {"x": at[0], "y": at[1]}, "data": data}


def _field(name: str, value: Any) -> dict[str, Any]:
    types = {bool: "bool", float: "float", int: "int", list: "table" if name in TABLES else "model"}
    field: dict[str, Any] = {"type": types.get(type(value), "str"), "name": name, "value": value}
    field |= {"display_name": name.replace("_", " ").title(), "show": True, "required": False}
    if name in HANDLES:
        return field | {"type": "other", "list": name == "tools", "input_types": [HANDLES[name]], "advanced": False}
    field |= {"advanced": False, "list": name == "after" or name in TABLES}
    return field | ({"input_types": ["Message"], "multiline": True} if field["type"] == "str" else {})


def line(source: str, output: str, target: str, field: str) -> dict[str, Any]:
    """A line from an output of one component to a field of another."""
    type = source.rpartition("-")[0]
    gives = SORTS[type].gives if type in SORTS else "Message"
    start = {"dataType": type, "id": source, "name": output, "output_types": [gives]}
    end = {"fieldName": field, "id": target, "inputTypes": [gives], "type": "other" if field in HANDLES else "str"}
    told: dict[str, Any] = {"id": f"{source}-{output}-{target}-{field}", "source": source, "target": target}
    told |= {"sourceHandle": _handle(start), "targetHandle": _handle(end)}
    return told | {"data": {"sourceHandle": start, "targetHandle": end}}


def _handle(data: Mapping[str, Any]) -> str:
    return json.dumps(data).replace('"', "œ")
