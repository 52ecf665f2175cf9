"""A task of another agent as it goes on: the task first, then its answer piece by piece, then how it stands."""

from collections.abc import AsyncGenerator

from flowloom.errors import FlowloomError
from flowloom.serve.agent_dialects import Dialect, Told
from flowloom.serve.api.answering import Answering, Ended
from flowloom.serve.api.errors import api_error
from flowloom.serve.api.following import Follower
from flowloom.serve.api.gate import Json
from flowloom.serve.api.run_events import PING, STILL_HERE
from flowloom.serve.api.streams import event

WRONG, NO_METHOD, NO_REQUEST = -32602, -32601, -32600
NO_TASK, NOT_CANCELABLE = -32001, -32002


def succeeded(body: Json, result: Json) -> Json:
    """What a call is answered, under its own id."""
    return {"jsonrpc": "2.0", "id": body.get("id"), "result": result}


def failed(body: Json, code: int, said: str) -> Json:
    return {"jsonrpc": "2.0", "id": body.get("id"), "error": {"code": code, "message": said}}


class TaskStream:
    """One task for one reader; each event is an answer to the call that asked for the stream."""

    def __init__(self, answering: Answering, dialect: Dialect, body: Json) -> None:
        self._answering, self._dialect, self._body = answering, dialect, body
        self._said = ""

    async def pieces(self) -> AsyncGenerator[str, None]:
        """The events as they are written. What goes wrong on the way is the last of them."""
        try:
            yield self._event(self._dialect.sent(self._told("running")))
            async for piece in self._written():
                yield piece
            for result in self._ending(await self._answering.end()):
                yield self._event(result)
        except FlowloomError as error:
            yield event(failed(self._body, WRONG, str(api_error(error).problem.describe())))

    async def _written(self) -> AsyncGenerator[str, None]:
        follower = self._answering.call.api.feed.follow(self._answering.run.run)
        try:
            await self._answering.call.api.in_thread(follower.begin)
            async for text in _texts(follower):
                yield self._event(self._chunk(text)) if text else STILL_HERE
        finally:
            follower.close()

    def _chunk(self, text: str) -> Json:
        told = self._dialect.chunk(self._told("running"), text, append=bool(self._said))
        self._said += text
        return told

    def _ending(self, ended: Ended) -> list[Json]:
        """How it stands, and before that the whole answer where the pieces do not make it up."""
        told, done = self._told(ended.view.state, ended), ended.view.state == "finished"
        whole = [self._dialect.chunk(told, ended.text, append=False)] if done and ended.text != self._said else []
        return [*whole, self._dialect.status(told)]

    def _told(self, state: str, ended: Ended | None = None) -> Told:
        run = self._answering.run
        if ended is None:
            return Told(run.run, run.conversation, state, "")
        said = str(ended.failure.describe(ended.language)) if ended.failure else ended.waits
        return Told(run.run, run.conversation, state, said, ended.is_saved)

    def _event(self, result: Json) -> str:
        return event(succeeded(self._body, result))


async def _texts(follower: Follower) -> AsyncGenerator[str, None]:
    """What is written, to the end or until a person is waited for; an empty text where nothing came for long."""
    while True:
        heard = await follower.more(PING)
        if heard.text or not (heard.over or heard.marked):
            yield heard.text
        if heard.over:
            return
