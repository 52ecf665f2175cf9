"""Runs from start to end in the background: log first, then whoever watches."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread
from uuid import uuid4

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.kinds.context import Http, Knowledge, Models, Services, Turn
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Attachment
from flowloom.run.check import blocking, find_problems
from flowloom.run.events import ENDS, RunEvent
from flowloom.run.executor import execute
from flowloom.run.plan import plan_of
from flowloom.run.view import RunView, view_of
from flowloom.store.runs import ConversationVariables, RunStore

Watcher = Callable[[str, RunEvent], None]
KEPT = 200
"""How many ended runs stay in memory; older ones are folded from the log."""


@dataclass(slots=True)
class _Live:
    """A run this process started."""

    flow_id: str
    conversation: str
    view: RunView = field(default_factory=RunView)
    future: "Future[None] | None" = None


class Runner:
    """Starts runs on a loop of its own, so that a closed tab or a rerun stops nothing."""

    def __init__(
        self,
        runs: RunStore,
        models: Models,
        knowledge: Callable[[str], Knowledge],
        http: Callable[[], Http],
        on_close: Callable[[], Awaitable[None]],
    ) -> None:
        self._on_close = on_close
        self._runs, self._models, self._knowledge, self._http = runs, models, knowledge, http
        self._live: dict[str, _Live] = {}
        self._watchers: list[Watcher] = []
        self._news = Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="flowloom-runs", daemon=True)
        self._thread.start()

    def start(
        self,
        flow: Flow,
        message: str,
        conversation: str,
        attachments: Sequence[Attachment] = (),
        *,
        language: str | None = None,
        on_event: Callable[[RunEvent], None] | None = None,
    ) -> str:
        """Begin a run and return its id. Raises FlowFileError where the flow has problems.

        `language` is that of the person; the flow's own where nobody is there.
        """
        plan = plan_of(flow.model_copy(update={"language": language or flow.language}), all_kinds())
        turn = Turn(message, self._runs.history(conversation), tuple(attachments))
        services = Services(
            self._models,
            self._knowledge(flow.id),
            self._http(),
            ConversationVariables(self._runs, conversation),
        )
        run_id = uuid4().hex
        live = self._live[run_id] = _Live(flow.id, conversation)
        self._forget_old()
        self._runs.add_turn(conversation, "user", message, run_id=run_id, attachments=attachments)

        def emit(event: RunEvent) -> None:
            # Log before showing: a crash must not lose what the person saw.
            self._runs.append(event, conversation)
            self._show(live, event)
            if on_event:
                on_event(event)

        work = execute(plan, turn, services, emit, run_id)
        live.future = asyncio.run_coroutine_threadsafe(work, self._loop)
        return run_id

    def _show(self, live: _Live, event: RunEvent) -> None:
        view = live.view.apply(event)
        if isinstance(event, ENDS):
            self._keep_answer(live, view)
        with self._news:
            live.view = view
            self._news.notify_all()
        for watcher in tuple(self._watchers):
            watcher(live.flow_id, event)

    def _keep_answer(self, live: _Live, view: RunView) -> None:
        self._runs.add_turn(live.conversation, "assistant", view.text, run_id=view.run_id, problem=view.problem)

    def _forget_old(self) -> None:
        ended = [run_id for run_id, live in self._live.items() if live.view.state != "running"]
        for run_id in ended[:-KEPT]:
            del self._live[run_id]

    def cancel(self, run_id: str) -> None:
        live = self._live.get(run_id)
        if live and live.future:
            live.future.cancel()

    def view(self, run_id: str) -> RunView | None:
        """The run as it stands; an older one is folded from its log."""
        live = self._live.get(run_id)
        if live:
            return live.view
        events = self._runs.events(run_id)
        return view_of(events).interrupted() if events else None

    def active(self, conversation: str) -> str | None:
        """The run under way in a conversation."""
        for run_id, live in reversed(list(self._live.items())):
            if live.conversation == conversation and live.view.state == "running":
                return run_id
        return None

    def latest(self, flow_id: str) -> str | None:
        """The run of a flow that started last."""
        return self._runs.latest_run(flow_id)

    def wait(self, run_id: str, after: int, timeout: float) -> int:
        """Block until the run has more than `after` events or `timeout` seconds passed; how many there are."""
        live = self._live.get(run_id)
        if live is None:
            return after
        with self._news:
            self._news.wait_for(lambda: live.view.count > after or live.view.state != "running", timeout)
            return live.view.count

    def finished(self, run_id: str) -> RunView:
        """Wait for the end of a run."""
        live = self._live[run_id]
        while live.view.state == "running":
            self.wait(run_id, live.view.count, 60)
        return live.view

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher(flow_id, event)` for every event of every run; returns what ends it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def close(self) -> None:
        """Cancel what runs, tell it, and end the loop."""
        if self._loop.is_closed():
            return
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
