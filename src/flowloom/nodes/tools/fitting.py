"""A value made fit for a schema, or refused: what it is counts first, then what it can be read as."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flowloom.errors import NodeError
from flowloom.locales import Verbatim, add_texts
from flowloom.nodes.readable import first_words, readable
from flowloom.nodes.tools.json_types import (
    Schema,
    allows_null,
    choices_of,
    fits,
    is_among,
    is_of,
    options_of,
    out_of_range,
    types_of,
)

add_texts(
    {
        "zh": {
            "“{name}” should be {kind}, but “{value}” came.": "“{name}”应该是{kind}，但收到的是“{value}”。",
            "“{name}” should be {kind}, but it is empty.": "“{name}”应该是{kind}，但它是空的。",
            "Look at the block that gives it.": "请查看提供它的模块。",
            "“{name}” may not be “{value}”.": "“{name}”不能是“{value}”。",
            "It takes one of these: {choices}.": "只能是以下之一：{choices}。",
            "“{name}” is {value}, which is outside of what this service takes.": (
                "“{name}”是 {value}，超出了这个服务接受的范围。"
            ),
            "It may be {limits}.": "可以是 {limits}。",
            "a whole number": "一个整数",
        },
        "fr": {
            "“{name}” should be {kind}, but “{value}” came.": (
                "« {name} » devrait être {kind}, mais « {value} » est arrivé."
            ),
            "“{name}” should be {kind}, but it is empty.": "« {name} » devrait être {kind}, mais c’est vide.",
            "Look at the block that gives it.": "Regardez le bloc qui le donne.",
            "“{name}” may not be “{value}”.": "« {name} » ne peut pas être « {value} ».",
            "It takes one of these: {choices}.": "Les valeurs possibles sont : {choices}.",
            "“{name}” is {value}, which is outside of what this service takes.": (
                "« {name} » vaut {value}, ce que ce service n’accepte pas."
            ),
            "It may be {limits}.": "Les limites sont {limits}.",
            "a whole number": "un nombre entier",
        },
    }
)

_LABELS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "yes or no",
    "array": "a list",
    "object": "structured data",
}
_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_MISFIT = object()
MAX_DEPTH = 6


def fit(value: Any, schema: Schema, name: str, depth: int = 0) -> Any:
    """A value as a schema wants it. Raises NodeError where it cannot be."""
    if value is None and allows_null(schema):
        return None
    found = _fit_type(value, schema, name)
    if depth < MAX_DEPTH:
        found = _fit_inside(found, schema, name, depth + 1)
        if options := options_of(schema):
            found = _fit_option(found, options, name, depth + 1)
    found = _fit_choice(found, schema, name)
    _refuse_beyond(found, schema, name)
    return found


def _fit_type(value: Any, schema: Schema, name: str) -> Any:
    types = types_of(schema)
    if not types or any(is_of(value, kind) for kind in types):
        return _as_date(value, schema)
    order = _OF_TEXTS if isinstance(value, str) else _OF_OTHERS
    read = (_READERS[kind](value) for kind in order if kind in types)
    found = next((each for each in read if each is not _MISFIT), _MISFIT)
    if found is _MISFIT:
        raise _misfit(value, types, name)
    return found


def _misfit(value: Any, types: Sequence[str], name: str) -> NodeError:
    kind = next((_LABELS[each] for each in types if each in _LABELS), "text")
    if value is None:
        return NodeError(
            "“{name}” should be {kind}, but it is empty.",
            "Look at the block that gives it.",
            code="action.type",
            name=Verbatim(name),
            kind=kind,
        )
    return NodeError(
        "“{name}” should be {kind}, but “{value}” came.",
        "Look at the block that gives it.",
        code="action.type",
        name=Verbatim(name),
        kind=kind,
        value=Verbatim(first_words(readable(value))),
    )


def _fit_option(value: Any, options: Sequence[Schema], name: str, depth: int) -> Any:
    """The value by the option that it is meant for: as it stands, else the nearest that it can be read as."""
    if any(fits(value, option) for option in options):
        return value
    errors: list[NodeError] = []
    for option in sorted(options, key=lambda option: _distance(value, option)):
        try:
            return fit(value, option, name, depth)
        except NodeError as error:
            errors.append(error)
    raise errors[0]


def _distance(value: Any, option: Schema) -> tuple[bool, bool, int, int]:
    """How far a value is from an option: of another type, labelled otherwise, lacking fields, having others."""
    types = types_of(option)
    if not isinstance(value, dict):
        return bool(types) and not any(is_of(value, kind) for kind in types), False, 0, 0
    known: Mapping[str, Any] = option.get("properties") or {}
    labels = [(value[each], choices_of(known[each])) for each in known if each in value]
    wrong = any(choices is not None and not is_among(label, choices) for label, choices in labels)
    lacking = sum(each not in value for each in option.get("required", ()))
    return bool(types) and "object" not in types, wrong, lacking, sum(each not in known for each in value)


def _fit_inside(value: Any, schema: Schema, name: str, depth: int) -> Any:
    items, properties = schema.get("items"), schema.get("properties")
    if isinstance(value, list) and isinstance(items, dict):
        return [fit(each, items, name, depth) for each in value]
    if isinstance(value, dict):
        known: Mapping[str, Any] = properties if isinstance(properties, dict) else {}
        return dict(_fit_fields(value, known, schema, name, depth))
    return value


def _fit_fields(
    value: Mapping[str, Any], known: Mapping[str, Any], schema: Schema, name: str, depth: int
) -> Iterator[tuple[str, Any]]:
    extra, required = schema.get("additionalProperties"), schema.get("required", ())
    for key, each in value.items():
        inner = known.get(key, extra)
        if not isinstance(inner, dict):
            yield key, each
        # Null where only a value or nothing is asked for means nothing.
        elif each is not None or key in required or _may_be_null(inner):
            yield key, fit(each, inner, f"{name}.{key}", depth)


def _may_be_null(schema: Schema) -> bool:
    return allows_null(schema) or not (types_of(schema) or options_of(schema))


def _fit_choice(value: Any, schema: Schema, name: str) -> Any:
    choices = choices_of(schema)
    if choices is None or is_among(value, choices) or (value is None and allows_null(schema)):
        return value
    said = readable(value).strip().casefold() if not isinstance(value, dict | list | None) else None
    alike = [each for each in choices if said is not None and readable(each).casefold() == said]
    if len(alike) == 1:
        return alike[0]
    raise NodeError(
        "“{name}” may not be “{value}”.",
        "It takes one of these: {choices}.",
        code="action.choice",
        name=Verbatim(name),
        value=Verbatim(first_words(readable(value))),
        choices=Verbatim(first_words(", ".join(map(str, choices)), 300)),
    )


def _refuse_beyond(value: Any, schema: Schema, name: str) -> None:
    if not out_of_range(value, schema):
        return
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    raise NodeError(
        "“{name}” is {value}, which is outside of what this service takes.",
        "It may be {limits}.",
        code="action.limits",
        name=Verbatim(name),
        value=value,
        limits=" … ".join(str(limit) for limit in (low, high) if limit is not None),
    )


def _as_date(value: Any, schema: Schema) -> Any:
    """A day where a day is asked for, and a day's first moment where a moment is (RFC 3339, section 5.6)."""
    wanted = schema.get("format")
    if not isinstance(value, str) or wanted not in ("date", "date-time"):
        return value
    text = value.strip()
    try:
        if wanted == "date-time":
            return f"{date.fromisoformat(text).isoformat()}T00:00:00Z" if len(text) == 10 else value
        moment = datetime.fromisoformat(text)
    except ValueError:
        return value
    # The time of day would be lost, and with it perhaps the day in another time zone.
    return moment.date().isoformat() if moment.time() == datetime.min.time() else value


def _as_text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"  # as services write it
    return _MISFIT if isinstance(value, dict | list | None) else readable(value)


def _as_number(value: Any) -> Any:
    if isinstance(value, bool):
        return _MISFIT
    try:
        found = float(value.strip() if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        return _MISFIT
    if found != found or found in (float("inf"), float("-inf")):
        return _MISFIT
    return int(found) if found.is_integer() else found


def _as_whole(value: Any) -> Any:
    # A long id as a text must not lose its last figures on the way through a float.
    if isinstance(value, str) and value.strip().lstrip("+-").isdecimal() and len(value) < 40:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = _as_number(value)
    return found if isinstance(found, int) else _MISFIT


def _as_yes_no(value: Any) -> Any:
    return value if isinstance(value, bool) else _YES_NO.get(str(value).strip().lower(), _MISFIT)


def _as_null(value: Any) -> Any:
    return None if isinstance(value, str) and value.strip().lower() in ("", "null", "none") else _MISFIT


def _as_list(value: Any) -> Any:
    read = _read(value)
    return read if isinstance(read, list) else _MISFIT if isinstance(read, dict | None) else [value]


def _as_object(value: Any) -> Any:
    read = _read(value)
    return read if isinstance(read, dict) else _MISFIT


def _read(value: Any) -> Any:
    if not isinstance(value, str):
        return list(value) if isinstance(value, tuple) else value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "boolean": _as_yes_no,
    "integer": _as_whole,
    "number": _as_number,
    "object": _as_object,
    "null": _as_null,
    "string": _as_text,
    "array": _as_list,
}
_OF_TEXTS = ("integer", "number", "boolean", "object", "null", "string", "array")
"""What a text is read as, in the order tried: what says most first."""
_OF_OTHERS = ("integer", "number", "object", "string", "boolean", "array")
"""The same for values that are no texts."""
