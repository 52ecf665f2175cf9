"""Steps of a Dify flow that work on values: code, templates, lists, documents, what is remembered."""

import json
import re
from collections.abc import Iterable, Mapping

from flowloom.exchange.importers.dify import differences as told
from flowloom.exchange.importers.dify.document import Step, selector
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.exchange.importers.dify.writing import plain_name
from flowloom.flow.sorts import mapping, mappings, words
from flowloom.nodes.data.code_values import quoted_stretches
from flowloom.nodes.data.sandbox import FAILURES, names_in_template
from flowloom.nodes.port_names import named_ports
from flowloom.nodes.templates import find_placeholders

LIBRARIES = ("import requests", "import httpx", "import os", "open(", "import subprocess", "import urllib", "numpy")
CHECKS = {"string": "str", "object": "dict", "number": "(int, float)"}


def code(weaver: Weaver, step: Step) -> None:
    """Python runs as it is; what it gives is held against what is declared."""
    data, program = step.data, words(step.data.get("code"))
    outputs = {words(name): words(mapping(each).get("type")) for name, each in mapping(data.get("outputs")).items()}
    inputs = {
        words(each.get("variable")): selector(each.get("value_selector"))
        for each in mappings(data.get("variables"))
    }
    language = words(data.get("code_language")) or "python3"
    if language not in ("python3", "javascript"):
        kept(weaver, step, list(inputs.values()), list(outputs))
        return
    ports = {plain_name(name): _or_nothing(weaver, step, source) for name, source in inputs.items() if name}
    config = (
        _javascript(program, inputs, outputs) if language == "javascript" else _python(program, inputs, outputs)
    )
    block = weaver.drawing.block("code.run", step.title, config, key=step.title, at=step.at)
    for name, value in ports.items():
        weaver.drawing.join(value.port, f"{block}.{name}")
    weaver.gate(block, step, *ports.values())
    if language == "python3" and any(word in program for word in LIBRARIES):
        weaver.differ(step, told.LIBRARIES)
    for name, type in outputs.items():
        weaver.offer(step.id, name, lambda name=name, type=type: picked(weaver, step, block, name, type))  # type: ignore[misc]
    weaver.settle(step, block, {})
    if data.get("error_strategy") == "default-value":
        given = {words(each.get("key")): each.get("value") for each in mappings(data.get("default_value"))}
        weaver.drawing.settle(block, fallback={"result": given, "text": ""})
    weaver.ran(step, f"{block}.text")
    weaver.carried(step, block)


def _python(program: str, inputs: Iterable[str], outputs: Mapping[str, str]) -> dict[str, str]:
    """The code, a call of its `main`, and what Dify checks of the result."""
    arguments = ", ".join(f"{name}={{{{{plain_name(name)}}}}}" for name in inputs if name)
    keys = ", ".join(sorted(outputs))
    lines = [without_names(program.rstrip()), "", f"given = main({arguments})"]
    lines.append(f"assert sorted(given) == {sorted(outputs)!r}, 'The result should hold: {keys}'")
    for name, type in outputs.items():
        wanted = CHECKS.get(type) or ("list" if type.startswith("array") else "")
        if wanted:
            fits = f"given[{name!r}] is None or isinstance(given[{name!r}], {wanted})"
            lines.append(f"assert {fits}, '{name} should be {type}'")
    return {"code": "\n".join([*lines, "given"])}


def _javascript(program: str, inputs: Iterable[str], outputs: Mapping[str, str]) -> dict[str, str]:
    arguments = ", ".join(f"{json.dumps(name)}: {{{{{plain_name(name)}}}}}" for name in inputs if name)
    keys = json.dumps(sorted(outputs), separators=(",", ":"))
    lines = [program.rstrip(), "", f"const given = main({{{arguments} }});"]
    found = "JSON.stringify(Object.keys(given).sort())"
    lines.append(f"if ({found} !== {json.dumps(keys)}) throw new Error({json.dumps(keys)});")
    return {"code": "\n".join([*lines, "given"]), "engine": "javascript"}


def without_names(program: str) -> str:
    """Python with double braces in its texts written so that nothing is put in there."""
    found = program
    for start, end, text in sorted(quoted_stretches(program), reverse=True):
        stretch = program[start:end]
        prefix = re.match(r"[A-Za-z]*", text)[0].lower() if text[-1:] in "'\"" else "f"  # type: ignore[index]
        if not any(True for _ in find_placeholders(stretch)) or "r" in prefix:
            continue
        if "f" in prefix:
            stretch = stretch.replace("{{", "\\x7b").replace("}}", "\\x7d")
        found = found[:start] + stretch.replace("{{", "{\\x7b") + found[end:]
    return found


def picked(weaver: Weaver, step: Step, block: str, name: str, type: str) -> Value:
    path = name if name.isidentifier() else f'["{name}"]'
    pick = weaver.drawing.block("json.pick", name, {"path": path}, key=f"{step.title} {name}")
    weaver.drawing.join(f"{block}.result", f"{pick}.data")
    return Value(f"{pick}.value", type, step.id, name, nullable=True)


def _or_nothing(weaver: Weaver, step: Step, source: tuple[str, ...]) -> Value:
    """A value, or nothing where no step provides it."""
    value = weaver.find(source, step)
    if value is None:
        return Value(weaver.code("None", {}, "Nothing"), "any")
    if not weaver.may_lack(value, step):
        return value
    nothing = weaver.code("None", {}, f"No {value.name}")
    return Value(weaver.first_of([value.port, nothing], value.name), value.type, name=value.name)


def kept(weaver: Weaver, step: Step, sources: list[tuple[str, ...]], outputs: list[str]) -> None:
    """A step without a counterpart, kept with its lines."""
    values = [value for source in sources if (value := weaver.find(source, step))]
    names = [f"input {number}" for number, _ in enumerate(values, 1)]
    outputs = outputs or ["output"]
    block = weaver.drawing.placeholder(
        step.title, step.type, dict(step.data), inputs=names, outputs=outputs, key=step.title, at=step.at
    )
    for number, value in enumerate(values, 1):
        weaver.drawing.join(value.port, f"{block}.input_{number}")
    weaver.gate(block, step, *values)
    ports = [f"{block}.{port.id}" for port in named_ports(outputs)]
    for name, port in zip(outputs, ports, strict=True):
        weaver.offer(step.id, name, Value(port, "any", step.id, name))
    weaver.ran(step, ports[0])
    weaver.carried(step, block)


def template(weaver: Weaver, step: Step) -> None:
    """A text put together by a template, whose names are its own."""
    text = words(step.data.get("template")).removesuffix("\n")
    sources = {
        words(each.get("variable")): selector(each.get("value_selector"))
        for each in mappings(step.data.get("variables"))
    }
    block = weaver.drawing.block("template", step.title, {"template": text}, key=step.title, at=step.at)
    try:
        names = names_in_template(text)
    except FAILURES:
        names = tuple(sources)
        weaver.differ(step, told.TEMPLATE_LANGUAGE)
    values = []
    for name in names:
        value = _or_nothing(weaver, step, sources[name]) if name in sources else Value(weaver.text("", name))
        if value.type not in ("string", "number"):
            weaver.differ(step, told.TEMPLATE_VALUES)
        weaver.drawing.join(value.port, f"{block}.{name}")
        values.append(value)
    weaver.gate(block, step, *values)
    weaver.offer(step.id, "output", Value(f"{block}.text", "string", step.id, step.title))
    weaver.settle(step, block, {"output": "text"})
    weaver.ran(step, f"{block}.text")
    weaver.carried(step, block)


def document(weaver: Weaver, step: Step) -> None:
    """The text of files, which Flowloom reads as they come in."""
    value = weaver.find(selector(step.data.get("variable_selector")), step)
    many = step.data.get("is_array_file") is True
    text = "[file['text'] for file in {{files}}]"
    single = "''.join(file['text'] for file in ({{files}} if isinstance({{files}}, list) else [{{files}}]))"
    port = value.port if value else weaver.code("[]", {}, "No files")
    block = weaver.drawing.block(
        "code.run", step.title, {"code": text if many else single}, key=step.title, at=step.at
    )
    weaver.drawing.join(port, f"{block}.files")
    weaver.gate(block, step, value)
    type = "array[string]" if many else "string"
    weaver.offer(step.id, "text", Value(f"{block}.result", type, step.id, step.title))
    weaver.settle(step, block, {"text": "result"})
    weaver.ran(step, f"{block}.text")
    weaver.carried(step, block)
