"""Blocks that ask a model."""

from typing import Any

from flowloom.exchange.exporters.dify.app import App, settings
from flowloom.exchange.exporters.dify.kinds.values import with_values
from flowloom.locales import translate
from flowloom.nodes.models import classify, summarise
from flowloom.nodes.models import translate as translation
from flowloom.nodes.models.answer_fields import field_ports, named_fields, schema, schema_keys
from flowloom.nodes.templates import names_in
from flowloom.run.planning.plan import Step


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
    main = "prompt" if step.kind.id == "model" else "message"
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
    rows += [{"role": row.role, "text": with_values(app, step, row.text)} for row in config.messages]
    if main not in names_in(*(row.text for row in config.messages)) and app.text(step, main):
        rows.append({"role": "user", "text": app.text(step, main)})
    if "history" in step.wired and rows[-1:] and rows[-1]["role"] == "user":
        # There the person's words come after what was said before as a query of their own.
        window = {"enabled": True, "size": config.history_turns}
        data["memory"] = {"query_prompt_template": rows.pop()["text"], "window": window}
    elif "history" in step.wired:
        app.differ(step, "The conversation before isn’t sent along.", "You notice it from the second message on.")
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


WRITERS = {
    "model": write_model,
    "agent": write_agent,
    "translate": write_translate,
    "summarise": write_summarise,
    "classify": write_classify,
    "extract": write_extract,
}
