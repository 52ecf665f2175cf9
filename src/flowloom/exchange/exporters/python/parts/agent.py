"""A model that may call tools until it knows the answer."""

from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any, NamedTuple

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.models import reply_to
from flowloom.exchange.exporters.python.parts.people import PASSES_ON, ask_first
from flowloom.exchange.exporters.python.parts.values import readable

CALLS_AT_ONCE = 16
LONGEST_RESULT = 20_000


class Tool(NamedTuple):
    """A function as a model sees it: `parameters` is a JSON schema, `names` are of its inputs where they differ.

    With `ask_first` a person allows each call.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    function: Callable[..., Any]
    ask_first: str = ""
    names: dict[str, str] | None = None

    @property
    def schema(self) -> dict[str, Any]:
        told = {"name": self.name, "description": self.description, "parameters": self.parameters}
        return {"type": "function", "function": told}


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
    said, done = list(messages), list[dict[str, Any]]()
    for _ in range(steps):
        reply = reply_to(said, model, temperature, [tool.schema for tool in tools], None).result()
        if not reply.tool_calls:
            return {"answer": str(reply.text), "steps": done}
        said.append(reply)
        for number, call in enumerate(reply.tool_calls):
            result, failed = use(tools, call, nothing) if number < CALLS_AT_ONCE else TOO_MANY
            done.append({"tool": call["name"], "arguments": call["args"], "result": result, "failed": failed})
            said.append({"role": "tool", "content": result, "tool_call_id": call["id"]})
    return {"answer": last_word(messages, done, steps, model, temperature), "steps": done}


TOO_MANY = ("Not run: too many calls at once.", True)


def use(tools: Sequence[Tool], call: dict[str, Any], nothing: str) -> tuple[str, bool]:
    """What a tool answered and whether it failed. A model is told its mistakes, so that it can mend them."""
    tool = next((tool for tool in tools if tool.name == call["name"]), None)
    if tool is None:
        known = ", ".join(tool.name for tool in tools) or "none"
        return f"There is no tool {call['name']!r}. The tools are: {known}.", True
    try:
        if tool.ask_first:
            ask_first(tool.ask_first, call["args"])
        result = told(tool.function(**fitting(tool, call["args"]))) or nothing
    except PASSES_ON:
        raise
    except Exception as error:
        return f"The tool failed: {error}", True
    return (result if len(result) <= LONGEST_RESULT else result[:LONGEST_RESULT] + "\n… (cut off here)"), False


def fitting(tool: Tool, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments that a tool knows, by the names of its inputs."""
    given = {(tool.names or {}).get(name, name): value for name, value in arguments.items()}
    return {name: value for name, value in given.items() if name in signature(tool.function).parameters}


def told(outputs: dict[str, Any]) -> str:
    """What a tool gave, as a model reads it: its text where it has one."""
    if not any(value or value in (0, False) for value in outputs.values()):
        return ""
    text = outputs.get("text")
    return text if isinstance(text, str) and text.strip() else readable(outputs)


def last_word(
    messages: Sequence[Any], done: Sequence[dict[str, Any]], steps: int, model: str, temperature: float | None
) -> str:
    """Ask once more, without tools, for an answer from what they said."""
    results = "\n\n".join(f"{step['tool']}: {step['result']}" for step in done)
    *before, last = messages if messages[-1]["role"] == "user" else [*messages, {"content": ""}]
    text = f"{last['content']}\n\nThe tools said:\n\n{results}\n\nAnswer now from this, without any tool.".lstrip()
    reply = reply_to([*before, {"role": "user", "content": text}], model, temperature, (), None).result()
    if not str(reply.text).strip():
        raise NodeError("The agent found no answer in {steps} steps.", steps=steps)
    return str(reply.text)
