"""An OpenAI answer put together from its pieces."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class _Call:
    """A tool call of which the arguments come in pieces of a JSON text."""

    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class Answer:
    """Text, tool calls and usage as they arrive; `finish` is "" until the server says it is done."""

    def __init__(self) -> None:
        self.finish = ""
        self.refusal = ""
        self.is_chat = False
        """Whether anything came that looks like a chat answer."""
        self.whole_text = False
        """Whether the text came in one piece though a stream was asked for."""
        self.input_tokens: int | None = None
        self.output_tokens: int | None = None
        self.length = 0
        """Characters that came so far, those of arguments too."""
        self._texts: list[str] = []
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}

    @property
    def text(self) -> str:
        return "".join(self._texts)

    @property
    def calls(self) -> list[tuple[str, str, str]]:
        """Tool calls as (id, name, arguments as JSON text)."""
        return [(call.id, call.name, "".join(call.arguments)) for call in self._calls]

    def add(self, chunk: Any) -> str:
        """Take in one piece of a stream; the text in it."""
        self.is_chat = True
        self._count(chunk.usage)
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        self.finish = choice.finish_reason or self.finish
        delta = choice.delta
        if delta is None:
            return ""
        self.refusal = self.refusal or getattr(delta, "refusal", None) or ""
        for call in delta.tool_calls or ():
            self._add_call(call)
        piece: str = delta.content or ""
        if piece:
            self._texts.append(piece)
            self.length += len(piece)
        return piece

    def add_whole(self, completion: Any) -> None:
        """Take in an answer that was not streamed. Anything else than one leaves `is_chat` False."""
        choices = getattr(completion, "choices", None)
        if not isinstance(choices, list):
            return
        self.is_chat = True
        self._count(getattr(completion, "usage", None))
        self.finish = "stop"  # an empty list of choices is an empty answer, not a broken one
        for choice in choices[:1]:
            message = choice.message
            self.finish = choice.finish_reason or "stop"
            self.refusal = getattr(message, "refusal", None) or ""
            self._texts = [message.content or ""]
            for call in message.tool_calls or ():
                self._add_call(call)

    def add_json(self, data: Any) -> None:
        """Take in an answer that came as one JSON text where a stream was asked for."""
        from openai.types.chat import ChatCompletion

        if isinstance(data, dict) and isinstance(data.get("choices"), list):
            self.add_whole(ChatCompletion.model_validate(data))
            self.whole_text = True

    def _add_call(self, call: Any) -> None:
        # Some servers leave out the index, and some send each call whole under the same index.
        index = getattr(call, "index", None)
        known = self._by_index.get(index) if index is not None else None
        if known is None or (call.id and known.id and call.id != known.id):
            known = _Call()
            self._calls.append(known)
            if index is not None:
                self._by_index[index] = known
        known.id = call.id or known.id
        if call.function:
            known.name = call.function.name or known.name
            known.arguments.append(call.function.arguments or "")
            self.length += len(known.arguments[-1]) + 1

    def _count(self, usage: Any) -> None:
        if usage is not None:
            self.input_tokens = usage.prompt_tokens
            self.output_tokens = usage.completion_tokens
