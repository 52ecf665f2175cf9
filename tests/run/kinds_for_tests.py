"""Small kinds that exist only here, so that the executor is tested without naming a real one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict

from flowloom.errors import NodeError
from flowloom.kinds.kind import NodeKind
from flowloom.kinds.port import Many
from flowloom.kinds.values import Usage


class Inputs(BaseModel):
    value: str | None = None


class Needs(BaseModel):
    value: str


class Gathers(BaseModel):
    values: Annotated[list[str], Many()]


class Pair(BaseModel):
    left: str
    right: str


class Out(BaseModel):
    value: str | None = None


class Fork(BaseModel):
    model_config = ConfigDict(extra="forbid")
    yes: str | None = None
    no: str | None = None


class Config(BaseModel):
    word: str = ""
    yes: bool = True
    seconds: float = 0.0
    times: int = 0
    tokens: int = 0


def kind(
    id: str,
    function: Callable[..., BaseModel | Awaitable[BaseModel]],
    inputs: type[BaseModel] = Needs,
    outputs: type[BaseModel] = Out,
    **more: Any,
) -> NodeKind:
    return NodeKind(id, id, "", "data", "", Config, inputs, outputs, function, **more)


def _say(config: Config, inputs: Inputs, ctx: Any) -> Out:
    return Out(value=f"{inputs.value or ctx.turn.message}{config.word}")


async def _slow(config: Config, inputs: Inputs, ctx: Any) -> Out:
    await asyncio.sleep(config.seconds)
    return Out(value=f"{inputs.value or ''}{config.word}")


def _fork(config: Config, inputs: Needs, ctx: Any) -> Fork:
    return Fork(yes=inputs.value) if config.yes else Fork(no=inputs.value)


def _until(config: Config, inputs: Needs, ctx: Any) -> Fork:
    return Fork(yes=inputs.value) if len(inputs.value) >= config.times else Fork(no=inputs.value)


def _break(config: Config, inputs: Needs, ctx: Any) -> Out:
    raise NodeError("It broke on {value}.", "Mend it.", value=inputs.value)


def _crash(config: Config, inputs: Needs, ctx: Any) -> Out:
    raise RuntimeError("sk-" + "secret" * 5)


def flaky() -> NodeKind:
    failures: list[int] = []

    def fail_at_first(config: Config, inputs: Needs, ctx: Any) -> Out:
        if len(failures) < config.times:
            failures.append(1)
            raise NodeError("Not yet.")
        return Out(value="at last")

    return kind("flaky", fail_at_first)


async def _speak(config: Config, inputs: Inputs, ctx: Any) -> Out:
    for piece in ("one ", "two ", "three"):
        ctx.stream("value", piece)
        await asyncio.sleep(0)
    ctx.spend(Usage(model="m", input_tokens=config.tokens, output_tokens=0, cost=None))
    return Out(value="one two three")


def registry() -> Mapping[str, NodeKind]:
    kinds = [
        kind("start", _say, Inputs, starts=True),
        kind("say", _say),
        kind("slow", _slow, Inputs),
        kind("fork", _fork, outputs=Fork),
        kind("until", _until, outputs=Fork),
        kind("gather", lambda c, i, x: Out(value="+".join(i.values)), Gathers),
        kind("pair", lambda c, i, x: Out(value=f"({i.left},{i.right})"), Pair),
        kind("break", _break),
        kind("crash", _crash),
        flaky(),
        kind("speak", _speak, Inputs),
        kind("answer", lambda c, i, x: Out(value=i.value), answers=True, relays=lambda c: {"value": ["value"]}),
    ]
    return {each.id: each for each in kinds}
