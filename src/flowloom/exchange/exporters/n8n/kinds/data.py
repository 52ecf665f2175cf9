"""Code, dates, sums, and what is remembered."""

from flowloom.exchange.exporters.n8n.expressions import (
    NotTaken,
    as_text,
    expression,
    first_of,
    output_of,
    quoted,
    was_run,
)
from flowloom.exchange.exporters.n8n.kinds.scripts import expression_of
from flowloom.exchange.exporters.n8n.workflow import BASE, Workflow
from flowloom.exchange.exporters.python_code import returning
from flowloom.nodes.data.code_values import filled
from flowloom.nodes.data.json_paths import ALL, parse_path
from flowloom.run.planning.plan import Step

DATES = {
    "full": "cccc, d LLLL yyyy, HH:mm",
    "date": "cccc, d LLLL yyyy",
    "time": "HH:mm",
    "iso": "yyyy-MM-dd'T'HH:mm:ssZZ",
}


def write_code(app: Workflow, step: Step) -> None:
    config = app.config(step)
    unknown = {link.port for link in step.outgoing} & {"chart", "printed", "engine"}
    if "tables" in step.wired or unknown:
        _no_code(app, step)
        return
    code, variables = filled(config.code, {port: port for port in step.inputs}, is_python=config.is_python)
    if config.is_python:
        _python(app, step, code, variables)
        return
    try:
        body = expression_of(code)
    except NotTaken:
        _no_code(app, step)
        return
    given = ", ".join(app.code(step, port) or "null" for port in variables.values())
    made = f"(({', '.join(variables)}) => {body})({given})" if variables else f"(() => {body})()"
    app.set_value(step, result=f"{made} ?? null")
    app.gives(step, result="result")
    app.values[step.id, "text"] = as_text(output_of(app.names[step.id], "result"))
    app.values[step.id, "code"] = quoted(config.code)


def _no_code(app: Workflow, step: Step) -> None:
    app.lacks(step, "This code isn’t brought over.", "Write it as a Code node of n8n.")


def _python(app: Workflow, step: Step, code: str, variables: dict[str, str]) -> None:
    """Python runs in a Code node, which reads what comes in from a node before it."""
    body = returning(code, _returned)
    if body is None:
        _no_code(app, step)
        return
    name = app.names[step.id]
    rows = [
        {"id": str(number), "name": variable, "value": expression(app.code(step, port) or "null"), "type": "object"}
        for number, (variable, port) in enumerate(variables.items())
    ]
    lines = [f"{variable} = _items[0]['json'].get({variable!r})" for variable in variables]
    settings = {"language": "pythonNative", "pythonCode": "\n".join([*lines, body])}
    if rows:
        inner = ", ".join(f"{row['name']}: {app.code(step, variables[str(row['name'])]) or 'null'}" for row in rows)
        told = {"mode": "raw", "jsonOutput": expression(f"JSON.stringify({{ {inner} }})"), "options": {}}
        app.before(step, f"{name}: values", f"{BASE}set", 3.4, told)
    app.node(step, f"{BASE}code", 2, settings)
    app.gives(step, result="result")
    app.values[step.id, "text"] = as_text(output_of(name, "result"))
    app.differ(
        step,
        "The code runs in n8n’s own Python.",
        "You notice it where n8n’s Python isn’t set up, or lacks a module.",
    )


def _returned(value: str) -> str:
    return f"return [{{'json': {{'result': {value}}}}}]"


def write_pick(app: Workflow, step: Step) -> None:
    found = f"(v => typeof v === 'string' ? JSON.parse(v) : v)({app.code(step, 'data') or 'null'})"
    many = False
    for part in parse_path(app.config(step).path):
        if part == ALL:
            found = f"Object.values({found} ?? []).{'flatMap(each => each)' if many else 'map(each => each)'}"
            many = True
            continue
        is_place = part.lstrip("-").isdigit()
        one = f"(v => Array.isArray(v) ? v.at({part}) : v?.[{quoted(part)}])" if is_place else ""
        if many:
            found = f"{found}.map(each => {f'{one}(each)' if one else f'each?.[{quoted(part)}]'})"
            found = f"{found}.filter(each => each !== undefined)"
        else:
            found = f"{one}({found})" if one else f"{found}?.[{quoted(part)}]"
    app.set_value(step, value=f"{found} ?? null")
    app.gives(step, value="value")
    app.values[step.id, "text"] = as_text(output_of(app.names[step.id], "value"))
    app.differ(step, "A value that isn’t there is empty.", "You notice it where the flow would stop with an error.")


def write_date(app: Workflow, step: Step) -> None:
    told = {"text": DATES[app.config(step).style], "date": "yyyy-MM-dd", "time": "HH:mm", "weekday": "cccc"}
    app.fields(step, **{name: expression(f"$now.toFormat({quoted(style)})") for name, style in told.items()})
    app.gives(step, **{name: name for name in told})
    app.differ(
        step,
        "The date is that of the workflow’s time zone, in English.",
        "You notice it in other zones and languages.",
    )


def write_remember(app: Workflow, step: Step) -> None:
    app.set_value(step, value=f"{app.code(step, 'value') or 'null'} ?? null")
    app.gives(step, value="value")
    _for_this_message(app, step)


def write_recall(app: Workflow, step: Step) -> None:
    name = app.config(step).name.strip()
    before = [
        each
        for each in reversed(app.plan.steps)
        if each.kind.id == "memory.remember"
        and app.config(each).name.strip() == name
        and app.names[each.id] in app.nodes
    ]
    told = [(was_run(app.names[each.id]), output_of(app.names[each.id], "value")) for each in before]
    app.set_value(step, value=first_of([*told, ("", quoted(app.config(step).default))]))
    app.gives(step, value="value")
    _for_this_message(app, step)


def _for_this_message(app: Workflow, step: Step) -> None:
    app.differ(step, "It is remembered for one message only.", "You notice it with the next message.")


WRITERS = {
    "code.run": write_code,
    "json.pick": write_pick,
    "datetime": write_date,
    "memory.remember": write_remember,
    "memory.recall": write_recall,
}
