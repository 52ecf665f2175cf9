"""What the agents and tools of a program may be given, as far as it is written out."""

import ast
from collections.abc import Iterator
from typing import Any

from flowloom.exchange.importers.agentbuilder.definitions import called, defined_in, entries
from flowloom.exchange.importers.agentbuilder.syntax import parse_program, program_in
from flowloom.exchange.importers.values import Agent, Tool
from flowloom.exchange.shapes import Shape
from flowloom.exchange.source import Source

SHAPE = Shape.of(
    marks="instructions model tools model_settings",
    sealed="metadata user_location",
    groups="model_settings tool_config",
    lists="tools handoffs input_guardrails output_guardrails vector_store_ids",
    texts="""description handoff_description instructions model name name_override server_description server_label
        server_url type""",
    numbers="frequency_penalty max_num_results max_tokens presence_penalty temperature top_p",
)


def documents(source: Source) -> list[Any]:
    """The agents and tools of a program with what they are given; what is worked out is left out."""
    if not program_in(source):
        return []
    return [list(_definitions(parse_program(source)))]


def _definitions(tree: ast.Module) -> Iterator[dict[str, Any]]:
    for name, thing in defined_in(tree.body).items():
        if isinstance(thing, Agent | Tool):
            settings = {key: value for key, value in thing.settings.items() if not key.isdigit()}
            yield {"title": name, **_written(settings)}


def _written(settings: dict[str, ast.expr]) -> dict[str, Any]:
    found = {name: _value(node) for name, node in settings.items()}
    return {name: value for name, value in found.items() if value is not ...}


def _value(node: ast.expr) -> Any:
    """What is written out, `...` for what is worked out."""
    match node:
        case ast.Constant():
            return node.value
        case ast.List() | ast.Tuple() | ast.Set():
            return [_value(each) for each in node.elts]
        case ast.Dict():
            return _written(entries(node))
        case ast.Call() if called(node) == "ModelSettings":
            return _written(entries(node))
        case ast.UnaryOp(operand=ast.Constant()):
            return _value(node.operand)
    return ...
