"""The conditions of IF and Switch as rows of a branch; what a row cannot say is worked out in JavaScript."""

import json
from collections.abc import Iterator
from typing import Any

from flowloom.exchange.importers.n8n.expressions import N8nExpressions
from flowloom.exchange.importers.sketch import Template, Way
from flowloom.exchange.importers.values import Choice, Known, Port, Text
from flowloom.nodes.readable import first_words

_ROWS = {
    ("string", "equals"): "is",
    ("string", "notEquals"): "is_not",
    ("string", "contains"): "contains",
    ("string", "notContains"): "does_not_contain",
    ("string", "startsWith"): "starts_with",
    ("string", "endsWith"): "ends_with",
}
_EMPTY = "(L ?? '') === '' || (typeof L === 'object' && Object.keys(L).length === 0)"
_SCRIPTS = {
    "exists": "L !== undefined && L !== null",
    "notExists": "L === undefined || L === null",
    "empty": _EMPTY,
    "notEmpty": f"!({_EMPTY})",
    "equals": "L === R",
    "notEquals": "L !== R",
    "contains": "(L ?? '').includes(R)",
    "notContains": "!(L ?? '').includes(R)",
    "startsWith": "String(L).startsWith(R)",
    "notStartsWith": "!String(L).startsWith(R)",
    "endsWith": "String(L).endsWith(R)",
    "notEndsWith": "!String(L).endsWith(R)",
    "regex": "new RegExp(R).test(L)",
    "notRegex": "!new RegExp(R).test(L)",
    "gt": "L > R",
    "gte": "L >= R",
    "lt": "L < R",
    "lte": "L <= R",
    "true": "L === true",
    "false": "L === false",
    "after": "new Date(L) > new Date(R)",
    "before": "new Date(L) < new Date(R)",
    "lengthEquals": "L.length === R",
    "lengthGt": "L.length > R",
    "lengthLt": "L.length < R",
}
_OLD = {"equal": "equals", "notEqual": "notEquals", "larger": "gt", "largerEqual": "gte", "smaller": "lt"}
_OLD |= {"smallerEqual": "lte", "isEmpty": "empty", "isNotEmpty": "notEmpty", "notContains": "notContains"}


def row_of(given: Any, name: str, reader: N8nExpressions, way: Way, inputs: Template) -> dict[str, Any]:
    """One way of a branch. Raises Unread."""
    told = given if isinstance(given, dict) else {}
    options = told.get("options")
    exact = not isinstance(options, dict) or options.get("caseSensitive", True) is not False
    conditions = [_condition(*each, exact, reader, way, inputs) for each in _each(told)]
    match = "any" if told.get("combinator") == "or" else "all"
    return {
        "name": first_words(name, 70) or "Yes",
        "match": match,
        "conditions": conditions or [_always(inputs, reader, way)],
    }


def _each(told: dict[str, Any]) -> Iterator[tuple[Any, str, str, Any]]:
    """Left, type, operation and right of each condition, of old files as of new ones."""
    listed = told.get("conditions")
    if isinstance(listed, list):
        for each in listed:
            operator = each.get("operator")
            operator = operator if isinstance(operator, dict) else {}
            yield (
                each.get("leftValue"),
                str(operator.get("type")),
                str(operator.get("operation")),
                each.get("rightValue"),
            )
        return
    for type, rows in (listed if isinstance(listed, dict) else told).items():
        for each in rows if isinstance(rows, list) else ():
            operation = str(each.get("operation") or "equal")
            yield each.get("value1"), str(type), _OLD.get(operation, operation), each.get("value2")


def _condition(
    left: Any,
    type: str,
    operation: str,
    right: Any,
    exact: bool,
    reader: N8nExpressions,
    way: Way,
    inputs: Template,
) -> dict[str, Any]:
    value, wanted = reader.value(left, way), reader.value(right, way)
    operator = _ROWS.get((type, operation))
    words = wanted.value if isinstance(wanted, Known) and isinstance(wanted.value, str) else ""
    if operator and words.strip() and isinstance(value, Port | Text | Choice):
        name = inputs.name(reader.sketch.port_of(value, way))
        return {"input": name, "operator": operator, "value": words, "exact": exact}
    template = Template()
    sides = {"L": reader.written(value, way, template), "R": reader.written(_typed(wanted, type), way, template)}
    if type == "boolean" and operation in ("true", "false"):
        code = f"L === {operation}"
    else:
        code = _SCRIPTS.get(operation, "L === R")
    fold = ".toLowerCase()" if type == "string" and not exact else ""
    pieces = [f"const {side} = {sides[side]};" for side in "LR" if side in code]
    told = code
    if fold:
        pieces = [f"const {side} = String({sides[side]}).toLowerCase();" for side in "LR" if side in code]
    script = "(() => { " + " ".join(pieces) + f" return {told}; }})()"
    id = reader.sketch.place(
        way,
        "code.run",
        first_words(code, 40),
        {"code": script, "engine": "javascript"},
        template.inputs,
        key="test",
    )
    return {"input": inputs.name(f"{id}.result"), "operator": "is_yes"}


def _typed(value: Any, type: str) -> Any:
    """A number that was written as a text."""
    if type == "number" and isinstance(value, Known) and isinstance(value.value, str):
        try:
            return Known(json.loads(value.value))
        except ValueError:
            return value
    return value


def _always(inputs: Template, reader: N8nExpressions, way: Way) -> dict[str, Any]:
    """No conditions: n8n takes the way at once."""
    id = reader.sketch.place(way, "code.run", "", {"code": "true", "engine": "javascript"}, {}, key="test")
    return {"input": inputs.name(f"{id}.result"), "operator": "is_yes"}
