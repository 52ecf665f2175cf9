"""The flow within a node, run as part of the same run."""

from collections.abc import Mapping
from typing import Any, Protocol

from flowloom.errors import BudgetError, NodeError
from flowloom.run.events import Place
from flowloom.run.execution.outcome import Stopped
from flowloom.run.execution.scope import ITEM, Scope, call_within
from flowloom.run.planning.plan import Plan, Step


class Inner(Protocol):
    """A flow under way within another one."""

    @property
    def results(self) -> Mapping[str, Any]: ...

    async def go(self) -> None: ...


class Outer(Protocol):
    """The flow under way that the node belongs to."""

    def within(self, plan: Plan, scope: Scope) -> Inner: ...

    def stream(self, step: Step, port: str, text: str) -> None: ...


class InnerFlow:
    """The flow within a step, run as part of the same run."""

    def __init__(self, outer: Outer, step: Step, place: Place, attempt: int, *, silent: bool = False) -> None:
        self._outer, self._step, self._place, self._attempt = outer, step, place, attempt
        self._silent = silent

    async def run(self, given: Mapping[str, Any], item: int = 0) -> Mapping[str, Any]:
        """What its outputs are. Raises FlowloomError, or Waiting."""
        step, outer = self._step, self._outer
        assert step.inner is not None
        speaks = not (item or self._silent)
        scope = Scope(
            owner=self._place,
            call=call_within(self._place, ITEM, item, self._attempt),
            prefix=f"{self._place[1]}/",
            given=given,
            say=(lambda port, text: outer.stream(step, port, text)) if speaks else None,
        )
        inner = outer.within(step.inner, scope)
        try:
            await inner.go()
        except Stopped as stop:
            kind = BudgetError if stop.is_budget else NodeError
            raise kind.from_problem(stop.problem.model_copy(update={"node": None, "port": None})) from None
        return inner.results
