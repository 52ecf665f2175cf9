"""Nodes of agentflows that choose a way: conditions, choices of a model, a person’s yes or no."""

from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.importers.flowise.flow import Node
from flowloom.exchange.importers.flowise.rich_text import markdown
from flowloom.exchange.importers.flowise.speaking import model_of
from flowloom.exchange.importers.flowise.weaving import SPEAKING, Told, Weaving
from flowloom.nodes.port_names import named_ports

PLAIN = {
    "contains": "contains",
    "notContains": "does_not_contain",
    "equal": "is",
    "notEqual": "is_not",
    "startsWith": "starts_with",
    "endsWith": "ends_with",
}
NUMBERS = {
    "larger": ">",
    "largerEqual": ">=",
    "smaller": "<",
    "smallerEqual": "<=",
    "equal": "==",
    "notEqual": "!=",
}
READ = """import re
def number(text):
    found = re.match(r'\\s*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)', str(text))
    return float(found[0]) if found else 0.0
"""
PLAIN_TEXT = """import re
text = str({{text}})
for pattern, kept in (
    ('<[^>]*>', ''),
    (r'(?m)^#{1,6} +', ''),
    (r'(?m)^ *> ?', ''),
    (r'!?\\[([^\\]]*)\\]\\([^)]*\\)', r'\\1'),
    ('`+([^`]*)`+', r'\\1'),
    (r'(\\*\\*|__|~~)(.+?)\\1', r'\\2'),
    (r'(\\*|_)(.+?)\\1', r'\\2'),
):
    text = re.sub(pattern, kept, text)
text
"""
TEXTS = {
    "contains": "right in left",
    "notContains": "right not in left",
    "equal": "left == right",
    "notEqual": "left != right",
    "startsWith": "left.startswith(right)",
    "endsWith": "left.endswith(right)",
    "isEmpty": "left == ''",
    "notEmpty": "left != ''",
}


def _draw_condition(weaving: Weaving, node: Node, told: Told) -> list[str]:
    rows: list[dict[str, Any]] = []
    inputs: dict[str, str] = {}
    conditions = node.rows("conditions")[:50]
    for number, condition in enumerate(conditions, 1):
        name = f"value {number}"
        row, port = _row(weaving, node, condition, name, told)
        rows.append({"name": f"Condition {number}", "conditions": [row]})
        inputs[name.replace(" ", "_")] = port
    block = weaving.block("branch", {"rows": rows} if rows else {})
    for name, port in inputs.items():
        weaving.join(port, f"{block}.{name}")
    weaving.follow(block)
    for number, _ in enumerate(rows):
        weaving.exits[node.id, number] = [f"{block}.condition_{number + 1}"]
    weaving.exits[node.id, len(rows)] = [f"{block}.otherwise"]
    return [block]


def _row(
    weaving: Weaving, node: Node, condition: dict[str, Any], name: str, told: Told
) -> tuple[dict[str, Any], str]:
    """A condition as a row of a branch, and the port of what it looks at; harder ones are worked out in code."""
    operation, kind = str(condition.get("operation") or "equal"), str(condition.get("type") or "string")
    left = weaving.port(condition.get("value1"), f"{node.id} {name}")
    spoken = kind == "string" and left in weaving.spoken
    if spoken:
        left = _plain(weaving, node, left, name)
    _, refs = weaving.text(condition.get("value2"))
    right = markdown(str(condition.get("value2") or ""))
    if kind in ("string", "boolean") and operation in PLAIN and not refs and right.strip():
        if kind == "string" and not spoken:
            told.append(_stripped())
        return {"input": name, "operator": PLAIN[operation], "value": right, "exact": True}, left
    block = weaving.block(
        "code.run", {"code": _code(kind, operation)}, main=False, key=f"{node.id} {name} compared"
    )
    weaving.join(left, f"{block}.left")
    if operation not in ("isEmpty", "notEmpty"):
        weaving.join(weaving.port(condition.get("value2"), f"{node.id} {name} other"), f"{block}.right")
    return {"input": name, "operator": "is_yes"}, f"{block}.result"


def _plain(weaving: Weaving, node: Node, port: str, name: str) -> str:
    """What a model said, without its Markdown and HTML, as Flowise compares it."""
    block = weaving.block("code.run", {"code": PLAIN_TEXT}, main=False, key=f"{node.id} {name} plain")
    weaving.join(port, f"{block}.text")
    return f"{block}.result"


def _stripped() -> Problem:
    return Problem.of(
        "import.stripped",
        "Flowise compares texts without their Markdown and HTML; here they are compared as they are.",
        "You notice it where a model answers in bold, for instance.",
    )


def _code(kind: str, operation: str) -> str:
    if operation in ("isEmpty", "notEmpty"):
        return f"left = str({{{{left}}}})\n{TEXTS[operation]}\n"
    if kind == "number" or operation in ("larger", "largerEqual", "smaller", "smallerEqual"):
        return f"{READ}number({{{{left}}}}) {NUMBERS.get(operation, '==')} number({{{{right}}}})\n"
    if operation == "regex":
        return (
            "import re\ntry:\n    found = bool(re.search(str({{right}}), str({{left}})))\n"
            "except Exception:\n    found = False\nfound\n"
        )
    return f"left, right = str({{{{left}}}}), str({{{{right}}}})\n{TEXTS.get(operation, 'left == right')}\n"


def _draw_choice(weaving: Weaving, node: Node, told: Told) -> list[str]:
    """A model that chooses among scenarios."""
    model, _ = model_of(weaving, node.text("conditionAgentModel"), node.inputs.get("conditionAgentModelConfig"))
    names = [str(row.get("scenario") or "").strip() for row in node.rows("conditionAgentScenarios")][:50]
    labels = [{"name": name[:80], "description": name[80:2000]} for name in names if name]
    template, ports = weaving.text(node.inputs.get("conditionAgentInstructions"))
    block = weaving.block("classify", {"labels": labels, "model": model, "instructions": "" if ports else template})
    given = node.inputs.get("conditionAgentInput")
    text = weaving.port(given, f"{node.id} input") if given else weaving.question()
    if ports:
        joined = weaving.block(
            "prompt", {"template": f"{{{{input}}}}\n\n{template}"}, main=False, key=f"{node.id} asked"
        )
        weaving.join(text, f"{joined}.input")
        for name, port in ports.items():
            weaving.join(port, f"{joined}.{name}")
        text = f"{joined}.prompt"
    weaving.join(text, f"{block}.text")
    weaving.follow(block)
    found = named_ports((label["name"] for label in labels), taken=("none",))
    for number, way in enumerate(found):
        last = number == len(found) - 1
        weaving.exits[node.id, number] = [f"{block}.{way.id}", *([f"{block}.none"] if last else [])]
    told.append(
        Problem.of(
            "import.choice",
            "The model is asked to choose in other words, and without what was said before.",
            "It may choose differently where two scenarios fit.",
        )
    )
    return [block]


def _draw_approval(weaving: Weaving, node: Node, told: Told) -> list[str]:
    question = markdown(node.text("humanInputDescription")) or "Do you want to proceed?"
    block = weaving.block("people.approve", {"question": question[:200]})
    shown = _last_said(weaving, node)
    weaving.join(shown, f"{block}.value")
    weaving.follow(block)
    weaving.exits[node.id, 0], weaving.exits[node.id, 1] = [f"{block}.approved"], [f"{block}.declined"]
    weaving.outputs[node.id] = f"{block}.comment"
    if node.text("humanInputDescriptionType") == "dynamic":
        told.append(
            Problem.of(
                "import.described",
                "A model describes there what is asked; here the last answer is shown.",
                "Put a Model block before it to describe it.",
            )
        )
    elif node.inputs.get("humanInputEnableFeedback") is True:
        told.append(
            Problem.of(
                "import.feedback",
                "The person’s comment leaves by its own output, but isn’t one of the messages of later models.",
                "Use it in their prompts.",
            )
        )
    return [block]


def _last_said(weaving: Weaving, node: Node) -> str:
    """What the last model or agent before it said, else the question."""
    waiting, seen = [line.source for line in weaving.flow.into(node.id)], set()
    while waiting:
        at = waiting.pop(0)
        if weaving.flow.nodes[at].name in SPEAKING and at in weaving.outputs:
            return weaving.outputs[at]
        if at not in seen:
            seen.add(at)
            waiting += [line.source for line in weaving.flow.into(at)]
    return weaving.question()


DRAWS = {
    "conditionAgentflow": _draw_condition,
    "conditionAgentAgentflow": _draw_choice,
    "humanInputAgentflow": _draw_approval,
}
