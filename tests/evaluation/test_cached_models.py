"""Calls of an experiment: which comes first, and what a budget lets through."""

import asyncio

from flowloom.evaluation.cached_models import Account, CachedModels
from flowloom.kinds.services import OnText
from flowloom.kinds.values import Message, ModelReply, ModelRequest, Usage
from flowloom.workspace import Workspace


class Telling:
    """Fulfils `Models`, and tells when it is asked."""

    def __init__(self, told: list[str]) -> None:
        self._told = told

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        self._told.append(f"asked {request.messages[-1].text}")
        await asyncio.sleep(0.001)
        return ModelReply(text="4", usage=Usage(cost=0.01))


def order(home: Workspace, budget: float | None) -> list[str]:
    """What happens when three rows ask with room for one call at a time."""
    told = list[str]()

    async def row(models: CachedModels, name: str) -> None:
        request = ModelRequest(messages=[Message(role="user", text=name)])
        await models.reply(request, lambda piece: None)
        told.append(f"row {name}")

    async def all_rows() -> None:
        account = Account(budget=budget, at_once=1)
        models = CachedModels(Telling(told), home.experiments.store, "gpt", "e", account, lambda model: model)
        await asyncio.gather(*(row(models, name) for name in "abc"))

    asyncio.run(all_rows())
    return told


def test_who_waits_for_room_asks_before_the_row_before_is_worked_out(home: Workspace) -> None:
    assert order(home, None) == ["asked a", "asked b", "row a", "asked c", "row b", "row c"]


def test_within_a_budget_a_row_that_is_paid_for_comes_to_its_end_first(home: Workspace) -> None:
    assert order(home, 1.0) == ["asked a", "row a", "asked b", "row b", "asked c", "row c"]
