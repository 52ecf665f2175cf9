"""A prompt object: messages with {{variables}}, a model and its tools."""

import re
from typing import Any

from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.importers.assistants.tools import add_tools
from flowloom.exchange.importers.chat_agent import ChatAgent
from flowloom.exchange.importers.json_shapes import fields_of
from flowloom.exchange.importers.model_names import model_name
from flowloom.nodes.port_names import named_ports
from flowloom.nodes.templates import names_in

ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
MESSAGES = frozenset("message input query question text user_message user_input prompt request".split())
"""Variables that stand for what the person writes."""
_VARIABLE = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")


def is_prompt(data: Any) -> bool:
    if not isinstance(data, dict):
        return False
    inner = _prompt(data)
    return bool(_rows(inner)) and (
        "model" in inner or "variables" in inner or "prompt" in str(inner.get("object", ""))
    )


def _prompt(data: dict[str, Any]) -> dict[str, Any]:
    for name in ("prompt", "data", "version"):
        inner = data.get(name)
        if isinstance(inner, dict) and ("messages" in inner or "input" in inner or "instructions" in inner):
            return inner
    return data


def _rows(prompt: dict[str, Any]) -> list[dict[str, str]]:
    """The messages, those without words left out."""
    listed = prompt.get("messages") or prompt.get("input")
    rows = []
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and str(each.get("role")) in ROLES:
            rows.append({"role": ROLES[each["role"]], "text": _text(each.get("content"))})
    return [row for row in rows if row["text"].strip()]


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def draw_prompt(data: dict[str, Any]) -> Imported:
    prompt = _prompt(data)
    name = str(prompt.get("name") or data.get("name") or "Prompt")
    drawing = Drawing("OpenAI API", name, description=str(prompt.get("description") or ""))
    agent = ChatAgent(drawing, name)
    differs = add_tools(agent, drawing, prompt.get("tools"))
    rows = _rows(prompt)
    config: dict[str, Any] = {"model": model_name("openai", str(prompt.get("model") or ""))}
    said = prompt.get("instructions")
    if isinstance(said, str):
        config["instructions"] = said
    config |= agent.settings(prompt)
    text = prompt.get("text")
    format = text.get("format") if isinstance(text, dict) else prompt.get("response_format")
    config |= fields_of(format, has_tools=agent.has_tools, drawing=drawing)
    renamed = {found[1]: found[1].replace(".", "_") for row in rows for found in _VARIABLE.finditer(row["text"])}
    for row in rows:
        row["text"] = _VARIABLE.sub(lambda found: f"{{{{{renamed[found[1]]}}}}}", row["text"])
    names = names_in(*(row["text"] for row in rows))
    if not names and len(rows) == 1 and rows[0]["role"] == "system" and not config.get("instructions"):
        # Instructions alone: what they are followed by is the person's message.
        config["instructions"] = rows[0]["text"]
    else:
        config["messages"] = rows
    if _has_pictures(prompt):
        drawing.remark(
            "It shows the model a picture in a message. Here messages hold words only.",
            "You notice when an answer depends on the picture: describe it in the message.",
        )
    by_user = names_in(*(row["text"] for row in rows if row["role"] == "user"))
    message = _message_in(names, by_user)
    id = agent.finish(config, type="prompt", differs=differs, own=bool(message or by_user))
    _fill_in(drawing, agent, id, names, message)
    return drawing.finished()


def _has_pictures(prompt: dict[str, Any]) -> bool:
    listed = prompt.get("messages") or prompt.get("input")
    rows = listed if isinstance(listed, list) else []
    contents = [row.get("content") for row in rows if isinstance(row, dict)]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    return any(isinstance(part, dict) and "image" in str(part.get("type")) for part in parts)


def _message_in(names: tuple[str, ...], by_user: tuple[str, ...]) -> str:
    """The variable that stands for the chat message: called like one, or the only one, in a message of the user."""
    called = next((name for name in names if name.lower() in MESSAGES), "")
    return called or (names[0] if len(names) == 1 and by_user else "")


def _fill_in(drawing: Drawing, agent: ChatAgent, id: str, names: tuple[str, ...], message: str) -> None:
    """A form asks for the variables before the model is asked; with no variables the chat message is enough."""
    if message:
        drawing.join(f"{agent.message}.message", f"{id}.{message}")
    asked = [name for name in names if name != message]
    if not asked:
        return
    fields = [{"name": name} for name in asked]
    form = drawing.block("people.form", "Variables", {"question": "Variables", "fields": fields}, key="variables")
    drawing.join(f"{agent.message}.message", f"{form}.value")
    for name, port in zip(asked, named_ports(asked, taken=("late",)), strict=True):
        drawing.join(f"{form}.{port.id}", f"{id}.{name}")
    drawing.remark(
        "The values that a program gave to the prompt are asked for in a form.",
        "You notice at each message: connect other blocks to the model instead.",
    )
    drawing.carried("variables", "Variables", "variables", form)
