"""Rivet's nodes that choose a way, and those at which ways meet."""

import json
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.importers.rivet.project import RivetNode
from flowloom.exchange.importers.sketch import Template, Way
from flowloom.exchange.importers.values import Port, Unread

if TYPE_CHECKING:
    from flowloom.exchange.importers.rivet.walk import Walk

Out = dict[str, Any]
TRUE_FOR_IF = (
    "typeof {V} === 'number' || !(({V} ?? '') === '' || {V} === false || (Array.isArray({V}) && {V}.length === 0))"
)
TRUE_FOR_IF_ELSE = "typeof {V} === 'number' ? false : Array.isArray({V}) ? {V}.length > 0 : !!{V}"


def draw_if(walk: "Walk", node: RivetNode, way: Way) -> Out:
    test = walk.value(node, "if")
    if test is None:
        raise Unread
    id = walk.branch(node, test, TRUE_FOR_IF, way)
    value = walk.value(node, "value")
    walk.tell(node, id, _skipped())
    return {"output": walk.on(value, f"{id}.yes"), "falseOutput": walk.on(value, f"{id}.otherwise")}


def draw_if_else(walk: "Walk", node: RivetNode, way: Way) -> Out:
    test = walk.value(node, "if")
    if test is None:
        raise Unread
    id = walk.branch(node, test, TRUE_FOR_IF_ELSE, way)
    sides = [
        walk.on(walk.text(walk.value(node, side)), f"{id}.{port}")
        for side, port in (("true", "yes"), ("false", "otherwise"))
    ]
    merged = walk.sketch.place(
        way, "merge", node.title, {}, {"values": [each.at for each in sides]}, key=f"{node.title} value"
    )
    walk.tell(node, id, _skipped())
    return {"output": Port(f"{merged}.value")}


def draw_match(walk: "Walk", node: RivetNode, way: Way) -> Out:
    """Match: each case a regular expression; all that fit run, unless it is exclusive."""
    cases = [str(each) for each in node.data.get("cases") or ()]
    test = walk.text(walk.value(node, "input"))
    if test is None or not cases:
        raise Unread
    value = walk.value(node, "value")
    value = test if value is None else value
    exclusive = bool(node.data.get("exclusive"))
    tests = [
        walk.script(node, f"new RegExp({json.dumps(case)}).test(String({{V}}))", {"V": test}, way, "case")
        for case in cases
    ]
    rest = walk.script(
        node,
        "!(" + " || ".join(f"{{C{number}}}" for number in range(len(tests))) + ")",
        {f"C{number}": each for number, each in enumerate(tests)},
        way,
        "no case",
    )
    out: Out = {}
    groups = [[*tests, rest]] if exclusive else [[each] for each in (*tests, rest)]
    names = [*(f"case{number}" for number in range(1, len(cases) + 1)), "unmatched"]
    id = ""
    for group in groups:
        template = Template()
        rows: list[dict[str, Any]] = [
            {
                "name": names[len(out) + place],
                "conditions": [{"input": template.name(each.at), "operator": "is_yes"}],
            }
            for place, each in enumerate(group)
        ]
        id = walk.sketch.place(way, "branch", node.title, {"rows": rows}, template.inputs, key=node.title)
        out |= {row["name"]: walk.on(value, f"{id}.{row['name']}") for row in rows}
    walk.tell(node, id, *([] if exclusive else [_all_cases()]))
    return out


def draw_coalesce(walk: "Walk", node: RivetNode, way: Way) -> Out:
    values = [walk.text(each) for each in walk.inputs(node)]
    ports = [walk.sketch.port_of(each, way) for each in values if each is not None]
    if not ports:
        raise Unread
    id = walk.sketch.place(way, "merge", node.title, {}, {"values": ports}, key=node.title)
    walk.tell(node, id)
    return {"output": Port(f"{id}.value")}


def draw_compare(walk: "Walk", node: RivetNode, way: Way) -> Out:
    operator = str(node.data.get("comparisonFunction") or "==")
    codes = {
        "and": "!!({A} && B)",
        "or": "!!({A} || B)",
        "xor": "!!{A} !== !!B",
        "nand": "!({A} && B)",
        "nor": "!({A} || B)",
        "xnor": "!!{A} === !!B",
    }
    codes |= {"==": "same", "!=": "!same"} | {each: f"{{A}} {each} B" for each in ("<", "<=", ">", ">=")}
    if node.data.get("useComparisonFunctionInput") or operator not in codes:
        raise Unread
    values = {"A": walk.value(node, "a"), "GIVEN": walk.value(node, "b")}
    known = {name: value for name, value in values.items() if value is not None}
    code = "const as = { string: String, number: Number, boolean: Boolean }[typeof {A}] ?? (each => each);\n"
    code += "const B = typeof {A} === typeof {GIVEN} ? {GIVEN} : as({GIVEN});\n"
    code += f"const same = JSON.stringify({{A}}) === JSON.stringify(B);\n{codes[operator]}"
    for name in values.keys() - known.keys():
        code = code.replace(f"{{{name}}}", "undefined")
    found = walk.script(node, code, known, way)
    walk.tell(node, found.node)
    return {"output": Port(found.at, "yes_no")}


def _skipped() -> Problem:
    return Problem.of(
        "import.differs",
        "Rivet’s If takes a condition that was skipped as false and lets that side run; here it stays off.",
        "You notice when something runs in Rivet though its branch was not taken.",
    )


def _all_cases() -> Problem:
    return Problem.of(
        "import.differs",
        "All cases that fit run, as in Rivet; each has a branch of its own here.",
        "You notice in the drawing: choose one Branch block if only the first should run.",
    )
