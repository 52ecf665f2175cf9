"""Models that are asked the same only once: what was paid for is kept, also where the process ends half-way."""

import asyncio
import hashlib
from collections.abc import Callable

from pydantic_core import to_json

from flowloom.errors import BudgetError
from flowloom.kinds.services import Models, OnText
from flowloom.kinds.values import ModelReply, ModelRequest
from flowloom.store.experiments import ExperimentStore

Resolve = Callable[[str], str]
"""Which model a role or a name means now."""


TURNS = 2
"""Of the loop, until a call that waited for room has begun."""


class Account:
    """What an experiment has paid and may pay, counting what is under way; and how many calls may be."""

    def __init__(self, paid: float = 0.0, budget: float | None = None, at_once: int = 4) -> None:
        self.paid, self.budget, self.at_once = paid, budget, at_once
        self.room = asyncio.Semaphore(at_once)
        self._pending, self._largest = 0, 0.0
        self._news = asyncio.Condition()
        self.under_way: dict[str, asyncio.Event] = {}
        """Calls that others wait for who ask the same."""

    async def enter(self) -> None:
        """Wait until a call fits what is left. Raises BudgetError where nothing is left."""
        if self.budget is None:
            return
        async with self._news:
            # The first call alone tells how much one costs.
            await self._news.wait_for(lambda: not self._pending or self._fits())
            if self.paid >= self.budget:
                raise BudgetError(
                    "This experiment has spent its budget of ${limit}.",
                    "What was answered is kept. Raise the budget to go on.",
                    code="evaluate.budget",
                    limit=f"{self.budget:g}",
                )
            self._pending += 1

    def _fits(self) -> bool:
        most = self.paid + (self._pending + 1) * self._largest
        return self._largest > 0 and self.budget is not None and (self.paid >= self.budget or most <= self.budget)

    async def settle(self, cost: float | None) -> None:
        """A call has ended."""
        self.paid += cost or 0.0
        if self.budget is None:
            return
        async with self._news:
            self._pending -= 1
            # A free call tells as well that nothing has to be waited for.
            self._largest = max(self._largest, cost or 0.0, 1e-12)
            self._news.notify_all()


class CachedModels:
    """Fulfils `Models`: replies from what is kept, else asks, counts and keeps."""

    def __init__(
        self, models: Models, store: ExperimentStore, flow: str, experiment: str, account: Account, resolve: Resolve
    ) -> None:
        self._models, self._store, self._resolve = models, store, resolve
        self._flow, self._experiment, self._account = flow, experiment, account

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        """The reply, kept or new. Raises ModelError, and BudgetError where the budget is spent."""
        digest = digest_of(request, self._resolve(request.model))
        while ended := self._account.under_way.get(digest):
            await ended.wait()
        kept = self._store.call(self._flow, digest)
        if kept is None:
            return await self._paid(request, on_text, digest)
        found = ModelReply.model_validate_json(kept)
        if found.text:
            on_text(found.text)
        return found

    async def _paid(self, request: ModelRequest, on_text: OnText, digest: str) -> ModelReply:
        ended = self._account.under_way[digest] = asyncio.Event()
        try:
            async with self._account.room:
                await self._account.enter()
                reply = await self._asked(request, on_text, digest)
        finally:
            del self._account.under_way[digest]
            ended.set()
        # Whoever has the room now asks first: what comes of this reply is worked out while that call is under way.
        # Not where others may find the budget spent in these turns, which would end this row before its end.
        for _ in range(TURNS if self._account.budget is None else 0):
            await asyncio.sleep(0)
        return reply

    async def _asked(self, request: ModelRequest, on_text: OnText, digest: str) -> ModelReply:
        cost = None
        try:
            reply = await self._models.reply(request, on_text)
            cost = reply.usage.cost
            # At once, so that a process that ends now has not paid for nothing.
            self._store.keep_call(self._flow, digest, self._experiment, cost, reply.model_dump_json())
        finally:
            await self._account.settle(cost)
        return reply


class Instead:
    """Fulfils `Models`: one model is asked whoever was meant."""

    def __init__(self, models: Models, model: str) -> None:
        self._models, self._model = models, model

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        return await self._models.reply(request.model_copy(update={"model": self._model}), on_text)


def digest_of(request: ModelRequest, model: str) -> str:
    """The same for calls that ask the same of the same model."""
    facts = request.model_dump(exclude={"model", "pictures"}, exclude_defaults=True)
    pictures = [hashlib.sha256(each.data).hexdigest() for each in request.pictures]
    said = to_json([model, pictures, facts], fallback=str, inf_nan_mode="null")
    return hashlib.sha256(said).hexdigest()
