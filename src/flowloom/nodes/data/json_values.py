"""Whatever arrives at a block as plain data: dictionaries, lists, texts, numbers, yes and no."""

import json
import re
from typing import Any

from pydantic_core import to_jsonable_python

from flowloom.errors import NodeError
from flowloom.kinds.values import Passage
from flowloom.locales import add_texts

# Models like to wrap what they were asked for in a fence.
_FENCE = re.compile(r"```\w*+\s*+")

add_texts(
    {
        "zh": {
            "This text holds no structured data.": "这段文本里没有结构化数据。",
            "It should be JSON, such as {sample}.": "应该是 JSON，例如 {sample}。",
            "This value cannot be used as data.": "这个值不能当作数据使用。",
            "It may be nested too deeply.": "它可能嵌套过深。",
        },
        "fr": {
            "This text holds no structured data.": "Ce texte ne contient pas de données structurées.",
            "It should be JSON, such as {sample}.": "Il devrait être du JSON, par exemple {sample}.",
            "This value cannot be used as data.": "Cette valeur ne peut pas servir de données.",
            "It may be nested too deeply.": "Elle est peut-être imbriquée trop profondément.",
        },
    }
)


def read_json(text: str) -> Any:
    """The data a JSON text holds, fenced or not. Raises ValueError."""
    try:
        return json.loads(_unfenced(text))
    except RecursionError as error:
        raise ValueError("too deep") from error


def _unfenced(text: str) -> str:
    first, _, rest = text.strip().partition("\n")
    return rest[:-3] if _FENCE.fullmatch(first) and rest.endswith("```") else text


def structured(value: Any) -> Any:
    """A value as data to look into; a text is read as JSON."""
    if not isinstance(value, str):
        return plain(value)
    try:
        return read_json(value)
    except ValueError as error:
        raise NodeError(
            "This text holds no structured data.",
            "It should be JSON, such as {sample}.",
            code="json",
            sample='{"name": "Ada"}',
        ) from error


def plain(value: Any) -> Any:
    """A value without objects of ours, which a template or a path has no business with."""
    try:
        if isinstance(value, Passage):
            return {"place": value.place} | to_jsonable_python(value)
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        return to_jsonable_python(value, fallback=str)
    except (ValueError, RecursionError) as error:
        raise NodeError(
            "This value cannot be used as data.", "It may be nested too deeply.", code="data"
        ) from error
