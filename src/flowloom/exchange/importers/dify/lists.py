"""Lists of a Dify flow, filtered, sorted and cut by code that can be read."""

from collections.abc import Mapping
from typing import Any

from flowloom.exchange.importers.dify.data import picked
from flowloom.exchange.importers.dify.document import Step, selector
from flowloom.exchange.importers.dify.logic import FILE_TYPES
from flowloom.exchange.importers.dify.weaver import Weaver
from flowloom.exchange.importers.dify.writing import REFERENCE, Writer
from flowloom.flow.sorts import listed, mapping, mappings, words

FILTERS = {
    "contains": "{wanted} in {item}",
    "not contains": "{wanted} not in {item}",
    "start with": "{item}.startswith({wanted})",
    "end with": "{item}.endswith({wanted})",
    "is": "{item} == {wanted}",
    "is not": "{item} != {wanted}",
    "in": "{item} in {wanted}",
    "not in": "{item} not in {wanted}",
    "empty": "{item} == ''",
    "not empty": "{item} != ''",
    "=": "{item} == float({wanted})",
    "≠": "{item} != float({wanted})",
    ">": "{item} > float({wanted})",
    "<": "{item} < float({wanted})",
    "≥": "{item} >= float({wanted})",
    "≤": "{item} <= float({wanted})",
}


def list_operator(weaver: Weaver, step: Step) -> None:
    """A list filtered, sorted and cut, worked out by a block of code that can be read."""
    value = weaver.find(selector(step.data.get("variable")), step)
    type = value.type if value else "array[any]"
    inputs = {"items": value.port if value else weaver.code("[]", {}, "No items")}
    lines = ["items = {{items}} or []", *_filtered(weaver, step, inputs, type), *_cut(weaver, step, inputs, type)]
    lines += ["first, last = (items[0], items[-1]) if items else (None, None)"]
    lines += ["{'result': items, 'first_record': first, 'last_record': last}"]
    block = weaver.drawing.block("code.run", step.title, {"code": "\n".join(lines)}, key=step.title, at=step.at)
    for name, port in inputs.items():
        weaver.drawing.join(port, f"{block}.{name}")
    weaver.gate(block, step, value)
    item = type[6:-1] if type.startswith("array[") else "any"
    for name, kind in (("result", type), ("first_record", item), ("last_record", item)):
        weaver.offer(step.id, name, lambda name=name, kind=kind: picked(weaver, step, block, name, kind))  # type: ignore[misc]
    weaver.settle(step, block, {})
    weaver.ran(step, f"{block}.text")
    weaver.carried(step, block)


def _filtered(weaver: Weaver, step: Step, inputs: dict[str, str], type: str) -> list[str]:
    rule, lines = mapping(step.data.get("filter_by")), []
    for condition in mappings(rule.get("conditions")) if rule.get("enabled") is True else ():
        wanted, item = _wanted(weaver, step, inputs, condition.get("value")), "item"
        test = FILTERS.get(words(condition.get("comparison_operator")), "True")
        if type == "array[file]":
            test, item = _file_test(condition, test)
        lines.append(
            f"items = [item for item in items if {test.replace('{item}', item).replace('{wanted}', wanted)}]"
        )
    return lines


def _file_test(condition: Mapping[str, Any], test: str) -> tuple[str, str]:
    if words(condition.get("key")) == "type":
        kinds = [words(each) for each in listed(condition.get("value"))] or [words(condition.get("value"))]
        starts = tuple(FILE_TYPES[each] for each in kinds if each in FILE_TYPES)
        found = f"{{item}}['media_type'].startswith({starts!r})"
        if "document" in kinds:
            found = f"({found} or not {{item}}['media_type'].startswith({tuple(FILE_TYPES.values())!r}))"
        negated = words(condition.get("comparison_operator")) == "not in"
        return f"not {found}" if negated else found, "item"
    if words(condition.get("key")) == "size":
        return test.replace("{item}", "len(item['text'])"), "item"
    return test, "item['name']"


def _wanted(weaver: Weaver, step: Step, inputs: dict[str, str], value: Any) -> str:
    if isinstance(value, str) and REFERENCE.search(value):
        filled = Writer(weaver, step, "prompt").write(value)
        if filled.lone:
            name = f"wanted_{len(inputs)}"
            inputs[name] = filled.lone
            return f"{{{{{name}}}}}"
    if isinstance(value, list):
        return repr([words(each) for each in value])
    return repr(value if isinstance(value, bool) else words(value))


def _cut(weaver: Weaver, step: Step, inputs: dict[str, str], type: str) -> list[str]:
    lines = []
    extract, order, limit = (mapping(step.data.get(name)) for name in ("extract_by", "order_by", "limit"))
    if extract.get("enabled") is True:
        place = _wanted(weaver, step, inputs, words(extract.get("serial")) or "1")
        lines.append(f"items = [items[int({place}) - 1]]")
    if order.get("enabled") is True:
        key = ", key=lambda item: item['name']" if type == "array[file]" else ""
        lines.append(f"items = sorted(items{key}, reverse={order.get('value') == 'desc'})")
    size = limit.get("size")
    if limit.get("enabled") is True and isinstance(size, int):
        lines.append(f"items = items[:{size}]")
    return lines
