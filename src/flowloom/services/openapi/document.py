"""The text of a specification as plain data: JSON or YAML, bounded in size, depth and repetition."""

import json
import re
from typing import Any

from flowloom.errors import HttpError
from flowloom.services.openapi.yaml12 import MAX_PARTS, Repetitive, loader_over

MAX_BYTES = 12_000_000
MAX_DEPTH = 500
_INDENT = re.compile(r"^[ ?:-]+", re.MULTILINE)
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
    import yaml  # type: ignore[import-untyped]

    _refuse_depth(text)
    loader = _loader()(text)
    try:
        try:
            found = loader.get_single_data()
        finally:
            loader.dispose()
    except Repetitive:
        raise _too_repetitive() from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SpecificationError(
            "Line {line} of this specification can’t be read.",
            "Check that the text is complete, with all its quotes, brackets and indentation.",
            line=line,
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError, TypeError):
        raise SpecificationError(
            "This text isn’t a specification.",
            "It should start with “openapi:” or “swagger:”, or be the same in JSON.",
        ) from None
    _refuse_bombs(found)
    return found


def _loader() -> Any:
    import yaml

    # On libyaml where it is there: ten times as fast, and as safe.
    return loader_over(getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.ScalarNode)


def _refuse_depth(text: str) -> None:
    """The parser in C follows nesting without a limit and takes the whole process down with it."""
    import yaml

    widest = max((len(found[0]) for found in _INDENT.finditer(text)), default=0)
    if text.count("[") + text.count("{") <= MAX_DEPTH and widest <= MAX_DEPTH:
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_loader()):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _too_deep()
    except yaml.YAMLError:
        return  # said with its line when it is read


def _refuse_bombs(found: Any) -> None:
    """Aliases make one thing stand at many places; written out it must not be far larger than its text."""
    sizes: dict[int, int] = {}

    def size(value: Any) -> int:
        if not isinstance(value, dict | list):
            return 1
        if id(value) in sizes:
            if sizes[id(value)] < 0:
                raise _too_deep()  # it holds itself
            return sizes[id(value)]
        sizes[id(value)] = -1
        total = 1 + sum(size(each) for each in (value.values() if isinstance(value, dict) else value))
        if total > MAX_PARTS:
            raise _too_repetitive()
        sizes[id(value)] = total
        return total

    try:
        size(found)
    except RecursionError:
        raise _too_deep() from None


def _too_deep() -> SpecificationError:
    return SpecificationError(
        "This specification is nested too deeply.", "It may be damaged. Ask its provider for another copy."
    )


def _too_repetitive() -> SpecificationError:
    return SpecificationError(
        "This specification refers to itself too often.", "It may be harmful. Use one from its provider."
    )


def text_of(value: Any, longest: int = 300) -> str:
    """A value as a short text on one line, "" where it is none."""
    if not isinstance(value, str):
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
    line = " ".join(value[: longest * 4].split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def mapping(value: Any) -> Document:
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
