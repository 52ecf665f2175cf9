"""Where a conversation enters and leaves, and texts."""

import json

from flowloom.exchange.exporters.n8n.expressions import (
    NotTaken,
    all_of,
    as_text,
    expression,
    first_of,
    literal,
    output_of,
    was_run,
)
from flowloom.exchange.exporters.n8n.kinds.jinja import code_of
from flowloom.exchange.exporters.n8n.workflow import AI, BASE, Workflow
from flowloom.exchange.exporters.ways import by_input
from flowloom.nodes.logic.merge import SEPARATORS
from flowloom.run.planning.plan import Step


def write_message(app: Workflow, step: Step) -> None:
    name = app.node(step, f"{AI}chatTrigger", 1.1, {"options": {}}, webhookId=f"flowloom-{step.id}")
    app.values[step.id, "message"] = output_of(name, "chatInput")
    app.values[step.id, "history"] = "undefined"
    if any(link.port == "attachments" for link in step.outgoing):
        app.differ(step, "Files that the person sends don’t arrive.", "You notice it where somebody sends one.")


def write_answer(app: Workflow, step: Step) -> None:
    said, port = app.config(step).text, "text" if "text" in step.inputs else "value"
    given = app.text(step, port)
    app.fields(step, output=given or literal(said))
    if given and said.strip():
        app.differ(step, "The fixed text isn’t said where nothing arrives.", "You notice it where no text arrives.")
    if "files" in step.wired:
        app.differ(step, "Files below an answer are not shown.", "You notice it where the GPT hands out a file.")
    app.gives(step, **dict.fromkeys(step.outputs, "output"))


def write_output(app: Workflow, step: Step) -> None:
    app.fields(step, output=app.text(step, "value") or "")
    app.gives(step, **dict.fromkeys(step.outputs, "output"))


def write_prompt(app: Workflow, step: Step) -> None:
    app.fields(step, text=app.with_values(step, app.config(step).template))
    app.gives(step, prompt="text")


def write_text(app: Workflow, step: Step) -> None:
    app.fields(step, text=literal(app.config(step).text))
    app.gives(step, text="text")


def write_template(app: Workflow, step: Step) -> None:
    try:
        code = code_of(app.config(step).template, lambda name: app.code(step, name) if name in step.wired else "")
    except NotTaken:
        app.lacks(step, "What this template works out isn’t brought over.", "Write it as a Code node of n8n.")
        return
    app.fields(step, text=expression(code))
    app.gives(step, text="text")


def write_merge(app: Workflow, step: Step) -> None:
    links = by_input(step).get("values", [])
    told = [(app.when(step, link), app.source(link)) for link in links]
    if app.config(step).mode == "first":
        value = first_of(told)
        text = as_text(value)
    elif app.config(step).mode == "list":
        value = all_of(told)
        text = as_text(value)
    else:
        separator = json.dumps(SEPARATORS[app.config(step).separator])
        value = text = f"{all_of(told)}.map(each => {as_text('each')}).join({separator})"
    if all(link.port == "text" for link in step.outgoing):
        app.fields(step, text=expression(text))
    else:
        app.set_value(step, value=value, text=text, items=all_of(told))
    app.gives(step, value="value", text="text", items="items")


def reply(app: Workflow, answers: list[Step]) -> dict[str, object]:
    """What the chat shows where several blocks answered, or others ran after them: their answers together."""
    names = [app.names[step.id] for step in answers]
    told = [(was_run(name), output_of(name, "output")) for name in names]
    code = f"{all_of(told)}.filter(each => each).join('\\n\\n')"
    rows = [{"id": "0", "name": "output", "value": expression(code), "type": "string"}]
    return {"assignments": {"assignments": rows}, "includeOtherFields": False, "options": {}}


WRITERS = {
    "chat.message": write_message,
    "chat.answer": write_answer,
    "flow.output": write_output,
    "prompt": write_prompt,
    "text": write_text,
    "template": write_template,
    "merge": write_merge,
}
__all__ = ["BASE", "WRITERS", "reply"]
