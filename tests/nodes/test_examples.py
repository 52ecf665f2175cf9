"""Good answers as examples: which of them a model reads, and that the log says so."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from flowloom.flow.model import SavedAnswer
from flowloom.kinds.context import NodeContext, Turn
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import ModelReply
from flowloom.nodes.models.examples import HEADING
from tests.nodes.conftest import World

EXAMPLES = tuple(
    SavedAnswer(question=question, answer=f"About {question}") for question in ("dogs", "cats", "horses", "taxes")
)


def near(text: str, others: Sequence[str]) -> list[float]:
    """The animals are near to the question about a cat; the cat is the nearest."""
    return [{"cats": 0.9, "dogs": 0.6, "horses": 0.5, "taxes": 0.1}[other] for other in others]


def context(world: World, **changes: Any) -> NodeContext:
    world.models.replies = [ModelReply(text="Miaow.")]
    base = world.context
    services = replace(base.services, nearness=near)
    return replace(base, services=services, examples=EXAMPLES, **changes)


def read(world: World, kind_id: str, ctx: NodeContext, config: dict[str, Any], **inputs: Any) -> str:
    """What the model was told before anything else."""
    kind = all_kinds()[kind_id]
    asyncio.run(kind.function(kind.config.model_validate(config), kind.inputs.model_validate(inputs), ctx))  # type: ignore[arg-type]
    return world.models.requests[0].messages[0].text


@pytest.mark.parametrize(("kind", "port"), [("model", "prompt"), ("agent", "message")])
def test_the_nearest_are_read_and_the_very_nearest_stands_last(world: World, kind: str, port: str) -> None:
    said = read(world, kind, context(world, examples_shown=2), {}, **{port: "My cat?"})
    assert said == f"{HEADING}\n\nQuestion: dogs\nAnswer: About dogs\n\nQuestion: cats\nAnswer: About cats"


CASES = {
    "what has nothing in common teaches nothing": ({}, {"examples_shown": 10}, ["horses", "dogs", "cats"]),
    "switched off in the block": ({"examples": False}, {}, []),
    "parts are asked for": ({"fields": [{"name": "Sound"}]}, {}, []),
}


@pytest.mark.parametrize(("config", "changes", "shown"), CASES.values(), ids=CASES)
def test_who_reads_them(world: World, config: dict[str, Any], changes: dict[str, Any], shown: list[str]) -> None:
    ctx = context(world, **changes)
    if config.get("fields"):
        world.models.replies = [ModelReply(text="", fields={"sound": "Miaow"})]
    said = read(world, "model", ctx, config, prompt="My cat?")
    assert [line.removeprefix("Question: ") for line in said.splitlines() if line.startswith("Question: ")] == shown


def test_they_are_chosen_by_what_the_person_said_within_a_longer_prompt(world: World) -> None:
    heard = list[str]()

    def nearness(text: str, others: Sequence[str]) -> list[float]:
        heard.append(text)
        return near(text, others)

    ctx = context(world, turn=Turn("My cat?"))
    ctx = replace(ctx, services=replace(ctx.services, nearness=nearness))
    read(world, "model", ctx, {}, prompt="Documents about tax law. Asked: My cat?")
    assert heard == ["My cat?"]


def test_nothing_is_chosen_where_nothing_is_known_of_nearness(world: World) -> None:
    ctx = context(world)
    ctx = replace(ctx, services=replace(ctx.services, nearness=lambda text, others: ()))
    assert read(world, "model", ctx, {}, prompt="My cat?") == "My cat?"
