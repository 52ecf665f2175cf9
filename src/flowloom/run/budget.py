"""What a run has used, held against what it may use."""

from flowloom.errors import BudgetError
from flowloom.flow.model import Budget
from flowloom.kinds.values import Usage

HINT = "Raise the limit under About, or look in the canvas for what uses so much."


class Meter:
    """Counts steps, tokens and money of one run. Raises BudgetError when a limit is passed."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._steps = 0
        self._tokens = 0
        self._money = 0.0

    def step(self) -> None:
        self._steps += 1
        if self._budget.steps is not None and self._steps > self._budget.steps:
            raise BudgetError("This run reached its limit of {limit} steps.", HINT, limit=self._budget.steps)

    def spend(self, usage: Usage) -> None:
        self._tokens += (usage.input_tokens or 0) + (usage.output_tokens or 0)
        self._money += usage.cost or 0.0
        if self._budget.tokens is not None and self._tokens > self._budget.tokens:
            raise BudgetError("This run reached its limit of {limit} tokens.", HINT, limit=self._budget.tokens)
        if self._budget.money is not None and self._money > self._budget.money:
            raise BudgetError("This run reached its limit of ${limit}.", HINT, limit=self._budget.money)
