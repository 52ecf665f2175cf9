"""Where an execution stands in its run: at the top, or within a node."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flowloom.run.events import Place


@dataclass(frozen=True, slots=True)
class Scope:
    """`call` is what its events happen within, made by its `owner`; `prefix` goes before the names of its nodes."""

    owner: Place | None = None
    call: str = ""
    prefix: str = ""
    given: Mapping[str, Any] | None = None
    """What came into the node it is within; None at the top."""
    say: Callable[[str, str], None] | None = None
    """`say(port, piece)`: show a piece of a text on its way out."""


TOP = Scope()


TOOL, ITEM = ".", "#"


def call_within(place: Place, sign: str, number: int, attempt: int) -> str:
    """The name of a call made by a node at work; another round or attempt is another call."""
    call, node, round = place
    name = f"{node.rpartition('/')[2]}{sign}{number}"
    if round > 1 or attempt:
        name += f".{round}.{attempt}"
    return f"{call}/{name}" if call else name
