"""Flows of Rill-Flow: its conditions, scripts and requests, by hand from its source."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from benchmarks.fidelity.cases import Case, Tried, tried_flows
from benchmarks.fidelity.ours import imported
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import read_foreign
from flowloom.exchange.importers.rillflow.expressions import UnknownScriptError, as_python, test_of
from flowloom.exchange.source import Source
from tests.exchange.importers.damage import damaged
from tests.exchange.importers.recorded import Home, check_case, check_whole, homes, recorded_cases, told_in

SAMPLES = Path(__file__).parents[3] / "../shared/samples/rillflow"
TRIED = list(tried_flows("rillflow"))
test_of.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("flow", "case"), recorded_cases("rillflow"))
def test_a_flow_does_what_its_source_says(home: Home, flow: Tried, case: Case) -> None:
    check_case(home, flow, case)


@pytest.mark.parametrize("flow", TRIED, ids=lambda flow: flow.name)
def test_the_flow_is_whole(flow: Tried) -> None:
    check_whole(imported(flow.path))


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("$.input.[?(@.num < 5)]", [("num", "less_than", "5")]),
        ("$.input[?(@.num >= 5.5)]", [("num", "at_least", "5.5")]),
        ("$.input.[?(@.a == 'x y' && @.b != \"z\")]", [("a", "is", "x y"), ("b", "is_not", "z")]),
        ("$.input.[?(@.a == 'x' || @.a == 'y')]", [("a", "is", "x"), ("a", "is", "y")]),
        ("$.input.[?(@.ok == true)]", [("ok", "is_yes", "")]),
        ("$.input.[?(@.ok != true)]", [("ok", "is_no", "")]),
        ("$.input.[?(@.a == 'x' || @.b == 1 && @.c == 2)]", None),
        ("$.input.list[0]", None),
        ("$.input.[?(@.a =~ /x/)]", None),
    ],
)
def test_a_filter_is_rows(condition: str, rows: list[tuple[str, str, str]] | None) -> None:
    found = test_of(condition)
    assert (None if found is None else [tuple(row) for row in found.rows]) == rows


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("return 10 * source;", "    return 10 * source"),
        ("source - 1", "    return source - 1"),
        ("let a = source; return a == nil;", "    return a == None"),
        ("if source > 3 { return 1; } else { return count(source); }", "        return len(source)"),
        ("for i in range(0, source) { seq.add(list, i*source); }", "        added(list, i * source)"),
        ("return !(source && true);", "    return not (source and True)"),
    ],
)
def test_a_script_is_python(script: str, line: str) -> None:
    assert line in as_python(script).splitlines()


@pytest.mark.parametrize(
    "script", ["use java.util.Date; return 1;", "return source ? 1 : 2;", "return x ~ y;", "fn f()"]
)
def test_a_script_of_another_sort_is_not_guessed(script: str) -> None:
    with pytest.raises(UnknownScriptError):
        as_python(script)


CALL = {"category": "function", "name": "call", "resourceName": "https://example.com/x"}


def flow(*tasks: dict[str, Any]) -> Imported:
    return read_foreign(Source.of_data(json.dumps({"dagName": "x", "tasks": list(tasks)}).encode()))


def test_what_is_not_read_is_told() -> None:
    odd = {"target": "$.context.a", "source": "$.context.b", "transform": "return source ? 1 : 2;"}
    call = {
        "category": "function",
        "name": "call",
        "resourceName": "https://example.com/x",
        "pattern": "task_async",
    }
    stop = {"category": "return", "name": "stop", "conditions": ["$.input.list[0]"], "next": "call"}
    wait = {"category": "suspense", "name": "wait", "next": "stop"}
    said = told_in(flow(wait, stop, {**call, "outputMappings": [odd]}))
    for text in ("isn’t read here", "answers this request later", "a condition", "waits for a signal"):
        assert text in said.lower() or text in said


def test_what_waits_is_shown_what_came_before() -> None:
    start = {
        "category": "pass",
        "name": "start",
        "next": "wait",
        "outputMappings": [{"target": "$.context.a", "source": "1"}],
    }
    check_whole(flow(start, {"category": "suspense", "name": "wait"}))
    check_whole(flow({"category": "suspense", "name": "wait"}))
    inside = {"category": "foreach", "name": "each", "tasks": [{"category": "suspense", "name": "wait"}]}
    check_whole(flow(start | {"next": "each"}, inside))


def test_a_mapping_finds_what_the_one_before_put_in() -> None:
    start = {
        "category": "pass",
        "name": "start",
        "outputMappings": [
            {"target": "$.context.a", "source": '{"b": {"c": [1, 2]}}'},
            {"target": "$.context.d", "source": "$.context.a.b.c[1]"},
        ],
    }
    found = flow(start)
    assert not any(node.kind == "people.form" for node in found.flow.nodes)
    picked = [node.config["path"] for node in found.flow.nodes if node.kind == "json.pick"]
    assert picked == ["b.c[1]"]


def test_keys_stay_behind() -> None:
    header = {"target": "$.input.header.Authorization", "source": "Bearer abc123"}
    call = {
        "category": "function",
        "name": "call",
        "resourceName": "https://example.com/x",
        "inputMappings": [header],
    }
    found = flow(call)
    request = next(node for node in found.flow.nodes if node.kind == "http.request")
    assert [each["name"] for each in request.config["headers"]] == ["Content-Type"]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of samples is not beside the checkout")
@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.yaml")) or ["none"])
def test_published_flows_come_over(name: str) -> None:
    # One of them calls another flow, which is to be brought as well.
    check_whole(read_foreign(Source.of_path(SAMPLES / name)), kept=int(name == "ref-dag.yaml"))


WHOLE = [yaml.safe_load(flow.path.read_text("utf-8")) for flow in TRIED]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    try:
        found = read_foreign(Source.of_data(damaged(WHOLE, data), "x.yaml"))
    except FlowFileError:
        return
    assert found.flow.model_dump_json()
