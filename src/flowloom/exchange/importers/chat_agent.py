"""A chat with one agent and what it may use, as several builders have it: drawn, and told in the report."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_jsonable_python

from flowloom.errors import FlowloomError, Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers import chat_agent_texts
from flowloom.flow.model import TOOL_NAME
from flowloom.locales import Verbatim
from flowloom.nodes.readable import first_words

FEW = 8
"""Operations that become a block each; more become one block that the agent searches."""

_UNSENT = (
    "top_p",
    "max_output_tokens",
    "max_completion_tokens",
    "max_tokens",
    "reasoning",
    "reasoning_effort",
    "tool_choice",
)


class ChatAgent:
    """Chat message, agent and answer; tools are added before it is finished."""

    def __init__(self, drawing: Drawing, name: str) -> None:
        self._drawing, self._name = drawing, name
        self._tools: list[str] = []
        self.message = drawing.block("chat.message", key="message")

    @property
    def has_tools(self) -> bool:
        return bool(self._tools)

    def tool(
        self, kind: str, name: str, config: Mapping[str, Any], type: str, *differs: Problem, **settings: Any
    ) -> str:
        id = self._drawing.block(kind, name, config, key=name.replace(" ", "_"), **settings)
        self._tools.append(id)
        renamed = []
        if type in ("action", "function") and id != name:
            # Models are told the id as the name of the tool, where it has no other.
            if re.fullmatch(TOOL_NAME, name):
                self._drawing.settle(id, tool_name=name)
            else:
                renamed.append(_renamed(id))
        self._drawing.carried(name, name, type, id, differs=[*differs, *renamed])
        return id

    def settings(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """The temperature; that others stay behind is told."""
        unsent = [
            name
            for name in _UNSENT
            if told.get(name) not in (None, "auto") and not (name == "top_p" and told[name] == 1)
        ]
        if unsent:
            self._drawing.remark(
                "How long an answer may be, how hard a model thinks, and similar settings are not carried over.",
                "Models use their own. You may notice longer or shorter answers.",
            )
        temperature = told.get("temperature")
        if isinstance(temperature, int | float) and not isinstance(temperature, bool) and 0 <= temperature <= 2:
            return {"temperature": temperature}
        return {}

    def ability(self, ability: str) -> None:
        """Something that OpenAI's own tools do there."""
        if ability == "web search":
            self.tool("web.search", "Web search", {"provider": "openai"}, ability, _hosted())
            self._drawing.do(
                "The web search uses your OpenAI key.",
                "Open the block to search with Wikipedia or another provider instead.",
            )
        elif ability == "image generation":
            self.tool("picture.make", "Image generation", {}, ability, _hosted())
        elif ability == "code interpreter":
            self.tool("code.analyse", "Code interpreter", {}, ability, _hosted())
        else:
            self._drawing.carried(ability, ability, "ability", differs=[_without()], grade="approximate")

    def knowledge(self, files: Sequence[str] = (), passages: int = 10) -> None:
        """A search of documents, which are still to be added."""
        self.tool("knowledge.search", "Knowledge", {"top_k": passages}, "knowledge", _hosted())
        names = ", ".join(files[:20])
        if names:
            self._drawing.do(
                "Add the documents that it knew: {names}.",
                "Open the Search knowledge block and upload them.",
                names=Verbatim(first_words(names, 400)),
            )
        else:
            self._drawing.do(
                "Add the documents that it searched.",
                "Download them where they are, then upload them in the Search knowledge block.",
            )

    def action(self, spec: Any, name: str) -> None:
        """A web service that is described by OpenAPI: its operations as tools."""
        from flowloom.services.openapi.specification import read_specification

        try:
            found = read_specification(spec if isinstance(spec, str) else json.dumps(spec))
        except (FlowloomError, RecursionError, ValueError, TypeError):
            self._drawing.do(
                "The description of the action “{name}” can’t be read.",
                "Add an Action block and paste its OpenAPI description there.",
                name=Verbatim(name or "?"),
            )
            self._drawing.carried(
                name or "action", name or "action", "action", differs=[_unread()], grade="approximate"
            )
            return
        operations = [to_jsonable_python(each) for each in found.operations]
        title = name or found.title
        if len(operations) <= FEW:
            for operation in operations:
                self.tool("action", str(operation["id"]), {"operation": operation}, "action")
        else:
            self.tool("action.set", title, {"operations": operations}, "action", _searched())
        if found.schemes:
            self._drawing.do(
                "“{name}” needs an account.",
                "Add it under Settings → Accounts, then choose it in the Action block.",
                name=Verbatim(title),
            )

    def finish(
        self,
        config: Mapping[str, Any],
        *,
        type: str = "GPT",
        differs: Sequence[Problem] = (),
        own: bool = False,
    ) -> str:
        """Draw the agent, or a model where it has no tools, and the answer. `own`: it words the message itself."""
        drawing = self._drawing
        kind, port = ("agent", "message") if self._tools else ("model", "prompt")
        id = drawing.block(kind, self._name, {"history_turns": 50, **config}, key=self._name)
        if not own:
            drawing.join(f"{self.message}.message", f"{id}.{port}")
        drawing.join(f"{self.message}.history", f"{id}.history")
        for tool in self._tools:
            drawing.join(f"{tool}.tool", f"{id}.tools")
        answer = drawing.block("chat.answer", key="answer")
        drawing.join(f"{id}.answer", f"{answer}.text")
        drawing.carried(self._name, self._name, type, id, differs=differs)
        return id


def _hosted() -> Problem:
    return Problem.of(
        "import.differs",
        "OpenAI ran this tool on its own servers; here it is a block that the agent calls.",
        "You notice when results are chosen or worded in another way.",
    )


def _renamed(id: str) -> Problem:
    return Problem.of(
        "import.differs",
        "The model is told the name of this tool as “{id}”.",
        "You notice where instructions call it by its old name: write the new one there.",
        id=Verbatim(id),
    )


def _without() -> Problem:
    return Problem.of(
        "import.differs",
        "This ability belongs to ChatGPT’s own page and has no counterpart here.",
        "You notice when an answer should open beside the chat: it stays in the chat.",
    )


def _unread() -> Problem:
    return Problem.of(
        "import.differs",
        "The file holds no description of this action that can be read.",
        "You notice when the agent would have called it.",
    )


def _searched() -> Problem:
    return Problem.of(
        "import.differs",
        "It has many operations, so the agent searches for the right one first.",
        "You notice one request more before it calls the service.",
    )


__all__ = ["ChatAgent", "chat_agent_texts"]
