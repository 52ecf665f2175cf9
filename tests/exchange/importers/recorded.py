"""Foreign flows with what their own engine did, recorded: run by ours and compared, without any engine."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from benchmarks.fidelity.cases import Case, Tried, same, tried_flows
from benchmarks.fidelity.ours import imported, outcome_of, settings_for
from hypothesis import strategies as st

from flowloom.exchange.drawing import Imported
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.check import blocking, find_problems
from flowloom.workspace import Workspace
from tests.openai_server import OpenAIServer

NEEDS_A_PERSON = frozenset({"mcp.none", "mcp.no_tools", "knowledge.none", "imported.kept"})

WRONG = st.sampled_from(
    [
        None,
        0,
        -1,
        1e308,
        True,
        "",
        "x",
        "\ud800",
        "={{ $json",
        "={{ $('x').item.json.y }}",
        "{{",
        [],
        {},
        [None],
        {"a": None},
    ]
)


class Home(NamedTuple):
    """A workspace whose models all are one scripted server."""

    workspace: Workspace
    server: OpenAIServer


def homes(folder: Path) -> Iterator[Home]:
    with OpenAIServer() as server:
        workspace = Workspace(folder)
        workspace.models_changed(settings_for(server))
        yield Home(workspace, server)
        workspace.close()


def recorded_cases(*formats: str) -> list[object]:
    """Every case of some formats, as pytest's parameters."""
    return [
        pytest.param(flow, case, id=f"{format}/{flow.name}/{case.name}")
        for format in formats
        for flow in tried_flows(format)
        for case in flow.cases
    ]


def check_case(home: Home, flow: Tried, case: Case) -> None:
    """Ours answers and asks as the engine did, or the report says how it differs."""
    assert case.outcome is not None, "record it: python -m benchmarks.fidelity --record"
    ours = outcome_of(home.workspace, home.server, flow.path, case)
    if same(ours, case.outcome) == (True, True):
        return
    assert case.differs, f"theirs {case.outcome}\nours {ours}"
    assert case.differs in told_in(imported(flow.path)), "the report does not name the difference"


def told_in(found: Imported) -> str:
    """The report in words."""
    return found.fidelity.markdown("x")


def check_whole(found: Imported, *, kept: int = 0) -> None:
    """The flow is one that our engine takes, and nothing in it is only kept."""
    problems = [
        each for each in blocking(find_problems(found.flow, all_kinds())) if each.code not in NEEDS_A_PERSON
    ]
    assert problems == []
    assert found.fidelity.count("placeholder") == kept


def damaged(file: Any, data: st.DataObject) -> Any:
    """A JSON file with a few of its parts lost, or of a wrong type."""
    changed = json.loads(json.dumps(file))
    for _ in range(data.draw(st.integers(1, 3))):
        place = changed
        while keys := list(place) if isinstance(place, dict) else list(range(len(place))):
            key = data.draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and place[key] and data.draw(st.integers(0, 4)):
                place = place[key]
                continue
            if data.draw(st.booleans()) and isinstance(place, dict):
                del place[key]
            else:
                place[key] = json.loads(json.dumps(data.draw(WRONG)))
            break
    return changed
