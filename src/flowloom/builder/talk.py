"""What is said while a GPT is built by talking, and what came of it."""

import hashlib
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from flowloom.builder.trying import to_try
from flowloom.differences import differences
from flowloom.errors import Problem
from flowloom.flow.diff import diff
from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow


class Turn(BaseModel):
    """What was said; for the builder's turns also what changed, and the digest of the flow after it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: Literal["user", "assistant"]
    text: str
    changes: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    """The blocks that came or changed, as long as others are left to tell them from."""
    after: str = ""
    tries: tuple[str, ...] = ()
    problem: Problem | None = None


def turn_of_change(text: str, before: Flow, after: Flow, tries: Sequence[str], language: str) -> Turn:
    """The builder's turn for a change that was made: told in words of a language, with messages to try."""
    return Turn(
        role="assistant",
        text=text,
        changes=tuple(differences(before, after, language)),
        blocks=_touched(before, after),
        after=digest_of(after),
        tries=tuple(tries or to_try(after, after.language, before)),
    )


def _touched(before: Flow, after: Flow) -> tuple[str, ...]:
    changed = diff(before, after).nodes
    found = tuple(node.id for node in after.nodes if node.id in changed)
    return found if len(found) < len(after.nodes) else ()


def read_turn(kept: str) -> Turn | None:
    """A turn as it was kept; None for one of a Flowloom that said it otherwise."""
    try:
        return Turn.model_validate_json(kept)
    except ValidationError:
        return None


def digest_of(flow: Flow) -> str:
    return hashlib.sha256(write_flow(flow).encode()).hexdigest()
