"""What is said while a GPT is built by talking, and what came of it."""

import hashlib
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from flowloom.errors import Problem
from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow


class Turn(BaseModel):
    """What was said; for the builder's turns also what changed, and the digest of the flow after it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: Literal["user", "assistant"]
    text: str
    changes: tuple[str, ...] = ()
    after: str = ""
    tries: tuple[str, ...] = ()
    problem: Problem | None = None


def read_turn(kept: str) -> Turn | None:
    """A turn as it was kept; None for one of a Flowloom that said it otherwise."""
    try:
        return Turn.model_validate_json(kept)
    except ValidationError:
        return None


def digest_of(flow: Flow) -> str:
    return hashlib.sha256(write_flow(flow).encode()).hexdigest()
