"""What becomes of each kind of block in Dify."""

import ast
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from flowloom.exchange.exporters.dify.app import TYPES, App, settings
from flowloom.locales import translate
from flowloom.nodes.data.code_values import filled
from flowloom.nodes.data.json_paths import ALL, parse_path
from flowloom.nodes.data.sandbox import names_in_template
from flowloom.nodes.logic.branch import named_rows, row_ports, value_ports
from flowloom.nodes.logic.conditions import WITHOUT_VALUE
from flowloom.nodes.logic.merge import SEPARATORS
from flowloom.nodes.models import classify, summarise
from flowloom.nodes.models import translate as translation
from flowloom.nodes.models.answer_fields import field_ports, named_fields, schema, schema_keys
from flowloom.nodes.port_names import port_id
from flowloom.nodes.templates import find_placeholders
from flowloom.run.planning.plan import Step

LANGUAGE_OF_CODE = "python3"
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
JOINED = '{{{{ [{names}] | select | join("{separator}") }}}}'
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


def write_message(app: App, step: Step) -> None:
    app.node(step, "start", variables=[])
    app.values[step.id, "message"] = ["sys", "query"]
    app.values[step.id, "attachments"] = ["sys", "files"]


def write_answer(app: App, step: Step) -> None:
    text = app.text(step, "text")
    app.node(step, "answer", answer=text or settings(step).text, variables=[])
    if text and settings(step).text.strip():
        app.differ(step, "The fixed text isn’t said where nothing arrives.", "You notice it where no text arrives.")
    if "files" in step.wired:
        app.differ(step, "Files below an answer are not shown.", "You notice it where the GPT hands out a file.")
    app.values[step.id, "text"] = [app.ids[step.id], "answer"]


def write_template(app: App, step: Step) -> None:
    names = [name for name in names_in_template(settings(step).template) if name in step.wired]
    _template(app, step, settings(step).template, {name: name for name in names})
    app.gives(step, text="output")


def write_prompt(app: App, step: Step) -> None:
    text, names = jinja(settings(step).template)
    _template(app, step, text, names)
    app.gives(step, prompt="output")


def write_text(app: App, step: Step) -> None:
    _template(app, step, jinja(settings(step).text, placeholders=False)[0], {})
    app.gives(step, text="output")


def _template(app: App, step: Step, template: str, names: Mapping[str, str]) -> None:
    """A template node; `names` are those of the template by our inputs."""
    variables = [{"variable": name, "value_selector": app.value(step, port)} for port, name in names.items()]
    app.node(step, "template-transform", template=template, variables=variables)


def jinja(text: str, *, placeholders: bool = True) -> tuple[str, dict[str, str]]:
    """Our text as a template of jinja, and its names by ours; braces of others stay as they are."""
    pieces, names, done = list[str](), dict[str, str](), 0
    for place in find_placeholders(text) if placeholders else ():
        name = names.setdefault(
            place.name, place.name if place.name.isascii() and place.name.isidentifier() else ""
        )
        names[place.name] = name = name or f"value_{len(names)}"
        pieces += [_plain(text[done : place.start]), f"{{{{ {name} }}}}"]
        done = place.end
    return "".join([*pieces, _plain(text[done:])]), names


def _plain(text: str) -> str:
    return re.sub(r"\{[{%#]", lambda found: f'{{{{ "{found[0]}" }}}}', text)


def model_of(app: App, step: Step) -> dict[str, Any]:
    """The model of a block; a role is one that Dify has to be told."""
    vendor, _, name = settings(step).model.partition("/")
    temperature = getattr(settings(step), "temperature", None)
    parameters = {} if temperature is None else {"temperature": temperature}
    vendor, name = (vendor, name) if name else ("openai", "gpt-5-mini")
    return {
        "provider": f"langgenius/{vendor}/{vendor}",
        "name": name,
        "mode": "chat",
        "completion_params": parameters,
    }


def write_model(app: App, step: Step) -> None:
    config = settings(step)
    asked = app.text(step, "prompt" if step.kind.id == "model" else "message")
    system = "\n\n".join(part for part in (app.plan.instructions, config.instructions) if part.strip())
    data: dict[str, Any] = {"context": {"enabled": False, "variable_selector": []}}
    if "passages" in step.wired:
        data["context"] = {"enabled": True, "variable_selector": app.value(step, "passages")}
        system = f"{system}\n\n{{{{#context#}}}}".strip()
        app.differ(
            step,
            "The passages are put into the instructions without their numbers.",
            "You notice it where an answer cites its sources.",
        )
    rows = [{"role": "system", "text": system}] if system else []
    if config.messages:
        rows += [{"role": row.role, "text": _with_values(app, step, row.text)} for row in config.messages]
    if "history" in step.wired and not config.messages:
        size = config.history_turns
        window = {"enabled": True, "size": size}
        data["memory"] = {
            "query_prompt_template": asked,
            "window": window,
            "role_prefix": {"user": "", "assistant": ""},
        }
    elif asked and not config.messages:
        rows.append({"role": "user", "text": asked})
    fields = getattr(config, "fields", [])
    if named_fields(fields):
        data |= _structured(app, step)
    app.node(step, "llm", model=model_of(app, step), prompt_template=rows, vision={"enabled": False}, **data)
    app.gives(step, answer="text")


def _structured(app: App, step: Step) -> dict[str, Any]:
    keys = schema_keys(settings(step).fields, ("answer",))
    for key, port in zip(keys, field_ports(settings(step).fields, ("answer",)), strict=True):
        app.values[step.id, port.id] = [app.ids[step.id], "structured_output", key]
    app.differ(
        step,
        "Dify asks for the fields in words of its own.",
        "You notice it where a model reads its instructions differently.",
    )
    return {"structured_output_enabled": True, "structured_output": {"schema": schema(keys)}}


def _with_values(app: App, step: Step, text: str) -> str:
    pieces, done = list[str](), 0
    for place in find_placeholders(text):
        pieces += [text[done : place.start], app.text(step, place.name)]
        done = place.end
    return "".join([*pieces, text[done:]])


def write_agent(app: App, step: Step) -> None:
    if step.tools:
        app.lacks(
            step, "An agent with tools isn’t brought over.", "Add an agent node and its tools in Dify in its place."
        )
    else:
        write_model(app, step)


def write_told(app: App, step: Step, system: str, output: str) -> None:
    """A model with a task of its own."""
    told = "\n\n".join(part for part in (system, settings(step).instructions) if part.strip())
    rows = [{"role": "system", "text": told}, {"role": "user", "text": app.text(step, "text")}]
    context = {"enabled": False, "variable_selector": []}
    app.node(
        step, "llm", model=model_of(app, step), prompt_template=rows, vision={"enabled": False}, context=context
    )
    app.gives(step, **{output: "text"})


def write_translate(app: App, step: Step) -> None:
    language = app.text(step, "language") or settings(step).language.strip()
    write_told(
        app,
        step,
        translation.TASK.replace("{language}", language).replace("{{{{", "{{").replace("}}}}", "}}"),
        "text",
    )


def write_summarise(app: App, step: Step) -> None:
    write_told(app, step, summarise.TASK.format(length=summarise.LENGTHS[settings(step).length]), "summary")
    app.differ(
        step, "A text is read at once, however long it is.", "You notice it with texts longer than a model reads."
    )


def write_classify(app: App, step: Step) -> None:
    labels, ports = classify.named_labels(settings(step)), classify.label_ports(settings(step))
    classes = [
        {"id": port.id, "name": ": ".join(filter(None, (label.name.strip(), label.description.strip())))}
        for label, port in zip(labels, ports, strict=False)
    ]
    classes.append({"id": "none", "name": translate("None of these", app.plan.language)})
    for port in ports:
        app.values[step.id, port.id] = app.value(step, "text")
        app.handles[step.id, port.id] = port.id
    app.node(
        step,
        "question-classifier",
        query_variable_selector=app.value(step, "text"),
        model=model_of(app, step),
        classes=classes,
        instruction=settings(step).instructions,
        vision={"enabled": False},
    )
    _own_words(app, step)


def _own_words(app: App, step: Step) -> None:
    app.differ(
        step,
        "Dify asks the model in words of its own.",
        "You notice it where a model decides differently.",
    )


def write_extract(app: App, step: Step) -> None:
    types = {"text": "string", "number": "number", "yes_no": "boolean", "list": "array[string]", "json": "object"}
    parameters: list[dict[str, Any]] = []
    for port, field in zip(
        field_ports(settings(step).fields, ("data", "text")), named_fields(settings(step).fields), strict=True
    ):
        name = port.id if port.id.isascii() and port.id.isidentifier() else f"field_{len(parameters) + 1}"
        about = field.description or field.name
        parameters.append(
            {"name": name, "type": types[field.type], "description": about, "required": field.required}
        )
        app.values[step.id, port.id] = [app.ids[step.id], name]
    app.node(
        step,
        "parameter-extractor",
        query=app.value(step, "text"),
        model=model_of(app, step),
        instruction=settings(step).instructions,
        reasoning_mode="prompt",
        parameters=parameters,
        vision={"enabled": False},
    )
    _own_words(app, step)
    if any(link.port in ("data", "text") for link in step.outgoing):
        app.differ(step, "All fields together are not handed on.", "Connect the fields one by one in Dify.")


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


def write_merge(app: App, step: Step) -> None:
    values = app.many(step, "values")
    if settings(step).mode == "first":
        app.node(step, "variable-aggregator", output_type="string", variables=values)
        app.gives(step, value="output", text="output")
        return
    names = [f"value_{number}" for number in range(1, len(values) + 1)]
    separator = SEPARATORS[settings(step).separator].replace("\n", "\\n")
    variables = [{"variable": name, "value_selector": value} for name, value in zip(names, values, strict=True)]
    template = JOINED.format(names=", ".join(names), separator=separator)
    app.node(step, "template-transform", template=template, variables=variables)
    app.gives(step, value="output", text="output")
    if settings(step).mode == "list":
        app.differ(
            step, "The values are handed on as one text, not as a list.", "You notice it where a list is wanted."
        )


def write_code(app: App, step: Step) -> None:
    config = settings(step)
    names = {port: port for port in step.inputs}
    code, variables = filled(config.code, names, is_python=config.is_python)
    body = _returning(code) if config.is_python else None
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


def _returning(code: str) -> str | None:
    """Code whose last line, or `result`, is returned as a text; None where it cannot be read."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return None
    if not body:
        return None
    last = body[-1]
    if isinstance(last, ast.Expr):
        lines = code.splitlines()
        start = "\n".join(lines[: last.lineno - 1])
        return f"{start}\nreturn {{'result': str({ast.unparse(last.value)})}}".lstrip("\n")
    return f"{code}\nreturn {{'result': str(result)}}"


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


def write_http(app: App, step: Step) -> None:
    config = settings(step)
    headers = "\n".join(f"{each.name.strip()}:{_with_values(app, step, each.value)}" for each in config.headers)
    type = {"json": "json", "text": "raw-text", "form": "x-www-form-urlencoded"}[config.body_format]
    text = _with_values(app, step, config.body)
    body = (
        {"type": type, "data": [{"type": "text", "key": "", "value": text}]}
        if text
        else {"type": "none", "data": []}
    )
    app.node(
        step,
        "http-request",
        method=config.method.lower(),
        url=_with_values(app, step, config.url),
        params="",
        headers=headers,
        authorization={"type": "no-auth", "config": None},
        body=body,
        timeout={"max_read_timeout": int(config.timeout)},
    )
    app.gives(step, text="body", status="status_code", data="body")
    app.differ(
        step, "Values are put into the address as they are.", "You notice it where one holds a space or a sign."
    )


def write_search(app: App, step: Step) -> None:
    selector = app.value(step, "question")
    retrieval = {"top_k": settings(step).top_k, "score_threshold": None, "reranking_enable": False}
    app.node(
        step,
        "knowledge-retrieval",
        query_variable_selector=selector,
        dataset_ids=[],
        retrieval_mode="multiple",
        multiple_retrieval_config=retrieval,
    )
    app.gives(step, passages="result", text="result")
    app.differ(step, "Documents don’t come along.", "Upload them in Dify and choose them in this node.")


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


Writer = Callable[[App, Step], None]
WRITERS: dict[str, Writer] = {
    "chat.message": write_message,
    "chat.answer": write_answer,
    "flow.output": write_answer,
    "prompt": write_prompt,
    "text": write_text,
    "template": write_template,
    "model": write_model,
    "agent": write_agent,
    "translate": write_translate,
    "summarise": write_summarise,
    "classify": write_classify,
    "extract": write_extract,
    "branch": write_branch,
    "merge": write_merge,
    "code.run": write_code,
    "json.pick": write_pick,
    "datetime": write_date,
    "http.request": write_http,
    "knowledge.search": write_search,
    "memory.remember": write_remember,
    "memory.recall": write_recall,
}
