"""What each sort of node becomes."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.importers.n8n.asking import ask
from flowloom.exchange.importers.n8n.branching import are_exclusive, draw_if, draw_merge, draw_switch
from flowloom.exchange.importers.n8n.lists import aggregate, for_each, is_many, loop, split_out
from flowloom.exchange.importers.n8n.services import (
    VECTOR_STORES,
    classify,
    code,
    extract,
    http_request,
    message_model,
    retrieve,
    search,
    summarise,
)
from flowloom.exchange.importers.n8n.workflow import N8nNode
from flowloom.exchange.importers.sketch import Way
from flowloom.exchange.importers.values import Known, Port, Record, Unread

if TYPE_CHECKING:
    from flowloom.exchange.importers.n8n.walk import Out, Walk

Came = list[tuple[int, Any, Way]]
PASSED = frozenset({"noop", "wait", "executiondata", "debughelper"})
SINGLE = frozenset({"aggregate", "splitinbatches", "limit", "noop", "summarize"})
"""Nodes that take all items at once."""


def draw_node(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    """Draw one node: its outputs, each with what leaves by it and how it goes on. Raises Unread."""
    if node.disabled and not walk.begins(node):
        walk.drawing.carried(node.name, node.name, node.type)
        return {0: (walk.current, way)}
    if walk.begins(node):
        return _start(walk, node, way)
    if is_many(walk.current) and node.type not in SINGLE:
        return for_each(walk, node, way)
    if len(came) > 1 and node.type != "merge" and not are_exclusive(walk, came):
        walk.drawing.remark(
            "Where two branches meet without a Merge node, n8n runs what follows once for each; here it runs once.",
            "You notice when both branches have run: add a Merge block.",
        )
    how = _NODES.get(node.type)
    if how is None:
        raise Unread
    return how(walk, node, way, came)


def _start(walk: "Walk", node: N8nNode, way: Way) -> "Out":
    """A trigger: whatever starts the workflow there, a chat message starts it here."""
    if not walk.message:
        walk.message = walk.drawing.block("chat.message", key="message", at=node.position)
        walk.sketch.certain[walk.message] = set()
    message = Port(f"{walk.message}.message", "any part")
    differs: list[Problem] = []
    if node.type in ("chattrigger", "manualchattrigger"):
        item: Any = Record(
            {"chatInput": Port(f"{walk.message}.message"), "sessionId": Known(""), "action": Known("sendMessage")}
        )
    elif node.type == "manualtrigger":
        item = Record({})
    else:
        item = (
            Record({"body": message, "query": message, "headers": Record({}), "params": Record({})})
            if node.type == "webhook"
            else message
        )
        differs.append(
            Problem.of(
                "import.differs",
                "In n8n something else starts this flow; here each chat message does, and is all that it brings.",
                "You notice where several values came in at once: ask for them with an Ask for details block.",
            )
        )
    walk.tell(node, walk.message, *differs)
    return {0: (item, way)}


def _asked(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    return {0: (ask(walk, node, way), way)}


def _limited(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    """Limit: of several items the first; more than one are not told apart here."""
    item = walk.current
    if is_many(item) and node.settings.get("maxItems", 1) == 1 and node.settings.get("keep") != "lastItems":
        item = walk.reader.part(Port(item.at), 0, way)
    walk.tell(node, "")
    return {0: (item, way)}


def _passed(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    walk.tell(node, "")
    return {0: (walk.current, way)}


def _set(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    settings = node.settings
    if settings.get("mode") == "raw":
        written = settings.get("jsonOutput") or "{}"
        fresh = walk.reader.record(written, way) or _parsed(walk.reader.value(written, way), walk, way)
    else:
        fresh = Record(
            {name: _typed(walk.reader.value(value, way), type) for name, type, value in _fields(settings)}
        )
    kept = settings.get(
        "includeOtherFields",
        settings.get("include") == "all" if node.version >= 3 else not settings.get("keepOnlySet"),
    )
    if kept and isinstance(walk.current, Record) and isinstance(fresh, Record):
        fresh = Record({**walk.current.fields, **fresh.fields})
    walk.tell(node, "")
    return {0: (fresh, way)}


def _parsed(value: Any, walk: "Walk", way: Way) -> Any:
    """A JSON text as what it says."""
    if isinstance(value, Port):
        return value
    if isinstance(value, Known):
        try:
            found = json.loads(value.value) if isinstance(value.value, str) else value.value
        except ValueError:
            raise Unread from None
        return (
            Record({key: Known(each) for key, each in found.items()}) if isinstance(found, dict) else Known(found)
        )
    return Port(walk.sketch.port_of(value, way))


def _fields(settings: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Name, type and value of each field, however old the file is."""
    inner = settings.get("assignments")
    if isinstance(inner, dict):
        listed = inner.get("assignments")
        return [
            (str(each["name"]), str(each.get("type")), each.get("value")) for each in listed or () if "name" in each
        ]
    inner = settings.get("fields")
    if isinstance(inner, dict):
        listed = inner.get("values") or []
        return [
            (
                str(each["name"]),
                str(each.get("type", "stringValue"))[:-5],
                each.get(str(each.get("type", "stringValue"))),
            )
            for each in listed
        ]
    values = settings.get("values")
    pairs = values.items() if isinstance(values, dict) else ()
    return [(str(each["name"]), str(type), each.get("value")) for type, rows in pairs for each in rows]


def _typed(value: Any, type: str) -> Any:
    if (
        type in ("number", "boolean", "array", "object")
        and isinstance(value, Known)
        and isinstance(value.value, str)
    ):
        try:
            return Known(json.loads(value.value))
        except ValueError:
            return value
    return value


def _respond(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    settings = node.settings
    written = (
        settings.get("responseBody") if settings.get("respondWith") in ("text", "json") else settings.get("message")
    )
    walk.answer(walk.current, way, walk.reader.value(written, way) if written else None)
    walk.tell(node, "")
    way.ended = True
    return {0: (walk.current, way)}


_NODES: dict[str, Callable[["Walk", N8nNode, Way, Came], "Out"]] = {
    "agent": _asked,
    "chainllm": _asked,
    "if": draw_if,
    "switch": draw_switch,
    "set": _set,
    "merge": draw_merge,
    "respondtowebhook": _respond,
    "chat": _respond,
    "splitout": split_out,
    "splitinbatches": loop,
    "aggregate": aggregate,
    "httprequest": http_request,
    "code": code,
    "textclassifier": classify,
    "sentimentanalysis": classify,
    "informationextractor": extract,
    "chainsummarization": summarise,
    "chainretrievalqa": retrieve,
    "openai": message_model,
    "limit": _limited,
    **dict.fromkeys(VECTOR_STORES, search),
    **dict.fromkeys(PASSED, _passed),
}
