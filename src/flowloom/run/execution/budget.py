"""What a run has used, held against what it may use."""

from collections.abc import Iterable

from flowloom.errors import BudgetError
from flowloom.flow.model import Budget
from flowloom.kinds.values import Usage
from flowloom.run.events import NodeFinished, NodeStarted, RunEvent

HINT = "Raise the limit under Configure, or check on the canvas which block uses so much."


class Meter:
    """Counts steps, tokens and money of one run. Raises BudgetError when a limit is passed."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._steps = 0
        self._tokens = 0
        self._money = 0.0

    def count(self, past: Iterable[RunEvent]) -> None:
        """Take over what the run used before; the limits are held against it from the next step on."""
        for event in past:
            self._steps += isinstance(event, NodeStarted) and not event.call
            if isinstance(event, NodeFinished) and event.usage:
                self._add(event.usage)

    def step(self) -> None:
        self._steps += 1
        if self._budget.steps is not None and self._steps > self._budget.steps:
            limit = self._budget.steps
            raise BudgetError(
                "This run reached its limit of {limit} steps.", HINT, code="budget.steps", limit=limit
            )

    def spend(self, usage: Usage) -> None:
        self._add(usage)
        if self._budget.tokens is not None and self._tokens > self._budget.tokens:
            limit = self._budget.tokens
            raise BudgetError(
                "This run reached its limit of {limit} tokens.", HINT, code="budget.tokens", limit=limit
            )
        if self._budget.money is not None and self._money > self._budget.money:
            raise BudgetError(
                "This run reached its limit of ${limit}.", HINT, code="budget.money", limit=self._budget.money
            )

    def _add(self, usage: Usage) -> None:
        self._tokens += (usage.input_tokens or 0) + (usage.output_tokens or 0)
        self._money += usage.cost or 0.0
