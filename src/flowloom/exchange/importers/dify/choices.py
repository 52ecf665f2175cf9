"""Steps of a Dify flow in which a model sorts a text or takes details out of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.exchange.importers.dify import differences as told
from flowloom.exchange.importers.dify.document import Step, selector
from flowloom.exchange.importers.dify.models import model_config, told_parameters
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.exchange.importers.dify.writing import Filled, Writer
from flowloom.flow.sorts import mapping, mappings, words
from flowloom.nodes.models.answer_fields import AnswerField, field_ports
from flowloom.nodes.models.classify import NONE
from flowloom.nodes.port_names import named_ports

PARAMETER_TYPES = {
    "string": "text",
    "number": "number",
    "bool": "yes_no",
    "boolean": "yes_no",
    "object": "json",
    "select": "text",
}


def asked_text(weaver: Weaver, step: Step, source: tuple[str, ...], instruction: str) -> tuple[str, Filled, str]:
    """The port of the text a step is about, with what its instruction refers to put before it."""
    writer = Writer(weaver, step, "prompt")
    written = writer.write(instruction)
    value = weaver.find(source, step)
    if written.ports:
        asked = writer.put(value) if value else ""
        text = f"{written.text}\n\n{asked}"
        block = weaver.drawing.block("prompt", f"{step.title} text", {"template": text}, key=f"{step.title} text")
        for name, port in writer.ports.items():
            weaver.drawing.join(port, f"{block}.{name}")
        return f"{block}.prompt", writer.done(text), ""
    if value:
        writer.values.append(value)
    return value.port if value else weaver.text("", "nothing"), writer.done(""), instruction


def classifier(weaver: Weaver, step: Step) -> None:
    """A classifier goes the first way where the model names none that there is."""
    classes = [each for each in mappings(step.data.get("classes")) if words(each.get("id"))]
    names = [(words(each.get("name")) or words(each.get("id"))).strip() for each in classes]
    labels = [
        {"name": _short(name, number, names), "description": name[:2_000]} for number, name in enumerate(names)
    ]
    port, filled, instruction = asked_text(
        weaver, step, selector(step.data.get("query_variable_selector")), words(step.data.get("instruction"))
    )
    config = {"labels": labels, "instructions": instruction}
    config["model"] = model_config(weaver, mapping(step.data.get("model")))["model"]
    block = weaver.drawing.block("classify", step.title, config, key=step.title, at=step.at)
    weaver.drawing.join(port, f"{block}.text")
    weaver.gate(block, step, *filled.values)
    ports = named_ports([label["name"] for label in labels], taken=(NONE.id,))
    ways: dict[str, list[str]] = {}
    for number, (each, found) in enumerate(zip(classes, ports, strict=True)):
        ways[words(each.get("id"))] = [f"{block}.{found.id}", *([f"{block}.{NONE.id}"] if number == 0 else [])]
    for handle, fired in ways.items():
        weaver.ran(step, *fired, handle=handle)
    texts = dict(zip(ways, names, strict=False))
    weaver.offer(step.id, "class_name", lambda: _chosen(weaver, step, ways, texts))
    weaver.offer(step.id, "class_id", lambda: _chosen(weaver, step, ways, {id: id for id in ways}))
    weaver.differ(step, told.PROMPT_OF_ITS_OWN)
    told_parameters(weaver, step, mapping(step.data.get("model")))
    weaver.settle(step, block, {})
    weaver.carried(step, block)


def _short(name: str, number: int, names: Sequence[str]) -> str:
    short = " ".join(name.split())[:60] or str(number + 1)
    same = sum(" ".join(each.split())[:60] == short for each in names)
    return f"{number + 1} {short}" if same > 1 else short


def _chosen(weaver: Weaver, step: Step, ways: Mapping[str, Sequence[str]], texts: Mapping[str, str]) -> Value:
    """What was chosen, as a text: one text waits on each way."""
    ports = []
    for handle, fired in ways.items():
        port = weaver.text(texts[handle], f"{step.title} {texts[handle]}"[:60])
        weaver.drawing.after(port.partition(".")[0], *fired)
        ports.append(port)
    return Value(weaver.first_of(ports, step.title), of=step.id, name=step.title)


def extractor(weaver: Weaver, step: Step) -> None:
    parameters = [each for each in mappings(step.data.get("parameters")) if words(each.get("name"))]
    fields = [_parameter(each) for each in parameters]
    port, filled, instruction = asked_text(
        weaver, step, selector(step.data.get("query")), words(step.data.get("instruction"))
    )
    config = {"fields": fields, "instructions": instruction}
    config["model"] = model_config(weaver, mapping(step.data.get("model")))["model"]
    block = weaver.drawing.block("extract", step.title, config, key=step.title, at=step.at)
    weaver.drawing.join(port, f"{block}.text")
    weaver.gate(block, step, *filled.values)
    ports = field_ports([AnswerField.model_validate(field) for field in fields], ("data", "text"))
    for parameter, field, found in zip(parameters, fields, ports, strict=True):
        type = words(parameter.get("type"))
        kind = {"select": "string", "bool": "boolean"}.get(type, type)
        value = Value(f"{block}.{found.id}", kind, step.id, words(parameter.get("name")))
        weaver.offer(step.id, value.name, value if field["required"] else _or_empty(weaver, value))
    success = Value(weaver.code("1", {}, "success"), "number", name="success") if _wants(weaver, step) else None
    if success:
        weaver.offer(step.id, "__is_success", success)
    weaver.differ(step, told.PROMPT_OF_ITS_OWN)
    if any(field["required"] for field in fields):
        weaver.differ(step, told.EMPTY_FIELDS)
    weaver.settle(step, block, {})
    weaver.ran(step, f"{block}.text")
    weaver.carried(step, block)


def _wants(weaver: Weaver, step: Step) -> bool:
    return any(
        f"{step.id}.__is_success" in str(each.data) or "__is_success" in str(each.data) for each in weaver.app.steps
    )


def _or_empty(weaver: Weaver, value: Value) -> Any:
    """A field that was not found is empty, in its type."""
    empty = {"number": "0", "boolean": "False", "object": "{}"}.get(
        value.type, "[]" if "array" in value.type else "''"
    )

    def made() -> Value:
        instead = weaver.code(empty, {}, f"no {value.name}")
        return Value(weaver.first_of([value.port, instead], value.name), value.type, value.of, value.name)

    return made


def _parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    type, description = words(parameter.get("type")), words(parameter.get("description"))
    options = parameter.get("options")
    if isinstance(options, list) and options:
        description = f"{description} ({' / '.join(map(words, options))})".strip()
    return {
        "name": words(parameter.get("name"))[:80],
        "type": "list" if type.startswith("array") else PARAMETER_TYPES.get(type, "text"),
        "description": description[:2_000],
        "required": parameter.get("required") is True,
    }
