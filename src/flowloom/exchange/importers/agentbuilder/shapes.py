"""The shape of an agent's answer, pydantic's or zod's, as the fields a model is asked for."""

import ast
from collections.abc import Mapping
from typing import Any

from flowloom.exchange.importers.agentbuilder.definitions import called, literal, settings_of
from flowloom.exchange.importers.values import Thing

_TYPES = {"str": "text", "int": "number", "float": "number", "bool": "yes_no", "list": "list", "dict": "json"}
_ZOD = {
    "string": "text",
    "number": "number",
    "boolean": "yes_no",
    "array": "list",
    "object": "json",
    "enum": "text",
}
_ZOD |= {"literal": "text", "record": "json", "any": "json", "union": "json"}


def fields_of(node: ast.expr | None, things: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a model block's fields; none for an agent that answers in words."""
    if isinstance(node, ast.Name):
        thing = things.get(node.id)
        if isinstance(thing, Thing) and isinstance(thing.node, ast.ClassDef):
            return _of_class(thing.node, things)
        return _of_zod(thing.node) if isinstance(thing, Thing) else []
    return _of_zod(node) if node is not None else []


def _of_class(node: ast.ClassDef, things: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            told, needed = _described(statement.value)
            optional, annotation = _optional(statement.annotation)
            type, choices = _type(annotation, things)
            told = " ".join(filter(None, (told, choices)))
            rows.append(_row(statement.target.id, type, told, needed and not optional))
    return rows


def _row(name: str, type: str, about: str, required: bool) -> dict[str, Any]:
    return {"name": name, "type": type, "description": about[:2_000], "required": required}


def _described(value: ast.expr | None) -> tuple[str, bool]:
    """What Field(…) tells of a field, and whether it must be there."""
    if value is None:
        return "", True
    if called(value) != "Field" or not isinstance(value, ast.Call):
        return "", False
    settings = settings_of(value)
    about = literal(settings.get("description"))
    required = "default" not in settings and isinstance(literal(settings.get("0", ast.Constant(...))), type(...))
    return (about if isinstance(about, str) else ""), required


def _optional(annotation: ast.expr) -> tuple[bool, ast.expr]:
    if isinstance(annotation, ast.BinOp) and literal(annotation.right) is None:
        return True, annotation.left
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value).endswith("Optional"):
        return True, annotation.slice
    return False, annotation


def _type(annotation: ast.expr, things: Mapping[str, Any]) -> tuple[str, str]:
    """The type of a field, and the words it may be, told as a sentence."""
    if isinstance(annotation, ast.Subscript):
        whole = ast.unparse(annotation.value).rpartition(".")[2]
        if whole == "Literal":
            inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
            return "text", _choices([literal(each) for each in inner])
        plain = ast.unparse(annotation.slice) == "str"
        return ("list" if plain else "json") if whole.lower() in ("list", "sequence") else "json", ""
    name = annotation.id if isinstance(annotation, ast.Name) else ""
    thing = things.get(name)
    if isinstance(thing, Thing) and isinstance(thing.node, ast.ClassDef):
        if any("Enum" in ast.unparse(base) for base in thing.node.bases):
            values = [literal(each.value) for each in thing.node.body if isinstance(each, ast.Assign)]
            return "text", _choices(values)
        return "json", ""
    return _TYPES.get(name, "json"), ""


def _choices(values: list[Any]) -> str:
    return "One of: " + ", ".join(map(str, values)) + "." if values else ""


def _of_zod(node: ast.expr | None) -> list[dict[str, Any]]:
    if called(node) != "object" or not isinstance(node, ast.Call) or not node.args:
        return []
    shape = node.args[0]
    if not isinstance(shape, ast.Dict):
        return []
    return [
        _zod_row(key.value, value)
        for key, value in zip(shape.keys, shape.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    ]


def _zod_row(name: str, node: ast.expr) -> dict[str, Any]:
    """`z.string().describe("…").optional()`, read from its end."""
    about, required, choices = "", True, ""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        step, inner = node.func.attr, node.func.value
        if step == "describe" and node.args:
            about = str(literal(node.args[0]) or "")
        required = required and step not in ("optional", "nullish", "default")
        if isinstance(inner, ast.Name):
            if step in ("enum", "literal") and node.args:
                found = literal(node.args[0])
                choices = _choices(found if isinstance(found, list) else [found])
            type = _ZOD.get(step, "json")
            if step == "array" and not (node.args and called(node.args[0]) in ("string", "enum")):
                type = "json"
            return _row(name, type, " ".join(filter(None, (about, choices))), required)
        node = inner
    return _row(name, "json", about, required)
