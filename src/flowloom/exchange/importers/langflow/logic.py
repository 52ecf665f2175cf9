"""If-Else, and components that only pass on."""

from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.importers.langflow.graph import Component
from flowloom.exchange.importers.langflow.weaving import Told, Weaving

PLAIN = {
    "equals": "is",
    "not equals": "is_not",
    "contains": "contains",
    "starts with": "starts_with",
    "ends with": "ends_with",
}
ORDERS = {"less than": "<", "less than or equal": "<=", "greater than": ">", "greater than or equal": ">="}


def draw_if(weaving: Weaving, component: Component, told: Told) -> list[str]:
    text = weaving.text_of(component, "input_text", f"{component.id} text")
    way = weaving.incoming(component, "match_text")
    operator, match = component.text("operator", "equals"), component.text("match_text")
    exact = component.is_on("case_sensitive", default=True)
    helpers: list[str] = []
    if operator in PLAIN and way is None and match.strip() and (exact or match == match.strip()):
        condition = {"input": "text", "operator": PLAIN[operator], "value": match, "exact": exact}
        block = weaving.block(component, "branch", {"rows": [{"name": "True", "conditions": [condition]}]})
        weaving.drawing.join(text, f"{block}.text")
        ways = {"true_result": f"{block}.true", "false_result": f"{block}.otherwise"}
        if not exact:
            told.append(
                Problem.of(
                    "import.blanks",
                    "Spaces at the start and end of the text don’t count here.",
                    "You notice it where somebody writes a space before or after.",
                )
            )
    else:
        block, ways, helpers = _compared(weaving, component, text, _code(operator, exact))
    if component.id in weaving.cycles:
        told.append(_rounds())
    for output, field in (("true_result", "true_case_message"), ("false_result", "false_case_message")):
        weaving.gives(component, output, _case(weaving, component, ways[output], field))
    weaving.gate(component, helpers[0] if helpers else block)
    return [block, *helpers]


def _code(operator: str, exact: bool) -> str:
    """The comparison as Langflow makes it: a pattern only at the start, what is no number is never more or less."""
    said = "text, match = str({{text}}), str({{match}})\n"
    if operator == "regex":
        return (
            f"import re\n{said}try:\n    found = bool(re.match(match, text))\n"
            "except Exception:\n    found = False\nfound\n"
        )
    if operator in ORDERS:
        return (
            f"{said}try:\n    found = float(text) {ORDERS[operator]} float(match)\n"
            "except ValueError:\n    found = False\nfound\n"
        )
    if not exact:
        said += "text, match = text.lower(), match.lower()\n"
    compared = {
        "not equals": "text != match",
        "contains": "match in text",
        "starts with": "text.startswith(match)",
        "ends with": "text.endswith(match)",
    }.get(operator, "text == match")
    return f"{said}{compared}\n"


def _compared(
    weaving: Weaving, component: Component, text: str, code: str
) -> tuple[str, dict[str, str], list[str]]:
    """A comparison in code, and blocks that pass the text on by either way."""
    compare = weaving.helper(component, "code.run", {"code": code}, key=f"{component.id} compare")
    weaving.drawing.join(text, f"{compare}.text")
    weaving.drawing.join(weaving.text_of(component, "match_text", f"{component.id} match"), f"{compare}.match")
    rows: list[dict[str, Any]] = [{"name": "True", "conditions": [{"input": "holds", "operator": "is_yes"}]}]
    block = weaving.block(component, "branch", {"rows": rows})
    weaving.drawing.join(f"{compare}.result", f"{block}.holds")
    ways, made = {}, [compare]
    for output, port in (("true_result", "true"), ("false_result", "otherwise")):
        passed = weaving.helper(component, "prompt", {"template": "{{text}}"}, key=f"{component.id} {port}")
        weaving.drawing.join(text, f"{passed}.text")
        weaving.drawing.after(passed, f"{block}.{port}")
        ways[output] = f"{passed}.prompt"
        made.append(passed)
    return block, ways, made


def _case(weaving: Weaving, component: Component, way: str, field: str) -> str:
    """What goes on by a way: the message for that case where there is one, else the text itself."""
    line = weaving.incoming(component, field)
    if line is None and not component.text(field):
        return way
    if line is None:
        block = weaving.helper(component, "text", {"text": component.text(field)}, key=f"{component.id} {field}")
        weaving.drawing.after(block, way)
        return f"{block}.text"
    block = weaving.helper(component, "prompt", {"template": "{{text}}"}, key=f"{component.id} {field}")
    weaving.drawing.join(weaving.port(line), f"{block}.text")
    weaving.drawing.after(block, way)
    return f"{block}.prompt"


def _rounds() -> Problem:
    return Problem.of(
        "import.rounds",
        "Its limit of rounds is that of the loop here. There an empty text leaves at the limit.",
        "You notice it where the loop doesn’t end by itself.",
    )


def draw_pass(weaving: Weaving, component: Component, told: Told) -> list[str]:
    way = weaving.incoming(component, "input_message", "input_value", "input_data", "message", "data")
    if way is None:
        block = weaving.block(component, "text", {"text": component.text("input_message")})
        weaving.gives(component, "output_message", f"{block}.text")
        return [block]
    weaving.gives(component, "output_message", weaving.value(component, way), weaving.sort(way))
    return [weaving.port(way).split(".")[0]]


DRAWS = {"ConditionalRouter": draw_if, "Pass": draw_pass}
