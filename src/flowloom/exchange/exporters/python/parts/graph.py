"""A graph of LangGraph in which a block waits for all that leads to it, and is skipped where nothing comes."""

from functools import partial
from operator import or_
from typing import Annotated, Any, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.types import Command

from flowloom.exchange.exporters.python.parts.lines import Connected, Loop


def in_order(before: dict[str, str], now: dict[str, str]) -> dict[str, str]:
    """Answers by the block that gave them, the latest last."""
    return {name: text for name, text in before.items() if name not in now} | now


class State(TypedDict, total=False):
    """What a run knows: the message, what was said before, and what each block gave, by its name and output."""

    message: str
    history: list[dict[str, Any]]
    files: list[dict[str, Any]]
    given: dict[str, Any]
    values: Annotated[dict[str, dict[str, Any]], or_]
    answers: Annotated[dict[str, str], in_order]
    rounds: Annotated[dict[str, int], or_]


class Blocks(Connected):
    """The blocks of a flow as a graph of LangGraph."""

    def compile(self, checkpointer: Any = None) -> Any:
        """The graph, ready to run."""
        graph: Any = StateGraph(State)
        for block in self.blocks.values():
            graph.add_node(block.name, partial(self.step, block))
        for loop in self.loops:
            graph.add_node(loop.end, lambda state: {})
            turn, ways = partial(self.turn, loop), (loop.entry, loop.end)
            graph.add_node(f"{loop.entry} again?", turn, destinations=ways)
        for loop in self.loops:
            wait(graph, f"{loop.entry} again?", self.parts_of(loop))
        for block in self.blocks.values():
            wait(graph, block.name, self.waits_of(block))
        return graph.compile(checkpointer=checkpointer)

    def turn(self, loop: Loop, state: State) -> Any:
        """Go round again, or on, once all in a loop have run."""
        number = self.next_round(loop, state)
        goto = loop.entry if number else loop.end
        return Command(goto=goto, update={"rounds": {loop.entry: number or 1}})


def wait(graph: Any, name: str, sources: set[str]) -> None:
    if len(sources) > 1:
        graph.add_edge(sorted(sources), name)
    else:
        graph.add_edge(next(iter(sources), START), name)
