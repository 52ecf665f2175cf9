"""The text of a specification as plain data: JSON or YAML, bounded in size, depth and repetition."""

import json
from typing import Any

from flowloom.errors import HttpError
from flowloom.services.formats.guarded_yaml import YamlFault, read_yaml

MAX_BYTES = 12_000_000
Document = dict[str, Any]


class SpecificationError(HttpError):
    """What was given is no specification that can be read."""

    code = "openapi"


def read_document(data: str | bytes) -> Document:
    """The mapping a JSON or YAML text holds. Raises SpecificationError."""
    if len(data) > MAX_BYTES:
        raise SpecificationError(
            "This specification is larger than {limit} MB.",
            "Ask for one that contains only the operations you need.",
            limit=MAX_BYTES // 1_000_000,
        )
    text = data.decode("utf-8-sig", "replace") if isinstance(data, bytes) else data.removeprefix("\ufeff")
    if not text.strip():
        raise SpecificationError("There is nothing to read yet.", "Paste the text of a specification.")
    found = _read_json(text) if text.lstrip().startswith(("{", "[")) else None
    if found is None:
        found = _read_yaml(text)
    if not isinstance(found, dict):
        raise SpecificationError(
            "This text isn’t a specification.",
            "It should start with “openapi:” or “swagger:”, or be the same in JSON.",
        )
    return found


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        return None  # YAML may begin like JSON


def _read_yaml(text: str) -> Any:
    try:
        return read_yaml(text)
    except YamlFault as fault:
        raise _unread(fault) from None


def _unread(fault: YamlFault) -> SpecificationError:
    if fault.reason == "deep":
        return _too_deep()
    if fault.reason == "repetitive":
        return SpecificationError(
            "This specification refers to itself too often.", "It may be harmful. Use one from its provider."
        )
    if fault.line:
        return SpecificationError(
            "Line {line} of this specification can’t be read.",
            "Check that the text is complete, with all its quotes, brackets and indentation.",
            line=fault.line,
        )
    return SpecificationError(
        "This text isn’t a specification.",
        "It should start with “openapi:” or “swagger:”, or be the same in JSON.",
    )


def _too_deep() -> SpecificationError:
    return SpecificationError(
        "This specification is nested too deeply.", "It may be damaged. Ask its provider for another copy."
    )


def text_of(value: Any, longest: int = 300) -> str:
    """A value as a short text on one line, "" where it is none."""
    if not isinstance(value, str):
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
    line = " ".join(value[: longest * 4].split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
