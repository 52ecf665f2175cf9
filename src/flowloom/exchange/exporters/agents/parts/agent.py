"""A model that may call tools until it knows the answer."""

import asyncio
import json
from collections.abc import Sequence
from contextvars import copy_context
from typing import Any

from agents import FunctionTool, MaxTurnsExceeded

from flowloom.exchange.exporters.agents.parts.models import answered, ask
from flowloom.exchange.exporters.python.parts.agent import Tool, use
from flowloom.exchange.exporters.python.parts.errors import NodeError


def run_agent(
    messages: Sequence[Any],
    tools: Sequence[Tool],
    *,
    steps: int,
    nothing: str,
    model: str = "default",
    temperature: float | None = None,
) -> dict[str, Any]:
    """The answer, and the steps: which tool was called with what, and what it gave."""
    done: list[dict[str, Any]] = []
    offered = [function_tool(tools, tool, nothing, done) for tool in tools]
    try:
        answer = str(asyncio.run(answered(messages, model, temperature, steps, tools=offered)))
    except MaxTurnsExceeded:
        answer = last_word(messages, done, steps, model, temperature)
    return {"answer": answer, "steps": done}


def function_tool(tools: Sequence[Tool], tool: Tool, nothing: str, done: list[dict[str, Any]]) -> Any:
    """A tool as the Agents SDK takes it. It works in a thread of its own, as it may ask a model itself."""

    async def call(context: Any, arguments: str) -> str:
        given = json.loads(arguments or "{}")
        wanted = {"name": tool.name, "args": given}
        result, failed = await asyncio.to_thread(copy_context().run, use, tools, wanted, nothing)
        done.append({"tool": tool.name, "arguments": given, "result": result, "failed": failed})
        return str(result)

    return FunctionTool(tool.name, tool.description, tool.parameters, call, strict_json_schema=False)


def last_word(
    messages: Sequence[Any], done: Sequence[dict[str, Any]], steps: int, model: str, temperature: float | None
) -> str:
    """Ask once more, without tools, for an answer from what they said."""
    results = "\n\n".join(f"{step['tool']}: {step['result']}" for step in done)
    *before, last = messages if messages[-1]["role"] == "user" else [*messages, {"content": ""}]
    text = f"{last['content']}\n\nThe tools said:\n\n{results}\n\nAnswer now from this, without any tool.".lstrip()
    answer = ask([*before, {"role": "user", "content": text}], model, temperature)
    if not answer.strip():
        raise NodeError("The agent found no answer in {steps} steps.", steps=steps)
    return answer
