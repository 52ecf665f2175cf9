"""The same chains and layers in Haystack and PocketFlow; prints microseconds a node as JSON. Runs in `.bench/`."""

import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable

RUNS = 5

Pairs = list[tuple[str, str]]


def haystack(names: list[str], pairs: Pairs) -> Callable[[], None]:
    from haystack import Pipeline, component

    @component
    class Say:
        @component.output_types(text=str)
        def run(self, text: str) -> dict[str, str]:
            return {"text": f"{text}."}

    pipeline = Pipeline(max_runs_per_component=2)
    for name in names:
        pipeline.add_component(name, Say())
    for source, target in pairs:
        pipeline.connect(f"{source}.text", f"{target}.text")
    targets = {target for _, target in pairs}
    data = {name: {"text": "x"} for name in names if name not in targets}
    return lambda: pipeline.run(data)


def pocketflow(names: list[str], pairs: Pairs) -> Callable[[], None]:
    from pocketflow import Flow, Node

    class Say(Node):  # type: ignore[misc]
        def prep(self, shared: dict[str, str]) -> str:
            return shared["text"]

        def exec(self, text: str) -> str:
            return f"{text}."

        def post(self, shared: dict[str, str], _: str, text: str) -> None:
            shared["text"] = text

    # It follows one successor at a time, so a layered graph is walked as a chain of its nodes.
    nodes = [Say() for _ in names]
    for before, after in itertools.pairwise(nodes):
        before >> after
    flow = Flow(start=nodes[0])
    return lambda: flow.run({"text": "x"})


def seconds(run: Callable[[], None]) -> float:
    run()
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    shapes = json.load(sys.stdin)
    found = {
        peer.__name__: {
            title: seconds(peer(names, [(a, b) for a, b in pairs])) / len(names) * 1e6
            for title, (names, pairs) in shapes.items()
        }
        for peer in (haystack, pocketflow)
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
