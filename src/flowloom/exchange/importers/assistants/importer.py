"""An assistant or a prompt object of OpenAI's API as one agent with what it may use."""

from typing import Any

from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers.assistants.prompt import draw_prompt, is_prompt
from flowloom.exchange.importers.assistants.shape import SHAPE
from flowloom.exchange.importers.assistants.tools import add_tools
from flowloom.exchange.importers.chat_agent import ChatAgent
from flowloom.exchange.importers.json_shapes import fields_of
from flowloom.exchange.importers.model_names import model_name
from flowloom.exchange.source import Source

NAME = "OpenAI API"


def recognises(source: Source) -> bool:
    return bool(_assistants(source.data)) or is_prompt(source.data)


def _assistants(data: Any) -> list[dict[str, Any]]:
    """The assistants in a file: one, or the list that the API gives."""
    listed = data.get("data") if isinstance(data, dict) and data.get("object") == "list" else data
    every = listed if isinstance(listed, list) else [listed]
    return [each for each in every if isinstance(each, dict) and each.get("object") == "assistant"]


def read(source: Source) -> Imported:
    assistants = _assistants(source.data)
    if not assistants:
        return draw_prompt(source.data)
    found = _draw(assistants[0])
    return found


def _draw(assistant: dict[str, Any]) -> Imported:
    name = str(assistant.get("name") or "Assistant")
    drawing = Drawing(NAME, name, description=str(assistant.get("description") or ""))
    agent = ChatAgent(drawing, name)
    differs = add_tools(agent, drawing, assistant.get("tools"))
    config: dict[str, Any] = {
        "instructions": str(assistant.get("instructions") or ""),
        "model": model_name("openai", str(assistant.get("model") or "")),
    }
    config |= agent.settings(assistant)
    format = assistant.get("response_format")
    config |= fields_of(format, has_tools=agent.has_tools, drawing=drawing)
    agent.finish(config, type="assistant", differs=differs)
    if _has_code_files(assistant.get("tool_resources")):
        drawing.remark(
            "Its code could read files that are kept at OpenAI and are not in this file.",
            "You notice when it should work with them: put what matters into the message.",
        )
    return drawing.finished()


def _has_code_files(resources: Any) -> bool:
    told = resources.get("code_interpreter") if isinstance(resources, dict) else None
    return isinstance(told, dict) and bool(told.get("file_ids"))


IMPORTER = Importer("assistants", NAME, recognises, read, SHAPE)
