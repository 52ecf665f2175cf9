"""What models think in a run: told beside the blocks' work, and in nothing that goes on, back or out."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from flowloom.flow.model import Flow
from flowloom.run.events import NodeFinished, NodeNoted, NodeThought, event_json
from flowloom.run.reading.steps import story_of
from flowloom.run.reading.view import RunView
from flowloom.serve.runs import run_file
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.workspace import Workspace
from tests.openai_server import OpenAIServer, Say
from tests.run.test_resume import after_a_crash

SECRET = "I wonder"
CALL = {"index": 0, "id": "1", "function": {"name": "sum", "arguments": '{"expression": "2+2"}'}}


@pytest.fixture(scope="module")
def running() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def server(running: OpenAIServer, home: Workspace) -> OpenAIServer:
    running.script.clear()
    running.requests.clear()
    provider = Provider(id="p", kind="compatible", name="Vendor", base_url=running.url)
    home.models.use(ModelSettings(providers=(provider,), roles={"default": "p/m", "fast": "p/m"}))
    return running


def flow_of(kind: str, **more: Any) -> Flow:
    ports = {"model": ("prompt", "answer"), "agent": ("message", "answer")}[kind]
    nodes: list[Any] = [
        {"id": "m", "kind": "chat.message"},
        {"id": "x", "kind": kind},
        {"id": "z", "kind": "chat.answer"},
    ]
    edges = [{"from": "m.message", "to": f"x.{ports[0]}"}, {"from": f"x.{ports[1]}", "to": "z.text"}]
    edges.append({"from": "m.history", "to": "x.history"})
    if kind == "agent":
        nodes.append({"id": "sum", "kind": "calculator"})
        edges.append({"from": "sum.tool", "to": "x.tools"})
    return Flow.model_validate({"nodes": nodes, "edges": edges, **more})


def asked(home: Workspace, flow: Flow, conversation: str = "") -> tuple[str, RunView, str]:
    conversation = conversation or home.runs.new_conversation(flow.id)
    run_id = home.runner.start(flow, "How much?", conversation)
    return run_id, home.runner.finished(run_id), conversation


@pytest.mark.parametrize(
    "say",
    [
        Say(f"<think>{SECRET}</think>Four"),
        Say(f"{SECRET}</think>Four"),
        Say(
            chunks=[
                {"choices": [{"delta": {"reasoning_content": SECRET}}]},
                {"choices": [{"delta": {"content": "Four"}, "finish_reason": "stop"}]},
            ]
        ),
    ],
)
def test_thoughts_are_told_and_go_nowhere_else(server: OpenAIServer, home: Workspace, say: Say) -> None:
    flow = flow_of("model")
    server.script.append(say)
    run_id, view, conversation = asked(home, flow)
    assert (view.text, [thought.text for thought in view.thoughts]) == ("Four", [SECRET])
    events = home.runs.events(run_id)
    others = [event for event in events if not isinstance(event, NodeThought)]
    assert SECRET not in "".join(map(event_json, others))
    assert [step.thoughts for step in story_of(events) if step.node == "x"] == [(SECRET,)]
    assert [turn.text for turn in home.runs.turns(conversation)] == ["How much?", "Four"]
    asked(home, flow, conversation)
    assert "Four" in str(server.requests[-1].body)
    assert SECRET not in str(server.requests[-1].body)


def test_what_was_shown_and_taken_back_is_not_kept_when_a_run_is_stopped(
    server: OpenAIServer, home: Workspace
) -> None:
    flow = flow_of("model")
    server.script.append(Say(f"{SECRET} </think>Four and more", per_token=0.3))
    conversation = home.runs.new_conversation(flow.id)
    run_id = home.runner.start(flow, "How much?", conversation)
    while (view := home.runner.view(run_id)) and "Four" not in view.text and view.state == "running":
        home.runner.wait(run_id, view.count, 5)
    home.runner.cancel(run_id)
    home.runner.finished(run_id)
    assert "Four" in home.runs.turns(conversation)[-1].text
    assert SECRET not in home.runs.turns(conversation)[-1].text


def test_a_gpt_that_protects_its_texts_tells_no_thoughts(server: OpenAIServer, home: Workspace) -> None:
    flow = flow_of(
        "model", instructions="Say only numbers, whatever they ask you.", protection={"instructions": True}
    )
    server.script.append(Say("<think>I am to say only numbers</think>Four"))
    run_id, view, _ = asked(home, flow)
    assert (view.text, view.thoughts) == ("Four", ())
    assert "I am to say" not in "".join(map(event_json, home.runs.events(run_id)))


def tool_turn() -> Say:
    first = {"reasoning_content": SECRET, "tool_calls": [{**CALL, "extra_content": {"google": {"s": "c2ln"}}}]}
    return Say(chunks=[{"choices": [{"delta": first, "finish_reason": "tool_calls"}]}])


def test_an_agent_gives_back_what_belongs_to_the_turn(server: OpenAIServer, home: Workspace) -> None:
    server.script.extend([tool_turn(), Say("Four")])
    flow = flow_of("agent")
    _, view, conversation = asked(home, flow)
    assert view.text == "Four"
    turn = next(each for each in server.requests[1].body["messages"] if each.get("tool_calls"))
    assert turn["reasoning_content"] == SECRET
    assert turn["tool_calls"][0]["extra_content"] == {"google": {"s": "c2ln"}}
    asked(home, flow, conversation)
    assert SECRET not in str(server.requests[-1].body)


def test_after_a_crash_in_the_loop_it_still_goes_back(server: OpenAIServer, home: Workspace) -> None:
    server.script.extend([tool_turn(), Say("Four")])
    flow = flow_of("agent")
    run_id, _, _ = asked(home, flow)
    events = home.runs.events(run_id)
    cut = next(at for at, event in enumerate(events) if isinstance(event, NodeFinished) and event.call)
    after_a_crash(home, flow, "How much?", events[: cut + 1], "crashed")
    server.requests.clear()
    server.script.append(Say("Four"))
    home.runner.resume("crashed")
    assert home.runner.finished("crashed").text == "Four"
    assert len(server.requests) == 1
    turn = next(each for each in server.requests[0].body["messages"] if each.get("tool_calls"))
    assert turn["reasoning_content"] == SECRET
    assert turn["tool_calls"][0]["extra_content"]


def test_a_file_of_a_run_has_none_of_it(server: OpenAIServer, home: Workspace) -> None:
    server.script.extend([tool_turn(), Say("Four")])
    flow = flow_of("agent")
    home.flows.save(flow)
    run_id, _, _ = asked(home, flow)
    noted = [event for event in home.runs.events(run_id) if isinstance(event, NodeNoted)]
    assert "c2ln" in "".join(map(event_json, noted))
    file = run_file(home, flow.id, run_id)
    assert file
    told = json.loads(file)
    assert any(event["type"] == "node_noted" for event in told["events"])
    assert "c2ln" not in file.decode()
    assert SECRET in "".join(event["text"] for event in told["events"] if event["type"] == "node_thought")
