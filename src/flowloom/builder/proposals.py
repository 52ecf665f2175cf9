"""The small language in which changes of a GPT are proposed, read from whatever a model sends."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from flowloom.configuration.abilities import AbilityName
from flowloom.errors import FlowEditError
from flowloom.flow.model import Frozen

MOST_STEPS, LONGEST = 40, 150_000
"""Steps of a proposal, and characters of all of it."""
DEEPEST = 20

Name = Annotated[str, Field(min_length=1, max_length=120)]
End = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}\.[^.\s]{1,80}$")]


class AddBlock(Frozen):
    op: Literal["add"]
    kind: Name
    block: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    name: str = Field("", max_length=120)
    config: dict[str, Any] = Field({})


class ConnectBlocks(Frozen):
    op: Literal["connect"]
    from_: End = Field(alias="from")
    to: End


class ConfigureBlock(Frozen):
    """Some settings of a block; the others stay."""

    op: Literal["configure"]
    block: Name
    config: dict[str, Any]


class RenameBlock(Frozen):
    """A block, or the GPT itself where none is named."""

    op: Literal["rename"]
    block: str = ""
    name: Name


class RemoveBlock(Frozen):
    op: Literal["remove"]
    block: Name


class SetInstructions(Frozen):
    op: Literal["instructions"]
    text: str = Field(max_length=100_000)


class SetDescription(Frozen):
    op: Literal["description"]
    text: str = Field(max_length=4_000)


class SetPicture(Frozen):
    """A Material icon by its name, or an emoji."""

    op: Literal["picture"]
    text: str = Field(min_length=1, max_length=40)


class SetStarters(Frozen):
    op: Literal["starters"]
    texts: tuple[Annotated[str, Field(min_length=1, max_length=500)], ...] = Field((), max_length=12)


class AddStarter(Frozen):
    op: Literal["starter"]
    text: str = Field(min_length=1, max_length=500)


class SetAbility(Frozen):
    op: Literal["ability"]
    ability: AbilityName
    on: bool = True


class UseKnowledge(Frozen):
    op: Literal["knowledge"]
    on: bool = True


class SetModel(Frozen):
    op: Literal["model"]
    model: Literal["default", "fast", "careful"]


class SetFallback(Frozen):
    op: Literal["fallback"]
    who: Literal["nobody", "text", "person"]
    text: str = Field("", max_length=5_000)


Step = (
    AddBlock
    | ConnectBlocks
    | ConfigureBlock
    | RenameBlock
    | RemoveBlock
    | SetInstructions
    | SetDescription
    | SetPicture
    | SetStarters
    | AddStarter
    | SetAbility
    | UseKnowledge
    | SetModel
    | SetFallback
)
STEP: TypeAdapter[Step] = TypeAdapter(Annotated[Step, Field(discriminator="op")])
OPS = (
    "add connect configure rename remove instructions description picture starters starter ability knowledge"
).split()
OPS += ["model", "fallback"]


def read_steps(raw: object) -> list[Step]:
    """The steps of a proposal. Raises FlowEditError, naming the step, for what is none, too much or too long."""
    if not isinstance(raw, list) or len(raw) > MOST_STEPS:
        raise FlowEditError(
            "A proposal can have up to {most} steps.", "Ask for fewer changes at a time.", most=MOST_STEPS
        )
    if _depth(raw) > DEEPEST:
        raise FlowEditError("The proposal is nested too deeply.", "Say it in other words.")
    size = len(json.dumps(raw, default=str))
    if size > LONGEST:
        raise FlowEditError(
            "The proposal is {size} characters long; {most} are possible.",
            "Ask for shorter texts, or add long ones as knowledge.",
            size=size,
            most=LONGEST,
        )
    return [_step(number, each) for number, each in enumerate(raw, 1)]


def _depth(value: object, known: int = 0) -> int:
    """How deep lists and objects stand in each other, as far as that matters."""
    inner = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
    return max([known, *(_depth(each, known + 1) for each in inner)]) if known <= DEEPEST else known


def _tidied(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Without what models fill in where a step has no use for it, and with settings that came as text read."""
    given = {name: value for name, value in raw.items() if value not in ("", None, [], {})}
    if isinstance(given.get("config"), str):
        try:
            config = json.loads(given["config"])
        except (ValueError, RecursionError):
            config = None
        given["config"] = config if _depth(config) <= DEEPEST else None
    return given


def _step(number: int, raw: object) -> Step:
    try:
        return STEP.validate_python(_tidied(raw) if isinstance(raw, Mapping) else raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"][1:])) or "op"
        raise FlowEditError(
            "Step {number} of the proposal can’t be read, at “{place}”: {reason}.",
            "Say it in other words, or change it in Configure.",
            number=number,
            place=place,
            reason=first["msg"],
        ) from None
