"""What GPTs may spend in a month: models and media that count what they cost, and stop at a limit."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from threading import Lock

from flowloom.errors import BudgetError, FlowloomError, ModelError, Problem
from flowloom.kinds.media import Media, WatchedMedia
from flowloom.kinds.services import Models, OnText
from flowloom.kinds.values import ModelReply, ModelRequest, Usage
from flowloom.services.models.facts import facts_of
from flowloom.services.models.fallbacks import line_up
from flowloom.services.models.settings import ALL_GPTS, ModelSettings
from flowloom.store.api_keys import ApiKey, ApiKeyStore, period_of
from flowloom.store.spending import SpendingStore

BUILDING = "building"
"""In the place of a GPT: what it cost to describe those that did not exist yet."""
NEARLY = 0.8
"""From which part of a limit on one is warned."""


ANSWER_TOKENS = 500
"""Of an answer, as long as no call of the model has ended here."""
CHARACTERS_A_TOKEN = 4
LOOK = 0.05
"""Seconds between looks at whether calls under way have left enough."""


class Pending:
    """What calls under way are expected to cost in US dollars, of each GPT and key; of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls: Counter[str] = Counter()
        self._costs: dict[str, float] = {}
        self._last: dict[str, float] = {}

    def expected(self, model: str, estimate: float) -> float:
        """What a call may cost: the estimate, or what the last one of the model cost where that was more."""
        return max(estimate, self._last.get(model, 0.0))

    def learn(self, model: str, cost: float) -> None:
        self._last[model] = cost

    def admit(self, bounds: Iterable[tuple[str, float, float]], names: Iterable[str], cost: float) -> bool:
        """Count a call under these names, unless those under way would reach a bound (name, limit, spent)."""
        with self._lock:
            if any(self._calls[name] and spent + self._costs[name] >= limit for name, limit, spent in bounds):
                return False
            for name in names:
                self._calls[name] += 1
                self._costs[name] = self._costs.get(name, 0.0) + cost
            return True

    def settle(self, names: Iterable[str], cost: float) -> None:
        """The call has ended, however it did."""
        with self._lock:
            for name in names:
                self._calls[name] -= 1
                self._costs[name] -= cost
                if not self._calls[name]:
                    del self._calls[name], self._costs[name]


MayUse = Callable[[str], bool]


class Purse:
    """What one GPT may still spend.

    Calls under way at once are expected to cost something, and one that would only begin beyond the limit waits
    until they have ended: so a limit is passed by one call at most, and by what was expected too low. Other
    processes on the same data are not seen until their calls end.
    """

    def __init__(
        self,
        store: SpendingStore,
        settings: Callable[[], ModelSettings],
        flow: str,
        pending: Pending | None = None,
        may_use: MayUse | None = None,
    ) -> None:
        """`may_use` says whether the rules of a workspace let this GPT ask a `provider/model`."""
        self._store, self._settings, self._flow = store, settings, flow
        self._pending, self._may_use = pending or Pending(), may_use

    def check(self, model: str) -> None:
        """Raises BudgetError where a limit is reached and this model is not known to be free."""
        self._check(self._bounds(), model)

    def _check(self, bounds: Iterable[tuple[str, float, float]], model: str) -> None:
        for name, limit, spent in bounds:
            if spent >= limit and not self._is_free(model):
                raise self._reached(name, limit)

    def _reached(self, name: str, limit: float) -> BudgetError:
        return BudgetError.from_problem(reached(name, limit))

    def allowed(self, wanted: str) -> str:
        """What to ask for a role or `provider/model`: itself, or the model where others may not stand in for it.

        Raises ModelError where this GPT may not ask it.
        """
        if self._may_use is None:
            return wanted
        first, *others = line_up(self._settings(), wanted)
        if not self._may_use(first):
            raise not_allowed(first)
        return wanted if all(map(self._may_use, others)) else first

    @asynccontextmanager
    async def hold(self, model: str, characters: int = 0) -> AsyncIterator[None]:
        """While a call of a model is under way that reads so many characters.

        Raises BudgetError at a limit, and ModelError where the GPT may not ask it.
        """
        self.allowed(model)
        async with self.hold_allowed(model, characters):
            yield

    @asynccontextmanager
    async def hold_allowed(self, model: str, characters: int = 0) -> AsyncIterator[None]:
        """The same for what `allowed` has given. Raises BudgetError at a limit."""
        bounds = self._bounds()
        if not bounds or self._is_free(model):
            yield
            return
        cost, names = self._pending.expected(model, self._estimate(model, characters)), self._names()
        self._check(bounds, model)
        while not self._pending.admit(bounds, names, cost):
            await asyncio.sleep(LOOK)
            bounds = self._bounds()
            self._check(bounds, model)
        try:
            yield
        finally:
            self._pending.settle(names, cost)

    def _names(self) -> tuple[str, ...]:
        return (self._flow, ALL_GPTS)

    def _bounds(self) -> list[tuple[str, float, float]]:
        """Each limit that holds for a call: of what, how much, and what was spent of it."""
        return self._limits()

    def _estimate(self, model: str, characters: int) -> float:
        facts = facts_of(self._settings(), model)
        tokens = characters / CHARACTERS_A_TOKEN + ANSWER_TOKENS
        return max((each.token or 0.0) * tokens for each in (facts, *facts.stand_ins))

    def spend(self, usage: Usage, model: str = "") -> None:
        """Count what a call cost, and remember it for the next of the model."""
        if model and usage.cost is not None:
            self._pending.learn(model, usage.cost)
        if usage.cost:
            with suppress(FlowloomError):  # An answer that is there is not lost because the disk is full.
                self._store.add(self._flow, usage.cost)

    def warnings(self) -> tuple[Problem, ...]:
        """Which limits are nearly reached."""
        return tuple(nearly(name, limit) for name, limit, spent in self._limits() if spent >= NEARLY * limit)

    def _limits(self) -> list[tuple[str, float, float]]:
        """Each limit that holds for this GPT, and what was spent of it."""
        limits = self._settings().monthly
        own, every = limits.get(self._flow), limits.get(ALL_GPTS)
        if own is None and every is None:
            return []
        costs = self._store.by_flow(self._store.month())
        found = [] if own is None else [(self._flow, own, costs.get(self._flow, 0.0))]
        return found if every is None else [*found, (ALL_GPTS, every, sum(costs.values()))]

    def _is_free(self, model: str) -> bool:
        facts = facts_of(self._settings(), model)
        return all(each.call == 0.0 for each in (facts, *facts.stand_ins))


class KeyPurse(Purse):
    """What a GPT may still spend where a program asks it: its key may have less left than the GPT."""

    def __init__(
        self,
        store: SpendingStore,
        settings: Callable[[], ModelSettings],
        flow: str,
        keys: ApiKeyStore,
        key: str,
        clock: Callable[[], float] = time.time,
        pending: Pending | None = None,
        may_use: MayUse | None = None,
    ) -> None:
        super().__init__(store, settings, flow, pending, may_use)
        self._keys, self._key, self._clock = keys, key, clock

    def _reached(self, name: str, limit: float) -> BudgetError:
        return key_reached(limit) if name == self._key else super()._reached(name, limit)

    def _names(self) -> tuple[str, ...]:
        return (*super()._names(), self._key)

    def _bounds(self) -> list[tuple[str, float, float]]:
        found = self._keys.get(self._key)
        most = found.facts.money_a_month if found else None
        if most is None:
            return super()._bounds()
        spent = self._keys.amount(self._key, period_of("month", self._clock()))
        return [*super()._bounds(), (self._key, most, spent)]

    def spend(self, usage: Usage, model: str = "") -> None:
        super().spend(usage, model)
        if usage.cost:
            with suppress(FlowloomError):
                self._keys.count(self._key, period_of("month", self._clock()), usage.cost)


def check_key(store: ApiKeyStore, key: ApiKey, now: float) -> None:
    """Raises BudgetError where a key has spent what it may in a month."""
    most = key.facts.money_a_month
    if most is not None and store.amount(key.id, period_of("month", now)) >= most:
        raise key_reached(most)


def key_reached(limit: float) -> BudgetError:
    """The error that a key has spent what it may."""
    return BudgetError(
        "This key has spent its limit of ${limit} for this month.",
        "Ask whoever gave it to you for a higher limit.",
        code="api.limit.money",
        limit=f"{limit:g}",
    )


class PaidModels:
    """Fulfils `Models`."""

    def __init__(self, models: Models, purse: Purse) -> None:
        self._models, self._purse = models, purse

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        """The reply, with a warning where a limit is near. Raises ModelError, and BudgetError at a limit."""
        request = request.model_copy(update={"model": self._purse.allowed(request.model)})
        async with self._purse.hold_allowed(request.model, sum(len(each.text) for each in request.messages)):
            reply = await self._models.reply(request, on_text)
            self._purse.spend(reply.usage, request.model)
        if not reply.usage.cost:
            return reply
        return reply.model_copy(update={"warnings": (*reply.warnings, *self._purse.warnings())})


def paid_media(media: Media, purse: Purse) -> Media:
    """The media, counted. Raises BudgetError at a limit, beside what media raise."""
    return WatchedMedia(media, purse.hold, lambda model, result: purse.spend(result.usage, model))


def not_allowed(model: str) -> ModelError:
    """The error that the rules of a workspace keep a GPT from a model."""
    return ModelError(
        "This workspace doesn’t allow {model} for this GPT.",
        "Choose another model, or ask an admin of this workspace.",
        code="rules.model",
        model=model,
    )


def reached(name: str, limit: float) -> Problem:
    """The problem that a limit is reached; `name` is a GPT's, or ALL_GPTS."""
    if name == ALL_GPTS:
        return Problem.of(
            "budget.month",
            "Your GPTs have spent this month’s limit of ${limit}.",
            "Raise it in Settings under Spending, or choose a model on this computer, which costs nothing.",
            limit=f"{limit:g}",
        )
    return Problem.of(
        "budget.month",
        "This GPT has spent its limit of ${limit} for this month.",
        "Raise it under Configure, or choose a model on this computer, which costs nothing.",
        limit=f"{limit:g}",
    )


def nearly(name: str, limit: float) -> Problem:
    """The warning that little is left."""
    said = (
        "Your GPTs have spent over 80% of this month’s limit of ${limit}."
        if name == ALL_GPTS
        else "This GPT has spent over 80% of its limit of ${limit} for this month."
    )
    return Problem.of("budget.nearly", said, limit=f"{limit:g}").as_warning()
