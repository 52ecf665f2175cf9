"""A custom GPT as one agent with what it may use."""

from typing import Any

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers.chat_agent import ChatAgent
from flowloom.exchange.importers.customgpt.card import Card, card_of, is_form, is_gizmo
from flowloom.exchange.importers.customgpt.shape import SHAPE
from flowloom.exchange.importers.model_names import model_name
from flowloom.exchange.source import Source

NAME = "ChatGPT"


def recognises(source: Source) -> bool:
    return _is_export(source) or is_gizmo(source.data) or is_form(source.data)


def _is_export(source: Source) -> bool:
    """Whether this is what ChatGPT sends who asks for all their data."""
    if any(name.rpartition("/")[2] in ("conversations.json", "message_feedback.json") for name in source.files):
        return True
    data = source.json
    first = data[0] if isinstance(data, list) and data else None
    return isinstance(first, dict) and isinstance(first.get("mapping"), dict)


def read(source: Source) -> Imported:
    if _is_export(source):
        raise FlowFileError(
            "A ChatGPT data export holds your conversations, but not the instructions of your GPTs.",
            "Open the GPT in ChatGPT, choose Edit, then Configure, and copy what stands there into a new GPT here.",
        )
    return draw(card_of(source.data))


def draw(card: Card) -> Imported:
    drawing = Drawing(NAME, card.name, description=card.description)
    drawing.starters = card.starters
    agent = ChatAgent(drawing, card.name or "GPT")
    for ability in card.abilities:
        agent.ability(ability)
    for action in card.actions:
        _action(agent, action)
    if card.files:
        agent.knowledge(card.files)
    config: dict[str, Any] = {"instructions": card.instructions, "model": model_name("openai", card.model)}
    agent.finish(config)
    if not card.instructions.strip():
        drawing.do(
            "This file holds no instructions.",
            "Only the owner of a GPT gets them: copy them from ChatGPT into the block.",
        )
    return drawing.finished()


def _action(agent: ChatAgent, action: Any) -> None:
    if isinstance(action, str):
        agent.action(action, "")
        return
    spec = next(
        (
            action[name]
            for name in ("raw_spec", "schema", "spec", "json_schema", "openapi_schema")
            if action.get(name)
        ),
        action,
    )
    agent.action(spec, str(action.get("domain") or action.get("name") or ""))


IMPORTER = Importer("customgpt", NAME, recognises, read, SHAPE)
