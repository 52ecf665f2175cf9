"""However many calls begin at once, fail or are stopped, a limit is passed by one of them at most."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import BudgetError, ModelError
from flowloom.kinds.values import Usage
from flowloom.services.models.settings import ModelSettings, Price, Provider
from flowloom.spending import Pending, Purse
from flowloom.store.spending import SpendingStore
from flowloom.store.sqlite import SqliteDatabase

TRIED = count()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpendingStore]:
    with closing(SqliteDatabase(tmp_path_factory.mktemp("spending") / "flowloom.db")) as db:
        yield SpendingStore(db)


@given(
    costs=st.lists(st.integers(1, 40), min_size=1, max_size=25),
    fails=st.sets(st.integers(0, 24)),
    stopped=st.sets(st.integers(0, 24)),
    limit=st.integers(1, 200),
)
@settings(max_examples=40, deadline=None)
def test_calls_at_once_pass_a_limit_by_one_call_at_most(
    store: SpendingStore, costs: list[int], fails: set[int], stopped: set[int], limit: int
) -> None:
    """Where each costs no more than was expected; whatever fails or is stopped gives back what was held for it."""
    flow, pending = f"f{next(TRIED)}", Pending()
    known = ModelSettings(
        providers=(Provider(id="p", kind="compatible", base_url="http://127.0.0.1:9/v1", models=("m",)),),
        prices={"p/m": Price(input=1.0, output=1.0)},
        monthly={flow: float(limit)},
    )
    under_way = [0.0]

    async def call(number: int, cost: int) -> None:
        purse = Purse(store, lambda: known, flow, pending)
        pending.learn("p/m", float(max(costs)))
        async with purse.hold("p/m"):
            under_way[0] += max(costs)
            assert under_way[0] - max(costs) < limit, "begun although those under way would reach the limit"
            try:
                await asyncio.sleep(0)
            finally:
                under_way[0] -= max(costs)
            if number in fails:
                raise ModelError("The model failed.", "Try again.")
            purse.spend(Usage(model="m", cost=float(cost)), "p/m")

    async def all_at_once() -> None:
        tasks = [asyncio.ensure_future(call(number, cost)) for number, cost in enumerate(costs)]
        await asyncio.sleep(0)
        for number in stopped:
            if number < len(tasks):
                tasks[number].cancel()
        for found in await asyncio.gather(*tasks, return_exceptions=True):
            assert found is None or isinstance(found, (BudgetError, ModelError, asyncio.CancelledError)), found

    asyncio.run(all_at_once())
    assert store.by_flow(store.month()).get(flow, 0.0) < limit + max(costs)
    assert pending.admit([(flow, 0.0, 0.0)], (), 0.0), "nothing is held any more"
