"""A run whose answer somebody waits for: to its end, or piece by piece, and stopped where they hang up."""

from collections.abc import AsyncIterator
from typing import NamedTuple

from starlette.requests import ClientDisconnect

from flowloom.errors import Problem
from flowloom.run.reading.view import RunView
from flowloom.saved_answers import SAVED, saved_answer_of
from flowloom.serve.api.following import Follower
from flowloom.serve.api.gate import Call
from flowloom.serve.api.results import (
    Json,
    extras,
    failure_of,
    open_questions,
    run_error,
    usage_of,
    waiting_text,
)
from flowloom.serve.api.streams import unless_gone
from flowloom.serve.plain_page import browser_language
from flowloom.store.api_runs import ApiRun
from flowloom.store.questions import Asked

RUN = "X-Flowloom-Run"
"""The header that names the run of an answer."""


class Ended(NamedTuple):
    """A run that has ended, or waits for a person."""

    view: RunView
    questions: list[Asked]
    language: str
    is_saved: bool = False
    """Whether it is a saved answer, for which no model was asked."""

    @property
    def failure(self) -> Problem | None:
        return failure_of(self.view)

    @property
    def waits(self) -> str:
        """What is said where a person has to answer first."""
        return waiting_text(self.questions, self.language) if self.questions else ""

    @property
    def text(self) -> str:
        return "\n\n".join(part for part in (self.view.text, self.waits) if part)

    @property
    def tokens(self) -> tuple[int, int] | None:
        return usage_of(self.view, is_saved=self.is_saved)

    @property
    def extras(self) -> Json:
        return extras(self.view, self.language, self.questions, is_saved=self.is_saved)


class Answering:
    """The run behind one answer."""

    def __init__(self, call: Call, run: ApiRun) -> None:
        self.call, self.run = call, run
        self.language = browser_language(call.request)
        self.headers = {RUN: run.run, "Cache-Control": "no-store"}
        self.created = int(run.at)

    async def whole(self) -> Ended:
        """Wait for the end. Raises ApiError where the run failed, ClientDisconnect where nobody waits any more."""
        try:
            await unless_gone(self.until_over(), self.call.request.receive)
        except ClientDisconnect:
            await self.leave()
            raise
        ended = await self.end()
        if ended.failure:
            error = run_error(ended.failure)
            error.headers = self.headers
            raise error
        return ended

    async def pieces(self) -> AsyncIterator[str]:
        """The answer as it is written, with what is said where it waits."""
        follower = self.call.api.feed.follow(self.run.run)
        over, said = False, False
        try:
            follower.begin()
            while not over:
                text, over, _ = await follower.more()
                if text:
                    said = True
                    yield text
        finally:
            follower.close()
        waits = (await self.end()).waits
        if waits:
            yield f"\n\n{waits}" if said else waits

    async def until_over(self) -> None:
        """Wait until it has ended, or waits for a person."""
        follower = self.call.api.feed.follow(self.run.run, with_text=False)
        try:
            await _to_the_end(follower)
        finally:
            follower.close()

    async def end(self) -> Ended:
        view = self.call.home.runner.view(self.run.run) or RunView(state="cancelled")
        wanted = self.call.home, self.run.run, self.run.conversation
        questions = await self.call.api.in_thread(open_questions, *wanted) if view.state == "paused" else []
        return Ended(view, questions, self.language, await self._is_saved(view))

    async def _is_saved(self, view: RunView) -> bool:
        if SAVED not in view.nodes:
            return False
        return await self.call.api.in_thread(saved_answer_of, self.call.home.runs, view) is not None

    async def leave(self) -> None:
        """Nobody waits any more: the run ends, unless it is one that lasts."""
        if not self.run.lasting:
            await self.call.api.in_thread(self.call.home.runner.cancel, self.run.run)


async def _to_the_end(follower: Follower) -> None:
    follower.begin()
    while not (await follower.more()).over:
        pass
