"""The story of a run, told from its events."""

import pytest

from flowloom.errors import Problem
from flowloom.kinds.values import Usage
from flowloom.run.events import NodeFailed, NodeFinished, NodeRetried, NodeSkipped, NodeStarted, RunStarted
from flowloom.run.reading.steps import Step, story_of
from flowloom.store.templates import templates
from flowloom.workspace import Workspace

WHY = Problem.of("x", "No.")


def stamp(seq: int) -> dict[str, object]:
    return {"run_id": "r", "seq": seq, "at": float(seq)}


def test_steps_stand_in_the_order_they_began() -> None:
    steps = story_of(
        [
            RunStarted(**stamp(0), flow_id="f"),  # type: ignore[arg-type]
            NodeStarted(**stamp(1), node="a", inputs={"text": "x"}),  # type: ignore[arg-type]
            NodeStarted(**stamp(2), node="b"),  # type: ignore[arg-type]
            NodeSkipped(**stamp(3), node="c", because=WHY),  # type: ignore[arg-type]
            NodeFinished(**stamp(4), node="b", outputs={"y": 1}, seconds=2.0, usage=Usage(model="m")),  # type: ignore[arg-type]
            NodeRetried(**stamp(5), node="a", attempt=1, problem=WHY),  # type: ignore[arg-type]
            NodeFailed(**stamp(6), node="a", problem=WHY, seconds=5.0),  # type: ignore[arg-type]
        ]
    )
    assert steps == [
        Step("a", at=1.0, outcome="failed", seconds=5.0, inputs={"text": "x"}, problem=WHY, attempts=2),
        Step("b", at=2.0, outcome="done", seconds=2.0, outputs={"y": 1}, usage=Usage(model="m")),
        Step("c", at=3.0, outcome="skipped", problem=WHY),
    ]


@pytest.mark.parametrize(("message", "tool"), [("What is 17.5% of 2480?", "calculator"), ("Hello!", "")])
def test_tool_calls_belong_to_their_caller(home: Workspace, message: str, tool: str) -> None:
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "agent-with-tools"))
    run = home.runner.start(flow, message, home.runs.new_conversation(flow.id))
    home.runner.finished(run)
    calls = [step for step in story_of(home.runs.events(run)) if step.caller]
    assert [(step.caller, step.node) for step in calls] == ([("agent", tool)] if tool else [])
