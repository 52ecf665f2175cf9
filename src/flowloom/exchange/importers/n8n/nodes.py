"""What each sort of node becomes."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.importers.n8n.asking import ask
from flowloom.exchange.importers.n8n.conditions import row_of
from flowloom.exchange.importers.n8n.lists import aggregate, for_each, is_many, loop, split_out
from flowloom.exchange.importers.n8n.services import classify, code, extract, http_request, retrieve, summarise
from flowloom.exchange.importers.n8n.workflow import N8nNode
from flowloom.exchange.importers.sketch import Template, Way
from flowloom.exchange.importers.values import Known, Port, Record, Unread
from flowloom.nodes.port_names import named_ports

if TYPE_CHECKING:
    from flowloom.exchange.importers.n8n.walk import Out, Walk

Came = list[tuple[int, Any, Way]]
PASSED = frozenset({"noop", "limit", "wait", "executiondata", "debughelper"})
SINGLE = frozenset({"aggregate", "splitinbatches", "limit", "noop", "summarize"})
"""Nodes that take all items at once."""


def draw_node(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    """Draw one node: its outputs, each with what leaves by it and how it goes on. Raises Unread."""
    if node.disabled and not node.starts:
        walk.drawing.carried(node.name, node.name, node.type)
        return {0: (walk.current, way)}
    if node.starts:
        return _start(walk, node, way)
    if is_many(walk.current) and node.type not in SINGLE:
        return for_each(walk, node, way)
    if len(came) > 1 and node.type != "merge" and not _exclusive(walk, came):
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


def _exclusive(walk: "Walk", came: Came) -> bool:
    """Whether no two of the ways can be taken together."""
    tokens = [walk.sketch.all_of(way.after or way.gate) for _, _, way in came]
    chosen = [{tuple(each.split(".", 1)) for each in found if "." in each} for found in tokens]
    return all(
        any(one[0] == other[0] and one[1] != other[1] for one in chosen[a] for other in chosen[b])
        for a in range(len(chosen))
        for b in range(a)
    )


def _asked(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    return {0: (ask(walk, node, way), way)}


def _passed(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    walk.tell(node, "")
    return {0: (walk.current, way)}


def _if(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    inputs = Template()
    told = node.settings.get("conditions")
    row = row_of(
        {**(told if isinstance(told, dict) else {}), "options": _options(node, told)},
        "true",
        walk.reader,
        way,
        inputs,
    )
    if node.settings.get("combineOperation") == "any":
        row["match"] = "any"
    id = walk.sketch.place(way, "branch", node.name, {"rows": [row]}, inputs.inputs, acts=True, key=node.name)
    walk.tell(node, id, *_missing(row))
    return {0: (walk.current, way.fork(f"{id}.true")), 1: (walk.current, way.fork(f"{id}.otherwise"))}


def _options(node: N8nNode, told: Any) -> dict[str, Any]:
    inner = told.get("options") if isinstance(told, dict) else None
    return dict(inner) if isinstance(inner, dict) else {}


def _missing(*rows: dict[str, Any]) -> list[Problem]:
    if not any(condition["operator"] == "is_yes" for row in rows for condition in row["conditions"]):
        return []
    return [
        Problem.of(
            "import.differs",
            "A missing value counts as empty here; n8n tells missing from empty, and fails on a wrong type.",
            "You notice where a value is not there: check it with “is not empty” first.",
        )
    ]


def _switch(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    rules = node.settings.get("rules")
    values = (rules.get("values") or rules.get("rules")) if isinstance(rules, dict) else None
    if node.settings.get("mode") == "expression" or not isinstance(values, list) or not values:
        raise Unread
    inputs, rows = Template(), []
    for number, rule in enumerate(values):
        rows.append(row_of(_rule(node, rule), _rule_name(rule, number), walk.reader, way, inputs))
    names = [
        f"{row['name']} ({number})" if [each["name"] for each in rows].count(row["name"]) > 1 else row["name"]
        for number, row in enumerate(rows, 1)
    ]
    for row, name in zip(rows, names, strict=True):
        row["name"] = name
    ports = [port.id for port in named_ports(names, taken=("otherwise",))]
    id = walk.sketch.place(way, "branch", node.name, {"rows": rows}, inputs.inputs, acts=True, key=node.name)
    options = node.under("options")
    differs = _missing(*rows)
    if options.get("allMatchingOutputs"):
        differs.append(
            Problem.of(
                "import.differs",
                "Here only the first path that fits is taken, not all of them.",
                "You notice when an item fits several rules: draw a branch for each.",
            )
        )
    walk.tell(node, id, *differs)
    out = {number: (walk.current, way.fork(f"{id}.{port}")) for number, port in enumerate(ports)}
    fallback = options.get("fallbackOutput", node.settings.get("fallbackOutput"))
    out[len(ports)] = (walk.current, way.fork(f"{id}.otherwise"))
    if isinstance(fallback, int) and 0 <= fallback < len(ports):
        port = f"{id}.{ports[fallback]}"
        out[fallback] = (walk.current, way.fork(port, f"{id}.otherwise"))
    if fallback != "extra":
        del out[len(ports)]
    return out


def _rule(node: N8nNode, rule: Any) -> Any:
    """A rule as conditions; old files compare one value of the node."""
    if isinstance(rule, dict) and "conditions" in rule:
        return rule["conditions"]
    if not isinstance(rule, dict):
        raise Unread
    type = str(node.settings.get("dataType") or "number")
    return {
        type: [
            {
                "value1": node.settings.get("value1"),
                "operation": rule.get("operation"),
                "value2": rule.get("value2"),
            }
        ]
    }


def _rule_name(rule: Any, number: int) -> str:
    named = rule.get("outputKey") if isinstance(rule, dict) else None
    return str(named) if named else f"Output {number}"


def _set(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    settings = node.settings
    if settings.get("mode") == "raw":
        value = walk.reader.value(settings.get("jsonOutput") or "{}", way)
        fresh = _parsed(value, walk, way)
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


def _merge(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    """Merge: what came by one of several ways, or what came by all of them."""
    mode = node.settings.get("mode") or "append"
    if _exclusive(walk, came) or len(came) == 1:
        differs = [] if mode in ("append", "passThrough") else [_one_absent()]
        walk.tell(node, "", *differs)
        return {0: (walk.current, way)}
    by_input = sorted(came, key=lambda each: each[0])
    # All of them have to be there.
    all_there = Way({}, tuple(way.after), ())
    last = by_input[-1][2]
    all_there.after, all_there.gate = last.after, last.gate
    walk.tell(node, "")
    if mode == "chooseBranch":
        wanted = node.settings.get("useDataOfInput", 1)
        number = int(wanted) - 1 if str(wanted).isdigit() else 0
        return {0: (by_input[min(number, len(by_input) - 1)][1], all_there)}
    items = [item for _, item, _ in by_input]
    if mode == "append":
        raise Unread
    if all(isinstance(item, Record) for item in items):
        return {0: (Record({key: value for item in items for key, value in item.fields.items()}), all_there)}
    raise Unread


def _one_absent() -> Problem:
    return Problem.of(
        "import.differs",
        "With one branch absent, n8n’s Merge gives nothing in this mode; here what came goes on.",
        "You notice when only one of its branches has run.",
    )


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
    "if": _if,
    "switch": _switch,
    "set": _set,
    "merge": _merge,
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
    **dict.fromkeys(PASSED, _passed),
}
