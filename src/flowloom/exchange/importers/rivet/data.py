"""Rivet's nodes that work with values: lists, JSON, code."""

import json
import re
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.importers.rivet.project import RivetNode
from flowloom.exchange.importers.sketch import Way
from flowloom.exchange.importers.values import Known, Port, Unread

if TYPE_CHECKING:
    from flowloom.exchange.importers.rivet.walk import Walk

Out = dict[str, Any]
_PATH = re.compile(r"\$((?:\.[A-Za-z_][\w-]*|\[\d+\])*)")


def _listed(walk: "Walk", node: RivetNode, way: Way, code: str) -> Port:
    values = {f"V{number}": each for number, each in enumerate(walk.inputs(node))}
    found = walk.script(
        node, code.replace("{ALL}", "[" + ", ".join(f"{{{name}}}" for name in values) + "]"), values, way
    )
    walk.tell(node, found.node)
    return found


def draw_join(walk: "Walk", node: RivetNode, way: Way) -> Out:
    if node.data.get("useJoinStringInput"):
        raise Unread
    string = str(node.data.get("joinString", "\n")).replace("\\n", "\n").replace("\\t", "\t")
    flat = ".flat()" if node.data.get("flatten") else ""
    words = "each => typeof each === 'string' ? each : JSON.stringify(each)"
    return {"output": _listed(walk, node, way, f"{{ALL}}{flat}.map({words}).join({json.dumps(string)})")}


def draw_array(walk: "Walk", node: RivetNode, way: Way) -> Out:
    flat = (
        ".flat(Infinity)" if node.data.get("flattenDeep") else ".flat()" if node.data.get("flatten", True) else ""
    )
    found = _listed(walk, node, way, f"{{ALL}}{flat}")
    more = {"length": "{V}.length", "indices": "{V}.map((_, place) => place)"}
    read = {name: code for name, code in more.items() if walk.graph.read(node.id, name)}
    return {"output": found} | {name: walk.script(node, code, {"V": found}, way) for name, code in read.items()}


def draw_code(walk: "Walk", node: RivetNode, way: Way) -> Out:
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


def draw_constant(walk: "Walk", node: RivetNode, way: Way) -> Out:
    """A number or yes and no, its own or what is connected."""
    given = walk.value(node, "input")
    walk.tell(node)
    return {"value": Known(node.data.get("value")) if given is None else given}


def draw_extract_json(walk: "Walk", node: RivetNode, way: Way) -> Out:
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


def draw_path(walk: "Walk", node: RivetNode, way: Way) -> Out:
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


def draw_to_json(walk: "Walk", node: RivetNode, way: Way) -> Out:
    indent = "2" if node.data.get("indented", True) else "0"
    found = walk.script(node, f"JSON.stringify({{V}}, null, {indent})", {"V": walk.value(node, "data")}, way)
    walk.tell(node, found.node)
    return {"output": found}


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


def draw_regex(walk: "Walk", node: RivetNode, way: Way) -> Out:
    """Extract Regex: the groups of the first match, empty where there is none."""
    if node.data.get("useRegexInput"):
        raise Unread
    regex, text = json.dumps(str(node.data.get("regex") or "")), walk.value(node, "input")
    all_of = f"[...String({{V}}).matchAll(new RegExp({regex}, 'g'))].map(each => [...each])"
    every = walk.script(node, all_of, {"V": text}, way)
    walk.tell(node, every.node)
    codes = {f"output{number}": f"({{V}}[0] ?? [])[{number}] ?? ''" for number in range(1, 10)}
    codes |= {"matches": "{V}.map(each => each[1] ?? each[0])"}
    found: Out = {
        name: walk.script(node, code, {"V": every}, way)
        for name, code in codes.items()
        if walk.graph.read(node.id, name)
    }
    for name, code in (("succeeded", "{V}.length > 0"), ("failed", "{V}.length === 0")):
        if walk.graph.read(node.id, name):
            found[name] = Port(walk.script(node, code, {"V": every}, way).at, "yes_no")
    return found
