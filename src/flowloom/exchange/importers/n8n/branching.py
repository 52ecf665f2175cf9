"""n8n's IF and Switch, and Merge, where their ways meet again."""

from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.importers.n8n.conditions import row_of
from flowloom.exchange.importers.n8n.lists import Items, is_many
from flowloom.exchange.importers.n8n.workflow import N8nNode
from flowloom.exchange.importers.sketch import Template, Way
from flowloom.exchange.importers.values import Port, Record, Unread
from flowloom.nodes.port_names import named_ports

if TYPE_CHECKING:
    from flowloom.exchange.importers.n8n.walk import Out, Walk

Came = list[tuple[int, Any, Way]]


def draw_if(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
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
    return {0: (walk.current, way.branch_off(f"{id}.true")), 1: (walk.current, way.branch_off(f"{id}.otherwise"))}


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


def draw_switch(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
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
    out = {number: (walk.current, way.branch_off(f"{id}.{port}")) for number, port in enumerate(ports)}
    fallback = options.get("fallbackOutput", node.settings.get("fallbackOutput"))
    out[len(ports)] = (walk.current, way.branch_off(f"{id}.otherwise"))
    if isinstance(fallback, int) and 0 <= fallback < len(ports):
        port = f"{id}.{ports[fallback]}"
        out[fallback] = (walk.current, way.branch_off(port, f"{id}.otherwise"))
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


def draw_merge(walk: "Walk", node: N8nNode, way: Way, came: Came) -> "Out":
    """Merge: what came by one of several ways, or what came by all of them."""
    mode = node.settings.get("mode") or "append"
    if are_exclusive(walk, came) or len(came) == 1:
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
    if mode != "append" and all(isinstance(item, Record) for item in items):
        return {0: (Record({key: value for item in items for key, value in item.fields.items()}), all_there)}
    template = Template()
    written = [
        f"...{{{{{template.name(item.at)}}}}}" if is_many(item) else walk.reader.written(item, all_there, template)
        for item in items
    ]
    many = mode == "append" or any(is_many(item) for item in items)
    script = f"[{', '.join(written)}]" if many else "({" + ", ".join(f"...{each}" for each in written) + "})"
    config = {"code": script, "engine": "javascript"}
    id = walk.sketch.place(all_there, "code.run", node.name, config, template.inputs, acts=True, key=node.name)
    all_there.after = (f"{id}.result",)
    return {0: (Items(f"{id}.result") if many else Port(f"{id}.result"), all_there)}


def _one_absent() -> Problem:
    return Problem.of(
        "import.differs",
        "With one branch absent, n8n’s Merge gives nothing in this mode; here what came goes on.",
        "You notice when only one of its branches has run.",
    )


def are_exclusive(walk: "Walk", came: Came) -> bool:
    """Whether no two of the ways can be taken together."""
    tokens = [walk.sketch.all_of(way.after or way.gate) for _, _, way in came]
    chosen = [{tuple(each.split(".", 1)) for each in found if "." in each} for found in tokens]
    return all(
        any(one[0] == other[0] and one[1] != other[1] for one in chosen[a] for other in chosen[b])
        for a in range(len(chosen))
        for b in range(a)
    )
