"""Conversations of ChatFlow: what is asked in each step, by hand from its source."""

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
from flowloom.exchange.importers.chatflow.importer import FORGETS, LATER, UNFILLED
from flowloom.exchange.source import Source
from tests.exchange.importers.damage import damaged
from tests.exchange.importers.recorded import Home, check_case, check_whole, homes, recorded_cases, told_in

SAMPLES = Path(__file__).parents[3] / "../shared/samples/chatflow"
TRIED = list(tried_flows("chatflow"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("flow", "case"), recorded_cases("chatflow"))
def test_a_conversation_asks_what_its_source_says(home: Home, flow: Tried, case: Case) -> None:
    check_case(home, flow, case)


@pytest.mark.parametrize("flow", TRIED, ids=lambda flow: flow.name)
def test_the_flow_is_whole(flow: Tried) -> None:
    check_whole(imported(flow.path))


def talk(*steps: dict[str, Any]) -> Imported:
    data = {"name": "x", "steps": [{"name": f"s{number}", **step} for number, step in enumerate(steps)]}
    return read_foreign(Source.of_data(json.dumps(data).encode()))


def test_what_chatflow_leaves_as_it_is_is_told() -> None:
    both = {"ask": "Use $$response:0$$ and $$name$$", "values": {"name": "Ann"}}
    kept, unkept = talk({"ask": "Hi", "cachedResponseRegex": ".*"}, both), talk({"ask": "Hi"}, both)
    assert kept.fidelity.rows[1].differs == (UNFILLED,)
    assert unkept.fidelity.rows[1].differs == (LATER,)
    assert [any(node.kind == "people.form" for node in each.flow.nodes) for each in (kept, unkept)] == [False, True]


def test_references_count_steps_that_ask_nothing() -> None:
    kept = {"ask": "Hi", "cachedResponseRegex": ".*"}
    found = talk({"hiddenExecute": True}, kept, {"ask": "Use $$response:1$$"}, {"ask": "Use $$response:0$$"})
    assert [row.differs for row in found.fidelity.rows] == [(), (), (LATER,)]


@pytest.mark.parametrize("value", [0, 0.0, "", False, None])
def test_what_javascript_takes_as_nothing_is_not_filled_in(value: Any) -> None:
    found = talk({"ask": "Use $$name$$", "values": {"name": value}})
    assert found.fidelity.rows[0].differs == (UNFILLED,)


@pytest.mark.parametrize(("value", "written"), [(3, "3"), (2.0, "2"), (1.5, "1.5"), (True, "true")])
def test_a_value_is_written_as_javascript_writes_it(value: Any, written: str) -> None:
    found = talk({"ask": "Use $$name$$", "values": {"name": value}})
    usual = next(node for node in found.flow.nodes if node.kind == "code.run")
    assert usual.config["code"] == repr({"s0: name": written})


def test_a_long_conversation_forgets_its_beginning() -> None:
    found = talk(*({"ask": f"Question {number}"} for number in range(23)))
    assert [row.differs for row in found.fidelity.rows].count((FORGETS,)) == 2
    check_whole(found)


def test_keys_and_what_never_runs_stay_behind() -> None:
    key = "sk-" + "A1b2C3d4" * 5
    headers = [{"key": "Authorization", "value": f"Bearer {key}"}, {"key": "Accept", "value": "text/plain"}]
    action = {"name": "Post", "type": "api", "api": {"url": "https://example.com/x", "headers": headers}}
    found = talk({"ask": "Hi", "preActions": [action], "postActions": [{**action, "name": "Later"}]})
    assert key not in found.flow.model_dump_json() + told_in(found)
    assert "“Post” sends a key" in told_in(found)
    assert "“Later” after “s0” is never run" in told_in(found)
    assert [node.kind for node in found.flow.nodes].count("http.request") == 1


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of samples is not beside the checkout")
@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.yml")) or ["none"])
def test_published_flows_come_over(name: str) -> None:
    check_whole(read_foreign(Source.of_path(SAMPLES / name)))


WHOLE = [yaml.safe_load(flow.path.read_text("utf-8")) for flow in TRIED]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    try:
        found = read_foreign(Source.of_data(damaged(WHOLE, data), "x.yml"))
    except FlowFileError:
        return
    assert found.flow.model_dump_json()
