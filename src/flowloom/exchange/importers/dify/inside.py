"""Iterations and loops of a Dify flow: what is done for each item, and what is done again and again."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.dify import differences as told
from flowloom.exchange.importers.dify.document import PLAIN, Line, Step, selector
from flowloom.exchange.importers.dify.level import Level
from flowloom.exchange.importers.dify.logic import Row, branch, case_of
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.flow.sorts import mappings, words
from flowloom.nodes.flows.embedded import document_of

Draw = Callable[[Weaver], None]
ERRORS = {"terminated": "stop", "continue-on-error": "empty", "remove-abnormal-output": "skip"}
NUMBERED = "[{'item': item, 'index': index} for index, item in enumerate({{items}})]"
FLAT = (
    "lists = [each for each in {{items}} if each is not None]\n"
    "flat = bool(lists) and all(isinstance(each, list) for each in lists)\n"
    "[item for each in lists for item in each] if flat else {{items}}"
)
WITHOUT_GAPS = "[item for item in {{items}} if item is not None]"
MOST_ROUNDS = 1_000


def iteration(weaver: Weaver, step: Step, draw: Draw) -> None:
    """The steps within become a flow of their own, which a block runs for each item."""
    data = step.data
    items = weaver.find(selector(data.get("iterator_selector")), step)
    inner = _inner(weaver, step)
    numbered = f"{step.id}.index" in str([each.data for each in weaver.app.steps]) or _asks_index(weaver, step)
    _offer_item(inner, step, items, numbered)
    draw(inner)
    result = inner.find(selector(data.get("output_selector")), _last(inner, step))
    out = inner.drawing.block("flow.output", "Result", {"name": "Result"}, key="result")
    inner.drawing.join(result.port if result else inner.text("", "nothing"), f"{out}.value")
    if result and inner.may_lack(result, _last(inner, step)):
        inner.drawing.join(inner.text("", "nothing"), f"{out}.value")
    config = {
        "flow": document_of(inner.drawing.flow()),
        "over": "item",
        "at_once": _at_once(data),
        "if_fails": ERRORS.get(words(data.get("error_handle_mode")), "stop"),
    }
    block = weaver.drawing.block("flow.each", step.title, config, key=step.title, at=step.at)
    port = items.port if items else weaver.code("[]", {}, "No items")
    if numbered:
        port = weaver.code(NUMBERED, {"items": port}, f"{step.title} numbered")
    weaver.drawing.join(port, f"{block}.item")
    values = [items, *_give(weaver, inner, step, block)]
    weaver.gate(block, step, *values)
    _offer_results(weaver, step, block, result)
    _tell(weaver, step, inner)
    weaver.settle(step, block, {"output": "result"})
    weaver.ran(step, f"{block}.result")
    weaver.drawing.rows += inner.drawing.rows
    weaver.carried(step, block)


def _asks_index(weaver: Weaver, step: Step) -> bool:
    return any([step.id, "index"] == each for other in weaver.app.steps for each in _lists(other.data))


def _lists(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [found for each in value.values() for found in _lists(each)]
    if isinstance(value, list):
        return [value, *(found for each in value for found in _lists(each))]
    return []


def inner_level(weaver: Weaver, step: Step) -> Level:
    return Level([each for each in weaver.app.steps if each.inside == step.id], weaver.app.lines)


def _inner(weaver: Weaver, step: Step) -> Weaver:
    drawing = Drawing(weaver.drawing.format, step.title, language=weaver.drawing.language)
    drawing.todo, drawing.notes = weaver.drawing.todo, weaver.drawing.notes
    return Weaver(weaver.app, drawing, inner_level(weaver, step), weaver)


def _offer_item(inner: Weaver, step: Step, items: Value | None, numbered: bool) -> None:
    type = items.type[6:-1] if items and items.type.startswith("array[") else "any"
    input = inner.drawing.block("flow.input", "Item", {"name": "item"}, key="item")
    if not numbered:
        inner.offer(step.id, "item", Value(f"{input}.value", type, name="item"))
        return
    for name, kind in (("item", type), ("index", "number")):
        pick = inner.drawing.block("json.pick", name, {"path": name}, key=f"{name} of it")
        inner.drawing.join(f"{input}.value", f"{pick}.data")
        inner.offer(step.id, name, Value(f"{pick}.value", kind, name=name))


def _last(inner: Weaver, step: Step) -> Step:
    """A step that stands for the end of a round: what has surely run by then."""
    end = Step(f"{step.id}@end", "end", step.title, {})
    steps = [*inner.level.steps.values(), end]
    lines = [line for id in inner.level.order for line in inner.level.out_of(id)]
    lines += [Line(id, PLAIN, end.id) for id in inner.level.ends()]
    inner.level = Level(steps, lines)
    return end


def _at_once(data: Mapping[str, Any]) -> int:
    number = data.get("parallel_nums")
    side_by_side = data.get("is_parallel") is True
    return max(1, min(32, number if isinstance(number, int) else 10)) if side_by_side else 1


def _give(weaver: Weaver, inner: Weaver, step: Step, block: str) -> list[Value | None]:
    """Join what the inner flow needs from outside."""
    values = []
    for name, source in inner.needs.items():
        value = weaver.find(source, step)
        if value:
            weaver.drawing.join(value.port, f"{block}.{name}")
        values.append(value)
    return values


def _offer_results(weaver: Weaver, step: Step, block: str, result: Value | None) -> None:
    type = result.type if result else "any"
    port = f"{block}.result"
    if (
        step.data.get("is_parallel") is True
        and words(step.data.get("error_handle_mode")) == "remove-abnormal-output"
    ):
        # Side by side, Dify takes an empty result for one that failed.
        port = weaver.code(WITHOUT_GAPS, {"items": port}, f"{step.title} without gaps")
    if type.startswith("array") and step.data.get("flatten_output") is not False:
        flat = weaver.code(FLAT, {"items": port}, f"{step.title} flat")
        weaver.offer(step.id, "output", Value(flat, type, step.id, step.title))
        return
    known = type if type in ("string", "number", "object", "boolean") else "any"
    weaver.offer(step.id, "output", Value(port, f"array[{known}]", step.id, step.title))


def _tell(weaver: Weaver, step: Step, inner: Weaver) -> None:
    types = {each.type for each in inner.level.steps.values()}
    if "answer" in types:
        weaver.differ(step, told.INNER_ANSWER)
    if step.data.get("is_parallel") is True and types & {"assigner", "variable-assigner"}:
        weaver.differ(step, told.APPENDS)


def loop(weaver: Weaver, step: Step, draw: Draw) -> None:
    """A loop is drawn as a line back: its values are remembered from round to round, its tests are branches."""
    drawing = weaver.drawing
    first = _remember_start(weaver, step)
    entry = drawing.block("merge", f"{step.title} again", {"mode": "first"}, key=f"{step.title} again")
    drawing.settle(entry, rounds=min(MOST_ROUNDS, _rounds(step) + 1))
    before, stops = _test(weaver, step, first, "before")
    drawing.join(f"{before}.otherwise", f"{entry}.values")
    inner = weaver.within(inner_level(weaver, step), entry)
    for id, each in inner.level.steps.items():
        if each.type == "loop-start":
            inner.fired[id, PLAIN].append(f"{entry}.value")
    draw(inner)
    after, later = _test(inner, step, _round_done(inner, step, entry), "after")
    drawing.join(f"{after}.otherwise", f"{entry}.values")
    out = drawing.block("merge", step.title, {"mode": "first"}, key=step.title, at=step.at)
    for port in (*stops, *later):
        drawing.join(port, f"{out}.values")
    weaver.differ(step, told.LOOP_MEMORY)
    weaver.ran(step, f"{out}.value")
    weaver.carried(step, entry, out)


def _rounds(step: Step) -> int:
    count = step.data.get("loop_count")
    return max(0, min(MOST_ROUNDS - 1, count)) if isinstance(count, int) and not isinstance(count, bool) else 10


def _remember_start(weaver: Weaver, step: Step) -> str:
    """The values a loop starts with, remembered one after the other; the port of the last."""
    start: list[tuple[str, str, Any, str]] = [
        ("loop_round", "number", 0, "constant"),
        ("@stop", "string", "", "constant"),
    ]
    for each in mappings(step.data.get("loop_variables")):
        label, type = words(each.get("label")), words(each.get("var_type")) or "string"
        if label:
            start.append((label, type, each.get("value"), words(each.get("value_type"))))
    before = ""
    for label, type, value, sort in start:
        given = weaver.find(selector(value), step) if sort == "variable" else None
        port = given.port if given else _start_port(weaver, value, type, label)
        name = f"{step.title}: {label.removeprefix('@')}"[:80]
        weaver.loop_names[step.id, label] = name
        # A list that starts empty has lost its type there, and reads like one of anything.
        empty = type.startswith("array") and sort == "constant" and value in ([], "[]", "", None)
        weaver.types[f"{step.id}.{label}"] = "array[any]" if empty else type
        block = weaver.drawing.block("memory.remember", f"{step.title} start", {"name": name}, key=f"start {name}")
        weaver.drawing.join(port, f"{block}.value")
        if before:
            weaver.drawing.after(block, before)
        else:
            weaver.gate(block, step)
        before = f"{block}.value"
    return before


def _start_port(weaver: Weaver, value: Any, type: str, label: str) -> str:
    if type == "string":
        return weaver.text(words(value), f"{label} start")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = {"number": 0, "object": {}, "boolean": False}.get(type, [])
    return weaver.code(repr(value), {}, f"{label} start")


def _test(weaver: Weaver, step: Step, after: str, when: str) -> tuple[str, list[str]]:
    """A branch that tells whether to stop, and its ports that say so."""
    pseudo = Step(f"{step.id}@{when}", "if-else", f"{step.title} {when}", {})
    weaver.moments[pseudo.id] = after
    case = case_of("stop", step.data, "break_conditions")
    inside = {id for id in inner_level(weaver, step).steps}
    unknown_yet = when == "before" and any(
        selector(each.get("variable_selector"))[:1] and selector(each.get("variable_selector"))[0] in inside
        for each in case.conditions
    )
    cases = [] if unknown_yet else [case]
    round = weaver.recall(step.id, "loop_round", pseudo)
    rows = [_enough(round, _rounds(step))]
    if "loop-end" in {each.type for each in weaver.level.steps.values()}:
        stopped = weaver.recall(step.id, "@stop", pseudo)
        row = {"match": "all", "conditions": [{"input": "stop", "operator": "is_not_empty"}]}
        rows.append(Row(row, "stop", {"stop": stopped}))
    block, ways = branch(weaver, pseudo, cases, rows)
    return block, [port for ports in ways.values() for port in ports]


def _enough(port: str, rounds: int) -> Row:
    condition = {"input": "round", "operator": "at_least", "value": str(rounds)}
    return Row({"match": "all", "conditions": [condition]}, "stop", {"round": port})


def _round_done(inner: Weaver, step: Step, entry: str) -> str:
    """The round is counted when every step of it is done."""
    ports = [
        port for id in inner.level.ends() for (of, _), fired in inner.fired.items() if of == id for port in fired
    ]
    count = inner.drawing.block(
        "memory.recall", f"{step.title} round", {"name": inner.loop_names[step.id, "loop_round"]}, key="round"
    )
    inner.drawing.after(count, *(dict.fromkeys(ports) or [f"{entry}.value"]))
    more = inner.code("{{round}} + 1", {"round": f"{count}.value"}, "next round")
    name = inner.loop_names[step.id, "loop_round"]
    keep = inner.drawing.block("memory.remember", f"{step.title} round", {"name": name}, key="count round")
    inner.drawing.join(more, f"{keep}.value")
    return f"{keep}.value"


def loop_end(weaver: Weaver, step: Step) -> None:
    """Where it is reached, the round is the last."""
    name = next(
        (name for (_, label), name in weaver.loop_names.items() if label == "@stop" and _ == step.inside), "stop"
    )
    block = weaver.drawing.block("memory.remember", step.title, {"name": name}, key=step.title, at=step.at)
    weaver.drawing.join(weaver.text("yes", "stop here"), f"{block}.value")
    weaver.gate(block, step)
    weaver.ran(step, f"{block}.value")
    weaver.carried(step, block)
