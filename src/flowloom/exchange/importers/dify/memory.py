"""What a Dify flow keeps for later: the steps that write conversation variables."""

from typing import Any

from flowloom.exchange.importers.dify.document import Step, selector
from flowloom.exchange.importers.dify.weaver import Weaver
from flowloom.flow.sorts import mappings, words

WRITES = {
    "over-write": "{{value}}",
    "set": "{{value}}",
    "append": "{{kept}} + [{{value}}]",
    "extend": "{{kept}} + {{value}}",
    "+=": "{{kept}} + {{value}}",
    "-=": "{{kept}} - {{value}}",
    "*=": "{{kept}} * {{value}}",
    "/=": "{{kept}} / {{value}}",
    "remove-first": "{{kept}}[1:]",
    "remove-last": "{{kept}}[:-1]",
}
EMPTY = {"number": 0, "object": {}, "boolean": False}


def assigner(weaver: Weaver, step: Step) -> None:
    """Values kept for later: one block writes each, after what works out its new value."""
    made: list[str] = []
    for source, operation, value in _writes(step):
        block = _written(weaver, step, source, operation, value, made[-1] if made else "")
        if block:
            made.append(block)
    if not made:
        made = [weaver.drawing.block("merge", step.title, {"mode": "first"}, key=step.title, at=step.at)]
        for port in weaver.ports_of(weaver.level.into(step.id)):
            weaver.drawing.join(port, f"{made[0]}.values")
    weaver.ran(step, f"{made[-1]}.value")
    weaver.carried(step, *made)


def _writes(step: Step) -> list[tuple[tuple[str, ...], str, Any]]:
    """What is to be written: where, how, and either where the new value comes from or what it is."""
    data = step.data
    if "items" in data:
        return [
            (
                selector(each.get("variable_selector")),
                words(each.get("operation")),
                selector(each.get("value")) if each.get("input_type") == "variable" else (each.get("value"),),
            )
            for each in mappings(data.get("items"))
        ]
    mode = words(data.get("write_mode")) or "over-write"
    return [(selector(data.get("assigned_variable_selector")), mode, selector(data.get("input_variable_selector")))]


def _written(
    weaver: Weaver, step: Step, source: tuple[str, ...], operation: str, value: tuple[Any, ...], before: str
) -> str:
    if len(source) < 2:
        return ""
    name = weaver.memory_name(source[0], source[1])
    type = weaver.types.get(source[1] if source[0] == "conversation" else ".".join(source[:2]), "string")
    after = f"{before}.value" if before else ""
    gated = False
    if operation == "clear":
        port = _constant(weaver, EMPTY.get(type, [] if type.startswith("array") else ""), name)
    else:
        template = WRITES.get(operation, "{{value}}")
        inputs: dict[str, str] = {}
        if "{{kept}}" in template:
            inputs["kept"], gated = weaver.recall(source[0], source[1], step, after), True
        if "{{value}}" in template:
            weaver.forget_reads(step) if before else None
            given = weaver.find(value, step) if len(value) > 1 else None
            gated = gated or bool(given and given.of == "@gated" and not before)
            inputs["value"] = given.port if given else _constant(weaver, value[0] if value else "", name)
        lone = template == "{{value}}"
        port = inputs["value"] if lone else weaver.code(template, inputs, f"new {name}")
    block = weaver.drawing.block("memory.remember", step.title, {"name": name}, key=f"remember {name}", at=step.at)
    weaver.drawing.join(port, f"{block}.value")
    if after:
        weaver.drawing.after(block, after)
    elif not gated:
        weaver.gate(block, step)
    return block


def _constant(weaver: Weaver, value: Any, name: str) -> str:
    if isinstance(value, str):
        return weaver.text(value, f"{name} value")
    return weaver.code(repr(value), {}, f"{name} value")
