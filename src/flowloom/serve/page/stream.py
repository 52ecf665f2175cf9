"""An answer as it comes in, as server-sent events: words, steps, questions, the end."""

import asyncio
import json
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from starlette.concurrency import run_in_threadpool

from flowloom.locales import translate
from flowloom.run.events import RunEvent
from flowloom.run.reading.view import RunView
from flowloom.serve.leaving import leaving
from flowloom.serve.page.cards import question_card, step_of, turn_card
from flowloom.visits.visits import Visit, Visits

Json = dict[str, Any]

ELSEWHERE = "Someone has to approve this first. You can close this page and come back later."
PING = 15.0
LOOK = 1.0
"""Seconds between looks at a run that another process goes on with."""


class AnswerStream:
    """One open stream of one run. `known` is the id of the last event that the page has, to go on from there."""

    def __init__(
        self, visits: Visits, visit: Visit, conversation: str, run: str, language: str, known: str = ""
    ) -> None:
        self._visits, self._visit, self._conversation = visits, visit, conversation
        self._run, self._language, self._known = run, language, known
        self._sent, self._step = "", ""
        self._asked: tuple[str, ...] = ("",)
        self._loop, self._news, self._gone = asyncio.get_running_loop(), asyncio.Event(), False
        self._leave = self._end_with_the_server
        leaving.listen(self._leave)

    async def events(self) -> AsyncIterator[str]:
        """The events as text, until the run has ended or the server does."""
        deaf = self._visits.runner.watch(self._hear)
        try:
            view, told = await run_in_threadpool(self._look), time.monotonic()
            yield _event("run", {"run": self._run})
            self._take_up(view)
            while view is not None and not self._gone:
                for event in self._pieces(view):
                    yield event
                if self._questions_changed(view):
                    for event in await self._questions(view):
                        yield event
                if view.state in ("finished", "failed", "cancelled"):
                    break
                if time.monotonic() - told > PING:
                    told = time.monotonic()
                    yield ": still here\n\n"
                view = await self._next()
            if not self._gone:
                yield _event("end", await run_in_threadpool(self._last))
        finally:
            deaf()

    async def _next(self) -> RunView | None:
        try:
            await asyncio.wait_for(self._news.wait(), LOOK)
        except TimeoutError:
            return await run_in_threadpool(self._look)
        # Before the look, so that what happens during it is looked at as well.
        self._news.clear()
        return self._look()

    def _look(self) -> RunView | None:
        return self._visit.view(self._run)

    def _hear(self, flow_id: str, event: RunEvent) -> None:
        if event.run_id == self._run:
            self._wake()

    def _end_with_the_server(self) -> None:
        self._gone = True
        self._wake()

    def _wake(self) -> None:
        with suppress(RuntimeError):  # Its loop has ended, and nobody follows any more.
            self._loop.call_soon_threadsafe(self._news.set)

    def _take_up(self, view: RunView | None) -> None:
        """Go on behind the words that the page has already, where they are still how the answer begins."""
        run, _, rest = self._known.partition(".")
        length, _, sum = rest.partition(".")
        if view is None or run != self._run or not (length.isdecimal() and sum.isdecimal()) or len(length) > 9:
            return
        begin = view.text[: int(length)]
        if len(begin) == int(length) and zlib.crc32(begin.encode("utf-8", "replace")) == int(sum):
            self._sent = begin

    def _pieces(self, view: RunView) -> list[str]:
        text = view.text
        if text == self._sent:
            return self._steps(view)
        more = text.startswith(self._sent)
        data: Json = {"text": text[len(self._sent) :]} if more else {"whole": text}
        self._sent = text
        place = f"{self._run}.{len(text)}.{zlib.crc32(text.encode('utf-8', 'replace'))}"
        return [_event("piece", data, place)]

    def _steps(self, view: RunView) -> list[str]:
        """What is being done, as long as there are no words yet."""
        if view.text or view.state != "running":
            return []
        step = step_of(view, self._visit.flow, self._language)
        if step == self._step:
            return []
        self._step = step
        return [_event("step", {"text": step})]

    def _questions_changed(self, view: RunView) -> bool:
        asking = tuple(name for name, node in view.nodes.items() if node.status == "asking")
        now = (view.state if view.state == "paused" else "", *asking)
        changed, self._asked = now != self._asked, now
        return changed

    async def _questions(self, view: RunView) -> list[str]:
        """What they are asked; where it waits for somebody else, that is said."""
        waiting = await run_in_threadpool(self._visits.questions.for_guest, self._conversation)
        asked = _event("ask", {"questions": [question_card(each, self._language) for each in waiting]})
        if waiting or view.state != "paused":
            return [asked]
        return [asked, _event("step", {"text": translate(ELSEWHERE, self._language)})]

    def _last(self) -> Json:
        """The turn with which the run ended; None where it was deleted meanwhile."""
        turns = self._visits.runs.turns(self._conversation)
        found = next((turn for turn in reversed(turns) if turn.run_id == self._run and turn.role != "user"), None)
        if found is None:
            return {"turn": None}
        view = self._look()
        saved = self._visit.is_saved(view)
        return {"turn": turn_card(found, self._visit.flow, view, None, self._language, saved)}


def _event(kind: str, data: Json, id: str = "") -> str:
    place = f"id: {id}\n" if id else ""
    return f"{place}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
