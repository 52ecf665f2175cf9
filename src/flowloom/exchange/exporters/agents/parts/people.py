"""Questions to a person: the program asks and waits."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

PASSES_ON: tuple[type[Exception], ...] = ()
"""What is no failure of a block."""
ASK: ContextVar[Callable[[dict[str, Any]], dict[str, Any]]] = ContextVar("who is asked")


def ask_person(question: dict[str, Any]) -> dict[str, Any]:
    """What a person answers."""
    return ASK.get()(question)
