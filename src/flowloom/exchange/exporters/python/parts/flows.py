"""Flows within a block."""

import json
from typing import Any

from langchain_core.runnables.config import ContextThreadPoolExecutor

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.lines import NOTHING
from flowloom.exchange.exporters.python.parts.values import readable

STEPS = 10_000
"""How many steps of the graph one run may take."""


def inside(graph: Any, given: dict[str, Any], leaves: list[tuple[str, str]]) -> dict[str, Any]:
    """What a flow within a block gives; several answers at one output are one text."""
    return left(graph.invoke(begun(given), {"recursion_limit": STEPS}), leaves)


def begun(given: dict[str, Any]) -> dict[str, Any]:
    """The state in which a flow within a block starts; what did not arrive is left out."""
    arrived = {name: value for name, value in given.items() if value is not NOTHING}
    return {"message": "", "history": [], "files": [], "given": arrived, "values": {}}


def left(state: dict[str, Any], leaves: list[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for block, output in leaves:
        values = state["values"].get(block)
        if values:
            value = next(iter(values.values()))
            found[output] = f"{readable(found[output])}\n\n{readable(value)}" if output in found else value
    return found


def for_each(
    graph: Any, items: list[Any], listed: str, shared: dict[str, Any], leaves: list[tuple[str, str]], at_once: int
) -> list[Any]:
    """What a flow gives for each item, in their order; an error stands in the place of what failed."""

    def one(item: Any) -> dict[str, Any] | Exception:
        try:
            return inside(graph, {**shared, listed: item}, leaves)
        except Exception as error:
            return error

    # LangGraph's own limit also holds within each run, where blocks would wait for the models they ask.
    with ContextThreadPoolExecutor(max_workers=at_once) as pool:
        return list(pool.map(one, items))


def items_of(value: Any) -> list[Any]:
    """The items of a list, of a text that holds one as JSON, or the lines of any other text."""
    if isinstance(value, str):
        try:
            found = json.loads(value)
        except ValueError:
            found = None
        value = found if isinstance(found, list) else [line.strip() for line in value.splitlines() if line.strip()]
    if not isinstance(value, list | tuple):
        raise NodeError("The input isn’t a list.")
    return list(value)
