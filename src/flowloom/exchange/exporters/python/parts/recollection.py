"""A running summary of what was said before the last turns."""

from collections.abc import Sequence
from typing import Any

from flowloom.exchange.exporters.python.parts.conversation import recent
from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.models import ask
from flowloom.nodes.models.recollection import BEFORE, FRESH, LONGEST, LONGEST_MESSAGE, TASK

SUMMARY: dict[str, Any] = {"covered": 0, "text": ""}
"""What is summed up so far: how many messages, and their summary."""


def recollect(history: Sequence[dict[str, Any]], turns: int) -> tuple[str, list[dict[str, Any]]]:
    """The summary as more instructions, "" for none, and the messages that are sent as they were said."""
    every = [each for each in history if each["role"] in ("user", "assistant") and each["text"].strip()]
    window = every[-2 * turns :] if turns else []
    older = every[: len(every) - len(window)]
    if SUMMARY["covered"] > len(older):
        SUMMARY.update(covered=0, text="")
    fresh = older[SUMMARY["covered"] :]
    if len(fresh) >= FRESH:
        try:
            SUMMARY.update(text=extended(SUMMARY["text"], fresh), covered=len(older))
            fresh = []
        except NodeError:
            fresh = []
    told = f"\n\n{BEFORE}\n\n{SUMMARY['text']}" if SUMMARY["text"] else ""
    return told, recent([*fresh, *window], len(every))


def extended(summary: str, fresh: Sequence[dict[str, Any]]) -> str:
    """The summary with what was said since."""
    spoke = {"user": "Person", "assistant": "Assistant"}
    lines = "\n".join(f"{spoke[each['role']]}: {each['text'][:LONGEST_MESSAGE]}" for each in fresh)[-LONGEST:]
    prompt = f"Summary so far:\n{summary or '(none yet)'}\n\nSaid since then:\n{lines}"
    text = ask([{"role": "system", "content": TASK}, {"role": "user", "content": prompt}], "fast")
    if not text.strip():
        raise NodeError("The model returned nothing.")
    return text.strip()
