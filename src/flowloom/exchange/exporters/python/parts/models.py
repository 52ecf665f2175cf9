"""Models: which one is asked, and how."""

import json
import os
from collections.abc import Sequence
from functools import cache
from typing import Any

from langchain.chat_models import init_chat_model
from langgraph.func import task

from flowloom.exchange.exporters.python.parts.errors import NodeError

MODELS = {
    "default": os.environ.get("MODEL", "openai:gpt-5-mini"),
    "fast": os.environ.get("MODEL_FAST", os.environ.get("MODEL", "openai:gpt-5-mini")),
    "careful": os.environ.get("MODEL_CAREFUL", os.environ.get("MODEL", "openai:gpt-5-mini")),
}


@cache
def chat_model(name: str, temperature: float | None) -> Any:
    """A role, or a model by its name. Its key comes from the environment, such as OPENAI_API_KEY."""
    options: dict[str, Any] = {} if temperature is None else {"temperature": temperature}
    if address := os.environ.get("MODEL_URL"):
        options["base_url"] = address
    return init_chat_model(MODELS.get(name, name), **options)


@task
def reply_to(
    messages: Sequence[Any],
    model: str,
    temperature: float | None,
    tools: Sequence[Any],
    schema: dict[str, Any] | None,
) -> Any:
    """One reply. Called as a task, so that a run that waited for a person does not ask again."""
    chat = chat_model(model, temperature)
    if schema is not None:
        shape = {"title": "answer", "description": "The answer", **schema}
        return chat.with_structured_output(shape, include_raw=True).invoke(list(messages))["raw"]
    return (chat.bind_tools(list(tools)) if tools else chat).invoke(list(messages))


def ask(messages: Sequence[Any], model: str = "default", temperature: float | None = None) -> str:
    """A model's answer."""
    return str(reply_to(messages, model, temperature, (), None).result().text)


def ask_for(
    messages: Sequence[Any], schema: dict[str, Any], model: str = "default", temperature: float | None = None
) -> dict[str, Any]:
    """A model's answer as an object that fits a schema, without what it left empty."""
    text = str(reply_to(messages, model, temperature, (), schema).result().text)
    try:
        found = json.loads(text[text.index("{") : text.rindex("}") + 1])
    except ValueError:
        raise NodeError("The model did not answer in the shape that was asked for.") from None
    return {name: value for name, value in found.items() if value is not None}
