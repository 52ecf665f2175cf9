"""Reads the datasets of other evaluation tools: OpenAI Evals, promptfoo, LangSmith and Langfuse."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from flowloom.errors import KnowledgeError, Problem
from flowloom.kinds.port import as_text
from flowloom.services.formats.guarded_yaml import YamlFault, read_yaml
from flowloom.services.formats.row_files import LARGEST, LONGEST_CELL, require_size
from flowloom.store.datasets import Chosen

ENDINGS = ("json", "yaml", "yml")
"""Of files that only such tools write."""
EXPECTED = "expected"
Line = dict[str, str]


class Foreign(NamedTuple):
    """What a file of another tool holds; `remarks` say what came across, and what has to be done by hand."""

    origin: str
    titles: tuple[str, ...]
    rows: list[Line]
    message: str
    measures: tuple[Chosen, ...] = ()
    remarks: tuple[Problem, ...] = ()


class _Found(NamedTuple):
    rows: list[Line]
    message: str = ""
    measures: tuple[Chosen, ...] = ()
    remarks: tuple[Problem, ...] = ()


def read_foreign(name: str, data: bytes) -> Foreign | None:
    """The dataset in a file of another tool; None where it is none. Raises KnowledgeError where it is damaged."""
    if len(data) > LARGEST:
        return None  # refused by its size where tables are
    document = _document(name, data)
    for origin, read in READERS.items():
        found = read(document)
        if found and found.rows:
            return _whole(name, origin, found)
    return None


def _document(name: str, data: bytes) -> Any:
    text = data.decode("utf-8-sig", "replace")
    if name.casefold().endswith((".yaml", ".yml")):
        try:
            return read_yaml(text)
        except YamlFault:
            raise KnowledgeError("“{file}” can’t be read.", "Check that the file is complete.", file=name) from None
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _lines(text)


def _lines(text: str) -> list[Any] | None:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _whole(name: str, origin: str, found: _Found) -> Foreign:
    titles = tuple(dict.fromkeys(title for row in found.rows for title in row))
    require_size(name, len(found.rows), len(titles))
    rows = [{title: row.get(title, "")[:LONGEST_CELL] for title in titles} for row in found.rows]
    asks = [title for title in titles if title not in (EXPECTED, "rule", "pattern")]
    message = found.message or (f"{{{{{asks[0]}}}}}" if asks else "")
    return Foreign(origin, titles, rows, message, found.measures, found.remarks)


# -- OpenAI Evals


def _evals(document: Any) -> _Found | None:
    """The samples of an eval (`input`, `ideal`), the items of one, or its whole definition with its graders."""
    if isinstance(document, dict) and isinstance(document.get("testing_criteria"), list):
        return _definition(document)
    lines = document if isinstance(document, list) else []
    if lines and all(isinstance(line, dict) and isinstance(line.get("item"), dict) for line in lines):
        return _Found([_item(line["item"]) for line in lines], measures=(Chosen(id="contains"),))
    if lines and all(isinstance(line, dict) and "input" in line and "ideal" in line for line in lines):
        return _Found([_sample(line) for line in lines], "{{input}}", (Chosen(id="contains"),))
    return None


def _sample(line: Mapping[str, Any]) -> Line:
    ideal = line["ideal"]
    first = (ideal[0] if ideal else "") if isinstance(ideal, list) else ideal
    return {"input": _asked(line["input"]), EXPECTED: as_text(first)}


def _asked(said: Any) -> str:
    """What is asked: a text, or the last of some messages by a person, with those before it."""
    if not isinstance(said, list):
        return as_text(said)
    texts = [
        as_text(each.get("content", ""))
        for each in said
        if isinstance(each, dict) and each.get("role") in ("user", "system", "developer")
    ]
    return "\n\n".join(text for text in texts if text)


def _item(item: Mapping[str, Any]) -> Line:
    row = {str(title): as_text(value) for title, value in item.items()}
    for usual in ("ideal", "correct_label", "expected_output", "reference", "answer", "label"):
        if usual in row and EXPECTED not in row:
            row[EXPECTED] = row[usual]
    return row


def _definition(document: Mapping[str, Any]) -> _Found:
    source = document.get("data_source") or {}
    content = source.get("source", {}).get("content", []) if isinstance(source, dict) else []
    items = [each["item"] for each in content if isinstance(each, dict) and isinstance(each.get("item"), dict)]
    measures, remarks, expected = list[Chosen](), list[Problem](), ""
    for grader in document["testing_criteria"]:
        if isinstance(grader, dict):
            found = _grader(grader)
            measures += found[0]
            remarks += found[1]
            expected = expected or _column(as_text(grader.get("reference", "")))
    rows = [_item(item) for item in items]
    for row in rows:
        if expected and expected in row:
            row[EXPECTED] = row[expected]
    return _Found(rows, measures=tuple(measures), remarks=tuple(remarks))


def _column(reference: str) -> str:
    found = re.search(r"\{\{\s*item\.([\w-]+)\s*\}\}", reference)
    return found[1] if found else ""


def _grader(grader: Mapping[str, Any]) -> tuple[list[Chosen], list[Problem]]:
    name = as_text(grader.get("name")) or as_text(grader.get("type"))
    match grader.get("type"):
        case "string_check":
            operation = grader.get("operation")
            if operation == "ne":
                return [], [_by_hand(name)]
            return [Chosen(id="exact" if operation == "eq" else "contains")], []
        case "text_similarity":
            return [Chosen(id="similar")], [_other(name)]
        case "score_model" | "label_model":
            rule = _asked(grader.get("input")) or as_text(grader.get("prompt"))
            return [Chosen(id="judge", config={"rubric": rule[:4_000]})], [_other(name)]
    return [], [_by_hand(name)]


def _by_hand(name: str) -> Problem:
    said = "The grader “{name}” didn’t come across. Build it as a GPT that judges, or choose a measure."
    return Problem.of("evaluate.grader", said, name=name)


def _other(name: str) -> Problem:
    said = "The grader “{name}” works in another way here, so its figures differ."
    return Problem.of("evaluate.grader.differs", said, name=name)


# -- promptfoo

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
    "cost": "cost",
    "latency": "time",
}
SETTINGS: dict[str, dict[str, Any]] = {"regex": {"column": "pattern"}, "judge": {"column": "rule"}}


def _promptfoo(document: Any) -> _Found | None:
    """The tests of a configuration: their variables, and what is asserted of each."""
    if not isinstance(document, dict) or not isinstance(document.get("tests"), list):
        return None
    shared = _mapping(document.get("defaultTest"))
    rows, used, unknown = list[Line](), dict[str, None](), dict[str, None]()
    for test in filter(lambda each: isinstance(each, dict), document["tests"]):
        given = {**_mapping(shared.get("vars")), **_mapping(test.get("vars"))}
        row = {str(title): as_text(value) for title, value in given.items()}
        for kind, value in _asserted([*_list(shared.get("assert")), *_list(test.get("assert"))]):
            if kind not in ASSERTS:
                unknown[kind] = None
                continue
            used[ASSERTS[kind]] = None
            _put(row, ASSERTS[kind], value)
        rows.append(row)
    measures = tuple(Chosen(id=id, config=SETTINGS.get(id, {})) for id in used)
    return _Found(rows, _prompt(document), measures, tuple(map(_by_hand, unknown)))


def _asserted(asserts: list[Any]) -> Iterator[tuple[str, Any]]:
    for each in asserts:
        if isinstance(each, dict) and isinstance(each.get("type"), str):
            yield each["type"], each.get("value", "")


def _put(row: Line, measure: str, value: Any) -> None:
    text = "\n".join(map(as_text, value)) if isinstance(value, list) else as_text(value)
    match measure:
        case "regex":
            row["pattern"] = text
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
    return first if isinstance(first, str) and "{{" in first else ""


# -- LangSmith and Langfuse


def _examples(document: Any) -> _Found | None:
    """Examples with inputs and outputs, as LangSmith and Langfuse write them."""
    lines = document if isinstance(document, list) else _list(_mapping(document).get("data"))
    rows = []
    for line in lines:
        if not isinstance(line, dict):
            return None
        given = line.get("inputs", line.get("input"))
        if given is None or not {"outputs", "expectedOutput", "expected_output", "reference_outputs"} & {*line}:
            return None
        wanted = next(
            (
                line[name]
                for name in ("outputs", "expectedOutput", "expected_output", "reference_outputs")
                if line.get(name) is not None
            ),
            "",
        )
        row = (
            {str(k): as_text(v) for k, v in given.items()} if isinstance(given, dict) else {"input": _asked(given)}
        )
        rows.append({**row, EXPECTED: _only(wanted)})
    return _Found(rows, measures=(Chosen(id="contains"),)) if rows else None


def _only(wanted: Any) -> str:
    """What is expected: of an object with one field that field, else the whole."""
    if isinstance(wanted, dict) and len(wanted) == 1:
        wanted = next(iter(wanted.values()))
    return as_text(wanted)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


READERS: dict[str, Callable[[Any], _Found | None]] = {
    "OpenAI Evals": _evals,
    "promptfoo": _promptfoo,
    "LangSmith or Langfuse": _examples,
}
