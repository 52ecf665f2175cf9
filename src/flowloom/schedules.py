"""Runs GPTs by the clock: each time once, whichever of several processes is first."""

import time
from asyncio import TimerHandle
from collections.abc import Callable

from flowloom.errors import FlowloomError, Problem
from flowloom.flow.model import Flow
from flowloom.run.events import ENDS, RunEvent
from flowloom.runner import Runner, require_runnable
from flowloom.services.recurrence import Every
from flowloom.store.runs import SCHEDULE, RunStore
from flowloom.store.schedules import Missed, Schedule, ScheduleStore

LOOK = 30.0
"""Seconds between looks at the clock, since a computer may sleep and its clock may jump."""
LATE = 300.0
"""Seconds after which a time counts as missed."""


class Schedules:
    """The schedules of one installation."""

    def __init__(
        self,
        store: ScheduleStore,
        runs: RunStore,
        runner: Runner,
        flow_of: Callable[[str], Flow],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`flow_of` gives a GPT as it is to run now. Raises FlowloomError where it is gone."""
        self.store, self._runs, self._runner, self._flow_of, self._clock = store, runs, runner, flow_of, clock
        self._timer: TimerHandle | None = None
        runner.watch(self._hear)

    def begin(self) -> None:
        """Look at the clock from now on."""
        self._runner.in_loop(self.look)

    def add(self, flow: str, message: str, every: Every, missed: Missed = "once") -> str:
        """Have a GPT asked again and again; the id of the schedule."""
        id = self.store.add(flow, message, every, missed, self._clock())
        self.begin()
        return id

    def switch(self, id: str, active: bool) -> None:
        """Have it happen, or not; what it missed meanwhile is not made up."""
        schedule = self.store.get(id)
        if schedule:
            self.store.activate(id, active, schedule.every.next_after(self._clock()))
            self.begin()

    def run_now(self, id: str) -> None:
        """Ask it once, beside its times."""
        schedule = self.store.get(id)
        if schedule:
            self._runner.in_loop(self._run, schedule)

    def look(self) -> None:
        """Run what is due, and look again at the next time; to be called in the loop of the runs."""
        if self._timer:
            self._timer.cancel()
        if self._runner.is_held:
            return
        now = self._clock()
        for schedule in self.store.due(now):
            # The next time is kept before it runs: what ends in between is not done twice.
            if self.store.take(schedule, schedule.every.next_after(now)):
                is_missed = now - schedule.next > LATE
                if not (is_missed and schedule.missed == "skip"):
                    self._run(schedule)
        following = self.store.next_time()
        wait = LOOK if following is None else min(LOOK, max(0.05, following - self._clock()))
        self._timer = self._runner.later(wait, self.look)

    def _run(self, schedule: Schedule) -> None:
        try:
            flow = self._flow_of(schedule.flow)
            require_runnable(flow)
            with self._runs.whole():
                conversation = self._runs.new_conversation(flow.id, via=SCHEDULE)
                run = self._runner.start(flow, schedule.message, conversation, unattended=True)
                self.store.ran(schedule.id, self._clock(), run)
        except FlowloomError as error:
            self.store.ran(schedule.id, self._clock(), "", error.problem)

    def _hear(self, flow_id: str, event: RunEvent) -> None:
        if isinstance(event, ENDS) and self._runs.via_of(event.run_id) == SCHEDULE:
            view = self._runner.view(event.run_id)
            stopped = Problem.of("schedule.stopped", "The run was stopped.", "It runs again at its next time.")
            problem = view.problem if view else None
            self.store.ended(event.run_id, stopped if event.type == "run_cancelled" else problem)
