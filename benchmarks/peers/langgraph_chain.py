"""A chain of 1,000 nodes by LangGraph, each step in SQLite before the next begins; prints what a node took."""

import tempfile
from itertools import count, pairwise
from pathlib import Path
from typing import TypedDict

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph

from benchmarks.chain import LENGTH, measure


class State(TypedDict):
    x: str


def main() -> None:
    graph = StateGraph(State)
    names = [f"n{number}" for number in range(LENGTH)]
    for name in names:
        graph.add_node(name, lambda state: {"x": f"{state['x']}."})
    for one, other in pairwise([START, *names, END]):
        graph.add_edge(one, other)
    threads = count()
    with (
        tempfile.TemporaryDirectory() as folder,
        SqliteSaver.from_conn_string(str(Path(folder) / "runs.db")) as kept,
    ):
        compiled = graph.compile(checkpointer=kept)

        def run() -> None:
            config = {"configurable": {"thread_id": str(next(threads))}, "recursion_limit": 2 * LENGTH}
            found = compiled.invoke({"x": "x"}, config, durability="sync")
            assert found["x"] == "x" + "." * LENGTH

        print(*measure(run))


if __name__ == "__main__":
    main()
