"""Runs from start to end in the background: log first, then whoever watches."""

import asyncio
import concurrent.futures
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Condition, Thread, current_thread
from typing import Any
from uuid import uuid4

from flowloom.errors import FlowloomError, Problem, StoreError, first_of
from flowloom.flow.model import Flow, Node
from flowloom.handover import Handover
from flowloom.kinds.context import Turn
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import Services
from flowloom.kinds.values import Attachment
from flowloom.run.events import RunCancelled, RunEvent, RunPaused
from flowloom.run.execution.executor import Run
from flowloom.run.execution.resume import under_way
from flowloom.run.planning.check import blocking, find_problems
from flowloom.run.planning.nested_nodes import node_at
from flowloom.run.planning.plan import Plan, plan_of
from flowloom.run.reading.view import RunView, view_of
from flowloom.run_persistence import LOOK, STOP, KeptRuns, lease_of
from flowloom.saved_answers import Nearness, answering_at_once, find_saved
from flowloom.store.leases import LeaseLost, Leases
from flowloom.store.questions import ConversationPeople, QuestionStore
from flowloom.store.runs import RunStore

Watcher = Callable[[str, RunEvent], None]
Outside = Callable[[str, str], Services]
"""`outside(flow_id, conversation)`: what a flow may use there."""
During = Callable[[Services, Plan, Turn, str, str], Services]
"""`during(services, plan, turn, conversation, run_id)`: the same for a run that is no trial."""
KEPT = 200
"""How many ended runs stay in memory; older ones are folded from the log."""


@dataclass(slots=True)
class _Live:
    """A run this process started."""

    flow_id: str
    conversation: str
    view: RunView = field(default_factory=RunView)
    run: Run | None = None
    future: "Future[None] | None" = None
    on_event: Callable[[RunEvent], None] | None = None
    """Who hears of its events, also after a pause."""
    lost: bool = False
    """Whether another process goes on with it, so that only the log says how it stands."""


class Runner:
    """Starts runs on a loop of its own, so that a closed tab or a rerun stops nothing."""

    def __init__(
        self,
        runs: RunStore,
        questions: QuestionStore,
        leases: Leases,
        outside: Outside,
        during: During,
        on_close: Callable[[], Awaitable[None]],
        nearness: Nearness | None = None,
        handover: Handover | None = None,
    ) -> None:
        self._on_close, self._nearness, self._handover = on_close, nearness, handover
        self._runs, self._questions, self.kept = runs, questions, KeptRuns(runs, questions, leases)
        self._outside, self._during = outside, during
        self._live: dict[str, _Live] = {}
        self._watchers: list[Watcher] = []
        self._news = Condition()
        self._closing = self.is_held = False
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="flowloom-runs", daemon=True)
        self._thread.start()
        leases.on_tick(self._tick)

    def start(
        self,
        flow: Flow,
        message: str,
        conversation: str,
        attachments: Sequence[Attachment] = (),
        *,
        language: str | None = None,
        on_event: Callable[[RunEvent], None] | None = None,
        instead_of: int | None = None,
        unattended: bool = False,
    ) -> str:
        """Begin a run and return its id. Raises FlowFileError where the flow has problems.

        One that is `unattended` is left to a worker, where there is one. `language` is that of the person; the
        flow's own where nobody is there. The turn `instead_of` which this is asked is hidden with all that was
        said after it.
        """
        flow = flow.model_copy(update={"language": language or flow.language})
        flow = self._at_once(flow, message, conversation, attachments)
        plan = plan_of(flow, all_kinds())
        run_id, may_leave = uuid4().hex, unattended and self._may_leave()
        with self._runs.whole():
            if instead_of is not None:
                self._runs.hide_from(conversation, instead_of)
            turn = self._runs.next_turn(conversation, message, attachments)
            self.kept.begin(run_id, conversation, flow, turn)
            is_left = may_leave and self._left(run_id, flow)
        if not is_left:
            self.launch(plan, turn, conversation, run_id, on_event=on_event)
        return run_id

    def _may_leave(self) -> bool:
        return self._handover is not None and self._handover.takes()

    def _left(self, run_id: str, flow: Flow | None = None) -> bool:
        return self._handover is not None and self._handover.leave(run_id, flow)

    def _at_once(self, flow: Flow, message: str, conversation: str, attachments: Sequence[Attachment]) -> Flow:
        """The flow that gives a saved answer, where the message asks for one; else the flow as it is."""
        # A message with files is about them, and where a person is waited for it is about that.
        if not flow.saved_answers or attachments or self._runs.paused(conversation):
            return flow
        saved = find_saved(flow.saved_answers, message, self._nearness)
        return answering_at_once(flow, saved) if saved else flow

    def resume(self, run_id: str) -> None:
        """Take up a run whose process ended; what has ended in it does not run again, and nothing runs twice.

        Does nothing where the run has ended or is under way, here or in another process. Raises FlowFileError
        where it cannot run any more.
        """
        # In the one thread of all runs, so that of two who ask at the same moment only one begins it.
        self.in_loop(self._resume, run_id)

    def go_on(self, run_id: str) -> None:
        """Somebody has answered a question of this run. Raises FlowFileError where it cannot run any more."""
        self.in_loop(self._go_on, run_id)

    def in_loop(self, function: Callable[..., None], *values: object) -> None:
        """Call a function in the thread of the runs, and wait for it unless that is where we are."""
        if current_thread() is self._thread:
            function(*values)
            return

        async def call() -> None:
            function(*values)

        asyncio.run_coroutine_threadsafe(call(), self._loop).result()

    def later(self, seconds: float, function: Callable[[], None]) -> asyncio.TimerHandle:
        """Call a function in the thread of the runs after a while; itself to be called there."""
        return self._loop.call_later(seconds, function)

    def _go_on(self, run_id: str) -> None:
        live = self._live.get(run_id)
        if live and live.run and live.view.state == "running":
            live.run.wake()
        elif not self.is_unsure(run_id):
            self._pass_on(run_id)

    def pass_on(self, run_id: str) -> None:
        """Have a run taken up that nobody has: by a worker where nobody waits for it, else here.

        Raises FlowFileError where it cannot run any more.
        """
        self.in_loop(self._pass_on, run_id)

    def _pass_on(self, run_id: str) -> None:
        handover = self._handover
        if handover and handover.takes() and handover.crew.is_unattended(run_id):
            handover.leave(run_id)
        else:
            self._take(run_id)

    def take(self, run_id: str) -> bool:
        """Take up a run here that waits for a worker, or whose process ended; whether it is under way here now.

        Raises FlowFileError where it cannot run any more.
        """
        self.in_loop(self._take, run_id)
        live = self._live.get(run_id)
        return live is not None and live.view.state == "running"

    def is_unsure(self, run_id: str) -> bool:
        """Whether a run was cut off in the middle of what must not happen twice, so that a person has to say."""
        return run_id not in self._runs.at_pause([run_id]) and bool(self.risky(run_id))

    def _go_on_unless_gone(self, run_id: str) -> None:
        with suppress(FlowloomError):  # Its chat says why when somebody lets it go on.
            self._go_on(run_id)

    def _resume(self, run_id: str) -> None:
        if not self.is_running(run_id):
            self._take(run_id)

    def _take(self, run_id: str) -> None:
        live = self._live.get(run_id)
        if (live and live.view.state == "running") or self._runs.flow_of(run_id) is None:
            return
        taken = self.kept.take_up(run_id)
        if taken is None:
            return
        plan, turn, conversation, past = taken
        before = self._live.get(run_id)
        self.launch(plan, turn, conversation, run_id, past, before.on_event if before else None)

    def interrupted(self, conversation: str) -> str | None:
        """The run of a conversation whose process ended before it did."""
        return self._last_at_rest(self._runs.unfinished(conversation))

    def paused(self, conversation: str) -> str | None:
        """The run of a conversation that waits for a person."""
        return self._last_at_rest(self._runs.paused(conversation))

    def _last_at_rest(self, runs: Sequence[str]) -> str | None:
        return next((run_id for run_id in reversed(runs) if not self.is_running(run_id)), None)

    def risky(self, run_id: str) -> list[Node]:
        """What was under way when the process of a run ended, and may have been done already."""
        flow, kinds = self._runs.flow_of(run_id), all_kinds()
        if flow is None:
            return []
        nodes = [node_at(flow, kinds, name) for name in under_way(self._runs.events(run_id))]
        return [
            node for node in nodes if node and node.kind in kinds and not kinds[node.kind].may_repeat(node.config)
        ]

    def give_up(self, run_id: str) -> None:
        """End an interrupted run as it is; one that another process goes on with is asked to stop."""
        if self.kept.end(run_id):
            self._live.pop(run_id, None)

    def launch(
        self,
        plan: Plan,
        turn: Turn,
        conversation: str,
        run_id: str,
        past: Sequence[RunEvent] = (),
        on_event: Callable[[RunEvent], None] | None = None,
    ) -> None:
        """Let a run go on from its log, or begin it where that is empty."""
        people = ConversationPeople(self._questions, run_id, conversation, plan.flow_id)
        services = replace(self.services(plan.flow_id, conversation), people=people)
        services = self._during(services, plan, turn, conversation, run_id)
        live = self._live[run_id] = _Live(plan.flow_id, conversation, _under_way(past), on_event=on_event)
        self._forget_old()

        def emit(events: Sequence[RunEvent]) -> None:
            if (self._closing or live.lost) and isinstance(events[-1], RunCancelled):
                events = events[:-1]  # It is not the person who ends it: it can be taken up at the next start.
            view = live.view.apply_all(events)
            # Log before showing: a crash must not lose what the person saw.
            self.kept.keep(events, view, conversation)
            self._show(live, events, view)

        live.run = Run(plan, turn, services, emit, run_id, past)
        live.future = asyncio.run_coroutine_threadsafe(self._go(live.run, live, run_id), self._loop)

    def services(self, flow_id: str, conversation: str) -> Services:
        """The outside world of a run in a conversation, in which there is nobody to ask."""
        return self._outside(flow_id, conversation)

    def begin(self, work: Coroutine[Any, Any, None]) -> "Future[None]":
        """Let something go, say a run, that nobody follows but who made it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _go(self, run: Run, live: _Live, run_id: str) -> None:
        try:
            await run.go()
        except Exception as error:
            # What happens can no longer be written down, so nothing more may happen; the log can be taken up.
            self._leave(run_id, live, first_of(error))

    def _leave(self, run_id: str, live: _Live, why: BaseException) -> None:
        """Stop a run of which nothing more can be kept; here or elsewhere it can be taken up."""
        live.lost = isinstance(why, LeaseLost)
        problem = Problem.of(
            "run.log",
            "Flowloom couldn’t save this run ({kind}), so it stopped here.",
            "Check that there is free disk space, then continue it.",
            kind=why.problem.message.rstrip(".") if isinstance(why, StoreError) else type(why).__name__,
        )
        with suppress(FlowloomError):
            self.kept.let_go(run_id)
        said = why.problem if isinstance(why, LeaseLost) else problem
        self._tell_news(live, replace(live.view, state="failed", problem=said))

    def _tick(self, lost: frozenset[str], wishes: dict[str, str]) -> None:
        """What other processes did meanwhile: they took over, want a run stopped, or answered a question."""
        for run_id, live in list(self._live.items()):
            if live.run is None or live.future is None or live.view.state != "running":
                continue
            if lease_of(run_id) in lost:
                live.lost = True
                live.future.cancel()
                self._tell_news(live, replace(live.view, state="failed", problem=LeaseLost().problem))
            elif wishes.get(lease_of(run_id)) == STOP:
                live.future.cancel()
            elif not self._loop.is_closed():
                self._loop.call_soon_threadsafe(live.run.wake)

    def _tell_news(self, live: _Live, view: RunView) -> None:
        with self._news:
            live.view = view
            self._news.notify_all()

    def _show(self, live: _Live, events: Sequence[RunEvent], view: RunView) -> None:
        self._tell_news(live, view)
        for event in events:
            if isinstance(event, RunPaused) and event.run_id in self._questions.taken_up_late(event.run_id):
                # Somebody answered in another process, which left it to this one as long as it was at work.
                self._loop.call_soon(self._go_on_unless_gone, event.run_id)
            for watcher in tuple(self._watchers):
                watcher(live.flow_id, event)
            if live.on_event:
                live.on_event(event)

    def _forget_old(self) -> None:
        ended = [run_id for run_id, live in self._live.items() if live.view.state != "running"]
        for run_id in ended[:-KEPT]:
            del self._live[run_id]

    def busy(self) -> int:
        """How many runs are under way here."""
        return sum(live.view.state == "running" for live in list(self._live.values()))

    def hold(self) -> None:
        """Tell who begins runs by themselves to begin none any more: `is_held` says so from now on."""
        self.is_held = True

    @property
    def is_closed(self) -> bool:
        """Whether nothing can begin here any more."""
        return self._closing or not self._thread.is_alive()

    def cancel(self, run_id: str) -> None:
        """Stop a run, also one that waits for a person or is under way in another process."""
        live = self._live.get(run_id)
        if live and live.future and live.view.state == "running":
            live.future.cancel()
        else:
            self.give_up(run_id)

    def end_all(self, run_ids: Iterable[str]) -> None:
        """The same as `end` for several; where one cannot be ended, the others are."""
        for run_id in run_ids:
            with suppress(FlowloomError):
                self.end(run_id)

    def end(self, run_id: str, patience: float = 10.0) -> None:
        """Stop a run, in whichever process, and forget it here: after this nothing more is kept of it.

        `patience` is in seconds; what does not stop by then loses the right to write.
        """
        until = time.monotonic() + patience
        self.cancel(run_id)
        live = self._live.get(run_id)
        with self._news:
            self._news.wait_for(lambda: live is None or live.view.state != "running", patience)
        while self.kept.is_elsewhere(run_id) and time.monotonic() < until:
            time.sleep(LOOK)
        self.kept.let_go(run_id)
        self._live.pop(run_id, None)

    def view(self, run_id: str) -> RunView | None:
        """The run as it stands; an older one, or one of another process, is folded from its log."""
        live = self._live.get(run_id)
        if live and not self._moved_on(run_id, live):
            return live.view
        events = self._runs.events(run_id)
        if self._live.get(run_id) is not live:
            return self.view(run_id)  # It was taken up here while the log was read.
        is_elsewhere = self.kept.is_elsewhere(run_id)
        if not events:
            return RunView(run_id=run_id) if is_elsewhere else None
        view = view_of(events)
        return self._on_its_way(view) if is_elsewhere else view.interrupted()

    @staticmethod
    def _on_its_way(view: RunView) -> RunView:
        """One that was answered stands at its pause in the log until a worker takes it up."""
        return replace(view, state="running") if view.state == "paused" else view

    def _moved_on(self, run_id: str, live: _Live) -> bool:
        """Whether another process went on with a run that had stopped here."""
        at_rest = live.lost or live.view.state == "paused"
        if not at_rest or live.lost:
            return at_rest
        return self._runs.last_seq(run_id) >= live.view.count or self.kept.is_elsewhere(run_id)

    def is_running(self, run_id: str) -> bool:
        """Whether a run is under way, in this process or another."""
        live = self._live.get(run_id)
        return (live is not None and live.view.state == "running") or self.kept.is_elsewhere(run_id)

    def active(self, conversation: str) -> str | None:
        """The run under way in a conversation, in this process or another."""
        for run_id, live in reversed(list(self._live.items())):
            if live.conversation == conversation and live.view.state == "running":
                return run_id
        elsewhere = reversed(self._runs.unfinished(conversation))
        return next((run_id for run_id in elsewhere if self.kept.is_elsewhere(run_id)), None)

    def count_running(self, flow_id: str) -> int:
        """How many runs of a flow this process has under way."""
        return sum(each.flow_id == flow_id and each.view.state == "running" for each in list(self._live.values()))

    def latest(self, flow_id: str) -> str | None:
        """The run of a flow that started last."""
        return self._runs.latest_run(flow_id)

    def wait(self, run_id: str, after: int, timeout: float) -> int:
        """Block until the run has more than `after` events or `timeout` seconds passed; how many there are."""
        live = self._live.get(run_id)
        if live is None or live.lost:
            return self.kept.wait_elsewhere(run_id, after, timeout)
        with self._news:
            self._news.wait_for(lambda: live.view.count > after or live.view.state != "running", timeout)
            return live.view.count

    def finished(self, run_id: str) -> RunView:
        """Wait for the end of a run."""
        live = self._live[run_id]
        if live.future:
            # Rather than being woken by every event on the way.
            concurrent.futures.wait([live.future])
        while live.view.state == "running":
            self.wait(run_id, live.view.count, 60)
        return live.view

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher(flow_id, event)` for every event of every run; returns what ends it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def close(self) -> None:
        """Let go of what runs, which can be taken up later, and end the loop."""
        if self._loop.is_closed():
            return
        self._closing = True
        asyncio.run_coroutine_threadsafe(self._drain(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _drain(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._on_close()


def problems_of(flow: Flow) -> list[Problem]:
    """What would stop a run of this flow."""
    return blocking(find_problems(flow, all_kinds()))


def require_runnable(flow: Flow, error: type[FlowloomError] = FlowloomError) -> None:
    """Raises the error, with the first problem, where something would stop a run of this flow."""
    for problem in problems_of(flow):
        raise error.from_problem(problem)


def _under_way(past: Sequence[RunEvent]) -> RunView:
    return replace(view_of(past), state="running", ended=None)
