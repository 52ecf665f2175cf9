"""Which way a flow goes."""

import json
from typing import Any

from flowloom.exchange.exporters.n8n.expressions import as_text, quoted
from flowloom.exchange.exporters.n8n.workflow import BASE, Workflow, condition, conditions
from flowloom.exchange.exporters.ways import by_input
from flowloom.kinds.port import PortType
from flowloom.nodes.logic.branch import named_rows, row_ports, value_ports
from flowloom.nodes.numbers import parse_number
from flowloom.nodes.port_names import port_id
from flowloom.nodes.yes_no import NO, YES, parse_yes_no
from flowloom.run.planning.plan import Step

TEXTS = {
    "is": "equals",
    "is_not": "notEquals",
    "contains": "contains",
    "does_not_contain": "notContains",
    "starts_with": "startsWith",
    "ends_with": "endsWith",
}
NUMBERS = {"greater_than": ">", "at_least": ">=", "less_than": "<", "at_most": "<="}
EMPTY = (
    "(v => v == null || (typeof v === 'string' && !v.trim()) || (typeof v === 'object' && !Object.keys(v).length))"
)
BARE = "(v => v == null || v === '' || (typeof v === 'object' && !Object.keys(v).length))"


def write_branch(app: Workflow, step: Step) -> None:
    config = app.config(step)
    first = app.code(step, value_ports(config)[0].id) or "undefined"
    ports = [port.id for port in row_ports(config)]
    for port in ports:
        app.values[step.id, port] = first
    rows = named_rows(config)
    told = [_row(app, step, row) for row in rows]
    if len(rows) == 1:
        app.node(step, f"{BASE}if", 2.2, told[0], dict(enumerate(ports)))
        return
    values = [
        {"conditions": each["conditions"], "renameOutput": True, "outputKey": row.name.strip()}
        for each, row in zip(told, rows, strict=True)
    ]
    settings = {"rules": {"values": values}, "options": {"fallbackOutput": "extra"}}
    app.node(step, f"{BASE}switch", 3.2, settings, dict(enumerate(ports)))


def _row(app: Workflow, step: Step, row: Any) -> dict[str, Any]:
    each = [_condition(app, step, one) for one in row.conditions if one.input.strip()]
    each = each or [condition("false", "boolean", "true")]
    return conditions(each, "and" if row.match == "all" else "or")


def _condition(app: Workflow, step: Step, one: Any) -> dict[str, Any]:
    port, operator = port_id(one.input), one.operator
    code = app.code(step, port) or "undefined"
    type = _type_of(step, port)
    if operator in ("is_empty", "is_not_empty"):
        test = f"{BARE if one.exact else EMPTY}({code})"
        return condition(test, "boolean", "true" if operator == "is_empty" else "false")
    if operator in ("exists", "is_missing"):
        return condition(f"({code}) != null", "boolean", "true" if operator == "exists" else "false")
    if operator in ("is_yes", "is_no"):
        if type == PortType.BOOLEAN:
            return condition(code, "boolean", "true" if operator == "is_yes" else "false")
        return condition(_says(code, operator == "is_yes"), "boolean", "true")
    if operator in NUMBERS:
        number = parse_number(one.value, app.plan.language)
        return condition(f"Number({as_text(code)}) {NUMBERS[operator]} {json.dumps(number)}", "boolean", "true")
    if operator in ("is", "is_not") and type != PortType.TEXT:
        return condition(_same(app, code, one), "boolean", "true" if operator == "is" else "false")
    text = as_text(code) if type != PortType.TEXT else f"({code} ?? '')"
    left, right = text, one.value
    if not one.exact:
        left, right = f"{text}.trim().toLowerCase()", one.value.strip().lower()
    return condition(left, "string", TEXTS[operator], f"={right}" if right.startswith("=") else right)


def _same(app: Workflow, code: str, one: Any) -> str:
    """Numbers are the same by size, yes and no by meaning, all else by its words."""
    number, meant = parse_number(one.value, app.plan.language), parse_yes_no(one.value)
    fold = "" if one.exact else ".trim().toLowerCase()"
    wanted = quoted(one.value if one.exact else one.value.strip().lower())
    return (
        f"(v => typeof v === 'boolean' ? v === {json.dumps(meant)} : typeof v === 'number' ? "
        f"v === {json.dumps(number)} : {as_text('v')}{fold} === {wanted})({code})"
    )


def _says(code: str, yes: bool) -> str:
    words = json.dumps(sorted(YES if yes else NO), ensure_ascii=False)
    word = "String(v ?? '').trim().replace(/[.!。！]+$/, '').toLowerCase()"
    return f"(v => v === {json.dumps(yes)} || v === {int(yes)} || {words}.includes({word}))({code})"


def _type_of(step: Step, port: str) -> PortType | None:
    links = by_input(step).get(port, [])
    types = {link.source.outputs[link.port].type for link in links if link.port in link.source.outputs}
    return types.pop() if len(types) == 1 else None


WRITERS = {"branch": write_branch}
