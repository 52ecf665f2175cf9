"""How much the groups of a team ask, and what it costs, as runs end."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from flowloom.errors import FlowloomError
from flowloom.people.team import Team
from flowloom.run.events import ENDS, RunEvent
from flowloom.run.reading.view import RunView
from flowloom.store.group_use import GROUP, NO_GROUP, OUTSIDE
from flowloom.store.runs import PAGE, RunStore


class GroupCounts:
    """Hears of every event of a run."""

    def __init__(self, team: Team, runs: RunStore, view: Callable[[str], RunView | None]) -> None:
        """`view` gives how a run stands."""
        self._team, self._runs, self._view = team, runs, view

    def count(self, flow_id: str, event: RunEvent) -> None:
        """Count a run that ended for the groups of whoever asked; nothing without a team."""
        if isinstance(event, ENDS):
            with suppress(FlowloomError):  # An answer that is there is not lost because the disk is full.
                self._count(flow_id, event)

    def _count(self, flow_id: str, event: RunEvent) -> None:
        owner = self._team.console.owner(flow_id)
        if owner is None:
            return
        row = self._runs.asked_by(event.run_id)
        view = self._view(event.run_id)
        if row is None or view is None:
            return
        guest, reader = row
        if not guest.is_other:
            groups: Sequence[str] | None = owner.groups
        else:
            groups = reader.groups if reader.name and guest.via == PAGE else None
        names = [OUTSIDE] if groups is None else [f"{GROUP}{each}" for each in groups] or [NO_GROUP]
        self._team.console.use.count(names, view.usage.cost or 0.0)
