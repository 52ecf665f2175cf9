"""What a tool gave, as text and data; pictures, sounds and files are named."""

import json
from collections.abc import Callable
from typing import Any

from mcp.types import CallToolResult

from flowloom.kinds.mcp import McpResult, McpTool
from flowloom.services.mcp.limits import DATA, TEXT
from flowloom.services.mcp.tools import unfit

Hide = Callable[[str], str]
MOST_PARTS = 200


def result_from(given: CallToolResult, tool: McpTool, hide: Hide) -> McpResult:
    """The result as it is handed on, keys hidden; `unfit` says where it breaks the tool's promise."""
    data = hidden(given.structured_content, hide)
    if data is not None and len(json.dumps(data, ensure_ascii=False)) > DATA:
        data = None
    text = hide("\n".join(filter(None, map(_said, given.content[:MOST_PARTS]))))[:TEXT]
    broken = unfit(data, tool.gives) if tool.gives and not given.is_error else ""
    if not text and data is not None:
        text = json.dumps(data, ensure_ascii=False)[:TEXT]
    return McpResult(text=text, data=data, unfit=broken)


def _said(part: Any) -> str:
    """One part of a result in words. Whoever keeps files keeps the bytes here: `part.data` is base64."""
    match part.type:
        case "text":
            return str(part.text)
        case "image" | "audio":
            return f"[{part.type}: {part.mime_type}, {_size(part.data)}]"
        case "resource_link":
            return f"[{part.name}: {part.uri}]"
        case "resource":
            return _resource(part.resource)
    return ""


def _resource(resource: Any) -> str:
    text = getattr(resource, "text", None)
    if isinstance(text, str):
        return text
    return f"[{resource.mime_type or 'file'}: {resource.uri}, {_size(getattr(resource, 'blob', ''))}]"


def _size(base64: str) -> str:
    return f"{max(1, len(base64) * 3 // 4096)} KB"


def hidden(value: Any, hide: Hide) -> Any:
    """A value with the keys of its server hidden wherever they stand."""
    match value:
        case str():
            return hide(value)
        case dict():
            return {hide(str(name)): hidden(each, hide) for name, each in value.items()}
        case list():
            return [hidden(each, hide) for each in value]
    return value
