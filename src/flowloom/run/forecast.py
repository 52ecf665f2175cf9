"""What a run will take, told before it begins: model calls, money, and the computers data can reach."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import prod

from flowloom.flow.model import Budget
from flowloom.kinds.kind import ModelCalls
from flowloom.kinds.values import ModelFacts
from flowloom.run.plan import Plan, Step
from flowloom.run.ways import Ways, loops_around

FactsOf = Callable[[str], ModelFacts]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Bounds that hold for every run that comes to its end.

    `cost` is the most it can cost in US dollars, None where that is unknown; `stops` is near what amount a limit
    ends it. `unpriced` are the models whose price is unknown.
    """

    least: int
    most: int
    cost: float | None
    hosts: tuple[str, ...]
    blocks: "tuple[BlockForecast, ...]"
    stops: float | None
    unpriced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockForecast:
    """What one block takes, its tools included."""

    node: str
    least: int
    most: int
    cost: float | None
    models: tuple[str, ...]
    hosts: tuple[str, ...]


def forecast(plan: Plan, facts_of: FactsOf, searched_at: str = "") -> Forecast:
    """The bounds of a plan. `searched_at` is the host that questions to documents go to, "" for this computer."""
    ways = Ways(plan)
    parts = [_Part(step, facts_of, searched_at) for step in plan.steps if step in ways.reachable]
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
        # How often a flow within a block runs may depend on a list, so its cost is known only where it is free.
        within = [facts_of(call.model) for user in users if user.inner for call in _calls_within(user.inner)]
        self.step = step
        self.facts = [*(facts_of(call.model) for call in calls if call.most), *within]
        self.once = sum(call.most for call in calls)
        self._times = (settings.retries + 1) * prod(loop.most for loop in loops_around(step))
        # Where a failure does not end the run, nothing is certain.
        self.least = sum(call.least for call in calls) if settings.on_error == "stop" else 0
        self.most = self.once * self._times
        self.each = _cost(calls, facts_of) if all(facts.call == 0 for facts in within) else None
        self.cost = None if self.each is None else self.each * self._times
        asked = [facts.host for facts in self.facts]
        self.hosts = _names([*asked, *(host for user in users for host in _hosts(user, searched_at))])

    def told(self) -> BlockForecast:
        models = _names(facts.name for facts in self.facts)
        return BlockForecast(self.step.id, self.least, self.most, self.cost, models, self.hosts)


def _users(step: Step) -> Iterator[Step]:
    """The step, its tools, and all steps of the flows within them."""
    yield step
    for tool in step.tools:
        yield from _users(tool)
    for inner in step.inner.steps if step.inner else ():
        yield from _users(inner)


def _calls_within(plan: Plan) -> Iterator[ModelCalls]:
    return (call for step in plan.steps for call in _calls(step) if call.most)


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
        each = facts_of(call.model).call
        if each is None and call.most:
            return None
        total += (each or 0.0) * call.most
    return total


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}))
