"""What each sort of Rivet node becomes."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.importers.model_names import model_name
from flowloom.exchange.importers.rivet.project import RivetNode
from flowloom.exchange.importers.sketch import Template, Way
from flowloom.exchange.importers.values import Choice, Known, Messages, Port, Text, Unread

if TYPE_CHECKING:
    from flowloom.exchange.importers.rivet.walk import Walk

Out = dict[str, Any]
_NAME = re.compile(r"\{\{([^{}]+)\}\}")
_PATH = re.compile(r"\$((?:\.[A-Za-z_][\w-]*|\[\d+\])*)")
TRUE_FOR_IF = (
    "typeof {V} === 'number' || !(({V} ?? '') === '' || {V} === false || (Array.isArray({V}) && {V}.length === 0))"
)
TRUE_FOR_IF_ELSE = "typeof {V} === 'number' ? false : Array.isArray({V}) ? {V}.length > 0 : !!{V}"


def draw_node(walk: "Walk", node: RivetNode, way: Way) -> Out:
    """Draw one node and give what its outputs bring. Raises Unread."""
    how = _NODES.get(node.type)
    if how is None:
        raise Unread
    return how(walk, node, way)


def _graph_input(walk: "Walk", node: RivetNode, way: Way) -> Out:
    name = str(node.data.get("id") or "input")
    walk.tell(node)
    if walk.given is not None:
        return {"data": walk.given.get(name, Known(node.data.get("defaultValue") or ""))}
    first = next(each for each in walk.graph.nodes.values() if each.type == "graphInput")
    if node is first or node.id == first.id:
        return {"data": Port(f"{walk.message}.message")}
    if node.data.get("defaultValue") not in (None, ""):
        return {"data": Known(node.data["defaultValue"])}
    form = walk.sketch.place(
        way, "people.form", name, {"fields": [{"name": name}]}, {"value": f"{walk.message}.message"}, key=name
    )
    from flowloom.nodes.port_names import named_ports

    return {"data": Port(f"{form}.{named_ports([name], taken=('late',))[0].id}")}


def _graph_output(walk: "Walk", node: RivetNode, way: Way) -> Out:
    name = str(node.data.get("id") or "output")
    value = walk.text(walk.value(node, "value"))
    if value is not None:
        known = walk.outputs.get(name)
        walk.outputs[name] = value if known is None else Choice(((Way({}), known), (Way({}), value)))
    walk.tell(node)
    return {"valueOutput": value}


def _filled(walk: "Walk", node: RivetNode, text: str) -> Any:
    """A text with what its names bring; a name that nothing is connected to is nothing."""
    parts: list[Any] = []
    done = 0
    for found in _NAME.finditer(text):
        value = walk.text(walk.value(node, found[1].strip()))
        parts += [Known(text[done : found.start()]), value if value is not None else Known("")]
        done = found.end()
    parts = [part for part in (*parts, Known(text[done:])) if part != Known("")]
    if all(isinstance(part, Known) for part in parts):
        return Known("".join(str(part.value) for part in parts))
    return Text(tuple(parts))


def _text(walk: "Walk", node: RivetNode, way: Way) -> Out:
    value = _filled(walk, node, str(node.data.get("text") or ""))
    walk.tell(node)
    return {"output": _placed(walk, value, way)}


def _placed(walk: "Walk", value: Any, way: Way) -> Any:
    """The value of a node with a condition of its own is there only where that holds."""
    return Port(walk.sketch.gated(value, way)) if way.gate else value


def _prompt(walk: "Walk", node: RivetNode, way: Way) -> Out:
    if node.data.get("useTypeInput"):
        raise Unread
    role = str(node.data.get("type") or "user")
    value = _placed(walk, _filled(walk, node, str(node.data.get("promptText") or "")), way)
    walk.tell(node)
    return {"output": Messages(((role if role in ("system", "assistant") else "user", value),))}


def _assemble(walk: "Walk", node: RivetNode, way: Way) -> Out:
    rows = [row for value in walk.inputs(node, "message") for row in _rows(value)]
    walk.tell(node)
    return {"prompt": Messages(tuple(rows))}


def _rows(value: Any) -> tuple[tuple[str, Any], ...]:
    if isinstance(value, Messages):
        return value.rows
    return () if value is None else (("user", value),)


def _chat(walk: "Walk", node: RivetNode, way: Way) -> Out:
    system = walk.text(walk.value(node, "systemPrompt"))
    rows = [*([("system", system)] if system is not None else []), *_rows(walk.value(node, "prompt"))]
    if not rows or walk.value(node, "functions") is not None:
        raise Unread
    named = str(node.data.get("model") or "gpt-4o-mini")
    config: dict[str, Any] = {"model": model_name("openai", named), "history_turns": 0}
    temperature = node.data.get("temperature", 0.5)
    if not node.data.get("useTopP") and isinstance(temperature, int | float) and 0 <= temperature <= 2:
        config["temperature"] = temperature
    inputs = _said(walk, config, rows, way)
    id = walk.sketch.place(way, "model", node.title, config, inputs, key=node.title)
    walk.tell(node, id)
    return {"response": Port(f"{id}.answer")}


def _said(walk: "Walk", config: dict[str, Any], rows: list[tuple[str, Any]], way: Way) -> dict[str, str]:
    first, *left = rows
    if first[0] == "system" and isinstance(first[1], Known) and len(left) == 1 and left[0][0] == "user":
        config["instructions"] = str(first[1].value)
        rows = left
    if len(rows) == 1 and rows[0][0] == "user":
        return {"prompt": walk.sketch.port_of(rows[0][1], way)}
    template = Template()
    config["messages"] = [
        walk.sketch.message_row(role, text, template, ("prompt", "history"), way) for role, text in rows
    ]
    return template.inputs


def _if(walk: "Walk", node: RivetNode, way: Way) -> Out:
    test = walk.value(node, "if")
    if test is None:
        raise Unread
    id = walk.branch(node, test, TRUE_FOR_IF, way)
    value = walk.value(node, "value")
    walk.tell(node, id, _skipped())
    return {"output": walk.on(value, f"{id}.yes"), "falseOutput": walk.on(value, f"{id}.otherwise")}


def _if_else(walk: "Walk", node: RivetNode, way: Way) -> Out:
    test = walk.value(node, "if")
    if test is None:
        raise Unread
    id = walk.branch(node, test, TRUE_FOR_IF_ELSE, way)
    sides = [
        walk.on(walk.text(walk.value(node, side)), f"{id}.{port}")
        for side, port in (("true", "yes"), ("false", "otherwise"))
    ]
    merged = walk.sketch.place(
        way, "merge", node.title, {}, {"values": [each.at for each in sides]}, key=f"{node.title} value"
    )
    walk.tell(node, id, _skipped())
    return {"output": Port(f"{merged}.value")}


def _match(walk: "Walk", node: RivetNode, way: Way) -> Out:
    """Match: each case a regular expression; all that fit run, unless it is exclusive."""
    cases = [str(each) for each in node.data.get("cases") or ()]
    test = walk.text(walk.value(node, "input"))
    if test is None or not cases:
        raise Unread
    value = walk.value(node, "value")
    value = test if value is None else value
    exclusive = bool(node.data.get("exclusive"))
    tests = [
        walk.script(node, f"new RegExp({json.dumps(case)}).test(String({{V}}))", {"V": test}, way, "case")
        for case in cases
    ]
    rest = walk.script(
        node,
        "!(" + " || ".join(f"{{C{number}}}" for number in range(len(tests))) + ")",
        {f"C{number}": each for number, each in enumerate(tests)},
        way,
        "no case",
    )
    out: Out = {}
    groups = [[*tests, rest]] if exclusive else [[each] for each in (*tests, rest)]
    names = [*(f"case{number}" for number in range(1, len(cases) + 1)), "unmatched"]
    id = ""
    for group in groups:
        template = Template()
        rows: list[dict[str, Any]] = [
            {
                "name": names[len(out) + place],
                "conditions": [{"input": template.name(each.at), "operator": "is_yes"}],
            }
            for place, each in enumerate(group)
        ]
        id = walk.sketch.place(way, "branch", node.title, {"rows": rows}, template.inputs, key=node.title)
        out |= {row["name"]: walk.on(value, f"{id}.{row['name']}") for row in rows}
    walk.tell(node, id, *([] if exclusive else [_all_cases()]))
    return out


def _coalesce(walk: "Walk", node: RivetNode, way: Way) -> Out:
    values = [walk.text(each) for each in walk.inputs(node)]
    ports = [walk.sketch.port_of(each, way) for each in values if each is not None]
    if not ports:
        raise Unread
    id = walk.sketch.place(way, "merge", node.title, {}, {"values": ports}, key=node.title)
    walk.tell(node, id)
    return {"output": Port(f"{id}.value")}


def _listed(walk: "Walk", node: RivetNode, way: Way, code: str) -> Port:
    values = {f"V{number}": each for number, each in enumerate(walk.inputs(node))}
    found = walk.script(
        node, code.replace("{ALL}", "[" + ", ".join(f"{{{name}}}" for name in values) + "]"), values, way
    )
    walk.tell(node, found.node)
    return found


def _join(walk: "Walk", node: RivetNode, way: Way) -> Out:
    if node.data.get("useJoinStringInput"):
        raise Unread
    string = str(node.data.get("joinString", "\n")).replace("\\n", "\n").replace("\\t", "\t")
    flat = ".flat()" if node.data.get("flatten") else ""
    words = "each => typeof each === 'string' ? each : JSON.stringify(each)"
    return {"output": _listed(walk, node, way, f"{{ALL}}{flat}.map({words}).join({json.dumps(string)})")}


def _array(walk: "Walk", node: RivetNode, way: Way) -> Out:
    flat = (
        ".flat(Infinity)" if node.data.get("flattenDeep") else ".flat()" if node.data.get("flatten", True) else ""
    )
    found = _listed(walk, node, way, f"{{ALL}}{flat}")
    more = {"length": "{V}.length", "indices": "{V}.map((_, place) => place)"}
    read = {name: code for name, code in more.items() if walk.graph.read(node.id, name)}
    return {"output": found} | {name: walk.script(node, code, {"V": found}, way) for name, code in read.items()}


def _code(walk: "Walk", node: RivetNode, way: Way) -> Out:
    named = node.data.get("inputNames")
    names = named if isinstance(named, list) else [named] if named else []
    outputs = node.data.get("outputNames")
    outputs = outputs if isinstance(outputs, list) else [outputs] if outputs else []
    values = {f"V{number}": walk.value(node, str(name)) for number, name in enumerate(names)}
    given = ", ".join(
        f"{json.dumps(str(name))}: {{ type: typeof {{V{number}}}, value: {{V{number}}} }}"
        for number, name in enumerate(names)
    )
    script = f"const found = (function (inputs) {{\n{node.data.get('code') or ''}\n}})({{ {given} }});\n"
    script += "Object.fromEntries(Object.entries(found).map(([name, each]) => [name, each.value ?? null]))"
    found = walk.script(node, script, values, way)
    walk.tell(node, found.node, _no_skip())
    return {str(name): _pick(walk, found, str(name), way) for name in outputs}


def _pick(walk: "Walk", whole: Port, path: str, way: Way) -> Port:
    id = walk.sketch.place(way, "json.pick", "", {"path": path}, {"data": whole.at}, key=path)
    return Port(f"{id}.value")


def _compare(walk: "Walk", node: RivetNode, way: Way) -> Out:
    operator = str(node.data.get("comparisonFunction") or "==")
    codes = {
        "and": "!!({A} && B)",
        "or": "!!({A} || B)",
        "xor": "!!{A} !== !!B",
        "nand": "!({A} && B)",
        "nor": "!({A} || B)",
        "xnor": "!!{A} === !!B",
    }
    codes |= {"==": "same", "!=": "!same"} | {each: f"{{A}} {each} B" for each in ("<", "<=", ">", ">=")}
    if node.data.get("useComparisonFunctionInput") or operator not in codes:
        raise Unread
    values = {"A": walk.value(node, "a"), "GIVEN": walk.value(node, "b")}
    known = {name: value for name, value in values.items() if value is not None}
    code = "const as = { string: String, number: Number, boolean: Boolean }[typeof {A}] ?? (each => each);\n"
    code += "const B = typeof {A} === typeof {GIVEN} ? {GIVEN} : as({GIVEN});\n"
    code += f"const same = JSON.stringify({{A}}) === JSON.stringify(B);\n{codes[operator]}"
    for name in values.keys() - known.keys():
        code = code.replace(f"{{{name}}}", "undefined")
    found = walk.script(node, code, known, way)
    walk.tell(node, found.node)
    return {"output": Port(found.at, "yes_no")}


def _constant(walk: "Walk", node: RivetNode, way: Way) -> Out:
    """A number or yes and no, its own or what is connected."""
    given = walk.value(node, "input")
    walk.tell(node)
    return {"value": Known(node.data.get("value")) if given is None else given}


def _extract_json(walk: "Walk", node: RivetNode, way: Way) -> Out:
    code = (
        "const text = String({V}), places = ['{', '['].map(each => text.indexOf(each)).filter(each => each >= 0);\n"
    )
    code += "const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));\n"
    code += "JSON.parse(text.slice(Math.min(...places), end + 1))"
    found = walk.script(node, code, {"V": walk.value(node, "input")}, way)
    walk.tell(node, found.node, *([_no_match()] if walk.graph.read(node.id, "noMatch") else []))
    return (
        {"output": found, "noMatch": walk.value(node, "input")}
        if not walk.graph.read(node.id, "noMatch")
        else {"output": found}
    )


def _path(walk: "Walk", node: RivetNode, way: Way) -> Out:
    whole, path = walk.value(node, "object"), _PATH.fullmatch(str(node.data.get("path") or "").strip())
    if (
        node.data.get("usePathInput")
        or path is None
        or not isinstance(whole, Port)
        or walk.graph.read(node.id, "all_matches")
    ):
        raise Unread
    found = _pick(walk, whole, path[1].removeprefix("."), way) if path[1] else whole
    walk.tell(node, found.node)
    return {"match": found}


def _to_json(walk: "Walk", node: RivetNode, way: Way) -> Out:
    indent = "2" if node.data.get("indented", True) else "0"
    found = walk.script(node, f"JSON.stringify({{V}}, null, {indent})", {"V": walk.value(node, "data")}, way)
    walk.tell(node, found.node)
    return {"output": found}


def _passed(walk: "Walk", node: RivetNode, way: Way) -> Out:
    walk.tell(node)
    into = walk.graph.into.get(node.id, {})
    return {name.replace("input", "output"): walk.value(node, name) for name in into if name.startswith("input")}


def _sub_graph(walk: "Walk", node: RivetNode, way: Way) -> Out:
    """Another graph of the project, drawn in its place."""
    from flowloom.exchange.importers.rivet.walk import DEEPEST
    from flowloom.exchange.importers.rivet.walk import Walk as Inner

    graph = walk.graphs.get(str(node.data.get("graphId")))
    if graph is None or walk.depth >= DEEPEST or way.gate:
        raise Unread
    inner = Inner(walk.graphs, graph, walk.drawing, walk.sketch, walk.message)
    into = walk.graph.into.get(node.id, {})
    inner.given, inner.depth = {name: walk.value(node, name) for name in into}, walk.depth + 1
    inner.walk()
    walk.tell(node)
    return inner.outputs


def _user_input(walk: "Walk", node: RivetNode, way: Way) -> Out:
    if node.data.get("useInput"):
        raise Unread
    question = str(node.data.get("prompt") or "")[:500]
    config = {"fields": [{"name": "Answer"}]} | ({"question": question} if question.strip() else {})
    id = walk.sketch.place(
        way, "people.form", node.title, config, {}, key=node.title, optional={"value": f"{walk.message}.message"}
    )
    found = walk.script(node, "[{V}]", {"V": Port(f"{id}.answer")}, way)
    walk.tell(node, id)
    return {"output": found}


def _http(walk: "Walk", node: RivetNode, way: Way) -> Out:
    data = node.data
    if any(
        data.get(name)
        for name in ("useUrlInput", "useMethodInput", "useHeadersInput", "useBodyInput", "isBinaryOutput")
    ):
        raise Unread
    method = str(data.get("method") or "GET")
    config: dict[str, Any] = {
        "method": method,
        "url": str(data.get("url") or ""),
        "fail_on_error": bool(data.get("errorOnNon200", True)),
    }
    config |= {"body": str(data.get("body"))} if data.get("body") and method not in ("GET", "HEAD") else {}
    id = walk.sketch.place(way, "http.request", node.title, config, {}, key=node.title)
    walk.tell(node, id)
    return {"res_body": Port(f"{id}.text"), "json": Port(f"{id}.data"), "statusCode": Port(f"{id}.status")}


def _skipped() -> Problem:
    return Problem.of(
        "import.differs",
        "Rivet’s If takes a condition that was skipped as false and lets that side run; here it stays off.",
        "You notice when something runs in Rivet though its branch was not taken.",
    )


def _all_cases() -> Problem:
    return Problem.of(
        "import.differs",
        "All cases that fit run, as in Rivet; each has a branch of its own here.",
        "You notice in the drawing: choose one Branch block if only the first should run.",
    )


def _no_skip() -> Problem:
    return Problem.of(
        "import.differs",
        "Code that leaves an output out gives an empty value here, instead of stopping what follows.",
        "You notice when blocks behind it should not run: add a Branch block.",
    )


def _no_match() -> Problem:
    return Problem.of(
        "import.differs",
        "A text without JSON stops the run here, instead of leaving by “No match”.",
        "You notice when a model answers in plain words.",
    )


_NODES: dict[str, Callable[["Walk", RivetNode, Way], Out]] = {
    "graphInput": _graph_input,
    "graphOutput": _graph_output,
    "text": _text,
    "prompt": _prompt,
    "assemblePrompt": _assemble,
    "chat": _chat,
    "if": _if,
    "ifElse": _if_else,
    "match": _match,
    "coalesce": _coalesce,
    "join": _join,
    "array": _array,
    "code": _code,
    "compare": _compare,
    "number": _constant,
    "boolean": _constant,
    "extractJson": _extract_json,
    "extractObjectPath": _path,
    "toJson": _to_json,
    "passthrough": _passed,
    "subGraph": _sub_graph,
    "userInput": _user_input,
    "httpCall": _http,
}
