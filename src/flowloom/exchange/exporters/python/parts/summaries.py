"""Summaries of texts of any length."""

from collections.abc import Sequence

from flowloom.exchange.exporters.python.parts.conversation import conversation
from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.models import ask
from flowloom.nodes.models.pieces import pieces_of

PIECE = 12_000
TOGETHER = 8
PART = PIECE // TOGETHER
OF_PART = "It is part {number} of {count} of a longer text; its summary will be joined with those of the others."
OF_PARTS = "What follows are the summaries of its parts, in order: make one summary of them."


def summary_of(
    text: str, task: Sequence[str], part_task: Sequence[str], most: int, *, model: str = "default"
) -> str:
    """The summary of a text: its parts first, then what was said of them. A task is what to do, and more of it."""
    if not text.strip():
        raise NodeError("The text to summarise is missing.")
    parts = pieces_of(text.strip(), PIECE)
    if len(parts) > most:
        raise NodeError("The text is too long for {most} parts.", most=most)
    note = ""
    if len(parts) > 1:
        notes = [OF_PART.format(number=number, count=len(parts)) for number in range(1, len(parts) + 1)]
        parts = [summed_up(part, part_task, note, model) for part, note in zip(parts, notes, strict=True)]
        note = OF_PARTS
    while len(parts) > TOGETHER:
        groups = [
            "\n\n".join(each[:PART] for each in parts[at : at + TOGETHER]) for at in range(0, len(parts), TOGETHER)
        ]
        parts = [summed_up(group, part_task, OF_PARTS, model) for group in groups]
    whole = "\n\n".join(part[:PART] for part in parts) if note else parts[0]
    return summed_up(whole, task, note, model)


def summed_up(text: str, task: Sequence[str], note: str, model: str) -> str:
    told = "\n\n".join(part for part in (task[0], note, *task[1:]) if part.strip())
    return ask(conversation(told, text), model).strip()
