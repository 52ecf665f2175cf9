"""The values an operation is called with: its ports, and each value made fit for its schema or refused."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.errors import NodeError
from flowloom.kinds.operations import Operation, Parameter
from flowloom.kinds.port import Port, PortType
from flowloom.locales import Verbatim, add_texts
from flowloom.nodes.port_names import named_ports
from flowloom.nodes.readable import first_words, readable

add_texts(
    {
        "zh": {
            "“{name}” should be {kind}, but “{value}” came.": "“{name}”应该是{kind}，但收到的是“{value}”。",
            "Look at the block that gives it.": "请查看提供它的模块。",
            "“{name}” may not be “{value}”.": "“{name}”不能是“{value}”。",
            "It takes one of these: {choices}.": "只能是以下之一：{choices}。",
            "“{name}” is {value}, which is outside of what this service takes.": (
                "“{name}”是 {value}，超出了这个服务接受的范围。"
            ),
            "It may be {limits}.": "可以是 {limits}。",
            "Nothing arrived for “{name}”, which this operation needs.": (
                "“{name}”没有收到任何内容，而这个操作需要它。"
            ),
            "a whole number": "一个整数",
        },
        "fr": {
            "“{name}” should be {kind}, but “{value}” came.": (
                "« {name} » devrait être {kind}, mais « {value} » est arrivé."
            ),
            "Look at the block that gives it.": "Regardez le bloc qui le donne.",
            "“{name}” may not be “{value}”.": "« {name} » ne peut pas être « {value} ».",
            "It takes one of these: {choices}.": "Les valeurs possibles sont : {choices}.",
            "“{name}” is {value}, which is outside of what this service takes.": (
                "« {name} » vaut {value}, ce que ce service n’accepte pas."
            ),
            "It may be {limits}.": "Les limites sont {limits}.",
            "Nothing arrived for “{name}”, which this operation needs.": (
                "Rien n’est arrivé pour « {name} », dont cette opération a besoin."
            ),
            "a whole number": "un nombre entier",
        },
    }
)

_PORTS = {
    "string": PortType.TEXT,
    "integer": PortType.NUMBER,
    "number": PortType.NUMBER,
    "boolean": PortType.BOOLEAN,
    "array": PortType.LIST,
    "object": PortType.JSON,
}
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


def ports_of(operation: Operation) -> tuple[Port, ...]:
    """An input for each of its parameters, in order."""
    ports = named_ports(parameter.name for parameter in operation.parameters)
    return tuple(
        port.model_copy(update={"type": _port_type(parameter.schema), "required": _must_come(parameter)})
        for port, parameter in zip(ports, operation.parameters, strict=True)
    )


def _must_come(parameter: Parameter) -> bool:
    return parameter.required and parameter.schema.get("default") is None


def schema_of(operation: Operation) -> dict[str, Any]:
    """The JSON schema of its inputs, as a model fills them."""
    pairs = list(zip(ports_of(operation), operation.parameters, strict=True))
    return {
        "type": "object",
        "properties": {port.id: _described(parameter) for port, parameter in pairs},
        "required": [port.id for port, _ in pairs if port.required],
    }


def _described(parameter: Parameter) -> dict[str, Any]:
    about = parameter.about or parameter.schema.get("description", "")
    return {**parameter.schema, **({"description": about} if about else {})}


def _types(schema: Mapping[str, Any]) -> Sequence[str]:
    kind = schema.get("type", [])
    return [each for each in ([kind] if isinstance(kind, str) else kind) if each in _PORTS]


def _port_type(schema: Mapping[str, Any]) -> PortType:
    types = _types(schema)
    return _PORTS[types[0]] if len(types) == 1 else PortType.ANY


def given(operation: Operation, values: Mapping[str, Any]) -> list[tuple[Parameter, Any]]:
    """Each parameter that has a value, and the value as its schema wants it. Raises NodeError."""
    found = []
    for port, parameter in zip(ports_of(operation), operation.parameters, strict=True):
        value = values.get(port.id)
        if value is None and parameter.required:
            value = parameter.schema.get("default")
        if value is None or (value == "" and not parameter.required):
            if parameter.required:
                raise NodeError(
                    "Nothing arrived for “{name}”, which this operation needs.",
                    "Join a block to this input.",
                    code="action.missing",
                    name=Verbatim(parameter.name),
                )
            continue
        found.append((parameter, fit(value, parameter.schema, parameter.name)))
    return found


def fit(value: Any, schema: Mapping[str, Any], name: str, depth: int = 0) -> Any:
    """A value as a schema wants it. Raises NodeError where it cannot be."""
    types = _types(schema)
    fits = [found for kind in types if (found := _READERS[kind](value)) is not _MISFIT]
    if types and not fits:
        raise NodeError(
            "“{name}” should be {kind}, but “{value}” came.",
            "Look at the block that gives it.",
            code="action.type",
            name=Verbatim(name),
            kind=_LABELS[types[0]],
            value=Verbatim(first_words(readable(value))),
        )
    found = fits[0] if fits else value
    _refuse_unlisted(found, schema, name)
    _refuse_beyond(found, schema, name)
    if depth < MAX_DEPTH:
        return _fit_inside(found, schema, name, depth + 1)
    return found


def _fit_inside(value: Any, schema: Mapping[str, Any], name: str, depth: int) -> Any:
    items, properties = schema.get("items"), schema.get("properties")
    if isinstance(value, list) and isinstance(items, dict):
        return [fit(each, items, name, depth) for each in value]
    if isinstance(value, dict) and isinstance(properties, dict):
        known = {key: each for key, each in value.items() if isinstance(properties.get(key), dict)}
        fitted = {key: fit(each, properties[key], f"{name}.{key}", depth) for key, each in known.items()}
        return {**value, **fitted}
    return value


def _refuse_unlisted(value: Any, schema: Mapping[str, Any], name: str) -> None:
    choices = schema.get("enum")
    if isinstance(choices, list) and value not in choices:
        raise NodeError(
            "“{name}” may not be “{value}”.",
            "It takes one of these: {choices}.",
            code="action.choice",
            name=Verbatim(name),
            value=Verbatim(first_words(readable(value))),
            choices=Verbatim(first_words(", ".join(map(str, choices)), 300)),
        )


def _refuse_beyond(value: Any, schema: Mapping[str, Any], name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    low, high = schema.get("minimum"), schema.get("maximum")
    too_low = isinstance(low, int | float) and value < low
    too_high = isinstance(high, int | float) and value > high
    if too_low or too_high:
        raise NodeError(
            "“{name}” is {value}, which is outside of what this service takes.",
            "It may be {limits}.",
            code="action.limits",
            name=Verbatim(name),
            value=value,
            limits=" … ".join(str(limit) for limit in (low, high) if limit is not None),
        )


def _as_text(value: Any) -> Any:
    return _MISFIT if isinstance(value, dict | list) else readable(value)


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


def _as_list(value: Any) -> Any:
    read = _read(value)
    return read if isinstance(read, list) else _MISFIT if isinstance(read, dict) else [value]


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


_READERS = {
    "string": _as_text,
    "integer": _as_whole,
    "number": _as_number,
    "boolean": _as_yes_no,
    "array": _as_list,
    "object": _as_object,
}
