"""What a run leaves in the database: each step whole or not at all, and only by the process that has the run."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.kinds.context import Turn
from flowloom.kinds.registry import all_kinds
from flowloom.run.events import ENDS, PASSING, NodeAnswered, RunCancelled, RunEvent, RunPaused
from flowloom.run.planning.plan import Plan, plan_of
from flowloom.run.reading.view import RunView, view_of
from flowloom.store.leases import Leases
from flowloom.store.questions import QuestionStore
from flowloom.store.runs import RunStore

STOP = "stop"
"""What one wishes of the process that has a run."""
LOOK = 0.1
"""Seconds between looks at the log of a run of another process."""


class TakenUp(NamedTuple):
    """A run that this process goes on with."""

    plan: Plan
    turn: Turn
    conversation: str
    past: Sequence[RunEvent]


class KeptRuns:
    """The runs as they are kept, and which process has them."""

    def __init__(self, runs: RunStore, questions: QuestionStore, leases: Leases) -> None:
        self._runs, self._questions, self._leases = runs, questions, leases

    def begin(self, run_id: str, conversation: str, flow: Flow, turn: Turn, past: Sequence[RunEvent] = ()) -> None:
        """Keep that a run of this process begins: what it was asked, its flow, and the log it begins with."""
        with self._runs.whole():
            self._leases.claim(lease_of(run_id))
            self._runs.begin(run_id, conversation, flow)
            self._runs.add_turn(conversation, "user", turn.message, run_id=run_id, attachments=turn.attachments)
            self._runs.append_all(past, conversation)

    def keep(self, events: Sequence[RunEvent], view: RunView, conversation: str) -> None:
        """Write events down that happened together, with all that belongs to them, whole or not at all.

        `view` is the run after the last of them. Raises LeaseLost.
        """
        kept = [event for event in events if not isinstance(event, PASSING)]
        if not kept:
            return
        lease = lease_of(kept[0].run_id)
        with self._runs.of_one_run():
            self._leases.require(lease)
            self._runs.append_all(kept, conversation)
            for event in kept:
                if isinstance(event, NodeAnswered):
                    self._questions.taken(event.id)
            if isinstance(kept[-1], ENDS):
                self._end(view, conversation)
            elif isinstance(kept[-1], RunPaused):
                # Whoever hears the answer goes on, in whichever process.
                self._leases.release(lease)

    def _end(self, view: RunView, conversation: str) -> None:
        self._runs.add_answer(view, conversation)
        self._runs.tell(view)
        self._questions.withdraw(view.run_id)
        self._leases.release(lease_of(view.run_id))

    def take_up(self, run_id: str) -> TakenUp | None:
        """Go on with a run that no process has; None where it has ended or another was quicker.

        Raises FlowloomError where it cannot run any more.
        """
        with self._runs.whole():
            flow = self._runs.flow_of(run_id)
            if flow is None or not self._leases.claim(lease_of(run_id)):
                return None
            try:
                past = self._runs.events(run_id)
                conversation, turn = self._runs.turn_of(run_id)
                plan = plan_of(flow, all_kinds())
                self._runs.take_up(run_id, past[-1].seq if past else -1)
            except FlowloomError:
                self._leases.release(lease_of(run_id))
                raise
        return TakenUp(plan, turn, conversation, past)

    def end(self, run_id: str) -> bool:
        """End a run that is not under way here; False where another process has it, which is asked to stop."""
        with self._runs.whole():
            if self._runs.flow_of(run_id) is None:
                return False
            if not self._leases.claim(lease_of(run_id)):
                self._leases.wish(lease_of(run_id), STOP)
                return False
            past = self._runs.events(run_id)
            conversation, _ = self._runs.turn_of(run_id)
            # It took until it was cut off, however late someone gives it up.
            at = past[-1].at if past else time.time()
            end = RunCancelled(run_id=run_id, seq=past[-1].seq + 1 if past else 0, at=at)
            self._runs.append(end, conversation)
            self._end(replace(view_of(past).interrupted(), run_id=run_id), conversation)
        return True

    def let_go(self, run_id: str) -> None:
        """Leave a run to whoever takes it up."""
        self._leases.release(lease_of(run_id))

    def is_elsewhere(self, run_id: str) -> bool:
        """Whether another process that is at work has the run."""
        return self._leases.held_elsewhere(lease_of(run_id))

    def wait_elsewhere(self, run_id: str, after: int, timeout: float) -> int:
        """Wait until a run of another process has more than `after` events; how many there are."""
        until = time.monotonic() + timeout
        while (count := self._runs.last_seq(run_id) + 1) <= after and self.is_elsewhere(run_id):
            if time.monotonic() >= until:
                break
            time.sleep(LOOK)
        return max(count, after)


def lease_of(run_id: str) -> str:
    return f"run:{run_id}"
