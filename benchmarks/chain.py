"""What a node of a chain of 1,000 costs with its log on disk, beside LangGraph with its SQLite saver.

Each run is a process of its own, in turns. `python -m benchmarks.chain --beside PATH` measures another checkout of
Flowloom in the same turns, and prints the ratios.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.start import HERE, inside

LENGTH = 1_000
RUNS = 5
"""Runs in one process, of which the median counts, after one that does not."""
TURNS = 5
PEER = Path(".bench/bin/python")
Took = tuple[float, float]
"""µs a node on the clock, and of the processors."""


def chain() -> dict[str, Any]:
    """Each node adds a full stop to the text of the one before it."""
    names = [f"p{number}" for number in range(LENGTH)]
    nodes = [{"id": name, "kind": "prompt", "config": {"template": "{{x}}."}} for name in names]
    edges = [{"from": f"{one}.prompt", "to": f"{other}.x"} for one, other in pairwise(names)]
    ends = [{"from": "m.message", "to": f"{names[0]}.x"}, {"from": f"{names[-1]}.prompt", "to": "z.text"}]
    return {
        "nodes": [{"id": "m", "kind": "chat.message"}, *nodes, {"id": "z", "kind": "chat.answer"}],
        "edges": [*edges, *ends],
        "budget": {"steps": None, "seconds": None},
    }


def measure(run: Callable[[], None]) -> Took:
    """The median of runs in this process; what prints it is read by whoever started it."""
    run()
    took = []
    for _ in range(RUNS):
        before, started = time.process_time(), time.perf_counter()
        run()
        took.append((time.perf_counter() - started, time.process_time() - before))
    clock, processors = (statistics.median(side) / LENGTH * 1e6 for side in zip(*took, strict=True))
    return clock, processors


def flowloom_once() -> Took:
    from flowloom.flow.model import Flow
    from flowloom.workspace import open_workspace

    with tempfile.TemporaryDirectory() as folder:
        home = open_workspace(Path(folder))
        flow = home.flows.create(Flow.model_validate(chain()))
        conversation = home.runs.new_conversation(flow.id)

        def run() -> None:
            view = home.runner.finished(home.runner.start(flow, "x", conversation))
            assert view.text == "x" + "." * LENGTH, view.problem

        try:
            return measure(run)
        finally:
            home.close()


def in_process(command: list[str], environment: dict[str, str] | None = None) -> Took:
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=True)
    clock, processors = done.stdout.split()
    return float(clock), float(processors)


def flowloom(checkout: Path) -> Took:
    with tempfile.TemporaryDirectory() as home:
        return in_process([sys.executable, "-m", "benchmarks.chain", "--once"], inside(checkout, home))


def langgraph() -> Took:
    """LangGraph as it is installed in `.bench/`, which `make bench` sets up."""
    return in_process([str(PEER), "-m", "benchmarks.peers.langgraph_chain"])


def main() -> None:
    call = argparse.ArgumentParser(description=__doc__)
    call.add_argument("--beside", type=Path, metavar="PATH", help="another checkout of Flowloom")
    call.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    given = call.parse_args()
    if given.once:
        print(*flowloom_once())
        return
    sides: dict[str, Callable[[], Took]] = {"Flowloom": lambda: flowloom(HERE)}
    if given.beside:
        other = given.beside.resolve()
        sides[f"Flowloom, {other.name}"] = lambda: flowloom(other)
    if PEER.exists():
        sides['LangGraph, SQLite saver, `durability="sync"`'] = langgraph
    turns = [{name: once() for name, once in sides.items()} for _ in range(1 + TURNS)][1:]
    print(f"| a chain of {LENGTH:,}, its log on disk | µs a node | of processor time | Flowloom’s share | of it |")
    print("|---|---|---|---|---|")
    for name in sides:
        clock, processors = (statistics.median(turn[name][side] for turn in turns) for side in (0, 1))
        shares = [statistics.median(t["Flowloom"][side] / t[name][side] for t in turns) for side in (0, 1)]
        print(f"| {name} | {clock:.0f} | {processors:.0f} | {shares[0]:.2f} | {shares[1]:.2f} |")


if __name__ == "__main__":
    main()
