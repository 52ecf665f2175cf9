"""Reading and writing flow files: versions, upgrades, limits, and whole-or-nothing saves."""

import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from flowloom.errors import FlowFileError, Problem
from flowloom.flow.model import Flow
from flowloom.flow.secrets import find_secrets
from flowloom.flow.sorts import SAID, place_in, wrong_in
from flowloom.locales import Verbatim

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""A text in JSON; one that never ends goes on to the end, so that each character is read once."""
_BRACKET = re.compile(r"[\[\]{}]")
_STEP_OF: Mapping[str, int] = {"[": 1, "{": 1, "]": -1, "}": -1}

_SAYS_SO = re.compile(rb'"flowloom"\s{0,20}:')
VERSION = 1
MAX_BYTES = 10_000_000
MAX_DEPTH = 64

Document = dict[str, Any]


def _from_draft(document: Document) -> Document:
    """Version 0 wrote each edge as `[from, to]` and kept positions inside the nodes."""
    nodes = [dict(node) for node in document.get("nodes", [])]
    layout = {node["id"]: node.pop("position") for node in nodes if "position" in node}
    edges = [{"from": edge[0], "to": edge[1]} for edge in document.get("edges", [])]
    return {**document, "nodes": nodes, "edges": edges, "layout": {**layout, **document.get("layout", {})}}


UPGRADES: Mapping[int, Callable[[Document], Document]] = {0: _from_draft}
"""From a version to the next one up."""


def read_flow(data: bytes | str) -> Flow:
    """The flow a file holds. Raises FlowFileError, naming the place, for anything else."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        raise FlowFileError(
            "This file is {size} MB. Flow files can be up to {limit} MB.",
            "Check that it is a flow file. Documents belong in Knowledge.",
            size=len(raw) // 1_000_000,
            limit=MAX_BYTES // 1_000_000,
        )
    return _flow_of(_upgraded(_document(raw)))


def is_flow_file(data: bytes) -> bool:
    """Whether a file means to be one of ours: what is wrong with it is then said as of ours."""
    return _SAYS_SO.search(data[:MAX_BYTES]) is not None


def _document(raw: bytes) -> Document:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FlowFileError(
            "This isn’t a flow file, because it isn’t text.",
            "Choose an exported file ending in .json.",
        ) from None
    if not text.strip():
        raise FlowFileError("This file is empty.", "Export the GPT again, or choose another file.")
    if nesting(text) > MAX_DEPTH:
        raise FlowFileError(
            "This file is nested more than {limit} levels deep.",
            "Choose another file: flow files are never nested that deeply.",
            limit=MAX_DEPTH,
        )
    try:
        document = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise FlowFileError(
            "This file is not complete JSON: line {line}, column {column}.",
            "It may have been cut off or edited by hand. Export the GPT again.",
            line=error.lineno,
            column=error.colno,
        ) from None
    except ValueError as error:
        raise FlowFileError(
            "This file contains something that isn’t allowed: {what}.", "Export the GPT again.", what=error
        ) from None
    if not isinstance(document, dict) or "flowloom" not in document:
        raise FlowFileError(
            "This is a JSON file, but not a Flowloom flow.",
            'Choose another file: a flow file starts with {"flowloom": 1}.',
        )
    return document


def nesting(text: str) -> int:
    """How deep brackets nest, strings left out; a cheap bound before the real parser recurses."""
    steps = map(_STEP_OF.__getitem__, _BRACKET.findall(_STRING.sub("", text)))
    return max(accumulate(steps, initial=0))


def _without_repeats(pairs: list[tuple[str, Any]]) -> Document:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"“{twice[:80]}” twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _upgraded(document: Document) -> Document:
    version = document["flowloom"]
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        raise FlowFileError("This file doesn’t say which version of Flowloom wrote it.", "Export the GPT again.")
    if version > VERSION:
        raise FlowFileError(
            "This flow was made by a newer Flowloom (file version {version}, this one reads up to {known}).",
            "Update Flowloom and open it again. The file was not changed.",
            version=version,
            known=VERSION,
        )
    try:
        for step in range(version, VERSION):
            document = {**UPGRADES[step](document), "flowloom": step + 1}
    except (TypeError, KeyError, IndexError, AttributeError, ValueError):
        raise FlowFileError(
            "This flow is from an older version ({version}) and is damaged, so it can’t be updated.",
            "Export it again from where it was made. The file was not changed.",
            version=version,
        ) from None
    return document


def _flow_of(document: Document) -> Flow:
    try:
        flow = Flow.model_validate_json(json.dumps(document))
    except ValidationError as error:
        raise FlowFileError.from_problem(_first_problem(error)) from None
    except (ValueError, RecursionError):
        raise FlowFileError("This file contains a value that isn’t allowed.", "Export the GPT again.") from None
    for problem in _structure_problems(flow):
        raise FlowFileError.from_problem(problem)
    return flow


def _first_problem(error: ValidationError) -> Problem:
    hint = "It may have been edited by hand. Fix that part, or export the GPT again."
    if wrong := wrong_in(error):
        place = Verbatim(wrong.place or "flow")
        return Problem.of("file.value", SAID, hint, place=place, found=wrong.found, wanted=wrong.wanted)
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return Problem.of(
        "file.value",
        "This isn’t a valid flow file. At {place}: {reason}.",
        hint,
        place=place_in(first["loc"]) or "the top",
        reason="this field is missing" if first["type"] == "missing" else first["msg"],
    )


def _structure_problems(flow: Flow) -> Iterator[Problem]:
    """What the models cannot see one by one: double ids, and lines or positions that belong to no block."""
    ids: set[str] = set()
    for node in flow.nodes:
        if node.id in ids:
            yield Problem.of(
                "file.double",
                "Two blocks in this file have the same id, “{node}”.",
                "Give one of them a different id.",
                node=node.id,
            ).at(node.id)
        ids.add(node.id)
    seen: set[tuple[str, str]] = set()
    for edge in flow.edges:
        for end in (edge.start, edge.end):
            if end.node not in ids:
                yield Problem.of(
                    "file.dangling",
                    "The connection from {source} to {target} leads to a missing block: “{node}”.",
                    "Remove that connection from the file, or export the GPT again.",
                    source=edge.source,
                    target=edge.target,
                    node=end.node,
                )
        if (edge.source, edge.target) in seen:
            yield Problem.of(
                "file.double_edge",
                "The connection from {source} to {target} is in this file twice.",
                "Remove one of the two.",
                source=edge.source,
                target=edge.target,
            )
        seen.add((edge.source, edge.target))


def write_flow(flow: Flow, indent: int | None = 2) -> str:
    """The flow as JSON text: stable key order, defaults left out. Raises FlowFileError if it holds a secret.

    Without an indent it is one line, written several times as fast.
    """
    for problem in find_secrets(flow):
        raise FlowFileError.from_problem(problem)
    document = flow.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    ordered = {"flowloom": VERSION, "id": flow.id, **document}
    return json.dumps(ordered, ensure_ascii=False, indent=indent, allow_nan=False) + "\n"


def load_flow(path: Path) -> Flow:
    """The flow in a file. Raises FlowFileError also where the file cannot be read."""
    try:
        with path.open("rb") as file:
            return read_flow(file.read(MAX_BYTES + 1))
    except OSError as error:
        raise unread(path, error) from None


def unread(path: Path, error: OSError) -> FlowFileError:
    """Why a file or folder of this computer could not be read, in words."""
    return FlowFileError(
        "The file {path} can’t be read: {reason}.",
        "Check the name and try again.",
        path=path.name,
        reason=(error.strerror or "unknown").lower(),
    )


def save_flow(flow: Flow, path: Path) -> None:
    """Write the flow's file whole or not at all: beside it first, then renamed over it."""
    write_whole(path, write_flow(flow).encode())


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file's content in one step that a crash cannot halve. Raises FlowFileError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _unsaved(error) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(name)
        raise _unsaved(error) from None


def _unsaved(error: OSError) -> FlowFileError:
    return FlowFileError(
        "This GPT couldn’t be saved: {reason}.",
        (
            "Nothing was lost: the last saved version is still there. Free some disk space, or check "
            "that you can write to the folder."
        ),
        code="unsaved",
        reason=(error.strerror or "unknown").lower(),
    )
