"""Steps of a Dify flow that ask a model: LLM, classifier, parameter extractor, agent."""

from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.exchange.importers.dify import differences as told
from flowloom.exchange.importers.dify.document import Step, selector
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.exchange.importers.dify.writing import CONTEXT, Writer
from flowloom.exchange.importers.model_names import model_name
from flowloom.flow.sorts import mapping, mappings, words
from flowloom.locales import Verbatim
from flowloom.nodes.models.answer_fields import AnswerField, field_ports

FIELD_TYPES = {"string": "text", "number": "number", "integer": "number", "boolean": "yes_no", "object": "json"}
PASSAGES = "{% for passage in passages %}{{ passage.text }}\n{% endfor %}"
LINES = "{% for item in items %}{{ item.content if item.content else item }}\n{% endfor %}"
MOST_TURNS = 100


def model_config(weaver: Weaver, model: Mapping[str, Any]) -> dict[str, Any]:
    """The model of a step and its temperature, as a block is set."""
    vendor, name = words(model.get("provider")).split("/")[-1], words(model.get("name") or model.get("model"))
    chosen = model_name(vendor, name)
    if chosen == "default":
        weaver.drawing.do(
            "Choose a model for the blocks that used “{model}”.",
            "They use the default model until then. Models are connected under Settings.",
            model=Verbatim(name or vendor or "?"),
        )
    else:
        weaver.drawing.do(
            "Connect {vendor} under Settings, or choose another model in the blocks that use “{model}”.",
            "Keys never come over with a flow.",
            vendor=Verbatim(chosen.partition("/")[0]),
            model=Verbatim(name),
        )
    temperature = mapping(model.get("completion_params")).get("temperature")
    plain = isinstance(temperature, int | float) and not isinstance(temperature, bool) and 0 <= temperature <= 2
    return {"model": chosen, "temperature": temperature if plain else None}


def told_parameters(weaver: Weaver, step: Step, model: Mapping[str, Any]) -> None:
    if set(mapping(model.get("completion_params"))) - {"temperature"}:
        weaver.differ(step, told.PARAMETERS)


def llm(weaver: Weaver, step: Step) -> None:
    data = step.data
    writer = Writer(weaver, step, "prompt", names={"prompt", "history", "passages"})
    rows = _rows(weaver, step, writer, _context(weaver, step))
    memory = data.get("memory")
    if isinstance(memory, dict):
        rows.append({"role": "user", "text": _query(weaver, step, writer, memory)})
    filled = writer.done("")
    settings = model_config(weaver, mapping(data.get("model")))
    told_parameters(weaver, step, mapping(data.get("model")))
    fields = _fields(weaver, step)
    config = {**settings, "messages": [row for row in rows if row["text"].strip()], "fields": fields}
    block = weaver.drawing.block("model", step.title, config, key=step.title, at=step.at)
    for name, port in filled.ports.items():
        weaver.drawing.join(port, f"{block}.{name}")
    if isinstance(memory, dict) and weaver.message:
        weaver.drawing.configure(block, history_turns=_turns(memory))
        weaver.drawing.join(weaver.history(), f"{block}.history")
    if mapping(data.get("vision")).get("enabled") is True:
        weaver.differ(step, told.VISION)
    weaver.gate(block, step, *filled.values)
    _offer_answer(weaver, step, block, fields)
    weaver.settle(step, block, {"text": "answer"})
    weaver.ran(step, f"{block}.answer")
    weaver.carried(step, block)


def _rows(weaver: Weaver, step: Step, writer: Writer, context: str) -> list[dict[str, str]]:
    """The messages of a step; a completion prompt is one message of the person."""
    template = step.data.get("prompt_template")
    messages = [{"role": "user", **template}] if isinstance(template, dict) else mappings(template)
    rows = []
    for message in messages:
        if message.get("edition_type") == "jinja2":
            text = _jinja(weaver, step, writer, words(message.get("jinja2_text") or message.get("text")))
        else:
            text = writer.write(words(message.get("text")), context).text
        role = words(message.get("role"))
        rows.append({"role": role if role in ("system", "assistant") else "user", "text": text})
    return rows


def _jinja(weaver: Weaver, step: Step, writer: Writer, template: str) -> str:
    """A message written as a template is put together by a block of its own."""
    variables = mappings(mapping(step.data.get("prompt_config")).get("jinja2_variables"))
    block = weaver.drawing.block("template", f"{step.title} prompt", {"template": template}, key="prompt text")
    for each in variables:
        value, name = weaver.find(selector(each.get("value_selector")), step), words(each.get("variable"))
        if value and name and name in template:
            weaver.drawing.join(value.port, f"{block}.{name}")
            writer.values.append(value)
    return writer.put(Value(f"{block}.text", name=f"{step.title} prompt"))


def _context(weaver: Weaver, step: Step) -> str:
    """The port of what stands for `{{#context#}}`, "" where there is none."""
    context = mapping(step.data.get("context"))
    used = CONTEXT in str(step.data.get("prompt_template"))
    value = (
        weaver.find(selector(context.get("variable_selector")), step) if context.get("enabled") is True else None
    )
    if value is None or not used:
        return weaver.text("", "no context") if used else ""
    if value.type in ("string", "any"):
        return value.port
    name, template = ("passages", PASSAGES) if value.type == "passages" else ("items", LINES)
    block = weaver.drawing.block("template", f"{step.title} context", {"template": template}, key="context")
    weaver.drawing.join(value.port, f"{block}.{name}")
    return f"{block}.text"


def _query(weaver: Weaver, step: Step, writer: Writer, memory: Mapping[str, Any]) -> str:
    template = words(memory.get("query_prompt_template"))
    return writer.write(template or ("{{#sys.query#}}" if weaver.app.chats else "")).text


def _turns(memory: Mapping[str, Any]) -> int:
    window = mapping(memory.get("window"))
    size = window.get("size")
    if window.get("enabled") is True and isinstance(size, int):
        return max(0, min(MOST_TURNS, size))
    return MOST_TURNS


def _fields(weaver: Weaver, step: Step) -> list[dict[str, Any]]:
    """The fields of a structured answer."""
    if step.data.get("structured_output_enabled") is not True:
        return []
    schema = mapping(mapping(step.data.get("structured_output")).get("schema"))
    required, fields = schema.get("required"), []
    for name, each in mapping(schema.get("properties")).items():
        each, type = mapping(each), words(mapping(each).get("type"))
        nested = type == "object" or mapping(each.get("items")).get("type") not in (None, "string")
        if nested:
            weaver.differ(step, told.NESTED_FIELDS)
        fields.append(
            {
                "name": words(name)[:80],
                "type": "list" if type == "array" else FIELD_TYPES.get(type, "text"),
                "description": words(each.get("description"))[:2_000],
                "required": isinstance(required, list) and name in required,
            }
        )
    return fields


def _offer_answer(weaver: Weaver, step: Step, block: str, fields: Sequence[Mapping[str, Any]]) -> None:
    if not fields:
        weaver.offer(step.id, "text", Value(f"{block}.answer", of=step.id, name=step.title))
        return
    weaver.offer(step.id, "text", lambda: _told_text(weaver, step, block))
    ports = field_ports([AnswerField.model_validate(field) for field in fields], ("answer",))
    named = {words(field["name"]): f"{block}.{port.id}" for field, port in zip(fields, ports, strict=True)}

    def whole() -> Value:
        items = ", ".join(f"{name!r}: {{{{value_{number}}}}}" for number, name in enumerate(named))
        inputs = {f"value_{number}": port for number, port in enumerate(named.values())}
        return Value(weaver.code(f"{{{items}}}", inputs, f"{step.title} result"), "object", step.id, step.title)

    weaver.offer(step.id, "structured_output", whole)
    types = {"text": "string", "number": "number", "yes_no": "boolean", "list": "array[string]", "json": "any"}
    for field in fields:
        name = words(field["name"])
        part = Value(named[name], types[field["type"]], step.id, name)
        weaver.offer_part(step.id, "structured_output", name, part)


def _told_text(weaver: Weaver, step: Step, block: str) -> Value:
    weaver.differ(step, told.STRUCTURED_TEXT)
    return Value(f"{block}.answer", of=step.id, name=step.title)
