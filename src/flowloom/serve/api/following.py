"""A run as a call follows it: from the thread of the runs to the loop of the server, and never more than one answer
is held for a slow reader.
"""

import asyncio
from collections.abc import Callable, Mapping
from threading import Lock
from typing import NamedTuple

from flowloom.run.events import (
    ENDS,
    RELAYED,
    NodeAnswered,
    NodeAsked,
    NodeFinished,
    NodeProgress,
    NodeStarted,
    RunCancelled,
    RunEvent,
    RunFailed,
    RunFinished,
    RunPaused,
    RunResumed,
    RunStarted,
)
from flowloom.run.reading.view import RunState, RunView
from flowloom.runner import Runner

LOOK = 1.0
"""Seconds between looks at a run that another process may have."""


class _Part:
    """What one block answers; `shown` is what was taken of it, `fresh` what was not yet."""

    def __init__(self) -> None:
        self.shown, self.fresh, self.done, self.anew = "", "", False, False
        self._begins = True
        """Whether what is taken next begins a paragraph of its own."""

    @property
    def whole(self) -> str:
        return self.shown + self.fresh

    def add(self, text: str) -> None:
        if self.anew:
            self.replace(text)
        else:
            self.fresh += text

    def replace(self, text: str) -> None:
        """The block answers otherwise: what was shown cannot be taken back, so it follows below."""
        self.anew = False
        if text.startswith(self.shown):
            self.fresh = text[len(self.shown) :]
        else:
            self.shown, self.fresh, self._begins = "", text, True

    def take(self, after_others: bool) -> str:
        if not self.fresh:
            return ""
        gap = "\n\n" if self._begins and after_others else ""
        taken, self.fresh, self._begins = self.fresh, "", False
        self.shown += taken
        return gap + taken


class AnswerText:
    """The answer of a run in pieces that are never taken back: one block after the other."""

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}
        self._any = False

    def begin(self, view: RunView) -> None:
        """Start from what a run has answered so far."""
        for answer in view.answers:
            part = self._parts.setdefault(answer.node, _Part())
            part.add(answer.text)
            part.done = answer.done

    def hear(self, event: RunEvent) -> None:
        match event:
            case NodeProgress(port=port) if port == RELAYED:
                part = self._parts.setdefault(event.node, _Part())
                part.done = False
                if event.afresh:
                    part.replace(event.text)
                else:
                    part.add(event.text)
            case NodeFinished(answer=str(answer)) if not event.call:
                part = self._parts.setdefault(event.node, _Part())
                if part.whole != answer:
                    part.replace(answer)
                part.done, part.anew = True, False
            case NodeStarted() if event.node in self._parts and not event.call:
                self._parts[event.node].anew = True

    def take(self, over: bool) -> str:
        """What is new; at the end of a run all of it."""
        taken = ""
        for part in self._parts.values():
            piece = part.take(self._any)
            self._any = self._any or bool(piece)
            taken += piece
            if not part.done and not over:
                break
        return taken


class Heard(NamedTuple):
    """What a follower is told: new text, whether it was all, and whether the log has news of the run itself."""

    text: str
    over: bool
    marked: bool


MARKS = (RunStarted, NodeAsked, NodeAnswered, RunPaused, RunResumed, *ENDS)
"""What is told of a run beside its text."""
_STATES: Mapping[type[RunEvent], RunState] = {
    RunPaused: "paused",
    RunFinished: "finished",
    RunFailed: "failed",
    RunCancelled: "cancelled",
}


class Follower:
    """One who follows one run. To be made, asked and closed in the loop of the server."""

    def __init__(
        self, runner: Runner, run_id: str, leave: Callable[["Follower"], None], with_text: bool = True
    ) -> None:
        """Without its text it is not woken by each piece."""
        self.run_id, self._with_text = run_id, with_text
        self._runner, self._leave = runner, leave
        self._loop, self._wake, self._lock = asyncio.get_running_loop(), asyncio.Event(), Lock()
        self._early: list[RunEvent] | None = []
        self._text, self._from, self._told, self._marked = AnswerText(), 0, False, False
        self._state: RunState = "running"

    def begin(self) -> None:
        """Take what has happened so far; reads the log where the run is an old one."""
        view = self._runner.view(self.run_id) or RunView(state="cancelled")
        with self._lock:
            self._from, early = view.count, self._early or []
            self._early = None
            self._text.begin(view)
            self._state = view.state
            for event in early:
                self._apply(event)

    def hear(self, event: RunEvent) -> None:
        """In the thread of the runs."""
        if not self._with_text and not isinstance(event, MARKS):
            return
        with self._lock:
            if self._early is not None:
                self._early.append(event)
                return
            self._apply(event)
            if self._told:
                return
            self._told = True
        self._call(self._wake.set)

    def _apply(self, event: RunEvent) -> None:
        if event.seq >= self._from:
            if self._with_text:
                self._text.hear(event)
            self._state = _STATES.get(type(event), "running")
            self._marked = self._marked or isinstance(event, MARKS)

    def _call(self, function: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(function)
        except RuntimeError:  # The server has ended meanwhile.
            self._leave(self)

    async def more(self, seconds: float | None = None, *, through_pauses: bool = False) -> Heard:
        """What happened since; waits until there is something, or for so many seconds.

        With `through_pauses` a run that waits for a person is not over.
        """
        until = None if seconds is None else self._loop.time() + seconds
        while True:
            heard = self._take(through_pauses)
            if heard.text or heard.over or heard.marked or (until is not None and self._loop.time() >= until):
                return heard
            try:
                await asyncio.wait_for(self._wake.wait(), LOOK)
            except TimeoutError:
                await asyncio.to_thread(self._look)

    def _take(self, through_pauses: bool) -> Heard:
        with self._lock:
            self._wake.clear()
            self._told = False
            over = self._state not in ("running", "paused") or (self._state == "paused" and not through_pauses)
            marked, self._marked = self._marked, False
            return Heard(self._text.take(self._state != "running"), over, marked)

    def _look(self) -> None:
        """Whether a run of another process has come to an end or a pause, of which nobody tells."""
        view = self._runner.view(self.run_id)
        if view is None or view.state == self._state:
            return
        with self._lock:
            if view.count < self._from:
                return
            for answer in view.answers:
                self._text.hear(_as_finished(view, answer.node, answer.text))
            self._state, self._marked = view.state, True

    def close(self) -> None:
        self._leave(self)


def _as_finished(view: RunView, node: str, text: str) -> NodeFinished:
    return NodeFinished(
        run_id=view.run_id, seq=view.count, at=view.ended or 0.0, node=node, outputs={}, seconds=0.0, answer=text
    )


class RunFeed:
    """Hands each event to those who follow its run."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self._followers: dict[str, tuple[Follower, ...]] = {}
        self._lock = Lock()
        runner.watch(self._hear)

    def follow(self, run_id: str, with_text: bool = True) -> Follower:
        """Hear of a run from now on; `begin` then takes what happened before."""
        found = Follower(self.runner, run_id, self._leave, with_text)
        with self._lock:
            self._followers[run_id] = (*self._followers.get(run_id, ()), found)
        return found

    def _hear(self, flow_id: str, event: RunEvent) -> None:
        for follower in self._followers.get(event.run_id, ()):
            follower.hear(event)

    def _leave(self, follower: Follower) -> None:
        with self._lock:
            rest = tuple(each for each in self._followers.pop(follower.run_id, ()) if each is not follower)
            if rest:
                self._followers[follower.run_id] = rest
