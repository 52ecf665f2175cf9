"""Conditions of a Dify flow as rows of a branch, by its rules of types and of nothing; and its aggregator."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flowloom.exchange.importers.dify import differences as told
from flowloom.exchange.importers.dify.document import Step, selector
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.exchange.importers.dify.writing import REFERENCE, Writer, missing, plain_name
from flowloom.flow.sorts import listed, mapping, mappings, words
from flowloom.nodes.port_names import named_ports, port_id

OPERATORS = {
    "contains": "contains",
    "not contains": "does_not_contain",
    "start with": "starts_with",
    "end with": "ends_with",
    "is": "is",
    "is not": "is_not",
    "=": "is",
    "≠": "is_not",
    ">": "greater_than",
    "<": "less_than",
    "≥": "at_least",
    "≤": "at_most",
    "empty": "is_empty",
    "not empty": "is_not_empty",
    "null": "is_missing",
    "not null": "exists",
    "exists": "exists",
    "not exists": "is_missing",
}
WITHOUT_VALUE = frozenset({"is_empty", "is_not_empty", "is_missing", "exists"})
NUMERIC = frozenset({"=", "≠", ">", "<", "≥", "≤"})
EQUALS = frozenset({"=", "≠"})
NUMBERS = frozenset({"number", "integer", "float"})
TEXTS = frozenset({"string", "secret"})
EMPTY_TEXT = {"contains": "is_not_empty", "starts_with": "is_not_empty", "ends_with": "is_not_empty"}
EMPTY_TEXT |= {"does_not_contain": "is_empty", "is": "is_empty", "is_not": "is_not_empty"}
CODE = {
    "contains": "{expected} in ({value} or [])",
    "not contains": "{expected} not in ({value} or [])",
    "start with": "({value} or '').startswith({expected})",
    "end with": "({value} or '').endswith({expected})",
    "is": "{value} is not None and {value} == {expected}",
    "is not": "{value} is not None and {value} != {expected}",
    "=": "{value} is not None and {value} == float({expected})",
    "≠": "{value} is not None and {value} != float({expected})",
    ">": "{value} is not None and {value} > float({expected})",
    "<": "{value} is not None and {value} < float({expected})",
    "≥": "{value} is not None and {value} >= float({expected})",
    "≤": "{value} is not None and {value} <= float({expected})",
    "empty": "not {value}",
    "not empty": "bool({value})",
    "in": "bool({value}) and {value} in {expected}",
    "not in": "not {value} or {value} not in {expected}",
    "all of": "bool({value}) and all(item in {value} for item in {expected})",
}
FILE_TYPES = {"image": "image/", "audio": "audio/", "video": "video/"}


class Case(NamedTuple):
    handle: str
    match: str
    conditions: Sequence[Mapping[str, Any]]


class Row(NamedTuple):
    """A row of a branch of our own making, the way it stands for, and what its inputs are joined to."""

    row: Mapping[str, Any]
    handle: str
    ports: Mapping[str, str]


def if_else(weaver: Weaver, step: Step) -> None:
    """Cases from top to bottom, the first that holds; the way “false” where none does."""
    block, ways = branch(weaver, step, _cases(step))
    for handle, ports in ways.items():
        weaver.ran(step, *ports, handle=handle)
    weaver.ran(step, f"{block}.otherwise", handle="false")
    weaver.carried(step, block)


def branch(
    weaver: Weaver, step: Step, cases: Sequence[Case], more: Sequence[Row] = ()
) -> tuple[str, dict[str, list[str]]]:
    """A branch for some cases and rows, and its ports by the ways they stand for."""
    inputs: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    handles: list[str] = []
    values: list[Value] = []
    for case in cases:
        for row in _rows(weaver, step, case, inputs, values):
            rows.append(row | {"name": _name(row, case.handle, rows)})
            handles.append(case.handle)
    for each in more:
        inputs |= each.ports
        rows.append({**each.row, "name": _name(each.row, each.handle, rows)})
        handles.append(each.handle)
    block = weaver.drawing.block("branch", step.title, {"rows": rows}, key=step.title, at=step.at)
    for name, port in inputs.items():
        weaver.drawing.join(port, f"{block}.{name}")
    weaver.gate(block, step, *values)
    ways: dict[str, list[str]] = {}
    found = named_ports([row["name"] for row in rows], taken=("otherwise",))
    for handle, way in zip(handles, found, strict=True):
        ways.setdefault(handle, []).append(f"{block}.{way.id}")
    return block, ways


def _cases(step: Step) -> list[Case]:
    cases = mappings(step.data.get("cases"))
    if not cases and step.data.get("conditions"):
        cases = [{**step.data, "case_id": "true"}]
    return [case_of(words(each.get("case_id") or each.get("id")), each) for each in cases]


def case_of(handle: str, each: Mapping[str, Any], conditions: str = "conditions") -> Case:
    return Case(handle, "any" if each.get("logical_operator") == "or" else "all", mappings(each.get(conditions)))


def _rows(
    weaver: Weaver, step: Step, case: Case, inputs: dict[str, str], values: list[Value]
) -> list[dict[str, Any]]:
    """The rows of a case: one, or one for each condition where one is enough and some take two tests."""
    tests = [_tests(weaver, step, each, inputs, values) for each in case.conditions]
    tests = [each for each in tests if each]
    if case.match == "all" or len(tests) == 1:
        return [{"match": "all", "conditions": [test for each in tests for test in each]}] if tests else []
    if all(len(each) == 1 for each in tests):
        return [{"match": "any", "conditions": [each[0] for each in tests]}]
    return [{"match": "all", "conditions": each} for each in tests]


def _name(row: Mapping[str, Any], handle: str, rows: Sequence[Mapping[str, Any]]) -> str:
    first = row["conditions"][0] if row["conditions"] else {}
    said = f"{first.get('input', '')} {str(first.get('operator', '')).replace('_', ' ')} {first.get('value', '')}"
    name, number = " ".join(said.split())[:60] or handle or "way", 1
    taken = {port_id(each["name"]) for each in rows} | {"otherwise"}
    found = name
    while port_id(found) in taken:
        number += 1
        found = f"{name} {number}"
    return found


def _tests(
    weaver: Weaver, step: Step, condition: Mapping[str, Any], inputs: dict[str, str], values: list[Value]
) -> list[dict[str, Any]]:
    """The conditions of ours that say what one of theirs does."""
    source = selector(condition.get("variable_selector"))
    value = weaver.find(source, step)
    if value is None:
        reference = ".".join(source) or "nothing"
        value = Value(missing(weaver, reference, step), name=source[-1] if source else "value")
    if weaver.may_lack(value, step):
        weaver.differ(step, told.LEFT_OUT)
    values.append(value)
    operator, expected = words(condition.get("comparison_operator")), condition.get("value")
    if condition.get("sub_variable_condition"):
        return [_by_code(weaver, inputs, value, _files(mapping(condition["sub_variable_condition"])), {})]
    return _plain(weaver, step, inputs, value, operator, expected) or [
        _coded(weaver, step, inputs, value, operator, expected)
    ]


def _plain(
    weaver: Weaver, step: Step, inputs: dict[str, str], value: Value, operator: str, expected: Any
) -> list[dict[str, Any]]:
    """Rows without code, or none where these would say something else."""
    ours, type = OPERATORS.get(operator, ""), value.type
    if not ours or isinstance(expected, list) or REFERENCE.search(words(expected)):
        return []
    if operator in ("is", "is not", "=", "≠") and type == "boolean":
        yes = (str(expected).strip().lower() in ("true", "1")) == (operator in ("is", "="))
        return [_row(inputs, value, "is_yes" if yes else "is_no", "")]
    if type.startswith("array") and ours not in WITHOUT_VALUE:
        return []
    if operator in ("empty", "not empty") and type in (*NUMBERS, "boolean", "any"):
        return []
    if (type in NUMBERS) != (operator in NUMERIC) and ours not in WITHOUT_VALUE and type in (*NUMBERS, *TEXTS):
        weaver.differ(step, told.TYPE_STOPS)
    if type in NUMBERS and operator in EQUALS and not _whole(words(expected)):
        weaver.differ(step, told.TYPE_STOPS)
    text = words(expected)
    if ours not in WITHOUT_VALUE and not text.strip():
        if text or type not in TEXTS:
            return []
        return [_row(inputs, value, EMPTY_TEXT[ours], "")]
    row = _row(inputs, value, ours, "" if ours in WITHOUT_VALUE else text)
    three_valued = value.nullable and ours not in (*WITHOUT_VALUE, "contains", "starts_with", "ends_with")
    if three_valued and ours != "does_not_contain":
        return [_row(inputs, value, "exists", ""), row]
    return [row]


def _whole(text: str) -> bool:
    return text.strip().lstrip("+-").isdigit()


def _row(inputs: dict[str, str], value: Value, operator: str, expected: str) -> dict[str, Any]:
    return {"input": _input(inputs, value), "operator": operator, "value": expected[:10_000], "exact": True}


def _input(inputs: dict[str, str], value: Value) -> str:
    """The name a branch has for a value."""
    for name, port in inputs.items():
        if port == value.port:
            return name
    stem = port_id(plain_name(value.name))
    name, number = stem, 1
    while name in inputs:
        number += 1
        name = f"{stem}_{number}"
    inputs[name] = value.port
    return name


def _coded(
    weaver: Weaver, step: Step, inputs: dict[str, str], value: Value, operator: str, expected: Any
) -> dict[str, Any]:
    """A comparison that a row cannot say is worked out by a block of its own."""
    written, ports = _expected(weaver, step, value, operator, expected)
    code = CODE.get(operator, "{value} == {expected}")
    return _by_code(weaver, inputs, value, code.replace("{expected}", written), ports)


def _by_code(
    weaver: Weaver, inputs: dict[str, str], value: Value, code: str, ports: Mapping[str, str]
) -> dict[str, Any]:
    written = code.replace("{value}", "{{value}}")
    name = f"{value.name} check"
    result = weaver.code(written, {"value": value.port, **ports}, name)
    return _row(inputs, Value(result, "boolean", value.of, name), "is_yes", "")


def _expected(weaver: Weaver, step: Step, value: Value, operator: str, expected: Any) -> tuple[str, dict[str, str]]:
    if isinstance(expected, str) and REFERENCE.search(expected):
        filled = Writer(weaver, step, "prompt").write(expected)
        if filled.lone:
            return "{{expected}}", {"expected": filled.lone}
        block = weaver.drawing.block("prompt", "Compared with", {"template": filled.text}, key="compared with")
        for name, port in filled.ports.items():
            weaver.drawing.join(port, f"{block}.{name}")
        return "{{expected}}", {"expected": f"{block}.prompt"}
    if operator in ("in", "not in", "all of") or isinstance(expected, list):
        return repr([each if isinstance(each, bool) else words(each) for each in listed(expected)]), {}
    if isinstance(expected, bool) or (value.type in ("boolean", "array[boolean]")):
        return repr(str(expected).strip().lower() in ("true", "1")), {}
    return repr(words(expected)), {}


def _files(sub: Mapping[str, Any]) -> str:
    """Conditions on files: their sort, name, size."""
    tests = [_file(each) for each in mappings(sub.get("conditions"))]
    joined = (" or " if sub.get("logical_operator") == "or" else " and ").join(tests)
    return joined or "bool({value})"


def _file(condition: Mapping[str, Any]) -> str:
    key, operator = words(condition.get("key")), words(condition.get("comparison_operator"))
    wanted = condition.get("value")
    many = [words(each) for each in (wanted if isinstance(wanted, list) else [wanted])]
    if key == "type":
        starts = tuple(FILE_TYPES[each] for each in many if each in FILE_TYPES)
        test = f"file['media_type'].startswith({starts!r})"
        if "document" in many:
            test = f"({test} or not file['media_type'].startswith({tuple(FILE_TYPES.values())!r}))"
    elif key in ("name", "extension"):
        test = f"any(part in file['name'] for part in {many!r})"
    else:
        test = "True"
    negated = operator in ("not in", "not contains", "is not", "not exists")
    return f"any({'not ' if negated else ''}{test} for file in ({{value}} or []))"


def aggregator(weaver: Weaver, step: Step) -> None:
    """The first of several values that is there, be it empty."""
    groups = mapping(step.data.get("advanced_settings"))
    made = []
    if groups.get("group_enabled") is True:
        for group in mappings(groups.get("groups")):
            name = words(group.get("group_name")) or "output"
            block, value = _first(weaver, step, listed(group.get("variables")), name)
            made.append(block)
            weaver.offer(step.id, name, value)
            weaver.groups.add((step.id, name))
    else:
        block, value = _first(weaver, step, listed(step.data.get("variables")), step.title)
        made.append(block)
        weaver.offer(step.id, "output", value)
    weaver.ran(step, *(f"{block}.value" for block in made[:1]))
    weaver.carried(step, *made)


def _first(weaver: Weaver, step: Step, sources: Sequence[Any], name: str) -> tuple[str, Value]:
    values = [value for each in sources if (value := weaver.find(selector(each), step))]
    block = weaver.drawing.block("merge", name, {"mode": "first"}, key=name, at=step.at)
    for value in values:
        weaver.drawing.join(value.port, f"{block}.values")
    types = {value.type for value in values}
    weaver.gate(block, step)
    return block, Value(f"{block}.value", types.pop() if len(types) == 1 else "any", step.id, name)
