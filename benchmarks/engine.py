"""Time per node of the executor and of its peers, and twenty model calls beside the same made directly."""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypedDict

from tests.openai_server import OpenAIServer

from flowloom.flow.model import Budget, Edge, Flow, Node
from flowloom.kinds.context import Turn
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import Services
from flowloom.kinds.values import Message, ModelRequest
from flowloom.run.events import RunFinished
from flowloom.run.execution.executor import execute
from flowloom.run.planning.plan import plan_of
from flowloom.services.models.router import ModelRouter
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.services.secrets import SecretStore

RUNS = 15
NO_SERVICES = Services(None, None, None, None)  # type: ignore[arg-type]


def layers(width: int, depth: int) -> tuple[list[str], list[tuple[str, str]]]:
    """A layered graph: each node of a layer follows one of the layer before."""
    names = [f"n{row}-{column}" for row in range(depth) for column in range(width)]
    return names, [
        (f"n{row - 1}-{column}", f"n{row}-{column}") for row in range(1, depth) for column in range(width)
    ]


def ours(names: list[str], pairs: list[tuple[str, str]]) -> Callable[[], Awaitable[None]]:
    targets = {target for _, target in pairs}
    nodes = [Node(id="start", kind="chat.message")]
    nodes += [Node(id=name, kind="prompt", config={"template": "{{message}}."}) for name in names]
    edges = [("start.message", f"{name}.message") for name in names if name not in targets]
    edges += [(f"{source}.prompt", f"{target}.message") for source, target in pairs]
    lines = tuple(Edge.model_validate({"from": source, "to": target}) for source, target in edges)
    plan = plan_of(Flow(nodes=tuple(nodes), edges=lines, budget=Budget(steps=None)), all_kinds())

    async def run() -> None:
        events: list[Any] = []
        await execute(plan, Turn("x"), NO_SERVICES, events.append, "run")
        assert isinstance(events[-1], RunFinished)

    return run


def langgraph(names: list[str], pairs: list[tuple[str, str]]) -> Callable[[], Awaitable[None]]:
    from langgraph.graph import END, START, StateGraph

    state = TypedDict("Status", {name: str for name in names}, total=False)  # type: ignore[misc]
    before = {target: source for source, target in pairs}
    graph = StateGraph(state)

    def node(name: str) -> Callable[[dict[str, str]], dict[str, str]]:
        source = before.get(name)
        return lambda values: {name: f"{values[source] if source else 'x'}."}

    for name in names:
        graph.add_node(f"do-{name}", node(name))
    for name in names:
        graph.add_edge(f"do-{before[name]}" if name in before else START, f"do-{name}")
    for name in set(names) - set(before.values()):
        graph.add_edge(f"do-{name}", END)
    compiled = graph.compile()

    async def run() -> None:
        await compiled.ainvoke({}, {"recursion_limit": 5_000})

    return run


async def median(run: Callable[[], Awaitable[Any]], runs: int = RUNS) -> float:
    """Seconds of the median run, after one that is not counted."""
    await run()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        await run()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


SHAPES = {"chain of 50": layers(1, 50), "layers, 1,000 nodes": layers(50, 20)}


async def engine_table() -> None:
    peers = await asyncio.to_thread(other_peers)
    names = ["Flowloom", "LangGraph", *(name.capitalize() for name in peers)]
    print(f"| µs a node | {' | '.join(names)} | Flowloom / LangGraph |\n|{'---|' * (len(names) + 2)}")
    for title, shape in SHAPES.items():
        count = len(shape[0])
        mine = await median(ours(*shape)) / count * 1e6
        theirs = await median(langgraph(*shape), 5) / count * 1e6
        figures = [mine, theirs, *(peer[title] for peer in peers.values())]
        print(f"| {title} | {' | '.join(f'{figure:.1f}' for figure in figures)} | {mine / theirs:.3f} |")


def other_peers() -> dict[str, dict[str, float]]:
    """What Haystack and PocketFlow need, measured in `.bench/`, which `make bench` sets up; {} without it."""
    python = Path(".bench/bin/python")
    if not python.exists():
        return {}
    script = [str(python), "benchmarks/peers/chains.py"]
    done = subprocess.run(script, input=json.dumps(SHAPES), capture_output=True, text=True, check=True)
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


async def calls_table(address: str) -> None:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key="none", base_url=address)
    secrets = SecretStore(Path(tempfile.mkdtemp()))
    secrets.set("bench", "sk-none")
    provider = Provider(id="p", kind="compatible", base_url=address, secret="bench")
    router = ModelRouter(ModelSettings(providers=(provider,), roles={"default": "p/m"}), secrets)
    question = "hello there"

    async def direct() -> None:
        stream = await client.chat.completions.create(
            model="m",
            messages=[{"role": "user", "content": question}],
            stream=True,
            stream_options={"include_usage": True},
        )
        async for _ in stream:
            pass

    async def routed() -> None:
        await router.reply(ModelRequest(messages=[Message(role="user", text=question)]), lambda piece: None)

    def twenty(call: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[Any]]:
        return lambda: asyncio.gather(*(call() for _ in range(20)))

    mine, plain = await median(twenty(routed)), await median(twenty(direct))
    print("\n| twenty model calls of 200 ms at once | ms |\n|---|---|")
    print(f"| openai SDK, directly | {plain * 1e3:.0f} |\n| Flowloom | {mine * 1e3:.0f} (× {mine / plain:.3f}) |")
    await router.aclose()
    await client.close()


def main() -> None:
    print(f"Python {sys.version.split()[0]}; median of {RUNS} runs\n")
    asyncio.run(engine_table())
    with OpenAIServer(delay=0.2) as server:
        asyncio.run(calls_table(server.url))


if __name__ == "__main__":
    main()
