"""What a run will take: bounds by shape of graph, and no run that leaves them."""

import asyncio
import time
from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from flowloom.errors import NodeError
from flowloom.flow.model import Budget, Flow
from flowloom.kinds.context import Turn
from flowloom.kinds.kind import ModelCalls, NodeKind
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import Services
from flowloom.kinds.values import ModelFacts, ModelReply, ModelRequest, ToolCall
from flowloom.run.execution.executor import execute
from flowloom.run.planning.check import blocking, find_problems
from flowloom.run.planning.forecast import Forecast, forecast
from flowloom.run.planning.plan import plan_of
from flowloom.run.reading.view import view_of
from tests.run.kinds_for_tests import Inputs, Needs, Pair, kind
from tests.run.kinds_for_tests import registry as kinds_for_tests
from tests.run.test_executor import flow_of
from tests.run.test_sub_flows import flow, within

FACTS = {
    "default": ModelFacts(name="openai/mini", host="api.openai.com", call=0.5, token=0.001),
    "dear": ModelFacts(name="openai/big", host="api.openai.com", call=2.0, token=0.01),
    "free": ModelFacts(name="practice/practice", call=0.0, token=0.0),
    "strange": ModelFacts(name="own/model", host="models.example"),
}


class Sure(BaseModel):
    value: str


class Ways(BaseModel):
    yes: str | None = None
    no: str | None = None


async def _ask(config: Any, inputs: Any, ctx: Any) -> Sure:
    await ctx.models.reply(ModelRequest(messages=()), lambda piece: None)
    return Sure(value="said")


def _pick(config: Any, inputs: Any, ctx: Any) -> Ways:
    dice: Random = ctx.services.variables
    return Ways(yes="y") if dice.random() < 0.5 else Ways(no="n")


def registry() -> Mapping[str, NodeKind]:
    def calls(config: Any, tools: int) -> list[ModelCalls]:
        return [ModelCalls(config.word or "default", 1, 1)]

    own = [
        kind("begin", lambda config, inputs, ctx: Sure(value="hi"), Inputs, Sure),
        kind("ask", _ask, Inputs, Sure, calls=calls),
        kind("both", _ask, Pair, Sure, calls=calls),
        kind("pick", _pick, Needs, Ways, chooses=True),
        kind("send", _ask, Inputs, Sure, hosts=lambda config: ["api.example.com"]),
    ]
    return {**kinds_for_tests(), **{each.id: each for each in own}, "agent": all_kinds()["agent"], **TOOLS}


TOOLS = {id: all_kinds()[id] for id in ("calculator", "knowledge.search", "http.request")}


def told(flow: Flow, searched_at: str = "") -> Forecast:
    return forecast(plan_of(flow, registry()), lambda model: FACTS[model], searched_at)


class Case(NamedTuple):
    name: str
    nodes: dict[str, Any]
    edges: str
    calls: tuple[int, int]
    cost: float | None


def ask(model: str = "", **settings: Any) -> Any:
    return ("ask", {"word": model}, settings)


A, Z = "begin", "answer"
CASES = [
    Case("nothing is asked", {"a": A, "z": Z}, "a>z", (0, 0), 0.0),
    Case("chain", {"a": A, "b": ask(), "c": ask("dear"), "z": Z}, "a>b b>c c>z", (2, 2), 2.5),
    Case("side by side", {"b": ask(), "c": ask(), "d": "both"}, "b>d.left c>d.right", (3, 3), 1.5),
    Case("one way asks once, the other twice", {"a": "ask", "p": "pick", "b": ask("dear"), "c": ask(), "d": ask()},
         "a>p p.yes>b p.no>c c>d", (2, 3), 2.5),
    Case("a way without a call", {"p": "pick", "b": ask(), "a": "ask"}, "a>p p.yes>b", (1, 2), 1.0),
    Case("ways that meet again", {"a": ask(), "p": "pick", "b": ask(), "c": ask(), "d": ask()},
         "a>p p.yes>b p.no>c b>d c>d", (3, 3), 1.5),
    Case("a choice in a choice",
         {"a": ask(), "p": "pick", "q": "pick", "b": ask(), "c": ask("dear"), "d": ask(), "e": ask()},
         "a>p p.yes>q q.yes>b q.no>c c>d p.no>e", (2, 3), 3.0),
    Case("two choices on their own", {"a": ask(), "p": "pick", "q": "pick", "b": ask(), "c": ask(), "d": ask()},
         "a>p a>q p.yes>b p.no>c q.yes>d", (2, 3), 1.5),
    Case("a dead required input",
         {"a": ask(), "p": "pick", "d": "both"}, "a>p p.yes>d.left p.no>d.right", (1, 1), 0.5),
    Case("retries", {"a": ask(retries=2), "b": ask()}, "a>b", (2, 4), 2.0),
    Case("a failure that goes on", {"a": ask(), "b": ask(on_error="value", fallback={"value": "x"}), "c": ask()},
         "a>b b>c", (2, 3), 1.5),
    Case("a failure that goes another way", {"a": ask(on_error="port"), "b": ask(), "c": ask("dear")},
         "a>b a.error>c", (0, 2), 2.5),
    Case("pinned", {"a": ask(pinned={"value": "x"}), "b": ask()}, "a>b", (1, 1), 0.5),
    Case("a loop", {"a": ask(), "w": ask(rounds=4), "p": "pick", "z": Z}, "a>w w>p p.no>w p.yes>z", (2, 5), 2.5),
    Case("each round another way",
         {"a": ask(), "w": ask(rounds=4), "p": "pick", "q": "pick", "c": ask("dear"), "d": ask(), "z": "ask"},
         "a>w w>p p.yes>c p.no>d c>q d>q q.no>w q.yes>z", (3, 10), 11.0),
    Case("again inside, or out", {"a": ask(), "p": ("pick", {}, {"rounds": 3}), "c": ask("dear"), "z": ask("dear")},
         "a>p p.no>c c>p p.yes>z", (2, 5), 8.5),
    Case("a loop in a loop", {"a": ask(), "o": ask(rounds=3), "w": ask(rounds=4), "i": "pick", "u": "pick", "z": Z},
         "a>o o>w w>i i.no>w i.yes>u u.no>o u.yes>z", (3, 1 + 3 + 12), 8.0),
    Case("free", {"a": ask("free")}, "", (1, 1), 0.0),
    Case("unknown", {"a": ask("strange"), "b": ask()}, "a>b", (2, 2), None),
    Case("an agent without tools", {"a": A, "b": "agent"}, "a>b.message", (1, 1), 0.5),
    Case("an agent", {"a": A, "b": ("agent", {"step_limit": 3}), "t": "calculator"},
         "a>b.message t.tool>b.tools", (1, 4), 2.0),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bounds(case: Case) -> None:
    found = told(flow_of(case.nodes, case.edges))
    assert ((found.least, found.most), found.cost) == (case.calls, case.cost)


def test_a_step_limit_bounds_the_calls() -> None:
    nodes = {"a": ask(), "w": ask(rounds=100), "p": "pick", "z": Z}
    found = told(flow_of(nodes, "a>w w>p p.no>w p.yes>z", budget=Budget(steps=7)))
    assert (found.most, found.cost) == (7, 3.5)


def test_hosts_of_models_tools_and_requests_are_named() -> None:
    nodes = {
        "a": ask("strange"),
        "g": "agent",
        "t": ("http.request", {"url": "https://User@tools.example:8443/x?q={{what}}"}),
        "k": "knowledge.search",
        "s": "send",
        "f": ask("free"),
    }
    flow = flow_of(nodes, "a>g.message t.tool>g.tools k.tool>g.tools a>s")
    assert told(flow, "vectors.example").hosts == (
        "api.example.com", "api.openai.com", "models.example", "tools.example:8443", "vectors.example",
    )  # fmt: skip
    blocks = {block.node: block.hosts for block in told(flow).blocks}
    assert blocks["g"] == ("api.openai.com", "tools.example:8443")


def test_who_stands_in_for_a_model_is_counted_with_it() -> None:
    line = FACTS["default"].model_copy(update={"stand_ins": (FACTS["dear"], FACTS["strange"])})
    facts = FACTS | {"default": line, "both": FACTS["default"].model_copy(update={"stand_ins": (FACTS["dear"],)})}

    def told_of(word: str) -> Forecast:
        plan = plan_of(flow_of({"a": ask(word), "z": Z}, "a>z"), registry())
        return forecast(plan, lambda model: facts[model])

    assert told_of("both").cost == 2.0, "the dearest of them"
    assert told_of("default").cost is None, "one of them has no known price"
    assert told_of("default").unpriced == ("own/model",)
    assert told_of("default").hosts == ("api.openai.com", "models.example")


ASKS = within(flow({"i": "flow.input", "m": "model", "o": "flow.output"}, "i.value>m.prompt m.answer>o.value"))


@pytest.mark.parametrize(
    ("kind_id", "least", "most", "is_open", "cost"),
    [("flow.sub", 0, 1, False, 0.5), ("flow.each", 0, 1, True, None)],
)
def test_what_a_flow_within_a_block_asks_is_counted(
    kind_id: str, least: int, most: int, is_open: bool, cost: float | None
) -> None:
    nodes = {"m": "chat.message", "b": (kind_id, ASKS), "z": "chat.answer"}
    made = flow(nodes, "m.message>b.value b.result>z.text")
    found = forecast(plan_of(made, all_kinds()), lambda model: FACTS[model])
    assert (found.least, found.most, found.open, found.cost) == (least, most, is_open, cost)
    assert found.hosts == ("api.openai.com",)
    (block,) = found.blocks
    assert (block.node, block.open) == ("b", is_open)


def test_an_agents_tool_that_is_a_flow_may_be_used_often_or_never() -> None:
    made = flow(
        {"m": "chat.message", "g": ("agent", {"step_limit": 2}), "b": ("flow.sub", ASKS), "z": "chat.answer"},
        "m.message>g.message b.tool>g.tools g.answer>z.text",
    )
    found = forecast(plan_of(made, all_kinds()), lambda model: FACTS[model])
    assert (found.least, found.most) == (1, 3 + 2 * 16)


def test_a_flow_within_a_block_hides_no_host() -> None:
    inner = flow_of({"s": "send", "a": ask("strange")}, "a>s")
    outer = plan_of(flow_of({"a": ask("free")}, ""), registry())
    outer.steps[0].inner = plan_of(inner, registry())
    found = forecast(outer, lambda model: FACTS[model])
    assert found.hosts == ("api.example.com", "models.example")
    assert found.cost is None


def test_what_no_line_leads_to_and_what_is_pinned_reaches_nothing() -> None:
    flow = flow_of({"a": ("pick", {}, {"pinned": {"yes": "y"}}), "s": "send"}, "a.no>s")
    assert told(flow).hosts == ()


@pytest.mark.parametrize(
    ("budget", "model", "stops"),
    [
        (Budget(), "default", None),
        (Budget(money=0.2), "default", 0.2),
        (Budget(tokens=100), "default", 0.1),
        (Budget(money=0.2), "strange", None),
    ],
)
def test_near_what_amount_a_limit_stops_it(budget: Budget, model: str, stops: float | None) -> None:
    found = told(flow_of({"a": ask(model)}, "", budget=budget))
    assert found.stops == pytest.approx(stops)
    assert found.unpriced == (("own/model",) if model == "strange" else ())


@pytest.mark.parametrize("count", [100, 900])
def test_a_flow_of_many_choices_is_told_in_no_time(count: int) -> None:
    nodes = {"n0": "ask"} | {f"p{n}": "pick" for n in range(count)} | {"z": "ask"}
    edges = "n0>p0 " + " ".join(f"p{n}.yes>p{n + 1} p{n}.no>p{n + 1}" for n in range(count - 1))
    last = f" p{count - 1}.yes>z p{count - 1}.no>z"
    began = time.perf_counter()
    assert told(flow_of(nodes, edges + last)).most == 2
    assert time.perf_counter() - began < 60


class Fakes:
    """Models that count, sometimes fail, and call tools as they like."""

    def __init__(self, dice: Random, failing: float) -> None:
        self.dice, self.failing, self.count = dice, failing, 0

    async def reply(self, request: ModelRequest, on_text: Any) -> ModelReply:
        self.count += 1
        if self.dice.random() < self.failing:
            raise NodeError("Not now.")
        if request.tools and self.dice.random() < 0.7:
            calls = tuple(
                ToolCall(id=str(n), name=request.tools[0].name, arguments={})
                for n in range(self.dice.randint(1, 3))
            )
            return ModelReply(tool_calls=calls)
        return ModelReply(text="said")


@st.composite
def flows(draw: Any) -> Flow:
    """A graph that is mostly a chain, with choices, joins, agents, and lines that lead back."""
    kinds = draw(st.lists(st.sampled_from(["ask", "ask", "pick", "pick", "both", "agent"]), min_size=2, max_size=9))
    nodes: dict[str, Any] = {"n0": "ask"}
    edges, outs = [], ["n0.value"]
    for number, kind_id in enumerate(kinds, 1):
        name = f"n{number}"
        more = st.lists(st.sampled_from(outs), min_size=kind_id == "both", max_size=2)
        sources = [outs[-1], *draw(more)]
        inputs = {"both": ["left", "right"], "agent": ["message"]}.get(kind_id, ["value"])
        edges += [f"{source}>{name}.{inputs[at % len(inputs)]}" for at, source in enumerate(sources)]
        nodes[name] = (kind_id, {"step_limit": 2} if kind_id == "agent" else {}, draw(node_settings(kind_id)))
        if kind_id == "agent":
            nodes[f"t{number}"] = "calculator"
            edges.append(f"t{number}.tool>{name}.tools")
        outs += {"pick": [f"{name}.no", f"{name}.yes"], "agent": [f"{name}.answer"]}.get(kind_id, [f"{name}.value"])
    picks = [name for name, what in nodes.items() if what[0] == "pick"]
    for name in draw(st.lists(st.sampled_from(picks), max_size=3)) if picks else ():
        back = draw(st.integers(1, int(name[1:])))
        if nodes[f"n{back}"][0] in ("ask", "pick"):
            edges.append(f"{name}.{draw(st.sampled_from(['yes', 'no']))}>n{back}.value")
    nodes["z"] = "answer"
    edges += [f"{outs[-1]}>z.value", "n0.value>z.value"]
    return flow_of(nodes, " ".join(dict.fromkeys(edges)))


def node_settings(kind_id: str) -> Any:
    ports = {"pick": "yes", "agent": "answer"}
    wrong = st.sampled_from(["stop", "stop", "stop", "value", "port"])
    return st.fixed_dictionaries(
        {
            "rounds": st.integers(1, 3),
            "retries": st.integers(0, 2),
            "retry_wait": st.just(0),
            "on_error": wrong,
            "fallback": st.just({ports.get(kind_id, "value"): "instead"}),
        }
    )


@settings(deadline=None, max_examples=300)
@given(flows(), st.randoms(use_true_random=False), st.sampled_from([0.0, 0.0, 0.3]))
def test_no_run_leaves_its_bounds(flow: Flow, dice: Random, failing: float) -> None:
    assume(not blocking(find_problems(flow, registry())))
    bounds = told(flow)
    models = Fakes(dice, failing)
    services = Services(models, None, None, dice)  # type: ignore[arg-type]
    events: list[Any] = []
    asyncio.run(execute(plan_of(flow, registry()), Turn("hi"), services, events.append, "r"))
    assert models.count <= bounds.most
    if view_of(events).state == "finished":
        assert bounds.least <= models.count
