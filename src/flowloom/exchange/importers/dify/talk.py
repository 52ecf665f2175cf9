"""Where a Dify flow begins and what it answers: the start, answers and ends."""

from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.exchange.importers.dify import differences as told
from flowloom.exchange.importers.dify.document import Step, selector
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.exchange.importers.dify.writing import Writer
from flowloom.flow.sorts import listed, mappings, words
from flowloom.nodes.port_names import named_ports

TYPES = {"number": "number", "checkbox": "boolean"}
DIFY_TYPES = {"number": "number", "checkbox": "boolean", "file": "file", "file-list": "array[file]"}
HISTORY_COUNT = "1 + len([said for said in {{history}} if said['role'] == 'user'])"


def start(weaver: Weaver, step: Step) -> None:
    """The chat message, and a form for what the app asks for besides."""
    message = weaver.drawing.block("chat.message", step.title, key="message", at=step.at)
    weaver.message = message
    blocks = [message]
    _system_values(weaver, step, message)
    variables = mappings(step.data.get("variables"))
    said = _said_in_chat(variables) if not weaver.app.chats else ""
    asked = []
    for variable in variables:
        name, type = words(variable.get("variable")), words(variable.get("type"))
        if not name:
            continue
        if type in ("file", "file-list"):
            weaver.differ(step, told.FILES)
            weaver.offer(step.id, name, Value(f"{message}.attachments", DIFY_TYPES[type], name=name))
        elif name == said:
            weaver.offer(step.id, name, Value(f"{message}.message", name=name))
        else:
            asked.append(variable)
    if asked:
        blocks.append(_form(weaver, step, asked))
    weaver.carried(step, *blocks)


def _said_in_chat(variables: Sequence[Mapping[str, Any]]) -> str:
    """The variable that what somebody writes is taken for: the only one, else the only long text."""
    texts = [each for each in variables if words(each.get("type")) in ("text-input", "paragraph")]
    long = [each for each in texts if words(each.get("type")) == "paragraph" and each.get("required") is True]
    chosen = texts if len(texts) == len(variables) == 1 else long if len(long) == 1 else []
    return words(chosen[0].get("variable")) if chosen else ""


def _system_values(weaver: Weaver, step: Step, message: str) -> None:
    if weaver.app.chats:
        weaver.offer("sys", "query", Value(f"{message}.message", name="message"))
        weaver.offer("sys", "dialogue_count", lambda: _dialogue_count(weaver, message))
    weaver.offer("sys", "files", Value(f"{message}.attachments", "array[file]", name="files"))
    for name in ("conversation_id", "user_id", "app_id", "workflow_id", "workflow_run_id"):
        weaver.offer("sys", name, lambda name=name: _unknown_here(weaver, step, name))  # type: ignore[misc]


def _dialogue_count(weaver: Weaver, message: str) -> Value:
    port = weaver.code(HISTORY_COUNT, {"history": f"{message}.history"}, "Number of this message")
    return Value(port, "number", name="number of this message")


def _unknown_here(weaver: Weaver, step: Step, name: str) -> Value:
    weaver.differ(step, told.SYSTEM_VALUE)
    return Value(weaver.text("flowloom", name), name=name)


def _form(weaver: Weaver, step: Step, asked: Sequence[Mapping[str, Any]]) -> str:
    """The form asks once for each conversation in a chat, each time in a workflow."""
    fields = [_field(weaver, step, each) for each in asked]
    config = {"question": step.title, "fields": fields, "once": weaver.app.chats, "pass_empty": True}
    form = weaver.drawing.block("people.form", step.title, config, key="form", at=step.at)
    known = {
        field["name"]: each["default"] for field, each in zip(fields, asked, strict=True) if _has_default(each)
    }
    if known:
        weaver.drawing.join(weaver.code(repr(known), {}, "Usual values"), f"{form}.known")
    weaver.drawing.after(form, f"{weaver.message}.message")
    ports = named_ports([field["name"] for field in fields], taken=("late",))
    for port, field, variable in zip(ports, fields, asked, strict=True):
        name = words(variable.get("variable"))
        type = DIFY_TYPES.get(words(variable.get("type")), "string")
        nullable = type == "number" and not field["required"]
        weaver.offer(step.id, name, Value(f"{form}.{port.id}", type, name=name, nullable=nullable))
    weaver.ran(step, *(f"{form}.{port.id}" for port in ports))
    return form


def _has_default(variable: Mapping[str, Any]) -> bool:
    return isinstance(variable.get("default"), str | int | float) and variable["default"] != ""


def _field(weaver: Weaver, step: Step, variable: Mapping[str, Any]) -> dict[str, Any]:
    name = words(variable.get("label")) or words(variable.get("variable"))
    options = [words(each) for each in listed(variable.get("options")) if words(each)]
    if options:
        weaver.differ(step, told.OPTIONS)
        name = f"{name} ({' / '.join(options)})"
    type = TYPES.get(words(variable.get("type")), "text")
    return {"name": name[:80], "type": type, "required": variable.get("required") is True}


def answer(weaver: Weaver, step: Step) -> None:
    """An answer as it is put together from texts and values."""
    writer = Writer(weaver, step, "answer", jinja=True)
    filled = writer.write(words(step.data.get("answer")))
    at = step.at
    if not filled.ports:
        text = words(step.data.get("answer"))
        block = weaver.drawing.block("chat.answer", step.title, {"text": text}, key=step.title, at=at)
        weaver.gate(block, step)
        made = [block]
    else:
        made = _answered(weaver, step, filled.lone, filled.text, filled.ports, filled.values)
    weaver.ran(step, f"{made[-1]}.text")
    weaver.carried(step, *made)


def _answered(
    weaver: Weaver, step: Step, lone: str, text: str, ports: Mapping[str, str], values: Sequence[Value]
) -> list[str]:
    drawing, made = weaver.drawing, []
    answer = drawing.block("chat.answer", step.title, key=step.title, at=step.at)
    if lone:
        drawing.join(lone, f"{answer}.text")
    else:
        made = [drawing.block("template", f"{step.title} text", {"template": text}, key=f"{step.title} text")]
        for name, port in ports.items():
            drawing.join(port, f"{made[0]}.{name}")
        drawing.join(f"{made[0]}.text", f"{answer}.text")
    weaver.gate((made or [answer])[0], step, *values)
    return [*made, answer]


def end(weaver: Weaver, step: Step) -> None:
    """What a workflow gives: one value is the answer, several stand a line each."""
    outputs = mappings(step.data.get("outputs"))
    values = [(words(each.get("variable")), selector(each.get("value_selector"))) for each in outputs]
    pieces, writer = [], Writer(weaver, step, "result", jinja=True)
    for name, source in values:
        value = weaver.find(source, step)
        if value is None:
            continue
        if weaver.may_lack(value, step):
            nothing = weaver.text("", f"no {name}")
            value = Value(weaver.first_of([value.port, nothing], name), value.type, name=name)
        pieces.append(writer.put(value))
    if not pieces:
        block = weaver.drawing.block("chat.answer", step.title, {"text": "…"}, key=step.title, at=step.at)
        weaver.gate(block, step)
        made = [block]
    else:
        filled = writer.done("\n".join(pieces))
        made = _answered(weaver, step, filled.lone, filled.text, filled.ports, filled.values)
    weaver.ran(step, f"{made[-1]}.text")
    weaver.carried(step, *made)
