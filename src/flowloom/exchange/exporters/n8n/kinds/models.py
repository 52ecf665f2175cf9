"""Blocks that ask a model."""

import json
from typing import Any

from flowloom.exchange.exporters.n8n.expressions import as_text, expression, literal, output_of, quoted
from flowloom.exchange.exporters.n8n.kinds.tools import write_tool
from flowloom.exchange.exporters.n8n.workflow import AI, Workflow
from flowloom.nodes.models import classify, summarise
from flowloom.nodes.models import translate as translation
from flowloom.nodes.models.answer_fields import field_ports, named_fields, schema, schema_keys
from flowloom.nodes.models.asking import NO_SOURCES, SOURCES
from flowloom.nodes.templates import names_in
from flowloom.run.planning.plan import Step

ROLES = {
    "system": "SystemMessagePromptTemplate",
    "user": "HumanMessagePromptTemplate",
    "assistant": "AIMessagePromptTemplate",
}
VENDORS = {
    "anthropic": ("lmChatAnthropic", 1.2, "model"),
    "deepseek": ("lmChatDeepSeek", 1, "model"),
    "google": ("lmChatGoogleGemini", 1, "modelName"),
    "groq": ("lmChatGroq", 1, "model"),
    "mistral": ("lmChatMistralCloud", 1, "model"),
    "ollama": ("lmChatOllama", 1, "model"),
    "openai": ("lmChatOpenAi", 1.2, "model"),
}
DEFAULT = "gpt-5-mini"


def serve_model(app: Workflow, step: Step, to: str) -> None:
    """The model of a node; several nodes with the same one share it."""
    vendor, _, name = str(app.config(step).model).partition("/")
    vendor, name = (vendor, name) if name and vendor in VENDORS else ("openai", name or DEFAULT)
    type, version, field = VENDORS[vendor]
    temperature = getattr(app.config(step), "temperature", None)
    options = {} if temperature is None else {"temperature": temperature}
    value: Any = {"__rl": True, "mode": "list", "value": name} if version == 1.2 else name
    settings = {field: f"models/{name}" if vendor == "google" else value, "options": options}
    for made, role, _ in app.serving:
        if role == "ai_languageModel" and app.nodes[made]["parameters"] == settings:
            app.serving.append((made, role, to))
            return
    app.serve(step, to, "ai_languageModel", name, f"{AI}{type}", version, **settings)


def write_model(app: Workflow, step: Step) -> None:
    config, main = app.config(step), "prompt" if step.kind.id == "model" else "message"
    system = _system(app, step, config.instructions)
    rows = [(row.role, app.with_values(step, row.text)) for row in config.messages]
    if main not in names_in(*(row.text for row in config.messages)) and app.text(step, main):
        rows.append(("user", app.text(step, main)))
    if not rows or rows[-1][0] != "user":
        app.differ(step, "n8n ends with a question of the person.", "You notice it in what is sent to the model.")
    asked = max((place for place, (role, _) in enumerate(rows) if role == "user"), default=-1)
    prompt = rows.pop(asked)[1] if asked >= 0 else _message(app)
    if step.tools or "history" in step.wired:
        _agent(app, step, system, rows, prompt)
    else:
        _chain(app, step, system, rows, prompt)


def _message(app: Workflow) -> str:
    """What the person wrote."""
    start = next((each for each in app.plan.steps if each.kind.id == "chat.message"), None)
    return expression(output_of(app.names[start.id], "chatInput")) if start else "-"


def _system(app: Workflow, step: Step, instructions: str) -> str:
    """Instructions as a setting, with the passages that were found."""
    told = "\n\n".join(part for part in (app.plan.instructions, instructions) if part.strip())
    if "passages" not in step.wired:
        return literal(told)
    found = app.code(step, "passages") or "[]"
    numbered = "each.map((one, number) => `[${number + 1}] ${one.place ?? ''}\\n${one.text ?? one}`).join('\\n\\n')"
    sources = f"(each => each.length ? {quoted(SOURCES)} + '\\n\\n' + {numbered} : {quoted(NO_SOURCES)})({found})"
    return expression(f"[{quoted(told)}, {sources}].filter(each => each).join('\\n\\n')")


def _chain(app: Workflow, step: Step, system: str, rows: list[tuple[str, str]], prompt: str) -> None:
    said = [("system", system)] * bool(system) + rows
    messages = [{"type": ROLES[role], "message": text} for role, text in said]
    told = _fields(app, step)
    settings = {"promptType": "define", "text": prompt, "messages": {"messageValues": messages}, "batching": {}}
    name = app.node(step, f"{AI}chainLlm", 1.7, settings | ({"hasOutputParser": True} if told else {}))
    serve_model(app, step, name)
    if told:
        _parser(app, step, name, told)
    else:
        app.gives(step, answer="text")


def _agent(app: Workflow, step: Step, system: str, rows: list[tuple[str, str]], prompt: str) -> None:
    if rows:
        app.differ(
            step, "Messages written out beside the question aren’t sent.", "Put them into its system message."
        )
    told = _fields(app, step)
    options: dict[str, Any] = {"systemMessage": system} if system else {}
    options["maxIterations"] = getattr(app.config(step), "max_steps", 10)
    settings = {"promptType": "define", "text": prompt, "options": options}
    name = app.node(step, f"{AI}agent", 2.2, settings | ({"hasOutputParser": True} if told else {}))
    serve_model(app, step, name)
    if "history" in step.wired:
        _memory(app, step, name)
    for tool in step.tools:
        write_tool(app, tool, name)
    if told:
        _parser(app, step, name, told)
    else:
        app.gives(step, answer="output", steps="intermediateSteps")


def _memory(app: Workflow, step: Step, name: str) -> None:
    """The conversation of the chat, as n8n keeps it beside its agents."""
    start = next((each for each in app.plan.steps if each.kind.id == "chat.message"), None)
    # Each node has a conversation of its own there: what one says is not heard by another.
    session = (
        expression(f"{output_of(app.names[start.id], 'sessionId')} + {quoted(f'/{step.id}')}") if start else "chat"
    )
    settings = {
        "sessionIdType": "customKey",
        "sessionKey": session,
        "contextWindowLength": app.config(step).history_turns,
    }
    app.serve(step, name, "ai_memory", f"{app.names[step.id]}: memory", f"{AI}memoryBufferWindow", 1.3, **settings)
    if getattr(app.config(step), "memory", "turns") != "turns":
        app.differ(step, "The last turns are remembered as they are.", "You notice it in long conversations.")


def _fields(app: Workflow, step: Step) -> dict[str, Any]:
    return schema_keys(getattr(app.config(step), "fields", []), ("answer",))


def _parser(app: Workflow, step: Step, name: str, keys: dict[str, Any]) -> None:
    text = json.dumps(schema(keys), ensure_ascii=False)
    role, type = "ai_outputParser", f"{AI}outputParserStructured"
    app.serve(step, name, role, f"{name}: fields", type, 1.2, schemaType="manual", inputSchema=text)
    _give_fields(app, step, keys)
    app.differ(
        step,
        "n8n asks for the fields in words of its own.",
        "You notice it where a model reads its instructions differently.",
    )


def _give_fields(app: Workflow, step: Step, keys: dict[str, Any], taken: tuple[str, ...] = ("answer",)) -> None:
    """Say where each field is found, and all of them as a text: under the last of the names that are `taken`."""
    name, rows = app.names[step.id], list[str]()
    for key, port in zip(keys, field_ports(app.config(step).fields, taken), strict=True):
        app.values[step.id, port.id] = output_of(name, "output", key)
        rows.append(f"[{quoted(port.label)}, {output_of(name, 'output', key)}]")
    shown = f"each => each[0] + ': ' + {as_text('each[1]')}"
    lines = f"[{', '.join(rows)}].filter(each => each[1] != null).map({shown}).join('\\n')"
    app.values[step.id, taken[-1]] = lines
    app.values.setdefault((step.id, "data"), output_of(name, "output"))


def write_told(app: Workflow, step: Step, system: str, output: str) -> None:
    """A model with a task of its own."""
    told = "\n\n".join(part for part in (system, app.config(step).instructions) if part.strip())
    messages = [{"type": ROLES["system"], "message": literal(told)}]
    settings = {"promptType": "define", "text": app.text(step, "text"), "messages": {"messageValues": messages}}
    serve_model(app, step, app.node(step, f"{AI}chainLlm", 1.7, settings))
    app.gives(step, **{output: "text"})


def write_translate(app: Workflow, step: Step) -> None:
    language = app.config(step).language.strip()
    if "language" in step.wired:
        app.differ(step, "It always translates into the language set here.", "You notice it with other languages.")
    write_told(app, step, translation.TASK.format(language=language), "text")


def write_summarise(app: Workflow, step: Step) -> None:
    write_told(app, step, summarise.TASK.format(length=summarise.LENGTHS[app.config(step).length]), "summary")
    app.differ(
        step, "A text is read at once, however long it is.", "You notice it with texts longer than a model reads."
    )


def write_classify(app: Workflow, step: Step) -> None:
    labels, ports = classify.named_labels(app.config(step)), classify.label_ports(app.config(step))
    rows = [{"category": each.name.strip(), "description": each.description.strip()} for each in labels]
    for port in ports:
        app.values[step.id, port.id] = app.code(step, "text") or '""'
    settings = {
        "inputText": app.text(step, "text"),
        "categories": {"categories": rows},
        "options": {"fallback": "other"},
    }
    outputs = {number: port.id for number, port in enumerate(ports)}
    serve_model(app, step, app.node(step, f"{AI}textClassifier", 1.1, settings, outputs))
    _own_words(app, step)


def write_extract(app: Workflow, step: Step) -> None:
    keys = schema_keys(named_fields(app.config(step).fields), ("data", "text"))
    settings: dict[str, Any] = {
        "text": app.text(step, "text"),
        "schemaType": "manual",
        "inputSchema": json.dumps(schema(keys), ensure_ascii=False),
        "options": {},
    }
    if app.config(step).instructions.strip():
        settings["options"] = {"systemPromptTemplate": literal(app.config(step).instructions)}
    serve_model(app, step, app.node(step, f"{AI}informationExtractor", 1.2, settings))
    _give_fields(app, step, keys, ("data", "text"))
    _own_words(app, step)


def _own_words(app: Workflow, step: Step) -> None:
    app.differ(step, "n8n asks the model in words of its own.", "You notice it where a model decides differently.")


WRITERS = {
    "model": write_model,
    "agent": write_model,
    "translate": write_translate,
    "summarise": write_summarise,
    "classify": write_classify,
    "extract": write_extract,
}
