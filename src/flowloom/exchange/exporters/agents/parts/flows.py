"""Flows within a block."""

from typing import Any

from flowloom.exchange.exporters.python.parts.flows import begun, left


def for_each(
    graph: Any, items: list[Any], listed: str, shared: dict[str, Any], leaves: list[tuple[str, str]], at_once: int
) -> list[Any]:
    """What a flow gives for each item, in their order; an error stands in the place of what failed."""
    found: list[Any] = []
    for item in items:
        try:
            found.append(left(graph.invoke(begun({**shared, listed: item})), leaves))
        except Exception as error:
            found.append(error)
    return found
