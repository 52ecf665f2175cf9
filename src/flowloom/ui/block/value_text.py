"""Values as a person writes them into a field, and read back."""

import json
from typing import Any

from pydantic_core import to_json

from flowloom.kinds.port import Port, PortType


def written(value: Any) -> str:
    """A value as it stands in a field: a text as it is, what has a structure as JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    return to_json(value, indent=1, fallback=str).decode()


def read(text: str, port: Port) -> Any:
    """The value for an input. What is no JSON stays a text, and the block judges it."""
    if port.type == PortType.TEXT and not port.many:
        return text
    try:
        value = json.loads(text)
    except ValueError:
        value = text.splitlines() if port.many or port.type == PortType.LIST else text
    if port.many and not isinstance(value, list):
        return [text]
    # What was written as a text is one, also where it reads like a number.
    return text if port.type == PortType.ANY and not isinstance(value, dict | list) else value
