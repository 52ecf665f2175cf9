"""What a run will take, told before it begins: model calls, money, and the computers data can reach."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import prod

from flowloom.flow.model import Budget
from flowloom.kinds.kind import ModelCalls
from flowloom.kinds.values import ModelFacts
from flowloom.run.planning.exclusive_paths import Ways, loops_around
from flowloom.run.planning.plan import Plan, Step

FactsOf = Callable[[str], ModelFacts]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Bounds that hold for every run that comes to its end.

    `cost` is the most it can cost in US dollars, None where that is unknown; `stops` is near what amount a limit
    ends it. `unpriced` are the models whose price is unknown. Where the run is `open`, `most` holds for lists of
    one item, and longer ones take more.
    """

    least: int
    most: int
    cost: float | None
    hosts: tuple[str, ...]
    blocks: "tuple[BlockForecast, ...]"
    stops: float | None
    unpriced: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class BlockForecast:
    """What one block takes, its tools included."""

    node: str
    least: int
    most: int
    cost: float | None
    models: tuple[str, ...]
    hosts: tuple[str, ...]
    open: bool = False


def forecast(plan: Plan, facts_of: FactsOf, searched_at: str = "") -> Forecast:
    """The bounds of a plan. `searched_at` is the host that questions to documents go to, "" for this computer."""
    return _forecast(plan, [_Part(step, facts_of, searched_at) for step in plan.steps])


def _forecast(plan: Plan, every: "Iterable[_Part]") -> Forecast:
    ways = Ways(plan)
    parts = [part for part in every if part.step in ways.reachable]
    by_step = {part.step: part for part in parts}
    attempts = plan.budget.steps
    most = int(ways.most(lambda step: by_step[step].most))
    cost = None if any(part.cost is None for part in parts) else ways.most(lambda step: by_step[step].cost or 0.0)
    if attempts is not None:
        most = min(most, attempts * max((part.once for part in parts), default=0))
    if attempts is not None and cost is not None:
        cost = min(cost, attempts * max((part.each or 0.0 for part in parts), default=0.0))
    asked = {facts.name: facts for part in parts for facts in part.facts}
    return Forecast(
        least=min(int(ways.least(lambda step: by_step[step].least)), most),
        most=most,
        cost=cost,
        hosts=_names(host for part in parts for host in part.hosts),
        blocks=tuple(part.told() for part in parts if part.most or part.hosts),
        stops=_stop(plan.budget, asked.values()),
        unpriced=_names(facts.name for facts in asked.values() if facts.call is None),
        open=any(part.open for part in parts),
    )


def _stop(budget: Budget, asked: Iterable[ModelFacts]) -> float | None:
    """Near what amount a limit ends the run; a model without a price spends no money that can be counted."""
    prices = [facts.token for facts in asked]
    if not prices or None in prices:
        return None
    dearest = max(price or 0.0 for price in prices)
    limits = [budget.money, None if budget.tokens is None else budget.tokens * dearest]
    return min((limit for limit in limits if limit), default=None)


class _Part:
    """One step of the plan with what it asks of the outside world."""

    def __init__(self, step: Step, facts_of: FactsOf, searched_at: str) -> None:
        settings = step.node.settings
        pinned = settings.pinned is not None
        calls = [] if pinned else list(_calls(step))
        users = [] if pinned else list(_users(step))
        inner = [] if pinned else list(_within(step, facts_of, searched_at))
        self.step = step
        asked = (each for call in calls if call.most for each in _line_up(facts_of(call.model)))
        self.facts = [*asked, *(facts for flow in inner for facts in flow.facts)]
        self.once = sum(call.most for call in calls) + sum(flow.most for flow in inner)
        self._times = (settings.retries + 1) * prod(loop.most for loop in loops_around(step))
        # Where a failure does not end the run, nothing is certain.
        sure = sum(call.least for call in calls) + sum(flow.least for flow in inner)
        self.least = sure if settings.on_error == "stop" else 0
        self.most = self.once * self._times
        self.open = any(flow.open for flow in inner)
        self.each = _sum([_cost(calls, facts_of), *(flow.cost for flow in inner)])
        self.cost = None if self.each is None else self.each * self._times
        told = [facts.host for facts in self.facts]
        self.hosts = _names([*told, *(host for user in users for host in _hosts(user, searched_at))])

    def told(self) -> BlockForecast:
        models = _names(facts.name for facts in self.facts)
        return BlockForecast(self.step.id, self.least, self.most, self.cost, models, self.hosts, self.open)


def _users(step: Step) -> Iterator[Step]:
    """The step, its tools, and all steps of the flows within them."""
    yield step
    for tool in step.tools:
        yield from _users(tool)
    for inner in step.inner.steps if step.inner else ():
        yield from _users(inner)


@dataclass(frozen=True, slots=True)
class _Within:
    """What the flow within a step takes."""

    least: int
    most: int
    cost: float | None
    open: bool
    facts: tuple[ModelFacts, ...]


def _within(step: Step, facts_of: FactsOf, searched_at: str) -> Iterator[_Within]:
    """The flow within the step, and those within its tools, which need not be used."""
    if step.inner:
        yield _flow_within(step, facts_of, searched_at, step.kind.inner_runs(step.config))
    uses = step.kind.tool_calls(step.config)
    for tool in step.tools:
        if tool.inner:
            most = tool.kind.inner_runs(tool.config)[1]
            yield _flow_within(tool, facts_of, searched_at, (0, None if most is None else most * uses))


def _flow_within(step: Step, facts_of: FactsOf, searched_at: str, runs: tuple[int, int | None]) -> _Within:
    assert step.inner is not None
    parts = [_Part(each, facts_of, searched_at) for each in step.inner.steps]
    inner, (least, most) = _forecast(step.inner, parts), runs
    facts = tuple(facts for part in parts for facts in part.facts)
    is_open = inner.open or (most is None and inner.most > 0)
    times = 1 if most is None else most
    cost = None if inner.cost is None or (is_open and inner.cost) else inner.cost * times
    return _Within(inner.least * least, inner.most * times, cost, is_open, facts)


def _sum(costs: Iterable[float | None]) -> float | None:
    known = list(costs)
    return None if None in known else sum(cost for cost in known if cost is not None)


def _calls(step: Step) -> Iterator[ModelCalls]:
    yield from step.kind.calls(step.config, len(step.tools))
    uses = step.kind.tool_calls(step.config)
    for tool in step.tools:
        for call in tool.kind.calls(tool.config, 0):
            yield ModelCalls(call.model, 0, call.most * uses)


def _hosts(step: Step, searched_at: str) -> Iterator[str]:
    yield from step.kind.hosts(step.config)
    if "reads knowledge" in step.kind.effects:
        yield searched_at


def _cost(calls: Iterable[ModelCalls], facts_of: FactsOf) -> float | None:
    total = 0.0
    for call in calls:
        prices = [each.call for each in _line_up(facts_of(call.model))]
        if None in prices and call.most:
            return None
        total += max(price or 0.0 for price in prices) * call.most
    return total


def _line_up(facts: ModelFacts) -> tuple[ModelFacts, ...]:
    """Who may answer a call: the model, or one that stands in for it."""
    return (facts, *facts.stand_ins)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}))
