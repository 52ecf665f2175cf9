"""Canvases of Coze: what each node does, by hand from its source."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from benchmarks.fidelity.cases import Case, Tried, tried_flows
from benchmarks.fidelity.ours import imported
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import importer_for, read_foreign
from flowloom.exchange.importers.coze import differences
from flowloom.exchange.source import Source
from tests.exchange.importers.damage import damaged
from tests.exchange.importers.recorded import Home, check_case, check_whole, homes, recorded_cases, told_in

TRIED = list(tried_flows("coze"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("flow", "case"), recorded_cases("coze"))
def test_a_canvas_does_what_its_source_says(home: Home, flow: Tried, case: Case) -> None:
    check_case(home, flow, case)


@pytest.mark.parametrize("flow", TRIED, ids=lambda flow: flow.name)
def test_the_flow_is_whole(flow: Tried) -> None:
    check_whole(imported(flow.path))


def reference(node: str, name: str) -> dict[str, Any]:
    content = {"source": "block-output", "blockID": node, "name": name}
    return {"type": "string", "value": {"type": "ref", "content": content}}


def canvas(*nodes: tuple[str, str, dict[str, Any]], edges: tuple[str, ...] = (), **more: Any) -> Imported:
    """A canvas after a start that gives `input`; a node is its id, its number and what goes in."""
    drawn = [
        {"id": "s", "type": "1", "data": {"nodeMeta": {"title": "Start"}, "outputs": [OUTPUT | {"name": "input"}]}}
    ]
    for id, type, inputs in nodes:
        data = {"nodeMeta": {"title": f"Node {id}"}, "inputs": inputs, "outputs": [OUTPUT]}
        drawn.append({"id": id, "type": type, "data": data})
    lines = [{"sourceNodeID": edge.split(">")[0], "targetNodeID": edge.split(">")[1]} for edge in edges]
    return read_foreign(Source.of_data(json.dumps({"nodes": drawn, "edges": lines, **more}).encode()))


OUTPUT = {"name": "output", "type": "string"}
QUERY = {"inputParameters": [{"name": "Query", "input": reference("s", "input")}]}


def test_documents_skills_and_choices_are_told() -> None:
    top = {"name": "topK", "input": {"type": "integer", "value": {"type": "literal", "content": "7"}}}
    intents = {**QUERY, "intents": [{"name": "Refund"}, {"name": "Hours"}]}
    found = canvas(
        ("6", "6", {**QUERY, "datasetParam": [top]}),
        ("3", "3", {**QUERY, "llmParam": [], "fcParam": {"pluginFCParam": {}}}),
        ("22", "22", intents),
        ("9", "9", QUERY),
        edges=("s>6", "6>3", "3>22", "22>9"),
    )
    search = next(node for node in found.flow.nodes if node.kind == "knowledge.search")
    assert search.config["top_k"] == 7
    said = told_in(found)
    for problem in (differences.RETRIEVAL, differences.SKILLS, differences.PROMPT_OF_ITS_OWN):
        assert problem.message in said
    assert "“Node 9”, which Coze runs elsewhere" in said
    assert found.fidelity.count("placeholder") == 1


def test_braces_between_the_parts_of_a_list_are_no_place_for_a_value() -> None:
    told = [
        {"name": name, "input": {"type": "string", "value": {"type": "literal", "content": content}}}
        for name, content in (("concatResult", "{{list}}"), ("arrayItemConcatChar", "{{"))
    ]
    listed = [{"name": "list", "input": {"type": "list", "value": {"type": "literal", "content": ["a", "b"]}}}]
    found = canvas(
        ("15", "15", {"method": "concat", "inputParameters": listed, "concatParams": told}), edges=("s>15",)
    )
    codes = [str(node.config["code"]) for node in found.flow.nodes if node.kind == "code.run"]
    assert sorted(code.count("{{") for code in codes) == [0, 1]


def test_what_a_conversation_remembers() -> None:
    place = {
        "type": "string",
        "value": {"type": "ref", "content": {"source": "global_variable_user", "path": ["mood"]}},
    }
    found = canvas(
        ("40", "40", {"inputParameters": [{"left": place, "input": reference("s", "input")}]}), edges=("s>40",)
    )
    remember = next(node for node in found.flow.nodes if node.kind == "memory.remember")
    assert remember.config["name"] == "mood"


def test_keys_stay_behind() -> None:
    key = "sk-" + "A1b2C3d4" * 5
    header = {"name": "Authorization", "input": {"type": "string", "value": {"type": "literal", "content": key}}}
    info = {"apiInfo": {"method": "POST", "url": "https://example.com/x"}, "headers": [header]}
    found = canvas(("45", "45", info), edges=("s>45",))
    assert key not in found.flow.model_dump_json() + told_in(found)
    assert "“Node 45” sends a key" in told_in(found)


def test_what_the_editor_copies_is_a_canvas_too() -> None:
    flow = json.loads(TRIED[0].path.read_text("utf-8"))
    copied = {"type": "coze-workflow-clipboard-data", "json": flow}
    found = importer_for(Source.of_data(json.dumps(copied).encode()))
    assert found is not None
    assert found.id == "coze"


WHOLE = [json.loads(flow.path.read_text("utf-8")) for flow in TRIED]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    try:
        found = read_foreign(Source.of_data(damaged(WHOLE, data), "x.json"))
    except FlowFileError:
        return
    assert found.flow.model_dump_json()
