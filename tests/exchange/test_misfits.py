"""Values of another sort than belongs there, one at a time in files of every builder: the place is told."""

import copy
import json
import random
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest
from benchmarks.fidelity.cases import formats, tried_flows

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import importers, read_foreign
from flowloom.exchange.misfits import ENOUGH
from flowloom.exchange.shapes import keys_in, place_of
from flowloom.exchange.source import Source
from flowloom.flow.sorts import sort_of
from tests.exchange.importers.damage import Way, check_saved, ways_in

WRONG: tuple[Any, ...] = (None, 5, "x", [], [1], {"a": 1}, True)
WRITTEN = [format for format in formats() if not format.startswith("agentbuilder")]
MUTANTS = 40
"""Of each format; `python -m benchmarks.mutants` tries 10,000 and more."""
PLACES = {"place", "name", "line"}
"""What a refusal says of where."""


class Written(NamedTuple):
    """A file that holds JSON or YAML, among those it came with."""

    source: Source
    name: str
    document: Any

    def replaced(self, way: Way, value: Any) -> Source:
        at = changed = copy.deepcopy(self.document)
        for key in way[:-1]:
            at = at[key]
        at[way[-1]] = value
        # JSON is YAML as well.
        return Source({**self.source.files, self.name: json.dumps(changed, default=str).encode()})


@cache
def written(format: str) -> list[Written]:
    found = []
    for tried in tried_flows(format):
        source = Source.of_path(tried.path)
        for name in source.named(".json", "flow.dag.yaml", ".yml", ".yaml", ".rivet-project"):
            document = source.json_of(name)
            document = source.yaml_of(name) if document is None else document
            if isinstance(document, dict | list):
                found.append(Written(source, name, document))
    return found


def mutants(format: str) -> Iterator[tuple[Written, Way, Any]]:
    chance = random.Random(format)
    for _ in range(MUTANTS):
        file = chance.choice(written(format))
        way = chance.choice(list(ways_in(file.document)))
        at = file.document
        for key in way:
            at = at[key]
        yield file, way, chance.choice([value for value in WRONG if sort_of(value) != sort_of(at)])


def read(source: Source) -> Imported | FlowFileError:
    try:
        return read_foreign(source)
    except FlowFileError as error:
        return error


def told_of(imported: Imported) -> list[str]:
    return [todo.params["place"] for todo in imported.fidelity.todo if todo.code == "import.misfit"]


@pytest.mark.parametrize("format", WRITTEN)
def test_a_value_of_another_sort_is_told_with_its_place(format: str) -> None:
    importer = next(each for each in importers() if each.id == format)
    for file, way, value in mutants(format):
        source = file.replaced(way, value)
        (meant,) = importer.reads(source)
        found = read(source)
        if isinstance(found, Imported):
            check_saved(found)
            misfits = meant.shape.misfits(meant.document)
            assert told_of(found) == [place_of(meant.document, each.way) for each in misfits], (way, value)
        elif len(meant.shape.marks & keys_in(meant.document)) >= ENOUGH:
            # Of smaller files too little may be left to say what they were.
            assert PLACES & found.problem.params.keys(), (way, value, str(found))
            assert found.problem.hint


READ: tuple[tuple[str, str, str, Any, str], ...] = (
    # A format and a flow, the last keys on the way to a value, what stands there instead, what is said.
    ("assistants", "plain", "temperature", [], "temperature is a list, but should be a number"),
    ("chatflow", "story", "steps ask", [1], "steps › “.*” › ask is a list, but should be a piece of text"),
    ("coze", "llm", "data inputs", 5, "nodes › .* › data › inputs is a number, but should be a group of fields"),
    ("customgpt", "form", "description", True, "description is a yes or no, but should be a piece of text"),
    ("dify", "translator", "prompt_template", 5, "“.*” › data › prompt_template is a number, but should be a list"),
    (
        "dify",
        "translator",
        "completion_params",
        "hot",
        "completion_params is a piece of text, but should be a group",
    ),
    ("flowise", "agent", "data inputs", [], "nodes › “.*” › data › inputs is a list, but should be a group"),
    ("langflow", "chat", "node template", 5, "data › node › template is a number, but should be a group of fields"),
    ("n8n", "if", "conditions", 5, "conditions is a number, but should be a list or a group of fields"),
    (
        "n8n",
        "edit_fields",
        "assignments",
        "x",
        "assignments is a piece of text, but should be a list or a group of fields",
    ),
    (
        "promptflow",
        "chat",
        "source",
        "x",
        "nodes › “.*” › source is a piece of text, but should be a group of fields",
    ),
    ("rillflow", "switch", "outputMappings", {}, "outputMappings is a group of fields, but should be a list"),
    ("rivet", "chat", "visualData", [1], "visualData is a list, but should be a piece of text"),
)
REFUSED: tuple[tuple[str, str, str, Any, str], ...] = (
    ("assistants", "plain", "object", 5, "object is a number, but should be a piece of text.*from OpenAI API"),
    (
        "customgpt",
        "form",
        "instructions",
        ["x"],
        "instructions is a list, but should be a piece of text.*from ChatGPT",
    ),
    ("dify", "translator", "app", None, "app is empty, but should be a group of fields.*from Dify"),
    ("dify", "translator", "app mode", 5, "app › mode is a number, but should be a piece of text.*from Dify"),
    ("flowise", "agent", "nodes", 5, "nodes is a number, but should be a list.*from Flowise"),
    (
        "langflow",
        "chat",
        "data nodes",
        {},
        "data › nodes is a group of fields, but should be a list.*from Langflow",
    ),
    ("n8n", "if", "nodes", True, "nodes is a yes or no, but should be a list.*from n8n"),
    ("n8n", "if", "connections", [], "connections is a list, but should be a group of fields.*from n8n"),
    ("promptflow", "chat", "nodes type", None, "nodes › “.*” › type is empty, but should be.*from PromptFlow"),
    ("rillflow", "switch", "tasks", 5, "tasks is a number, but should be a list.*from Rill-Flow"),
    ("rivet", "chat", "data graphs", [], "data › graphs is a list, but should be a group of fields.*from Rivet"),
)


def changed(format: str, flow: str, keys: str, value: Any) -> Source:
    tried = next(tried for tried in tried_flows(format) if tried.path.stem == flow)
    (file,) = [file for file in written(format) if file.source.files == Source.of_path(tried.path).files]
    named = keys.split()
    ways = (
        way
        for way in ways_in(file.document)
        if [key for key in way if isinstance(key, str)][-len(named) :] == named
    )
    return file.replaced(next(way for way in ways if isinstance(way[-1], str)), value)


@pytest.mark.parametrize(("format", "flow", "keys", "value", "said"), READ)
def test_what_was_read_past_is_in_the_report(format: str, flow: str, keys: str, value: Any, said: str) -> None:
    report = read_foreign(changed(format, flow, keys, value)).fidelity.markdown("It")
    assert re.search(rf"In the file, .*{said}.* check the block", report), report


@pytest.mark.parametrize(("format", "flow", "keys", "value", "said"), REFUSED)
def test_what_cannot_be_read_is_refused_with_its_place(
    format: str, flow: str, keys: str, value: Any, said: str
) -> None:
    with pytest.raises(FlowFileError, match=rf"In the file, {said}\. Nothing was imported: correct the file"):
        read_foreign(changed(format, flow, keys, value))


PROGRAMS = (
    (
        "agentbuilder",
        "hosted_tools",
        "max_num_results=",
        '"x"',
        "max_num_results is a piece of text, but should be a number",
    ),
    ("agentbuilder", "plain_chat", "temperature=", "[1]", "model_settings › temperature is a list, but should be"),
    (
        "agentbuilder-ts",
        "plain_chat",
        "instructions: ",
        "5",
        "instructions is a number, but should be a piece of text",
    ),
)


@pytest.mark.parametrize(("format", "flow", "before", "value", "said"), PROGRAMS)
def test_programs_are_looked_at_as_well(format: str, flow: str, before: str, value: str, said: str) -> None:
    path = next(tried.path for tried in tried_flows(format) if tried.path.stem == flow)
    text = re.sub(rf'({re.escape(before)})("[^"]*"|[0-9.]+)', rf"\g<1>{value}", path.read_text("utf-8"), count=1)
    report = read_foreign(Source.of_data(text.encode(), path.name)).fidelity.markdown("It")
    assert re.search(rf"In the file, “.*” › {said}", report), report


def test_a_key_that_stands_as_a_name_is_not_shown() -> None:
    key = "sk-" + "a1B2" * 8
    (file,) = [file for file in written("n8n") if "name" in file.document][:1]
    found = read_foreign(file.replaced(("connections",), {key: 5}))
    assert told_of(found)
    assert key not in found.fidelity.markdown("It")


def test_lines_of_json_are_no_broken_json() -> None:
    files = {"data.jsonl": b'{"a": 1}\n{"a": 2}\n', "notes.md": b"Hi"}
    with pytest.raises(FlowFileError, match="isn’t a flow that Flowloom knows"):
        read_foreign(Source(files))


@pytest.mark.parametrize("data", [{"data": "x", "name": 5}, {"nodes": 5}, {"steps": None}, {"app": 1, "x": {}}])
def test_little_is_not_taken_for_a_format(data: Any) -> None:
    with pytest.raises(FlowFileError, match="isn’t a flow that Flowloom knows"):
        read_foreign(Source.of_data(json.dumps(data).encode()))


@pytest.mark.parametrize("format", formats())
def test_nothing_is_told_of_files_that_are_as_they_should_be(format: str) -> None:
    for tried in tried_flows(format):
        assert told_of(read_foreign(Source.of_path(tried.path))) == [], tried.path.name
