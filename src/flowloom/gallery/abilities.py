"""What a GPT can do to the world, told from the effects its blocks declare."""

from collections.abc import Iterator

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.plan import Plan, Step, plan_of
from flowloom.run.planning.requirements import blocks_in

ABILITIES = {
    "reads knowledge": "Looks things up in its documents",
    "spends money": "Asks a language model, or one for pictures or voices",
    "sends": "Can send data to other services",
    "runs code": "Calculates with code in a sandbox",
    "saves files": "Can save files where Flowloom runs",
    "writes memory": "Can remember what you tell it about yourself",
}
"""From an effect to the sentence about it."""


def effects_of(flow: Flow) -> list[str]:
    """The effects of its blocks, tools and inner flows, in the order of `ABILITIES`.

    Of a flow that cannot run yet, those of all its blocks.
    """
    try:
        kinds = {step.kind.id: step.kind for step in _steps(plan_of(flow, all_kinds()))}
    except FlowloomError:
        kinds = {kind.id: kind for kind, _ in blocks_in(flow, all_kinds())}
    found = {effect for kind in kinds.values() for effect in kind.effects}
    return [effect for effect in ABILITIES if effect in found]


def _steps(plan: Plan) -> Iterator[Step]:
    for step in plan.steps:
        yield from _within(step)


def _within(step: Step) -> Iterator[Step]:
    yield step
    for tool in step.tools:
        yield from _within(tool)
    if step.inner:
        yield from _steps(step.inner)
