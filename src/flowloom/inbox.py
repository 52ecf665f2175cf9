"""Questions to people: answered once, by whoever is first, or by their deadline."""

import time
from asyncio import TimerHandle
from contextlib import suppress

from flowloom.errors import FlowloomError
from flowloom.kinds.people import Reply
from flowloom.runner import Runner
from flowloom.store.questions import QuestionStore

LOOK = 60.0
"""Seconds between looks at the deadlines, since a computer may sleep and its clock may jump."""


class Inbox:
    """Takes the answers and lets the runs go on."""

    def __init__(self, questions: QuestionStore, runner: Runner) -> None:
        self._questions, self._runner = questions, runner
        self._timer: TimerHandle | None = None
        runner.in_loop(self._look)
        runner.watch(lambda flow_id, event: self._look() if event.type == "node_asked" else None)

    def answer(self, id: str, reply: Reply) -> None:
        """Keep an answer and let its run go on. Raises StoreError where it comes too late to count."""
        asked = self._questions.answer(id, reply.model_copy(update={"at": time.time()}))
        self._runner.go_on(asked.run)

    def _look(self) -> None:
        """Answer what is overdue by its default, go on with what was answered, and look again at the next deadline.

        A process may have ended between an answer and the run that waits for it.
        """
        if self._timer:
            self._timer.cancel()
        for run in self._questions.taken_up_late():
            self._go_on(run)
        for asked in self._questions.overdue(time.time()):
            default = asked.question.default or Reply()
            with suppress(FlowloomError):  # Somebody was quicker.
                self.answer(asked.id, default.model_copy(update={"in_time": False}))
        deadline = self._questions.next_deadline()
        wait = LOOK if deadline is None else min(LOOK, max(0.01, deadline - time.time()))
        self._timer = self._runner.later(wait, self._look)

    def _go_on(self, run: str) -> None:
        with suppress(FlowloomError):  # It stays where it is; its chat says why when somebody lets it go on.
            self._runner.go_on(run)
