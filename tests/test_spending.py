"""What GPTs spend in a month is counted, warned of and limited; what costs nothing goes on."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from flowloom.errors import BudgetError
from flowloom.flow.model import Flow
from flowloom.kinds.media import PictureWish
from flowloom.kinds.values import Message, ModelRequest, Usage
from flowloom.run.reading.view import RunView
from flowloom.services.models.settings import ALL_GPTS, ModelSettings, Price
from flowloom.spending import BUILDING, Purse
from flowloom.store.spending import SpendingStore
from flowloom.store.sqlite import SqliteDatabase
from flowloom.workspace import Workspace
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer, Say
from tests.run.test_needs_model import flow_of

pytestmark = pytest.mark.usefixtures("kept_in")

DEAR = {"loopback/m": Price(input=100_000.0, output=100_000.0)}
"""Ten cents a token."""


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        found.default = Say("one two three")
        yield found


@pytest.fixture
def paid(home: Workspace, server: OpenAIServer) -> ModelSettings:
    return settings_of(server).model_copy(update={"prices": DEAR})


def ask(home: Workspace, flow: Flow) -> RunView:
    run = home.runner.start(flow, "Hello", home.runs.new_conversation(flow.id))
    return home.runner.finished(run)


def spent(home: Workspace) -> dict[str, float]:
    return home.spending.by_flow(home.spending.month())


def test_each_call_is_counted_for_its_gpt(home: Workspace, paid: ModelSettings) -> None:
    home.models_changed(paid)
    one, two = (home.flows.create(flow_of("{{message}}")) for _ in range(2))
    costs = [ask(home, flow).usage.cost or 0 for flow in (one, one, two)]
    assert all(costs)
    assert spent(home) == pytest.approx({one.id: costs[0] + costs[1], two.id: costs[2]})


@pytest.mark.parametrize("whose", ["this", "all"])
def test_at_the_limit_nothing_is_asked(
    home: Workspace, paid: ModelSettings, server: OpenAIServer, whose: str
) -> None:
    flow = home.flows.create(flow_of("{{message}}"))
    home.models_changed(paid.model_copy(update={"monthly": {flow.id if whose == "this" else ALL_GPTS: 0.5}}))
    first = ask(home, flow)
    assert first.text == "one two three", "the call that goes past it still answers"
    assert [problem.code for problem in first.warnings] == ["budget.nearly"]
    asked = len(server.requests)
    second = ask(home, flow)
    assert second.problem
    assert (second.state, second.problem.code) == ("failed", "budget.month")
    assert "$0.5" in str(second.problem)
    assert len(server.requests) == asked


def test_one_gpt_at_its_limit_stops_no_other(home: Workspace, paid: ModelSettings) -> None:
    one, two = (home.flows.create(flow_of("{{message}}")) for _ in range(2))
    home.models_changed(paid.model_copy(update={"monthly": {one.id: 0.5}}))
    ask(home, one)
    assert ask(home, two).text == "one two three"


def test_what_costs_nothing_goes_on(home: Workspace, paid: ModelSettings) -> None:
    flow = home.flows.create(flow_of("{{message}}"))
    home.spending.add(flow.id, 5.0)
    home.models_changed(ModelSettings(monthly={flow.id: 1.0}))
    view = ask(home, flow)
    assert (view.state, view.problem) == ("finished", None)


def test_a_stand_in_that_costs_is_not_free(home: Workspace, paid: ModelSettings) -> None:
    purse = Purse(home.spending, lambda: settings, "f")
    home.spending.add("f", 5.0)
    free = ModelSettings(monthly={"f": 1.0})
    settings = free
    purse.check("default")
    settings = free.model_copy(
        update={"providers": paid.providers, "prices": DEAR, "fallbacks": {"default": ("loopback/m",)}}
    )
    with pytest.raises(Exception, match="spent its limit"):
        purse.check("default")


def test_pictures_count_and_stop_as_well(home: Workspace, paid: ModelSettings) -> None:
    settings = paid.model_copy(update={"roles": {**paid.roles, "pictures": "loopback/m"}, "monthly": {"f": 1.0}})
    home.models_changed(settings)
    home.spending.add("f", 1.0)
    services = home.runner.services("f", home.runs.new_conversation("f"))

    async def draw() -> None:
        await services.media.draw(PictureWish(prompt="A boat", model="pictures"))

    with pytest.raises(Exception, match="spent its limit"):
        home.runner.begin(draw()).result(10)


def test_a_new_month_begins_at_nothing(home: Workspace) -> None:
    now = 1_796_000_000.0
    store = SpendingStore(home.runs._db, lambda: now)
    store.add("f", 1.5)
    store.add("f", 0.25)
    first = store.month()
    now += 31 * 86_400
    store.add("f", 2.0)
    assert store.by_flow(first) == {"f": 1.75}
    assert store.by_flow(store.month()) == {"f": 2.0}
    assert store.months() == [store.month(), first]


def test_runs_of_before_are_counted(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    from flowloom.store import schema

    path = tmp_path / "flowloom.db"
    at = next(number for number, change in enumerate(schema.CHANGES) if "CREATE TABLE spending" in change)
    with monkeypatch.context() as before:
        before.setattr("flowloom.store.sqlite.CHANGES", schema.CHANGES[:at])
        db = SqliteDatabase(path)
        for id, flow, cost in (("1", "f", 0.5), ("2", "f", 0.25), ("3", "g", None)):
            db.do(
                "INSERT INTO runs (id, flow, started, state, cost) VALUES (?, ?, 1796000000, 'finished', ?)",
                id,
                flow,
                cost,
            )
        db.close()
    store = SpendingStore(SqliteDatabase(path), lambda: 1_796_000_000.0)
    assert store.by_flow(store.month()) == {"f": 0.75}


def test_a_limit_is_no_part_of_a_file(home: Workspace, paid: ModelSettings) -> None:
    flow = home.flows.create(flow_of("{{message}}"))
    home.models_changed(paid.model_copy(update={"monthly": {flow.id: 7.25}}))
    assert "7.25" not in json.dumps(home.flows.load(flow.id).model_dump(mode="json"))


def test_no_price_no_cost(home: Workspace) -> None:
    purse = Purse(home.spending, ModelSettings, "f")
    purse.spend(Usage(model="m", cost=None))
    purse.spend(Usage(model="m", cost=0.0))
    assert spent(home) == {}


@pytest.mark.parametrize("flow", ["f", ""])
def test_what_building_costs_is_counted_and_limited(home: Workspace, paid: ModelSettings, flow: str) -> None:
    home.models_changed(paid.model_copy(update={"monthly": {ALL_GPTS: 0.5}}))
    request = ModelRequest(messages=[Message(role="user", text="A tutor")])

    async def ask() -> None:
        try:
            await home.models_for(flow).reply(request, lambda piece: None)
        finally:
            await home.models.aclose()

    asyncio.run(ask())
    assert set(spent(home)) == {flow or BUILDING}
    with pytest.raises(BudgetError, match="this month"):
        asyncio.run(ask())


def test_a_table_of_rows_at_once_stays_within_its_limit(
    home: Workspace, paid: ModelSettings, server: OpenAIServer
) -> None:
    """Eight at once, where three may be paid."""
    flow = home.flows.create(flow_of("{{message}}"))
    home.models_changed(paid)
    cost = ask(home, flow).usage.cost
    assert cost
    home.models_changed(paid.model_copy(update={"monthly": {flow.id: 3.5 * cost}}))
    runs = [home.runner.start(flow, "Hello", home.runs.new_conversation(flow.id)) for _ in range(8)]
    views = [home.runner.finished(run) for run in runs]
    assert sum(view.state == "finished" for view in views) == 3
    assert {view.problem.code for view in views if view.problem} == {"budget.month"}
    assert spent(home)[flow.id] == pytest.approx(4 * cost)
