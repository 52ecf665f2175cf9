"""Agents, chains and what serves them: models, memories, output parsers and tools."""

import json
import re
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.importers.json_shapes import rows_of
from flowloom.exchange.importers.model_names import model_name
from flowloom.exchange.importers.n8n.tools import draw_tool
from flowloom.exchange.importers.n8n.workflow import N8nNode
from flowloom.exchange.importers.sketch import Template, Way
from flowloom.exchange.importers.values import Known, Port, Record
from flowloom.locales import Verbatim
from flowloom.nodes.models.answer_fields import AnswerField, field_ports
from flowloom.nodes.models.model import TAKEN

if TYPE_CHECKING:
    from flowloom.exchange.importers.n8n.walk import Walk

DEFAULT_SYSTEM = "You are a helpful assistant"
ROLES = {
    "SystemMessagePromptTemplate": "system",
    "HumanMessagePromptTemplate": "user",
    "AIMessagePromptTemplate": "assistant",
}


def ask(walk: "Walk", node: N8nNode, way: Way) -> Any:
    """An AI Agent or a Basic LLM Chain: what it puts out. Raises Unread."""
    agent = node.type == "agent"
    options = node.under("options")
    rows = list(_rows(walk, node, way))
    if agent:
        rows.insert(0, ("system", walk.reader.value(options.get("systemMessage", DEFAULT_SYSTEM), way)))
    rows.append(("user", _prompt(walk, node, way)))
    parsers = walk.workflow.serving(node.name, "ai_outputParser")
    fields = _fields(parsers)
    config = model_settings(walk, node) | {"history_turns": 100}
    tools = [draw_tool(walk, tool, way) for tool in walk.workflow.serving(node.name, "ai_tool")]
    kind, main = ("agent", "message") if tools else ("model", "prompt")
    if fields and not tools:
        config["fields"] = fields
    inputs = said(walk, config, rows, main, way)
    optional = _memory(walk, node, config)
    id = walk.sketch.place(way, kind, node.name, config, inputs, acts=True, key=node.name, optional=optional)
    for tool in filter(None, tools):
        walk.drawing.join(f"{tool}.tool", f"{id}.tools")
    way.after = (f"{id}.answer",)
    walk.tell(node, id, *_differs(parsers, bool(tools)))
    if fields and not tools:
        ports = field_ports([AnswerField(**row) for row in fields], TAKEN)
        named = {row["name"]: Port(f"{id}.{port.id}", row["type"]) for row, port in zip(fields, ports, strict=True)}
        return Record({"output": Record(named)})
    return Record({"output" if agent or parsers else "text": Port(f"{id}.answer")})


def _prompt(walk: "Walk", node: N8nNode, way: Way) -> Any:
    written = node.settings.get("text")
    if node.settings.get("promptType", "auto") == "auto" and (node.version >= 1.3 or not written):
        return walk.reader.part(walk.current, "chatInput", way)
    return walk.reader.value(written or node.settings.get("prompt") or "", way)


def _rows(walk: "Walk", node: N8nNode, way: Way) -> list[tuple[str, Any]]:
    listed = node.settings.get("messages")
    listed = listed.get("messageValues") if isinstance(listed, dict) else None
    each = listed if isinstance(listed, list) else []
    return [
        (ROLES.get(row.get("type"), "system"), walk.reader.value(row.get("message") or "", way)) for row in each
    ]


def said(walk: "Walk", config: dict[str, Any], rows: list[tuple[str, Any]], main: str, way: Way) -> dict[str, str]:
    """Put the messages into the settings as simply as can be; the inputs they need."""
    first = rows[0][1] if rows[0][0] == "system" else None
    left = rows
    if isinstance(first, Known):
        left = rows[1:]
        config["instructions"] = first.value if isinstance(first.value, str) else ""
    if len(left) == 1 and left[0][0] == "user":
        return {main: walk.sketch.port_of(left[0][1], way)}
    template = Template()
    taken = (main, "history", "passages", "tools")
    config["messages"] = [walk.sketch.message_row(role, text, template, taken, way) for role, text in left]
    return template.inputs


def model_settings(walk: "Walk", node: N8nNode) -> dict[str, Any]:
    """The model of a node and its temperature."""
    models = walk.workflow.serving(node.name, "ai_languageModel")
    if not models:
        walk.drawing.do("“{name}” has no model.", "Choose one in its block.", name=Verbatim(node.name))
        return {"model": "default"}
    model = models[0]
    named = model.settings.get("model") or model.settings.get("modelName") or ""
    named = named.get("value") if isinstance(named, dict) else named
    vendor = re.sub(r"^lm(chat)?|cloud$|chat$", "", model.type)
    found = model_name(vendor, str(named)) if isinstance(named, str) and not named.startswith("=") else "default"
    if found == "default":
        walk.drawing.do(
            "The model of “{name}” is not known here, so it uses the default model.",
            "Choose a model in its block.",
            name=Verbatim(node.name),
        )
    options = model.under("options")
    walk.serves(model, {"temperature", "timeout", "maxRetries"} >= options.keys())
    temperature = options.get("temperature")
    fits = isinstance(temperature, int | float) and not isinstance(temperature, bool) and 0 <= temperature <= 2
    return {"model": found, "temperature": temperature} if fits else {"model": found}


def _memory(walk: "Walk", node: N8nNode, config: dict[str, Any]) -> dict[str, str]:
    memories = walk.workflow.serving(node.name, "ai_memory")
    if not memories or not walk.message:
        return {}
    turns = memories[0].settings.get("contextWindowLength", 5)
    config["history_turns"] = turns if isinstance(turns, int) and 0 <= turns <= 100 else 5
    walk.serves(memories[0], memories[0].type == "memorybufferwindow")
    return {"history": f"{walk.message}.history"}


def _fields(parsers: list[N8nNode]) -> list[dict[str, Any]]:
    for parser in parsers:
        found = fields_in(parser.settings)
        if found:
            return found
    return []


def fields_in(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields that a node describes by a schema or an example."""
    for name in ("inputSchema", "jsonSchema", "jsonSchemaExample"):
        try:
            told = json.loads(str(settings.get(name) or "{}").removeprefix("="))
        except (ValueError, RecursionError):
            continue
        if isinstance(told, dict) and told:
            shapes = {key: _shape(value) for key, value in told.items()}
            return rows_of(told) or rows_of({"properties": shapes, "required": list(told)})
    return []


def _shape(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {"type": "array", "items": _shape(value[0]) if value else {}}
    kinds = {bool: "boolean", int: "number", float: "number", str: "string"}
    return {"type": kinds.get(type(value), "object")}


def _differs(parsers: list[N8nNode], with_tools: bool) -> list[Problem]:
    if not parsers:
        return []
    if with_tools:
        return [
            Problem.of(
                "import.differs",
                "An agent with tools answers in words here, not in fields; its words are read as the fields.",
                "You notice when it answers in another form: ask for JSON in its instructions.",
            )
        ]
    return [
        Problem.of(
            "import.differs",
            "The model is asked for fields directly; n8n writes how to answer into the prompt.",
            "You notice in what is sent to the model, not in the fields.",
        )
    ]
