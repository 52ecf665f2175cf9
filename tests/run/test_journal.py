"""What blocks without effects did is emitted together; whatever acts finds all that was before it in the log."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest

from flowloom.errors import first_of
from flowloom.flow.model import Flow
from flowloom.kinds.context import Turn
from flowloom.kinds.kind import NodeKind
from flowloom.kinds.people import Choice, Question
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import Services
from flowloom.kinds.values import ModelReply
from flowloom.run.events import PASSING, NodeEvent, NodeFinished, NodeStarted, RunEvent, RunFinished
from flowloom.run.execution import journal
from flowloom.run.execution.executor import Run
from flowloom.run.execution.journal import Journal
from flowloom.run.planning.plan import plan_of
from flowloom.workspace import Workspace
from tests.run.kinds_for_tests import Config, Needs, Out, kind, registry
from tests.run.test_asking import Persons, Scripted, Shelf, agent_flow, call
from tests.run.test_executor import SERVICES, flow_of
from tests.run.test_sub_flows import GREET, flow, within


@pytest.fixture(autouse=True)
def no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine holds nothing for a shorter while."""
    monkeypatch.setattr(journal, "LONGEST_HELD", 1e9)


class Log:
    """What reached the disk, batch by batch, and what stood there when something acted."""

    def __init__(self) -> None:
        self.batches: list[Sequence[RunEvent]] = []
        self.found: list[str] = []

    def emit(self, events: Sequence[RunEvent]) -> None:
        self.batches.append(events)

    @property
    def events(self) -> list[RunEvent]:
        return [event for batch in self.batches for event in batch]

    def act(self, config: Config, inputs: Needs, ctx: Any) -> Out:
        self.found.append(" ".join(_told(self.events)))
        return Out(value=inputs.value)

    async def act_later(self, config: Config, inputs: Needs, ctx: Any) -> Out:
        return self.act(config, inputs, ctx)

    def ask(self, config: Config, inputs: Needs, ctx: Any) -> Out:
        choices = (Choice(id="yes", label="Yes"),)
        return Out(value=ctx.ask(Question(title="May I?", text=inputs.value, choices=choices)).choice)

    def kinds(self) -> Mapping[str, NodeKind]:
        return {
            **registry(),
            "remember": kind("remember", self.act, effects=frozenset({"writes memory"})),
            "send": kind("send", self.act_later),
            "ask": kind("ask", self.ask),
        }

    def run(self, made: Flow, services: Services = SERVICES) -> None:
        plan = plan_of(made, self.kinds())
        asyncio.run(Run(plan, Turn("hi"), services, self.emit, "r").go())


def _told(events: Sequence[RunEvent]) -> Iterator[str]:
    """`+a` where a block began, `-a` where it ended."""
    for event in events:
        if isinstance(event, NodeStarted | NodeFinished):
            yield f"{'+' if isinstance(event, NodeStarted) else '-'}{event.node}"


def pure(length: int) -> Flow:
    names = [f"s{number}" for number in range(length)]
    lines = [f"{one}>{other}" for one, other in zip(["a", *names], [*names, "z"], strict=True)]
    return flow_of({"a": "start", **dict.fromkeys(names, "say"), "z": "answer"}, " ".join(lines))


def test_a_chain_without_effects_is_one_batch() -> None:
    log = Log()
    log.run(pure(200))
    assert [len(batch) for batch in log.batches] == [1, 404, 1]
    assert [event.seq for event in log.events] == list(range(406))


@pytest.mark.parametrize(("limit", "value"), [("LONGEST_HELD", 0.0), ("MOST_HELD", 1)])
def test_nothing_is_held_beyond_its_limits(monkeypatch: pytest.MonkeyPatch, limit: str, value: float) -> None:
    monkeypatch.setattr(journal, limit, value)
    log = Log()
    log.run(pure(3))
    assert {len(batch) for batch in log.batches} == {1}


@pytest.mark.parametrize("acts", ["remember", "send"])
def test_whatever_acts_is_logged_before_and_after(acts: str) -> None:
    log = Log()
    log.run(
        flow_of({"a": "start", "b": "say", "c": acts, "d": acts, "e": acts, "z": "answer"}, "a>b b>c c>d d>e e>z")
    )
    assert log.found == ["+a -a +b -b +c", "+a -a +b -b +c -c +d", "+a -a +b -b +c -c +d -d +e"]


def test_what_ends_is_logged_before_others_go_on() -> None:
    """Of two that work side by side, the slow one ends long after the quick one was written down."""
    log = Log()
    slow = ("slow", {"seconds": 0.01})
    log.run(flow_of({"a": "start", "q": "send", "s": slow, "r": "send", "z": "answer"}, "a>q a>s s>r r>z"))
    assert log.found[-1] in ("+a -a +q -q +s -s +r", "+a -a +q +s -q -s +r")


class Looks(Persons):
    """Sees what is in the log when a question is posted."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self.log, self.found = log, list[str]()

    def post(self, id: str, node: str, question: Question) -> None:
        self.found.append(" ".join(_told(self.log.events)))
        super().post(id, node, question)


@pytest.mark.parametrize(
    ("nodes", "lines", "found"),
    [
        ({"a": "start", "b": "say", "q": "ask", "z": "answer"}, "a>b b>q q>z", "+a -a +b -b +q"),
        (
            {"a": "start", "b": "say", "q": ("say", {}, {"ask_first": True}), "z": "answer"},
            "a>b b>q q>z",
            "+a -a +b -b +q",
        ),
    ],
)
def test_a_question_is_asked_after_what_led_to_it_is_logged(nodes: Any, lines: str, found: str) -> None:
    log = Log()
    people = Looks(log)
    log.run(flow_of(nodes, lines), Services(*[None] * 4, people=people))  # type: ignore[list-item]
    assert people.found == [found]


class Watching(Scripted):
    """A model that sees what is in the log when it is asked."""

    def __init__(self, log: Log, replies: list[ModelReply]) -> None:
        super().__init__(replies)
        self.log, self.found = log, list[str]()

    async def reply(self, request: Any, on_text: Any) -> ModelReply:
        self.found.append(" ".join(_told(self.log.events)))
        return await super().reply(request, on_text)


def test_what_a_tool_did_is_logged_before_the_model_hears_of_it() -> None:
    log = Log()
    models = Watching(log, [ModelReply(tool_calls=(call(1, "sum", expression="6*7"),)), ModelReply(text="42")])
    services = Services(models, Shelf(), None, None)  # type: ignore[arg-type]
    asyncio.run(Run(plan_of(agent_flow(False), all_kinds()), Turn("hi"), services, log.emit, "r").go())
    assert models.found == ["+m -m +g", "+m -m +g +sum -sum"]
    assert isinstance(log.events[-1], RunFinished)


def test_items_side_by_side_are_written_together() -> None:
    log = Log()
    each = ("flow.each", within(GREET, at_once=16))
    made = flow({"m": "chat.message", "b": each, "z": "chat.answer"}, "m.message>b.who b.result>z.text")
    services = Services(None, Shelf(), None, None)  # type: ignore[arg-type]
    message = Turn("\n".join(f"n{number}" for number in range(64)))
    asyncio.run(Run(plan_of(made, all_kinds()), message, services, log.emit, "r").go())
    written = [batch for batch in log.batches if any(isinstance(e, NodeEvent) and e.call for e in batch)]
    assert sum(len(batch) for batch in written) >= 64 * 6
    assert len(written) <= 16


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_where_nothing_can_be_written_nothing_more_happens(fails_at: int) -> None:
    log = Log()

    def emit(events: Sequence[RunEvent]) -> None:
        if len(log.batches) == fails_at:
            raise OSError("full")
        log.emit(events)

    plan = plan_of(flow_of({"a": "start", "b": "send", "c": "send", "z": "answer"}, "a>b b>c c>z"), log.kinds())
    with pytest.raises((OSError, ExceptionGroup)) as raised:
        asyncio.run(Run(plan, Turn("hi"), SERVICES, emit, "r").go())
    assert str(first_of(raised.value)) == "full"
    assert len(log.found) == fails_at // 2
    assert [event.seq for event in log.events] == list(range(len(log.events)))


def test_a_log_with_a_gap_stays_closed() -> None:
    written: list[Sequence[RunEvent]] = []

    def emit(events: Sequence[RunEvent]) -> None:
        written.append(events)
        if len(written) == 1:
            raise OSError("full for a moment")

    told = Journal("r", emit)
    told.tell(NodeStarted, node="a")
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            told.flush()
    with pytest.raises(OSError, match="full"):
        told.tell(RunFinished)
    assert len(written) == 1


# -- on the disk


def pure_chain() -> Flow:
    names = [f"p{number}" for number in range(40)]
    nodes = {"m": "chat.message", **dict.fromkeys(names, ("prompt", {"template": "{{x}}."})), "z": "chat.answer"}
    lines = [f"{one}.prompt>{other}.x" for one, other in pairwise(names)]
    return flow(nodes, " ".join(["m.message>p0.x", *lines, "p39.prompt>z.text"]))


FLOWS = {
    "a chain": pure_chain(),
    "for each": flow(
        {"m": "chat.message", "b": ("flow.each", within(GREET)), "z": "chat.answer"},
        "m.message>b.who b.result>z.text",
    ),
    "remembering": flow(
        {"m": "chat.message", "r": ("memory.remember", {"name": "it"}), "z": "chat.answer"},
        "m.message>r.value r.value>z.text",
    ),
}


@pytest.mark.parametrize("name", FLOWS)
def test_nothing_is_shown_before_it_is_logged(home: Workspace, name: str) -> None:
    made = home.flows.create(FLOWS[name])
    early, told = list[RunEvent](), list[RunEvent]()

    def look(event: RunEvent) -> None:
        told.append(event)
        if not isinstance(event, PASSING) and event not in home.runs.events(event.run_id):
            early.append(event)

    home.runner.watch(lambda flow_id, event: look(event))
    run = home.runner.start(made, "a", home.runs.new_conversation(made.id), on_event=look)
    assert home.runner.finished(run).state == "finished"
    assert early == []
    kept = [event for event in told if not isinstance(event, PASSING)]
    assert kept == [event for event in home.runs.events(run) for _ in range(2)]


def test_a_chain_takes_few_transactions(home: Workspace) -> None:
    made = home.flows.create(FLOWS["a chain"])
    conversation = home.runs.new_conversation(made.id)
    begun = list[str]()
    home.flows.db._connection.set_trace_callback(
        lambda said: begun.append(said) if said == "BEGIN IMMEDIATE" else None
    )
    home.runner.finished(home.runner.start(made, "a", conversation))
    home.flows.db._connection.set_trace_callback(None)
    assert len(begun) <= 6
