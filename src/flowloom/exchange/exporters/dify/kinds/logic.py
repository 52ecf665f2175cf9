"""Which way a flow goes."""

from typing import Any

from flowloom.exchange.exporters.dify.app import TYPES, App, settings
from flowloom.nodes.logic.branch import named_rows, row_ports, value_ports
from flowloom.nodes.logic.conditions import WITHOUT_VALUE
from flowloom.nodes.port_names import port_id
from flowloom.run.planning.plan import Step

OPERATORS = {
    "contains": "contains",
    "does_not_contain": "not contains",
    "starts_with": "start with",
    "ends_with": "end with",
    "is": "is",
    "is_not": "is not",
    "is_empty": "empty",
    "is_not_empty": "not empty",
    "greater_than": ">",
    "at_least": "≥",
    "less_than": "<",
    "at_most": "≤",
    "exists": "not null",
    "is_missing": "null",
}


def write_branch(app: App, step: Step) -> None:
    first = value_ports(settings(step))[0].id
    cases = []
    for row, port in zip(named_rows(settings(step)), row_ports(settings(step)), strict=False):
        conditions = [_condition(app, step, each) for each in row.conditions if each.input.strip()]
        cases.append(
            {
                "case_id": port.id,
                "logical_operator": "and" if row.match == "all" else "or",
                "conditions": conditions,
            }
        )
        app.values[step.id, port.id] = app.value(step, first)
        app.handles[step.id, port.id] = port.id
    app.values[step.id, "otherwise"], app.handles[step.id, "otherwise"] = app.value(step, first), "false"
    app.node(step, "if-else", cases=cases)


def _condition(app: App, step: Step, condition: Any) -> dict[str, Any]:
    port = port_id(condition.input)
    type = _type_of(step, port)
    operator, value = condition.operator, condition.value
    if operator in ("is_yes", "is_no"):
        operator, value = "is", "true" if operator == "is_yes" else "false"
        type = "boolean"
    elif operator in ("is", "is_not") and type == "number":
        named = {"is": "=", "is_not": "≠"}[operator]
        return {
            "variable_selector": app.value(step, port),
            "comparison_operator": named,
            "value": value,
            "varType": type,
        }
    elif operator not in WITHOUT_VALUE and not condition.exact and type == "string":
        _letters(app, step)
    written = {
        "variable_selector": app.value(step, port),
        "comparison_operator": OPERATORS[operator],
        "varType": type,
    }
    return written if operator in WITHOUT_VALUE else {**written, "value": value}


def _letters(app: App, step: Step) -> None:
    if not app.differs[step.id]:
        app.differ(
            step, "Capital letters make a difference in Dify.", "You notice it where a text is written otherwise."
        )


def _type_of(step: Step, port: str) -> str:
    links = [link for link in step.incoming if link.input == port]
    return TYPES.get(links[0].source.outputs[links[0].port].type, "string") if links else "string"


WRITERS = {
    "branch": write_branch,
}
