"""The practice model: a chat model that is no AI, so that every flow runs for anyone, without a key.

It follows the rules of `practice_rules`: it is deterministic, streams word by word, calls tools, fills in
forms and chooses labels.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool

from flowloom.kinds.values import Passage
from flowloom.services.models import practice_rules as rules
from flowloom.services.models.answers import NONE_OF_THEM
from flowloom.services.models.practice_fields import fill, missing_fields
from flowloom.services.models.practice_finds import URL, find_expression
from flowloom.services.words import language_of

_ASKS = re.compile(
    r"[?？]|^(?:what|who|how|when|where|why|which|quel|qui|comment|où|quand|pourquoi)\b", re.IGNORECASE
)


class PracticeModel(BaseChatModel):
    """Rules behind the face of a chat model. `passages` and `choices` are what the request is about."""

    passages: Sequence[Passage] = ()
    choices: Mapping[str, str] | None = None

    @property
    def _llm_type(self) -> str:
        return "flowloom-practice"

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], tool_choice=tool_choice)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        whole: AIMessageChunk | None = None
        for piece in self._pieces(messages, kwargs):
            whole = piece if whole is None else whole + piece
        assert whole is not None
        message = AIMessage(
            whole.content, tool_calls=whole.tool_calls, usage_metadata=whole.usage_metadata, id=whole.id
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for piece in self._pieces(messages, kwargs):
            yield ChatGenerationChunk(message=piece)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        # Rules take no waiting; LangChain's own way would start a thread for them.
        for piece in self._pieces(messages, kwargs):
            yield ChatGenerationChunk(message=piece)

    def _pieces(self, messages: list[BaseMessage], options: Mapping[str, Any]) -> Iterator[AIMessageChunk]:
        turn = Turn(messages, self.passages, self.choices)
        said = turn.answer(options.get("tools") or [], forced=bool(options.get("tool_choice")))
        spent = _count(" ".join(str(message.text) for message in messages))
        if isinstance(said, str):
            words = re.findall(r"\s*[^\s\u4e00-\u9fff]+|\s*[\u4e00-\u9fff]{1,2}|\s+$", said)
            for word in words:
                yield AIMessageChunk(content=word)
            written = len(words)
        else:
            yield AIMessageChunk(content="", tool_call_chunks=[said])
            written = _count(said["args"] or "")
        usage: Any = {"input_tokens": spent, "output_tokens": written, "total_tokens": spent + written}
        yield AIMessageChunk(content="", usage_metadata=usage, chunk_position="last")


class Turn:
    """One question to the practice model, with all that was said before it."""

    def __init__(
        self, messages: Sequence[BaseMessage], passages: Sequence[Passage], choices: Mapping[str, str] | None
    ) -> None:
        texts = [(message.type, str(message.text)) for message in messages]
        last = max((at for at, (kind, _) in enumerate(texts) if kind == "human"), default=len(texts))
        self.passages, self.choices = passages, choices
        self.instructions = "\n".join(text for kind, text in texts if kind == "system")
        self.message = rules.without_notes(texts[last][1]) if last < len(texts) else ""
        self.question = rules.question_in(self.message, passages)
        self.results = [text for kind, text in texts[last + 1 :] if kind == "tool"]
        self.said_before = [text for kind, text in texts if kind == "ai"]
        self.call = f"call_{len(texts)}"

    def answer(self, tools: Sequence[Any], forced: bool) -> Any:
        """A text, or a tool call where one fits."""
        functions = [tool["function"] for tool in tools]
        if forced:
            return self._call(functions[0]["name"], self._form(functions[0]))
        language = language_of(self.question or self.instructions)
        if self.results:
            text = rules.tell_result(self.question, self.results)
        elif functions and (called := self._try_tools(functions, language)):
            if not isinstance(called, str):
                return called
            text = called
        elif self.passages:
            text = rules.answer_from(self.question, self.passages)
        else:
            text = rules.restate(self.question, self.instructions)
        return rules.signed(text, language, self.said_before)

    def _form(self, function: Mapping[str, Any]) -> dict[str, Any]:
        if self.choices is None:
            return fill(function["parameters"], self.message)
        return {"choice": rules.choose(self.question, self.choices) or NONE_OF_THEM}

    def _try_tools(self, functions: Sequence[Mapping[str, Any]], language: str) -> Any:
        """A call of the tool that fits, a request for what it lacks, or None if none fits."""
        fitting = self._fitting(functions)
        if fitting is None:
            return None
        arguments = fill(fitting["parameters"], self.question)
        lacking = missing_fields(fitting["parameters"], arguments)
        if lacking:
            return rules.say("missing", language, tool=fitting["name"], fields=", ".join(lacking))
        given = {name: value for name, value in arguments.items() if value not in (None, "", [], {})}
        return self._call(fitting["name"], given)

    def _fitting(self, functions: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
        rated = rules.rate(self.question, {each["name"]: _told(each) for each in functions})
        scores = {each["name"]: rated[each["name"]] + self._shape_bonus(each) for each in functions}
        best = max(functions, key=lambda each: scores[each["name"]])
        if scores[best["name"]] >= 0.5:
            return best
        # A question about anything may be looked up where there is something to look it up in.
        asks = _ASKS.search(self.question)
        searching = [each for each in functions if {"question", "query", "search"} & _names(each)]
        return searching[0] if asks and searching else None

    def _shape_bonus(self, function: Mapping[str, Any]) -> float:
        """More where the message holds what a tool takes: a sum for a calculator, say."""
        names = _names(function)
        sums = {"expression", "formula", "calculation", "equation"} & names and find_expression(self.question)
        addresses = {"url", "link", "address"} & names and URL.search(self.question)
        return 5.0 if sums or addresses else 0.0

    def _call(self, name: str, arguments: dict[str, Any]) -> Any:
        text = json.dumps(arguments, ensure_ascii=False)
        return tool_call_chunk(name=name, args=text, id=self.call, index=0)


def _names(function: Mapping[str, Any]) -> set[str]:
    return {name.lower() for name in function["parameters"].get("properties", {})}


def _told(function: Mapping[str, Any]) -> str:
    return f"{function.get('description', '')} {' '.join(sorted(_names(function)))}"


def _count(text: str) -> int:
    return len(re.findall(r"[\u4e00-\u9fff]|[^\s\u4e00-\u9fff]+", text))
