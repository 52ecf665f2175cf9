"""Where a conversation enters and leaves, and texts."""

from flowloom.exchange.exporters.dify.app import App, settings
from flowloom.exchange.exporters.dify.kinds.values import jinja, template_node
from flowloom.nodes.data.sandbox import names_in_template
from flowloom.nodes.logic.merge import SEPARATORS
from flowloom.run.planning.plan import Step


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
    template_node(app, step, settings(step).template, {name: name for name in names})
    app.gives(step, text="output")


def write_prompt(app: App, step: Step) -> None:
    text, names = jinja(settings(step).template)
    template_node(app, step, text, names)
    app.gives(step, prompt="output")


def write_text(app: App, step: Step) -> None:
    template_node(app, step, jinja(settings(step).text, placeholders=False)[0], {})
    app.gives(step, text="output")


JOINED = '{{{{ [{names}] | select | join("{separator}") }}}}'


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


WRITERS = {
    "chat.message": write_message,
    "chat.answer": write_answer,
    "flow.output": write_answer,
    "prompt": write_prompt,
    "text": write_text,
    "template": write_template,
    "merge": write_merge,
}
