"""What each sort of Rivet node becomes."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flowloom.exchange.importers.model_names import model_name
from flowloom.exchange.importers.rivet.data import (
    draw_array,
    draw_code,
    draw_constant,
    draw_extract_json,
    draw_join,
    draw_path,
    draw_regex,
    draw_to_json,
)
from flowloom.exchange.importers.rivet.logic import draw_coalesce, draw_compare, draw_if, draw_if_else, draw_match
from flowloom.exchange.importers.rivet.project import RivetNode
from flowloom.exchange.importers.sketch import Template, Way
from flowloom.exchange.importers.values import Choice, Known, Messages, Port, Text, Unread

if TYPE_CHECKING:
    from flowloom.exchange.importers.rivet.walk import Walk

Out = dict[str, Any]
_NAME = re.compile(r"\{\{([^{}]+)\}\}")


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


_NODES: dict[str, Callable[["Walk", RivetNode, Way], Out]] = {
    "graphInput": _graph_input,
    "graphOutput": _graph_output,
    "text": _text,
    "prompt": _prompt,
    "assemblePrompt": _assemble,
    "chat": _chat,
    "if": draw_if,
    "ifElse": draw_if_else,
    "match": draw_match,
    "coalesce": draw_coalesce,
    "join": draw_join,
    "array": draw_array,
    "code": draw_code,
    "compare": draw_compare,
    "number": draw_constant,
    "boolean": draw_constant,
    "extractJson": draw_extract_json,
    "extractObjectPath": draw_path,
    "toJson": draw_to_json,
    "extractRegex": draw_regex,
    "passthrough": _passed,
    "subGraph": _sub_graph,
    "userInput": _user_input,
    "httpCall": _http,
}
