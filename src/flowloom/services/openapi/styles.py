"""How lists and objects are written in addresses, headers and forms, as OpenAPI 3 and Swagger 2 each name it.

OpenAPI 3.0.3 and 3.1.0, “Style Values” and “Encoding Object”; Swagger 2.0, `collectionFormat`.
"""

from collections.abc import Mapping
from typing import Any

from flowloom.kinds.operations import Place, Style

_COLLECTIONS: Mapping[str, Style] = {
    "csv": "comma",
    "ssv": "space",
    "tsv": "tab",
    "pipes": "pipe",
    "multi": "form",
}
_DELIMITED: Mapping[str, Style] = {"spaceDelimited": "space", "pipeDelimited": "pipe"}
Written = tuple[Style, bool, bool]
"""Style, whether objects are exploded, whether reserved signs stay as they are."""


def style_of(part: Mapping[str, Any], place: Place) -> Written:
    """How a parameter of OpenAPI 3 is written."""
    if _is_json(part.get("content")):
        return "json", False, False
    style = part.get("style") if isinstance(part.get("style"), str) else ""
    if place in ("path", "header"):
        explode = part.get("explode") is True
        return ("label" if style == "label" else "matrix" if style == "matrix" else "comma"), explode, False
    return _style(style, part.get("explode"), part.get("allowReserved") is True)


def style_of_collection(part: Mapping[str, Any], place: Place | str) -> Written:
    """How a parameter of Swagger 2 is written; commas unless it says otherwise."""
    style = _COLLECTIONS.get(str(part.get("collectionFormat", "csv")), "comma")
    return ("comma" if style == "form" and place not in ("query", "formData") else style), False, False


def style_of_field(encoding: Mapping[str, Any]) -> Written:
    """How a field of a form is written. Where a style is named, a `contentType` beside it counts for nothing."""
    if any(name in encoding for name in ("style", "explode", "allowReserved")):
        style = encoding.get("style") if isinstance(encoding.get("style"), str) else ""
        return _style(style, encoding.get("explode"), encoding.get("allowReserved") is True)
    media = str(encoding.get("contentType", ""))
    return ("json" if media and _media_is_json(media) else "form"), False, False


def _style(style: Any, explode: Any, reserved: bool) -> Written:
    if style == "deepObject":
        return "deep", True, reserved
    if style in _DELIMITED:
        return ("form" if explode is True else _DELIMITED[style]), False, reserved
    return ("comma" if explode is False else "form"), explode is not False, reserved


def _is_json(content: Any) -> bool:
    return isinstance(content, dict) and any(_media_is_json(str(media)) for media in content)


def _media_is_json(media: str) -> bool:
    kind = media.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")
