"""A conversation in the terminal."""

from collections.abc import Callable, Sequence
from typing import Any

from flowloom.exchange.exporters.agents.parts.people import ASK
from flowloom.exchange.exporters.python.parts.terminal import ask_in_terminal


def respond(
    flow: Any,
    message: str,
    history: Sequence[dict[str, Any]] = (),
    files: Sequence[dict[str, Any]] = (),
    ask_person: Callable[[dict[str, Any]], dict[str, Any]] = ask_in_terminal,
) -> str:
    """The answer to a message after what was said before, each `{"role": "user", "text": "…"}`.

    Questions to a person go to `ask_person`.
    """
    ASK.set(ask_person)
    state = flow().invoke({"message": message, "history": list(history), "files": list(files), "values": {}})
    return "\n\n".join(text for text in state["answers"].values() if text)
