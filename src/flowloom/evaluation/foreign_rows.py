"""Reads the datasets of other evaluation tools: OpenAI Evals, promptfoo, LangSmith and Langfuse."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flowloom.errors import KnowledgeError, Problem
from flowloom.evaluation.foreign_found import EXPECTED as EXPECTED
from flowloom.evaluation.foreign_found import Found, Line, by_hand
from flowloom.evaluation.foreign_promptfoo import read_promptfoo
from flowloom.flow.sorts import listed, mapping
from flowloom.kinds.port import as_text
from flowloom.services.formats.guarded_yaml import YamlFault, read_yaml
from flowloom.services.formats.row_files import LARGEST, LONGEST_CELL, require_size
from flowloom.store.datasets import Chosen

ENDINGS = ("json", "yaml", "yml")
"""Of files that only such tools write."""


class Foreign(NamedTuple):
    """What a file of another tool holds; `remarks` say what came across, and what has to be done by hand."""

    origin: str
    titles: tuple[str, ...]
    rows: list[Line]
    message: str
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
    if name.casefold().endswith((".jsonl", ".ndjson")):
        return _lines(text)  # One line alone would read as one object.
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _lines(text)


def _lines(text: str) -> list[Any] | None:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _whole(name: str, origin: str, found: Found) -> Foreign:
    titles = tuple(dict.fromkeys(title for row in found.rows for title in row))
    require_size(name, len(found.rows), len(titles))
    rows = [{title: row.get(title, "")[:LONGEST_CELL] for title in titles} for row in found.rows]
    asks = [title for title in titles if title not in (EXPECTED, "rule", "pattern")]
    message = found.message or (f"{{{{{asks[0]}}}}}" if asks else "")
    return Foreign(origin, titles, rows, message, found.measures, found.remarks)


# -- OpenAI Evals


def _evals(document: Any) -> Found | None:
    """The samples of an eval (`input`, `ideal`), the items of one, or its whole definition with its graders."""
    if isinstance(document, dict) and isinstance(document.get("testing_criteria"), list):
        return _definition(document)
    lines = document if isinstance(document, list) else []
    if lines and all(isinstance(line, dict) and isinstance(line.get("item"), dict) for line in lines):
        return Found([_item(line["item"]) for line in lines], measures=(Chosen(id="contains"),))
    if lines and all(isinstance(line, dict) and "input" in line and "ideal" in line for line in lines):
        return Found([_sample(line) for line in lines], "{{input}}", (Chosen(id="contains"),))
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


def _definition(document: Mapping[str, Any]) -> Found:
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
    return Found(rows, measures=tuple(measures), remarks=tuple(remarks))


def _column(reference: str) -> str:
    found = re.search(r"\{\{\s*item\.([\w-]+)\s*\}\}", reference)
    return found[1] if found else ""


def _grader(grader: Mapping[str, Any]) -> tuple[list[Chosen], list[Problem]]:
    name = as_text(grader.get("name")) or as_text(grader.get("type"))
    match grader.get("type"):
        case "string_check":
            operation = grader.get("operation")
            if operation == "ne":
                return [], [by_hand(name)]
            return [Chosen(id="exact" if operation == "eq" else "contains")], []
        case "text_similarity":
            return [Chosen(id="similar")], [_other(name)]
        case "score_model" | "label_model":
            return [Chosen(id="judge", config={"rubric": _rule(grader)[:4_000]})], [_other(name)]
    return [], [by_hand(name)]


def _rule(grader: Mapping[str, Any]) -> str:
    """What a grader asks its model, as a rule for ours, which sees question and answer beside it."""
    said = _asked(grader.get("input")) or as_text(grader.get("prompt"))
    said = re.sub(r"\{\{\s*sample\.output_text\s*\}\}", "(the answer)", said)
    said = re.sub(r"\{\{\s*item\.([\w.-]+)\s*\}\}", r"(\1 of the question)", said)
    passing = ", ".join(map(as_text, listed(grader.get("passing_labels"))))
    if passing:
        said += f"\n\nThe answer is right where its label is: {passing}."
    if grader.get("pass_threshold") is not None and grader.get("type") == "score_model":
        worst, best = [*map(as_text, listed(grader.get("range"))), "0", "1"][:2]
        said += f"\n\nThe answer is right where its mark, from {worst} to {best}, is at least "
        said += f"{as_text(grader['pass_threshold'])}."
    return said.strip()


def _other(name: str) -> Problem:
    said = "The grader “{name}” works in another way here, so its figures differ."
    return Problem.of("evaluate.grader.differs", said, name=name)


# -- LangSmith and Langfuse


def _examples(document: Any) -> Found | None:
    """Examples with inputs and outputs, as LangSmith and Langfuse write them."""
    lines = document if isinstance(document, list) else listed(mapping(document).get("data"))
    rows = []
    for line in lines:
        if not isinstance(line, dict):
            return None
        if line.get("status") == "ARCHIVED":
            continue
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
        row = {str(k): _said(v) for k, v in given.items()} if isinstance(given, dict) else {"input": _asked(given)}
        rows.append({**row, EXPECTED: _only(wanted)})
    return Found(rows, measures=(Chosen(id="contains"),)) if rows else None


def _only(wanted: Any) -> str:
    """What is expected: of an object with one field that field, of a message its words, else the whole."""
    if isinstance(wanted, dict) and len(wanted) == 1:
        wanted = next(iter(wanted.values()))
    if isinstance(wanted, list) and len(wanted) == 1:
        (wanted,) = wanted
    message = _message(wanted)
    return as_text(wanted) if message is None else message[1]


def _said(value: Any) -> str:
    """A value; of some messages what people and the builder say in them."""
    messages = [_message(each) for each in value] if isinstance(value, list) else []
    if not messages or not all(messages):
        return as_text(value)
    told = [text for role, text in filter(None, messages) if role in ("user", "human", "system", "developer")]
    return "\n\n".join(filter(None, told))


def _message(value: Any) -> tuple[str, str] | None:
    """Role and words of a message of OpenAI, or of LangChain as it is saved; None for anything else."""
    if not isinstance(value, dict):
        return None
    data = mapping(value.get("data")) or mapping(value.get("kwargs")) or value
    role = value.get("role") or value.get("type") or data.get("type")
    if isinstance(role, str) and isinstance(data.get("content"), str):
        return role, data["content"]
    return None


READERS: dict[str, Callable[[Any], Found | None]] = {
    "OpenAI Evals": _evals,
    "promptfoo": read_promptfoo,
    "LangSmith or Langfuse": _examples,
}
