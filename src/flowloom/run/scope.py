"""Where an execution stands in its run: at the top, or within a node."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowloom.errors import BudgetError, NodeError
from flowloom.run.journal import Place
from flowloom.run.plan import Step

if TYPE_CHECKING:
    from flowloom.run.execution import Execution


@dataclass(frozen=True, slots=True)
class Scope:
    """`call` is what its events happen within, made by its `owner`; `prefix` goes before the names of its nodes."""

    owner: Place | None = None
    call: str = ""
    prefix: str = ""
    given: Mapping[str, Any] | None = None
    """What came into the node it is within; None at the top."""
    say: Callable[[str, str], None] | None = None
    """`say(port, piece)`: show a piece of a text on its way out."""


TOP = Scope()


TOOL, ITEM = ".", "#"


def call_within(place: Place, sign: str, number: int, attempt: int) -> str:
    """The name of a call made by a node at work; another round or attempt is another call."""
    call, node, round = place
    name = f"{node.rpartition('/')[2]}{sign}{number}"
    if round > 1 or attempt:
        name += f".{round}.{attempt}"
    return f"{call}/{name}" if call else name


class InnerFlow:
    """The flow within a step, run as part of the same run."""

    def __init__(self, outer: "Execution", step: Step, place: Place, attempt: int, *, silent: bool = False) -> None:
        self._outer, self._step, self._place, self._attempt = outer, step, place, attempt
        self._silent = silent

    async def run(self, given: Mapping[str, Any], item: int = 0) -> Mapping[str, Any]:
        """What its outputs are. Raises FlowloomError, or Waiting."""
        from flowloom.run.execution import Execution, Stopped

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
        inner = Execution(step.inner, outer.run, scope)
        try:
            await inner.go()
        except Stopped as stop:
            kind = BudgetError if stop.is_budget else NodeError
            raise kind.from_problem(stop.problem.model_copy(update={"node": None, "port": None})) from None
        return inner.results
