"""Whatever order nodes finish in, a flow gives the same: a thousand orders, each from its seed."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import pytest

from flowloom.flow.model import Flow
from flowloom.kinds.context import Turn
from flowloom.kinds.kind import NodeKind
from flowloom.kinds.people import Reply
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import Services
from flowloom.run.events import PASSING, NodeFinished, RunEvent
from flowloom.run.execution.executor import execute
from flowloom.run.planning.plan import plan_of
from tests.run.kinds_for_tests import Config, Inputs, Out, kind, registry
from tests.run.test_asking import SHAPES, Persons, Shelf
from tests.run.test_executor import flow_of
from tests.run.test_sub_flows import flow, within

SEEDS = 1_000


class Gate:
    """Lets one of those who wait go on at a time, chosen by the seed."""

    def __init__(self, seed: int) -> None:
        self._random, self._waiting = random.Random(seed), list[asyncio.Future[None]]()

    async def wait(self) -> None:
        self._waiting.append(asyncio.get_running_loop().create_future())
        await self._waiting[-1]

    async def let_go(self) -> None:
        while True:
            # Long enough for all that can come to the gate to stand before it.
            for _ in range(10):
                await asyncio.sleep(0)
            if self._waiting:
                self._waiting.pop(self._random.randrange(len(self._waiting))).set_result(None)


def kinds(gate: Gate) -> Mapping[str, NodeKind]:
    async def late(config: Config, inputs: Inputs, ctx: Any) -> Out:
        await gate.wait()
        return Out(value=f"{inputs.value or ''}{config.word}")

    def ask(config: Config, inputs: Inputs, ctx: Any) -> Out:
        from flowloom.kinds.people import Question

        return Out(value=f"{inputs.value}:{ctx.ask(Question(title='?')).choice}")

    ours = {"say": kind("say", late), "late": kind("late", late, Inputs), "slow": kind("slow", late, Inputs)}
    return {**all_kinds(), **registry(), **ours, "ask": kind("ask", ask)}


LATE = flow(
    {"i": ("flow.input", {"name": "value"}), "l": ("late", {"word": "!"}), "o": "flow.output"},
    "i.value>l.value l.value>o.value",
)
WIDE = {f"s{number}": ("late", {"word": str(number)}) for number in range(5)}
FLOWS: dict[str, Flow] = {
    "wide": flow_of(
        {"a": "start", **WIDE, "g": "gather", "z": "answer"},
        " ".join(f"a>{name} {name}>g.values" for name in WIDE) + " g>z",
    ),
    "diamonds": flow_of(
        {
            "a": "start",
            "b": "late",
            "c": ("late", {"word": "c"}),
            "p": "pair",
            "d": "late",
            "q": "pair",
            "z": "answer",
        },
        "a>b a>c b>p.left c>p.right p>d d>q.left c>q.right q>z",
    ),
    "fork": flow_of(
        {"a": "start", "f": "fork", "y": "late", "n": "late", "l": "late", "g": "gather", "z": "answer"},
        "a>f f.yes>y f.no>n y>g.values n>g.values a>l l>g.values g>z",
    ),
    "loop": flow_of(
        {
            "a": "start",
            "b": ("late", {"word": "."}),
            "c": ("late", {"word": "-"}),
            "g": "gather",
            "u": ("until", {"times": 12}),
            "z": "answer",
        },
        "a>b b>c b>g.values c>g.values g>u u.no>b u.yes>z",
    ),
    "asking": SHAPES["two at once"][0],
    "for each": flow(
        {"m": "chat.message", "b": ("flow.each", within(LATE, at_once=3)), "z": "chat.answer"},
        "m.message>b.value b.result>z.text",
    ),
}


async def finished(made: Flow, seed: int) -> list[tuple[str, str, int, str]]:
    """All that ended, by its place, and what it gave."""
    gate, people, events = Gate(seed), Persons(), list[RunEvent]()
    services = Services(None, Shelf(), None, None, people=people)  # type: ignore[arg-type]
    opener = asyncio.create_task(gate.let_go())
    plan = plan_of(made, kinds(gate))
    for _ in range(3):
        past = tuple(events)
        emit = lambda event: None if isinstance(event, PASSING) else events.append(event)  # noqa: E731
        await execute(plan, Turn("one\ntwo\nthree\nfour"), services, emit, "r", past)
        if events[-1].type != "run_paused":
            break
        people.answer_all(Reply(choice="yes"))
    opener.cancel()
    assert events[-1].type == "run_finished"
    ended = [event for event in events if isinstance(event, NodeFinished)]
    return sorted((event.call, event.node, event.round, str(dict(event.outputs))) for event in ended)


@pytest.mark.parametrize("name", FLOWS)
def test_the_order_in_which_nodes_finish_changes_nothing(name: str) -> None:
    async def all_seeds() -> None:
        expected = await finished(FLOWS[name], 0)
        for seed in range(1, SEEDS // len(FLOWS) + 2):
            assert await finished(FLOWS[name], seed) == expected, seed

    asyncio.run(all_seeds())
