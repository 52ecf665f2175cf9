"""A question pauses a run, and its answer brings it on: nothing runs twice, wherever the question is asked."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from flowloom.flow.model import Flow
from flowloom.kinds.context import Turn
from flowloom.kinds.kind import NodeKind
from flowloom.kinds.people import Choice, Question, Reply
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import Services
from flowloom.kinds.values import ModelReply, ModelRequest, ToolCall
from flowloom.run.events import (
    ENDS,
    PASSING,
    NodeAsked,
    NodeEvent,
    NodeFinished,
    NodeStarted,
    RunEvent,
    RunPaused,
    event_json,
    read_event,
)
from flowloom.run.execution.executor import execute
from flowloom.run.planning.plan import plan_of
from flowloom.run.reading.view import RunView, view_of
from tests.run.kinds_for_tests import Config, Needs, Out, kind, registry
from tests.run.test_executor import flow_of

YES = Reply(choice="yes")


def _ask(config: Config, inputs: Needs, ctx: Any) -> Out:
    question = Question(title="May I?", text=inputs.value, choices=(Choice(id="yes", label="Yes"),))
    return Out(value=f"{inputs.value}:{ctx.ask(question).choice}")


def kinds() -> Mapping[str, NodeKind]:
    return {**registry(), "ask": kind("ask", _ask)}


@dataclass
class Persons:
    """Answer every question that was put before them, once told to."""

    posted: dict[str, Question] = field(default_factory=dict)
    answers: dict[str, Reply] = field(default_factory=dict)

    def post(self, id: str, node: str, question: Question) -> None:
        self.posted.setdefault(id, question)

    def reply(self, id: str) -> Reply | None:
        return self.answers.get(id)

    def answer_all(self, reply: Reply = YES) -> None:
        self.answers |= {id: reply for id in self.posted if id not in self.answers}


class Shelf:
    """Knowledge of every flow, in which nothing stands."""

    def of(self, flow_id: str) -> "Shelf":
        return self


@dataclass
class Desk:
    """Runs a flow in parts, its log as it would be on disk between them."""

    flow: Flow
    people: Persons = field(default_factory=Persons)
    log: list[RunEvent] = field(default_factory=list)
    models: Any = None
    message: str = "hi"
    kinds: Mapping[str, NodeKind] = field(default_factory=kinds)

    def part(self) -> RunView:
        """Run until the end or a pause, as a process of its own would."""
        services = Services(self.models, Shelf(), None, None, people=self.people)  # type: ignore[arg-type]
        past = [read_event(event_json(event)) for event in self.log]

        def emit(event: RunEvent) -> None:
            if not isinstance(event, PASSING):
                self.log.append(event)

        asyncio.run(execute(plan_of(self.flow, self.kinds), Turn(self.message), services, emit, "r", past))
        return self.view

    @property
    def view(self) -> RunView:
        return view_of(self.log)

    def begun(self) -> Counter[tuple[str, str, int]]:
        return Counter((e.call, e.node, e.round) for e in self.log if isinstance(e, NodeStarted))


ASK_ALONE = flow_of({"a": "start", "q": "ask", "z": "answer"}, "a>q q>z")
SHAPES = {
    "alone": (ASK_ALONE, "hi:yes"),
    "two at once": (
        flow_of(
            {"a": "start", "p": "ask", "q": "ask", "g": "gather", "z": "answer"},
            "a>p a>q p>g.values q>g.values g>z",
        ),
        "hi:yes+hi:yes",
    ),
    "one after the other": (
        flow_of({"a": "start", "p": "ask", "q": "ask", "z": "answer"}, "a>p p>q q>z"),
        "hi:yes:yes",
    ),
    "beside slow work": (
        flow_of(
            {"a": "start", "q": "ask", "s": ("slow", {"word": "!", "seconds": 0.02}), "g": "gather", "z": "answer"},
            "a>q a>s q>g.values s>g.values g>z",
        ),
        "hi:yes+hi!",
    ),
    "in a loop": (
        flow_of({"a": "start", "q": "ask", "u": ("until", {"times": 9}), "z": "answer"}, "a>q q>u u.no>q u.yes>z"),
        "hi:yes:yes",
    ),
    "before it works": (
        flow_of({"a": "start", "s": ("say", {"word": "!"}, {"ask_first": True}), "z": "answer"}, "a>s s>z"),
        "hi!",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_it_pauses_and_goes_on(name: str) -> None:
    flow, answer = SHAPES[name]
    desk = Desk(flow)
    allow = Reply(choice="go" if name == "before it works" else "yes")
    view = desk.part()
    assert view.state == "paused"
    assert view.text == ""
    assert "asking" in {node.status for node in view.nodes.values()}
    assert isinstance(desk.log[-1], RunPaused)
    for _ in range(5):
        desk.people.answer_all(allow)
        if desk.part().state == "finished":
            break
    assert desk.view.text == answer
    assert set(desk.begun().values()) == {1}, "nothing begins twice"
    assert sum(isinstance(event, NodeAsked) for event in desk.log) == len(desk.people.posted)
    assert sum(isinstance(event, ENDS) for event in desk.log) == 1
    assert [event.seq for event in desk.log] == list(range(len(desk.log)))


@pytest.mark.parametrize("name", SHAPES)
def test_a_crash_at_any_event(name: str) -> None:
    """Whatever was on disk when the process died: each node ends once, each question is asked and told once."""
    flow, answer = SHAPES[name]
    reply = Reply(choice="go" if name == "before it works" else "yes")
    whole = Desk(flow, Persons())
    while whole.part().state == "paused":
        whole.people.answer_all(reply)
    for cut in range(1, len(whole.log)):
        asked = [event for event in whole.log[:cut] if isinstance(event, NodeAsked)]
        people = Persons({event.id: event.question for event in asked})
        desk = Desk(flow, people, list(whole.log[:cut]))
        for _ in range(6):
            if desk.part().state != "paused":
                break
            people.answer_all(reply)
        assert (desk.view.state, desk.view.text) == ("finished", answer), cut
        ended = Counter((e.call, e.node, e.round) for e in desk.log if isinstance(e, NodeFinished))
        assert set(ended.values()) == {1}, cut
        assert {e.id for e in desk.log if isinstance(e, NodeAsked)} == set(people.posted), cut


def test_a_pause_without_an_answer_stays_one() -> None:
    desk = Desk(ASK_ALONE)
    desk.part()
    begun = desk.begun()
    desk.part()
    assert desk.view.state == "paused"
    assert desk.begun() == begun
    assert len(desk.people.posted) == 1


def test_what_a_person_refuses_does_not_work() -> None:
    desk = Desk(SHAPES["before it works"][0])
    desk.part()
    desk.people.answer_all(Reply(choice="stop", comment="not today"))
    view = desk.part()
    assert view.state == "failed"
    assert "not today" in str(view.problem)


def test_nobody_to_ask_is_said() -> None:
    desk = Desk(ASK_ALONE)
    desk.people = None  # type: ignore[assignment]
    view = desk.part()
    assert view.state == "failed"
    assert view.problem is not None
    assert view.problem.code == "people.nobody"


# -- agents: what they were told and what their tools did is not asked for or done again


@dataclass
class Scripted:
    replies: list[ModelReply]
    asked: int = 0

    async def reply(self, request: ModelRequest, on_text: Any) -> ModelReply:
        self.asked += 1
        return self.replies[self.asked - 1]


def agent_flow(approve_calculator: bool) -> Flow:
    nodes = [
        {"id": "m", "kind": "chat.message"},
        {"id": "g", "kind": "agent"},
        {"id": "sum", "kind": "calculator", "settings": {"ask_first": approve_calculator}},
        {"id": "person", "kind": "people.approve"},
        {"id": "z", "kind": "chat.answer"},
    ]
    lines = "m.message>g.message sum.tool>g.tools person.tool>g.tools g.answer>z.text"
    edges = [dict(zip(("from", "to"), line.split(">"), strict=True)) for line in lines.split()]
    return Flow.model_validate({"nodes": nodes, "edges": edges})


def call(number: int, name: str, **arguments: Any) -> ToolCall:
    return ToolCall(id=f"c{number}", name=name, arguments=arguments)


@pytest.mark.parametrize("approve_calculator", [False, True])
def test_an_agent_waits_for_its_tools(approve_calculator: bool) -> None:
    replies = [
        ModelReply(tool_calls=(call(1, "sum", expression="6*7"), call(2, "person", value="send 42?"))),
        ModelReply(tool_calls=(call(3, "sum", expression="1+1"),)),
        ModelReply(text="Done."),
    ]
    models = Scripted(replies)
    desk = Desk(agent_flow(approve_calculator), models=models, kinds=all_kinds())
    assert desk.part().state == "paused"
    assert models.asked == 1
    for _ in range(3):
        for id, question in desk.people.posted.items():
            desk.people.answers.setdefault(id, Reply(choice=question.choices[0].id))
        if desk.part().state == "finished":
            break
    assert desk.view.text == "Done."
    assert models.asked == 3, "what the model said is not asked for again"
    assert set(desk.begun().values()) == {1}
    steps = next(e for e in desk.log if isinstance(e, NodeFinished) and e.node == "g").outputs["steps"]
    assert steps[0]["result"] == "42"
    assert [step["failed"] for step in steps] == [False] * 3


def test_an_agent_after_a_crash_does_not_repeat_what_its_tools_did() -> None:
    replies = [
        ModelReply(tool_calls=(call(1, "sum", expression="6*7"),)),
        ModelReply(tool_calls=(call(2, "sum", expression="1+1"),)),
        ModelReply(text="Done."),
    ]
    whole = Desk(agent_flow(False), models=Scripted(replies), kinds=all_kinds())
    whole.part()
    for cut in range(1, len(whole.log)):
        known = sum(event.type == "node_noted" for event in whole.log[:cut])
        desk = Desk(agent_flow(False), log=list(whole.log[:cut]), kinds=all_kinds())
        desk.models = Scripted(replies, known)
        assert desk.part().text == "Done."
        assert desk.models.asked == 3, cut
        ended = Counter((e.call, e.node) for e in desk.log if isinstance(e, NodeFinished))
        assert set(ended.values()) == {1}, cut


def test_what_waits_is_not_called_risky() -> None:
    from flowloom.run.execution.resume import under_way

    desk = Desk(ASK_ALONE)
    desk.part()
    assert under_way(desk.log) == []
    started = [event for event in desk.log if isinstance(event, NodeEvent) and event.node == "q"]
    assert under_way([replace(event) for event in started[:1]]) == ["q"]
