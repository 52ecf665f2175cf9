"""The practice model: a chat that is no AI, so that every flow runs for anyone, without a key.

It follows the rules of `practice_rules`: it is deterministic, streams word by word, calls tools, fills in
forms and chooses labels.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest, ToolCall, ToolSpec, Usage
from flowloom.services.models import answers
from flowloom.services.models import practice_rules as rules
from flowloom.services.models.practice_fields import fill, missing_fields
from flowloom.services.models.practice_finds import URL, find_expression
from flowloom.services.models.practice_sight import tell
from flowloom.services.models.practice_tables import code_for
from flowloom.words import language_of

_ASKS = re.compile(
    r"[?？]|^(?:what|who|how|when|where|why|which|quel|qui|comment|où|quand|pourquoi)\b", re.IGNORECASE
)
_WORDS = re.compile(r"\s*[^\s\u4e00-\u9fff]+|\s*[\u4e00-\u9fff]{1,2}|\s+$")


LONGEST_MESSAGE = 100_000
"""Characters of a message that are read: as with any model, what is longer goes beyond its window."""


class PracticeChat:
    """Fulfils `Chat` by rules."""

    async def aclose(self) -> None:
        """There is nothing to close."""

    async def reply(self, model: str, request: ModelRequest, on_text: OnText) -> ModelReply:
        """Answer by rules. Raises ModelError where a form cannot be filled in."""
        turn = Turn(request)
        if request.pictures:
            text = rules.signed(tell(request.pictures, turn.language), turn.language, turn.said_before)
            on_text(text)
            return ModelReply(text=text, usage=_usage(model, request, text))
        if request.choices is not None:
            text = rules.choose(turn.question, request.choices) or ""
            return ModelReply(text=text, usage=_usage(model, request, text))
        if request.response_schema is not None:
            fields = answers.check_fields(fill(request.response_schema, turn.message), request, model)
            return ModelReply(fields=fields, usage=_usage(model, request, json.dumps(fields)))
        said = turn.answer(request.tools)
        if isinstance(said, ToolCall):
            written = json.dumps(said.arguments, ensure_ascii=False)
            return ModelReply(tool_calls=(said,), usage=_usage(model, request, written))
        for word in _WORDS.findall(said):
            on_text(word)
        return ModelReply(text=said, usage=_usage(model, request, said))


def _usage(model: str, request: ModelRequest, written: str) -> Usage:
    spent = _count(" ".join(message.text for message in request.messages))
    return Usage(model=model, input_tokens=spent, output_tokens=_count(written))


class Turn:
    """One question to the practice model, with all that was said before it."""

    def __init__(self, request: ModelRequest) -> None:
        texts = [(message.role, message.text[:LONGEST_MESSAGE]) for message in request.messages]
        last = max((at for at, (role, _) in enumerate(texts) if role == "user"), default=len(texts))
        # Rules cannot read passages out of a prompt, so they are given them.
        self.passages = request.passages
        self.instructions = "\n".join(text for role, text in texts if role == "system")
        self.message = rules.without_notes(texts[last][1]) if last < len(texts) else ""
        self.question = rules.question_in(self.message, request.passages)
        self.results = [text for role, text in texts[last + 1 :] if role == "tool"]
        self.said_before = [text for role, text in texts if role == "assistant"]
        self.call = f"call_{len(texts)}"
        self.tables, self.worked_out = request.tables, request.results

    @property
    def language(self) -> str:
        return language_of(self.question or self.instructions)

    def answer(self, tools: Sequence[ToolSpec]) -> str | ToolCall:
        """A text, or a tool call where one fits."""
        language = self.language
        if self.tables:
            return f"```python\n{code_for(self.question, self.tables)}\n```"
        if self.worked_out:
            text = rules.tell_outcome(language, self.worked_out)
        elif self.results:
            text = rules.tell_result(self.question, self.results)
        elif tools and (called := self._try_tools(tools, language)):
            if isinstance(called, ToolCall):
                return called
            text = called
        elif self.passages:
            text = rules.answer_from(self.question, self.passages)
        else:
            text = rules.restate(self.question, self.instructions)
        return rules.signed(text, language, self.said_before)

    def _try_tools(self, tools: Sequence[ToolSpec], language: str) -> str | ToolCall | None:
        """A call of the tool that fits, a request for what it lacks, or None if none fits."""
        fitting = self._fitting(tools)
        if fitting is None:
            return None
        arguments = fill(fitting.parameters, self.question)
        lacking = missing_fields(fitting.parameters, arguments)
        if lacking:
            return rules.say("missing", language, tool=fitting.name, fields=", ".join(lacking))
        given = {name: value for name, value in arguments.items() if value not in (None, "", [], {})}
        return ToolCall(id=self.call, name=fitting.name, arguments=given)

    def _fitting(self, tools: Sequence[ToolSpec]) -> ToolSpec | None:
        rated = rules.rate(self.question, {each.name: _told(each) for each in tools})
        scores = {each.name: rated[each.name] + self._shape_bonus(each) for each in tools}
        best = max(tools, key=lambda each: scores[each.name])
        if scores[best.name] >= 0.5:
            return best
        # A question about anything may be looked up where there is something to look it up in.
        asks = _ASKS.search(self.question)
        searching = [each for each in tools if {"question", "query", "search"} & _names(each)]
        return searching[0] if asks and searching else None

    def _shape_bonus(self, tool: ToolSpec) -> float:
        """More where the message holds what a tool takes: a sum for a calculator, say."""
        names = _names(tool)
        sums = {"expression", "formula", "calculation", "equation"} & names and find_expression(self.question)
        addresses = {"url", "link", "address"} & names and URL.search(self.question)
        return 5.0 if sums or addresses else 0.0


def _names(tool: ToolSpec) -> set[str]:
    properties: Mapping[str, Any] = tool.parameters.get("properties", {})
    return {name.lower() for name in properties}


def _told(tool: ToolSpec) -> str:
    return f"{tool.description} {' '.join(sorted(_names(tool)))}"


def _count(text: str) -> int:
    return len(re.findall(r"[\u4e00-\u9fff]|[^\s\u4e00-\u9fff]+", text))
