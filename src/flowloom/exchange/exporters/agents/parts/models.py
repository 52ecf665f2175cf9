"""Models: which one is asked, and how."""

import asyncio
import json
import os
from collections.abc import Sequence
from typing import Any

from agents import (
    Agent,
    AgentOutputSchemaBase,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    set_tracing_disabled,
)
from openai import AsyncOpenAI

from flowloom.exchange.exporters.python.parts.errors import NodeError

MODELS = {
    "default": os.environ.get("MODEL", "gpt-5-mini"),
    "fast": os.environ.get("MODEL_FAST", os.environ.get("MODEL", "gpt-5-mini")),
    "careful": os.environ.get("MODEL_CAREFUL", os.environ.get("MODEL", "gpt-5-mini")),
}


class Shape(AgentOutputSchemaBase):
    """An answer that fits a JSON schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema

    def is_plain_text(self) -> bool:
        return False

    def name(self) -> str:
        return "answer"

    def json_schema(self) -> dict[str, Any]:
        return self.schema

    def is_strict_json_schema(self) -> bool:
        return True

    def validate_json(self, json_str: str) -> Any:
        return json.loads(json_str[json_str.index("{") : json_str.rindex("}") + 1])


async def answered(
    messages: Sequence[Any], model: str, temperature: float | None, turns: int = 10, **more: Any
) -> Any:
    """What an agent answers; the first message holds its instructions, the others are its input.

    A role is asked, or a model by its name. Its key comes from the environment, OPENAI_API_KEY.
    """
    first = [each["content"] for each in messages[:1] if each["role"] == "system"]
    name, address = MODELS.get(model, model).removeprefix("openai:"), os.environ.get("MODEL_URL")
    set_tracing_disabled(bool(address))  # a server of one's own: nothing is told to OpenAI
    async with AsyncOpenAI(base_url=address) as client:
        chosen = OpenAIChatCompletionsModel if address else OpenAIResponsesModel
        agent = Agent(
            name="Assistant",
            instructions=first[0] if first else None,
            model=name if "/" in name else chosen(model=name, openai_client=client),
            model_settings=ModelSettings(temperature=temperature),
            **more,
        )
        return (await Runner.run(agent, list(messages[len(first) :]), max_turns=turns)).final_output


def ask(messages: Sequence[Any], model: str = "default", temperature: float | None = None) -> str:
    """A model's answer."""
    return str(asyncio.run(answered(messages, model, temperature)))


def ask_for(
    messages: Sequence[Any], schema: dict[str, Any], model: str = "default", temperature: float | None = None
) -> dict[str, Any]:
    """A model's answer as an object that fits a schema, without what it left empty."""
    try:
        found = asyncio.run(answered(messages, model, temperature, output_type=Shape(schema)))
    except ValueError:
        raise NodeError("The model did not answer in the shape that was asked for.") from None
    return {name: value for name, value in found.items() if value is not None}
