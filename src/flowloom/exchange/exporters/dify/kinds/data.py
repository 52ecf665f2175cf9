"""Code, dates, and what a conversation remembers."""

import json
import re

from flowloom.exchange.exporters.dify.app import App, settings
from flowloom.exchange.exporters.dify.kinds.values import jinja
from flowloom.exchange.exporters.python_code import returning
from flowloom.nodes.data.code_values import filled
from flowloom.nodes.data.json_paths import ALL, parse_path
from flowloom.run.planning.plan import Step

LANGUAGE_OF_CODE = "python3"


PYTHON_DATE = """from datetime import datetime


def main() -> dict:
    now = datetime.now()
    date = f"{now:%A}, {now.day} {now:%B %Y}"
    return {"text": TEXT, "date": f"{now:%Y-%m-%d}", "time": f"{now:%H:%M}", "weekday": f"{now:%A}"}
"""


DATE_STYLES = {
    "full": 'f"{date}, {now:%H:%M}"',
    "date": "date",
    "time": 'f"{now:%H:%M}"',
    "iso": 'now.isoformat(timespec="seconds")',
}


def write_code(app: App, step: Step) -> None:
    config = settings(step)
    names = {port: port for port in step.inputs}
    code, variables = filled(config.code, names, is_python=config.is_python)
    body = returning(code, _returned) if config.is_python else None
    if body is None or "tables" in step.wired:
        app.lacks(step, "This code isn’t brought over.", "Write it as a code node of Dify.")
        return
    inside = "\n".join(f"    {line}" if line else "" for line in body.splitlines())
    written = f"def main({', '.join(variables)}) -> dict:\n{inside}\n"
    told = [{"variable": name, "value_selector": app.value(step, port)} for name, port in variables.items()]
    outputs = {"result": {"type": "string", "children": None}}
    app.node(step, "code", code_language=LANGUAGE_OF_CODE, code=written, variables=told, outputs=outputs)
    app.gives(step, result="result", text="result")
    app.differ(
        step, "What the code gives is handed on as a text.", "You notice it where a number or a list is wanted."
    )


def _returned(value: str) -> str:
    """As a text."""
    return f"return {{'result': str({value})}}"


PICK = """import json


def main(data) -> dict:
    found = json.loads(data) if isinstance(data, str) else data
    for step in STEPS:
        found = found[int(step)] if isinstance(found, list) else found[step]
    return {"value": found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)}
"""


def write_pick(app: App, step: Step) -> None:
    steps = parse_path(settings(step).path)
    if ALL in steps:
        app.lacks(step, "A path to every item of a list isn’t brought over.", "Use a list operator of Dify.")
        return
    code = PICK.replace("STEPS", json.dumps(steps, ensure_ascii=False))
    variables = [{"variable": "data", "value_selector": app.value(step, "data")}]
    outputs = {"value": {"type": "string", "children": None}}
    app.node(step, "code", code_language=LANGUAGE_OF_CODE, code=code, variables=variables, outputs=outputs)
    app.gives(step, value="value", text="value")
    app.differ(step, "What is picked is handed on as a text.", "You notice it where a number or a list is wanted.")


def write_date(app: App, step: Step) -> None:
    outputs = {name: {"type": "string", "children": None} for name in ("text", "date", "time", "weekday")}
    code = PYTHON_DATE.replace("TEXT", DATE_STYLES[settings(step).style])
    app.node(step, "code", code_language=LANGUAGE_OF_CODE, code=code, variables=[], outputs=outputs)
    app.gives(step, text="text", date="date", time="time", weekday="weekday")
    app.differ(
        step, "The date is that of Dify’s server, in English.", "You notice it in other time zones and languages."
    )


def write_remember(app: App, step: Step) -> None:
    name = _variable(app, step)
    value = app.value(step, "value")
    item = {"variable_selector": ["conversation", name], "input_type": "variable", "operation": "over-write"}
    app.node(step, "assigner", version="2", items=[{**item, "write_mode": "over-write", "value": value}])
    app.values[step.id, "value"] = value
    _for_this_conversation(app, step)


def write_recall(app: App, step: Step) -> None:
    variables = [{"variable": "value", "value_selector": ["conversation", _variable(app, step)]}]
    otherwise = jinja(settings(step).default, placeholders=False)[0]
    template = f"{{% if value %}}{{{{ value }}}}{{% else %}}{otherwise}{{% endif %}}"
    app.node(step, "template-transform", template=template, variables=variables)
    app.gives(step, value="output")
    _for_this_conversation(app, step)


def _variable(app: App, step: Step) -> str:
    """A variable of the conversation, under a name that Dify takes."""
    name = re.sub(r"\W+", "_", settings(step).name.strip(), flags=re.ASCII).strip("_")[:30] or "memory"
    name = name if name[0].isalpha() else f"v_{name}"[:30]
    told = {"name": name, "value_type": "string", "value": "", "description": settings(step).name.strip()}
    app.memory.setdefault(name, told)
    return name


def _for_this_conversation(app: App, step: Step) -> None:
    if getattr(settings(step), "scope", "conversation") != "conversation":
        app.differ(step, "It is remembered for the conversation only.", "You notice it in the next conversation.")


WRITERS = {
    "code.run": write_code,
    "json.pick": write_pick,
    "datetime": write_date,
    "memory.remember": write_remember,
    "memory.recall": write_recall,
}
