"""A model that answers by rules from the request alone, so that two programs that ask alike hear the same."""

import json
import re
from collections import Counter
from typing import Any

from benchmarks.fidelity.cases import asked, text_of

from tests.openai_server import Say


def reply(body: dict[str, Any]) -> Say:
    """Fields by their schema, each tool once, else an echo of the last words."""
    messages = body["messages"]
    if "response_format" in body:
        schema = body["response_format"]["json_schema"]["schema"]
        return Say(json.dumps(_fill(schema, _last(messages)), ensure_ascii=False))
    used = sum(message["role"] == "tool" for message in messages)
    tools = body.get("tools") or []
    if used < len(tools):
        tool = tools[used]["function"]
        return Say(tools=[(tool["name"], json.dumps(_fill(tool["parameters"], "")))])
    return Say(f"Re: {_last(messages)[:300]}")


def _last(messages: list[dict[str, Any]]) -> str:
    return next((text_of(each.get("content")) for each in reversed(messages) if each["role"] == "user"), "")


def _fill(schema: dict[str, Any], said: str) -> Any:
    """A value that fits a schema; of several choices, one that depends on what was said."""
    if "enum" in schema:
        return schema["enum"][len(said) % len(schema["enum"])]
    kind = schema.get("type")
    types = kind if isinstance(kind, list) else [kind]
    match types[0]:
        case "object":
            return {name: _fill(each, said) for name, each in schema.get("properties", {}).items()}
        case "array":
            return [_fill(schema.get("items", {}), said), "and more"]
        case "number" | "integer":
            return len(said) % 20 + 1
        case "boolean":
            return "unwanted" not in json.dumps(schema) and len(said) % 2 == 0
    return "2 + 3" if not said else said[:20]


def compared(body: dict[str, Any]) -> str:
    """A request as it is compared: messages, tools with their schemas, temperature, and the shape of the answer."""
    shape = body.get("response_format", {}).get("json_schema", {}).get("schema")
    shown = asked(body) | {"parameters": [each["function"] for each in body.get("tools") or ()], "shape": shape}
    for name in ("title", "description"):
        if isinstance(shown["shape"], dict):
            shown["shape"] = {key: value for key, value in shown["shape"].items() if key != name}
    text = json.dumps(shown, sort_keys=True, ensure_ascii=False)
    return re.sub(r"\b\d\d:\d\d\b", "HH:MM", text)


def counted(bodies: list[dict[str, Any]]) -> Counter[str]:
    """Requests whatever their order: blocks side by side ask in any."""
    return Counter(map(compared, bodies))
