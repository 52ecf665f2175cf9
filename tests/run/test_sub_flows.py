"""Flows within blocks: once, for each item of a list, nested, streaming, paused, and after a crash."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from flowloom.flow.model import Flow
from flowloom.kinds.people import Reply
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import ModelReply, ToolCall
from flowloom.run.events import NodeAdvanced, NodeAsked, NodeFinished, NodeProgress, NodeWarned, RunEvent
from flowloom.run.execution.executor import execute
from flowloom.run.planning.check import MAX_DEPTH, blocking, find_problems
from flowloom.run.planning.plan import plan_of
from flowloom.run.reading.steps import story_of
from flowloom.run.reading.view import RunView, view_of
from tests.run.test_asking import Desk, Persons, Scripted, Shelf

Nodes = Mapping[str, Any]


def flow(nodes: Nodes, lines: str, **facts: Any) -> Flow:
    """Nodes as kind or (kind, config), lines as `a.port>b.port`."""
    made = []
    for name, said in nodes.items():
        kind, config, *settings = (said, {}) if isinstance(said, str) else said
        made.append({"id": name, "kind": kind, "config": config, "settings": settings[0] if settings else {}})
    edges = [dict(zip(("from", "to"), line.split(">"), strict=True)) for line in lines.split()]
    return Flow.model_validate({"nodes": made, "edges": edges, **facts})


def within(inner: Flow, **config: Any) -> dict[str, Any]:
    return {"flow": inner.model_dump(mode="json", by_alias=True), **config}


GREET = flow(
    {"i": ("flow.input", {"name": "Who"}), "p": ("prompt", {"template": "Hello {{who}}!"}), "o": "flow.output"},
    "i.value>p.who p.prompt>o.value",
)
CHAT = flow(
    {"m": "chat.message", "p": ("prompt", {"template": "You said {{message}}"}), "z": "chat.answer"},
    "m.message>p.message p.prompt>z.text",
)
ASKS = flow(
    {"i": ("flow.input", {"name": "Who"}), "q": "people.approve", "o": "flow.output"},
    "i.value>q.value q.approved>o.value",
)
PICKY = flow(
    {
        "i": ("flow.input", {"name": "Who"}),
        "c": "calculator",
        "o": "flow.output",
    },
    "i.value>c.expression c.result>o.value",
)


def around(kind: str, config: Mapping[str, Any], into: str, out: str) -> Flow:
    """The flow within one block between a message and an answer."""
    nodes = {"m": "chat.message", "b": (kind, dict(config)), "z": "chat.answer"}
    return flow(nodes, f"m.message>b.{into} b.{out}>z.text")


def listed(inner: Flow, out: str = "result", **config: Any) -> Flow:
    """The lines of the message, each through the flow."""
    return flow(
        {
            "m": "chat.message",
            "s": ("json.pick", {"path": "items"}),
            "b": ("flow.each", within(inner, **config)),
            "z": "chat.answer",
        },
        f"m.message>s.data s.value>b.who b.{out}>z.text",
    )


def run(
    made: Flow, message: str = "hi", people: Persons | None = None, models: Any = None
) -> tuple[RunView, list[RunEvent]]:
    import asyncio

    from flowloom.kinds.context import Turn
    from flowloom.kinds.services import Services

    events: list[RunEvent] = []
    services = Services(models, Shelf(), None, None, people=people)  # type: ignore[arg-type]
    asyncio.run(execute(plan_of(made, all_kinds()), Turn(message), services, events.append, "r"))
    return view_of(events), events


def test_a_flow_as_a_block() -> None:
    view, events = run(around("flow.sub", within(GREET), "who", "result"))
    assert view.text == "Hello hi!"
    inner = [event for event in events if isinstance(event, NodeFinished) and event.call]
    assert {(event.call, event.node) for event in inner} == {("b#0", f"b/{name}") for name in "ipo"}
    assert all(event.answer is None for event in inner)
    assert {step.caller for step in story_of(events)} == {"", "b"}


def test_a_gpt_as_a_block_gives_its_answer() -> None:
    made = around("flow.sub", within(CHAT), "message", "answer")
    assert blocking(find_problems(made, all_kinds())) == []
    view, _ = run(made)
    assert view.text == "You said hi"
    assert [answer.node for answer in view.answers] == ["z"]


def test_what_it_says_streams_through_blocks_and_merges() -> None:
    class Speaks:
        async def reply(self, request: Any, on_text: Any) -> ModelReply:
            for piece in ("one ", "two"):
                on_text(piece)
            return ModelReply(text="one two")

    says = flow({"i": "flow.input", "m": "model", "o": "flow.output"}, "i.value>m.prompt m.answer>o.value")
    made = flow(
        {"m": "chat.message", "b": ("flow.sub", within(says)), "g": "merge", "z": "chat.answer"},
        "m.message>b.value b.result>g.values g.text>z.text",
    )
    _, events = run(made, models=Speaks())
    pieces = [event for event in events if isinstance(event, NodeProgress)]
    for node in ("b/m", "b", "z"):
        assert [event.text for event in pieces if event.node == node] == ["one ", "two"], node
    ends = [number for number, event in enumerate(events) if isinstance(event, NodeFinished) and event.node == "b"]
    assert view_of(events[: ends[0]]).text == "one two"


def test_by_itself_it_takes_the_message() -> None:
    assert run(GREET, "Ada")[0].text == "Hello Ada!"


@pytest.mark.parametrize("count", [0, 1, 3, 1000])
def test_for_each_keeps_the_order(count: int) -> None:
    names = [f"n{number}" for number in range(count)]
    items = ",".join(f'"{name}"' for name in names)
    view, events = run(listed(GREET, at_once=7), f'{{"items": [{items}]}}')
    assert view.state == "finished", view.problem
    assert view.text == "\n".join(f"Hello {name}!" for name in names)
    advanced = [event for event in events if isinstance(event, NodeAdvanced)]
    assert [event.done for event in advanced] == list(range(1, count + 1))


def test_several_work_side_by_side() -> None:
    import asyncio

    from flowloom.kinds.context import NodeContext
    from flowloom.nodes.flows.for_each import Config, Rounds

    class Slow:
        def __init__(self) -> None:
            self.now = self.most = 0

        async def run(self, given: Mapping[str, Any], item: int = 0) -> Mapping[str, Any]:
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0.01 * (10 - item))
            self.now -= 1
            return {"result": item}

    async def both() -> tuple[int, Any]:
        slow = Slow()
        rounds = Rounds(list("abcdefgh"), "who", {}, Config(**within(GREET)))
        context = NodeContext("b", None, None, None, None)  # type: ignore[arg-type]
        await asyncio.gather(*(rounds.work(slow, context) for _ in range(3)))
        return slow.most, rounds.outputs()["result"]

    assert asyncio.run(both()) == (3, [1, 2, 3, 4, 5, 6, 7, 8])


@pytest.mark.parametrize(
    ("if_fails", "state", "text"),
    [
        ("stop", "failed", ""),
        ("skip", "finished", "2\n6"),
        ("collect", "finished", "2\n6"),
        ("empty", "finished", "2\n\n6"),
    ],
)
def test_items_that_fail(if_fails: str, state: str, text: str) -> None:
    made = listed(PICKY, if_fails=if_fails)
    view, events = run(made, '{"items": ["1+1", "1/0", "2*3"]}')
    assert (view.state, view.text) == (state, text)
    if if_fails == "collect":
        given = next(event.outputs for event in events if isinstance(event, NodeFinished) and event.node == "b")
        assert [failed["item"] for failed in given["failed_items"]] == ["1/0"]


def test_a_block_that_fails_may_go_out_by_its_error() -> None:
    made = flow(
        {
            "m": "chat.message",
            "b": ("flow.sub", within(PICKY), {"on_error": "port"}),
            "z": "chat.answer",
        },
        "m.message>b.who b.error>z.text",
    )
    view, _ = run(made, "1/0")
    assert view.state == "finished"
    assert "zero" in view.text


def test_blocks_within_blocks() -> None:
    inner = GREET
    for _ in range(3):
        inner = flow(
            {"i": ("flow.input", {"name": "Who"}), "b": ("flow.sub", within(inner)), "o": "flow.output"},
            "i.value>b.who b.result>o.value",
        )
    view, events = run(around("flow.sub", within(inner), "who", "result"))
    assert view.text == "Hello hi!"
    assert "b#0/b#0/b#0/b#0" in {event.call for event in events if isinstance(event, NodeFinished)}


def test_too_deep_is_a_problem() -> None:
    inner = GREET
    for _ in range(MAX_DEPTH + 1):
        inner = flow(
            {"i": ("flow.input", {"name": "Who"}), "b": ("flow.sub", within(inner)), "o": "flow.output"},
            "i.value>b.who b.result>o.value",
        )
    codes = {problem.code for problem in find_problems(inner, all_kinds())}
    assert "flow.depth" in codes


@pytest.mark.parametrize("config", [{}, {"flow": {"nodes": "what"}}, {"flow": {"flowloom": 99}}])
def test_a_block_without_a_flow_is_a_problem(config: dict[str, Any]) -> None:
    made = flow({"m": "chat.message", "b": ("flow.sub", config), "z": "chat.answer"}, "m.message>z.text")
    assert [problem.node for problem in blocking(find_problems(made, all_kinds()))] == ["b"]


def test_what_is_wrong_inside_is_said_at_the_block() -> None:
    nodes = {"i": "flow.input", "p": ("prompt", {"template": "{{a}} {{b}}"}), "o": "flow.output"}
    broken = flow(nodes, "p.prompt>o.value")
    made = around("flow.sub", within(broken), "value", "result")
    problems = blocking(find_problems(made, all_kinds()))
    assert {problem.node for problem in problems} == {"b"}
    assert problems[0].code == "flow.inside"


# -- pauses and crashes within


def test_questions_within_items_wait_for_all() -> None:
    made = listed(ASKS, at_once=2)
    message = '{"items": ["a", "b", "c"]}'
    desk = Desk(made, kinds=all_kinds(), message=message)
    assert desk.part().state == "paused"
    assert len(desk.people.posted) == 3
    first, *others = desk.people.posted
    desk.people.answers[first] = Reply(choice="approved")
    assert desk.part().state == "paused"
    for other in others:
        desk.people.answers[other] = Reply(choice="approved")
    view = desk.part()
    assert (view.state, view.text) == ("finished", "a\nb\nc")
    assert set(desk.begun().values()) == {1}
    assert sum(isinstance(event, NodeAsked) for event in desk.log) == 3


@pytest.mark.parametrize("kind", ["sub", "each", "deep"])
def test_a_crash_at_any_event_within(kind: str) -> None:
    deep = flow(
        {"i": ("flow.input", {"name": "Who"}), "b": ("flow.each", within(GREET)), "o": "flow.output"},
        "i.value>b.who b.result>o.value",
    )
    made, message, answer = {
        "sub": (around("flow.sub", within(GREET), "who", "result"), "hi", "Hello hi!"),
        "each": (listed(GREET), '{"items": ["a", "b", "c"]}', "Hello a!\nHello b!\nHello c!"),
        "deep": (around("flow.sub", within(deep), "who", "result"), "hi", "Hello hi!"),
    }[kind]
    whole = Desk(made, kinds=all_kinds(), message=message)
    assert whole.part().text == answer
    for cut in range(1, len(whole.log)):
        desk = Desk(made, kinds=all_kinds(), message=message, log=list(whole.log[:cut]))
        assert desk.part().text == answer, cut
        ended = Counter((e.call, e.node, e.round) for e in desk.log if isinstance(e, NodeFinished))
        assert set(ended.values()) == {1}, cut


def test_an_agent_uses_a_gpt_as_its_tool() -> None:
    made = flow(
        {"m": "chat.message", "g": "agent", "b": ("flow.sub", within(GREET)), "z": "chat.answer"},
        "m.message>g.message b.tool>g.tools g.answer>z.text",
    )
    models = Scripted(
        [ModelReply(tool_calls=(ToolCall(id="1", name="b", arguments={"who": "Ada"}),)), ModelReply(text="Done.")]
    )
    desk = Desk(made, models=models, kinds=all_kinds())
    assert desk.part().text == "Done."
    steps = next(e for e in desk.log if isinstance(e, NodeFinished) and e.node == "g").outputs["steps"]
    assert steps[0]["result"] == '{"result":"Hello Ada!"}'
    assert {step.caller for step in story_of(desk.log)} == {"", "g", "b"}


@pytest.mark.parametrize("type", ["text", "list", "any"])
def test_an_optional_input_without_a_value_is_empty_and_what_follows_runs(type: str) -> None:
    style = ("flow.input", {"name": "Style", "needed": False, "type": type})
    inner = flow(
        {"i": ("flow.input", {"name": "Who"}), "s": style, "p": ("prompt", {"template": "To {{who}}{{style}}."}),
         "o": "flow.output"},
        "i.value>p.who s.value>p.style p.prompt>o.value",
    )  # fmt: skip
    view, _ = run(around("flow.sub", within(inner), "who", "result"))
    assert view.text.startswith("To hi")
    assert view.state == "finished"


def test_an_optional_number_without_a_value_is_not_passed_over_in_silence() -> None:
    count = ("flow.input", {"name": "Count", "needed": False, "type": "number"})
    inner = flow(
        {"i": ("flow.input", {"name": "Who"}), "c": count, "p": ("prompt", {"template": "{{count}}"}),
         "o": "flow.output", "also": ("flow.output", {"name": "Counted"})},
        "i.value>o.value c.value>p.count p.prompt>also.value",
    )  # fmt: skip
    view, events = run(around("flow.sub", within(inner), "who", "result"))
    assert view.text == "hi"
    warned = [event.problem for event in events if isinstance(event, NodeWarned)]
    assert [warning.code for warning in warned] == ["input.left_out"]
