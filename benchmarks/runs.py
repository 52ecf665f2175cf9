"""What a durable run costs: the log, taking up a long run, a list of 1,000 items, and memory over 2,000 runs."""

import asyncio
import json
import operator
import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, TypedDict

from tests.run.test_asking import Shelf
from tests.run.test_sub_flows import GREET, around, flow, listed, within

from benchmarks.engine import layers, median, ours
from flowloom.flow.model import Budget, Flow
from flowloom.kinds.context import Turn
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import Services
from flowloom.run.events import PASSING, RunEvent, RunFinished, event_json, read_event
from flowloom.run.execution.executor import execute
from flowloom.run.planning.plan import plan_of
from flowloom.workspace import Workspace, open_workspace

ITEMS = 1_000
RUNS = 2_000
NO_LIMIT = Budget(steps=None, seconds=None)
SERVICES = Services(None, Shelf(), None, None)  # type: ignore[arg-type]


def chain(length: int) -> Flow:
    nodes: dict[str, Any] = {"m": "chat.message"}
    nodes |= {f"p{number}": ("prompt", {"template": "{{x}}."}) for number in range(length)}
    names = [*nodes]
    lines = [f"m.message>{names[1]}.x", *(f"{a}.prompt>{b}.x" for a, b in pairwise(names[1:]))]
    return flow({**nodes, "z": "chat.answer"}, " ".join([*lines, f"{names[-1]}.prompt>z.text"]), budget=NO_LIMIT)


def log_table(home: Workspace) -> None:
    made = home.flows.create(chain(1_000))
    plain = asyncio.run(median(ours(*layers(1, 1_000)), 5))
    conversation = home.runs.new_conversation(made.id)

    def whole() -> float:
        started = time.perf_counter()
        view = home.runner.finished(home.runner.start(made, "x", conversation))
        assert view.state == "finished", view.problem
        return time.perf_counter() - started

    logged = sorted(whole() for _ in range(5))[2]
    print("\n| a chain of 1,000 | µs a node |\n|---|---|")
    print(f"| engine alone | {plain * 1e3:.0f} |\n| with its log on disk | {logged * 1e3:.0f} |")


def resume_table() -> None:
    """A run of 10,000 events of which all but the last few stand in the log."""
    made = listed(GREET, at_once=32).model_copy(update={"budget": NO_LIMIT})
    plan, turn = plan_of(made, all_kinds()), Turn(json.dumps({"items": [f"n{number}" for number in range(1_666)]}))
    events: list[RunEvent] = []
    asyncio.run(execute(plan, turn, SERVICES, events.append, "r"))
    events = [event for event in events if not isinstance(event, PASSING)]
    lines = [event_json(event) for event in events[:-10]]
    started = time.perf_counter()
    past = [read_event(line) for line in lines]
    read = time.perf_counter()
    later: list[RunEvent] = []
    asyncio.run(execute(plan, turn, SERVICES, later.append, "r", past))
    assert isinstance(later[-1], RunFinished)
    ended = time.perf_counter()
    print(f"\n| taking up a run of {len(events):,} events | ms |\n|---|---|")
    print(
        f"| reading its log | {(read - started) * 1e3:.0f} |\n| going on to the end | {(ended - read) * 1e3:.0f} |"
    )


def langgraph_map() -> Any:
    from langgraph.graph import END, START, StateGraph
    from langgraph.types import Send

    class State(TypedDict):
        items: list[str]
        results: Annotated[list[str], operator.add]

    class Item(TypedDict):
        who: str

    inner = StateGraph(TypedDict("Inner", {"who": str, "prompt": str, "result": str}))  # type: ignore[misc]
    inner.add_node("i", lambda state: {"who": state["who"]})
    inner.add_node("p", lambda state: {"prompt": f"Hello {state['who']}!"})
    inner.add_node("o", lambda state: {"result": state["prompt"]})
    for one, other in ((START, "i"), ("i", "p"), ("p", "o"), ("o", END)):
        inner.add_edge(one, other)
    compiled = inner.compile()

    async def one(item: Item) -> dict[str, list[str]]:
        return {"results": [(await compiled.ainvoke({"who": item["who"]}))["result"]]}

    graph = StateGraph(State)
    graph.add_node("each", one)
    graph.add_conditional_edges(
        START, lambda state: [Send("each", {"who": item}) for item in state["items"]], ["each"]
    )
    graph.add_edge("each", END)
    return graph.compile()


async def each_table() -> None:
    names = [f"n{number}" for number in range(ITEMS)]
    made = listed(GREET, at_once=32).model_copy(update={"budget": NO_LIMIT})
    plan, message = plan_of(made, all_kinds()), json.dumps({"items": names})
    theirs = langgraph_map()

    async def mine() -> None:
        events: list[RunEvent] = []
        await execute(plan, Turn(message), SERVICES, events.append, "r")
        assert isinstance(events[-1], RunFinished)

    async def other() -> None:
        found = await theirs.ainvoke({"items": names, "results": []}, {"max_concurrency": 32})
        assert found["results"] == [f"Hello {name}!" for name in names]

    ms, peer = await median(mine, 5) * 1e3, await median(other, 5) * 1e3
    print(f"\n| for each of {ITEMS:,} items, a flow of three nodes | ms |\n|---|---|")
    print(f"| Flowloom | {ms:.0f} |\n| LangGraph | {peer:.0f} |\n| Flowloom / LangGraph | {ms / peer:.2f} |")


def memory_table(home: Workspace) -> None:
    made = home.flows.create(around("flow.sub", within(GREET), "who", "result"))
    sizes = []
    for number in range(RUNS):
        home.runner.finished(home.runner.start(made, "x", home.runs.new_conversation(made.id)))
        if (number + 1) % (RUNS // 4) == 0:
            sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)
    print("| most memory by so many runs | MB |\n|---|---|")
    for part, size in enumerate(sizes, 1):
        print(f"| {RUNS // 4 * part:,} | {size:.0f} |")


def main() -> None:
    print(f"Python {sys.version.split()[0]}\n")
    home = open_workspace(Path(tempfile.mkdtemp()))
    try:
        # First, as what follows would hide how the peak grows.
        memory_table(home)
        log_table(home)
        resume_table()
        asyncio.run(each_table())
    finally:
        home.close()


if __name__ == "__main__":
    main()
