"""The values an operation is called with: its ports, and which of them are sent."""

from collections.abc import Mapping
from typing import Any

from flowloom.errors import NodeError
from flowloom.kinds.operations import Operation, Parameter
from flowloom.kinds.port import Port, PortType
from flowloom.locales import Verbatim, add_texts
from flowloom.nodes.port_names import named_ports
from flowloom.nodes.tools.fitting import fit
from flowloom.nodes.tools.json_types import allows_null, types_of

add_texts(
    {
        "zh": {
            "Nothing arrived for “{name}”, which this operation needs.": (
                "“{name}”没有收到任何内容，而这个操作需要它。"
            ),
        },
        "fr": {
            "Nothing arrived for “{name}”, which this operation needs.": (
                "Rien n’est arrivé pour « {name} », dont cette opération a besoin."
            ),
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
_WITHOUT_NULL = ("form", "multipart", "text")
"""Bodies that have no word for null."""


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


def _port_type(schema: Mapping[str, Any]) -> PortType:
    types = [each for each in types_of(schema) if each in _PORTS]
    return _PORTS[types[0]] if len(types) == 1 else PortType.ANY


def given(operation: Operation, values: Mapping[str, Any]) -> list[tuple[Parameter, Any]]:
    """Each parameter that has a value, and the value as its schema wants it. Raises NodeError.

    Null is a value where the schema says so and the body has a word for it; elsewhere it is none.
    """
    found = []
    for port, parameter in zip(ports_of(operation), operation.parameters, strict=True):
        value = values.get(port.id)
        if value is None and port.id in values and _takes_null(operation, parameter):
            found.append((parameter, None))
            continue
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


def _takes_null(operation: Operation, parameter: Parameter) -> bool:
    in_body = parameter.place in ("body", "whole") and operation.body not in _WITHOUT_NULL
    return in_body and allows_null(parameter.schema)
