"""Texts with values as a prompt of Langflow writes them."""

from flowloom.exchange.exporters.langflow.board import Board
from flowloom.nodes.templates import find_placeholders
from flowloom.run.planning.plan import Step

TAKEN = ("template", "after", "code")
"""Fields that a prompt of Langflow has besides its values."""


def prompt(board: Board, step: Step, text: str) -> str:
    """A prompt of Langflow: `{name}` for each value, braces of the text doubled."""
    pieces, names, done = list[str](), dict[str, str](), 0
    for place in find_placeholders(text):
        fits = place.name.isascii() and place.name.isidentifier() and place.name not in TAKEN
        name = names.setdefault(place.name, place.name if fits else f"value_{len(names) + 1}")
        pieces += [doubled(text[done : place.start]), f"{{{name}}}"]
        done = place.end
    written = "".join([*pieces, doubled(text[done:])])
    found = {port: board.value(step, port) for port in names if port in step.inputs}
    id = board.add(step, "Prompt", template=written, **dict.fromkeys(names.values(), ""))
    for port, source in found.items():
        if source:
            board.line(source, id, names[port])
    return id


def doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
