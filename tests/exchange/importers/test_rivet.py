"""Projects of Rivet: what its own engine did with them, ours does; what differs, the report says."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from benchmarks.fidelity.cases import FLOWS, Case, Tried, tried_flows
from benchmarks.fidelity.ours import imported
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import importer_for, read_foreign
from flowloom.exchange.source import Source
from tests.exchange.importers.recorded import (
    Home,
    check_case,
    check_whole,
    damaged,
    homes,
    recorded_cases,
    told_in,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


def bring(data: Any) -> Imported:
    return read_foreign(Source.of_data(json.dumps(data).encode(), "x.rivet-project"))


def project(**nodes: tuple[str, dict[str, Any], list[str]]) -> Imported:
    """A graph of nodes, each with its type, its settings and where its outputs lead: `output>node.input`."""
    written = {
        f'[{id}]:{type} "{id}"': {
            "data": data,
            "visualData": "0/0/300/1//",
            "outgoingConnections": [
                f'{line.split(">")[0]}->"x" {line.split(">")[1].replace(".", "/")}' for line in lines
            ],
        }
        for id, (type, data, lines) in nodes.items()
    }
    graphs = {"main": {"metadata": {"id": "main", "name": "g"}, "nodes": written}}
    return bring({"version": 4, "data": {"graphs": graphs, "metadata": {"mainGraphId": "main", "title": "P"}}})


START: tuple[str, dict[str, Any]] = ("graphInput", {"id": "input", "dataType": "string"})
END: tuple[str, dict[str, Any], list[str]] = ("graphOutput", {"id": "output"}, [])


def kinds(found: Imported) -> list[str]:
    return [node.kind for node in found.flow.nodes]


@pytest.mark.parametrize(("flow", "case"), recorded_cases("rivet"))
def test_runs_as_its_own_engine_does(home: Home, flow: Tried, case: Case) -> None:
    check_case(home, flow, case)


@pytest.mark.parametrize("flow", list(tried_flows("rivet")), ids=lambda flow: flow.name)
def test_every_flow_is_whole(flow: Tried) -> None:
    check_whole(imported(flow.path))
    importer = importer_for(Source.of_path(flow.path))
    assert importer is not None
    assert importer.id == "rivet"


# -- what Rivet really does, where the obvious reading is wrong


def test_if_takes_every_number_as_true_and_if_else_as_false() -> None:
    """What the engine did with 0 and 1 is recorded in these two flows, and run above."""
    for name, answer in (("if_number", "true: x"), ("if_else_number", "false x")):
        flow = next(each for each in tried_flows("rivet") if each.name == name)
        assert flow.cases[0].expected is not None
        assert flow.cases[0].expected["answer"] == answer


def test_a_condition_that_was_skipped_is_told() -> None:
    assert "takes a condition that was skipped as false" in told_in(imported(FLOWS / "rivet" / "if.rivet-project"))


def test_a_node_that_runs_for_each_item_is_kept_and_its_limit_told() -> None:
    document = yaml.safe_load((FLOWS / "rivet" / "chain.rivet-project").read_text("utf-8"))
    nodes = document["data"]["graphs"]["main"]["nodes"]
    chat = next(node for key, node in nodes.items() if "]:chat " in key)
    for most in ({}, {"splitRunMax": 4}):
        chat |= {"isSplitRun": True, **most}
        found = bring(document)
        assert "stops in silence after" in told_in(found)
        assert f"after {most.get('splitRunMax', 10)}" in told_in(found)
        assert "imported" in kinds(found)


def test_match_without_exclusive_fires_all_its_cases_and_says_so() -> None:
    assert "All cases that fit run" in told_in(imported(FLOWS / "rivet" / "match_all.rivet-project"))
    assert "All cases that fit run" not in told_in(imported(FLOWS / "rivet" / "match.rivet-project"))


@pytest.mark.parametrize(
    ("value", "runs"), [(0, False), (1, True), ("false", False), ("", False), ("x", True), (False, False)]
)
def test_a_condition_of_a_node_takes_zero_and_the_word_false_as_false(home: Home, value: Any, runs: bool) -> None:
    test = "number" if isinstance(value, int) else "text"
    found = project(
        **{
            "in": (*START, ["data>say.x"]),
            "test": (
                test,
                {"value": value, "text": value},
                [f"{'value' if test == 'number' else 'output'}>say.$if"],
            ),
            "say": ("text", {"text": "said {{x}}"}, ["output>out.value"]),
            "out": END,
        }
    )
    flow = home.workspace.flows.create(found.flow)
    run = home.workspace.runner.start(flow, "hi", home.workspace.runs.new_conversation(flow.id))
    assert home.workspace.runner.finished(run).text == ("said hi" if runs else "")


def test_what_runs_for_each_item_is_kept_and_its_limit_told() -> None:
    data = yaml.safe_load((FLOWS / "rivet" / "chain.rivet-project").read_text())
    for key, node in data["data"]["graphs"]["main"]["nodes"].items():
        if "First" in key:
            node["isSplitRun"] = True
    found = bring(data)
    check_whole(found, kept=1)
    assert "stops in silence after 10" in told_in(found)


# -- its nodes


@pytest.mark.parametrize(
    ("type", "data", "input", "output"),
    [
        ("toJson", {}, "data", "output"),
        ("array", {}, "input1", "length"),
        ("passthrough", {}, "input1", "output1"),
        ("userInput", {"prompt": "Name?"}, "unused", "output"),
        ("httpCall", {"url": "https://a.example.com", "method": "GET"}, "unused", "res_body"),
        ("compare", {"comparisonFunction": "<"}, "a", "output"),
        ("boolean", {"value": True}, "unused", "value"),
    ],
)
def test_nodes(type: str, data: dict[str, Any], input: str, output: str) -> None:
    found = project(**{"in": (*START, [f"data>n.{input}"]), "n": (type, data, [f"{output}>out.value"]), "out": END})
    check_whole(found)


def test_a_node_without_counterpart_is_kept_with_its_lines() -> None:
    found = project(**{"in": (*START, ["data>n.path"]), "n": ("readFile", {}, ["content>out.value"]), "out": END})
    check_whole(found, kept=1)
    assert "imported" in kinds(found)


def test_notes_and_several_outputs_come_along() -> None:
    found = project(
        **{
            "in": (*START, ["data>out.value", "data>more.value"]),
            "out": END,
            "more": ("graphOutput", {"id": "more"}, []),
            "c": ("comment", {"text": "Look"}, []),
        }
    )
    assert "note" in kinds(found)
    assert "several outputs" in told_in(found)


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_the_report_is_in_every_language(language: str) -> None:
    said = imported(FLOWS / "rivet" / "match_all.rivet-project").fidelity.markdown("x", language)
    assert "All cases that fit run" not in said


FILES = [yaml.safe_load(flow.path.read_text()) for flow in tried_flows("rivet")]


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_damaged_files_are_read_or_refused(file: Any, data: st.DataObject) -> None:
    changed = damaged(file, data)
    try:
        bring(changed)
    except FlowFileError:
        pass
