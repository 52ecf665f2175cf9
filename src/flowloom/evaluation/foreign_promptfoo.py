"""Reads the tests of a promptfoo configuration: their variables, and what is asserted of each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from flowloom.errors import KnowledgeError, Problem
from flowloom.evaluation.foreign_found import EXPECTED, Found, Line, by_hand
from flowloom.flow.sorts import listed, mapping
from flowloom.kinds.port import as_text
from flowloom.locales import Verbatim
from flowloom.services.formats.row_files import MOST_ROWS
from flowloom.store.datasets import Chosen

ASSERTS: dict[str, str] = {
    "equals": "exact",
    "contains": "contains",
    "icontains": "contains",
    "contains-all": "contains",
    "icontains-all": "contains",
    "regex": "regex",
    "similar": "similar",
    "llm-rubric": "judge",
    "model-graded-closedqa": "judge",
    "is-refusal": "refuses",
    "starts-with": "regex",
    "contains-any": "regex",
    "icontains-any": "regex",
    "not-contains": "regex",
    "not-icontains": "regex",
    "not-regex": "regex",
    "cost": "cost",
    "latency": "time",
}
SETTINGS: dict[str, dict[str, Any]] = {"regex": {"column": "pattern"}, "judge": {"column": "rule"}}


def read_promptfoo(document: Any) -> Found | None:
    """The tests of a configuration: their variables, and what is asserted of each."""
    if not isinstance(document, dict) or not {"tests", "scenarios"} & document.keys():
        return None
    tests = listed(document.get("tests"))
    elsewhere = _elsewhere(document)
    if elsewhere and not any(isinstance(each, dict) for each in tests) and {"prompts", "providers"} & {*document}:
        raise KnowledgeError(
            "The tests of this configuration are elsewhere: {names}.",
            "Bring the file with the tests instead.",
            names=Verbatim(", ".join(elsewhere)[:300]),
        )
    if not isinstance(document.get("tests"), list):
        return None
    shared = mapping(document.get("defaultTest"))
    rows, used, unknown = list[Line](), dict[str, None](), dict[str, None]()
    for test in (each for each in tests if isinstance(each, dict)):
        asserted = [*_asserted([*listed(shared.get("assert")), *listed(test.get("assert"))])]
        known = [(kind, value) for kind, value in asserted if kind in ASSERTS]
        unknown |= dict.fromkeys(kind for kind, _ in asserted if kind not in ASSERTS)
        used |= dict.fromkeys(ASSERTS[kind] for kind, _ in known)
        given = {**mapping(shared.get("vars")), **mapping(test.get("vars"))}
        rows += [_row(values, known) for values in _every(given)]
    measures = tuple(Chosen(id=id, config=SETTINGS.get(id, {})) for id in used)
    left = [_left_out(name) for name in elsewhere]
    return Found(rows, _prompt(document), measures, (*map(by_hand, unknown), *left))


def _elsewhere(document: Mapping[str, Any]) -> list[str]:
    """Tests that other files hold, or that scenarios make."""
    tests = document.get("tests")
    named = [each for each in (tests if isinstance(tests, list) else [tests]) if isinstance(each, str)]
    return [*named, *(["scenarios"] if document.get("scenarios") else [])]


def _left_out(name: str) -> Problem:
    said = "The tests in “{name}” didn’t come across. Bring that file as well, as a dataset of its own."
    return Problem.of("evaluate.tests_elsewhere", said, name=Verbatim(name[:200]))


def _row(given: Mapping[str, Any], asserted: Sequence[tuple[str, Any]]) -> Line:
    row = {str(title): as_text(value) for title, value in given.items()}
    for kind, value in asserted:
        _put(row, ASSERTS[kind], value)
    if patterns := [_pattern(kind, value) for kind, value in asserted if ASSERTS[kind] == "regex"]:
        row["pattern"] = patterns[0][1] if len(patterns) == 1 and patterns[0][0] else _all_of(patterns)
    return row


def _every(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As promptfoo does it, a list stands for a test with each of its values; of too many the first."""
    lists = [value if isinstance(value, list) and value else [value] for value in given.values()]
    return [dict(zip(given, values, strict=True)) for values in islice(product(*lists), MOST_ROWS)]


def _pattern(kind: str, value: Any) -> tuple[bool, str]:
    """Whether it has to be found, and what."""
    texts = [as_text(each) for each in (value if isinstance(value, list) else [value])]
    if kind.endswith("regex"):
        found = texts[0]
    else:
        found = "|".join(map(re.escape, texts))
    found = f"(?i:{found})" if "icontains" in kind else found
    return not kind.startswith("not-"), rf"\A(?:{found})" if kind == "starts-with" else found


def _all_of(patterns: Sequence[tuple[bool, str]]) -> str:
    """One pattern for several, some of which must not be found."""
    return r"(?s)\A" + "".join(f"({'?=' if wanted else '?!'}.*?(?:{found}))" for wanted, found in patterns)


def _asserted(asserts: list[Any]) -> Iterator[tuple[str, Any]]:
    for each in asserts:
        if isinstance(each, dict) and isinstance(each.get("type"), str):
            yield each["type"], each.get("value", "")


def _put(row: Line, measure: str, value: Any) -> None:
    text = "\n".join(map(as_text, value)) if isinstance(value, list) else as_text(value)
    match measure:
        case "judge":
            row["rule"] = text
        case "refuses":
            row["refuse"] = "yes"
        case "exact" | "contains" | "similar":
            row.setdefault(EXPECTED, text)


def _prompt(document: Mapping[str, Any]) -> str:
    """The first prompt, where it is a text with variables and no file."""
    prompts = document.get("prompts")
    first = prompts[0] if isinstance(prompts, list) and prompts else prompts
    first = first.get("raw") if isinstance(first, dict) else first
    return first if isinstance(first, str) and "{{" in first else ""
