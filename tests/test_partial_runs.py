"""Trying one block, or a flow up to a block, beside the conversation."""

import pytest

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.run.events import NodeFinished, NodeStarted, RunEvent
from flowloom.run.reading.steps import story_of
from flowloom.workspace import Workspace
from tests.run.test_resume import whole
from tests.test_reruns import LINE, TEMPLATES


def outputs(events: list[RunEvent], node: str) -> dict[str, object]:
    return {
        name: value
        for event in events
        if isinstance(event, NodeFinished) and event.node == node
        for name, value in event.outputs.items()
    }


def test_one_block_runs_alone(home: Workspace) -> None:
    flow = home.flows.create(LINE)
    conversation = home.runs.new_conversation(flow.id)
    id = home.trials.try_block(flow, "q", {"text": "mine"}, conversation, "en")
    trial = home.trials.finished(id)
    assert trial.view.state == "finished", trial.view.problem
    assert outputs(trial.events, "q") == {"prompt": "Two mine"}
    assert {event.node for event in trial.events if isinstance(event, NodeStarted)} == {"q"}


def test_it_leaves_no_trace(home: Workspace) -> None:
    nodes = [
        {"id": "m", "kind": "chat.message"},
        {"id": "r", "kind": "memory.remember", "config": {"name": "bees"}},
        {"id": "z", "kind": "chat.answer"},
    ]
    edges = [{"from": "m.message", "to": "r.value"}, {"from": "m.message", "to": "z.text"}]
    flow = home.flows.create(Flow.model_validate({"nodes": nodes, "edges": edges}))
    conversation = home.runs.new_conversation(flow.id)
    id = home.trials.try_block(flow, "r", {"value": "two hives"}, conversation, "en")
    assert home.trials.finished(id).view.state == "finished", home.trials.finished(id).view.problem
    assert home.memory.variables(conversation) == {}
    assert home.memory.facts() == []
    assert home.runs.turns(conversation) == []
    assert home.ledger.entries([flow.id]) == []


def test_a_block_without_lines_can_be_tried(home: Workspace) -> None:
    flow = home.flows.create(LINE.model_copy(update={"edges": ()}))
    id = home.trials.try_block(flow, "p", {"message": "x"}, home.runs.new_conversation(flow.id), "en")
    assert outputs(home.trials.finished(id).events, "p") == {"prompt": "One x"}


def test_up_to_a_block(home: Workspace) -> None:
    flow = home.flows.create(LINE)
    id = home.trials.run_up_to(flow, "p", "wax", home.runs.new_conversation(flow.id), "en")
    trial = home.trials.finished(id)
    assert outputs(trial.events, "p") == {"prompt": "One wax"}
    assert {step.node for step in story_of(trial.events)} == {"m", "p"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_block_of_every_template(home: Workspace, name: str) -> None:
    """Alone with what came in, and with all that leads to it, a block gives what it gave in the whole run."""
    flow = home.intake.create_from_template(TEMPLATES[name])
    message = flow.starters[0] if flow.starters else "Hello"
    past, view, conversation = whole(home, flow, message)
    if view.state != "finished":
        pytest.skip("it asks a person")
    for step in story_of(past):
        if step.outcome != "done" or step.caller or step.round > 1:
            continue
        alone = home.trials.try_block(flow, step.node, step.inputs, conversation, "en", message)
        assert outputs(home.trials.finished(alone).events, step.node).keys() == step.outputs.keys(), step.node
        so_far = home.trials.run_up_to(flow, step.node, message, conversation, "en")
        assert outputs(home.trials.finished(so_far).events, step.node).keys() == step.outputs.keys(), step.node


def test_a_block_that_does_not_fit_is_refused(home: Workspace) -> None:
    flow = home.flows.create(LINE.model_copy(update={"nodes": (*LINE.nodes[:1], LINE.nodes[1].model_copy(
        update={"config": {"template": 5}}), *LINE.nodes[2:])}))  # fmt: skip
    conversation = home.runs.new_conversation(flow.id)
    with pytest.raises(FlowloomError, match="isn’t valid"):
        home.trials.try_block(flow, "p", {}, conversation, "en")
    with pytest.raises(FlowloomError, match="isn’t valid"):
        home.trials.run_up_to(flow, "q", "x", conversation, "en")


def test_nobody_is_asked(home: Workspace) -> None:
    nodes = [node.model_dump() for node in LINE.nodes]
    nodes[1]["settings"]["ask_first"] = True
    flow = home.flows.create(LINE.model_copy(update={"nodes": Flow.model_validate({"nodes": nodes}).nodes}))
    conversation = home.runs.new_conversation(flow.id)
    trial = home.trials.finished(home.trials.run_up_to(flow, "q", "x", conversation, "en"))
    assert trial.view.problem is not None
    assert "A test can’t ask anyone, and this block waits for approval" in str(trial.view.problem)
    alone = home.trials.finished(home.trials.try_block(flow, "p", {"message": "x"}, conversation, "en"))
    assert alone.view.state == "finished"
