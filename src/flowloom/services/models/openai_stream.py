"""An OpenAI answer put together from its pieces, each of whatever shape the server gave it."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from flowloom.kinds.services import Afresh, OnText
from flowloom.kinds.values import Token
from flowloom.services.models import wire
from flowloom.services.models.call_pieces import Calls
from flowloom.services.models.thoughts import Splitter
from flowloom.services.models.token_pieces import read_tokens

KNOWN = frozenset(
    "role content tool_calls function_call refusal annotations audio name index token_ids prompt_token_ids "
    "logprobs finish_reason stop_reason".split()
)
"""Fields of a message that are read, or that no server wants back."""
THOUGHTS = ("reasoning_content", "reasoning", "thinking", "thought", "reasoning_details", "thinking_blocks")
"""Where thoughts stand beside the content; the first of them that holds any is read."""
FINISHED = "stop"


class Answer:
    """Text, thoughts, tool calls and usage as they arrive; `finish` is "" until the server says it is done."""

    def __init__(self, splitter: Splitter | None = None, tools: Collection[str] = ()) -> None:
        self.finish = ""
        self.refusal = ""
        self.is_chat = False
        """Whether anything came that looks like a chat answer."""
        self.counted = wire.Counted()
        self.calls = Calls(tools)
        self.length = 0
        """Characters that came so far, those of thoughts and arguments too."""
        self.vendor: dict[str, Any] = {}
        """What the server put beside what everyone knows."""
        self.tokens: list[Token] = []
        self._splitter = splitter or Splitter()
        self._thoughts: list[str] = []
        self._half = ""
        """The first half of a sign that was cut in two."""
        self._parts: list[Any] = []

    @property
    def text(self) -> str:
        return self._splitter.answer

    @property
    def thoughts(self) -> str:
        apart, within = wire.whole("".join(self._thoughts)).strip(), self._splitter.thoughts
        return "\n\n".join(filter(None, (apart, "" if within == apart else within)))

    @property
    def closed_only(self) -> bool:
        """Whether its thoughts ended with a tag that none began."""
        return self._splitter.closed_only

    def add(self, chunk: Any) -> str:
        """Take in one piece of a stream; what of the text in it may be shown. Raises ServerError."""
        error = wire.error_in(chunk)
        if error is not None:
            raise wire.ServerError(error)
        if not isinstance(chunk, Mapping):
            return ""
        said, choices = chunk.get("choices"), wire.objects(chunk.get("choices"))
        bare = said is None and bool({"usage", "object", "model"} & chunk.keys())
        self.is_chat = self.is_chat or bare or bool(choices) or said == []
        self._count(chunk.get("usage"))
        return self._take(choices[0]) if choices else ""

    def add_whole(self, data: Any) -> str:
        """Take in an answer that was not streamed; its text. Raises ServerError."""
        shown = self.add(data)
        self.finish = self.finish or FINISHED  # an empty list of choices is an empty answer, not a broken one
        return shown

    def end(self, *, cut: bool = False) -> str:
        """All has come; what of the text is still to be shown."""
        shown = self._splitter.add(wire.whole(self._half)) if self._half else ""
        self._half = ""
        last = self._splitter.end(cut=cut)
        if self._parts:
            self.vendor["content"] = wire.joined(self._parts)
        return joined(shown, last)

    def _take(self, choice: Mapping[str, Any]) -> str:
        self.finish = wire.word(choice.get("finish_reason")).strip() or self.finish
        self.tokens += read_tokens(choice.get("logprobs"))
        delta = choice.get("delta") or choice.get("message")
        if not isinstance(delta, Mapping):
            # The old completions, and some servers even in a chat, have the text in the choice itself.
            return self._say(wire.word(choice.get("text")))
        found = wire.content_of(delta.get("content"))
        self.refusal = self.refusal or wire.word(delta.get("refusal")) or found.refusal
        self.length += self.calls.add(delta.get("tool_calls")) + self.calls.add_old(delta.get("function_call"))
        for name, value in wire.extras(delta, KNOWN):
            self.vendor[name] = wire.merged(self.vendor.get(name), value)
        if found.parts or (self._parts and found.text):
            self._parts += found.parts or [{"type": "text", "text": found.text}]
        released = self._think(found.thoughts or _thought_beside(delta))
        return joined(released, self._say(found.text))

    def _think(self, thought: str) -> str:
        if not thought:
            return ""
        self._thoughts.append(thought)
        self.length += len(thought)
        return self._splitter.release()

    def _say(self, piece: str) -> str:
        if not piece:
            return ""
        self.length += len(piece)
        piece = self._half + piece
        self._half = piece[-1] if "\ud800" <= piece[-1] <= "\udbff" else ""
        return self._splitter.add(wire.whole(piece[:-1] if self._half else piece))

    def _count(self, usage: Any) -> None:
        now, before = wire.counted(usage), self.counted
        self.counted = wire.Counted(
            before.read if now.read is None else now.read,
            before.written if now.written is None else now.written,
            before.cached if now.cached is None else now.cached,
        )


def _thought_beside(delta: Mapping[str, Any]) -> str:
    return next((said for name in THOUGHTS if (said := wire.thought_in(delta.get(name)))), "")


def joined(first: str, then: str) -> str:
    """Two pieces to show as one; the second may take the place of the first."""
    if isinstance(then, Afresh):
        return then
    return Afresh(first + then) if isinstance(first, Afresh) else first + then


def show(piece: str, on_text: OnText) -> None:
    """Hand on a piece of the answer, an empty one only where it takes the place of others."""
    if piece or isinstance(piece, Afresh):
        on_text(piece)


class Burst:
    """Pieces that are there at the same moment, handed on as one: each costs a round through log, page and canvas.

    The first is handed on at once; what is gathered after it as soon as its task waits for more, and at the latest
    with `hand_on`.
    """

    def __init__(self, on_text: OnText) -> None:
        self._on_text, self._loop = on_text, asyncio.get_running_loop()
        self._held, self._later, self._begun = "", False, False
        self._failed: Exception | None = None

    def add(self, piece: str) -> None:
        """Raises what `on_text` raised for an earlier piece."""
        self._check()
        if not self._begun:
            self._begun = True
            self._on_text(piece)
            return
        self._held = joined(self._held, piece)
        if not self._later:
            self._later = True
            self._loop.call_soon(self._when_waiting)

    def hand_on(self) -> None:
        """Hand on what there is now. Raises what `on_text` raises, or raised for an earlier piece."""
        self._check()
        held, self._held = self._held, ""
        show(held, self._on_text)

    def _when_waiting(self) -> None:
        self._later = False
        try:
            self.hand_on()
        except Exception as error:  # for whoever adds the next piece, as nobody else is there to hear of it
            self._failed = error

    def _check(self) -> None:
        if self._failed:
            raise self._failed
