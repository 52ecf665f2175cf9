"""Values as texts to read."""

import json
from typing import Any

from flowloom.exchange.exporters.python.parts.errors import NodeError


def readable(value: Any) -> str:
    """Any value as a person would read it: text as it is, a list a line each, the rest as JSON."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return "\n".join(readable(item) for item in value)
    if isinstance(value, dict) and {"file", "place", "text"} <= value.keys():
        return f"[{value['place']}] {value['text']}"
    if isinstance(value, dict) and {"id", "media_type", "text"} <= value.keys():
        return str(value["text"])
    if isinstance(value, dict) and value.keys() == {"role", "text"}:
        return f"{value['role']}: {value['text']}"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def first_words(text: str, length: int = 60) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text[: length * 4].split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def as_list(value: Any) -> list[Any]:
    return [value]


def as_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def as_number(value: Any) -> float:
    return float(value.strip() if isinstance(value, str) else value)


def first_file(value: Any) -> Any:
    """The first of a list of files."""
    if not value:
        raise NodeError("There is no file.")
    return value[0]
